"""Define the custom scheme ``auroraview:`` and the profile that serves it. GUI thread.

Each view has its own host below the scheme, so each has its own origin. Registration works until the process has made its
first profile. After a late registration the scheme still loads pages, but they have no secure context and share an origin.
"""

from __future__ import annotations

import atexit
import codecs
import itertools
import logging
import re
import secrets
import weakref
from typing import Any, Protocol

from auroraview_qt._log_limit import LogLimit
from auroraview_qt.qt.support.binding import (
    QtCore,
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineUrlRequestJob,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
    delete_now,
    is_alive,
)
from auroraview_qt.qt.support.guard import contain, guarded
from auroraview_qt.qt.support.shown_text import MAX_URL_CHARS, shortened
from auroraview_qt.sites.app_sites import Content, InertReply, LargeFile, Reply, Use

SCHEME = "auroraview"

#: The bytes that may stand before a page's first element without quirks mode.
_DOCTYPE = re.compile(rb"\s*(<!doctype[^>]*>)?", re.IGNORECASE)

#: The file of a reply is closed with its request.
_CLOSES_FILE = QtCore.QFileDevice.FileHandleFlag.AutoCloseHandle

_log = logging.getLogger(__name__)
_numbers = itertools.count(1)
_profile: SharedProfile | None = None


def register_scheme() -> bool:
    """Register the scheme with the engine; return False if another part of the process was first. Thread: GUI."""
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
    """Return whether the scheme is registered; it is not if another part of the process was first. Thread: GUI."""
    name = SCHEME.encode()
    return bool(QWebEngineUrlScheme.schemeByName(name).name() == name)


def policy_here(policy: str) -> str:
    """Return a content security policy as this process needs it.

    ``'self'`` is the origin of the page. Pages of an unregistered scheme have an opaque origin, which Chromium 140 (Qt 6.11)
    no longer matches. There the scheme itself is a source: as wide as ``'self'`` was before, since all views share an
    origin.

    Thread: GUI
    """
    return policy if is_registered() else policy.replace("'self'", f"'self' {SCHEME}:")


def origin_of(initiator: QtCore.QUrl) -> str:
    """Return an initiator as text: ``auroraview://view-1``, ``null``; empty for the program. Thread: any."""
    return initiator.toString(QtCore.QUrl.ComponentFormattingOption.FullyEncoded).rstrip("/")


class HostSite(Protocol):
    """An object that answers the requests for a host of the scheme. Any thread."""

    def may_ask(self, origin: str) -> bool:
        """Return whether a page of this origin gets an answer; the program itself has no origin."""

    def get(self, path: str, use: Use) -> Reply | None:
        """Return the reply for an encoded path and a kind of request."""

    def why_not(self, path: str) -> str:
        """Return the reason why `get` returns nothing."""


class _Handler(QWebEngineUrlSchemeHandler):
    """Answers requests for the sites of all views.

    The engine names the requester as the initiator. It was measured on Qt 5.15, 6.5, 6.8, 6.11 and 6.12. For each resource,
    frame and navigation it is the origin of the document or worker. It is ``null`` for opaque origins, and empty for the
    program only.
    """

    def __init__(self, parent: QtCore.QObject) -> None:
        super().__init__(parent)
        self._log_limit = LogLimit()
        self.sites: weakref.WeakValueDictionary[str, HostSite] = weakref.WeakValueDictionary()

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
        if site is None and job.initiator().isEmpty():
            _log.info("%s: the view of this load is gone", shortened(url.toString(), MAX_URL_CHARS))
            job.fail(QWebEngineUrlRequestJob.Error.RequestDenied)
            return
        if site is None or job.requestMethod() != b"GET" or not site.may_ask(origin_of(job.initiator())):
            self._warn(url, f"refused to {origin_of(job.initiator()) or 'the program'}")
            job.fail(QWebEngineUrlRequestJob.Error.RequestDenied)
            return
        path = url.path(QtCore.QUrl.ComponentFormattingOption.FullyEncoded)
        reply = site.get(path, _use_of(job))
        if reply is None:
            self._warn(url, site.why_not(path))
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
            return
        body = self._with_headers(job, reply)
        if isinstance(body, LargeFile):
            file = QtCore.QFile(job)
            file.open(body.descriptor(), QtCore.QIODevice.OpenModeFlag.ReadOnly, _CLOSES_FILE)
            job.reply(QtCore.QByteArray(reply.mime.encode()), file)
            return
        if reply.mime == "text/html":
            # Qt 5.15 shows "text/html;charset=utf-8" as plain text; scripts and styles use their page's encoding.
            body = codecs.BOM_UTF8 + body
        # The engine reads on another thread until the job is gone, so the job owns the buffer.
        buffer = QtCore.QBuffer(job)
        buffer.setData(body)
        buffer.open(QtCore.QIODevice.OpenModeFlag.ReadOnly)
        job.reply(QtCore.QByteArray(reply.mime.encode()), buffer)

    def _warn(self, url: QtCore.QUrl, outcome: str) -> None:
        note = self._log_limit.note(url.host())
        if note is not None:
            _log.warning("%s: %s%s", shortened(url.toString(), MAX_URL_CHARS), shortened(outcome, MAX_URL_CHARS), note)

    @staticmethod
    def _with_headers(job: QWebEngineUrlRequestJob, reply: Reply) -> Content:
        """Attach the policy: as a header from Qt 6.6 on, before that as the first element of an HTML page."""
        policy, is_inert = policy_here(reply.policy), isinstance(reply, InertReply)
        if not hasattr(job, "setAdditionalResponseHeaders"):
            is_page = policy and reply.mime == "text/html" and not isinstance(reply.body, LargeFile)
            return _with_meta(reply.body, policy, is_inert) if is_page else reply.body  # type: ignore[arg-type]
        headers = {}
        if is_inert:
            headers["X-Content-Type-Options"] = "nosniff"
        if policy:
            headers["Content-Security-Policy"] = policy
        encoded = {QtCore.QByteArray(name.encode()): [QtCore.QByteArray(value.encode())] for name, value in headers.items()}
        # PySide's stub has the wrong values for this multi-map: it takes a list of them.
        job.setAdditionalResponseHeaders(encoded)  # type: ignore[arg-type]
        return reply.body


def _use_of(job: QWebEngineUrlRequestJob) -> Use:
    """Return the kind of a request, by headers that only the engine sends.

    Measured on Qt 5.15, 6.5, 6.8, 6.11 and 6.12: the engine asks for HTML only to show a document, or for a prefetch. The
    main script of a worker that no interceptor sees has only the header ``Accept``.
    """
    headers = {bytes(name.data()).lower(): bytes(value.data()) for name, value in job.requestHeaders().items()}
    if b"text/html" in headers.get(b"accept", b"text/html"):
        return Use.DOCUMENT
    return Use.RESOURCE if b"user-agent" in headers else Use.WORKER


def _with_meta(body: bytes, policy: str, is_inert: bool) -> bytes:
    """Put the policy into a page: in a page from disk after its doctype, otherwise into its head."""
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'.encode()
    body = body[len(codecs.BOM_UTF8) :] if body.startswith(codecs.BOM_UTF8) else body
    head = -1 if is_inert else body[:1024].lower().find(b"<head>")
    cut = head + len(b"<head>") if head >= 0 else _DOCTYPE.match(body).end()  # type: ignore[union-attr]  # matches nothing, too
    return body[:cut] + meta + body[cut:]


class SharedProfile(QWebEngineProfile):
    """The profile of all views: off the record, without downloads; it outlives every page.

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
        """Return a host name no other view has; pages of an unregistered scheme cannot guess it either."""
        number = next(_numbers)
        return f"view-{number}" if is_registered() else f"view-{number}-{secrets.token_hex(8)}"

    def serve(self, host: str, site: HostSite) -> None:
        """Answer requests for ``auroraview://<host>/`` from `site`, which the caller keeps alive."""
        self._handler.sites[host] = site

    def adopt(self, page: QWebEnginePage) -> None:
        """Remember a page, so that it dies before this profile."""
        self._pages.add(page)

    @guarded("a page may outlive its profile")
    def close_pages(self) -> None:
        """Delete the living pages; a profile that is deleted first crashes the process."""
        for page in list(self._pages):
            if is_alive(page):
                delete_now(page)
        self._pages.clear()

    @staticmethod
    @guarded("a download was not refused")
    def _refuse_download(item: Any) -> None:
        item.cancel()
        _log.warning("download of %s refused", item.url().toString())


def shared_profile() -> SharedProfile:
    """Return the profile of all views, made at the first call.

    Thread: GUI.

    Raises
    ------
    RuntimeError
        There is no QApplication yet.
    """
    global _profile
    if _profile is None or not is_alive(_profile):
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
