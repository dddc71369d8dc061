"""Which pages the bridge answers: a list of URL prefixes, one rule for Python and the page runtime. No Qt."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

#: What a URL without a port means, so that ``https://tool:443`` and ``https://tool`` are one origin.
_DEFAULT_PORTS = {"http": 80, "https": 443}


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
        """Trust the local pages below a folder, given as its ``file:///…`` URL."""
        self._add(unquote(folder_url).rstrip("/") + "/")

    def _add(self, prefix: str) -> None:
        if prefix not in self._prefixes:
            self._prefixes.append(prefix)

    def trusts(self, url: str) -> bool:
        """Whether a page at `url` is answered. Thread: GUI."""
        if url.startswith("file:///"):
            url = unquote(url)
            if "/../" in url or "\\" in url:
                return False
        # Elsewhere nothing is decoded: in http://trusted%2F@other/ the host is the other one.
        return any(url.startswith(prefix) for prefix in self._prefixes)
