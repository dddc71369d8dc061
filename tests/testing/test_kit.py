"""The fixture: its pages, its expectations, and its clean-up."""

from __future__ import annotations

import re
import sys

import pytest

from auroraview_qt import CallContext, WebView, hosts
from auroraview_qt.errors import CallCancelledError, InvalidArgumentsError, UnknownCommandError
from auroraview_qt.qt.support.binding import QtWidgets
from auroraview_qt.testing.errors import CommandError, WaitError

HTML = "<!doctype html><p id=out>here</p>"


def make_tool():
    view = WebView(html=HTML)

    @view.command
    def double(value: int, times: int = 1) -> int:
        return value * 2**times

    @view.command
    def boom() -> None:
        raise LookupError("nothing there")

    @view.command(thread="pool")
    def bake(frames: int, ctx: CallContext) -> str:
        for frame in range(frames):
            ctx.progress(frame / frames, f"frame {frame}")
        return "baked"

    @view.command(thread="pool")
    def wait(ctx: CallContext) -> None:
        ctx.wait_cancelled(20)
        ctx.check_cancelled()

    @view.command
    async def later(value: object) -> object:
        return value

    @view.command
    def count(to: int):
        yield from range(to)

    @view.command
    def bad() -> object:
        return object()

    return view


class Panel(QtWidgets.QWidget):
    """A widget with a view in it."""

    def __init__(self):
        super().__init__()
        self.inner = WebView(html=HTML)
        QtWidgets.QVBoxLayout(self).addWidget(self.inner)


@pytest.mark.parametrize("kind", ["factory", "class", "view", "html", "url", "file", "folder", "setup", "panel object"])
def test_open_takes_what_a_tool_is(aurora, tmp_path, kind):
    (tmp_path / "index.html").write_text(HTML, encoding="utf-8")
    titles = []
    tools = {
        "factory": make_tool,
        "class": Panel,
        "view": make_tool() if kind == "view" else None,
        "html": HTML,
        "url": (tmp_path / "index.html").as_uri(),
        "file": tmp_path / "index.html",
        "folder": tmp_path,
        "setup": lambda view: titles.append(view.windowTitle()),
        "panel object": lambda: type("Tool", (), {"view": make_tool()})(),
    }
    if kind == "url":
        page = aurora.open(tools[kind], ready=False)
    else:
        page = aurora.open(tools[kind], **({"html": HTML} if kind == "setup" else {}))
    page.expect_text("#out", "here", exact=True)
    assert titles == ([""] if kind == "setup" else [])


def test_open_shows_the_size_that_is_asked_for(aurora):
    page = aurora.open(make_tool, size=(300, 200))
    assert (page.view.width(), page.view.height()) == (300, 200)
    page.wait_until(lambda: page.evaluate("[innerWidth, innerHeight]") == [300, 200])


def test_call_runs_a_command_as_a_page_would(aurora):
    assert aurora.call(make_tool, "double", value=2) == 4
    assert aurora.call(make_tool, "double", {"value": 2, "times": 2}) == 8
    assert aurora.call(make_tool, "double", 2, 3) == 16
    assert aurora.call(make_tool, "double", 5) == 10
    assert aurora.call(make_tool, "bake", frames=3) == "baked"
    assert aurora.call(make_tool, "later", value=[1, None]) == [1, None]
    assert aurora.call(make_tool, "count", 3) == [0, 1, 2]


def test_call_raises_what_is_wrong(aurora):
    with pytest.raises(InvalidArgumentsError, match="value"):
        aurora.call(make_tool, "double", value="x")
    with pytest.raises(UnknownCommandError, match="did you mean 'double'"):
        aurora.call(make_tool, "duble", 1)
    with pytest.raises(LookupError, match="nothing there"):
        aurora.call(make_tool, "boom")
    with pytest.raises(TypeError, match="result"):
        aurora.call(make_tool, "bad")


def test_page_calls_get_results_errors_progress_and_cancellation(aurora):
    page = aurora.open(make_tool)
    assert page.call("double", {"value": 3}) == 6
    with pytest.raises(CommandError, match="LookupError: nothing there") as caught:
        page.call("boom")
    assert (caught.value.name, caught.value.code) == ("LookupError", "CALL_FAILED")
    with pytest.raises(InvalidArgumentsError):
        page.call("double", {"value": "x"})
    with pytest.raises(UnknownCommandError):
        page.call("duble")
    running = page.start_call("wait")
    running.cancel()
    with pytest.raises(CallCancelledError):
        running.result()
    baking = page.start_call("bake", {"frames": 3})
    assert baking.result() == "baked"
    assert baking.progress[-1] == (2 / 3, "frame 2")
    assert page.stream("count", 4) == [0, 1, 2, 3]
    assert page.stream("count", 400, limit=2) == [0, 1]


def test_tool_calls_what_a_test_exposes(aurora):
    page = aurora.open(make_tool)
    page.expose("pick", lambda params: {"picked": params})
    page.expose("version", lambda: 7)
    for name, params, expected in (("pick", [1, 2], {"picked": [1, 2]}), ("version", None, 7)):
        future = page.view.call(name, params) if params else page.view.call(name)
        page.wait_until(future.done)
        assert future.result() == expected


def test_state_is_read_and_written_on_both_sides(aurora):
    page = aurora.open(make_tool)
    page.view.state["selection"] = ["pCube1"]
    page.expect_state("selection", ["pCube1"])
    page.state["opacity"] = 0.5
    page.wait_until(lambda: page.view.state.get("opacity") == 0.5)
    assert dict(page.state) == {"selection": ["pCube1"], "opacity": 0.5}
    del page.state["opacity"]
    page.wait_until(lambda: "opacity" not in page.view.state)
    with pytest.raises(KeyError):
        del page.state["opacity"]


def test_events_of_both_sides_are_given_once_and_in_order(aurora):
    page = aurora.open(make_tool)
    heard = []
    page.evaluate("auroraview.on('tick', () => 1) && 1")
    page.view.on("saved", heard.append)
    page.emit("saved", {"n": 1})
    page.emit("saved")
    page.view.emit("tick", 1)
    page.view.emit("tick", 2)
    assert [page.wait_for_event("saved"), page.wait_for_event("saved")] == [{"n": 1}, None]
    assert [page.wait_for_event("tick"), page.wait_for_event("tick")] == [1, 2]
    page.wait_until(lambda: heard == [{"n": 1}, {}])
    with pytest.raises(WaitError, match="no event 'tick' came in time; seen: saved, tick"):
        page.wait_for_event("tick", timeout_s=0.1)


def test_event_without_a_listener_is_told(aurora):
    page = aurora.open(make_tool)
    page.view.emit("tick", 1)
    with pytest.raises(WaitError, match="no event 'tick' came in time; seen: nothing; the page has no listener for 'tick'"):
        page.wait_for_event("tick", timeout_s=0.1)
    page.evaluate("auroraview.on('tick', () => 1) && 1")
    assert page.wait_for_event("tick") == 1


def test_expected_error_lets_the_test_pass(aurora):
    page = aurora.open("<button id=go onclick='throw new Error(\"boom\")'>Go</button>")
    with aurora.expect_error("boom"):
        page.click("#go")
    aurora.expect_error(re.compile(r"Error: b.om"))


@pytest.mark.aurora(expect_errors=["nothing there"])
def test_marker_expects_errors(aurora):
    page = aurora.open(make_tool)
    page.evaluate("auroraview.call('boom').catch(() => 1)")


def test_expected_error_that_does_not_come_ends_its_block(aurora):
    aurora.timeout_s = 0.1
    with pytest.raises(WaitError, match="'boom' has not come"):  # noqa: SIM117
        with aurora.expect_error("boom"):
            pass
    aurora.failures.expect("boom").count = 1
    aurora.failures._expected.pop(0)


def test_console_is_kept(aurora):
    page = aurora.open("<script>console.log('one'); console.warn('two')</script>")
    page.wait_until(lambda: len(page.console) == 2)
    assert [(message.level, message.text) for message in page.console] == [("info", "one"), ("warning", "two")]
    assert page.console[0].source.endswith("/:1")


def test_killed_page_comes_back_and_gets_what_it_missed(aurora):
    page = aurora.open("<p id=out>none</p><script>auroraview.on('tick', (n) => { out.textContent = n })</script>")
    page.kill_renderer()
    page.view.emit("tick", 7)
    page.expect_text("#out", "7")
    assert page.view.stats()["pages"] == 2


def test_frozen_page_answers_once_it_is_let_go(aurora):
    page = aurora.open("<p id=out>none</p><script>auroraview.on('tick', (n) => { out.textContent = n })</script>")
    with page.freeze():
        page.view.emit("tick", 7)
        with pytest.raises(WaitError, match="has not answered for"):
            page.expect_text("#out", "7", timeout_s=0.2)
    page.expect_text("#out", "7")


def test_slow_network_delays_and_fails_what_a_page_fetches(aurora):
    page = aurora.open("<p id=out>none</p>")
    ask = (
        "new Promise((done) => { const asked = new XMLHttpRequest(); const began = performance.now();"
        " asked.onload = () => done(performance.now() - began); asked.onerror = () => done('failed');"
        " asked.open('GET', location.href); asked.send(); })"
    )
    with page.slow_network(0.3):
        assert page.evaluate(ask) >= 290
    with page.slow_network(0, offline=True):
        assert page.evaluate(ask) == "failed"
    assert page.evaluate(ask) < 290


def test_screenshot_shows_the_page(aurora, tmp_path):
    page = aurora.open("<style>html { background: rgb(255, 0, 0) }</style>", size=(120, 80))
    page.evaluate("new Promise((done) => setTimeout(done, 300))")
    picture = page.screenshot(tmp_path / "red.png")
    from auroraview_qt.qt.support.binding import QtGui

    image = QtGui.QImage(str(picture))
    assert image.pixelColor(60, 40).red() > 200
    assert image.pixelColor(60, 40).green() < 60


@pytest.mark.parametrize("name", ["maya", "houdini", "nuke", "3dsmax", "substance_painter"])
def test_host_is_found_docks_a_panel_and_is_gone_afterwards(aurora, name):
    fake = aurora.host(name)
    assert hosts.current().name == name
    page = aurora.open(lambda: hosts.dock(make_tool, title="Tool", object_name="studio.tool"))
    page.expect_text("#out", "here")
    assert fake.window.isVisible()
    with pytest.raises(ValueError, match="a single host"):
        aurora.host(name)
    aurora.stage.close(aurora.pages)
    assert not {"maya", "hou", "nuke", "pymxs", "substance_painter"} & set(sys.modules)
    assert hosts.panels() == {}
