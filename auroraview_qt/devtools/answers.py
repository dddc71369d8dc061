"""Answer a page from a recording, instead of the tool: results, errors, streams, events and state. Thread: GUI. No Qt."""

from __future__ import annotations

import contextlib
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from typing import Any

from auroraview_qt.devtools.recordings import Recorded, RecordedCall
from auroraview_qt.errors import AuroraViewError, InvalidNameError
from auroraview_qt.ipc.api import BridgeApi
from auroraview_qt.ipc.calls.running import CallContext

#: Runs a function after so many seconds.
Later = Callable[[float, Callable[[], object]], object]
#: A step of the tool: its time, a name, a value, and whether it writes the state.
Step = tuple[float, str, Any, bool]


class Answers:
    """Stands in for a tool.

    Parameters
    ----------
    view : BridgeApi
        The view of the front-end; gets the recorded commands and the recorded state.
    recorded : Recorded
        The recording.
    """

    def __init__(self, view: BridgeApi, recorded: Recorded) -> None:
        self._view = view
        self._recorded = recorded
        self._calls: dict[str, list[RecordedCall]] = defaultdict(list)
        self._used: dict[str, set[int]] = defaultdict(set)
        for call in recorded.calls.values():
            if call.caller == "page":
                self._calls[call.name].append(call)
        for name in sorted({*recorded.header.get("commands", ()), *self._calls}):
            streams = any(call.is_stream for call in self._calls[name])
            with contextlib.suppress(InvalidNameError):  # a page may have called anything
                view.command(name, self._stream_of(name) if streams else self._command_of(name))
        for key, value in (recorded.header.get("state") or {}).items():
            view.state[key] = value

    def play(self, later: Later) -> None:
        """Send the recorded events and changes of the state again, as long after now as they came after the page's hello."""
        start_s = next((entry.time_s for entry in self._recorded.entries if entry.kind == "document"), 0.0)
        emits: list[Step] = [(event.time_s, event.name, event.data, False) for event in self._recorded.events]
        writes: list[Step] = [(time_s, key, value, True) for time_s, key, value in self._recorded.changes]
        steps = deque(sorted(emits + writes, key=lambda step: step[0]))

        def run(now_s: float) -> None:
            while steps and steps[0][0] <= now_s:
                self._do(*steps.popleft())
            if steps:
                next_s = steps[0][0]
                later(next_s - now_s, lambda: run(next_s))

        run(start_s)

    def _do(self, _: float, name: str, value: Any, is_write: bool) -> None:
        if is_write:
            self._view.state[name] = value
        else:
            self._view.emit(name, value)

    def _next(self, name: str, given: list[Any]) -> RecordedCall:
        """Return the recorded call with these params, or else the next of the name; the last counts for all that follow.

        Raises
        ------
        AuroraViewError
            None was recorded.
        """
        calls, used = self._calls[name], self._used[name]
        left = [number for number in range(len(calls)) if number not in used] or range(len(calls))
        same = [number for number in left if calls[number].given == given]
        found = next(iter(same or [n for n, call in enumerate(calls) if call.given == given] or left), None)
        if found is None:
            raise AuroraViewError(f"no call of {name!r} was recorded")
        used.add(found)
        return calls[found]

    def _command_of(self, name: str) -> Callable[..., Any]:
        def answer(*values: Any, ctx: CallContext, **keywords: Any) -> Any:
            call = self._next(name, _given(values, keywords))
            for fraction, message in call.progress:
                ctx.progress(fraction, message)
            if call.state == "ok":
                return call.value
            raise _error_of(call)

        return answer

    def _stream_of(self, name: str) -> Callable[..., Any]:
        def parts(*values: Any, **keywords: Any) -> Iterator[Any]:
            call = self._next(name, _given(values, keywords))
            yield from call.parts
            if call.state == "failed":
                raise _error_of(call)

        return parts


def _given(values: tuple[Any, ...], keywords: dict[str, Any]) -> list[Any]:
    """Return the params from which the arguments of a command came."""
    if keywords:
        return [keywords]
    if len(values) > 1:
        return [list(values)]
    return list(values)


def _error_of(call: RecordedCall) -> AuroraViewError:
    """Return the error of a recorded call; a call without an end has none."""
    told = call.value if isinstance(call.value, dict) else {}
    kind = type(str(told.get("name", "AuroraViewError")), (AuroraViewError,), {"code": str(told.get("code", "ERROR"))})
    error: AuroraViewError = kind(str(told.get("message", "the recorded call had not ended")), data=told.get("data"))
    return error
