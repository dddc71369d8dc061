"""Find the address to load for a URL, an HTML string, a file or an app, and the site that answers it. GUI thread."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Callable

from auroraview_qt.ipc.trust import TrustPolicy
from auroraview_qt.qt.page.app_policy import AppPolicy
from auroraview_qt.qt.page.local_urls import LocalUrls
from auroraview_qt.qt.page.scheme import SCHEME
from auroraview_qt.qt.support.binding import QtCore
from auroraview_qt.sites.app_sites import FolderSite, HtmlSite, Site

#: ``localhost:5173/path``: Qt takes the host for a scheme.
_HOST_AND_PORT = re.compile(r"[A-Za-z0-9.-]+:\d+(/|$)")


def _origin_of(url: QtCore.QUrl) -> str:
    return f"{url.scheme()}://{url.authority()}"


class LoadTargets:
    """Prepares content for a view, and returns the address to load.

    Thread: GUI.

    Parameters
    ----------
    host : str
        The host of the view's own origin.
    local_urls : LocalUrls
        Answers the view's own hosts.
    trust : TrustPolicy
        Which pages may use the bridge.
    app_policy : AppPolicy
        The content security policy of apps.
    trust_changed : callable
        Called after an origin was added to `trust`.
    """

    def __init__(
        self,
        host: str,
        local_urls: LocalUrls,
        trust: TrustPolicy,
        app_policy: AppPolicy,
        trust_changed: Callable[[], object],
    ) -> None:
        self._host = host
        self._local_urls = local_urls
        self._trust = trust
        self._app_policy = app_policy
        self._trust_changed = trust_changed
        self._server = ""  # the origin of the development server

    def url(self, url: str) -> QtCore.QUrl:
        """Return the address for a URL of the program; see `WebView.load_url`."""
        target = QtCore.QUrl(url)
        if _HOST_AND_PORT.match(url):
            raise ValueError(f"load_url({url!r}): the address has no scheme; did you mean {'http://' + url!r}?")
        if not target.isValid() or target.isRelative():
            raise ValueError(f"load_url({url!r}): give an absolute URL such as https://…; for a path there is load_file()")
        file = self._local_urls.disk_path(target)
        if file is not None:
            return self.file(file)
        return self._local_urls.document_url(target) or target

    def html(self, html: str) -> QtCore.QUrl:
        """Return the address for an HTML string; see `WebView.load_html`."""
        return self._site(HtmlSite(html))

    def file(self, path: str | Path) -> QtCore.QUrl:
        """Return the address for a file; see `WebView.load_file`."""
        file = Path(path).resolve()
        if not file.is_file():
            raise FileNotFoundError(f"load_file({str(path)!r}): there is no such file")
        return self._local_urls.open_page(file)

    def app(self, app_dir: str | Path) -> QtCore.QUrl:
        """Return the address for the folder of an app; see `WebView.load_app`."""
        return self._site(FolderSite(app_dir, self._app_policy.text()))

    def develop(self, dev_url: str) -> None:
        """Use a development server in place of an app; see `WebView.load_app`."""
        self._app_policy.develop(dev_url)
        url = QtCore.QUrl(dev_url)
        self._server = _origin_of(url)
        self.trust_server(url)

    def is_development(self, url: QtCore.QUrl) -> bool:
        """Return whether a URL belongs to the development server that the program named."""
        return _origin_of(url) == self._server

    def trust_server(self, url: QtCore.QUrl) -> None:
        """Allow the bridge to the pages of a server that the program names."""
        self._local_urls.show_server(url)
        self._trust.add_origin(_origin_of(url))
        self._trust_changed()

    def _site(self, site: Site) -> QtCore.QUrl:
        self._local_urls.show(site)
        return QtCore.QUrl(f"{SCHEME}://{self._host}/")
