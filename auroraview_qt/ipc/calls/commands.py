"""Command: a function the page may call, its signature read once. Thread: the caller's. No Qt."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any, Callable, Literal

from auroraview_qt.errors import InvalidArgumentsError
from auroraview_qt.ipc.calls.callbacks import Callback
from auroraview_qt.ipc.calls.running import CallContext
from auroraview_qt.schema import sendable, signatures, validation

#: The place where a command runs.
Thread = Literal["gui", "pool"]

signatures.injected_types.add(CallContext)


def is_generator(fn: Callback) -> bool:
    """Return whether a function, or an object's ``__call__``, yields parts. Thread: any."""
    return any(inspect.isgeneratorfunction(each) or inspect.isasyncgenfunction(each) for each in (fn, type(fn).__call__))


def is_coroutine(fn: Callback) -> bool:
    """Return whether a function, or an object's ``__call__``, is ``async def``. Thread: any."""
    return any(inspect.iscoroutinefunction(each) for each in (fn, type(fn).__call__))


class Command:
    """A function for the page, with its signature read once.

    Parameters
    ----------
    fn : callable
        The function.
    thread : {"gui", "pool"}
        The thread; ``async def`` always runs on an asyncio loop.

    Attributes
    ----------
    description : Description
        Its description. ``description.injected`` names the `CallContext` parameters, which pages neither see nor send, and
        which are not validated.
    runs_inline : bool
        Whether it runs on the GUI thread, at once, and without a context.
    streams : bool
        Whether it is a generator function.

    Raises
    ------
    ValueError
        `thread` is neither.
    """

    __slots__ = (
        "_least",
        "_most",
        "_names",
        "_order",
        "_validator",
        "description",
        "fn",
        "runs_inline",
        "streams",
        "thread",
    )

    def __init__(self, fn: Callback, thread: Thread = "gui") -> None:
        if thread not in ("gui", "pool"):
            raise ValueError(f"thread={thread!r}: use 'gui' or 'pool'")
        self.fn = fn
        self.thread: Thread = thread
        self.description = description = signatures.describe(fn)
        sendable.check(description, fn, signatures.name_of(fn))
        self._validator = validation.validator_of(description, signatures.name_of(fn))
        # Plain parameters are compared by name and number, because binding takes many times longer; others are always bound.
        self._names: set[str] | None = None
        self._least, self._most = 1, 0
        parameters = description.parameters
        has_names = description.visible is not None and all(p.kind is p.kind.POSITIONAL_OR_KEYWORD for p in parameters)
        self._order = [p.name for p in parameters] if has_names and self._validator is not None else None
        if has_names and self._validator is None and not description.injected:
            self._names = {p.name for p in parameters}
            self._least, self._most = sum(p.default is signatures.EMPTY for p in parameters), len(parameters)
        self.streams = is_generator(fn)
        if is_coroutine(fn):
            self.thread = "gui"  # at its call; it runs on a loop
        self.runs_inline = self.thread == "gui" and not description.injected and not self.streams

    def run(self, name: str, arguments: Sequence[Any]) -> object:
        """Call the function with the params of a call: none or a single value.

        An object gives keywords, an array gives positional arguments.
        """
        if arguments:
            params = arguments[0]
            if type(params) is dict:
                if params.keys() != self._names:
                    return self._run_checked(name, (), params)
                return self.fn(**params)
            if type(params) is list:
                arguments = params
        if not self._least <= len(arguments) <= self._most:
            return self._run_checked(name, arguments, {})
        return self.fn(*arguments)

    def prepare(self, name: str, arguments: Sequence[Any], context: CallContext) -> Callable[[], object]:
        """Return a function that runs the call with its params and context; raises `InvalidArgumentsError` at once."""
        args, keywords = arguments, {}
        if arguments and type(arguments[0]) is dict:
            args, keywords = (), arguments[0]
        elif arguments and type(arguments[0]) is list:
            args = arguments[0]
        args, keywords = self._bind(name, args, keywords, dict.fromkeys(self.description.injected, context))
        return lambda: self.fn(*args, **keywords)

    def _bind(
        self, name: str, args: Sequence[Any], keywords: dict[str, Any], injected: Mapping[str, object]
    ) -> tuple[Sequence[Any], dict[str, Any]]:
        """Return the arguments: validated, without defaults, and with the injected parameters."""
        full, visible = self.description.full, self.description.visible
        if full is None or visible is None:
            return args, keywords
        try:
            bound = visible.bind(*args, **keywords)
        except TypeError as error:
            raise InvalidArgumentsError(f"command {name!r}{self.description}: {error}") from None
        given: dict[str, Any] = bound.arguments
        if self._validator is not None:
            self._validator.convert(name, given)
        given.update(injected)
        # They are in the order of the parameters; otherwise the injected parameters could not stand in front of *args.
        call = inspect.BoundArguments(full, {p: given[p] for p in full.parameters if p in given})  # type: ignore[arg-type]
        return call.args, call.kwargs

    def _run_checked(self, name: str, args: Sequence[Any], keywords: dict[str, Any]) -> object:
        """Call the function after checking its arguments; in the plain case without binding."""
        validator, order = self._validator, self._order
        if validator is not None and order is not None:
            if args and validator.accepts_positionals(args):
                return self.fn(*args)
            if not args and validator.accepts_keywords(keywords):
                return self.fn(**keywords)
            if len(args) <= len(order):
                given = dict(zip(order, args)) if args else dict(keywords)
                if validator.takes(given):
                    validator.convert(name, given)
                    return self.fn(**given)
        args, keywords = self._bind(name, args, keywords, {})
        return self.fn(*args, **keywords)
