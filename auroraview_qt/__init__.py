"""Modern web UIs inside DCC applications and plain Qt programs.

Public names load on first use. Importing this package, or a module below :mod:`auroraview_qt.ipc`, loads no Qt. So a host's
start-up script can import it before the host has decided about QtWebEngine.
"""

from __future__ import annotations

import importlib
import logging
from typing import TYPE_CHECKING

from auroraview_qt import _visible_log
from auroraview_qt._version import __version__
from auroraview_qt.host import detection

if TYPE_CHECKING:
    from auroraview_qt.errors import AuroraViewError as AuroraViewError
    from auroraview_qt.host.protocol import Host
    from auroraview_qt.hosts.startup import register_scheme as register_scheme
    from auroraview_qt.ipc.calls.callbacks import Subscription as Subscription
    from auroraview_qt.ipc.calls.channels import Channel as Channel
    from auroraview_qt.ipc.calls.page_calls import PageFuture as PageFuture
    from auroraview_qt.ipc.calls.running import CallContext as CallContext
    from auroraview_qt.ipc.engine.broadcasting import broadcast as broadcast
    from auroraview_qt.ipc.state.shared_state import SharedState as SharedState
    from auroraview_qt.policy import Policy as Policy
    from auroraview_qt.qt.compat import QtWebView as QtWebView
    from auroraview_qt.qt.placeholder import Placeholder as Placeholder
    from auroraview_qt.qt.placeholder import create_view as create_view
    from auroraview_qt.qt.placeholder import safe_view as safe_view
    from auroraview_qt.qt.prewarm import prewarm as prewarm
    from auroraview_qt.qt.view import WebView as WebView
    from auroraview_qt.schema.encoders import register_encoder as register_encoder
    from auroraview_qt.sites.resources import Resource as Resource

__all__ = [
    "AuroraViewError",
    "CallContext",
    "Channel",
    "PageFuture",
    "Placeholder",
    "Policy",
    "QtWebView",
    "Resource",
    "SharedState",
    "Subscription",
    "WebView",
    "__version__",
    "broadcast",
    "create_view",
    "prewarm",
    "register_encoder",
    "register_scheme",
    "safe_view",
]

_HOMES = {
    "AuroraViewError": "auroraview_qt.errors",
    "CallContext": "auroraview_qt.ipc.calls.running",
    "Channel": "auroraview_qt.ipc.calls.channels",
    "PageFuture": "auroraview_qt.ipc.calls.page_calls",
    "Policy": "auroraview_qt.policy",
    "QtWebView": "auroraview_qt.qt.compat",
    "Resource": "auroraview_qt.sites.resources",
    "SharedState": "auroraview_qt.ipc.state.shared_state",
    "Subscription": "auroraview_qt.ipc.calls.callbacks",
    "WebView": "auroraview_qt.qt.view",
    "broadcast": "auroraview_qt.ipc.engine.broadcasting",
    "register_encoder": "auroraview_qt.schema.encoders",
    "Placeholder": "auroraview_qt.qt.placeholder",
    "create_view": "auroraview_qt.qt.placeholder",
    "safe_view": "auroraview_qt.qt.placeholder",
    "prewarm": "auroraview_qt.qt.prewarm",
    "register_scheme": "auroraview_qt.hosts.startup",
}

_visible_log.install(logging.getLogger(__name__))


def _built_in_hosts() -> tuple[type[Host], ...]:
    adapters: tuple[type[Host], ...] = importlib.import_module("auroraview_qt.hosts.built_in").adapters()
    return adapters


detection.provide(_built_in_hosts)


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
