"""Define Page, which decides where a page goes and which windows it opens, and reports a dead renderer. GUI thread."""

from __future__ import annotations

import json
import os
import signal
from typing import Any, Protocol

from auroraview_qt.ipc.trust import TrustPolicy
from auroraview_qt.policy import Policy
from auroraview_qt.qt.input.gestures import Gestures
from auroraview_qt.qt.page.closed_page import APPLICATION_WORLD, ClosedPage, encoded
from auroraview_qt.qt.page.logins import Logins
from auroraview_qt.qt.page.new_windows import NEEDS_TEMPORARY_PAGE, TemporaryPage
from auroraview_qt.qt.page.outside import Opener, OutsideLinks
from auroraview_qt.qt.page.replies import HAS_HEADERS
from auroraview_qt.qt.page.scheme import SCHEME, SharedProfile
from auroraview_qt.qt.support.binding import (
    QtCore,
    QtGui,
    QWebEnginePage,
    QWebEngineScript,
    QWebEngineSettings,
    Signal,
    is_alive,
)
from auroraview_qt.qt.support.deferred import DeferredLog, run_later
from auroraview_qt.qt.support.guard import guarded

_log = DeferredLog(__name__)

#: Schemes that a frame may show, subject to the page's own policy and the engine; other schemes would start a program.
_FRAME_SCHEMES = ("http", "https", SCHEME, "about", "data", "blob", "javascript", "file", "chrome-error")

_kinds = QWebEnginePage.NavigationType
#: Navigations from the page itself that carry no form.
_OF_PAGES = (_kinds.NavigationTypeLinkClicked, _kinds.NavigationTypeRedirect, _kinds.NavigationTypeOther)
_actions = QWebEnginePage.WebAction
#: Actions that load a page.
_LOADS = (_actions.Back, _actions.Forward, _actions.Reload, _actions.ReloadAndBypassCache)

# By value, not by name: on PyQt5 these are plain numbers.
_status = QWebEnginePage.RenderProcessTerminationStatus
_STATUSES = {
    _status.NormalTerminationStatus: "normal",
    _status.AbnormalTerminationStatus: "abnormal",
    _status.CrashedTerminationStatus: "crashed",
    _status.KilledTerminationStatus: "killed",
}


def document_script(name: str, source: str, world: int) -> QWebEngineScript:
    """Make a script that runs in each document before the page's own. Thread: GUI."""
    script = QWebEngineScript()
    script.setName(name)
    script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
    script.setWorldId(world)
    script.setSourceCode(source)
    return script


class LocalUrlResolver(Protocol):
    """Returns the replacement for a URL, such as `LocalUrls`."""

    def document_url(self, url: QtCore.QUrl) -> QtCore.QUrl | None:
        """Return the replacement for a URL; None for most."""
        ...


class Page(ClosedPage):
    """A page that navigates only as its policy allows.

    Thread: GUI.

    Parameters
    ----------
    profile : SharedProfile
        The profile; it outlives the page.
    trust : TrustPolicy
        Origins that links may lead to inside the view; other links open in the system's browser.
    parent : QObject
        Owner.
    policy : Policy
        The rules beyond that.

    Attributes
    ----------
    open_external : callable
        Opens the URL of a link that leaves the app in another program; called from the event loop.
    gestures : Gestures
        The gestures of the view; the receiver of its input events notes them there.

    Signals
    -------
    leaving_trust()
        A navigation of the program to an untrusted place is about to begin.
    navigating()
        A navigation to a trusted place is about to begin.
    navigation_refused()
        A navigation of the page was refused. The engine may have prepared a new renderer for it, without the page's scripts.
    renderer_died(str, int, bool)
        Status (``"crashed"``, ``"killed"``, ``"abnormal"``, ``"normal"``) and exit code. The third value is true if the
        cause lies outside this program, which says little about the page.
    """

    leaving_trust = Signal()
    navigating = Signal()
    navigation_refused = Signal()
    renderer_died = Signal(str, int, bool)

    def __init__(
        self, profile: SharedProfile, trust: TrustPolicy, parent: QtCore.QObject, policy: Policy | None = None
    ) -> None:
        super().__init__(profile, parent, Policy() if policy is None else policy)
        self._trust = trust
        self.gestures = Gestures()
        self._outside = OutsideLinks(self._policy, self.gestures, self.refusals)
        self._logins = Logins(self, self._policy, self.refusals)
        self._program_url: QtCore.QUrl | None = None  # from the program's load until its document is there
        self._handed_over: QtCore.QUrl | None = None  # of a page's navigation that this class loads in its place
        self._terminated = False
        self._needs_new_renderer = False
        self.open_external: Opener = QtGui.QDesktopServices.openUrl
        self._local_urls: LocalUrlResolver | None = None
        self.data_url = ""  # where its documents find large data
        self._url, self._url_text = QtCore.QUrl(), ""
        # A page at a file: address reads no other files, not even in its folder; load_file() does not use such addresses.
        self.settings().setAttribute(QWebEngineSettings.WebAttribute.LocalContentCanAccessFileUrls, False)
        profile.adopt(self)
        # Without a gesture the engine makes no window, and reports nothing: a loop of them costs the host no time.
        self.settings().setAttribute(QWebEngineSettings.WebAttribute.JavascriptCanOpenWindows, False)
        if not NEEDS_TEMPORARY_PAGE:
            self.newWindowRequested.connect(self._on_window_requested)
        self.urlChanged.connect(self._on_arrived)
        self.loadFinished.connect(self._on_arrived)
        self.renderProcessTerminated.connect(self._on_terminated)

    def use_local_urls(self, local_urls: LocalUrlResolver) -> None:
        """Load the replacements of `local_urls` instead of some URLs."""
        self._local_urls = local_urls

    def has_trusted_document(self) -> bool:
        """Return whether the document in the top frame is trusted."""
        return self._trust.trusts(self.document_url())

    def document_url(self) -> str:
        """Return the URL of the current document in the top frame, not of a document that is loading.

        Measured on each binding: Qt changes `url` when a document replaces another. That is after the last message of the
        old document and before the first message of the new document.
        """
        url = self.url()
        if url != self._url:
            self._url, self._url_text = url, encoded(url)
        return self._url_text

    # Qt virtuals: no exception may leave them

    @guarded("a navigation was refused", otherwise=False)
    def acceptNavigationRequest(self, url: QtCore.QUrl | str, kind: Any, is_main_frame: bool) -> bool:
        """Allow navigations to trusted places, and navigations of the program."""
        target = QtCore.QUrl(url)
        accepted = self._accept(target, kind) if is_main_frame else self._accept_in_frame(target)
        if not accepted:
            self.navigation_refused.emit()
        return accepted

    def _accept(self, url: QtCore.QUrl, kind: Any) -> bool:
        kinds = QWebEnginePage.NavigationType
        by_program = kind in (kinds.NavigationTypeTyped, kinds.NavigationTypeReload) and url != self._handed_over
        is_trusted = self._trust.trusts(encoded(url))
        # Trusted local addresses are pages of load_file(), which are served.
        if (url.isLocalFile() or not is_trusted) and self._load_local(url):
            return False
        if by_program:
            self._program_url = url
        elif is_trusted and kind in _OF_PAGES and self._leads_back(url):
            self._handed_over = url
            run_later(self._load_if_alive, url)
            return False
        if is_trusted:
            self.navigating.emit()
            return True
        # A page can go back in its history, too, but only to places that were allowed before.
        by_program |= kind == kinds.NavigationTypeBackForward
        is_sent_on = kind == kinds.NavigationTypeRedirect and self._program_was_sent_to(url)
        if by_program or is_sent_on or self._policy.shows(encoded(url)):
            self.leaving_trust.emit()
            return True
        self._outside.follow("navigation to", url, self.open_external)
        return False

    def _leads_back(self, url: QtCore.QUrl) -> bool:
        """Return whether an untrusted page, such as a login, navigates to the view's own pages.

        The view then loads the address itself, since its site answers no other page. WORKAROUND(no report is known): Qt 6.11
        and 6.12. A page that another scheme navigates to comes without the injected scripts.
        """
        return url.scheme() == SCHEME and self._program_url is None and self.is_away()

    def is_trusted(self, url: str) -> bool:
        """Return whether pages of an encoded URL have the bridge."""
        return self._trust.trusts(url)

    def is_away(self) -> bool:
        """Return whether an untrusted page is shown."""
        return not self.has_trusted_document()

    def _program_was_sent_to(self, url: QtCore.QUrl) -> bool:
        """Return whether a redirect belongs to the program's load: Qt 5 calls each navigation by a script a redirect.

        No script of a trusted page gets out that way: only the host that the program loads may redirect from there.
        """
        if self._program_url is None:
            return False
        if self.is_away():
            return True
        is_same_host = (url.host(), url.port()) == (self._program_url.host(), self._program_url.port())
        return is_same_host and not self._trust.trusts(encoded(self._program_url))

    def _accept_in_frame(self, url: QtCore.QUrl) -> bool:
        """Let a frame navigate as its page's policy allows; it has no bridge.

        Qt would pass other schemes to the system itself.
        """
        if url.scheme().lower() in _FRAME_SCHEMES:
            return True
        self._outside.follow("navigation of a frame to", url, self.open_external)
        return False

    def _load_local(self, url: QtCore.QUrl) -> bool:
        """Soon load the replacement of a URL that the view serves itself; return False for any other URL."""
        local = self._local_urls.document_url(url) if self._local_urls is not None else None
        if local is None:
            return False
        if self._trust.trusts(encoded(local)) or self._trust.trusts(self.document_url()):
            # Not in here, because that crashes Qt 6.10. A redirect does not work either, since its page may come without its
            # scripts.
            run_later(self._load_if_alive, local)
        return True

    def _load_if_alive(self, url: QtCore.QUrl) -> None:
        if is_alive(self):
            self.load(url)

    def load(self, address: Any) -> None:  # a QUrl, or a QWebEngineHttpRequest
        """Load as QWebEnginePage does; a page that asks to stay does not hold the program."""
        self.leave()
        super().load(address)

    @guarded("an action of the page was not run")
    def triggerAction(self, action: Any, checked: bool = False) -> None:
        """Run an action; a page that asks to stay does not hold the program's reload."""
        if action in _LOADS:
            self.leave()
        if action == _actions.Reload and not HAS_HEADERS:
            action = _actions.ReloadAndBypassCache  # or the page would show files of the scheme as they were
        super().triggerAction(action, checked)

    @guarded("a new window was refused")
    def createWindow(self, kind: Any) -> QWebEnginePage | None:  # type: ignore[override]  # None is Qt's nullptr: no window
        """Make no window; before Qt 6.2 a page that only finds out which address it is for."""
        return TemporaryPage(self, self._on_window) if NEEDS_TEMPORARY_PAGE else None

    @guarded("a new window was refused")
    def _on_window_requested(self, request: Any) -> None:
        if request.isUserInitiated():
            self._on_window(request.requestedUrl())

    def _on_window(self, url: QtCore.QUrl) -> None:
        """Show an allowed page in the panel, and open all others outside of it."""
        text = encoded(url)
        if url.isEmpty() or text.startswith("about:"):
            self.refusals.tell("a new window of", self.document_url(), "it has no address when it is opened")
        elif self._trust.trusts(text) or self._policy.shows(text):
            run_later(self._load_for_page, url)
        elif not self._load_local(url):
            self._outside.follow("a new window to", url, self.open_external)

    def _load_for_page(self, url: QtCore.QUrl) -> None:
        """Load the page's URL. Unlike the program's own loads, it may be redirected only to allowed places."""
        if is_alive(self):
            script = f"location.assign({json.dumps(encoded(url))})"
            self.runJavaScript(script, APPLICATION_WORLD)

    # Renderer

    def runJavaScript(self, *arguments: Any, **keywords: Any) -> None:  # the overloads differ between bindings
        """Run a script as QWebEnginePage does; with no renderer to run it, it is dropped, and its callback not called.

        WORKAROUND(no report is known): Qt 5.15. After a script for a dead renderer that no load has replaced yet, the frame
        stays tied to that renderer. No script of a later document ever runs.
        """
        self._needs_new_renderer = self._needs_new_renderer and not self._renderer_pid()
        if not self._needs_new_renderer:
            super().runJavaScript(*arguments, **keywords)

    def terminate(self) -> bool:
        """End the page's renderer, which may hang; `renderer_died` follows.

        Return False if no process is found.
        """
        pid = self._renderer_pid()
        if not pid:
            return False
        self._terminated = True
        # On Windows every number but two ends the process at once, as SIGKILL does elsewhere.
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        return True

    def _renderer_pid(self) -> int:
        """Return the renderer's process id, or 0; it is a property, since PySide2 has no method for it."""
        return int(self.property("renderProcessPid") or 0)

    # Slots

    @guarded("the target of a load was not forgotten")
    def _on_arrived(self, _: object) -> None:
        self._program_url = self._handed_over = None

    @guarded("the death of the renderer was not reported")
    def _on_terminated(self, status: Any, code: int) -> None:
        name = _STATUSES.get(status, "abnormal")
        _log.error("the renderer of %s ended: %s, exit code %d", self.url().toString(), name, code)
        from_outside = name == "killed" and not self._terminated
        self._terminated = False
        # Without the property, a new renderer could not be detected.
        self._needs_new_renderer = self.property("renderProcessPid") is not None
        self.renderer_died.emit(name, code, from_outside)
