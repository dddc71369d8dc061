"""Script in a trusted page floods the host: it waits or is refused, each call ends, and the host goes on."""

from __future__ import annotations

import re
import sys
import time
from concurrent.futures import Future
from pathlib import Path

import pytest

from auroraview_qt.errors import TooManyCallsError
from auroraview_qt.ipc.calls.running import Calls
from auroraview_qt.ipc.wire.limits import MAX_ANSWER_BYTES, MAX_CALLS
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


def memory_mb():
    """Return the memory of this process in megabytes."""
    return int(re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())[1]) // 1024


# Events


def test_storm_of_events_waits_in_the_page(make_view, js, wait_until, expect_log):
    expect_log("QueueFullError")
    view, heard = make_view("<p>"), []
    view.on("storm", lambda text: heard.append(len(text)))
    view.on("storm", lambda _: time.sleep(0.0005))
    js(view, "((text) => { for (let n = 0; n < 60000; n += 1) auroraview.emit('storm', text + n); })('x'.repeat(1000)), 1")
    waiting = []
    wait_until(lambda: waiting.append(view.stats()["inbox"]) or len(heard) > 10_000, "the first events")
    assert max(waiting) < 20_000
    js(view, "(auroraview.emit('after', 1), 1)")


def test_large_message_leaves_the_host_its_turns(make_view, js, wait_until, beats):
    view, heard = make_view("<p>"), []
    view.on("large", lambda value: heard.append(len(value)))
    view.on("late", heard.append)
    before = beats()
    js(view, "(auroraview.emit('large', Array(400000).fill({}).map((_, n) => n + 0.5)), auroraview.emit('late', 1), 1)")
    wait_until(lambda: len(heard) == 2, "both events")
    assert heard == [400_000, 1]
    assert beats() - before > 2


def test_brackets_of_post_message_are_refused_in_the_page(make_view, js, wait_until, expect_log):
    expect_log("ipc.postMessage")
    view, heard = make_view("<p>"), []
    view.on("later", heard.append)
    js(view, "(ipc.postMessage('['.repeat(16 * 1024 * 1024 - 10)), auroraview.emit('later', 1), 1)")
    wait_until(lambda: heard == [1], "the event behind them")
    assert view.stats()["malformed"] == 0


# Answers


def test_answers_to_a_stuck_page_are_bounded(make_view, js, wait_until):
    view, answer = make_view("<p>"), "x" * (8 * 1024 * 1024)
    view.command("large", lambda: answer)
    js(
        view,
        """(window.ends = [], Array.from({length: 20}, () => auroraview.call('large')
        .then((text) => ends.push(text.length), (error) => ends.push(error.code))),
        setTimeout(() => { const end = Date.now() + 1500; while (Date.now() < end) {} }, 50), 1)""",
    )
    most = [0]
    wait_until(lambda: most.append(view.stats()["queued_bytes"]) or view.stats()["received"] >= 20, "all calls")
    assert max(most) <= MAX_ANSWER_BYTES + 2**20
    wait_until(lambda: js(view, "ends.length") == 20, "the end of each call")
    assert set(js(view, "ends")) <= {len(answer), "QUEUE_FULL"}
    js(view, "(auroraview.call('large').then((text) => { ends = text.length; }), 1)")
    wait_until(lambda: js(view, "ends") == len(answer), "a call after them")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_files_that_are_asked_for_and_not_read_take_no_memory(make_view, js, wait_until, tmp_path):
    (tmp_path / "index.html").write_text("<p>")
    with (tmp_path / "large.bin").open("wb") as file:
        file.truncate(64 * 1024 * 1024)
    view = make_view(None, app_dir=tmp_path)
    wait_until(lambda: view.is_ready, "the page")
    before = memory_mb()
    js(
        view,
        """(window.asked = 0, Array.from({length: 8}, (_, n) => { const request = new XMLHttpRequest();
        request.open('GET', 'large.bin?' + n); request.onreadystatechange = () => {
            if (request.readyState === 2) asked += 1; if (request.readyState === 3) request.abort(); };
        request.send(); }), 1)""",
    )
    wait_until(lambda: js(view, "asked") >= 8, "the answers")
    assert memory_mb() - before < 200


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
