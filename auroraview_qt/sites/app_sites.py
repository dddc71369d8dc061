"""Serve the files of an app folder, or an HTML string, over the custom scheme. Thread: any. No Qt.

A site answers paths, never leaves its folder, and sets the content security policy of its pages.
"""

from __future__ import annotations

import enum
import errno
import mimetypes
import os
from pathlib import Path
from typing import IO, Callable, NamedTuple, Protocol, Union
from urllib.parse import unquote_to_bytes

from auroraview_qt.capabilities.scopes import Scopes
from auroraview_qt.errors import AuroraViewError, FileAccessError, FileMissingError, ScopeViolationError
from auroraview_qt.policy import Policy
from auroraview_qt.sites.content_policy import content_policy

#: The policy of an app whose program allows nothing beyond it.
APP_POLICY = content_policy(Policy())

#: Types that a page cannot work without; the system's table may be wrong (Windows: .js as text/plain).
_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".shtml": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".xht": "application/xhtml+xml",
    ".xml": "application/xml",
    ".xsl": "application/xml",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
    ".glb": "model/gltf-binary",
}


#: Bytes from which on a file is not read into memory: the engine reads as much of it as its page takes.
LARGE_BYTES = 1024 * 1024
#: Types whose content is changed before it is served, and so is read.
_CHANGED = frozenset(("text/html", "image/svg+xml"))


#: Size limit in bytes of a file that is changed before it is served; other files have no limit.
MAX_CHANGED_BYTES = 64 * 1024 * 1024


class LargeFile:
    """The content of a large file, which is open. Thread: any.

    Parameters
    ----------
    file : file object
        The file; it is closed with this object.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def descriptor(self) -> int:
        """Return a descriptor of the file, which the caller closes."""
        return os.dup(self._file.fileno())

    def __del__(self) -> None:
        self._file.close()


#: The content of a reply.
Content = Union[bytes, LargeFile]


def content_of(file: IO[bytes], mime: str) -> Content:
    """Return the content of an open file of a type; close the file unless it is large. Thread: any.

    Raises
    ------
    OSError
        If a page or a vector picture is over `MAX_CHANGED_BYTES`, or the system refuses.
    """
    size = os.fstat(file.fileno()).st_size
    if mime not in _CHANGED and size >= LARGE_BYTES:
        return LargeFile(file)
    with file:
        if size > MAX_CHANGED_BYTES:
            raise OSError(errno.EFBIG, f"too large: {size:,} bytes of {mime}, at most {MAX_CHANGED_BYTES:,}")
        return file.read()


def objection_of(open_file: Callable[[], IO[bytes]]) -> str:
    """Return the reason why a file cannot be served, for the log. Thread: any."""
    try:
        open_file().close()
    except (FileMissingError, FileNotFoundError, NotADirectoryError):
        return "not there"
    except PermissionError as error:
        return f"not readable: {error.strerror}"
    except ScopeViolationError:
        return "outside the folder"
    except FileAccessError as error:
        return f"not readable: {error}"
    except (AuroraViewError, OSError, ValueError) as error:
        return f"not readable: {error!r:.200}"
    return "there by now"


class Reply(NamedTuple):
    """A served file: MIME type, content, the policy of its page (empty for none), and the seconds it stays fresh."""

    mime: str
    body: Content
    policy: str = ""
    max_age_s: float = 0.0


class InertReply(Reply):
    """A reply with a file from an unknown author; the engine must run nothing in it."""

    __slots__ = ()


class Status(enum.Enum):
    """The status of a refusal."""

    NOT_FOUND = 404
    DENIED = 403
    FAILED = 400


class Refusal(NamedTuple):
    """A refused request: the status for the page, and the reason for the log; empty if it is no matter for the log."""

    status: Status
    why: str


#: The type of files whose names tell none.
UNKNOWN_MIME = "application/octet-stream"


def decoded(path: str) -> str:
    """Decode the path of a URL into the path of a file, and keep its bytes.

    Raises
    ------
    ValueError
        If no file can have such a name here.
    """
    return os.fsdecode(unquote_to_bytes(path))


def mime_of(file: Path) -> str:
    """Return the type of a file by its name. Thread: any."""
    kind, packed = mimetypes.guess_type(file.name)
    return _TYPES.get(file.suffix.lower()) or (None if packed else kind) or UNKNOWN_MIME


class Use(enum.Enum):
    """The use of an answer: a document, the main script of a worker, or a resource of a document or worker."""

    DOCUMENT = "document"
    WORKER = "worker"
    RESOURCE = "resource"


class Site(Protocol):
    """An object that answers the paths of a host of the scheme."""

    @property
    def policy(self) -> str:
        """Return the content security policy of its pages; empty for none."""

    @property
    def runs_files(self) -> bool:
        """Return whether its pages may use files on disk as scripts."""

    @property
    def content(self) -> object:
        """Return a value that sites with the same content share."""

    def has(self, path: str) -> bool:
        """Return whether `get` would return a reply, without reading the file."""

    def get(self, path: str) -> Reply | None:
        """Return the reply for an encoded URL path, or None."""

    def why_not(self, path: str) -> str:
        """Return the reason why `get` returns None."""


class FolderSite:
    """Files below a folder.

    Thread: any.

    Parameters
    ----------
    root : path-like
        The app's folder; its ``index.html`` answers ``/``.
    policy : str, optional
        The content security policy of its pages.

    Raises
    ------
    FileNotFoundError
        There is no such folder, or no ``index.html`` in it.
    """

    #: The default policy of its pages.
    policy = APP_POLICY
    #: Pages of an app run the app's own files only.
    runs_files = False

    def __init__(self, root: str | Path, policy: str | None = None) -> None:
        self.root = Path(root).resolve()
        if policy is not None:
            self.policy = policy
        self.check()
        self._scopes = Scopes([self.root])

    @property
    def content(self) -> object:
        """Return the folder and the policy."""
        return self.root, self.policy

    def check(self) -> None:
        """Refuse a folder that is no app's."""
        if not (self.root / "index.html").is_file():
            raise FileNotFoundError(f"{self.root} has no index.html: give the folder your front-end is built into")

    def has(self, path: str) -> bool:
        """Return whether `get` would return a reply."""
        file = self._open(path)
        if file is not None:
            file.close()
        return file is not None

    def get(self, path: str) -> Reply | None:
        """Return the file at `path`; None outside the folder, through symlinks and encodings included."""
        file = self._open(path)
        if file is None:
            return None
        mime = mime_of(Path(_relative(path)))
        return Reply(mime, content_of(file, mime), self.policy if mime == "text/html" else "")

    def why_not(self, path: str) -> str:
        """Return the reason why `get` returns None."""
        return objection_of(lambda: self._open_or_raise(path))

    def _open(self, path: str) -> IO[bytes] | None:
        """Open the file at an encoded URL path, if it can be read."""
        try:
            return self._open_or_raise(path)
        except (AuroraViewError, OSError, ValueError):  # outside; out of reach; no file name at all
            return None

    def _open_or_raise(self, path: str) -> IO[bytes]:
        relative = _relative(path)
        # Pages write U+FFFD into URLs for bytes that are no text, so the URL could name a wrong file.
        if any(letter in relative for letter in "\\:\ufffd"):
            raise ScopeViolationError(f"{relative!r:.200} is no path below an app")
        return self._scopes.open_for_reading(os.path.join(self.root, relative))  # noqa: PTH118  # keeps a/b/.. as it is


def _relative(path: str) -> str:
    return decoded(path).lstrip("/") or "index.html"


class HtmlSite:
    """A page in memory, of any size, at ``/``.

    Thread: any.

    Parameters
    ----------
    html : str
        The document; it gets no policy, because its author wrote every line of it.
    """

    policy = ""
    runs_files = True

    def __init__(self, html: str) -> None:
        self._body = html.encode("utf-8", "replace")

    @property
    def content(self) -> object:
        """Return the document."""
        return self._body

    def has(self, path: str) -> bool:
        """Return whether the path is ``/``."""
        return path in ("", "/")

    def get(self, path: str) -> Reply | None:
        """Return the page for ``/``."""
        return Reply("text/html", self._body) if self.has(path) else None

    def why_not(self, path: str) -> str:
        """Return the reason: the document is the only file."""
        return "not there: load_html() serves no files; serve_assets() adds a folder"
