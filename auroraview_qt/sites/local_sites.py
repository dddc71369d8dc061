"""Answer ``https://auroraview.localhost/`` with the app's files, and with files on disk in scopes. Thread: any. No Qt.

A view has two hosts on the custom scheme. Its own host has the trusted pages, and the files on disk that they fetch. The
other host has documents from disk, which are not trusted: an HTML file in a project folder must not reach Python. Both hosts
answer only allowed pages, see `ViewSite.may_ask` and `DiskSite.may_ask`.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Callable

from auroraview_qt.capabilities.scopes import Scopes
from auroraview_qt.sites import inert
from auroraview_qt.sites.app_sites import (
    UNKNOWN_MIME,
    FolderSite,
    Refusal,
    Reply,
    Site,
    Use,
    mime_of,
)
from auroraview_qt.sites.disk_files import DiskFiles, quoted
from auroraview_qt.sites.live_images import IMAGES_PREFIX, ImageSource, ImageSources, NoCodec
from auroraview_qt.sites.resources import Resources

#: Path of files for pages that were written for AuroraView.
LOCAL_HOST = "auroraview.localhost"
#: Path of files on disk below it.
FILE_PATH = "/file/"
#: The same path on a view's own host. Pages of `load_file` also stand there, so that their relative URLs are paths of files.
FILES_PREFIX = "/__auroraview_file__/"
#: On a view's own host: files on disk that may run as scripts.
SCRIPTS_PREFIX = "/__auroraview_script__/"
#: Policy of pages in a folder of the program: inline scripts and services of the network work there.
ASSET_POLICY = (
    "default-src 'self' https: wss: ws: http: data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' https: 'unsafe-inline'; object-src 'none'; base-uri 'self'; form-action 'none'"
)
#: Put behind the URL path of a file that is named like a script, for pages that read it. By that name Chromium takes an
#: answer of a custom scheme for a script, whatever its type. No interceptor of Qt 6.11 sees the requests of a worker.
TEXT_SUFFIX = "/text"
#: Number of paths that are remembered as pages of the app.
MAX_NOTED_PAGES = 1000
_SOURCES = re.compile(r"\b((?:default|style|img|font|media|connect|frame)-src)\b")


class ViewSite:
    """Everything on a view's own host: its page, the assets beside it, and files on disk it fetches.

    Thread: any.

    Parameters
    ----------
    files : DiskFiles
        The files on disk that pages fetch, below `files_path`.
    trusts : callable
        Whether pages of an origin may fetch them.
    further : sequence of str
        Sources the pages may load from beside their own host; scripts from the first alone.
    resources : Resources, optional
        The functions for paths, which come before files.
    images : ImageSources, optional
        The live images.

    Attributes
    ----------
    resources, images
        Those of the constructor.
    assets : AssetSite or None
        The site for paths that `main` lacks.
    files_path, scripts_path : str
        The path of files on disk, and the path of files that may run; both end in a slash. Pages cannot guess the second
        path.
    """

    files_path = FILES_PREFIX

    def __init__(
        self,
        files: DiskFiles,
        trusts: Callable[[str], bool],
        further: Sequence[str],
        resources: Resources | None = None,
        images: ImageSources | None = None,
    ) -> None:
        self.resources = Resources() if resources is None else resources
        self.images = ImageSources(NoCodec()) if images is None else images
        self._main: Site | None = None
        self._app_pages: set[str] = set()  # paths at which `main` has shown a page
        self.assets: AssetSite | None = None
        self.scripts_path = f"{SCRIPTS_PREFIX}{secrets.token_hex(16)}/"
        self._files = files
        self._trusts = trusts
        self._scripts_from, self._further = further[0], " ".join(further)
        self._folders: list[Scopes] = []  # of all pages that the program has opened with load_file
        self._own = DiskFiles([])  # the folder of the page that is shown

    @property
    def main(self) -> Site | None:
        """Return the site of the loaded page, or None."""
        return self._main

    @main.setter
    def main(self, site: Site) -> None:
        self._main, self._app_pages = site, set()

    def may_ask(self, origin: str) -> bool:
        """Return whether a page of this origin gets an answer; the program itself has no origin."""
        return not origin or self._trusts(origin)

    # Pages on disk

    def open_page(self, file: Path) -> str:
        """Show a page on disk and its folder as the program's own, and return its URL path.

        The result is a path among the assets if the file is an asset, else the path of the file.
        """
        asset = self.assets.path_of(file) if self.assets is not None else None
        if asset is not None and (self.main is None or not self.main.has(asset)):
            return asset
        folder = Scopes([file.parent])
        self._folders = [one for one in self._folders if one.roots != folder.roots] + [folder]
        return self.files_path[:-1] + quoted(file)

    def enter(self, path: str) -> None:
        """Note that the page at a URL path is about to be shown: of the folders of `open_page` it reads its own."""
        rest = self._rest(path, self.files_path)
        folders = [DiskFiles([one], takes_all=True) for one in self._folders]
        self._own = next((one for one in reversed(folders) if rest is not None and one.holds(rest)), DiskFiles([]))

    def runs_files(self, path: str) -> bool:
        """Return whether the page at a URL path may use files on disk as scripts: every page except pages of an app."""
        if self.main is None or self.main.runs_files:
            return True
        if path not in self._app_pages:  # it was not served by this site, or is another site's
            return not (self.main.has(path) or self._is_route(path))
        return False

    def data_path(self, rest: str) -> str:
        """Return the URL path at which a page reads the file on disk at an encoded absolute path, without running it."""
        suffix = TEXT_SUFFIX if inert.SCRIPT_NAME.search(rest) and not self._own.holds(rest) else ""
        return f"{self.files_path[:-1]}{rest}{suffix}"

    def runnable(self, path: str, *, page_runs_files: bool) -> str | None:
        """Return the path at which the file of a URL path is a script, or None.

        Parameters
        ----------
        path : str
            An encoded path of this host.
        page_runs_files : bool
            Whether the requesting page may use files on disk as scripts. Those in its own folder are scripts anyway.
        """
        if self.is_resource(path):  # before Qt 6.6, the engine runs any answer as a script
            return path if inert.SCRIPT_NAME.search(path) else None
        rest = self._rest(path, self.files_path)
        if rest is not None and not self._own.holds(rest):
            return self.scripts_path[:-1] + _without_suffix(rest) if page_runs_files else None
        return path if page_runs_files or not path.startswith(self.scripts_path) else None

    # Answers

    def is_resource(self, path: str) -> bool:
        """Return whether a function makes the answer for an encoded path."""
        return self.resources.find(path) is not None

    def image(self, path: str) -> ImageSource | None:
        """Return the live image at an encoded path, or None."""
        return self.images.find(path)

    def answer(self, path: str, query: str, use: Use, is_cancelled: Callable[[], bool]) -> Reply | Refusal | None:
        """Return the answer of a live image, of a resource, or else of `get`."""
        image = self.image(path)
        if image is not None:
            return image.answer(query, is_cancelled)
        found = self.resources.find(path)
        if found is None:
            return self.get(path, use)
        answer = self.resources.make(found, path, query, use, is_cancelled)
        if isinstance(answer, Reply) and answer.mime in inert.PAGES and self.main is not None:
            return self._widened(answer._replace(policy=self.main.policy))
        return answer

    def has(self, path: str) -> bool:
        """Return whether `answer` would return a reply; a resource may still refuse."""
        if self.is_resource(path) or path.startswith(IMAGES_PREFIX):
            return True
        for prefix in (self.files_path, self.scripts_path):
            rest = self._rest(path, prefix)
            if rest is not None:
                return self._own.has(rest) or self._files.has(_without_suffix(rest))
        return any(site is not None and site.has(path) for site in (self.main, self.assets))

    def get(self, path: str, use: Use) -> Reply | None:
        """Return the reply for an encoded URL path."""
        rest = self._rest(path, self.scripts_path)
        if rest is not None:
            found = self._own.read(rest) or self._files.read(rest)
            return found and Reply(*found)
        rest = self._rest(path, self.files_path)
        if rest is not None:
            return self._get_file(rest, use)
        for site in (self.main, self.assets):
            reply = site.get(path) if site is not None else None
            if reply is not None:
                self._note_page(path, site, use)
                return self._widened(reply)
        if self.main is None or use is not Use.DOCUMENT or not self._is_route(path):
            return None
        index = self.main.get("/")
        self._note_page(path, self.main, use)
        return index and self._widened(index)

    def _note_page(self, path: str, site: Site | None, use: Use) -> None:
        """Remember a page of the app, so that the GUI thread need not look for its file."""
        if use is Use.DOCUMENT and site is self.main and len(self._app_pages) < MAX_NOTED_PAGES:
            self._app_pages.add(path)

    def _is_route(self, path: str) -> bool:
        """Return whether a path is a route of the app: its router shows it, and ``index.html`` is its document.

        A path that ends like a file is none, so a missing file stays an error.
        """
        is_app = self.main is not None and not self.main.runs_files
        return is_app and mime_of(Path(path)) == UNKNOWN_MIME and not self.has(path)

    def why_not(self, path: str) -> str:
        """Return the reason why `get` returns nothing."""
        rests = (self._rest(path, prefix) for prefix in (self.files_path, self.scripts_path))
        rest = next((rest for rest in rests if rest is not None), None)
        if rest is not None:
            return self._files.why_not(rest)
        sites = [site for site in (self.main, self.assets) if site is not None]
        return sites[-1].why_not(path) if sites else "not there: nothing was loaded"

    def serves_as(self, other: object) -> bool:
        """Return whether another site has the same pages, assets and files."""
        return isinstance(other, ViewSite) and self._content() == other._content()

    def _content(self) -> list[object]:
        sites = [site and site.content for site in (self.main, self.assets)]
        return [*sites, self.resources.content, self._files.roots, [folder.roots for folder in self._folders]]

    def _get_file(self, rest: str, use: Use) -> Reply | None:
        """Return a file on disk: unchanged from the page's own folder, inert from scopes."""
        found = self._own.read(rest)
        if found is not None and (found[0] in inert.PAGES or use is not Use.DOCUMENT):
            return self._widened(Reply(*found, ASSET_POLICY if found[0] in inert.PAGES else ""))
        if found is None and inert.may_have(rest, use):
            found = self._files.read(_without_suffix(rest))
        if found is None:
            return None
        return inert.as_document(*found, shows_pages=False) if use is Use.DOCUMENT else inert.as_resource(*found)

    def _widened(self, reply: Reply) -> Reply:
        policy = _SOURCES.sub(rf"\1 {self._further}", reply.policy)
        return reply._replace(policy=policy.replace("script-src", f"script-src {self._scripts_from}"))

    @staticmethod
    def _rest(path: str, prefix: str) -> str | None:
        """Return the encoded absolute path of a file that a URL path names below a prefix."""
        return path[len(prefix) - 1 :] if path.startswith(prefix) else None


class AssetSite(FolderSite):
    """A folder of files for a page that was written for AuroraView; it needs no ``index.html``.

    Thread: any.

    Raises
    ------
    FileNotFoundError
        There is no such folder.
    """

    policy = ASSET_POLICY
    runs_files = True

    def check(self) -> None:
        """If it is not a folder."""
        if not self.root.is_dir():
            raise FileNotFoundError(f"{self.root} is no folder to serve assets from")

    def path_of(self, file: Path) -> str | None:
        """Return the URL path of a file on disk, None if it is not in the folder."""
        return quoted(Path("/") / file.relative_to(self.root)) if self.root in file.parents else None


def _without_suffix(path: str) -> str:
    """Remove the suffix that `ViewSite.data_path` has added to the path of a file."""
    bare = path[: -len(TEXT_SUFFIX)]
    return bare if path.endswith(TEXT_SUFFIX) and inert.SCRIPT_NAME.search(bare) else path
