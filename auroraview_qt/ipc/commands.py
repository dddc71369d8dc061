"""Command: a function the page may call, its signature read once. No Qt; runs on the caller's thread."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any, Callable

from auroraview_qt.errors import InvalidArgumentsError

Callback = Callable[..., object]


class Command:
    """A function the page may call, with its signature read once."""

    __slots__ = ("_least", "_most", "_names", "_signature", "fn")

    def __init__(self, fn: Callback) -> None:
        self.fn = fn
        self._signature: inspect.Signature | None
        try:
            self._signature = inspect.signature(fn)
        except (TypeError, ValueError):  # some builtins tell nothing
            self._signature = None
        # Plain parameters are compared by name and number, since binding takes many times longer; others always are bound.
        self._names: set[str] | None = None
        self._least, self._most = 1, 0
        parameters = list(self._signature.parameters.values()) if self._signature else []
        if self._signature and all(p.kind is p.POSITIONAL_OR_KEYWORD for p in parameters):
            self._names = {p.name for p in parameters}
            self._least, self._most = sum(p.default is p.empty for p in parameters), len(parameters)

    def run(self, name: str, arguments: Sequence[Any]) -> object:
        """Call the function with a call's params, none or one: an object gives keywords, an array positionals."""
        if arguments:
            params = arguments[0]
            if type(params) is dict:
                if params.keys() != self._names:
                    self._check(name, (), params)
                return self.fn(**params)
            if type(params) is list:
                arguments = params
        if not self._least <= len(arguments) <= self._most:
            self._check(name, arguments, {})
        return self.fn(*arguments)

    def _check(self, name: str, args: Sequence[Any], keywords: dict[str, Any]) -> None:
        """Raise `InvalidArgumentsError` for what the function does not take."""
        if self._signature is not None:
            try:
                self._signature.bind(*args, **keywords)
            except TypeError as error:
                raise InvalidArgumentsError(f"command {name!r}{self._signature}: {error}") from None
