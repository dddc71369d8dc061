"""Serve files on disk by their absolute paths, below folders that the program allows. Thread: any. No Qt."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import IO
from urllib.parse import quote

from auroraview_qt.capabilities.scopes import Scopes
from auroraview_qt.errors import AuroraViewError, ScopeViolationError
from auroraview_qt.sites import inert
from auroraview_qt.sites.app_sites import Content, Reply, Use, content_of, decoded, mime_of, objection_of


class DiskFiles:
    """Files on disk, by absolute path, in scopes that may change.

    Thread: any.

    Parameters
    ----------
    scopes : list of Scopes
        The allowed folders; they may be added later.
    takes_all : bool
        Take names with U+FFFD, too. Pages write it into URLs for bytes that are no text, so the URL could name a wrong file.
    """

    def __init__(self, scopes: list[Scopes], *, takes_all: bool = False) -> None:
        self._scopes = scopes
        self._takes_all = takes_all

    def holds(self, path: str) -> bool:
        """Return whether an encoded absolute path leads into the scopes, even if no file is there."""
        name = self._name(path)
        return any(_holds(scopes, name) for scopes in self._scopes)

    def has(self, path: str) -> bool:
        """Return whether `read` would return a reply."""
        file = self._open(path)
        if file is not None:
            file.close()
        return file is not None

    def read(self, path: str) -> tuple[str, Content] | None:
        """Return type and content of the file at an encoded absolute path; None outside the scopes."""
        file = self._open(path)
        if file is None:
            return None
        mime = mime_of(Path(path_of(path)))
        return mime, content_of(file, mime)

    def why_not(self, path: str) -> str:
        """Return the reason why `read` returns nothing; reveal nothing about files outside the scopes."""
        if not self.holds(path):
            return 'outside the folders this page may read: allow a folder with allow_files() or as a root of "fs"'
        return objection_of(lambda: self._open_or_raise(path))

    @property
    def roots(self) -> list[object]:
        """Return the allowed folders, to compare them."""
        return [scopes.roots for scopes in self._scopes]

    def _name(self, path: str) -> str:
        name = path_of(path)
        return name if self._takes_all or "\ufffd" not in name else ""

    def _open(self, path: str) -> IO[bytes] | None:
        try:
            return self._open_or_raise(path)
        except (AuroraViewError, OSError):
            return None

    def _open_or_raise(self, path: str) -> IO[bytes]:
        """Open a file in the first scopes that hold it; raises as `Scopes.open_for_reading` for the last of them."""
        name = self._name(path)
        failure: Exception = ScopeViolationError(name)
        for scopes in self._scopes:
            try:
                return scopes.open_for_reading(name)
            except (AuroraViewError, OSError) as error:
                if not isinstance(error, ScopeViolationError):
                    failure = error
        try:
            raise failure
        finally:
            del failure  # its traceback would keep this frame, and the frames and arguments of all callers


class DiskSite:
    """The host of documents from disk, which are shown in frames and by links.

    Thread: any.

    Parameters
    ----------
    files : DiskFiles
        The files that may be shown.
    trusts : callable
        Whether pages of an origin may show them.
    """

    def __init__(self, files: DiskFiles, trusts: Callable[[str], bool]) -> None:
        self._files = files
        self._trusts = trusts

    def may_ask(self, origin: str) -> bool:
        """Return whether a page of this origin gets an answer; the program itself has no origin."""
        return not origin or self._trusts(origin)

    def get(self, path: str, use: Use) -> Reply | None:
        """Return the file at an encoded absolute path."""
        found = self._files.read(path) if inert.may_have(path, use) else None
        if found is None:
            return None
        return inert.as_document(*found, shows_pages=True) if use is Use.DOCUMENT else inert.as_resource(*found)

    def is_resource(self, path: str) -> bool:
        """Return False: this host has files only."""
        return False

    def image(self, path: str) -> None:
        """Return None: there are no live images."""

    def answer(self, path: str, query: str, use: Use, is_cancelled: Callable[[], bool]) -> Reply | None:
        """Return the file, for any query."""
        return self.get(path, use)

    def has(self, path: str) -> bool:
        """Return whether `get` would return a reply."""
        return self._files.has(path)

    def why_not(self, path: str) -> str:
        """Return the reason why `get` returns nothing."""
        return self._files.why_not(path)

    def serves_as(self, other: object) -> bool:
        """Return False: no other site has the same host."""
        return False


def _holds(scopes: Scopes, name: str) -> bool:
    try:
        scopes.resolve(name)
    except AuroraViewError:
        return False
    return True


def quoted(file: PurePath) -> str:
    """Return the path of a file as the path of a URL, with the bytes of its name: ``/usr/a``, ``/C:/a``, ``//server/a``.

    Thread: any.
    """
    path = quote(os.fsencode(file.as_posix()), safe="/:@!$&'()*+,;=~")
    return path if path.startswith("/") else f"/{path}"


def path_of(url_path: str, windows: bool = os.name == "nt") -> str:
    """Turn the encoded path of a URL, such as ``/C:/a``, ``//server/a`` or ``/usr/a``, into the path of a file.

    It is empty if no file can have the name. Thread: any.
    """
    try:
        path = decoded(url_path)
    except ValueError:
        return ""
    bare = path.lstrip("/")
    if windows:
        return f"//{bare}" if path.startswith("//") and ":" not in bare[:2] else bare
    return f"/{bare}"
