"""Command: a function the page may call, its signature read once. No Qt; runs on the caller's thread."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any, Callable, Literal

from auroraview_qt.errors import InvalidArgumentsError
from auroraview_qt.ipc.calls import CallContext

Callback = Callable[..., object]
#: Where a command runs.
Thread = Literal["gui", "pool"]


class Command:
    """A function the page may call, with its signature read once.

    Parameters
    ----------
    fn : callable
        The function.
    thread : {"gui", "pool"}
        Where it runs; ``async def`` runs on an asyncio loop in any case.

    Attributes
    ----------
    is_plain : bool
        It runs on the GUI thread, at once, and knows nothing of its call.
    context_name : str or None
        The parameter that gets the `CallContext`.
    streams : bool
        It is a generator function.

    Raises
    ------
    ValueError
        `thread` is neither.
    """

    __slots__ = ("_full", "_least", "_most", "_names", "_signature", "context_name", "fn", "is_plain", "streams", "thread")

    def __init__(self, fn: Callback, thread: Thread = "gui") -> None:
        if thread not in ("gui", "pool"):
            raise ValueError(f"thread={thread!r}: use 'gui' or 'pool'")
        self.fn = fn
        self.thread: Thread = thread
        self._full: inspect.Signature | None
        try:
            self._full = inspect.signature(fn)
        except (TypeError, ValueError):  # some builtins tell nothing
            self._full = None
        self._signature = self._full
        parameters = list(self._full.parameters.values()) if self._full else []
        self.context_name = next((p.name for p in parameters if _wants_context(p.annotation)), None)
        if self._full and self.context_name:
            parameters = [p for p in parameters if p.name != self.context_name]
            self._signature = self._full.replace(parameters=parameters)
        # Plain parameters are compared by name and number, since binding takes many times longer; others always are bound.
        self._names: set[str] | None = None
        self._least, self._most = 1, 0
        if self._signature and all(p.kind is p.POSITIONAL_OR_KEYWORD for p in parameters):
            self._names = {p.name for p in parameters}
            self._least, self._most = sum(p.default is p.empty for p in parameters), len(parameters)
        kinds = (fn, type(fn).__call__)  # an object may have an asynchronous __call__
        self.streams = any(inspect.isgeneratorfunction(f) or inspect.isasyncgenfunction(f) for f in kinds)
        if any(inspect.iscoroutinefunction(f) for f in kinds):
            self.thread = "gui"  # where it is called; it runs on a loop
        self.is_plain = self.thread == "gui" and self.context_name is None and not self.streams

    def run(self, name: str, arguments: Sequence[Any]) -> object:
        """Call the function with a call's params, none or one: an object gives keywords, an array positionals."""
        if arguments:
            params = arguments[0]
            if type(params) is dict:
                if params.keys() != self._names:
                    self._bind(name, (), params)
                return self.fn(**params)
            if type(params) is list:
                arguments = params
        if not self._least <= len(arguments) <= self._most:
            self._bind(name, arguments, {})
        return self.fn(*arguments)

    def prepare(self, name: str, arguments: Sequence[Any], context: CallContext) -> Callable[[], object]:
        """Give what calls the function with a call's params and its context; raises `InvalidArgumentsError` at once."""
        args, keywords = arguments, {}
        if arguments and type(arguments[0]) is dict:
            args, keywords = (), arguments[0]
        elif arguments and type(arguments[0]) is list:
            args = arguments[0]
        bound = self._bind(name, args, keywords)
        if self._full is None or bound is None or self.context_name is None:
            return lambda: self.fn(*args, **keywords)
        bound.arguments[self.context_name] = context
        call = inspect.BoundArguments(self._full, bound.arguments)
        return lambda: self.fn(*call.args, **call.kwargs)

    def _bind(self, name: str, args: Sequence[Any], keywords: dict[str, Any]) -> inspect.BoundArguments | None:
        """Bind arguments or raise `InvalidArgumentsError`; None where nothing is known of the function."""
        if self._signature is None:
            return None
        try:
            return self._signature.bind(*args, **keywords)
        except TypeError as error:
            raise InvalidArgumentsError(f"command {name!r}{self._signature}: {error}") from None


def _wants_context(annotation: object) -> bool:
    """Whether a parameter is annotated `CallContext`, as a class or, from a module with postponed annotations, by name."""
    if isinstance(annotation, str):
        return annotation.strip("'\"").rpartition(".")[2] == CallContext.__name__
    return annotation is CallContext
