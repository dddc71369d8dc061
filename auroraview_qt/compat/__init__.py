"""The names of AuroraView, for programs written for it: porting changes a single import.

`QtWebView`, `AuroraView` and `Signal` have AuroraView's spelling. `WebView` is this package's own and accepts the same
calls. Names load on first use.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auroraview_qt.compat.aurora_view import AuroraView as AuroraView
    from auroraview_qt.compat.signals import ConnectionId as ConnectionId
    from auroraview_qt.compat.signals import Signal as Signal
    from auroraview_qt.qt.compat import QtWebView as QtWebView
    from auroraview_qt.qt.view import WebView as WebView

__all__ = ["AuroraView", "ConnectionId", "QtWebView", "Signal", "WebView"]

_HOMES = {
    "AuroraView": "auroraview_qt.compat.aurora_view",
    "ConnectionId": "auroraview_qt.compat.signals",
    "QtWebView": "auroraview_qt.qt.compat",
    "Signal": "auroraview_qt.compat.signals",
    "WebView": "auroraview_qt.qt.view",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
