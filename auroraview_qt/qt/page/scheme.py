"""Define the custom scheme ``auroraview:`` and the profile that serves it. GUI thread.

Each view has its own host below the scheme, so each has its own origin. Registration works until the process has made its
first profile. After a late registration the scheme still loads pages, but they have no secure context and share an origin.
"""

from __future__ import annotations

import atexit
import functools
import itertools
import logging
import secrets
import weakref
from typing import Any, Protocol

from auroraview_qt._log_limit import LogLimit
from auroraview_qt.qt.look.dark_pages import dark_pages
from auroraview_qt.qt.page import large_data
from auroraview_qt.qt.page.replies import FILES, FUNCTIONS, IsCancelled, Replies, Submit, on_pool
from auroraview_qt.qt.page.storage import Storage, claimed_storage
from auroraview_qt.qt.support.binding import (
    QtCore,
    QtWidgets,
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineUrlRequestJob,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
    delete_now,
    forget,
    is_alive,
)
from auroraview_qt.qt.support.guard import contain, guarded
from auroraview_qt.qt.support.shown_text import MAX_URL_CHARS, shortened
from auroraview_qt.sites.app_sites import Refusal, Reply, Status, Use
from auroraview_qt.sites.live_images import ImageSource

SCHEME = "auroraview"
#: The header by which the handler tells views with the same storage apart; the value is secret.
VIEW_HEADER = b"x-aurora-view"

#: Ends the message about a request of a worker.
_AMBIGUOUS = ": views with the same storage show different apps, and Qt does not tell which of them a worker belongs to"

_log = logging.getLogger(__name__)
_numbers = itertools.count(1)
_profiles: dict[str | None, SharedProfile] = {}


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

    def is_resource(self, path: str) -> bool:
        """Return whether a function makes the answer for an encoded path, without reading a file."""

    def image(self, path: str) -> ImageSource | None:
        """Return the live image at an encoded path, or None."""

    def answer(self, path: str, query: str, use: Use, is_cancelled: IsCancelled) -> Reply | Refusal | None:
        """Return the answer for an encoded path and query, and a kind of request."""

    def why_not(self, path: str) -> str:
        """Return the reason why `answer` returns nothing."""

    def serves_as(self, other: Any) -> bool:
        """Return whether another site of the same host has the same content."""


class _Sites:
    """The sites of all views: several views with the same storage have the same host.

    The requests of workers do not name their view, since no interceptor of Qt 6.11 sees them. They are answered if all views
    of the host show the same app.
    """

    def __init__(self) -> None:
        self._sites: weakref.WeakValueDictionary[tuple[str, bytes], HostSite] = weakref.WeakValueDictionary()

    def add(self, host: str, view: bytes, site: HostSite) -> None:
        """Serve a host of a view; the caller keeps the site alive."""
        self._sites[host, view] = site

    def remove(self, host: str, view: bytes) -> None:
        """Forget a host of a view."""
        self._sites.pop((host, view), None)

    def find(self, host: str, view: bytes | None) -> HostSite | None:
        """Return the site for a request; `view` is the value of its header."""
        if view is not None:
            return self._sites.get((host, view))
        sites = self.of(host)
        return sites[0] if sites and all(sites[0].serves_as(other) for other in sites[1:]) else None

    def of(self, host: str) -> list[HostSite]:
        """Return the sites of a host."""
        return [site for (name, _), site in list(self._sites.items()) if name == host]


class _Handler(QWebEngineUrlSchemeHandler):
    """Answers requests for the sites of all views.

    The engine names the requester as the initiator. It was measured on Qt 5.15, 6.5, 6.8, 6.11 and 6.12. For each resource,
    frame and navigation it is the origin of the document or worker. It is ``null`` for opaque origins, and empty for the
    program only.
    """

    def __init__(self, parent: QtCore.QObject) -> None:
        super().__init__(parent)
        self._log_limit = LogLimit()
        self._replies = Replies(self, policy_here, self._warn)
        self.sites = _Sites()

    @guarded("a request was not answered")
    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        try:
            self._answer(job)
        except BaseException as error:
            contain(_log, error, f"a request for {job.requestUrl().toString()} failed")
            job.fail(QWebEngineUrlRequestJob.Error.RequestFailed)
        finally:
            forget(job)

    def _answer(self, job: QWebEngineUrlRequestJob) -> None:
        url = job.requestUrl()
        headers = {bytes(name.data()).lower(): bytes(value.data()) for name, value in job.requestHeaders().items()}
        site = self.sites.find(url.host(), headers.get(VIEW_HEADER))
        if site is None and job.initiator().isEmpty():
            _log.info("%s: the view of this load is gone", shortened(url.toString(), MAX_URL_CHARS))
            job.fail(QWebEngineUrlRequestJob.Error.RequestDenied)
            return
        path = url.path(QtCore.QUrl.ComponentFormattingOption.FullyEncoded)
        is_ambiguous = VIEW_HEADER not in headers and len(self.sites.of(url.host())) > 1
        if is_ambiguous and site is not None and (site.is_resource(path) or site.image(path) is not None):
            site = None  # functions of different views may look the same
        if site is None or job.requestMethod() != b"GET" or not site.may_ask(origin_of(job.initiator())):
            why = _AMBIGUOUS if site is None and is_ambiguous else ""
            self._warn(url, f"refused to {origin_of(job.initiator()) or 'the program'}{why}")
            job.fail(QWebEngineUrlRequestJob.Error.RequestDenied)
            return
        if large_data.answer(job, path):
            return
        query = url.query(QtCore.QUrl.ComponentFormattingOption.FullyEncoded)
        image = site.image(path)
        if image is not None:
            submit: Submit = functools.partial(image.submit, query)
        else:
            submit = on_pool(FUNCTIONS if site.is_resource(path) else FILES)
        self._replies.answer(job, submit, functools.partial(_answer_of, site, path, query, _use_of(headers)))

    def _warn(self, url: QtCore.QUrl, outcome: str) -> None:
        note = self._log_limit.note(url.host())
        if note is not None:
            _log.warning("%s: %s%s", shortened(url.toString(), MAX_URL_CHARS), shortened(outcome, MAX_URL_CHARS), note)


def _answer_of(site: HostSite, path: str, query: str, use: Use, is_cancelled: IsCancelled) -> Reply | Refusal:
    """Make an answer of a site. Thread: a worker."""
    try:
        answer = site.answer(path, query, use, is_cancelled)
    except OSError as error:  # the file could be opened, and not read
        return Refusal(Status.NOT_FOUND, f"not readable: {error.strerror or error}")
    return Refusal(Status.NOT_FOUND, site.why_not(path)) if answer is None else answer


def _use_of(headers: dict[bytes, bytes]) -> Use:
    """Return the kind of a request, by headers that only the engine sends.

    Measured on Qt 5.15, 6.5, 6.8, 6.11 and 6.12: the engine asks for HTML only to show a document, or for a prefetch. The
    main script of a worker that no interceptor sees has only the header ``Accept``.
    """
    if b"text/html" in headers.get(b"accept", b"text/html"):
        return Use.DOCUMENT
    return Use.RESOURCE if b"user-agent" in headers else Use.WORKER


class SharedProfile(QWebEngineProfile):
    """The profile of all views without a storage, or of all views with the same storage; it outlives every page.

    Thread: GUI.

    Parameters
    ----------
    parent : QCoreApplication
        Owner.
    storage : Storage, optional
        The place for everything that pages store; off the record without it, or if it is not this process's.
    """

    def __init__(self, parent: QtCore.QCoreApplication, storage: Storage | None = None) -> None:
        if storage is None or not storage.is_ours:
            super().__init__(parent)
        else:
            super().__init__(f"auroraview-{storage.name}", parent)
            self.setPersistentStoragePath(str(storage.folder / "web"))
            self.setCachePath(str(storage.folder / "cache"))
            self.setPersistentCookiesPolicy(QWebEngineProfile.PersistentCookiesPolicy.ForcePersistentCookies)
        self._storage = storage
        self._handler = _Handler(self)
        self._pages: weakref.WeakSet[QWebEnginePage] = weakref.WeakSet()
        self.installUrlSchemeHandler(SCHEME.encode(), self._handler)
        self.downloadRequested.connect(self._on_download)
        if hasattr(self, "setPersistentPermissionsPolicy"):  # Qt 6.8; the policy of a view decides each time
            self.setPersistentPermissionsPolicy(QWebEngineProfile.PersistentPermissionsPolicy.AskEveryTime)

    @property
    def is_shared(self) -> bool:
        """Return whether several views may have the same host."""
        return self._storage is not None

    def host_of_view(self) -> str:
        """Return the host of a new view: the name of the storage, or a name no other view has.

        Pages of an unregistered scheme cannot guess the latter.
        """
        if self._storage is not None:
            return self._storage.name
        number = next(_numbers)
        return f"view-{number}" if is_registered() else f"view-{number}-{secrets.token_hex(8)}"

    def serve(self, host: str, view: bytes, site: HostSite) -> None:
        """Answer the requests of a view for ``auroraview://<host>/`` from `site`, which the caller keeps alive."""
        self._handler.sites.add(host, view, site)

    def stop_serving(self, host: str, view: bytes) -> None:
        """Answer no requests of a view for a host any more."""
        self._handler.sites.remove(host, view)

    def adopt(self, page: QWebEnginePage) -> None:
        """Remember a page, so that it dies before this profile."""
        self._pages.add(page)

    def delete_pages(self) -> None:
        """Delete the living pages; a profile that is deleted first crashes the process."""
        for page in list(self._pages):
            if is_alive(page):
                delete_now(page)
        self._pages.clear()

    @staticmethod
    @guarded("a download was not refused")
    def _on_download(item: Any) -> None:
        """Let the page of a view decide about its download."""
        request = getattr(item.page(), "download_requested", None)
        if request is None:
            item.cancel()
        else:
            request.emit(item)


def has_profile() -> bool:
    """Return whether the engine has started for a view. Thread: GUI."""
    return bool(_profiles)


def shared_profile(name: str | None = None) -> SharedProfile:
    """Return the profile of all views, or of all views with a storage; made at the first call.

    Thread: GUI.

    Raises
    ------
    RuntimeError
        There is no QApplication yet.
    """
    profile = _profiles.get(name)
    if profile is None or not is_alive(profile):
        app = QtCore.QCoreApplication.instance()
        if app is None:
            raise RuntimeError("make a QApplication before the first WebView")
        if not register_scheme() and not _profiles:
            _log.warning(
                "the host used QtWebEngine before auroraview_qt: pages of %s: have no secure context (no crypto.subtle, "
                "no clipboard, no fetch() of their own files), and all views share one origin and its storage; "
                "call auroraview_qt.register_scheme() in the host's start-up script",
                SCHEME,
            )
        app.aboutToQuit.connect(close_pages)
        with dark_pages(QtWidgets.QApplication.palette()):
            profile = _profiles[name] = SharedProfile(app, None if name is None else claimed_storage(name))
    return profile


@atexit.register
@guarded("a page may outlive its profile")
def close_pages() -> None:
    """Delete the pages of all profiles, then the profiles with a storage, which write it to disk. Thread: GUI."""
    for name, profile in list(_profiles.items()):
        if is_alive(profile):
            profile.delete_pages()
            if name is not None:
                delete_now(profile)


register_scheme()
