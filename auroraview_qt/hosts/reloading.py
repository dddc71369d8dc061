"""Clean up after a tool, or this package, that is loaded again during development. GUI thread.

Owns the comparison of a factory with its reloaded version, and the end of frames from an earlier import of this package.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Iterator
from types import CodeType
from typing import Any

from auroraview_qt.qt.support.widgets_only import QtWidgets


def is_reloaded(old: object, new: object) -> bool:
    """Return whether `new` is the reloaded version of `old`: the same name in the same module, loaded again.

    Functions without a top-level name, such as a lambda, never count as reloaded.

    Thread: any.
    """
    before, after = _maker(old), _maker(new)
    if _name(before) != _name(after):
        return False
    module, _, path = _name(after).partition(":")
    found: object = sys.modules.get(module)
    for part in path.partition(".<locals>")[0].split("."):
        found = getattr(found, part, None)
    there = list(_parts(_maker(found)))
    return _identity(after) in there and _identity(before) not in there


def name_of(factory: object) -> str:
    """Return a factory's name for a log.  Thread: any."""
    return _name(_maker(factory)).replace(":", ".")


def _maker(factory: object) -> Any:
    """Return the function or class behind partials, methods and decorators."""
    while isinstance(factory, functools.partial):
        factory = factory.func
    factory = getattr(factory, "__func__", factory)
    if not hasattr(factory, "__qualname__"):  # an object that can be called
        return type(factory)
    return inspect.unwrap(factory) if callable(factory) else factory


def _name(maker: Any) -> str:
    return f"{maker.__module__}:{maker.__qualname__}"


def _identity(maker: Any) -> int:
    """Return an id that changes when the module is reloaded, and that is the same for all functions of the same ``def``."""
    return id(getattr(maker, "__code__", maker))


def _parts(maker: Any) -> Iterator[int]:
    """Return the identity of a function or class, and of all that are defined inside a function."""
    yield _identity(maker)
    waiting = [getattr(maker, "__code__", None)]
    while waiting:
        code = waiting.pop()
        inner = [each for each in getattr(code, "co_consts", ()) if isinstance(each, CodeType)]
        waiting.extend(inner)
        yield from map(id, inner)


def end_leftover(frame: QtWidgets.QWidget, content: QtWidgets.QWidget | None) -> None:
    """Delete a frame of an earlier import, its page first; otherwise its panel would take the page out and keep it.

    Thread: GUI.
    """
    if content is not None:
        content.deleteLater()
    frame.setObjectName("")
    frame.deleteLater()
