"""Wait for a report with a limit, run interleaved rounds, and hold samples and the rows of the table. Knows no bridge."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Callable

from qtpy import QtCore

#: Seconds before a measure is given up, so that a frozen page cannot stop the run.
LIMIT_S = 90.0

#: A side of a comparison: takes the number of units, returns the seconds for them.
Side = Callable[[int], float]


class BenchError(Exception):
    """A measure without a number: events were lost or wrong, or did not come in time."""


class Arrival:
    """A report that is awaited in a local event loop; `at` is the time of its arrival."""

    def __init__(self) -> None:
        self._loop = QtCore.QEventLoop()
        self._limit = QtCore.QTimer()
        self._limit.setSingleShot(True)
        self._limit.timeout.connect(self._loop.quit)
        self.clear()

    def clear(self) -> None:
        """Forget the last report."""
        self._arrived = False
        self._value: Any = None
        self.at = 0.0

    def set(self, value: Any = None) -> None:
        """Report; GUI thread."""
        self.at = time.perf_counter()
        self._value = value
        self._arrived = True
        self._loop.quit()

    def wait(self, what: str, limit_s: float = LIMIT_S) -> Any:
        """Run the event loop until the report is there, and return its value."""
        if not self._arrived:
            self._limit.start(int(limit_s * 1000))
            self._loop.exec()
            self._limit.stop()
        if not self._arrived:
            raise BenchError(f"{what}: nothing came within {limit_s:g} s")
        return self._value


def rest(seconds: float) -> None:
    """Run the event loop for a while, for late work of a bridge."""
    loop = QtCore.QEventLoop()
    QtCore.QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def expect(what: str, got: object, wanted: object) -> None:
    """Raise unless all that was sent has arrived."""
    if got != wanted:
        raise BenchError(f"{what}: sent {wanted}, arrived {got}")


@dataclass(frozen=True)
class Sample:
    """The results of the rounds, in seconds per unit."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """Return the median."""
        return statistics.median(self.values)

    @property
    def spread(self) -> tuple[float, float]:
        """Return the quartiles if there are many values, else the least and the greatest."""
        if len(self.values) > 10:
            low, _, high = statistics.quantiles(self.values)
            return low, high
        return min(self.values), max(self.values)


@dataclass(frozen=True)
class Row:
    """A line of the table: ours, the alternative, the result, and whether the goal is reached."""

    measure: str
    what: str
    ours: str = ""
    peer: str = ""
    result: str = ""
    goal: str = ""
    reached: bool | None = None
    note: str = ""
    error: str = ""
    #: Return how many times as fast ours is, and how many times the goal asks for, for the chart.
    factor: float | None = None
    goal_factor: float | None = None
    numbers: dict[str, Any] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """Return the text of the last column."""
        if self.error:
            return "ERROR"
        if self.reached is None:
            return "n/a" if self.goal else "-"
        return "reached" if self.reached else "NOT reached"


def duration(seconds: float) -> str:
    """Return a time in a suitable unit, with three digits."""
    for scale, unit in ((1e6, "µs"), (1e3, "ms")):
        if seconds * scale < 1000:
            return f"{seconds * scale:.3g} {unit}"
    return f"{seconds:.3g} s"


def described(sample: Sample) -> str:
    """Median and spread of a sample."""
    low, high = (duration(value) for value in sample.spread)
    unit = low.split()[1]
    short = low.split()[0] if high.endswith(unit) else low
    return f"{duration(sample.median)} ({short}..{high})"


def compare(
    measure: str,
    what: str,
    ours: Sample,
    peer_name: str,
    peer: Sample | None,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    note: str = "",
) -> Row:
    """Make the row of a comparison.

    Parameters
    ----------
    measure, what : str
        The measure's id and title.
    ours, peer : Sample
        Seconds per unit; None for a missing peer.
    peer_name : str
        The alternative.
    at_least : float, optional
        The goal: ours is at least so many times as fast.
    at_most : float, optional
        The goal: ours takes at most so many times the peer's time.
    note : str
        A note for the reader of this row.
    """
    symbol, bound = ("≤", at_most) if at_most is not None else ("≥", at_least)
    goal = f"{symbol} {bound:g}x" if bound is not None else ""
    if peer is None:
        return Row(measure, what, described(ours), f"{peer_name}: n/a", "n/a", goal, None, note)
    faster = peer.median / ours.median
    ratio = 1 / faster if at_most is not None else faster
    reached = None if bound is None else (ratio <= bound if at_most is not None else ratio >= bound)
    shown = f"{ratio:.2f}x" if ratio < 10 else f"{ratio:.0f}x"
    goal_factor = None if bound is None else (1 / bound if at_most is not None else bound)
    numbers = {"ours_s": ours.values, "peer_s": peer.values, "peer": peer_name, "ratio": ratio, "goal": bound}
    return Row(
        measure,
        what,
        described(ours),
        f"{peer_name}: {described(peer)}",
        shown,
        goal,
        reached,
        note,
        factor=faster,
        goal_factor=goal_factor,
        numbers=numbers,
    )


def interleave(
    sides: Mapping[str, tuple[Side, int]], rounds: int, warm_up: float = 0.1, collect: bool = True
) -> dict[str, Sample]:
    """Run the sides in turns, round by round, so that other load of the machine affects all of them.

    Parameters
    ----------
    sides : mapping
        Name -> the side and how many units it does per round.
    rounds : int
        The number of rounds.
    warm_up : float
        The part of a round that runs once before, as a warm-up.
    collect : bool
        Collect garbage before each side's turn, so that no side pays for the garbage of another. This also empties the
        processor's caches, so it does not suit turns of a millisecond.

    Returns
    -------
    dict
        Name -> seconds per unit.
    """
    for side, count in sides.values():
        side(max(1, int(count * warm_up)))
    values: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, (side, count) in sides.items():
            if collect:
                gc.collect()
            values[name].append(side(count) / count)
    return {name: Sample(tuple(seconds)) for name, seconds in values.items()}
