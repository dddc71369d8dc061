"""Dialogs: the commands behind ``auroraview.dialog``. GUI thread.

A dialog is opened, never executed, so no event loop is nested, and the host goes on. The answer to its command is a Future.
The dialog closes when the Future is cancelled. That happens with its call when the page goes. The commands take the context
of their call without using it, so that a call of a dead page does not start.
"""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Iterable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Callable, Optional

from auroraview_qt.errors import InvalidArgumentsError, PermissionDeniedError
from auroraview_qt.ipc.calls.running import CallContext
from auroraview_qt.qt.capabilities.page_dialogs import open_dialog, window_of
from auroraview_qt.qt.page.page import Page
from auroraview_qt.qt.support.binding import QtCore, QtWidgets, is_alive
from auroraview_qt.qt.support.guard import guarded
from auroraview_qt.qt.support.shown_text import label_text, title_text

_log = logging.getLogger(__name__)

_Box = QtWidgets.QMessageBox
_Button = QtWidgets.QMessageBox.StandardButton
_LEVELS = {"info": _Box.Icon.Information, "warning": _Box.Icon.Warning, "error": _Box.Icon.Critical}
#: Buttons by the name of their set; the first is the default, and the last is the result of closing the box.
_BUTTONS = {
    "ok": {"ok": _Button.Ok},
    "ok_cancel": {"ok": _Button.Ok, "cancel": _Button.Cancel},
    "yes_no": {"yes": _Button.Yes, "no": _Button.No},
    "yes_no_cancel": {"yes": _Button.Yes, "no": _Button.No, "cancel": _Button.Cancel},
}
_FILE_OPTIONS = ("title", "defaultPath", "defaultName", "filters")
#: Allowed characters of an extension; others could close the parenthesis of Qt's filter texts.
_EXTENSION = re.compile(r"[A-Za-z0-9_+.*?-]{1,32}")
#: Limits for the content of a dialog; Qt lays all of it out on the GUI thread. The end of a longer message is left out.
MAX_MESSAGE_CHARS, MAX_MESSAGE_LINES = 4_000, 30
MAX_PATH_CHARS, MAX_FILTERS, MAX_FILTER_CHARS = 4_096, 50, 200
#: Extensions of all filters together.
MAX_EXTENSIONS = 200


class Dialogs(QtCore.QObject):
    """The dialogs of a page, at most a single open dialog.

    Thread: GUI.

    Parameters
    ----------
    page : Page
        Owner. Dialogs are modal to its view's window only.
    native : bool
        Whether to use the system's file dialogs, if there are any.
    """

    def __init__(self, page: Page, *, native: bool = True) -> None:
        super().__init__(page)
        self._page = page
        self._native = native
        self._open: tuple[QtWidgets.QDialog, Future[Any]] | None = None
        page.loadStarted.connect(self._close_open)
        page.renderer_died.connect(self._close_open)

    def commands(self) -> dict[str, Callable[..., object]]:
        """Return the commands by the names a page invokes."""
        mode = QtWidgets.QFileDialog.FileMode
        return {
            "open_file": functools.partial(self._choose, mode.ExistingFile, several=False),
            "open_files": functools.partial(self._choose, mode.ExistingFiles, several=True),
            "open_folder": functools.partial(self._choose, mode.Directory, several=False),
            "open_folders": functools.partial(self._choose, mode.Directory, several=True),
            "save_file": functools.partial(self._choose, mode.AnyFile, several=False),
            "message": self._message,
            "confirm": self._confirm,
        }

    def close(self) -> None:
        """Close the open dialog, and open no more."""
        if is_alive(self):
            self._close_open()
            self.deleteLater()

    # Files

    def _choose(self, mode: Any, _call: CallContext, *, several: bool, **options: Any) -> Future[Any]:
        """Open a dialog in which the person chooses files or folders."""
        _check_known(options, _FILE_OPTIONS)
        kinds = QtWidgets.QFileDialog.FileMode
        filters, title = _filters(options.get("filters")), title_text(_text(options, "title"))
        path, name = _path(options, "defaultPath"), _path(options, "defaultName")
        self._check_free()
        dialog = QtWidgets.QFileDialog(window_of(self._page), title)
        own = not self._native or (several and mode == kinds.Directory)
        dialog.setOption(QtWidgets.QFileDialog.Option.DontUseNativeDialog, own)
        dialog.setFileMode(mode)
        if mode == kinds.Directory:
            dialog.setOption(QtWidgets.QFileDialog.Option.ShowDirsOnly, True)
        if mode == kinds.AnyFile:
            dialog.setAcceptMode(QtWidgets.QFileDialog.AcceptMode.AcceptSave)
        if filters and mode != kinds.Directory:
            dialog.setNameFilters([text for text, _ in filters])
            suffix = filters[0][1]
            if mode == kinds.AnyFile and re.fullmatch(r"[A-Za-z0-9_+-]+", suffix):
                dialog.setDefaultSuffix(suffix)
        _set_start(dialog, path, name)
        if several and mode == kinds.Directory:
            _let_choose_several(dialog)

        def result(dialog: QtWidgets.QFileDialog, accepted: bool) -> dict[str, object]:
            # By name, because Qt's order follows the file list, which differs each time.
            paths = sorted(map(QtCore.QDir.toNativeSeparators, dialog.selectedFiles())) if accepted else []
            if several:
                return {"paths": paths, "cancelled": not paths}
            return {"path": paths[0] if paths else None, "cancelled": not paths}

        return self._show(dialog, result)

    # Messages

    def _message(
        self,
        _call: CallContext,
        message: str,
        title: Optional[str] = None,
        level: str = "info",
        buttons: Optional[str] = None,
    ) -> Future[Any]:
        """Show a message, and return the pressed button: ``{"response": "ok" | "cancel" | "yes" | "no"}``."""
        return self._ask(message, title, level, "ok" if buttons is None else buttons, lambda answer: {"response": answer})

    def _confirm(
        self,
        _call: CallContext,
        message: str,
        title: Optional[str] = None,
        level: str = "info",
        buttons: Optional[str] = None,
    ) -> Future[Any]:
        """Ask for a yes or no: ``{"confirmed": …}``."""
        sets = "yes_no" if buttons is None else buttons
        return self._ask(message, title, level, sets, lambda answer: {"confirmed": answer in ("ok", "yes")})

    def _ask(self, message: Any, title: Any, level: Any, buttons: Any, result: Callable[[str], object]) -> Future[Any]:
        for name, value, known in (("level", level, _LEVELS), ("buttons", buttons, _BUTTONS)):
            if not isinstance(value, str) or value not in known:
                raise InvalidArgumentsError(f"{name} {value!r:.50} is not known: use {', '.join(map(repr, known))}")
        if not isinstance(message, str):
            raise InvalidArgumentsError(f"message has to be a text, not a {type(message).__name__}")
        title = title_text(_text({"title": title}, "title"))
        self._check_free()
        box = _Box(window_of(self._page))
        box.setWindowTitle(title)
        box.setTextFormat(QtCore.Qt.TextFormat.PlainText)  # a page's text must not become links and pictures of the host
        box.setText(label_text(message, MAX_MESSAGE_CHARS, MAX_MESSAGE_LINES))
        box.setIcon(_LEVELS[level])
        answers = _BUTTONS[buttons]
        pressed = {answer: box.addButton(button) for answer, button in answers.items()}
        names = list(pressed)
        box.setDefaultButton(pressed[names[0]])
        box.setEscapeButton(pressed[names[-1]])

        def answer(box: QtWidgets.QMessageBox, _: bool) -> object:
            clicked = box.clickedButton()
            return result(next((name for name, button in pressed.items() if button == clicked), names[-1]))

        return self._show(box, answer)

    # Both

    def _check_free(self) -> None:
        """Refuse a second dialog before it is made, because Qt needs 40 ms to make it."""
        if self._open is not None and is_alive(self._open[0]) and not self._open[1].done():
            raise PermissionDeniedError("a dialog of this page is open already: wait for its answer")

    def _show(self, dialog: QtWidgets.QDialog, result: Callable[[Any, bool], object]) -> Future[Any]:
        """Open a dialog; its Future gets `result` of the dialog and of whether it was accepted."""
        future = open_dialog(dialog, result)
        self._open = (dialog, future)
        return future

    @guarded("a dialog was left open")
    def _close_open(self, *_: object) -> None:
        """Close the dialog that is open: the page it was for is gone."""
        if self._open is not None:
            dialog, future = self._open
            future.cancel()
            if is_alive(dialog):
                dialog.reject()
            self._open = None


def _check_known(options: dict[str, Any], known: Iterable[str]) -> None:
    unknown = sorted(set(options) - set(known))
    if unknown:
        raise InvalidArgumentsError(f"unknown option {unknown[0]!r}; there are {', '.join(known)}")


def _text(options: dict[str, Any], name: str) -> str:
    """Return an option that is a text; empty if it is missing."""
    value = options.get(name)
    if value is not None and (not isinstance(value, str) or "\0" in value):
        raise InvalidArgumentsError(f"{name} has to be a text, not {value!r:.50}")
    return value or ""


def _path(options: dict[str, Any], name: str) -> str:
    """Return an option that is a path or the name of a file."""
    path = _text(options, name)
    if len(path) > MAX_PATH_CHARS:
        raise InvalidArgumentsError(f"{name} is longer than {MAX_PATH_CHARS:,} characters")
    return path


def _filters(filters: Any) -> list[tuple[str, str]]:
    """Turn ``[{name, extensions}]`` into Qt's filter texts, each with its first extension."""
    if filters is None:
        return []
    found: list[tuple[str, str]] = []
    extensions_left = MAX_EXTENSIONS
    for one in filters if isinstance(filters, list) else [filters]:
        extensions = one.get("extensions") if isinstance(one, dict) else None
        if not isinstance(extensions, list) or not extensions:
            raise InvalidArgumentsError("filters has to be an array of {name, extensions: [...]}")
        extensions_left -= len(extensions)
        if len(found) == MAX_FILTERS or extensions_left < 0:
            raise InvalidArgumentsError(
                f"a dialog has at most {MAX_FILTERS} filters with {MAX_EXTENSIONS} extensions: use '*' for all files"
            )
        bare = [str(extension)[:MAX_FILTER_CHARS].lstrip("*").lstrip(".") or "*" for extension in extensions]
        for extension in bare:
            if not _EXTENSION.fullmatch(extension):
                raise InvalidArgumentsError(f"{extension!r:.50} is no file extension")
        patterns = " ".join("*" if extension == "*" else f"*.{extension}" for extension in bare)
        name = re.sub(r"[()]", "", title_text(str(one.get("name", "Files"))[:MAX_FILTER_CHARS]))
        found.append((f"{name} ({patterns})", bare[0]))
    return found


def _set_start(dialog: QtWidgets.QFileDialog, path: str, name: str) -> None:
    """Set the first folder or file of a dialog, which need not exist."""
    if path:
        start = Path(path)
        try:
            is_folder = start.is_dir()
        except OSError:  # a name no file can have
            is_folder = False
        dialog.setDirectory(str(start if is_folder else start.parent))
        if not is_folder and start.name and not name:
            dialog.selectFile(start.name)
    if name:
        dialog.selectFile(re.split(r"[/\\]", name)[-1])


def _let_choose_several(dialog: QtWidgets.QFileDialog) -> None:
    """Allow the choice of several folders, which only Qt's own dialog supports, without a documented switch."""
    several = QtWidgets.QAbstractItemView.SelectionMode.ExtendedSelection
    for kind, name in ((QtWidgets.QListView, "listView"), (QtWidgets.QTreeView, "treeView")):
        for one in dialog.findChildren(kind, name):
            one.setSelectionMode(several)
