"""Harness: waiting for one report with a limit, interleaved rounds, samples, and the rows of the table. Knows no bridge."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Callable

from qtpy import QtCore

#: How long one wait may take before its measure is given up: a page that froze must not stop the run.
LIMIT_S = 90.0

#: A side of a comparison: takes how many units to do, returns the seconds they took.
Side = Callable[[int], float]


class BenchError(Exception):
    """A measure that has no number: something was lost, wrong, or did not come in time."""


class Arrival:
    """One report that is waited for in a local event loop; `at` is when it came, not when the loop noticed."""

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
    """Let the event loop turn for a while, for what a bridge does after the fact."""
    loop = QtCore.QEventLoop()
    QtCore.QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def expect(what: str, got: object, wanted: object) -> None:
    """Raise unless all that was sent has arrived."""
    if got != wanted:
        raise BenchError(f"{what}: sent {wanted}, arrived {got}")


@dataclass(frozen=True)
class Sample:
    """What the rounds gave, in seconds for one unit."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.values)

    @property
    def spread(self) -> tuple[float, float]:
        """The quartiles where there are many values, else the least and the greatest."""
        if len(self.values) > 10:
            low, _, high = statistics.quantiles(self.values)
            return low, high
        return min(self.values), max(self.values)


@dataclass(frozen=True)
class Row:
    """One line of the table: ours, the other, what comes of it, and whether that reaches the goal."""

    measure: str
    what: str
    ours: str = ""
    peer: str = ""
    result: str = ""
    goal: str = ""
    reached: bool | None = None
    note: str = ""
    error: str = ""
    #: How many times as fast as the other, and as fast as the goal asks: for the chart.
    factor: float | None = None
    goal_factor: float | None = None
    numbers: dict[str, Any] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """What the last column says."""
        if self.error:
            return "ERROR"
        if self.reached is None:
            return "n/a" if self.goal else "-"
        return "reached" if self.reached else "NOT reached"


def duration(seconds: float) -> str:
    """A time with the unit that suits it, in three digits."""
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
        Its id and its title.
    ours, peer : Sample
        Seconds for one unit; None for a peer that is not there.
    peer_name : str
        What ours is compared with.
    at_least : float, optional
        The goal is to be so many times as fast as the peer.
    at_most : float, optional
        The goal is to take at most so many times what the peer takes.
    note : str
        What a reader has to know about this row.
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
    """Run the sides one after the other, round by round, so that what the machine does meanwhile meets all of them.

    Parameters
    ----------
    sides : mapping
        Name -> the side and how many units it does per round.
    rounds : int
        How often.
    warm_up : float
        The part of a round that is run once before, and forgotten.
    collect : bool
        Collect garbage before each side's turn, so that nobody pays for what another left behind. It empties the
        processor's caches too: not for turns of a millisecond.

    Returns
    -------
    dict
        Name -> seconds for one unit.
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
