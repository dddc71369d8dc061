"""Decide which pages get answers of the bridge: a list of URL prefixes, with the same rule in Python and the page runtime.

No Qt.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

#: Default ports, so that ``https://tool:443`` and ``https://tool`` are the same origin.
_DEFAULT_PORTS = {"http": 80, "https": 443}
#: Forbidden in the path of a local page: an encoded separator, an invalid escape, and a step out of the folder.
_ODD_PATH = re.compile(r"%(2f|5c|00)|%(?![0-9a-f]{2})", re.IGNORECASE)
_STEPS = frozenset((".", ".."))


class TrustPolicy:
    """The URLs whose top frame may use the bridge.

    Thread: GUI.

    Parameters
    ----------
    *origins : str
        As for `add_origin`.
    """

    def __init__(self, *origins: str) -> None:
        self._prefixes: list[str] = []
        for origin in origins:
            self.add_origin(origin)

    @property
    def prefixes(self) -> list[str]:
        """Prefixes for ``location.href``, with local paths decoded; each ends in ``/``."""
        return list(self._prefixes)

    def add_origin(self, origin: str) -> None:
        """Trust every page of an origin, such as ``http://localhost:5173``.

        Raises
        ------
        ValueError
            If it is not ``scheme://host[:port]``; a path, user name or wildcard is refused instead of ignored.
        """
        parts = urlsplit(origin)
        wanted = parts.scheme and parts.hostname and parts.path in ("", "/")
        if not wanted or parts.query or parts.fragment or parts.username is not None or "*" in origin:
            raise ValueError(f"trusted origin {origin!r}: give scheme://host or scheme://host:port and nothing else")
        host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else parts.hostname
        port = "" if parts.port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f":{parts.port}"
        self._add(f"{parts.scheme}://{host}{port}/")

    def add_folder(self, folder_url: str) -> None:
        """Trust the local pages below a folder, given as its ``file:///…`` or ``file://server/…`` URL.

        A folder whose name is not valid text cannot be named that way, so no page at such an address is trusted.
        """
        folder = _local_path(folder_url)
        if folder is not None:
            self._add(folder.rstrip("/") + "/")

    def _add(self, prefix: str) -> None:
        if prefix not in self._prefixes:
            self._prefixes.append(prefix)

    def trusts(self, url: str) -> bool:
        """Return whether a page at `url` gets answers."""
        if url[:5].lower() == "file:":
            local = _local_path(url)
            return local is not None and any(local.startswith(prefix) for prefix in self._prefixes)
        # Other URLs are not decoded: in http://trusted%2F@other/ the host is the other host.
        return any(url.startswith(prefix) for prefix in self._prefixes)


def _local_path(url: str) -> str | None:
    """Return the URL of a local file with its path decoded, also on drives and shares; None if uncertain."""
    bare = re.split("[?#]", url, maxsplit=1)[0]
    host, slash, path = bare[len("file://") :].partition("/")
    if bare[:7].lower() != "file://" or not slash or "%" in host or "\\" in host or _ODD_PATH.search(path):
        return None
    try:
        decoded, name = unquote(path, errors="strict"), host.encode("idna").decode("ascii").lower()
    except UnicodeError:  # bytes that are no text, or no name of a server
        return None
    if "\\" in decoded or not _STEPS.isdisjoint(decoded.split("/")):
        return None
    return f"file://{name}/{decoded}"
