"""Calls of Python into the page: exposed functions and evaluated sources, and how each of them ends."""

from __future__ import annotations

import asyncio
import concurrent.futures
import gc
import os
import signal
import sys
import threading

import pytest

from auroraview_qt.errors import (
    CallTimeoutError,
    PageError,
    PageGoneError,
    QueueFullError,
    SerializationError,
    UnknownCommandError,
    WrongThreadError,
)

EXPOSED = """<script>
auroraview.expose('double', (n) => n * 2);
auroraview.expose('later', (n) => new Promise((resolve) => setTimeout(() => resolve({n}), 5)));
auroraview.expose('nothing', () => undefined);
auroraview.expose('params', function (p) { return [arguments.length, p === undefined ? 'undefined' : p]; });
auroraview.expose('raise', () => {
    throw Object.assign(new TypeError('no such layer'), {code: 'NO_LAYER', data: {layer: 3}}); });
auroraview.expose('reject', () => Promise.reject('a plain string'));
auroraview.expose('node', () => document.body);
auroraview.expose('steps', (n, {progress}) => { progress(0.5, 'half'); progress(null); return 'done'; });
auroraview.expose('hang', (n, {signal}) => new Promise(() => {
    signal.addEventListener('abort', () => auroraview.emit('aborted', 1)); auroraview.emit('hanging', 1); }));
</script>"""


@pytest.fixture
def view(make_view):
    return make_view(EXPOSED)


def ended(wait_until, future):
    """Wait for a future; return it."""
    wait_until(future.done, future.name)
    return future


@pytest.mark.parametrize(
    ("name", "params", "result"),
    [
        ("double", (21,), 42),
        ("later", (7,), {"n": 7}),
        ("nothing", (), None),
        ("params", (), [2, "undefined"]),
        ("params", (None,), [2, None]),
        ("params", ([1, 2],), [2, [1, 2]]),
        ("params", ({"r": 1},), [2, {"r": 1}]),
    ],
)
def test_call_exposed_function_gives_its_result(view, wait_until, name, params, result):
    assert ended(wait_until, view.call(name, *params)).result() == result


def test_call_raising_function_gives_the_error_with_stack_code_and_data(view, wait_until):
    error = ended(wait_until, view.call("raise")).exception()
    assert isinstance(error, PageError)
    assert (error.name, error.code, error.data) == ("TypeError", "NO_LAYER", {"layer": 3})
    assert "TypeError: no such layer" in str(error)
    assert "at " in error.stack


def test_call_rejecting_with_no_error_gives_its_text(view, wait_until):
    assert "a plain string" in str(ended(wait_until, view.call("reject")).exception())


def test_call_result_json_cannot_hold_is_an_error(view, wait_until):
    error = ended(wait_until, view.call("node")).exception()
    assert (error.name, error.code) == ("SerializationError", "SERIALIZATION")


def test_call_unknown_function_ends_at_once_with_the_nearest_name(view, wait_until):
    error = ended(wait_until, view.call("duoble", timeout_s=None)).exception()
    assert isinstance(error, UnknownCommandError)
    assert "'double'" in str(error)


def test_call_function_taken_back_is_unknown(view, js, wait_until):
    js(view, "auroraview.expose('brief', () => 1)() || 1")
    assert isinstance(ended(wait_until, view.call("brief")).exception(), UnknownCommandError)


def test_call_params_json_cannot_hold_raises_here(view):
    with pytest.raises(SerializationError, match="call of 'double'"):
        view.call("double", object())
    assert view.stats()["page_calls_waiting"] == 0


def test_call_progress_comes_before_the_result(view, wait_until):
    told = []
    future = view.call("steps", on_progress=lambda *report: told.append((*report, future.done())))
    assert ended(wait_until, future).result() == "done"
    assert told == [(0.5, "half", False), (None, "", False)]


def test_call_timing_out_aborts_the_function(view, wait_until):
    aborted = []
    view.on("aborted", aborted.append)
    error = ended(wait_until, view.call("hang", timeout_s=0.05)).exception()
    assert isinstance(error, CallTimeoutError)
    assert isinstance(error, TimeoutError)
    wait_until(lambda: bool(aborted))
    wait_until(view._connection.is_idle)
    assert not view._connection._deadlines._timer.is_set()


def test_call_cancelled_aborts_the_function(view, wait_until):
    aborted, hanging = [], []
    view.on("aborted", aborted.append)
    view.on("hanging", hanging.append)
    future = view.call("hang", timeout_s=None)
    wait_until(lambda: bool(hanging))
    assert future.cancel()
    assert not future.cancel()
    wait_until(lambda: bool(aborted))


def test_call_before_the_page_is_ready_waits_in_order_with_events(make_view, wait_until):
    view = make_view(wait=False)
    view.emit("add", 1)
    future = view.call("log")
    view.emit("add", 2)
    view.load_html(
        "<script>const log = []; auroraview.on('add', (n) => log.push(n)); auroraview.expose('log', () => log)</script>"
    )
    assert ended(wait_until, future).result() == [1]


def test_call_without_a_page_times_out(make_view, wait_until):
    error = ended(wait_until, make_view(wait=False).call("x", timeout_s=0.01)).exception()
    assert "no page was ready" in str(error)


def test_call_of_a_page_that_is_reloaded_ends(view, wait_until):
    hanging = []
    view.on("hanging", hanging.append)
    future = view.call("hang", timeout_s=None)
    wait_until(lambda: bool(hanging))
    view.reload()
    assert isinstance(ended(wait_until, future).exception(), PageGoneError)


@pytest.mark.skipif(sys.platform != "linux", reason="it sends signals as Linux has them")
def test_call_of_a_page_that_is_killed_ends(view, wait_until, expect_log):
    expect_log("the renderer of")
    hanging = []
    view.on("hanging", hanging.append)
    futures = [view.call("hang", timeout_s=None), view.eval_js("new Promise(() => 0)", timeout_s=None)]
    wait_until(lambda: bool(hanging))
    os.kill(view.page()._renderer_pid(), signal.SIGKILL)
    assert [type(ended(wait_until, future).exception()) for future in futures] == [PageGoneError] * 2
    assert ended(wait_until, view.call("double", 2)).result() == 4


def test_call_of_a_view_that_is_deleted_is_cancelled(view, wait_until):
    futures = [view.call("hang", timeout_s=None) for _ in range(3)]
    view.deleteLater()
    wait_until(lambda: all(future.cancelled() for future in futures))
    assert view.call("double", 1).cancelled()


def test_call_over_the_limits_of_the_queue_raises_and_keeps_nothing(make_view):
    view = make_view(wait=False, max_events=2)
    view.emit("a")
    view.emit("a")
    with pytest.raises(QueueFullError):
        view.call("x")
    assert view.stats()["page_calls_waiting"] == 0


def test_call_is_never_what_drop_oldest_drops(make_view, wait_until, expect_log):
    expect_log("was dropped: overflow")
    view = make_view(wait=False, max_events=3, overflow="drop_oldest")
    future = view.call("double", 4)
    for n in range(10):
        view.emit("n", n)
    view.load_html(EXPOSED)
    assert ended(wait_until, future).result() == 8
    assert view.stats()["dropped"] > 0


def test_result_on_the_gui_thread_raises_instead_of_freezing(view, wait_until):
    future = view.call("double", 1)
    with pytest.raises(WrongThreadError, match="add_done_callback"):
        future.result()
    assert ended(wait_until, future).result() == 2


def test_call_on_a_worker_waits_for_its_result(view, wait_until):
    found = []
    worker = threading.Thread(target=lambda: found.append([view.call("double", n).result(10) for n in range(50)]))
    worker.start()
    wait_until(lambda: not worker.is_alive())
    assert found == [[n * 2 for n in range(50)]]


def test_call_is_awaited_on_any_loop(view, wait_until):
    async def both():
        return await asyncio.gather(view.call("double", 3), view.eval_js("1 + 1"))

    pool = concurrent.futures.ThreadPoolExecutor(1)
    future = pool.submit(asyncio.run, both())
    wait_until(future.done)
    pool.shutdown()
    assert future.result() == [6, 2]


def test_callbacks_run_on_the_gui_thread_and_may_raise_or_delete_the_view(view, wait_until, caplog):
    threads = []

    def done(future):
        threads.append(threading.get_ident())
        view.deleteLater()
        raise ValueError("in a callback")

    future = view.call("double", 1)
    future.add_done_callback(done)
    wait_until(lambda: bool(threads))
    assert threads == [threading.get_ident()]
    assert "ValueError: in a callback" in caplog.text
    caplog.clear()


def test_error_nobody_looks_at_is_logged(view, wait_until, expect_log, caplog):
    expect_log("did not read its error")
    view.eval_js("missingFunction()")
    wait_until(lambda: view.stats()["page_calls_waiting"] == 0)
    gc.collect()
    assert "missingFunction is not defined" in caplog.text


# eval_js


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1 + 1", 2),
        ("({a: [1, null, 'é\\u2028']})", {"a": [1, None, "é\u2028"]}),
        ("undefined", None),
        ("'it\\'s'; ", "it's"),
        ("Promise.resolve('soon')", "soon"),
        ("await new Promise((r) => setTimeout(() => r(7), 1))", 7),
        ("const a = 2;\nreturn a * 3;", 6),
        ("var b = 1; b += 1", None),
        ("4 // four", 4),
        ("(() => { return document.title })()", ""),
    ],
)
def test_eval_js_gives_the_value(view, wait_until, source, value):
    assert ended(wait_until, view.eval_js(source)).result() == value


def test_eval_js_works_under_the_content_security_policy(make_view, tmp_path, wait_until):
    (tmp_path / "index.html").write_text("<title>app</title>")
    view = make_view(wait=False)
    view.load_app(tmp_path)
    assert ended(wait_until, view.eval_js("document.title")).result() == "app"
    assert ended(wait_until, view.eval_js("const t = document.title; return t")).result() == "app"


def test_eval_js_raising_gives_name_and_stack(view, wait_until):
    error = ended(wait_until, view.eval_js("null.x")).exception()
    assert isinstance(error, PageError)
    assert error.name == "TypeError"
    assert error.stack


@pytest.mark.parametrize("source", ["let = = 1", "a b", "a; = b"])
def test_eval_js_that_is_no_javascript_is_a_syntax_error(view, wait_until, expect_log, source):
    expect_log("SyntaxError")
    error = ended(wait_until, view.eval_js(source)).exception()
    assert error.name == "SyntaxError"
    assert "nexpected token" in str(error) or "identifier" in str(error)


def test_eval_js_keeps_its_place_among_events(view, wait_until):
    futures = []
    ended(wait_until, view.eval_js("window.log = []; auroraview.on('n', (n) => log.push(n))"))
    for n in range(20):
        view.emit("n", n)
        futures.append(view.eval_js("log.length"))
    wait_until(futures[-1].done)
    assert [future.result() for future in futures] == list(range(1, 21))
