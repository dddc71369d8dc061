"""Which pages the bridge answers: a list of URL prefixes, one rule for Python and the page runtime. No Qt."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

#: What a URL without a port means, so that ``https://tool:443`` and ``https://tool`` are one origin.
_DEFAULT_PORTS = {"http": 80, "https": 443}
#: In the path of a local page: a separator that is encoded, an escape that is none, and a step out of the folder.
_ODD_PATH = re.compile(r"%(2f|5c|00)|%(?![0-9a-f]{2})", re.IGNORECASE)
_STEPS = frozenset((".", ".."))


class TrustPolicy:
    """The URLs whose top frame may speak to Python.

    Parameters
    ----------
    *origins : str
        As `add_origin` takes them.

    Notes
    -----
    Thread: GUI
    """

    def __init__(self, *origins: str) -> None:
        self._prefixes: list[str] = []
        for origin in origins:
            self.add_origin(origin)

    @property
    def prefixes(self) -> list[str]:
        """What ``location.href`` has to begin with, local paths decoded; each ends in ``/``. Thread: GUI."""
        return list(self._prefixes)

    def add_origin(self, origin: str) -> None:
        """Trust every page of an origin, such as ``http://localhost:5173``.

        Raises
        ------
        ValueError
            It is no ``scheme://host[:port]``; a path, user name or wildcard is refused rather than ignored.
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

        A folder whose name is no text cannot be named that way, and no page of it is trusted at such an address.
        """
        folder = _local_path(folder_url)
        if folder is not None:
            self._add(folder.rstrip("/") + "/")

    def _add(self, prefix: str) -> None:
        if prefix not in self._prefixes:
            self._prefixes.append(prefix)

    def trusts(self, url: str) -> bool:
        """Whether a page at `url` is answered. Thread: GUI."""
        if url[:5].lower() == "file:":
            local = _local_path(url)
            return local is not None and any(local.startswith(prefix) for prefix in self._prefixes)
        # Elsewhere nothing is decoded: in http://trusted%2F@other/ the host is the other one.
        return any(url.startswith(prefix) for prefix in self._prefixes)


def _local_path(url: str) -> str | None:
    """Give the URL of a local file with its path decoded, on drives and shares alike; None if it names none for certain."""
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
