"""Timeline: the messages of a view as rows for the inspector, sampled under load. No Qt.

The tap only keeps references to texts. `take` decodes them, on a thread of the pool, as fast as the inspector's page asks.
"""

from __future__ import annotations

import json
import logging
import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from typing import Any

from auroraview_qt.devtools.decoding import decoded, size_of, value_of
from auroraview_qt.devtools.recorder import LogReports
from auroraview_qt.devtools.tap import Envelopes, Tap
from auroraview_qt.ipc.engine.engine import Engine
from auroraview_qt.ipc.engine.outgoing import Delivery
from auroraview_qt.ipc.wire import json_text
from auroraview_qt.ipc.wire.page_messages import PageMessage
from auroraview_qt.ipc.wire.protocol import HostMessage

#: Rows of a kind and name in an answer of `take`, and all rows; further messages are counted, in a row of their own.
MAX_SAME, MAX_ROWS = 100, 1000
#: Rows whose values are kept, and characters of their texts.
_KEPT_ROWS, _KEPT_CHARS = 100_000, 64 * 1024 * 1024
#: Characters that wait to be decoded; further texts are only counted.
_MAX_WAITING = 1024 * 1024
_PAGE_KINDS = {kind.value: kind.name.lower() for kind in PageMessage}
_HOST_KINDS = {kind.value: kind.name.lower() for kind in HostMessage}


class _TimedCallbacks(dict):  # type: ignore[type-arg]
    """The direct callbacks, each measured when it runs."""

    measure: Callable[[str, Callable[..., Any]], Callable[..., Any]]

    def get(self, name: str, default: Any = None) -> Any:
        """Return the measured callback."""
        fn = dict.get(self, name)
        return default if fn is None else self.measure(name, fn)


class Timeline:
    """The rows of a view's messages.

    Thread: the view's for `attach` and `detach`; any for the others.

    Parameters
    ----------
    engine : Engine
        The view's.
    on_news : callable
        Called once when messages wait for `take`; any thread.

    Attributes
    ----------
    is_attached : bool
        Whether messages are observed.
    """

    def __init__(self, engine: Engine, on_news: Callable[[], object]) -> None:
        self._engine = engine
        self._clock = engine._clock
        self._on_news = on_news
        self._lock = threading.Lock()
        self._start_s = self._clock()
        self._waiting: deque[tuple[Any, ...]] = deque()
        self._waiting_chars = 0
        self._skipped = [0, 0]  # texts and characters that were not decoded
        self._is_told = False
        self._envelopes = Envelopes()
        self._pieces = ""
        self._number = 0
        self._unseen: Counter[str] = Counter()
        self._is_flooded = False
        self._taken: Counter[Any] = Counter()  # rows of the answer that is being made
        self._kept: OrderedDict[int, tuple[Any, ...]] = OrderedDict()
        self._kept_chars = 0
        self._calls: OrderedDict[tuple[bool, str], tuple[int, str, float]] = OrderedDict()
        self._batches: OrderedDict[int, tuple[int, float]] = OrderedDict()
        self._untimed: deque[tuple[int, str, float]] = deque(maxlen=20_000)
        self._timings: deque[tuple[str, float, float]] = deque(maxlen=20_000)
        self.is_attached = False
        self._logs = LogReports(lambda *items: self._observe("log", self._clock(), *items))

    # Observing

    def attach(self) -> None:
        """Observe the view from now on."""
        if self.is_attached or self._engine.is_closed:
            return
        self.is_attached = True
        handler = self._engine.handler
        self._remove = Tap.of(self._engine).add(self._observe)
        logging.getLogger("auroraview_qt").addHandler(self._logs)
        timed = _TimedCallbacks(handler.callbacks.direct)
        timed.measure = self._measured
        handler.callbacks.direct = timed
        call, handle_event = handler.call, handler.handle_event
        vars(handler)["call"] = lambda call_id, name, *rest: self._measured(str(name), call)(call_id, name, *rest)
        vars(handler)["handle_event"] = lambda name, detail: self._measured(str(name), handle_event)(name, detail)

    def detach(self) -> None:
        """Observe no more; nothing of this is left in the way."""
        if not self.is_attached:
            return
        self.is_attached = False
        self._remove()
        logging.getLogger("auroraview_qt").removeHandler(self._logs)
        handler = self._engine.handler
        handler.callbacks.direct = dict(handler.callbacks.direct)
        for name in ("call", "handle_event"):
            vars(handler).pop(name, None)

    def _measured(self, name: str, fn: Callable[..., Any]) -> Callable[..., Any]:
        clock, timings = self._clock, self._timings

        def run(*arguments: Any) -> Any:
            start_s = clock()
            try:
                return fn(*arguments)
            finally:
                timings.append((name, start_s, clock() - start_s))

        return run

    def _observe(self, kind: str, time_s: float, *items: Any) -> None:
        """Take a report of the tap. Thread: any."""
        if kind == "closed":
            self.detach()
        first = items[0] if items else ""
        chars = len(first.text) if isinstance(first, Delivery) else len(first) if isinstance(first, str) else 0
        if self._waiting_chars > _MAX_WAITING:
            self._skipped[0] += 1
            self._skipped[1] += chars
            return
        self._waiting_chars += chars + 100
        self._waiting.append((kind, time_s, *items))
        if not self._is_told:
            self._is_told = True
            self._on_news()

    # Rows

    def take(self) -> dict[str, Any]:
        """Return the new rows, changes of earlier rows, and the counts of the messages that have no row.

        A row is ``[number, seconds, sender, kind, name, characters, milliseconds, state, summary]``.
        """
        with self._lock:
            self._is_told = False
            rows: list[list[Any]] = []
            changes: list[list[Any]] = []
            unseen = self._unseen = Counter()
            while self._waiting:
                report = self._waiting.popleft()
                for row in self._rows_of(changes, *report):
                    if row[0]:
                        rows.append(row)
                    else:
                        unseen[f"{row[3]} {row[4]}"] += 1
            total = len(rows) + sum(unseen.values())
            self._waiting_chars = 0
            self._taken.clear()
            texts, chars = self._skipped
            self._skipped = [0, 0]
            if unseen or texts:
                rows.append(self._row_of_unseen(unseen, texts, chars))
            if self._is_flooded:
                self._timings.clear()
                self._untimed.clear()
                self._is_flooded = False
            self._match_timings(changes)
            return {"rows": rows, "changes": [change for change in changes if change[0]], "total": total, "skipped": texts}

    def _row_of_unseen(self, unseen: Counter[str], texts: int, chars: int) -> list[Any]:
        count = sum(unseen.values())
        names = ", ".join(f"{name} ×{number:,}" for name, number in unseen.most_common(5))
        parts = [f"{count:,} messages not shown: {names}" if count else "", f"{texts:,} batches not read" if texts else ""]
        return self._row(self._clock(), "", "sampled", "; ".join(filter(None, parts)), chars, None, "", (dict(unseen),))

    def _row(
        self, time_s: float, sender: str, kind: str, name: str, size: int, ms: Any, state: str, kept: tuple[Any, ...]
    ) -> list[Any]:
        self._taken[kind, name] += 1
        if self._taken[kind, name] > MAX_SAME or self._taken[""] >= MAX_ROWS:
            return [0, 0, sender, kind, name, 0, None, ""]
        self._taken[""] += 1
        self._number += 1
        if kept:
            self._kept[self._number] = (sender, kind, name, kept)
            self._kept_chars += size
            while len(self._kept) > _KEPT_ROWS or self._kept_chars > _KEPT_CHARS:
                _, (_, _, _, old) = self._kept.popitem(last=False)
                self._kept_chars -= old[-1] if type(old[-1]) is int else 0
        return [self._number, round(time_s - self._start_s, 6), sender, kind, name, size, ms, state]

    def _shown(self, kind: str, name: str, count: int) -> int:
        """Return how many of these events get a row; the others are counted at once."""
        left = min(MAX_SAME - self._taken[kind, name], MAX_ROWS - self._taken[""])
        shown = max(0, min(left, count))
        if shown < count:
            self._unseen[f"{kind} {name}"] += count - shown
        return shown

    def _rows_of(self, changes: list[list[Any]], kind: str, time_s: float, *items: Any) -> list[list[Any]]:
        if kind == "page":
            text = self._envelopes.add(items[0])
            return [] if text is None else self._page_rows(changes, time_s, text)
        if kind == "python":
            delivery: Delivery = items[0]
            self._pieces += delivery.text
            if delivery.more:
                return []
            text, self._pieces = self._pieces, ""
            return self._python_rows(changes, time_s, delivery.number, text)
        if kind == "log":
            level, logger, text = items
            lines = text.splitlines() or [""]
            state = "failed" if level in ("ERROR", "CRITICAL") else "warning"
            return [self._row(time_s, "python", "log", lines[0][:300], len(text), None, state, (text, logger, len(text)))]
        if kind == "drop":
            return [self._row(time_s, "python", "drop", f"{items[0]}: {items[1]}", 0, None, "warning", ())]
        if kind == "local":
            return [self._row(time_s, "host", "event", items[0], 0, None, "", (items[1], 0))]
        names = {"gone": "the page has ended", "closed": "the view has ended"}
        return [self._row(time_s, "page", "life", names.get(kind, kind), 0, None, "", ())]

    def _page_rows(self, changes: list[list[Any]], time_s: float, text: str) -> list[list[Any]]:
        envelope = decoded(text)
        if not isinstance(envelope, list) or len(envelope) != 4 or not isinstance(envelope[3], list):
            return [self._row(time_s, "page", "large", f"{len(text):,} characters", len(text), None, "", ())]
        self._acknowledge(changes, time_s, envelope[1])
        rows = []
        share = len(text) // max(1, len(envelope[3]))
        for index, message in enumerate(envelope[3]):
            if isinstance(message, list) and len(message) > 1:
                size = share if self._taken[""] >= MAX_ROWS else size_of(message, share)
                rows += self._page_row(changes, time_s, text, size, index, *message)
        return rows

    def _page_row(
        self, changes: list[list[Any]], time_s: float, text: str, size: int, index: int, number: Any, first: Any, *rest: Any
    ) -> list[list[Any]]:
        kind = _PAGE_KINDS.get(number, "?") if type(number) is int else "?"
        if kind == "event":
            rows = []
            part = size // max(1, len(rest))
            for at in range(self._shown(kind, str(first), len(rest))):
                row = self._row(time_s, "page", "event", str(first), part, None, "", (text, 3, index, 2 + at, part))
                self._untimed.append((row[0], str(first), time_s))
                rows.append(row)
            if len(rows) < len(rest):  # the times of a flood cannot be told apart
                self._is_flooded = True
            return rows
        if kind in ("call", "stream") and rest:
            row = self._row(time_s, "page", kind, str(rest[0]), size, None, "open", (text, 3, index, None, size))
            self._begin(True, first, row[0], str(rest[0]), time_s)
            if kind == "call":
                self._untimed.append((row[0], str(rest[0]), time_s))
            return [row]
        if kind in ("result", "error"):
            return [self._end(changes, False, first, time_s, "page", kind, size, (text, 3, index, None, size))]
        name = ""
        if kind == "life":
            name = str(first.get("type", "")) if isinstance(first, dict) else ""
        elif kind == "state" and len(rest) > 1 and isinstance(rest[1], list):
            name = ".".join(map(str, rest[1]))
        elif kind == "text":
            name = str(first)[:100]
        elif kind in ("cancel", "credit", "progress"):
            name = self._calls.get((kind != "progress", str(first)), (0, "", 0.0))[1]
        return [self._row(time_s, "page", kind, name, size, None, "", (text, 3, index, None, size))]

    def _python_rows(self, changes: list[list[Any]], time_s: float, number: int, text: str) -> list[list[Any]]:
        batch = decoded(text)
        count = len(batch) if isinstance(batch, list) else 0
        content = f"{count} messages" if isinstance(batch, list) else "too large to read"
        row = self._row(time_s, "python", "batch", f"#{number}, {content}", len(text), None, "sent", ())
        self._batches[number] = (row[0], time_s)
        if len(self._batches) > 1000:
            self._batches.popitem(last=False)
        rows = [row]
        share = len(text) // max(1, count)
        for index, message in enumerate(batch if isinstance(batch, list) else ()):
            kind, name, *values = message
            size = share if self._taken[""] > MAX_ROWS else size_of(message, share)
            rows += self._python_row(changes, time_s, text, size, index, _HOST_KINDS.get(kind, "?"), str(name), values)
        return rows

    def _python_row(
        self,
        changes: list[list[Any]],
        time_s: float,
        text: str,
        size: int,
        index: int,
        kind: str,
        name: str,
        values: list[Any],
    ) -> list[list[Any]]:
        if kind == "event":
            part = size // max(1, len(values))
            return [
                self._row(time_s, "python", "event", name, part, None, "", (text, None, index, 2 + at, part))
                for at in range(self._shown(kind, name, len(values)))
            ]
        kept = (text, None, index, None, size)
        if kind in ("result", "error"):
            return [self._end(changes, True, name, time_s, "python", kind, size, kept)]
        if kind == "call":
            row = self._row(time_s, "python", "call", str(values[0]), size, None, "open", kept)
            self._begin(False, name, row[0], str(values[0]), time_s)
            return [row]
        if kind == "state":
            patches = values[0][2] if values else []
            keys = dict.fromkeys(str(patch[1][0]) for patch in patches if isinstance(patch, list))
            shown = ", ".join(keys) or ("confirmed" if patches else "whole")
        elif kind == "bind":
            shown = ", ".join(map(str, values[0]))[:200]
        else:
            shown = self._calls.get((kind in ("part", "progress"), name), (0, name, 0.0))[1]
        return [self._row(time_s, "python", kind, shown, size, None, "", kept)]

    def _begin(self, by_page: bool, call_id: Any, number: int, name: str, time_s: float) -> None:
        self._calls[by_page, str(call_id)] = (number, name, time_s)
        if len(self._calls) > 20_000:
            self._calls.popitem(last=False)

    def _end(
        self, changes: list[list[Any]], by_page: bool, call_id: Any, time_s: float, sender: str, kind: str, size: int,
        kept: tuple[Any, ...],
    ) -> list[Any]:  # fmt: skip
        number, name, begun_s = self._calls.get((by_page, str(call_id)), (0, "unknown call", time_s))
        ms = round((time_s - begun_s) * 1000, 3)
        state = "ok" if kind == "result" else "failed"
        if number:
            changes.append([number, ms, state, None])
        return self._row(time_s, sender, kind, name, size, ms, state, kept)

    def _acknowledge(self, changes: list[list[Any]], time_s: float, number: Any) -> None:
        while self._batches and isinstance(number, int):
            sent = next(iter(self._batches))
            if sent > number:
                break
            row, sent_s = self._batches.pop(sent)
            changes.append([row, round((time_s - sent_s) * 1000, 3), "run", None])

    def _match_timings(self, changes: list[list[Any]]) -> None:
        """Give the times of handlers to their rows; both are in the order of the messages."""
        while self._timings and self._untimed:
            name, start_s, took_s = self._timings.popleft()
            skipped = 0
            while self._untimed and skipped < 100:
                number, wanted, time_s = self._untimed[0]
                if wanted == name and start_s >= time_s:
                    self._untimed.popleft()
                    waited = round(max(0.0, start_s - time_s) * 1000, 3)
                    changes.append([number, round(took_s * 1000, 3), "handled", waited])
                    break
                if time_s > start_s:  # a call inside another
                    break
                self._untimed.popleft()
                skipped += 1

    # Details

    def detail(self, number: int) -> dict[str, Any]:
        """Return the value of a row: its sender, kind, name, and value or text."""
        with self._lock:
            found = self._kept.get(number)
        if found is None:
            return {"gone": True}
        sender, kind, name, kept = found
        answer: dict[str, Any] = {"sender": sender, "kind": kind, "name": name}
        if kind == "log":
            return {**answer, "text": kept[0], "logger": kept[1]}
        if kind == "sampled" or sender == "host":
            return {**answer, "value": json.loads(json.dumps(kept[0], default=repr))}
        text, outer, index, inner, _ = kept
        message: Any = json_text.loads(text.encode("utf-8", "surrogatepass"))
        message = message[index] if outer is None else message[outer][index]
        if inner is not None:
            return {**answer, "value": message[inner]}
        return {**answer, "value": value_of(sender, kind, message)}

    def clear(self) -> None:
        """Forget the rows."""
        with self._lock:
            self._kept.clear()
            self._kept_chars = 0

    def numbers(self) -> list[int]:
        """Return the numbers of the rows whose values are kept."""
        with self._lock:
            return list(self._kept)
