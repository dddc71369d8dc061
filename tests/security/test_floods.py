"""Script in a trusted page floods the host: it waits or is refused, each call ends, and the host goes on."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from auroraview_qt.errors import TooManyCallsError
from auroraview_qt.ipc.calls.running import Calls
from auroraview_qt.ipc.wire.limits import MAX_CALLS
from auroraview_qt.qt.support.binding import QtCore


@pytest.fixture
def beats():
    """Count how often the event loop of the host has turned a timer meanwhile."""
    timer, counts = QtCore.QTimer(), [0]

    def beat():
        counts[0] += 1

    timer.timeout.connect(beat)
    timer.start(5)
    yield lambda: counts[0]
    timer.stop()


# Calls


def test_flood_of_calls_is_cut_off_in_the_page_and_the_host_goes_on(make_view, js, wait_until, beats):
    view = make_view("<p>")
    futures: list[Future[int]] = []

    @view.command
    def never():
        futures.append(Future())
        return futures[-1]

    js(
        view,
        """(window.codes = {}, (async () => { for (let n = 0; n < 200000; n += 1) auroraview.call('never', [], {timeout: 0})
        .catch((error) => { codes[error.code] = (codes[error.code] || 0) + 1; }); })(), 1)""",
    )
    before = beats()
    wait_until(lambda: len(futures) == MAX_CALLS, "the calls that were let through")
    assert beats() > before
    wait_until(lambda: js(view, "codes.TOO_MANY_CALLS") == 200_000 - MAX_CALLS, "the errors of the others")
    assert view.stats()["calls_running"] == MAX_CALLS
    for future in futures:
        future.set_result(1)
    js(view, "(auroraview.call('never', [], {timeout: 0}).then(() => { codes.again = 1; }), 1)")
    wait_until(lambda: len(futures) == MAX_CALLS + 1, "a call after the flood")
    futures[-1].set_result(1)
    wait_until(lambda: js(view, "codes.again") == 1, "its answer")


def test_page_that_forges_calls_gets_no_more_of_them():
    calls = Calls(lambda *_: b"")
    calls.is_gone = lambda _: False
    for number in range(MAX_CALLS):
        calls.begin("doc", str(number), "never")
    with pytest.raises(TooManyCallsError, match="never"):
        calls.begin("doc", "another", "never")
