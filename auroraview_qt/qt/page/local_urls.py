"""Decide about the requests of a view's pages to the custom scheme and to ``https://auroraview.localhost/…``. GUI thread.

QtWebEngine serves no https itself: an interceptor sends these requests to the custom scheme. It belongs to the page, not to
the profile, so it has the requesting view. Requests without a page, such as those of a shared worker, are not intercepted,
and find nothing. The interceptor also keeps each page from the hosts of other views, and documents from disk from all other
hosts.
"""

from __future__ import annotations

import logging
import secrets
from pathlib import Path
from typing import cast

from auroraview_qt._log_limit import LogLimit
from auroraview_qt._resources import page_text
from auroraview_qt.capabilities.scopes import Scopes
from auroraview_qt.ipc.trust import TrustPolicy
from auroraview_qt.qt.page.closed_page import MAIN_WORLD, encoded
from auroraview_qt.qt.page.page import Page, document_script
from auroraview_qt.qt.page.pictures import PictureCodec, encode_picture
from auroraview_qt.qt.page.scheme import SCHEME, VIEW_HEADER, SharedProfile, is_registered, origin_of
from auroraview_qt.qt.support.afterlife import when_destroyed
from auroraview_qt.qt.support.binding import QtCore, QWebEngineUrlRequestInfo, QWebEngineUrlRequestInterceptor, forget
from auroraview_qt.qt.support.guard import contain, guarded
from auroraview_qt.qt.support.shown_text import MAX_URL_CHARS, shortened
from auroraview_qt.sites.app_sites import Site
from auroraview_qt.sites.disk_files import DiskFiles, DiskSite, path_of
from auroraview_qt.sites.live_images import ImageSources
from auroraview_qt.sites.local_sites import FILE_PATH, LOCAL_HOST, AssetSite, ViewSite
from auroraview_qt.sites.resources import Resources

_log = logging.getLogger(__name__)

_Type = QWebEngineUrlRequestInfo.ResourceType
#: Types of requests for a document; all others are resources of the requesting page.
_DOCUMENTS = (_Type.ResourceTypeMainFrame, _Type.ResourceTypeSubFrame, _Type.ResourceTypeObject)
#: Types of requests for code.
_SCRIPTS = (
    _Type.ResourceTypeScript,
    _Type.ResourceTypeWorker,
    _Type.ResourceTypeSharedWorker,
    _Type.ResourceTypeServiceWorker,
)
_ENCODED = QtCore.QUrl.ComponentFormattingOption.FullyEncoded


class LocalUrls(QWebEngineUrlRequestInterceptor):
    """Serves the host of a view, and the URLs that stand for it.

    Thread: GUI.

    Parameters
    ----------
    page : Page
        Owner.
    profile : SharedProfile
        Serves.
    host : str
        The view's own host on the custom scheme; all views with the same storage have the same.
    trust : TrustPolicy
        Whose requests are answered.

    Attributes
    ----------
    resources : Resources
        The functions for URLs of the page.
    images : ImageSources
        The live images.
    """

    def __init__(self, page: Page, profile: SharedProfile, host: str, trust: TrustPolicy) -> None:
        super().__init__(page)
        self._trust = trust
        self._log_limit = LogLimit()
        self._own = f"{SCHEME}://{host}"
        disk_host = f"disk-{secrets.token_hex(8)}.{host}"
        self._disk = f"{SCHEME}://{disk_host}"
        self._common_origin = None if is_registered() else f"{SCHEME}:"
        self._app_server = ""  # origin of the development server that replaces an app
        self._named = self._fs = Scopes(())
        self._scopes: list[Scopes] = []
        files = DiskFiles(self._scopes)
        self.resources = Resources(encode_picture)
        self.images = ImageSources(PictureCodec())
        local = f"https://{LOCAL_HOST}"
        self._site = ViewSite(files, self._trusts, (local, self._disk), self.resources, self.images)
        self._disk_site = DiskSite(files, self._shows)
        self._sites: dict[str, ViewSite | DiskSite] = {host: self._site, disk_host: self._disk_site}
        self._registration = _Registration(profile, self._sites)
        self._header = self._registration.header if profile.is_shared else None
        when_destroyed(page, self._registration.end)
        source = page_text("panel", "answers.js")
        script = document_script("auroraview-answers", f"(() => {{{source}auroraviewAnswers('{SCHEME}:')}})()", MAIN_WORLD)
        script.setRunsOnSubFrames(True)
        page.scripts().insert(script)
        page.setUrlRequestInterceptor(self)
        page.use_local_urls(self)
        page.loadFinished.connect(self._on_arrived)
        page.urlChanged.connect(self._on_arrived)  # the end of an earlier load may have come after the request for this page

    def show(self, site: Site) -> None:
        """Answer the view's own host from `site`."""
        self._site.main = site

    def show_server(self, url: QtCore.QUrl) -> None:
        """Treat the pages of a development server like pages of an app."""
        self._app_server = _origin_of_page(url)

    def open_page(self, file: Path) -> QtCore.QUrl:
        """Show a page on disk from the view's own host, with its folder, and return its URL there."""
        self._trust.add_folder(file.parent.as_uri())
        return QtCore.QUrl(f"{self._own}{self._site.open_page(file)}", QtCore.QUrl.ParsingMode.StrictMode)

    def serve_assets(self, root: str | Path) -> None:
        """Use a folder for paths that the loaded site lacks; raises FileNotFoundError."""
        self._site.assets = AssetSite(root)

    def allow(self, *, named: Scopes | None = None, fs: Scopes | None = None) -> None:
        """Set the allowed folders on disk: from the program, or the roots of "fs"."""
        self._named = self._named if named is None else named
        self._fs = self._fs if fs is None else fs
        self._scopes[:] = [self._named, self._fs]

    def disk_path(self, url: QtCore.QUrl) -> Path | None:
        """Return the file on disk for a URL; None if the URL names no file on disk.

        Raises
        ------
        ScopeViolationError, FileMissingError
            If it is outside the allowed folders, or missing.
        """
        rest = _rest_of(url)
        if rest is None:
            return None
        inside = next((scopes for scopes in self._scopes if DiskFiles([scopes]).holds(f"/{rest}")), self._named)
        return inside.existing(path_of(f"/{rest}"))

    def document_url(self, url: QtCore.QUrl) -> QtCore.QUrl | None:
        """Return the replacement for a URL of `LOCAL_HOST`, or of a page of `load_file`; None for others."""
        if url.isLocalFile() and self._trust.trusts(encoded(url)):
            share = f"//{url.host(_ENCODED)}" if url.host() else ""
            return _moved(url, f"{self._own}{self._site.files_path[:-1]}{share}{url.path(_ENCODED)}")
        return self._target(url, is_document=True)

    @guarded("a request was not looked at")
    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        """Redirect requests to `LOCAL_HOST`, and block forbidden requests."""
        url = info.requestUrl()
        try:
            objection = self._intercept(info, url)
            if objection:
                self._warn(objection.partition(" ")[0], url, shortened(objection, MAX_URL_CHARS))
                info.block(True)
        except BaseException as error:
            info.block(True)
            contain(_log, error, f"a request for {url.toString()} failed")
        finally:
            forget(info)

    def _warn(self, kind: str, url: QtCore.QUrl, outcome: str) -> None:
        note = self._log_limit.note(kind)
        if note is not None:
            _log.warning("%s: %s%s", shortened(url.toString(), MAX_URL_CHARS), outcome, note)

    def _intercept(self, info: QWebEngineUrlRequestInfo, url: QtCore.QUrl) -> str:
        """Allow a request, possibly with a redirect, or return the reason against it."""
        kind, asks = info.resourceType(), origin_of(info.initiator())
        if url.scheme() == SCHEME:
            site = self._sites.get(url.host())
            if site is None:
                return "the host of another view"
            if self._header is not None:
                info.setHttpHeader(*self._header)
            return self._pass_on(info, url, url) if site.may_ask(asks) else f"refused to {asks}"
        if url.host() != LOCAL_HOST:
            return "requested by a document from disk" if asks == self._disk else ""
        target = self._target(url, is_document=kind in _DOCUMENTS)
        if target is None or info.requestMethod() != b"GET" or not self._trusts(asks):
            return f"refused to {asks or 'an unknown page'}"
        return self._pass_on(info, url, target)

    def _pass_on(self, info: QWebEngineUrlRequestInfo, url: QtCore.QUrl, target: QtCore.QUrl) -> str:
        """Send a request to a URL of this view's hosts, or return the reason against it."""
        site, path, kind = self._sites[target.host()], target.path(_ENCODED), info.resourceType()
        if site is self._site and kind == _Type.ResourceTypeMainFrame:
            self._site.enter(path)
        if kind in _SCRIPTS:
            page_runs_files = self._runs_files(info.firstPartyUrl())
            runs = self._site.runnable(path, page_runs_files=page_runs_files) if site is self._site else None
            if runs is None:
                return "a file from disk, which is no script for this page"
            if runs != path:
                target, path = _moved(target, self._own + runs), runs
        if target is url:
            return ""
        # WORKAROUND(no report is known): Qt 6.12, whose renderer crashes if a redirected script is missing.
        if kind in _SCRIPTS and not site.has(path):
            return site.why_not(path)
        info.redirect(target)
        return ""

    def _runs_files(self, page: QtCore.QUrl) -> bool:
        """Return whether a page may use files on disk as scripts: neither a page of an app nor an unknown page."""
        origin = _origin_of_page(page)
        return self._site.runs_files(page.path(_ENCODED)) if origin == self._own else origin not in ("", self._app_server)

    @guarded("the folder of the page was not noted")
    def _on_arrived(self, _: object) -> None:
        """Go by the page that is shown: a load that became a download has left it there."""
        page = cast(Page, self.parent()).url()
        self._site.enter(page.path(_ENCODED) if _origin_of_page(page) == self._own else "")

    def _trusts(self, origin: str) -> bool:
        """Return whether pages of an origin get answers: pages that have the bridge do.

        All pages of an unregistered scheme share an origin.
        """
        return self._trust.trusts(f"{origin}/") or origin == self._common_origin

    def _shows(self, origin: str) -> bool:
        """Return whether pages of an origin may show documents from disk; such documents may load their own files."""
        return origin == self._disk or self._trusts(origin)

    def _target(self, url: QtCore.QUrl, *, is_document: bool) -> QtCore.QUrl | None:
        """Return the URL on the custom scheme for a URL of `LOCAL_HOST`."""
        if url.host() != LOCAL_HOST or url.scheme() != "https":
            return None
        rest = _rest_of(url)
        if rest is None:
            return _moved(url, self._own + (url.path(_ENCODED) or "/"))
        return _moved(url, f"{self._disk}/{rest}" if is_document else f"{self._own}{self._site.data_path('/' + rest)}")


class _Registration:
    """The sites of a view at the handler of its profile, until its page is gone.

    Parameters
    ----------
    profile : SharedProfile
        Serves.
    sites : dict
        The sites by their hosts.

    Attributes
    ----------
    header : tuple of QByteArray
        The header of the view's requests, and its value.
    """

    def __init__(self, profile: SharedProfile, sites: dict[str, ViewSite | DiskSite]) -> None:
        self._profile = profile
        self._hosts = list(sites)
        self._view = secrets.token_hex(16).encode()
        self.header = QtCore.QByteArray(VIEW_HEADER), QtCore.QByteArray(self._view)
        for host, site in sites.items():
            profile.serve(host, self._view, site)

    def end(self) -> None:
        """Answer no more requests of the view."""
        for host in self._hosts:
            self._profile.stop_serving(host, self._view)


def _origin_of_page(url: QtCore.QUrl) -> str:
    return f"{url.scheme()}://{url.authority(_ENCODED)}" if url.host() else ""


def _moved(url: QtCore.QUrl, place: str) -> QtCore.QUrl:
    """Return the URL of another place, with the query and the fragment of a URL."""
    query = f"?{url.query(_ENCODED)}" if url.hasQuery() else ""
    fragment = f"#{url.fragment(_ENCODED)}" if url.hasFragment() else ""
    return QtCore.QUrl(f"{place}{query}{fragment}", QtCore.QUrl.ParsingMode.StrictMode)


def _rest_of(url: QtCore.QUrl) -> str | None:
    """Return the part after `FILE_PATH`; None if the URL names a file of the app."""
    path = url.path(_ENCODED)
    if url.host() != LOCAL_HOST or not path.startswith(FILE_PATH):
        return None
    return path[len(FILE_PATH) :]
