"""Define `Policy`: the rules for a page beyond its own app. Closed by default. No Qt; any thread."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Callable, Union
from urllib.parse import urlsplit

from auroraview_qt._wording import suggest, there_are

#: ``"refuse"``, ``"ask"``, an absolute folder, or a function of the `Download` that returns one of these.
Downloads = Union[str, "os.PathLike[str]", Callable[[Any], object]]
DOWNLOADS = ("refuse", "ask")
DIALOGS = ("log", "modal")
#: Permissions of the web platform that a policy may grant to pages with the bridge.
PERMISSIONS = (
    "camera",
    "clipboard-read",
    "clipboard-write",
    "geolocation",
    "local-fonts",
    "microphone",
    "notifications",
    "pointer-lock",
    "screen",
)
#: Capabilities of `WebView.enable` that a policy may enable, too.
CAPABILITIES = ("fs", "dialog", "clipboard", "drag", "shell")
#: ``"browser"``, ``"refuse"``, or a function of the address. The function returns one of these, or None if it has handled
#: the address.
Popups = Union[str, Callable[[str], object]]

POPUPS = ("browser", "refuse")
#: ``"edit"``, ``"none"``, ``"browser"``, or a function of the menu that changes it before it opens.
ContextMenu = Union[str, Callable[[Any], object]]
CONTEXT_MENUS = ("edit", "none", "browser")
#: Logins by their origins, or a function of an origin and the name of the area behind the login.
Credentials = Union[Mapping[str, Sequence[str]], Callable[[str, str], object]]
#: True, False, or options.
Capability = Union[bool, Mapping[str, Any]]
#: Directives of a content security policy that `Policy.directives` may extend.
DIRECTIVES = (
    "base-uri",
    "child-src",
    "connect-src",
    "default-src",
    "font-src",
    "form-action",
    "frame-src",
    "img-src",
    "manifest-src",
    "media-src",
    "object-src",
    "script-src",
    "style-src",
    "worker-src",
)
_EXAMPLES = {"fs": 'a dict of options: fs={"roots": ["/projects"]}'}
_WEB = ("https", "http")
_SERVICES = ("https", "http", "wss", "ws")
_DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443, "proxy": 8080}
_HOST = re.compile(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")
#: A source expression of a directive: no space, and nothing that ends the directive, the policy or an HTML attribute.
_SOURCE = re.compile(r"[^\s;,\"<>]+")


@dataclass(frozen=True)
class Policy:
    """The rules for a view's page beyond its own app; the view refuses everything that no argument allows.

    Each refusal is logged once for its kind and origin, with the argument that would allow it.

    Parameters
    ----------
    connect : iterable of str
        Origins of services: ``("https://api.studio.lan", "wss://farm.studio.lan")``. A served app may fetch from them, show
        their images and media, and open WebSockets to them.
    navigate : iterable of str
        Origins that the panel may show, such as a login. They do not get the bridge.
    frame : iterable of str
        Origins that a served app may embed in an ``<iframe>``. They do not get the bridge.
    popups : {"browser", "refuse"} or callable
        How addresses open outside of the panel: links that leave it, ``target=_blank``, ``window.open``. ``"browser"`` opens
        them in the system's browser after a click or a key press. A function gets the address, on the GUI thread, and
        returns ``"browser"``, ``"refuse"``, or None if it has dealt with the address itself.
    downloads : {"refuse", "ask"}, path or callable
        Files that a page offers, from the server, or of its own (``blob:``, ``data:``). ``"ask"`` opens a dialog, a path is
        an absolute folder. A function gets the `Download`, on the GUI thread, and returns ``"refuse"``, ``"ask"``, a folder,
        or the file. No file is replaced: a second ``a.csv`` becomes ``a (1).csv``.
    dialogs : {"log", "modal"}
        ``alert``, ``confirm`` and ``prompt``: ``"log"`` answers no. ``"modal"`` asks, in a nested event loop.
    file_pickers : bool
        Whether ``<input type=file>`` opens a dialog.
    permissions : iterable of str
        Permissions of the web platform for pages with the bridge: ``"camera"``, ``"clipboard-read"``, ``"clipboard-write"``,
        ``"geolocation"``, ``"local-fonts"``, ``"microphone"``, ``"notifications"``, ``"pointer-lock"``, ``"screen"``.
    zoom : bool
        Whether the wheel with Ctrl zooms the page; Ctrl+0 resets the zoom.
    context_menu : {"edit", "none", "browser"} or callable
        The menu of the right mouse button. ``"edit"`` has the entries for text, and Inspect with ``devtools=True``.
        ``"browser"`` has all entries of the engine. A function gets the `QMenu` with the entries of ``"edit"``, on the GUI
        thread, and may change the menu before it opens.
    certificate_errors : iterable of str
        Origins whose invalid certificates are accepted, such as self-signed certificates of the studio:
        ``("https://farm.studio.lan",)``.
    credentials : mapping or callable
        Logins for servers and proxies that ask for a user and a password:
        ``{"https://farm.studio.lan": ("ann", "secret"), "proxy://proxy.studio.lan": ("ann", "secret")}``. A function gets an
        origin and the server's name for the login (realm), on the GUI thread, and returns ``(user, password)`` or None. A
        refused login is not sent again.
    fullscreen : bool
        Whether pages may show an element on the full screen; Escape ends it.
    script_eval : bool
        Whether a served app may use ``eval`` and ``new Function``.
    wasm : bool
        Whether a served app may compile WebAssembly. QtWebEngine before 6.4 has no switch for this alone: there `wasm`
        allows ``eval`` too.
    fs, dialog, clipboard, drag, shell : bool or mapping
        Capabilities, enabled from the start: True, or the options of `WebView.enable`: ``fs={"roots": ["/projects"]}``.
    directives : mapping of str to iterable of str
        Further sources for single directives of the content security policy of a served app:
        ``{"font-src": ["https://fonts.studio.lan"]}``.

    Raises
    ------
    TypeError
        An unknown argument, or a value of the wrong type.
    ValueError
        An invalid value; the message shows valid values.

    Notes
    -----
    An origin is ``scheme://host`` or ``scheme://host:port``. ``https://*.studio.lan`` matches every host below it.

    Thread: any
    """

    connect: Iterable[str] = ()
    navigate: Iterable[str] = ()
    frame: Iterable[str] = ()
    popups: Popups = "browser"
    downloads: Downloads = "refuse"
    dialogs: str = "log"
    file_pickers: bool = True
    permissions: Iterable[str] = ()
    zoom: bool = False
    context_menu: ContextMenu = "edit"
    certificate_errors: Iterable[str] | None = None
    credentials: Credentials = field(default_factory=dict, hash=False, repr=False)
    fullscreen: bool = False
    script_eval: bool = False
    wasm: bool = False
    directives: Mapping[str, Iterable[str]] = field(default_factory=dict, hash=False)
    fs: Capability = field(default=False, hash=False)
    dialog: Capability = field(default=False, hash=False)
    clipboard: Capability = field(default=False, hash=False)
    drag: Capability = field(default=False, hash=False)
    shell: Capability = field(default=False, hash=False)

    def __new__(cls, *arguments: Any, **keywords: Any) -> Policy:
        """Name the nearest argument, because Python would only reject the keyword."""
        known = [one.name for one in fields(cls)]
        for keyword in keywords:
            if keyword not in known:
                raise TypeError(f"Policy() has no argument {keyword!r}: {_hint(keyword, known)}")
        return super().__new__(cls)

    def __post_init__(self) -> None:
        if self.certificate_errors is None:
            object.__setattr__(self, "certificate_errors", ())
        kinds = (("connect", _SERVICES), ("navigate", _WEB), ("frame", _WEB), ("certificate_errors", ("https", "wss")))
        for name, schemes in kinds:
            origins = tuple(_origin(name, text, schemes) for text in _texts(name, getattr(self, name)))
            object.__setattr__(self, name, origins)
        if not callable(self.popups) and self.popups not in POPUPS:
            hint = _hint(self.popups, POPUPS)
            raise ValueError(f"Policy(popups={self.popups!r}): use a word or a function of the address; {hint}")
        if not callable(self.context_menu) and self.context_menu not in CONTEXT_MENUS:
            hint = _hint(self.context_menu, CONTEXT_MENUS)
            raise ValueError(f"Policy(context_menu={self.context_menu!r}): use a word or a function of the menu; {hint}")
        if self.dialogs not in DIALOGS:
            raise ValueError(f"Policy(dialogs={self.dialogs!r}): {_hint(self.dialogs, DIALOGS)}")
        permissions = _texts("permissions", self.permissions)
        for name in permissions:
            if name not in PERMISSIONS:
                raise ValueError(f"Policy(permissions=…): there is no permission {name!r}: {_hint(name, PERMISSIONS)}")
        object.__setattr__(self, "permissions", permissions)
        _check_downloads(self.downloads)
        for name in CAPABILITIES:
            _check_capability(name, getattr(self, name))
        for name in ("script_eval", "wasm", "file_pickers", "zoom", "fullscreen"):
            if not isinstance(getattr(self, name), bool):
                raise TypeError(f"Policy({name}={getattr(self, name)!r}): use True or False")
        object.__setattr__(self, "directives", _directives(self.directives))
        if not callable(self.credentials):
            object.__setattr__(self, "credentials", _credentials(self.credentials))

    def shows(self, url: str) -> bool:
        """Return whether a page at `url`, fully encoded, may be shown in the panel although it is not trusted."""
        return any(covers(origin, url) for origin in self.navigate)

    def capabilities(self) -> dict[str, dict[str, Any]]:
        """Return the enabled capabilities and their options."""
        given = {name: getattr(self, name) for name in CAPABILITIES}
        return {name: {} if value is True else dict(value) for name, value in given.items() if value is not False}

    def accepts_certificate(self, url: str) -> bool:
        """Whether an invalid certificate of the server at `url`, fully encoded, is accepted."""
        return any(covers(origin, url) for origin in self.certificate_errors or ())

    def login(self, origin: str, realm: str) -> tuple[str, str] | None:
        """Return user and password for an origin, or None; ask the program's function. Thread: GUI.

        Raises
        ------
        TypeError
            The function returned something else.
        """
        if not callable(self.credentials):
            return next((_login("", login) for known, login in self.credentials.items() if covers(known, origin)), None)
        answer = self.credentials(origin, realm)
        return None if answer is None else _login("the function for credentials returned", answer)


def covers(origin: str, url: str) -> bool:
    """Return whether a fully encoded URL belongs to an origin as `Policy` keeps it. Thread: any."""
    scheme, _, host = origin.partition("://")
    if not host.startswith("*."):
        return url.startswith(f"{origin}/") or url == origin
    return re.match(rf"{scheme}://[a-z0-9_.-]+{re.escape(host[1:])}(?:/|$)", url) is not None


def origin_of(url: str) -> str:
    """Return the origin of a URL for messages: ``https://example.com``, or ``mailto:`` if there is no host. Thread: any."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:  # of no valid host
        return url[:80]
    return f"{parts.scheme}://{host}" if host else f"{parts.scheme}:"


def _texts(name: str, value: object) -> tuple[str, ...]:
    """Return the items of an argument; a single text is a list with a single item."""
    values = (value,) if isinstance(value, str) else value
    if not isinstance(values, Iterable) or isinstance(values, (bytes, Mapping)):
        raise TypeError(f"Policy({name}={value!r}): give a list of texts")
    texts = tuple(values)
    for text in texts:
        if not isinstance(text, str):
            raise TypeError(f"Policy({name}=…): {text!r} is no text")
    return texts


def _origin(name: str, text: str, schemes: tuple[str, ...]) -> str:
    """Return an origin as browsers write it, or raise ValueError."""
    wrong = f"Policy({name}=…): {text!r}: "
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
        encoded = host if host.isascii() else host.encode("idna").decode()
    except ValueError as error:  # includes UnicodeError
        raise ValueError(f"{wrong}{error}") from None
    if parts.scheme not in schemes or not host:
        forms = ", ".join(f"{scheme}://" for scheme in schemes)
        hint = suggest(parts.scheme, schemes, f"give scheme://host; schemes are {forms}").text
        raise ValueError(f"{wrong}{hint}")
    if parts.path not in ("", "/") or parts.query or parts.fragment or parts.username is not None:
        raise ValueError(f"{wrong}give an origin, scheme://host[:port], and nothing behind it")
    written = f"[{encoded}]" if ":" in encoded else encoded
    if not _HOST.fullmatch(written):
        raise ValueError(
            f"{wrong}{host!r} is not a host; a star replaces only the first part of a host: https://*.studio.lan"
        )
    return f"{parts.scheme}://{written}" + ("" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}")


def _check_downloads(value: object) -> None:
    if callable(value) or value in DOWNLOADS:
        return
    if not isinstance(value, (str, os.PathLike)):
        raise TypeError(f"Policy(downloads={value!r}): give 'refuse', 'ask', a folder, or a function of the Download")
    if not os.path.isabs(value):  # noqa: PTH117  # a Path would hide the form of the text
        hint = suggest(str(value), DOWNLOADS, "give an absolute folder, 'refuse' or 'ask'").text
        raise ValueError(f"Policy(downloads={str(value)!r}): {hint}")


def _check_capability(name: str, value: object) -> None:
    if not isinstance(value, (bool, Mapping)) or (value is True and name == "fs"):
        raise TypeError(f"Policy({name}={value!r}): give {_EXAMPLES.get(name, 'True, or a dict of options')}")


def _directives(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, Mapping):
        raise TypeError(f"Policy(directives={value!r}): give a dict of directives and their sources")
    found = {}
    for directive, sources in value.items():
        if directive not in DIRECTIVES:
            raise ValueError(f"Policy(directives=…): there is no directive {directive!r}: {_hint(directive, DIRECTIVES)}")
        texts = [part for text in _texts(f"directives[{directive!r}]", sources) for part in text.split()]
        for source in texts:
            if not _SOURCE.fullmatch(source) or not source.isascii():
                raise ValueError(f"Policy(directives={{{directive!r}: …}}): {source!r} is no source")
        found[directive] = tuple(texts)
    return found


def _credentials(value: object) -> dict[str, tuple[str, str]]:
    if not isinstance(value, Mapping):
        raise TypeError("Policy(credentials=…): give a dict of origins and (user, password), or a function")
    found = {}
    for text in _texts("credentials", value.keys()):
        origin = _origin("credentials", text, (*_WEB, "proxy"))
        found[origin] = _login(f"Policy(credentials={{{text!r}: …}}):", value[text])
    return found


def _login(wrong: str, value: object) -> tuple[str, str]:
    """Return user and password after a check; no message shows them."""
    parts = tuple(value) if isinstance(value, (tuple, list)) else ()
    if len(parts) != 2 or not all(isinstance(part, str) for part in parts):
        raise TypeError(f"{wrong} {type(value).__name__}: give (user, password), both of them texts")
    return parts


def _hint(name: object, known: Sequence[str]) -> str:
    return suggest(name, known, there_are(known)).text
