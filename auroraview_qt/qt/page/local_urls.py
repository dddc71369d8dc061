"""LocalUrls: ``https://auroraview.localhost/…`` in one view. GUI thread.

QtWebEngine serves no https itself: an interceptor sends these requests to the custom scheme. It is the page's own, not the
profile's, and so knows which view asks. What belongs to no page, such as a shared worker, is not intercepted, and finds
nothing.
"""

from __future__ import annotations

import logging
import secrets
from pathlib import Path

from auroraview_qt._log_limit import LogLimit
from auroraview_qt.capabilities.scopes import Scopes
from auroraview_qt.errors import AuroraViewError
from auroraview_qt.ipc.trust import TrustPolicy
from auroraview_qt.qt.page.page import Page, encoded
from auroraview_qt.qt.page.scheme import SCHEME, SharedProfile
from auroraview_qt.qt.support.binding import QtCore, QWebEngineUrlRequestInfo, QWebEngineUrlRequestInterceptor
from auroraview_qt.qt.support.guard import contain, guarded
from auroraview_qt.qt.support.shown_text import MAX_URL_CHARS, shortened
from auroraview_qt.sites.app_sites import Site
from auroraview_qt.sites.local_sites import FILE_PATH, LOCAL_HOST, AssetSite, DiskSite, ViewSite, path_of

_log = logging.getLogger(__name__)

_Type = QWebEngineUrlRequestInfo.ResourceType
#: What is shown as a document of its own; the rest belongs to the page that asks.
_DOCUMENTS = (_Type.ResourceTypeMainFrame, _Type.ResourceTypeSubFrame, _Type.ResourceTypeObject)
_ENCODED = QtCore.QUrl.ComponentFormattingOption.FullyEncoded


class LocalUrls(QWebEngineUrlRequestInterceptor):
    """Serves one view's own host, and the URLs that stand for it.

    Parameters
    ----------
    page : Page
        Owner.
    profile : SharedProfile
        Serves.
    host : str
        The view's own on the custom scheme.
    trust : TrustPolicy
        Whose requests for files on disk are answered.

    Notes
    -----
    Thread: GUI
    """

    def __init__(self, page: Page, profile: SharedProfile, host: str, trust: TrustPolicy) -> None:
        super().__init__(page)
        self._trust = trust
        self._log_limit = LogLimit()
        self._own = f"{SCHEME}://{host}"
        disk_host = f"{host}-{secrets.token_hex(8)}"
        self._disk = f"{SCHEME}://{disk_host}"
        self._named = self._fs = Scopes(())
        self._scopes: list[Scopes] = []
        self._site = ViewSite(DiskSite(self._scopes, self._trusts, documents=False), (f"https://{LOCAL_HOST}", self._disk))
        self._disk_site = DiskSite(self._scopes, self._trusts, documents=True)
        profile.serve(host, self._site)
        profile.serve(disk_host, self._disk_site)
        page.setUrlRequestInterceptor(self)
        page.local_url = self.document_url

    def show(self, site: Site) -> None:
        """Answer the view's own host from `site`. Thread: GUI."""
        self._site.main = site

    def serve_assets(self, root: str | Path) -> None:
        """Answer from a folder what the shown site has not; raises FileNotFoundError. Thread: GUI."""
        self._site.assets = AssetSite(root)

    def allow(self, *, named: Scopes | None = None, fs: Scopes | None = None) -> None:
        """Set where files on disk may be: what the program named, or the roots of "fs". Thread: GUI."""
        self._named = self._named if named is None else named
        self._fs = self._fs if fs is None else fs
        self._scopes[:] = [self._named, self._fs]

    def disk_path(self, url: QtCore.QUrl) -> Path | None:
        """Give the file on disk a URL names; None where it names none.

        Raises
        ------
        ScopeViolationError, FileMissingError
            It is outside what the page may reach, or not there.

        Notes
        -----
        Thread: GUI
        """
        rest = _rest_of(url)
        if rest is None:
            return None
        name = path_of("/" + rest)
        inside = next((scopes for scopes in self._scopes if _holds(scopes, name)), self._named)
        return inside.existing(name)

    def document_url(self, url: QtCore.QUrl) -> QtCore.QUrl | None:
        """Give what a URL of `LOCAL_HOST` stands for as a document; None for any other URL. Thread: GUI."""
        return self._target(url, is_document=True)

    @guarded("a request was not looked at")
    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        """Redirect what a page asks of `LOCAL_HOST`."""
        url = info.requestUrl()
        if url.host() != LOCAL_HOST:
            return
        try:
            target = self._target(url, is_document=info.resourceType() in _DOCUMENTS)
            if target is None or info.requestMethod() != b"GET" or not self._may_ask(info.initiator(), info.firstPartyUrl()):
                asker = shortened(info.initiator().toString(), MAX_URL_CHARS) or "a page nobody knows"
                self._warn("refused", url, f"refused to {asker}")
                info.block(True)
            elif not self._has(target):
                # Not left to the scheme: on Qt 6 the renderer crashes when a script is redirected, and then not there.
                self._warn("missing", url, "not found")
                info.block(True)
            else:
                info.redirect(target)
        except BaseException as error:
            info.block(True)
            contain(_log, error, f"a request for {url.toString()} failed")

    def _warn(self, kind: str, url: QtCore.QUrl, outcome: str) -> None:
        note = self._log_limit.note(kind)
        if note is not None:
            _log.warning("%s: %s%s", shortened(url.toString(), MAX_URL_CHARS), outcome, note)

    def _has(self, target: QtCore.QUrl) -> bool:
        site = self._disk_site if encoded(target).startswith(f"{self._disk}/") else self._site
        return site.has(target.path(_ENCODED))

    def _may_ask(self, initiator: QtCore.QUrl, first_party: QtCore.QUrl) -> bool:
        """Whether a page of ours asks. The engine does not tell which local file does: there the top frame decides."""
        if initiator.scheme() == "file":
            return self._trust.trusts(encoded(first_party))
        return self._trusts(encoded(initiator).rstrip("/") + "/")

    def _trusts(self, origin: str) -> bool:
        """Whether the pages of an origin may ask: those that have the bridge, and documents from disk for what they show."""
        return origin == f"{self._disk}/" or self._trust.trusts(origin)

    def _target(self, url: QtCore.QUrl, *, is_document: bool) -> QtCore.QUrl | None:
        if url.host() != LOCAL_HOST or url.scheme() != "https":
            return None
        rest = _rest_of(url)
        if rest is None:
            base, path = self._own, url.path(_ENCODED) or "/"
        elif is_document:
            base, path = self._disk, "/" + rest
        else:
            base, path = self._own, self._site.files_path + rest
        query = f"?{url.query(_ENCODED)}" if url.hasQuery() else ""
        fragment = f"#{url.fragment(_ENCODED)}" if url.hasFragment() else ""
        return QtCore.QUrl(f"{base}{path}{query}{fragment}", QtCore.QUrl.ParsingMode.StrictMode)


def _rest_of(url: QtCore.QUrl) -> str | None:
    """Give what follows `FILE_PATH`; None where the URL names a file of the app."""
    path = url.path(_ENCODED)
    if url.host() != LOCAL_HOST or not path.startswith(FILE_PATH):
        return None
    return path[len(FILE_PATH) :]


def _holds(scopes: Scopes, name: str) -> bool:
    try:
        scopes.resolve(name)
    except AuroraViewError:
        return False
    return True
