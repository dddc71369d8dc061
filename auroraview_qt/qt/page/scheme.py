"""The custom scheme ``auroraview:`` and the profile that serves it. GUI thread.

Each view has a host of its own below the scheme, so each is an origin of its own. Registration works until the process
has made its first profile. Later the scheme still loads pages, but they are no secure context and share one origin.
"""

from __future__ import annotations

import atexit
import codecs
import itertools
import logging
import weakref
from typing import Any

from auroraview_qt._log_limit import LogLimit
from auroraview_qt.qt.support.binding import (
    QtCore,
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineUrlRequestJob,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
    delete_now,
    isalive,
)
from auroraview_qt.qt.support.guard import contain, guarded
from auroraview_qt.qt.support.shown_text import MAX_URL_CHARS, shortened
from auroraview_qt.sites.app_sites import Reply, Site

SCHEME = "auroraview"

_log = logging.getLogger(__name__)
_numbers = itertools.count(1)
_profile: SharedProfile | None = None


def register_scheme() -> bool:
    """Make the scheme known to the engine; False where another part of the process was first. Thread: GUI."""
    name = SCHEME.encode()
    if not is_registered():
        flag = QWebEngineUrlScheme.Flag
        flags = flag.SecureScheme | flag.CorsEnabled
        if hasattr(flag, "FetchApiAllowed"):  # Qt 6.6; before it pages use XMLHttpRequest
            flags |= flag.FetchApiAllowed
        scheme = QWebEngineUrlScheme(name)
        scheme.setSyntax(QWebEngineUrlScheme.Syntax.Host)
        scheme.setFlags(flags)
        QWebEngineUrlScheme.registerScheme(scheme)
    return is_registered()


def is_registered() -> bool:
    """Return whether the engine knows the scheme; it does not if another part of the process was first. Thread: GUI."""
    name = SCHEME.encode()
    return bool(QWebEngineUrlScheme.schemeByName(name).name() == name)


def policy_here(policy: str) -> str:
    """Return a content security policy as this process needs it.

    ``'self'`` is the origin of the page. Pages of an unregistered scheme have an opaque one, which Chromium 140 (Qt 6.11)
    no longer matches. The scheme itself is a source there: as wide as ``'self'`` was before, since all views share one
    origin.

    Thread: GUI
    """
    return policy if is_registered() else policy.replace("'self'", f"'self' {SCHEME}:")


class _Handler(QWebEngineUrlSchemeHandler):
    """Answers requests for the sites of all views."""

    def __init__(self, parent: QtCore.QObject) -> None:
        super().__init__(parent)
        self._log_limit = LogLimit()
        self.sites: weakref.WeakValueDictionary[str, Any] = weakref.WeakValueDictionary()

    @guarded("a request was not answered")
    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        try:
            self._answer(job)
        except BaseException as error:
            contain(_log, error, f"a request for {job.requestUrl().toString()} failed")
            job.fail(QWebEngineUrlRequestJob.Error.RequestFailed)

    def _answer(self, job: QWebEngineUrlRequestJob) -> None:
        url = job.requestUrl()
        site = self.sites.get(url.host())
        path = url.path(QtCore.QUrl.ComponentFormattingOption.FullyEncoded)
        asks = getattr(site, "may_ask", None)  # of sites whose files are not for every page
        allowed = job.requestMethod() == b"GET" and (asks is None or asks(path, job.initiator().toString()))
        reply = site.get(path) if site is not None and allowed else None
        if reply is None:
            note = self._log_limit.note(url.host())
            if note is not None:
                _log.warning("%s: not found%s", shortened(url.toString(), MAX_URL_CHARS), note)
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
            return
        body = self._with_policy(job, reply)
        if reply.mime == "text/html":
            # Qt 5.15 shows "text/html;charset=utf-8" as plain text; scripts and styles take their page's encoding.
            body = codecs.BOM_UTF8 + body
        # The engine reads on another thread and until the job is gone: the buffer belongs to the job.
        buffer = QtCore.QBuffer(job)
        buffer.setData(body)
        buffer.open(QtCore.QIODevice.OpenModeFlag.ReadOnly)
        job.reply(QtCore.QByteArray(reply.mime.encode()), buffer)

    @staticmethod
    def _with_policy(job: QWebEngineUrlRequestJob, reply: Reply) -> bytes:
        """Attach the policy: as a header from Qt 6.6 on, before that as the page's first element."""
        if not reply.policy:
            return reply.body
        policy = policy_here(reply.policy)
        if hasattr(job, "setAdditionalResponseHeaders"):
            name, value = QtCore.QByteArray(b"Content-Security-Policy"), QtCore.QByteArray(policy.encode())
            # PySide's stub has the values of this multi-map wrong: a list of them is what it takes.
            job.setAdditionalResponseHeaders({name: [value]})  # type: ignore[dict-item]
            return reply.body
        meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'.encode()
        start = reply.body[:1024].lower().find(b"<head>")
        cut = start + len(b"<head>") if start >= 0 else 0
        return reply.body[:cut] + meta + reply.body[cut:]


class SharedProfile(QWebEngineProfile):
    """The profile of all views: off the record, downloads refused, outliving every page.

    Thread: GUI
    """

    def __init__(self, parent: QtCore.QCoreApplication) -> None:
        super().__init__(parent)
        self._handler = _Handler(self)
        self._pages: weakref.WeakSet[QWebEnginePage] = weakref.WeakSet()
        self.installUrlSchemeHandler(SCHEME.encode(), self._handler)
        self.downloadRequested.connect(self._refuse_download)
        parent.aboutToQuit.connect(self.close_pages)
        atexit.register(self.close_pages)

    def new_host(self) -> str:
        """Return a host name no other view has. Thread: GUI."""
        return f"view-{next(_numbers)}"

    def serve(self, host: str, site: Site) -> None:
        """Answer requests for ``auroraview://<host>/`` from `site`, which the caller keeps alive. Thread: GUI."""
        self._handler.sites[host] = site

    def adopt(self, page: QWebEnginePage) -> None:
        """Remember a page, so that it dies before this profile. Thread: GUI."""
        self._pages.add(page)

    @guarded("a page may outlive its profile")
    def close_pages(self) -> None:
        """Delete the pages that still live; a profile that goes first takes the process with it. Thread: GUI."""
        for page in list(self._pages):
            if isalive(page):
                delete_now(page)
        self._pages.clear()

    @staticmethod
    @guarded("a download was not refused")
    def _refuse_download(item: Any) -> None:
        item.cancel()
        _log.warning("download of %s refused", item.url().toString())


def shared_profile() -> SharedProfile:
    """Return the profile of all views, made at the first call.

    Raises
    ------
    RuntimeError
        There is no QApplication yet.

    Notes
    -----
    Thread: GUI
    """
    global _profile
    if _profile is None or not isalive(_profile):
        app = QtCore.QCoreApplication.instance()
        if app is None:
            raise RuntimeError("make a QApplication before the first WebView")
        if not register_scheme():
            _log.warning(
                "the host used QtWebEngine before auroraview_qt: pages of %s: have no secure context (no crypto.subtle, "
                "no clipboard, no fetch() of their own files), and all views share one origin and its storage; "
                "call auroraview_qt.register_scheme() in the host's start-up script",
                SCHEME,
            )
        _profile = SharedProfile(app)
    return _profile


register_scheme()
