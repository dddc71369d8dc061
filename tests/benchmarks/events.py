"""P1 to P4: bursts of events, in both directions."""

from __future__ import annotations

from context import Context
from harness import Row, Side, compare, interleave

EVENTS = 100_000
#: pywebview waits for each event, so it gets fewer events, and the time per event is compared.
PYWEBVIEW_EVENTS = 2_000


def to_page(context: Context, wanted: frozenset[str]) -> list[Row]:
    """P1 and P2: emits from the GUI thread."""
    count = context.count(EVENTS)
    sides: dict[str, tuple[Side, int]] = {}
    pywebview = context.pywebview if "P1" in wanted else None
    fewer = context.count(PYWEBVIEW_EVENTS)
    if "P1" in wanted:
        sides["on"] = (context.ours.emit("tick"), count)
        sides["runJavaScript"] = (context.raw.scripts, count)
        sides["signal"] = (context.raw.signals, count)
        if pywebview is not None:
            sides["pywebview"] = (pywebview.emits, fewer)
    if "P2" in wanted:
        sides["listener"] = (context.ours.emit("tock"), count)
        sides["floor"] = (context.floor.dispatches, count)
    samples = interleave(sides, context.rounds)
    rows = []
    if "P1" in wanted:
        what, ours = f"emit → auroraview.on, {count:,} at once, per event", samples["on"]
        rows.append(compare("P1", what, ours, "runJavaScript per emit", samples["runJavaScript"], at_least=30))
        note = context.no_pywebview or f"pywebview with {fewer:,} events; the time per event is compared"
        peer = samples.get("pywebview")
        rows.append(compare("P1", what, ours, "pywebview evaluate_js", peer, at_least=150, note=note))
        rows.append(compare("P1", what, ours, "QWebChannel signal per event", samples["signal"]))
    if "P2" in wanted:
        what = f"emit → window.addEventListener, {count:,} at once, per event"
        name = "dispatchEvent inside the page"
        rows.append(compare("P2", what, samples["listener"], name, samples["floor"], at_least=0.6))
    return rows


def to_python(context: Context, wanted: frozenset[str]) -> list[Row]:
    """P3 and P4: events of the page."""
    count = context.count(EVENTS)
    sides: dict[str, tuple[Side, int]] = {}
    if "P3" in wanted:
        sides["P3"] = (context.ours.burst("emitOut"), count)
    if "P4" in wanted:
        sides["P4"] = (context.ours.burst("dispatchOut"), count)
    sides["slot"] = (context.raw.slots, count)
    samples = interleave(sides, context.rounds)
    ways = {"P3": ("auroraview.emit", 20), "P4": ("window.dispatchEvent", 12)}
    return [
        compare(
            measure,
            f"page's {way} → Python, {count:,} at once, per event",
            samples[measure],
            "QWebChannel slot per event",
            samples["slot"],
            at_least=goal,
        )
        for measure, (way, goal) in ways.items()
        if measure in wanted
    ]
