"""Put `FakeView` in the place of `WebView`, in all modules that have imported it. Thread: the test's. No Qt."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable, Iterator
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
    is_first = vars(auroraview_qt).get("WebView") is not FakeView

    def replace(names: dict[str, Any], name: str) -> None:
        before.append((names, name, names.get(name)))
        names[name] = FakeView

    real = {name: vars(sys.modules[home])[name] for name, home in _REPLACED.items() if home in sys.modules}
    for name in _REPLACED:
        replace(vars(auroraview_qt), name)
    for names, name in _uses(real):
        if names[name] is real[name]:
            replace(names, name)

    def put_back() -> None:
        for names, name, value in before:
            if value is None:
                names.pop(name, None)
            else:
                names[name] = value
        if is_first and _REPLACED["WebView"] in sys.modules:
            for names, name in _uses(_REPLACED):
                if names[name] is FakeView:  # of a module that was imported meanwhile
                    names[name] = getattr(importlib.import_module(_REPLACED[name]), name)

    return put_back


def _uses(names_of_views: Iterable[str]) -> Iterator[tuple[dict[str, Any], str]]:
    """Return the modules outside this package that have one of these names."""
    for title, module in list(sys.modules.items()):
        names = getattr(module, "__dict__", None)
        if type(names) is dict and title.partition(".")[0] != "auroraview_qt":
            for name in names_of_views:
                if name in names:
                    yield names, name
