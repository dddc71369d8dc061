"""Check the name of a storage, and find its folder. Thread: any."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

from auroraview_qt._wording import short_repr
from auroraview_qt.errors import StorageError
from auroraview_qt.ipc.state.shared_state import SharedState
from auroraview_qt.ipc.state.state_file import state_file
from auroraview_qt.qt.support.widgets_only import QtCore

#: Names a folder for the files of all storages, in place of the user's data folder.
FOLDER_VARIABLE = "AURORAVIEW_QT_DATA_DIR"
#: Maximum characters of a name.
MAX_NAME_CHARS = 64
#: Maximum characters of a part of a host's name.
MAX_PART_CHARS = 63

#: A host name that no engine changes: no capitals, no punycode, and a last part that makes no IP address.
_NAME = re.compile(r"(?!..--)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.(?!..--)[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
#: Names of views without a storage, and of devices that Windows finds in each folder.
_TAKEN = re.compile(r"view-\d.*|(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def _is_host(name: str) -> bool:
    last = name.rpartition(".")[2]
    return bool(_NAME.fullmatch(name)) and last[0].isalpha() and len(last) <= MAX_PART_CHARS


def check_storage(name: str | None) -> str | None:
    """Return the argument `storage` of a view, after checking it.

    Raises
    ------
    TypeError, StorageError
        If it is no text, or no valid name; the message shows a valid name.
    """
    if name is None:
        return None
    wrong = f"WebView(storage={short_repr(name)})"
    if not isinstance(name, str):
        raise TypeError(f'{wrong}: give a name such as "studio.assets"')
    if len(name) > MAX_NAME_CHARS:
        raise StorageError(f"{wrong}: the name has {len(name):,} characters, and {MAX_NAME_CHARS} are the maximum")
    if not _is_host(name):
        near = re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-.")
        raise StorageError(
            f'{wrong}: use a name like a host, such as "{near if _is_host(near) else "studio.assets"}": lower-case letters, '
            "digits and hyphens in parts that are joined by dots; the last part begins with a letter"
        )
    if _TAKEN.fullmatch(name):
        raise StorageError(f'{wrong}: the name is reserved; put another part in front, such as "studio.{name}"')
    return name


def storage_folder(name: str) -> Path:
    """Return the folder of a storage; it may not exist yet.

    Raises
    ------
    StorageError
        The system has no data folder for the user.
    """
    chosen = os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute() / name
    place = QtCore.QStandardPaths.StandardLocation.GenericDataLocation
    users = QtCore.QStandardPaths.writableLocation(place)
    if not users:
        raise StorageError(f"this user has no data folder: set {FOLDER_VARIABLE} to a folder for what pages store")
    return Path(users) / "auroraview_qt" / name


def persist_state(state: SharedState, name: str | None) -> None:
    """Let a state persist keys in a storage, if there is a name and a folder."""
    if name is not None:
        with contextlib.suppress(StorageError):  # the log has it already
            state.attach_file(state_file(storage_folder(name) / "state.sqlite"))
