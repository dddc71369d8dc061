"""P10: the cost of an event with many waiting events, and with many registered names."""

from __future__ import annotations

import contextlib
import itertools
import time

import pages
from context import Context
from harness import Row, Sample, Side, described, duration, expect, interleave, rest
from ours import Ours, tally

QUEUED = (1_000, 10_000, 100_000, 1_000_000)
#: Number of events in a round of the smaller bursts, in as many bursts as necessary.
EVENTS_PER_ROUND = 50_000
ROUNDS = 3
SINGLES = 200
ALONE = "alone"
NAMES = 10_000
NAMED_EVENTS = 100_000
LIMITS = {"max_events": 2_000_000, "max_bytes": 1 << 30}


def _flat(what: str, samples: dict[str, Sample], note: str = "") -> Row:
    costs = [sample.median for sample in samples.values()]
    ratio = max(costs) / min(costs)
    shown = ", ".join(f"{name}: {duration(sample.median)}" for name, sample in samples.items())
    numbers = {"per_event_s": {name: sample.values for name, sample in samples.items()}, "ratio": ratio, "goal": 1.5}
    return Row("P10", what, shown, "", f"{ratio:.2f}x apart", "≤ 1.5x apart", ratio <= 1.5, note, numbers=numbers)


def _bursts(side: Side, size: int) -> Side:
    """Return a side that does its units in bursts of the same size."""

    def several(count: int) -> float:
        return sum(side(size) for _ in range(max(1, count // size))) / max(1, count // size) / size * count

    return several


def depth(context: Context, _wanted: frozenset[str]) -> list[Row]:
    """P10: so many events emitted before the event loop turns."""
    sizes = QUEUED[:-1] if context.quick else QUEUED
    with contextlib.closing(Ours(**LIMITS)) as ours:
        emit = ours.emit("tick", pause_s=0)  # after a pause the processor is cold, and small bursts would pay for that
        sides = {f"{size:,}": (_bursts(emit, size), max(size, context.count(EVENTS_PER_ROUND))) for size in sizes}
        sides[ALONE] = (_bursts(emit, 1), context.count(SINGLES))
        samples = interleave(sides, min(context.rounds, ROUNDS))
    first = samples.pop(ALONE)
    further = {
        f"{size:,}": Sample(tuple((value * size - first.median) / (size - 1) for value in samples[f"{size:,}"].values))
        for size in sizes
    }
    whole = ", ".join(f"{name}: {duration(sample.median)}" for name, sample in samples.items())
    note = f"back to back, without the latency of a single emit, {described(first)}. With the latency: {whole}"
    return [_flat("cost of another emit, by number of queued events", further, note)]


def _emit_names(ours: Ours, names: list[str]) -> Side:
    def side(count: int) -> float:
        emit, payload = ours.view.emit, pages.PAYLOAD
        order = list(itertools.islice(itertools.cycle(names), count - 1))
        ours.titles.clear()
        start = time.perf_counter()
        for name in order:
            emit(name, payload)
        emit(names[0], pages.LAST)
        expect("emits by name", ours.titles.wait("the last event"), pages.seen(count))
        took = ours.titles.at - start
        rest(0.02)
        return took

    return side


def _burst_names(ours: Ours, how_many: int) -> Side:
    script = (
        "(() => {{ let i = 0; const names = allNames.slice(0, {names});"
        " repeat({count}, (detail) => auroraview.emit(names[(i += 1) % names.length], detail)); }})()"
    )

    def side(count: int) -> float:
        ours.incoming.clear()
        start = time.perf_counter()
        ours.page.runJavaScript(script.format(names=how_many, count=count))
        expect("events by name", ours.incoming.wait("the last event"), pages.seen(count))
        took = ours.incoming.at - start
        rest(0.02)
        return took

    return side


def _listen(ours: Ours, how_many: int) -> list[str]:
    """Listen to so many names on both sides, and return them."""
    names = [f"scene.node{number}" for number in range(how_many)]
    take = tally(ours.incoming)
    for name in names:
        ours.view.on(name, take)
    listen = "for (const name of allNames) { auroraview.on(name, tick); }"
    make = f"var allNames = Array.from({{length: {how_many}}}, (_, i) => 'scene.node' + i);"
    expect("the names", ours.run(f"{make} {listen} report(allNames.length);"), how_many)
    return names


def names(context: Context, _wanted: frozenset[str]) -> list[Row]:
    """P10: compare a single registered name with ten thousand."""
    with contextlib.closing(Ours(**LIMITS)) as few, contextlib.closing(Ours(**LIMITS)) as many:
        return _names(context, few, many)


def _names(context: Context, few: Ours, many: Ours) -> list[Row]:
    one, all_names = _listen(few, 1), _listen(many, NAMES)
    count, rounds = context.count(NAMED_EVENTS), min(context.rounds, ROUNDS)
    rows = []
    for direction, make in (
        ("emit", lambda ours, used: _emit_names(ours, used)),
        ("page's emit", lambda ours, used: _burst_names(ours, len(used))),
    ):
        sides = {
            "1": (make(few, one), count),
            "10,000": (make(many, all_names), count),
            "one of 10,000": (make(many, one), count),
        }
        samples = interleave(sides, rounds)
        aside = samples.pop("one of 10,000")
        note = f"{direction} with 10,000 names uses them in turn; with a single used name: {described(aside)}"
        rows.append(_flat(f"cost per {direction}, by number of names", samples, note))
    return rows
