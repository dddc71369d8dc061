"""Replay the page's side of a recording to a tool, and compare the answers. Thread: the test's. No Qt."""

from __future__ import annotations

import fnmatch
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from auroraview_qt._wording import short_repr
from auroraview_qt.devtools.recordings import Entry, Recorded, RecordedCall, difference
from auroraview_qt.ipc.wire.page_messages import PageMessage
from auroraview_qt.ipc.wire.protocol import HostMessage
from auroraview_qt.testing.fake.runtime import FakeRuntime
from auroraview_qt.testing.fake.view import FakeView

#: Messages of the page that belong to its runtime, or answer the tool's calls.
_OWN = frozenset((PageMessage.LIFE, PageMessage.RESULT, PageMessage.ERROR, PageMessage.PROGRESS))
#: Parts of an error that are compared.
_ERROR = ("name", "code", "message")


class Difference(NamedTuple):
    """A difference between a recording and a tool.

    Attributes
    ----------
    line : int
        The line of the recording.
    what : str
        The message that differs.
    path : str
        The place inside its value.
    recorded, live : object
        Both values there.
    """

    line: int
    what: str
    path: str
    recorded: Any
    live: Any

    def __str__(self) -> str:
        """Return the difference as a line of a report."""
        at = f" at {self.path}" if self.path else ""
        return f"line {self.line}: {self.what}{at}: recorded {short_repr(self.recorded)}, now {short_repr(self.live)}"


class _Document(FakeRuntime):
    """A page that says what the recorded page said, and answers the tool's calls with the recorded answers."""

    def __init__(self, player: Player, number: int) -> None:
        view = player.view
        super().__init__(view._engine, view._url, view.woken.set)
        self._player = player
        self.number = number
        self.outcomes: dict[str, tuple[str, Any]] = {}

    def _run(self, kind: int, name: str, *items: Any) -> None:
        if kind == HostMessage.EVENT:
            self._player.events[name] += items
        elif kind in (HostMessage.RESULT, HostMessage.ERROR):
            self.outcomes[name] = ("ok" if kind == HostMessage.RESULT else "failed", items[0])
        elif kind == HostMessage.PART:
            self._player.parts[self.number, name].append(items[0])
        elif kind == HostMessage.CALL:
            self._answer_call(name, *items)

    def _answer_call(self, call_id: str, name: str, *given: Any) -> None:
        call = self._player.next_call(name)
        if call is None:
            error = {
                "name": "UnknownCommandError",
                "code": "COMMAND_NOT_FOUND",
                "message": f"no call of {name!r} was recorded",
            }
            self.say(PageMessage.ERROR, call_id, error)
            return
        found = difference(call.given, list(given))
        if found is not None:
            self._player.note(call.line, f"the tool's call of {call}", found)
        if call.state != "open":
            self.say(PageMessage.RESULT if call.state == "ok" else PageMessage.ERROR, call_id, call.value)


class Player:
    """Replays a recording to a `FakeView`.

    Parameters
    ----------
    view : FakeView
        The tool's view.
    recorded : Recorded
        The recording.
    ignore : iterable of str
        Patterns of the names of events and keys of the state that are not compared: ``"tick*"``.
    timeout_s : float
        Seconds for each answer of the tool.
    """

    def __init__(self, view: FakeView, recorded: Recorded, ignore: Iterable[str] = (), timeout_s: float = 10.0) -> None:
        self.view = view
        self.events: dict[str, list[Any]] = defaultdict(list)
        self.parts: dict[tuple[int, str], list[Any]] = defaultdict(list)
        self._recorded = recorded
        self._ignore = tuple(ignore)
        self._timeout_s = timeout_s
        self._differences: list[Difference] = []
        self._document: _Document | None = None
        self._calls: dict[str, deque[RecordedCall]] = defaultdict(deque)
        for call in recorded.calls.values():
            if call.caller == "python":
                self._calls[call.name].append(call)

    def next_call(self, name: str) -> RecordedCall | None:
        """Return the next recorded call of a function of the page."""
        return self._calls[name].popleft() if self._calls[name] else None

    def note(self, line: int, what: str, found: tuple[str, Any, Any]) -> None:
        """Keep a difference."""
        self._differences.append(Difference(line, what, *found))

    def run(self) -> list[Difference]:
        """Replay everything; return the differences in the order of the recording."""
        state = self.view.state
        for key, value in (self._recorded.header.get("state") or {}).items():
            if key not in state or state[key] != value:
                state[key] = value
        for entry in self._recorded.entries:
            self._play(entry)
        self._compare_rest()
        return sorted(self._differences, key=lambda each: each.line)

    def _play(self, entry: Entry) -> None:
        if entry.kind == "document":
            self._open(entry.items[0])
        elif entry.kind == "local":
            self.view._engine.handler.dispatch(*entry.items)
        document = self._document
        if document is None:
            return
        if entry.kind == "page":
            for message in entry.items[3]:
                if message[0] not in _OWN:
                    document.say(*message)
            self._settle()
        elif entry.kind == "python":
            for kind, name, *_ in entry.items[2]:
                if kind in (HostMessage.RESULT, HostMessage.ERROR):
                    self._compare_outcome(document, name)

    def _open(self, number: int) -> None:
        view = self.view
        view.load_html()
        view._is_loading = False
        self._document = view.runtime = _Document(self, number)
        self._settle()

    def _settle(self, condition: Callable[[], bool] = lambda: True) -> bool:
        """Let both ends do what waits, until a condition holds."""
        end_s = time.monotonic() + self._timeout_s
        while True:
            FakeView.woken.clear()
            while self.view.has_work():
                self.view.turn()
            if condition():
                return True
            if time.monotonic() >= end_s:
                return False
            FakeView.woken.wait(0.05)

    def _compare_outcome(self, document: _Document, call_id: str) -> None:
        call = self._recorded.calls.get(("page", document.number, call_id))
        if call is None:  # the recording began later
            return
        if not self._settle(lambda: call_id in document.outcomes):
            self.note(call.end_line, f"the answer of {call}", ("", call.value, "no answer"))
            return
        state, value = document.outcomes[call_id]
        old, new = _comparable(call.state, call.value), _comparable(state, value)
        if state != call.state:
            self.note(call.end_line, f"the end of {call}", ("", old, new))
            return
        found = difference(old, new)
        if found is not None:
            self.note(call.end_line, f"the {'result' if state == 'ok' else 'error'} of {call}", found)

    def _compare_rest(self) -> None:
        """Compare streams, events and the state."""
        for (caller, document, call_id), call in self._recorded.calls.items():
            found = difference(call.parts, self.parts[document, call_id][: len(call.parts)]) if caller == "page" else None
            if found is not None:
                self.note(call.line, f"the parts of {call}", found)
        self._compare_events()
        for key, line in self._recorded.touched.items():
            if not self._ignores(key):
                found = difference(self._recorded.state.get(key), self.view._engine.store.root.get(key))
                if found is not None:
                    self.note(line, f"state[{key!r}]", found)

    def _compare_events(self) -> None:
        wanted: dict[str, list[tuple[int, Any]]] = defaultdict(list)
        for event in self._recorded.events:
            if not self._ignores(event.name):
                wanted[event.name].append((event.line, event.data))
        for name, events in wanted.items():
            if not self._settle(partial(self._has_events, name, len(events))):
                self._timeout_s = 0  # the others have had their time
            for number, (line, data) in enumerate(events):
                if number >= len(self.events[name]):
                    self.note(line, f"event {name!r}", ("", data, "no event"))
                    break
                found = difference(data, self.events[name][number])
                if found is not None:
                    self.note(line, f"event {name!r}", found)
                    break

    def _has_events(self, name: str, count: int) -> bool:
        return len(self.events[name]) >= count

    def _ignores(self, name: str) -> bool:
        return any(fnmatch.fnmatchcase(name, pattern) for pattern in self._ignore)


def _comparable(state: str, value: Any) -> Any:
    if state == "failed" and isinstance(value, dict):
        return {key: value.get(key) for key in _ERROR}
    return value


def replay(view: FakeView, path: str | Path, ignore: Iterable[str] = (), timeout_s: float = 10.0) -> list[Difference]:
    """Replay the page's side of a recording to a view; return the differences, the first difference first.

    Parameters
    ----------
    view : FakeView
        The tool's view.
    path : path
        The recording.
    ignore : iterable of str
        Patterns of the names of events and keys of the state that are not compared: ``"tick*"``.
    timeout_s : float
        Seconds for each answer of the tool.
    """
    return Player(view, Recorded(path), ignore, timeout_s).run()
