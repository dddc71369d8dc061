"""Collect the counts and times of all parts of an engine in a flat dict. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from auroraview_qt.ipc.engine.meter import Meter

if TYPE_CHECKING:
    from auroraview_qt.ipc.engine.engine import Engine


def collect(engine: Engine, counted: Mapping[str, int], round_trip: Meter) -> dict[str, float]:
    """Return the counters and times of an engine. Thread: any.

    Parameters
    ----------
    engine : Engine
        Its parts have counts of their own.
    counted : mapping
        The engine's own counts.
    round_trip : Meter
        Times from sending a batch to its acknowledgement.
    """
    counts: dict[str, float] = {**counted, **engine.queue.stats(), **engine.outgoing.stats()}
    counts["coalesced"] += engine.unheard.coalesced
    counts["dropped"] += engine.unheard.dropped
    counts.update(
        unheard=len(engine.unheard),
        never_heard=engine.unheard.dropped,
        in_flight=0,
        inbox=len(engine.dispatcher.inbox) + len(engine.dispatcher.unread),
        received=engine.dispatcher.received,
        malformed=engine.dispatcher.malformed,
    )
    session = engine.session  # once, because this may be another thread than the closing thread
    if session is not None:
        counts["in_flight"] = session.in_flight
        for name in ("sent", "delivered", "discarded"):
            counts[name] += getattr(session, name)
    counts["callback_errors"] = engine.handler.callback_errors + engine.state.callback_errors
    counts["command_errors"] = engine.handler.command_errors
    counts["late_results"] = engine.handler.calls.late
    counts["calls_running"] = len(engine.handler.calls)
    counts["page_calls_waiting"] = len(engine.page_calls)
    counts.update(round_trip.stats("round_trip"))
    return counts
