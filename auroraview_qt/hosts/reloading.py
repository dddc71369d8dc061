"""What a tool, or this package, leaves behind that is loaded again during development. GUI thread.

Owns: telling a factory from the one its reloaded module has now, and the end of frames that an earlier import of this
package has left in the host.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Iterator
from types import CodeType
from typing import Any

from auroraview_qt.qt.support.widgets_only import QtWidgets

#: Marks our frames, so that one left behind by an earlier import of this package is told from the host's own.
MARK = "auroraview_panel"


def is_reloaded(old: object, new: object) -> bool:
    """Whether `new` is what the module of `old` has under that name since it was loaded again.

    Functions without a name of their own at the top of a module, such as a lambda there, are never taken for reloaded.

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
    """Give a factory's name for a log.  Thread: any."""
    return _name(_maker(factory)).replace(":", ".")


def _maker(factory: object) -> Any:
    """Give the function or class behind partials, methods and decorators."""
    while isinstance(factory, functools.partial):
        factory = factory.func
    factory = getattr(factory, "__func__", factory)
    if not hasattr(factory, "__qualname__"):  # an object that can be called
        return type(factory)
    return inspect.unwrap(factory) if callable(factory) else factory


def _name(maker: Any) -> str:
    return f"{maker.__module__}:{maker.__qualname__}"


def _identity(maker: Any) -> int:
    """Give what is another one after the module was loaded again, and the same for each function made from one ``def``."""
    return id(getattr(maker, "__code__", maker))


def _parts(maker: Any) -> Iterator[int]:
    """Give the identity of a function or class, and of all that are defined inside a function."""
    yield _identity(maker)
    waiting = [getattr(maker, "__code__", None)]
    while waiting:
        code = waiting.pop()
        inner = [each for each in getattr(code, "co_consts", ()) if isinstance(each, CodeType)]
        waiting.extend(inner)
        yield from map(id, inner)


def end_leftover(frame: QtWidgets.QWidget, content: QtWidgets.QWidget | None) -> None:
    """Delete a frame an earlier import has left, its page first: its panel would take it out and keep it.  Thread: GUI."""
    if content is not None:
        content.deleteLater()
    frame.setObjectName("")
    frame.deleteLater()
