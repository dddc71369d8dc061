"""What stands behind ``https://auroraview.localhost/``: the app's files, and files on disk in scopes. No Qt; any thread.

A view has two hosts on the custom scheme: its own, whose pages are trusted, and one for documents from disk, which are not:
an HTML file somebody put into a project folder must not speak to Python. What a page only fetches comes from its own host,
below `FILES_PREFIX`, so that the browser takes it for its own; nothing there is HTML. Both have names nobody can guess.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Callable
from urllib.parse import unquote

from auroraview_qt.capabilities.scopes import Scopes
from auroraview_qt.errors import AuroraViewError
from auroraview_qt.sites.app_sites import FolderSite, Reply, Site, mime_of

#: Where pages written for AuroraView find files.
LOCAL_HOST = "auroraview.localhost"
#: Path of files on disk below it.
FILE_PATH = "/file/"
#: The same, on a view's own host.
FILES_PREFIX = "/__auroraview_file__/"
#: Documents from disk show what they have with them, and reach nothing else.
DISK_POLICY = (
    "default-src 'self' data: blob: 'unsafe-inline'; connect-src 'none'; object-src 'none'; base-uri 'none'; "
    "form-action 'none'"
)
#: Of a folder that a page written for AuroraView is served from: inline scripts and services of the network work there.
ASSET_POLICY = (
    "default-src 'self' https: wss: ws: http: data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' https: 'unsafe-inline'; object-src 'none'; base-uri 'self'; form-action 'none'"
)
#: One file over this is not read into memory for a page.
MAX_FILE_BYTES = 512 * 1024 * 1024

_DOCUMENT = re.compile(r"text/html|application/xhtml\+xml|(text|application)/xml")
_SOURCES = re.compile(r"\b((?:default|script|style|img|font|media|connect)-src)\b")


class DiskSite:
    """Files on disk, by absolute path, in scopes that may change.

    Parameters
    ----------
    scopes : list of Scopes
        Where files may be; may be filled later.
    trusts : callable
        Whether the pages of an origin may ask.
    documents : bool
        Whether HTML is served as such; else it is text to the page that fetches it.

    Notes
    -----
    Thread: any
    """

    def __init__(self, scopes: list[Scopes], trusts: Callable[[str], bool], *, documents: bool) -> None:
        self._scopes = scopes
        self._trusts = trusts
        self._documents = documents

    def may_ask(self, _: str, origin: str) -> bool:
        """Whether a page of this origin is answered at all. Thread: any.

        The program itself has none, and opens documents only. Of local files the engine does not tell the folder: they, too,
        know the name of the host only from a page that may ask.
        """
        if not origin:
            return self._documents
        return origin.startswith("file:") or self._trusts(origin.rstrip("/") + "/")

    def has(self, path: str) -> bool:
        """Whether `get` would give something. Thread: any."""
        name = path_of(path)
        return any(_is_readable(scopes, name) for scopes in self._scopes)

    def get(self, path: str) -> Reply | None:
        """Return the file at an encoded absolute path; None outside the scopes. Thread: any."""
        name = path_of(path)
        for scopes in self._scopes:
            try:
                with scopes.open_for_reading(name) as file:
                    if os.fstat(file.fileno()).st_size > MAX_FILE_BYTES:
                        return None
                    body = file.read()
            except (AuroraViewError, OSError):
                continue
            mime = mime_of(Path(name))
            if not _DOCUMENT.fullmatch(mime):
                return Reply(mime, body)
            return Reply(mime, body, DISK_POLICY) if self._documents else Reply("text/plain", body)
        return None


class ViewSite:
    """Everything on a view's own host: its page, the assets beside it, and files on disk it fetches.

    Parameters
    ----------
    disk : DiskSite
        Of what is fetched, below `files_path`.
    further : sequence of str
        Sources the pages may load from beside their own host.

    Attributes
    ----------
    main : Site or None
        What the view has loaded.
    assets : Site or None
        Answers what `main` has not.
    files_path : str
        Where files on disk are; ends in a slash.

    Notes
    -----
    Thread: any
    """

    def __init__(self, disk: DiskSite, further: Iterable[str]) -> None:
        self.main: Site | None = None
        self.assets: Site | None = None
        self.files_path = f"{FILES_PREFIX}{secrets.token_hex(8)}/"
        self._disk = disk
        self._further = " ".join(further)

    def may_ask(self, path: str, origin: str) -> bool:
        """Whether a page of this origin gets an answer: the app's own files go to anybody, those on disk not. Any thread."""
        return not path.startswith(self.files_path) or self._disk.may_ask(path, origin)

    def has(self, path: str) -> bool:
        """Whether `get` would give something. Thread: any."""
        if path.startswith(self.files_path):
            return self._disk.has(path[len(self.files_path) - 1 :])
        return any(site is not None and site.has(path) for site in (self.main, self.assets))

    def get(self, path: str) -> Reply | None:
        """Return what stands at an encoded URL path. Thread: any."""
        if path.startswith(self.files_path):
            return self._disk.get(path[len(self.files_path) - 1 :])
        for site in (self.main, self.assets):
            reply = site.get(path) if site is not None else None
            if reply is not None:
                return reply._replace(policy=_SOURCES.sub(rf"\1 {self._further}", reply.policy))
        return None


class AssetSite(FolderSite):
    """A folder of files a page written for AuroraView takes along; it needs no ``index.html``.

    Raises
    ------
    FileNotFoundError
        There is no such folder.

    Notes
    -----
    Thread: any
    """

    policy = ASSET_POLICY

    def check(self) -> None:
        """Refuse what is no folder."""
        if not self.root.is_dir():
            raise FileNotFoundError(f"{self.root} is no folder to serve assets from")


def _is_readable(scopes: Scopes, name: str) -> bool:
    try:
        with scopes.open_for_reading(name) as file:
            return os.fstat(file.fileno()).st_size <= MAX_FILE_BYTES
    except (AuroraViewError, OSError):
        return False


def path_of(url_path: str, windows: bool = os.name == "nt") -> str:
    """Turn the encoded path of a URL, such as ``/C:/a``, ``//server/a`` or ``/usr/a``, into that of a file. Thread: any."""
    path = unquote(url_path)
    bare = path.lstrip("/")
    if windows:
        return f"//{bare}" if path.startswith("//") and ":" not in bare[:2] else bare
    return f"/{bare}"
