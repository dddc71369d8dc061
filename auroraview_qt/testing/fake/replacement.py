"""Put `FakeView` in the place of `WebView`, in all modules that have imported it. Thread: the test's. No Qt."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import auroraview_qt
from auroraview_qt.testing.fake.view import FakeView

#: The public names that make a view, and the modules that define them.
_REPLACED = {
    "WebView": "auroraview_qt.qt.view",
    "QtWebView": "auroraview_qt.qt.compat",
    "create_view": "auroraview_qt.qt.placeholder",
}


def replace_views() -> Callable[[], None]:
    """Replace the names; return a function that puts them back."""
    before: list[tuple[dict[str, Any], str, Any]] = []

    def replace(names: dict[str, Any], name: str) -> None:
        before.append((names, name, names.get(name)))
        names[name] = FakeView

    real = {}
    for name, home in _REPLACED.items():
        replace(vars(auroraview_qt), name)
        if home in sys.modules:
            real[name] = vars(sys.modules[home]).get(name)
    for title, module in list(sys.modules.items()):
        names = getattr(module, "__dict__", None)
        if type(names) is dict and title.partition(".")[0] != "auroraview_qt":
            for name, kind in real.items():
                if kind is not None and names.get(name) is kind:
                    replace(names, name)

    def put_back() -> None:
        for names, name, value in before:
            if value is None:
                names.pop(name, None)
            else:
                names[name] = value

    return put_back
