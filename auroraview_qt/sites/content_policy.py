"""Make the content security policy of served apps, which limits loads, connections and frames. Thread: any. No Qt.

An app runs its own files only. Inline styles stay, since component libraries set them. `data:` and `blob:` cannot be used to
send data.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from auroraview_qt.policy import Policy

#: Sources of each directive; a directive without sources is 'none'.
_APP: dict[str, tuple[str, ...]] = {
    "default-src": ("'self'",),
    "script-src": ("'self'",),
    "style-src": ("'self'", "'unsafe-inline'"),
    "img-src": ("'self'", "data:", "blob:"),
    "font-src": ("'self'", "data:"),
    "media-src": ("'self'", "blob:"),
    "connect-src": ("'self'", "data:", "blob:"),
    "frame-src": ("'self'",),
    "object-src": (),
    "base-uri": (),
    "form-action": (),
}
#: Sources of a directive that only `Policy.directives` adds.
_OTHERS = ("'self'",)
#: Directives for loads of a page, except scripts.
_LOADS = ("style-src", "img-src", "font-src", "media-src", "connect-src", "frame-src")
#: The source that allows nothing.
_NO_SOURCE = "'none'"


def content_policy(policy: Policy, *, has_wasm_switch: bool = True) -> str:
    """Return the header's text for the pages of a served app.

    Thread: any.

    Parameters
    ----------
    policy : Policy
        The program's rules.
    has_wasm_switch : bool
        Whether the engine can allow WebAssembly alone: Chromium 97.
    """
    return _text(_directives(policy, has_wasm_switch))


def development_policy(policy: Policy, url: str, further: Iterable[str] = (), *, has_wasm_switch: bool = True) -> str:
    """Return the policy for a development server, which also allows inline scripts and its own WebSocket for hot reload.

    Thread: any.

    Parameters
    ----------
    policy, has_wasm_switch
        As for `content_policy`.
    url : str
        The origin of the development server.
    further : iterable of str
        Sources the pages may load from beside the server, except scripts.
    """
    directives = _directives(policy, has_wasm_switch)
    host = urlsplit(url).hostname or ""
    written = f"[{host}]" if ":" in host else host
    directives["script-src"] += ("'unsafe-inline'",)
    directives["connect-src"] += (f"ws://{written}:*", f"wss://{written}:*")
    for name in _LOADS:
        directives[name] += tuple(further)
    return _text(directives)


def _directives(policy: Policy, has_wasm_switch: bool) -> dict[str, tuple[str, ...]]:
    web = tuple(origin for origin in policy.connect if origin.startswith("http"))
    script: tuple[str, ...] = ()
    if policy.script_eval or (policy.wasm and not has_wasm_switch):
        script += ("'unsafe-eval'",)
    if policy.wasm and has_wasm_switch:
        script += ("'wasm-unsafe-eval'",)
    further = {
        "script-src": script,
        "img-src": web,
        "media-src": web,
        "connect-src": tuple(policy.connect),
        "frame-src": tuple(policy.frame),
        "form-action": tuple(policy.navigate),
    }
    found = {name: sources + further.get(name, ()) for name, sources in _APP.items()}
    for name, sources in policy.directives.items():
        found[name] = (*found.get(name, _OTHERS), *sources)
    return found


def _text(directives: dict[str, tuple[str, ...]]) -> str:
    return "; ".join(f"{name} {' '.join(sources) or _NO_SOURCE}" for name, sources in directives.items())
