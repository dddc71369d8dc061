"""What the custom scheme serves: the files of an app folder, or one HTML string. No Qt; any thread.

A site answers paths, never leaves its folder, and says which content security policy its pages get.
"""

from __future__ import annotations

import mimetypes
import os
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import unquote

#: App pages run their own files only; inline styles stay, since component libraries set them.
APP_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'"
)

#: Types a page breaks without; the system's own table may say otherwise (Windows: .js as text/plain).
_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
    ".glb": "model/gltf-binary",
}


class Reply(NamedTuple):
    """A served file: MIME type, content, and the policy its page gets (empty for none)."""

    mime: str
    body: bytes
    policy: str = ""


def mime_of(file: Path) -> str:
    """Return the type of a file by its name. Thread: any."""
    return _TYPES.get(file.suffix.lower()) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"


class Site(Protocol):
    """Something that answers the paths of one host of the scheme."""

    def has(self, path: str) -> bool:
        """Whether `get` would give something, found out without reading it."""

    def get(self, path: str) -> Reply | None:
        """Return what stands at an encoded URL path, None where nothing does."""


class FolderSite:
    """Files below one folder.

    Parameters
    ----------
    root : path-like
        The app's folder; its ``index.html`` answers ``/``.

    Raises
    ------
    FileNotFoundError
        There is no such folder, or no ``index.html`` in it.

    Notes
    -----
    Thread: any
    """

    #: What its pages get.
    policy = APP_POLICY

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root).resolve()
        self.check()

    def check(self) -> None:
        """Refuse a folder that is no app's."""
        if not (self.root / "index.html").is_file():
            raise FileNotFoundError(f"{self.root} has no index.html: give the folder your front-end is built into")

    def has(self, path: str) -> bool:
        """Whether `get` would give something. Thread: any."""
        file = self._find(path)
        return file is not None and os.access(file, os.R_OK)

    def get(self, path: str) -> Reply | None:
        """Return the file at `path`; None outside the folder, through symlinks and encodings included. Thread: any."""
        file = self._find(path)
        if file is None:
            return None
        try:
            body = file.read_bytes()
        except OSError:  # unreadable
            return None
        mime = mime_of(file)
        return Reply(mime, body, self.policy if mime == "text/html" else "")

    def _find(self, path: str) -> Path | None:
        relative = unquote(path).lstrip("/") or "index.html"
        if "\0" in relative or "\\" in relative or ":" in relative:
            return None
        try:
            file = (self.root / relative).resolve()
            return file if self.root in file.parents and file.is_file() else None
        except (OSError, RuntimeError, ValueError):  # out of reach; a loop of symlinks; no file name at all
            return None


class HtmlSite:
    """One page held in memory, of any size, at ``/``.

    Parameters
    ----------
    html : str
        The document; it gets no policy, its author wrote every line of it.

    Notes
    -----
    Thread: any
    """

    def __init__(self, html: str) -> None:
        self._body = html.encode("utf-8", "replace")

    def has(self, path: str) -> bool:
        """Whether it is ``/``. Thread: any."""
        return path in ("", "/")

    def get(self, path: str) -> Reply | None:
        """Return the page for ``/``. Thread: any."""
        return Reply("text/html", self._body) if self.has(path) else None
