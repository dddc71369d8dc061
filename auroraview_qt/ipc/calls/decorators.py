"""Provide decorators: for methods of a single thread, and for methods that act as decorators without a function. No Qt."""

from __future__ import annotations

import functools
import threading
from typing import Any, Callable, TypeVar, cast

from auroraview_qt.errors import wrong_thread

F = TypeVar("F", bound=Callable[..., Any])


def owner_thread_only(method: F) -> F:
    """Make a method raise `WrongThreadError` on threads other than its object's ``_owner_thread``."""

    @functools.wraps(method)
    def run_checked(self: Any, *args: Any, **keywords: Any) -> Any:
        if threading.get_ident() != self._owner_thread:
            raise wrong_thread(f"{type(self).__name__}.{method.__name__}()")
        return method(self, *args, **keywords)

    return cast(F, run_checked)


def as_decorator(register: Callable[[F], object]) -> Callable[[F], F]:
    """Return a decorator that registers a function and returns it unchanged."""

    def decorate(fn: F) -> F:
        register(fn)
        return fn

    return decorate
