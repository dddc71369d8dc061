"""The same tests on every stage: what a test does with a page at the bridge, without its document."""

from __future__ import annotations

import threading
from concurrent.futures import Future

import pytest

from auroraview_qt import CallContext, WebView, broadcast
from auroraview_qt.errors import (
    CallCancelledError,
    CallTimeoutError,
    InvalidArgumentsError,
    PageError,
    PageGoneError,
    QueueFullError,
    SerializationError,
    UnknownCommandError,
)
from auroraview_qt.testing.errors import CommandError, ExpectationError, WaitError


class Tool:
    """A panel with all kinds of commands."""

    def __init__(self):
        self.heard = []
        self.view = view = WebView(html="<p>A panel</p>", title="Tool")
        view.on("saved", self.note)
        view.command("double", lambda value: 2 * value)

        @view.command
        def bake(start: int, end: int, ctx: CallContext) -> str:
            ctx.progress(0.5, "half way")
            return f"{end - start + 1} frames"

        @view.command
        def boom() -> None:
            raise LookupError("nothing there")

        @view.command(thread="pool")
        def wait(ctx: CallContext) -> None:
            ctx.wait_cancelled(20)
            ctx.check_cancelled()

        @view.command(thread="pool")
        def work(value: int) -> int:
            return value + 1

        @view.command
        async def later(value: object) -> object:
            return value

        @view.command
        def count(to: int):
            yield from range(to)

        @view.command
        def broken():
            yield 1
            raise LookupError("no more")

        @view.command
        def publish(version: int) -> None:
            view.emit("published", {"version": version})
            view.state["version"] = version

    def note(self, data):
        self.heard.append(data)


@pytest.fixture
def page(aurora):
    return aurora.open(Tool)


@pytest.fixture
def tool(aurora):
    made = Tool()
    aurora.open(made.view)
    return made


def test_view_is_ready_and_has_its_title(page):
    assert page.view.is_ready
    assert page.view.windowTitle() == "Tool"
    assert page.view.stats()["pages"] == 1


def test_events_of_the_page_reach_the_tool_in_order(aurora, tool):
    page = aurora.pages[0]
    for number in range(5):
        page.emit("saved", {"n": number})
    page.emit("saved")
    page.wait_until(lambda: len(tool.heard) == 6)
    assert tool.heard == [*({"n": number} for number in range(5)), {}]


def test_events_of_the_tool_reach_the_page_in_order(page):
    page.listen("tick")
    for number in range(100):
        page.view.emit("tick", number)
    assert [page.wait_for_event("tick") for _ in range(100)] == list(range(100))


def test_coalesced_events_keep_the_newest(page):
    page.listen("frame")
    for number in range(50):
        page.view.emit("frame", number, coalesce=True)
    seen = [page.wait_for_event("frame")]
    while seen[-1] != 49:
        seen.append(page.wait_for_event("frame"))
    assert seen == sorted(seen)


def test_event_that_does_not_come_is_named(page):
    with pytest.raises(WaitError, match="no event 'never' came in time; seen:"):
        page.wait_for_event("never", timeout_s=0.05)


def test_emit_refuses_what_json_cannot_hold(page):
    with pytest.raises(SerializationError, match="tick"):
        page.view.emit("tick", {"bad": object()})


def test_emit_over_the_limit_is_refused(aurora):
    page = aurora.open(lambda: WebView(html="<p>x</p>", max_events=10))
    for number in range(10):
        page.view.emit("tick", number)
    with pytest.raises(QueueFullError):
        page.view.emit("tick", 10)


def test_broadcast_reaches_every_view(aurora):
    pages = [aurora.open(Tool), aurora.open(Tool)]
    for page in pages:
        page.listen("news")
    broadcast("news", 7)
    assert [page.wait_for_event("news") for page in pages] == [7, 7]


def test_once_and_off_end_callbacks(page):
    seen = []
    page.view.once("a", lambda data: seen.append("once"))
    subscription = page.view.on("a", lambda data: seen.append("on"))
    page.view.on("*", lambda event, data: seen.append(event))
    page.emit("a")
    page.wait_until(lambda: len(seen) == 3)
    subscription.cancel()
    page.emit("a")
    page.wait_until(lambda: len(seen) == 4)
    assert seen == ["once", "on", "a", "a"]


def test_call_validates_and_returns(page):
    assert page.call("bake", {"start": 1, "end": 24}) == "24 frames"
    assert page.call("double", 4) == 8
    assert page.call("double", [5]) == 10
    with pytest.raises(InvalidArgumentsError, match="start"):
        page.call("bake", {"start": "one", "end": 2})


def test_call_of_an_unknown_command_suggests(page):
    with pytest.raises(UnknownCommandError, match="did you mean 'bake'"):
        page.call("bakee")


def test_call_that_raises_tells_class_and_message(page):
    with pytest.raises(CommandError, match="LookupError: nothing there"):
        page.call("boom")


def test_call_shows_its_progress(page):
    running = page.start_call("bake", {"start": 1, "end": 2})
    assert running.result() == "2 frames"
    assert running.progress == [(0.5, "half way")]
    assert page.wait_for_call("bake").state == "ok"


def test_call_in_the_pool_and_on_the_loop_answer_later(page):
    assert page.call("work", 1) == 2
    assert page.call("later", [[1, None]]) == [1, None]


def test_cancelled_call_ends_and_its_command_learns(page):
    running = page.start_call("wait")
    running.cancel()
    with pytest.raises(CallCancelledError):
        running.result()
    page.wait_until(lambda: page.view.stats()["calls_running"] == 0)


def test_calls_answer_in_any_order(page):
    slow = page.start_call("wait")
    assert page.call("double", 2) == 4
    assert slow.call.is_open
    slow.cancel()


def test_command_can_be_replaced(page):
    page.view.command("double", lambda value: 3 * value)
    page.view.command("fresh", lambda: "new")
    assert page.call("double", 2) == 6
    assert page.call("fresh") == "new"


def test_stream_gives_all_parts(page):
    assert page.stream("count", 100) == list(range(100))


def test_stream_is_left_at_its_limit(page):
    assert page.stream("count", 10_000, limit=3) == [0, 1, 2]
    page.wait_until(lambda: page.view.stats()["calls_running"] == 0)


def test_stream_that_fails_raises(page):
    with pytest.raises(CommandError, match="no more"):
        page.stream("broken")


def test_tool_calls_an_exposed_function(page):
    page.expose("pick", lambda params: {"picked": params})
    future = page.view.call("pick", [1, 2])
    page.wait_until(future.done)
    assert future.result() == {"picked": [1, 2]}


def test_tool_calls_an_exposed_function_that_answers_later(page):
    answer = Future()
    page.expose("pick", lambda: answer)
    future = page.view.call("pick")
    threading.Timer(0.01, answer.set_result, [7]).start()
    page.wait_until(future.done)
    assert future.result() == 7


def test_tool_calls_an_unknown_function(page):
    future = page.view.call("nothing")
    page.wait_until(future.done)
    with pytest.raises(UnknownCommandError):
        future.result()


def test_tool_call_times_out(page):
    never = Future()
    page.expose("pick", lambda: never)
    future = page.view.call("pick", timeout_s=0.05)
    page.wait_until(future.done)
    with pytest.raises(CallTimeoutError):
        future.result()
    never.cancel()


def test_values_that_json_lacks_arrive_exactly(page):
    page.view.command("echo", lambda value: value)
    page.view.state["mass"] = [float("inf"), b"\x00\xff"]
    page.view.on("bytes", lambda data: page.view.state.update(got=[bytes(data["raw"])]))
    page.listen("values")
    page.view.emit("values", {"raw": b"\x00\xff", "text": "lone \ud800"})
    data = page.wait_for_event("values")
    assert (bytes(data["raw"]), data["text"]) == (b"\x00\xff", "lone \ud800")
    if not page.has_document:
        page.emit("bytes", {"raw": b"\x07"})
        page.wait_until(lambda: "got" in page.view.state)
        assert bytes(page.state["got"][0]) == b"\x07"
        assert bytes(page.call("echo", [[b"\x01"]])[0]) == b"\x01"
        assert bytes(page.state["mass"][1]) == b"\x00\xff"


def test_state_of_the_tool_reaches_the_page(page):
    page.view.state["selection"] = ["pCube1"]
    page.view.state.set_path(["selection", 1], "pCube2")
    page.expect_state("selection", ["pCube1", "pCube2"])


def test_state_of_the_page_reaches_the_tool(page):
    page.state["opacity"] = 0.5
    page.wait_until(lambda: page.view.state.get("opacity") == 0.5)
    del page.state["opacity"]
    page.wait_until(lambda: "opacity" not in page.view.state)
    assert dict(page.state) == {}


def test_state_that_does_not_come_is_told(page):
    page.view.state["version"] = 2
    with pytest.raises(ExpectationError, match="expected state 'version' to become 3, but it was 2"):
        page.expect_state("version", 3, timeout_s=0.05)


def test_state_writes_of_both_sides_meet(page):
    for number in range(20):
        page.state["page"] = number
        page.view.state["tool"] = number
    page.expect_state("tool", 19)
    page.wait_until(lambda: page.view.state.get("page") == 19)
    assert dict(page.state) == page.view.state.to_dict() == {"page": 19, "tool": 19}


def test_command_emits_and_writes(page):
    page.listen("published")
    page.call("publish", {"version": 3})
    assert page.wait_for_event("published") == {"version": 3}
    page.expect_state("version", 3)


def test_reload_keeps_the_state_and_what_waits(page):
    page.view.state["frame"] = 7
    page.reload()
    assert page.view.stats()["pages"] == 2
    page.expect_state("frame", 7)
    assert page.call("double", 1) == 2


def test_call_of_a_page_that_goes_ends(page):
    never = Future()
    page.expose("pick", lambda: never)
    future = page.view.call("pick")
    page.wait_until(lambda: page.open_calls())
    page.reload()
    page.wait_until(future.done)
    with pytest.raises((PageGoneError, PageError)):  # the runtime's farewell may come first
        future.result()
    never.cancel()


def test_killed_page_comes_back(page):
    died = []
    page.view.renderer_crashed.connect(lambda status, code: died.append(status))
    page.view.state["frame"] = 7
    page.kill_renderer()
    page.expect_state("frame", 7)
    assert len(died) == 1
    assert page.view.stats()["pages"] == 2


def test_call_whose_command_kills_its_page_ends(aurora, page):
    aurora.tolerate("the renderer of")
    aurora.tolerate("auroraview is not defined")
    page.view.command("die", lambda: page.view.terminate_page() and None)
    running = page.start_call("die")
    with pytest.raises(CallCancelledError):
        running.result()
    page.wait_until(lambda: page.view.stats()["pages"] == 2 and page.view.is_ready)


def test_events_that_a_callback_emits_arrive(page):
    page.view.on("tick", lambda data: page.view.emit("tock"))
    page.listen("tock")
    for _ in range(20):
        page.emit("tick")
    page.wait_until(lambda: sum(event.name == "tock" for event in page.events) == 20)


def test_command_that_asks_the_page_answers(page):
    page.expose("double", lambda value: 2 * value)

    @page.view.command
    async def chain(value: int) -> int:
        return await page.view.call("double", value)

    assert page.call("chain", {"value": 4}) == 8


def test_events_for_a_killed_page_reach_the_next(page):
    page.kill_renderer(wait=False)
    for number in range(3):
        page.view.emit("tick", number)
    page.wait_until(lambda: page.view.is_ready)
    page.listen("tick")
    assert [page.wait_for_event("tick") for _ in range(3)] == [0, 1, 2]


def test_frozen_page_gets_its_events_later(page):
    page.listen("tick")
    with page.freeze():
        page.view.emit("tick", 1)
        with pytest.raises(WaitError):
            page.wait_for_event("tick", timeout_s=0.05)
    assert page.wait_for_event("tick") == 1


def test_eval_js_without_an_answer_ends_in_an_error(page):
    future = page.view.eval_js("nowhere.title")
    page.wait_until(future.done)
    with pytest.raises(PageError):
        future.result()


@pytest.mark.aurora(expect_errors=["ZeroDivisionError"])
def test_failing_callback_is_an_expected_error(page):
    page.view.on("bad", lambda data: 1 / 0)
    page.emit("bad")


def test_aurora_call_needs_no_page(aurora):
    assert aurora.call(Tool, "bake", start=1, end=24) == "24 frames"
    assert aurora.call(Tool, "count", 3) == [0, 1, 2]
    assert aurora.call(Tool, "work", 3) == 4
    with pytest.raises(InvalidArgumentsError):
        aurora.call(Tool, "bake", start=1)
