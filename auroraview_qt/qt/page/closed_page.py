"""Define ClosedPage, which answers dialogs and permissions by itself and logs the console. GUI thread."""

from __future__ import annotations

import json
import logging
from typing import Any, Callable, Protocol

from auroraview_qt._log_limit import LogLimit
from auroraview_qt._noop import noop
from auroraview_qt.policy import Policy, origin_of
from auroraview_qt.qt.page.modal_dialogs import ModalDialogs
from auroraview_qt.qt.page.permissions import CLIPBOARD, web_names
from auroraview_qt.qt.page.refusals import Refusals
from auroraview_qt.qt.support.binding import BINDING, QtCore, QWebEnginePage, QWebEngineProfile, Signal, is_alive
from auroraview_qt.qt.support.deferred import DeferredLog, run_later
from auroraview_qt.qt.support.guard import guarded
from auroraview_qt.qt.support.shown_text import MAX_URL_CHARS, shortened

_log = DeferredLog(__name__)
_console = DeferredLog("auroraview_qt.page")

#: Maximum characters in the log for a console message, and for the text of a dialog.
MAX_CONSOLE_CHARS, MAX_DIALOG_CHARS = 10_000, 2_000
#: Messages of the console that the log keeps, in ten seconds.
MAX_CONSOLE_LINES = 1_000

#: Qt 5 asks a virtual about invalid certificates, Qt 6 a signal of the same name.
IS_QT5 = BINDING[1].startswith("5.")

#: The engine's question for `beforeunload`, before its translation.
_UNLOAD = "Are you sure you want to leave this page? Changes that you made may not be saved."

#: The way to ask, for the log and the page's console.
_HINT = 'use auroraview.dialog, which asks without blocking the page, or Policy(dialogs="modal")'

#: Marks a message of the page's console that the log has already.
_DIALOG_PREFIX = "auroraview.dialog:"
_POLICY_PREFIX = "auroraview.policy:"

#: The world of page scripts, and a world beside it; the enum is an int on some bindings only.
MAIN_WORLD, APPLICATION_WORLD = 0, 1

#: PySide2 5.15 crashes in its wrapper of javaScriptPrompt, whatever the override returns; there the runtime answers.
PROMPT_CRASHES = BINDING[0] == "pyside2"

# By value, not by name: on PyQt5 these are plain numbers.
_level = QWebEnginePage.JavaScriptConsoleMessageLevel
_LEVELS = {
    _level.InfoMessageLevel: logging.INFO,
    _level.WarningMessageLevel: logging.WARNING,
    _level.ErrorMessageLevel: logging.ERROR,
}
_LEVEL_NUMBERS = {_level.InfoMessageLevel: 0, _level.WarningMessageLevel: 1, _level.ErrorMessageLevel: 2}


def encoded(url: QtCore.QUrl) -> str:
    """Return a URL as the page's ``location.href`` has it; Qt's default decodes what must stay encoded. Thread: any."""
    return url.toString(QtCore.QUrl.ComponentFormattingOption.FullyEncoded)


class FileChooser(Protocol):
    """Answers the inputs of a page, such as `FilePickers`."""

    def choose(self, mode: int, accepted: list[str]) -> list[str]:
        """Return the chosen files: at once, or none."""
        ...


class ClosedPage(QWebEnginePage):
    """A page that shows no dialogs of the engine, and gets no permissions.

    Thread: GUI.

    Parameters
    ----------
    profile : QWebEngineProfile
        Outlives the page.
    parent : QObject
        Owner.
    policy : Policy
        The rules for the page.

    Attributes
    ----------
    refusals : Refusals
        Logs refusals for the page.

    Signals
    -------
    download_requested(object)
        The page offers a file, as the engine's object. It is refused unless a slot accepts it at once.
    console_message(int, str, int, str)
        A message of the page's console, as far as it is logged: level from 0 (info) to 2 (error), text, line, source.
    """

    download_requested = Signal(object)
    console_message = Signal(int, str, int, str)

    def __init__(self, profile: QWebEngineProfile, parent: QtCore.QObject, policy: Policy) -> None:
        super().__init__(profile, parent)
        self._policy = policy
        self.refusals = Refusals(_log)
        self._chooser: FileChooser | None = None
        self._listeners: dict[str, Callable[[str], object]] = {}
        for prefix in (_DIALOG_PREFIX, _POLICY_PREFIX):
            self.listen(prefix, noop)  # in the log already
        self._console_limit = LogLimit(lines=MAX_CONSOLE_LINES)
        self._log_limit = LogLimit()
        self._dialogs = ModalDialogs(self) if policy.dialogs == "modal" else None
        self._program_leaves = False  # from the call of the program to the start of the load
        self.loadStarted.connect(self._on_leaving)
        self.urlChanged.connect(self._on_leaving)
        if not IS_QT5:
            certificate_error: Any = self.certificateError
            certificate_error.connect(self._on_certificate_error)
        if hasattr(self, "fileSystemAccessRequested"):  # Qt 6.4
            self.fileSystemAccessRequested.connect(self._on_file_access_requested)
        if hasattr(self, "permissionRequested"):  # Qt 6.8
            self.permissionRequested.connect(self._on_permission_requested)
        else:
            self.featurePermissionRequested.connect(self._on_feature_requested)

    def use_file_chooser(self, chooser: FileChooser) -> None:
        """Ask `chooser` for the files of inputs."""
        self._chooser = chooser

    @guarded("no file was chosen", otherwise=[])
    def chooseFiles(self, mode: Any, old: Any, accepted: Any) -> list[str]:
        """Return the chosen files without a dialog, since the engine's own would nest an event loop."""
        chooser = self._chooser
        return [] if chooser is None else chooser.choose(int(getattr(mode, "value", mode)), [str(one) for one in accepted])

    def listen(self, prefix: str, heard: Callable[[str], object]) -> None:
        """Pass console messages that begin with `prefix`, which ends in a colon, to `heard` instead of the log."""
        self._listeners[prefix] = heard

    @guarded("a message of the page was lost")
    def javaScriptConsoleMessage(self, level: Any, message: str, line: int, source: str) -> None:
        """Log the console to ``auroraview_qt.page``, and pass reports of the panel's scripts to their listeners."""
        heard = self._listeners.get(message[: message.find(":") + 1])
        if heard is not None:
            heard(message[message.find(":") + 1 :])
            return
        # The engine's error page warns of its own scripts (Qt 6.5).
        note = None if source.startswith("chrome-error:") else self._console_limit.note("")
        if note is not None:
            shown, place = shortened(message, MAX_CONSOLE_CHARS), shortened(source, MAX_URL_CHARS)
            _console.log(_LEVELS.get(level, logging.INFO), "%s:%d: %s%s", place, line, shown, note)
            self.console_message.emit(_LEVEL_NUMBERS.get(level, 0), shown, line, place)

    @guarded("alert() is not shown")
    def javaScriptAlert(self, origin: QtCore.QUrl | str, message: str) -> None:
        """Log instead of showing, unless the policy allows dialogs that nest an event loop inside the host."""
        dialogs = self._modal_dialogs("alert() is not shown", message)
        if dialogs is not None:
            dialogs.alert(message)

    @guarded("confirm() is answered with false", otherwise=False)
    def javaScriptConfirm(self, origin: QtCore.QUrl | str, message: str) -> bool:
        """Answer false, except to a page that asks to stay while the program loads another; see `javaScriptAlert`."""
        if message == QtCore.QCoreApplication.translate("QWebEnginePage", _UNLOAD):
            return self._program_leaves or self._confirm("the page stays, as its beforeunload asks", message)
        return self._confirm("confirm() is answered with false", message)

    if not PROMPT_CRASHES:

        def javaScriptPrompt(  # type: ignore[override]  # see below
            self, origin: QtCore.QUrl | str, message: str, default: str, *place: object
        ) -> tuple[bool, str] | bool:
            """Ask, or answer null. PySide6 6.5 passes C++'s place for the text, and expects a plain bool: null."""
            dialogs = None if place else self._modal_dialogs("prompt() is answered with null", message)
            text = None if dialogs is None else dialogs.prompt(message, default)
            return False if place else (text is not None, text or "")

    def _confirm(self, otherwise: str, message: str) -> bool:
        dialogs = self._modal_dialogs(otherwise, message)
        return dialogs is not None and dialogs.confirm(message)

    def _modal_dialogs(self, otherwise: str, message: str) -> ModalDialogs | None:
        """Return the dialogs that ask now, or log what happens instead."""
        why = "" if self._dialogs is None else self._dialogs.why_not()
        if self._dialogs is None or why:
            self._warn_of_dialog(otherwise, message, why or _HINT)
            return None
        return self._dialogs

    @guarded("the text of a dialog was lost")
    def _warn_of_dialog(self, outcome: str, message: str, hint: str) -> None:
        note = self._log_limit.note(outcome)
        if note is not None:
            _console.warning("%s: %s%s; %s", outcome, shortened(message, MAX_DIALOG_CHARS), note, hint)
            # The page waits for the answer now, so its console is told later.
            run_later(self._write_to_console, f"{_DIALOG_PREFIX} {outcome}: {hint}")

    def leave(self) -> None:
        """Let the program's next load replace a page that asks to stay; called before the load."""
        self._program_leaves = True
        if self._dialogs is not None:
            self._dialogs.close()  # the page waits for its answer

    @guarded("a page may be left without a question")
    def _on_leaving(self, *_: object) -> None:
        self._program_leaves = False

    def tell_console(self, text: str) -> None:
        """Warn the page's developer in its console, and not in the log."""
        run_later(self._write_to_console, f"{_POLICY_PREFIX} {text}")

    def _write_to_console(self, text: str) -> None:
        if is_alive(self):
            self.runJavaScript(f"console.warn({json.dumps(text)})", APPLICATION_WORLD)

    if IS_QT5:

        @guarded("a certificate was refused", otherwise=False)
        def certificateError(self, error: Any) -> bool:  # type: ignore[override]  # a signal in Qt 6
            """Accept the invalid certificates that the policy names."""
            return self._accepts_certificate(error.url(), error.errorDescription())

    @guarded("a certificate was refused")
    def _on_certificate_error(self, error: Any) -> None:
        if self._accepts_certificate(error.url(), error.description()):
            error.acceptCertificate()
        else:
            error.rejectCertificate()

    def _accepts_certificate(self, url: QtCore.QUrl, why: str) -> bool:
        if self._policy.accepts_certificate(encoded(url)):
            return True
        origin = origin_of(encoded(url))
        argument = f'Policy(certificate_errors=("{origin}",)) accepts it'
        self.refusals.tell("the certificate of", origin, f"{why}; {argument}")
        return False

    @guarded("access to files was refused")
    def _on_file_access_requested(self, request: Any) -> None:
        request.reject()
        why = 'the capability "fs" gives files to pages'
        self.refusals.tell("access to files for", encoded(request.origin()), why)

    @guarded("a permission was refused")
    def _on_permission_requested(self, permission: Any) -> None:
        if self._permits(permission.origin(), permission.permissionType()):
            permission.grant()
        else:
            permission.deny()

    @guarded("a permission was refused")
    def _on_feature_requested(self, origin: QtCore.QUrl, feature: Any) -> None:
        answers = QWebEnginePage.PermissionPolicy
        is_permitted = self._permits(origin, feature)
        answer = answers.PermissionGrantedByUser if is_permitted else answers.PermissionDeniedByUser
        self.setFeaturePermission(origin, feature, answer)

    def _permits(self, url: QtCore.QUrl, kind: Any) -> bool:
        """Return whether the policy grants a permission to an origin; log a refusal."""
        names, origin = web_names(kind), encoded(url)
        if not self.is_trusted(origin):
            why = "a page without the bridge gets no permission"
        elif names and set(names) <= set(self._policy.permissions):
            return True
        else:
            given = ", ".join(f'"{name}"' for name in names)
            why = f"Policy(permissions=({given},)) grants it" if names else "the panel knows no such permission"
        if names == CLIPBOARD:
            why = f'{why}; so does the capability "clipboard"'
        self.refusals.tell(f"the permission {' and '.join(names) or kind} of", origin, why)
        return False

    def is_trusted(self, url: str) -> bool:
        """Return whether pages of an encoded URL have the bridge; none has here."""
        return False
