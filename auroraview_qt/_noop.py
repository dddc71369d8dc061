"""A callback that does nothing: the default of unset hooks. No Qt; any thread."""

from __future__ import annotations


def noop(*_: object) -> None:
    """Accept any arguments and do nothing. Thread: any."""
