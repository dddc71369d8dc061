"""P11: the memory of the host after two million events."""

from __future__ import annotations

import contextlib
import gc
import os
from pathlib import Path

from context import Context
from harness import BenchError, Row, rest
from ours import Ours

EVENTS = 2_000_000
PORTION = 100_000
GOAL_MB = 20
_STATM = Path("/proc/self/statm")


def resident_mb() -> float:
    """Return how much memory of this process is in RAM, in MB."""
    return int(_STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def drained(context: Context, _wanted: frozenset[str]) -> list[Row]:
    """P11: compare the process before and after, with portions that fit the queue."""
    if not _STATM.exists():
        raise BenchError("the resident size can be read on Linux only")
    portions = context.count(EVENTS) // PORTION
    with contextlib.closing(Ours()) as ours:
        emit = ours.emit("tick")
        emit(PORTION)
        rest(1)
        gc.collect()
        before = peak = resident_mb()
        for _ in range(portions):
            emit(PORTION)
            peak = max(peak, resident_mb())
        rest(1)
        gc.collect()
        grown = resident_mb() - before
    return [
        Row(
            "P11",
            f"memory of the host after {portions * PORTION:,} events, drained",
            f"{before + grown:.0f} MB",
            f"before: {before:.0f} MB",
            f"{grown:+.1f} MB",
            f"≤ {GOAL_MB} MB more",
            grown <= GOAL_MB,
            f"greatest between portions {peak:.0f} MB",
            numbers={"before_mb": before, "grown_mb": grown, "peak_mb": peak},
        )
    ]
