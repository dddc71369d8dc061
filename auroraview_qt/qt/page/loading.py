"""LoadingView: the methods of a view that load pages. GUI thread."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from auroraview_qt.qt.page.load_targets import LoadTargets
from auroraview_qt.qt.page.page import Page
from auroraview_qt.qt.support.binding import QtCore, QWebEngineView
from auroraview_qt.qt.support.threads import gui_only


class LoadingView(QWebEngineView):
    """A view whose program loads pages.

    Thread: GUI.
    """

    _targets: LoadTargets

    @gui_only
    def load_url(self, url: str) -> None:
        """Load a URL. Only a page of a trusted origin gets the bridge; others are shown without it.

        A page at a ``file:`` address is not trusted, and loads no files of its folder. Load the program's own pages with
        `load_file`.

        ``https://auroraview.localhost/…`` is a file of the app. Below ``/file/`` it is a file on disk, as for `load_file`,
        if `allow_files` or the roots of "fs" allow it.

        Raises
        ------
        ValueError
            If it is not a valid absolute URL.
        ScopeViolationError, FileMissingError
            If it names a file on disk that the page may not reach, or that is missing.
        """
        self.load(self._targets.url(url))

    @gui_only
    def load_html(self, html: str) -> None:
        """Show an HTML string of any size, trusted, at an origin of this view's own."""
        self.load(self._targets.html(html))

    @gui_only
    def load_file(self, path: str | Path) -> None:
        """Load a local HTML file; pages in its folder and below are trusted, and read that folder.

        The page stands at the view's own origin, at the path of the file, so its relative URLs name the files beside it. A
        page below the folder of `serve_assets` belongs to these assets. The page also reads the folders of `allow_files` and
        the roots of "fs". Symlinks that lead out of all these are not followed.

        Raise `FileNotFoundError` if there is no such file.
        """
        self.load(self._targets.file(path))

    @gui_only
    def load_app(self, app_dir: str | Path, dev_url: str | None = None) -> None:
        """Serve a folder's ``index.html`` over the own scheme, under the content security policy that `Policy` describes.

        Parameters
        ----------
        app_dir : path-like
            The built front-end; the view serves nothing outside it.
        dev_url : str, optional
            Load this development server instead, and trust its origin. Its pages get the same policy, except that inline
            scripts run, and the WebSocket of its hot reload is open. A warning names code that the build will refuse.

        Raise `FileNotFoundError` if the folder has no ``index.html``.
        """
        if dev_url is None:
            self.load(self._targets.app(app_dir))
            return
        self._targets.develop(dev_url)
        LoadingView.load_url(self, dev_url)

    def load(self, address: Any) -> None:  # a QUrl, or a QWebEngineHttpRequest
        """Load as QWebEngineView does; a page that asks to stay does not hold the program."""
        cast(Page, self.page()).leave()
        super().load(address)

    def setUrl(self, url: QtCore.QUrl | str) -> None:
        """Load as `load`."""
        self.load(QtCore.QUrl(url))
