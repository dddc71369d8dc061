"""Describe the panel to install, and the receipt with its written files. Thread: any. No Qt and no host.

The receipt is a comment in the panel's main file that lists all written files. So the command can tell its own files from
others, and remove exactly its own.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from auroraview_qt.cli.install_files import InstallError, read
from auroraview_qt.host.protocol import Area
from auroraview_qt.hosts.names import identifier_from

_RECEIPT = re.compile(rb"^# auroraview-qt: (\{.*\})\r?$", re.MULTILINE)
#: Characters of a module's name. With three more characters it is an operator's name in Blender, which allows 60.
_LONGEST = 56


@dataclass(frozen=True)
class Request:
    """The panel to install; see the options of `auroraview-qt install`."""

    panel: str
    title: str
    object_name: str
    area: Area = "right"
    show: bool = False
    paths: tuple[str, ...] = ()

    @property
    def module(self) -> str:
        """Return the name of the module that the host imports; no module of the tool has it."""
        name = f"panel_{identifier_from(self.object_name).lower()}"
        if len(name) <= _LONGEST:
            return name
        return f"{name[: _LONGEST - 9]}_{hashlib.sha256(self.object_name.encode()).hexdigest()[:8]}"


@dataclass(frozen=True)
class Receipt:
    """The files of a panel: paths below the host's folder, with slashes.

    Attributes
    ----------
    object_name : str
        The object name of the panel.
    files, folders : list of str
        The written files and made folders.
    blocks : dict
        A file with a block, and its copy before the block; empty if there was no such file.
    settings : str
        The settings file that switches the panel on; empty for none.
    """

    object_name: str
    files: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    blocks: dict[str, str] = field(default_factory=dict)
    settings: str = ""


def read_receipt(main: Path, request: Request) -> Receipt | None:
    """Read the receipt of an installed panel.

    Parameters
    ----------
    main : Path
        The file with the receipt.
    request : Request
        The expected object name.

    Returns
    -------
    Receipt or None
        None if there is no such file.

    Raises
    ------
    InstallError
        If the file is not the command's, belongs to another panel, or lists impossible paths.
    """
    content = read(main)
    if content is None:
        return None
    found = _RECEIPT.search(content)
    try:
        receipt = Receipt(**json.loads(found[1])) if found is not None else None
    except (ValueError, TypeError):
        receipt = None
    if receipt is None:
        raise InstallError(f"{main} was not written by this command: move it away, or use another --object-name")
    if receipt.object_name != request.object_name:
        raise InstallError(f"{main} is the panel {receipt.object_name!r}: use an --object-name that is not so like it")
    for name in (*receipt.files, *receipt.folders, *receipt.blocks, *receipt.blocks.values()):
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise InstallError(
                f"{main} lists {name!r}, which is impossible: the receipt was changed by hand; remove the files by hand"
            )
    return receipt


def folders_shared(folder: Path, main: str, request: Request, files: list[str]) -> set[str]:
    """Return the folders of a panel's files that were made for another panel; the last removal deletes them.

    Parameters
    ----------
    folder : Path
        The host's folder.
    main : str
        The panel's main file, below it.
    request : Request
        The object name of the panel.
    files : list of str
        All its files.
    """
    above = {parent.as_posix() for name in files for parent in PurePosixPath(name).parents}
    shared: set[str] = set()
    for other in folder.glob(main.replace(request.module, "panel_*")):
        found = _RECEIPT.search(read(other) or b"")
        with contextlib.suppress(ValueError, TypeError):  # a file of others
            receipt = Receipt(**json.loads(found[1])) if found is not None else Receipt("")
            shared |= above.intersection(receipt.folders)
    return shared
