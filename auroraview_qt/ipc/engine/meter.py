"""Measure durations as a count, a mean and a maximum. Thread: the owner's. No Qt."""

from __future__ import annotations


class Meter:
    """Durations of a kind of work, in seconds."""

    __slots__ = ("count", "max_s", "total_s")

    def __init__(self) -> None:
        self.count = 0
        self.total_s = 0.0
        self.max_s = 0.0

    def add(self, seconds: float) -> None:
        """Note a duration."""
        self.count += 1
        self.total_s += seconds
        if seconds > self.max_s:
            self.max_s = seconds

    def stats(self, name: str) -> dict[str, float]:
        """Return ``<name>_ms``, the mean, and ``<name>_max_ms``; both 0 before the first."""
        mean = self.total_s / self.count if self.count else 0.0
        return {f"{name}_ms": round(mean * 1e3, 3), f"{name}_max_ms": round(self.max_s * 1e3, 3)}
