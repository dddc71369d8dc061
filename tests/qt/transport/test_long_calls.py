"""Commands that take their time: threads, coroutines, progress, cancellation, streams; each call ends exactly once."""

from __future__ import annotations

import asyncio
import concurrent.futures
import os
import signal
import sys
import threading
import time

import pytest

from auroraview_qt import CallContext


def start(view, js, source):
    """Start something in the page; its outcome lands in window.outcome: ["ok", value] or ["error", name, code, message]."""
    js(
        view,
        f"""(window.outcome = null, Promise.resolve().then(async () => {source}).then(
            (v) => {{ outcome = ['ok', v === undefined ? null : v]; }},
            (e) => {{ outcome = ['error', e.name, e.code, e.message]; }}), 1)""",
    )


@pytest.fixture
def outcome(js, wait_until):
    """Run something in the page and wait for its outcome."""

    def run(view, source):
        start(view, js, source)
        wait_until(lambda: js(view, "window.outcome !== null"), source)
        return js(view, "outcome")

    return run


class Gate:
    """Run in a pool thread until the test ends it, or it is cancelled."""

    def __init__(self):
        self.entered, self.let_out, self.left = (threading.Event() for _ in range(3))
        self.cancelled = None

    def __call__(self, ctx: CallContext):
        self.entered.set()
        while not (self.let_out.is_set() or ctx.wait_cancelled(0.005)):
            pass
        self.cancelled = ctx.cancelled
        self.left.set()
        return "out"


@pytest.fixture
def gate():
    gate = Gate()
    yield gate
    gate.let_out.set()


# Threads and coroutines


def test_pool_command_runs_beside_the_gui_thread(make_view, outcome):
    view = make_view("<p>")

    @view.command(thread="pool")
    def where(n: int):
        return [n, threading.get_ident() == threading.main_thread().ident]

    assert outcome(view, "auroraview.call('where', {n: 3})") == ["ok", [3, False]]


def test_pool_command_leaves_the_gui_thread_free(make_view, js, wait_until, gate):
    view, ticks = make_view("<p>"), []
    view.command("gate", gate, thread="pool")
    view.command("tick", ticks.append)
    start(view, js, "auroraview.call('gate')")
    wait_until(gate.entered.is_set)
    js(view, "[1, 2, 3].forEach((n) => auroraview.call('tick', n)) || 1")
    wait_until(lambda: ticks == [1, 2, 3])
    assert js(view, "outcome") is None
    gate.let_out.set()
    wait_until(lambda: js(view, "window.outcome !== null"))
    assert js(view, "outcome") == ["ok", "out"]


def test_pool_command_answers_after_what_it_emitted(make_view, outcome):
    view = make_view("<script>window.log = []; auroraview.on('step', (n) => log.push(n))</script>")

    @view.command(thread="pool")
    def steps(ctx: CallContext):
        for n in range(100):
            view.emit("step", n)
        return "done"

    assert outcome(view, "[await auroraview.call('steps'), log.length]") == ["ok", ["done", 100]]


def test_pool_command_errors_reach_the_page(make_view, outcome, expect_log):
    expect_log("command 'fail' failed")
    view = make_view("<p>")

    @view.command(thread="pool")
    def fail():
        sys.exit("not the host's exit")

    assert outcome(view, "auroraview.call('fail')") == ["error", "SystemExit", "CALL_FAILED", "not the host's exit"]
    assert outcome(view, "auroraview.call('fail', [1])")[2] == "INVALID_ARGS"


def test_unknown_thread_is_refused(make_view):
    with pytest.raises(ValueError, match="'gui' or 'pool'"):
        make_view().command("x", print, thread="poool")


def test_async_command_runs_on_a_loop(make_view, outcome):
    view = make_view("<p>")

    @view.command
    async def add(a, b):
        await asyncio.sleep(0)
        return a + b

    @view.command
    async def context(n: int, ctx: CallContext):
        await asyncio.sleep(0)
        return [n, ctx.command]

    assert outcome(view, "auroraview.call('add', {a: 1, b: 2})") == ["ok", 3]
    assert outcome(view, "auroraview.call('context', 5)") == ["ok", [5, "context"]]
    assert outcome(view, "auroraview.call('add', {a: 1})")[2] == "INVALID_ARGS"


def test_async_command_that_is_cancelled_is_told(make_view, js, wait_until):
    view, told = make_view("<p>"), []

    @view.command
    async def sleep():
        told.append("began")
        try:
            await asyncio.sleep(3600)
        finally:
            told.append("ended")

    start(view, js, "(window.stop = new AbortController(), auroraview.call('sleep', undefined, {signal: stop.signal}))")
    wait_until(lambda: told == ["began"])
    js(view, "stop.abort() || 1")
    wait_until(lambda: told == ["began", "ended"])
    assert js(view, "outcome.slice(0, 3)") == ["error", "AbortError", "CANCELLED"]


def test_command_may_return_a_future(make_view, outcome, js, wait_until):
    view, futures = make_view("<p>"), []

    @view.command
    def later():
        futures.append(concurrent.futures.Future())
        return futures[-1]

    start(view, js, "auroraview.call('later')")
    wait_until(lambda: bool(futures))
    futures[0].set_result({"late": True})
    wait_until(lambda: js(view, "window.outcome !== null"))
    assert js(view, "outcome") == ["ok", {"late": True}]


def test_command_may_ask_the_page_in_turn(make_view, outcome):
    view = make_view("<script>auroraview.expose('name', (n) => 'node' + n)</script>")
    view.command("ask", lambda n: view.call("name", n))
    assert outcome(view, "auroraview.call('ask', 4)") == ["ok", "node4"]


# Progress


def test_progress_reaches_the_page_in_order_and_before_the_result(make_view, outcome):
    view = make_view("<p>")

    @view.command(thread="pool")
    def bake(start: int, end: int, ctx: CallContext):
        ctx.progress(None)
        for frame in range(start, end):
            ctx.progress((frame - start) / (end - start), f"frame {frame}")
        return end - start

    kind, (result, told) = outcome(
        view,
        "(async () => { const told = []; const result = await auroraview.call('bake', {start: 1, end: 2001}, "
        "{onProgress: (fraction, message) => told.push([fraction, message])}); return [result, told]; })()",
    )
    assert (kind, result) == ("ok", 2000)
    assert told[-1] == [1999 / 2000, "frame 2000"]
    fractions = [fraction for fraction, _ in told if fraction is not None]
    assert fractions == sorted(fractions)


def test_progress_of_a_call_that_does_not_listen_harms_nothing(make_view, outcome):
    view = make_view("<p>")

    @view.command
    def report(ctx: CallContext):
        ctx.progress(1, "all")
        return "done"

    assert outcome(view, "auroraview.call('report')") == ["ok", "done"]


# Cancellation: a call ends once, whatever happens to the page


@pytest.mark.parametrize("how", ["abort", "timeout", "reload", "navigate", "delete", "kill"])
def test_call_that_nobody_waits_for_is_cancelled(make_view, js, wait_until, gate, expect_log, how):
    if how == "kill" and sys.platform != "linux":
        pytest.skip("it sends signals as Linux has them")
    view = make_view("<p>")
    view.command("gate", gate, thread="pool")
    options = "{timeout: 30}" if how == "timeout" else "{signal: stop.signal}"
    start(view, js, f"(window.stop = new AbortController(), auroraview.call('gate', undefined, {options}))")
    wait_until(gate.entered.is_set)
    if how == "abort":
        js(view, "stop.abort() || 1")
    elif how == "reload":
        view.reload()
    elif how == "navigate":
        view.load_html("<p>another")
    elif how == "delete":
        view.deleteLater()
    elif how == "kill":
        expect_log("the renderer of")
        os.kill(view.page()._renderer_pid(), signal.SIGKILL)
    wait_until(gate.left.is_set)
    assert gate.cancelled
    if how in ("abort", "timeout"):
        wait_until(lambda: view.stats()["late_results"] == 1)
        assert js(view, "outcome[2]") == ("TIMEOUT" if how == "timeout" else "CANCELLED")
    if how != "delete":
        wait_until(lambda: view.is_ready and view.stats()["calls_running"] == 0)


def test_call_with_an_aborted_signal_never_begins(make_view, outcome):
    view, ran = make_view("<p>"), []
    view.command("run", lambda *_: ran.append(1))
    source = (
        "(() => { const c = new AbortController(); c.abort(); return auroraview.call('run', 0, {signal: c.signal}); })()"
    )
    assert outcome(view, source)[:3] == ["error", "AbortError", "CANCELLED"]
    assert outcome(view, "auroraview.call('run')") == ["ok", None]
    assert ran == [1]


def test_abort_after_the_answer_changes_nothing(make_view, outcome):
    view = make_view("<p>")
    view.command("run", lambda: 1)
    source = (
        "(async () => { const c = new AbortController(); const r = await auroraview.call('run', [], {signal: c.signal});"
        " c.abort(); return r; })()"
    )
    assert outcome(view, source) == ["ok", 1]


def test_check_cancelled_ends_a_command_early(make_view, js, wait_until, gate):
    view, passed = make_view("<p>"), []

    @view.command(thread="pool")
    def work(ctx: CallContext):
        gate.entered.set()
        while True:
            ctx.check_cancelled()
            time.sleep(0.001)
            passed.append(1)

    start(view, js, "auroraview.call('work', undefined, {timeout: 20})")
    wait_until(lambda: js(view, "window.outcome !== null"))
    assert js(view, "outcome[2]") == "TIMEOUT"
    wait_until(lambda: view.stats()["calls_running"] == 0)


# Streams

COLLECT = """(async () => {{ const parts = []; for await (const part of {0}) parts.push(part); return parts; }})()"""


@pytest.mark.parametrize("thread", ["gui", "pool"])
def test_stream_gives_every_part_in_order(make_view, outcome, thread):
    view = make_view("<p>")

    @view.command(thread=thread)
    def count(n: int):
        for i in range(n):
            yield {"i": i}

    parts = outcome(view, COLLECT.format("auroraview.stream('count', {n: 200})"))
    assert parts == ["ok", [{"i": i} for i in range(200)]]


def test_stream_of_an_async_generator(make_view, outcome):
    view = make_view("<p>")

    @view.command
    async def count(n: int, ctx: CallContext):
        for i in range(n):
            await asyncio.sleep(0)
            yield [ctx.command, i]

    assert outcome(view, COLLECT.format("auroraview.stream('count', 100)")) == ["ok", [["count", i] for i in range(100)]]


@pytest.mark.parametrize("kind", ["gui", "pool", "async"])
def test_stream_left_early_is_closed(make_view, outcome, wait_until, kind):
    view, made, closed = make_view("<p>"), [], []

    def endless():
        try:
            while True:
                made.append(1)
                yield len(made)
        finally:
            closed.append(threading.get_ident())

    async def endless_async():
        try:
            while True:
                made.append(1)
                yield len(made)
        finally:
            closed.append(threading.get_ident())

    view.command("endless", endless_async if kind == "async" else endless, thread="pool" if kind == "pool" else "gui")
    source = "(async () => { for await (const n of auroraview.stream('endless')) if (n === 3) return n; })()"
    assert outcome(view, source) == ["ok", 3]
    wait_until(lambda: len(closed) == 1 and view.stats()["calls_running"] == 0)
    assert len(made) < 100, "more parts than the page takes"
    assert (closed[0] == threading.get_ident()) == (kind == "gui")


@pytest.mark.parametrize("thread", ["gui", "pool"])
def test_stream_waits_for_a_page_that_takes_nothing(make_view, js, wait_until, thread):
    view, made = make_view("<p>"), []

    @view.command(thread=thread)
    def endless():
        while True:
            made.append(1)
            yield 1

    js(view, "(window.it = auroraview.stream('endless'), it.next(), 1)")
    wait_until(lambda: len(made) >= 32)
    wait_until(lambda: view.stats()["delivered"] >= 32)
    assert len(made) == 32
    js(view, "(async () => { for (let i = 0; i < 40; i += 1) await it.next(); window.taken = true; })() && 1")
    wait_until(lambda: js(view, "window.taken"))
    assert len(made) <= 32 + 48
    view.reload()
    wait_until(lambda: view.stats()["calls_running"] == 0)


@pytest.mark.parametrize("thread", ["gui", "pool"])
def test_stream_that_raises_ends_in_its_error_after_its_parts(make_view, outcome, expect_log, thread):
    expect_log("command 'broken' failed")
    view = make_view("<p>")

    @view.command(thread=thread)
    def broken():
        yield 1
        raise KeyError("layer")

    source = """(async () => { const parts = []; try { for await (const p of auroraview.stream('broken')) parts.push(p); }
        catch (e) { parts.push(e.name); } return parts; })()"""
    assert outcome(view, source) == ["ok", [1, "KeyError"]]


def test_stream_and_call_are_not_mixed_up(make_view, outcome):
    view = make_view("<p>")
    view.command("plain", lambda: 1)
    view.command("parts", lambda: iter([1]))

    @view.command
    def stream():
        yield 1

    _, name, code, message = outcome(view, "auroraview.call('stream')")
    assert (name, code) == ("WrongCallKindError", "WRONG_CALL_KIND")
    assert "auroraview.stream" in message
    assert outcome(view, "auroraview.stream('plain').next()")[2] == "WRONG_CALL_KIND"
    assert outcome(view, COLLECT.format("auroraview.stream('parts')")) == ["ok", [1]]
    assert outcome(view, "auroraview.stream('missing').next()")[2] == "COMMAND_NOT_FOUND"


def test_gui_stream_lets_the_host_work_between_its_parts(make_view, outcome):
    view, calls = make_view("<p>"), []
    view.command("tick", lambda: calls.append(len(seen)))
    seen = []

    @view.command
    def slow():
        for i in range(40):
            seen.append(i)
            time.sleep(0.003)
            yield i

    source = """(async () => { let first = true; for await (const n of auroraview.stream('slow')) {
        if (first) { first = false; auroraview.call('tick'); } } return 1; })()"""
    assert outcome(view, source) == ["ok", 1]
    assert calls[0] < 40
