"""P5 and P6: calls of the page that Python answers, singly and a thousand at once."""

from __future__ import annotations

from context import Context
from harness import Row, Side, compare, interleave

SEQUENTIAL = 1_000
SEQUENTIAL_PYWEBVIEW = 400
IN_FLIGHT = 1_000


def one_at_a_time(context: Context, _wanted: frozenset[str]) -> list[Row]:
    """P5: the round trip of a call from an idle page, timed in the page."""
    sides: dict[str, tuple[Side, int]] = {
        "ours": (context.ours.sequential, context.count(SEQUENTIAL)),
        "raw": (context.raw.sequential, context.count(SEQUENTIAL)),
    }
    if context.pywebview is not None:
        sides["pywebview"] = (context.pywebview.sequential, context.count(SEQUENTIAL_PYWEBVIEW))
    samples = interleave(sides, context.rounds)
    what, ours, note = "call, one at a time, round trip", samples["ours"], context.no_pywebview
    return [
        compare("P5", what, ours, "QWebChannel method with result", samples["raw"], at_most=1.1),
        compare("P5", what, ours, "pywebview js_api", samples.get("pywebview"), at_most=0.4, note=note),
    ]


def in_flight(context: Context, _wanted: frozenset[str]) -> list[Row]:
    """P6: calls that all wait at once, time per call."""
    sides: dict[str, tuple[Side, int]] = {
        "ours": (context.ours.parallel, IN_FLIGHT),
        "raw": (context.raw.parallel, IN_FLIGHT),
    }
    if context.pywebview is not None:
        sides["pywebview"] = (context.pywebview.parallel, IN_FLIGHT)
    samples = interleave(sides, context.rounds, warm_up=1)
    what, ours, note = f"call, {IN_FLIGHT:,} in flight, per call", samples["ours"], context.no_pywebview
    return [
        compare("P6", what, ours, "QWebChannel method with result", samples["raw"], at_least=8),
        compare("P6", what, ours, "pywebview js_api", samples.get("pywebview"), at_least=150, note=note),
    ]
