"""Each fault of a panel fails its test, with a message that names the cause."""

from __future__ import annotations

import re
import textwrap

import pytest

from tests.testing.conftest import run_pytest

HEAD = """
import threading

import pytest

from auroraview_qt import WebView

KEPT = []
BUTTON = "<button id=go>Go</button><p id=out>ready</p>"


def tool(script="", html=BUTTON):
    def make():
        view = WebView(html=f"<!doctype html>{html}<script>{script}</script>")

        @view.command
        def boom() -> None:
            raise ValueError("disk full")

        @view.command(thread="pool")
        def bake() -> None:
            STOP.wait(20)

        @view.command
        def double(value: int) -> int:
            return 2 * value

        view.on("bad", lambda data: 1 / 0)
        return view

    return make


STOP = threading.Event()
"""

#: The body of a test, and the expected texts of its report.
WAYS = {
    "uncaught_page_error": (
        """
        page = aurora.open(tool("go.onclick = () => { throw new Error('boom') }"))
        page.click("#go")
        """,
        r"the test's own checks passed, but:.*an uncaught error in the page: Error: boom \(auroraview://view-\d+/:1\)",
    ),
    "unhandled_rejection": (
        """
        page = aurora.open(tool("go.onclick = async () => { throw new TypeError('later') }"))
        page.click("#go")
        """,
        r"an uncaught error in the page: \(in promise\) TypeError: later",
    ),
    "error_while_loading": (
        """aurora.open(tool("nowhere.textContent = 1"))""",
        r"an uncaught error in the page: ReferenceError: nowhere is not defined",
    ),
    "console_error": (
        """
        page = aurora.open(tool("go.onclick = () => console.error('cannot read', 7)"))
        page.click("#go")
        """,
        r"console.error of the page: cannot read 7",
    ),
    "raising_callback": (
        """
        page = aurora.open(tool())
        page.emit("bad", {})
        page.wait_for_event("bad")
        """,
        r"callback .*lambda.* of event 'bad' failed: ZeroDivisionError: division by zero\n\s+Traceback",
    ),
    "raising_command_the_page_shows": (
        """
        script = "go.onclick = () => auroraview.call('boom').catch((e) => { out.textContent = e.message })"
        page = aurora.open(tool(script))
        page.click("#go")
        page.expect_text("#out", "disk full")
        """,
        r"command 'boom' failed: ValueError: disk full\n\s+Traceback",
    ),
    "misspelt_command": (
        """
        page = aurora.open(tool("go.onclick = () => auroraview.call('boon')"))
        page.click("#go")
        page.wait_for_call("boon")
        """,
        r"an uncaught error in the page: .*there is no command 'boon': did you mean 'boom'\?",
    ),
    "call_of_the_page_that_does_not_end": (
        """
        page = aurora.open(tool("go.onclick = () => auroraview.call('bake')"))
        page.click("#go")
        page.wait_until(lambda: page.calls)
        """,
        r"the page's call of 'bake' \(open\) has not ended: wait for it with page.wait_for_call\('bake'\), or cancel it",
    ),
    "call_of_the_tool_that_does_not_end": (
        """
        page = aurora.open(tool("auroraview.expose('pick', () => new Promise(() => 0))"))
        page.view.call("pick")
        page.wait_until(lambda: page.calls)
        """,
        r"the tool's call of 'pick' \(open\) has not ended",
    ),
    "leaked_view": (
        """
        aurora.open(tool())
        KEPT.append(WebView(html="<p>", title="Forgotten"))
        """,
        r"a view was left open: WebView 'Forgotten' at auroraview://view-\d+/; close it \(deleteLater\)",
    ),
    "missing_element": (
        """aurora.open(tool()).click("#goo")""",
        r"click\('#goo'\) was not possible for 1 s: no element matches; did you mean 'go'\?",
    ),
    "missing_element_without_a_near_one": (
        """aurora.open(tool()).click("text=Publish")""",
        r"no element matches; the page has <button id=\"go\">Go, <p id=\"out\">ready",
    ),
    "two_elements": (
        """aurora.open(tool(html="<button>A</button><button>B</button>")).click("button")""",
        r"2 elements match: <button>A, <button>B; say which: \">> nth=0\" takes the first",
    ),
    "hidden_element": (
        """aurora.open(tool(html="<div style='display: none'><button id=go>Go</button></div>")).click("#go")""",
        r"<button id=\"go\">Go is hidden: display: none of <div>Go",
    ),
    "disabled_element": (
        """aurora.open(tool(html="<button id=go disabled>Go</button>")).click("#go")""",
        r"<button id=\"go\">Go is disabled",
    ),
    "covered_element": (
        """
        cover = "<div class=overlay style='position: fixed; inset: 0; top: 0; left: 0; right: 0; bottom: 0'>Busy</div>"
        aurora.open(tool(html="<button id=go>Go</button>" + cover)).click("#go")
        """,
        r"click\('#go'\) was not possible for 1 s: <button id=\"go\">Go is covered by <div class=\"overlay\">Busy",
    ),
    "moving_element": (
        """
        script = "let x = 0; setInterval(() => { go.style.marginLeft = (x = (x + 7) % 90) + 'px' }, 4)"
        aurora.open(tool(script)).click("#go")
        """,
        r"it moves: it is at \[\d+, \d+\] now",
    ),
    "read_only_field": (
        """aurora.open(tool(html="<input id=go readonly>")).fill("#go", "x")""",
        r"fill\('#go'\) was not possible for 1 s: <input id=\"go\"> is read-only",
    ),
    "no_field": (
        """aurora.open(tool()).fill("#go", "x")""",
        r"<button id=\"go\">Go is no field a text can be typed into",
    ),
    "selector_that_is_none": (
        """aurora.open(tool()).click("#go >")""",
        r"ValueError: '#go >' is no selector",
    ),
    "wrong_text": (
        """aurora.open(tool()).expect_text("#out", "done")""",
        r"expected '#out' to say 'done', but for 1 s it said 'ready'",
    ),
    "wrong_texts": (
        """aurora.open(tool(html="<li>a<li>b")).expect_text("li", ["a", "c"])""",
        r"expected 'li' to say \['a', 'c'\], but for 1 s they said \['a', 'b'\]",
    ),
    "wrong_value": (
        """aurora.open(tool(html="<input id=go value=old>")).expect_value("#go", "new")""",
        r"expected '#go' to hold 'new', but for 1 s it held 'old'",
    ),
    "wrong_count": (
        """aurora.open(tool(html="<li>a<li>b")).expect_count("li", 3)""",
        r"expected 'li' to match 3 elements, but for 1 s there were 2: <li>a, <li>b",
    ),
    "wrong_attribute": (
        """aurora.open(tool()).expect_attribute("#go", "aria-pressed", "true")""",
        r"expected '#go' to have aria-pressed='true', but for 1 s 'aria-pressed' was None",
    ),
    "wrong_state": (
        """
        page = aurora.open(tool())
        page.view.state["opacity"] = 1
        page.expect_state("opacity", 2, timeout_s=0.3)
        """,
        r"expected state 'opacity' to become 2, but it was 1",
    ),
    "event_that_does_not_come": (
        """
        page = aurora.open(tool())
        page.emit("saved")
        page.wait_for_event("published")
        """,
        r"no event 'published' came in time; seen: saved",
    ),
    "call_that_does_not_come": (
        """
        page = aurora.open(tool())
        page.call("double", 2)
        page.wait_for_call("bake")
        """,
        r"no end of a call of 'bake' came in time; seen: the page's call of 'double' \(ok\)",
    ),
    "wrong_argument": (
        """
        page = aurora.open(tool())
        page.call("double", {"value": "x"})
        """,
        r"InvalidArgumentsError: .*'double'.*value",
    ),
    "expected_error_that_does_not_come": (
        """
        aurora.open(tool())
        aurora.expect_error("disk full")
        """,
        r"the expected error 'disk full' has not come",
    ),
    "killed_renderer": (
        """
        page = aurora.open(tool())
        page.view.terminate_page()
        page.wait_until(lambda: not page.view.is_ready)
        """,
        r"the renderer of auroraview://view-\d+/ ended: killed",
    ),
    "no_view_in_what_is_made": (
        """aurora.open(lambda: 7)""",
        r"TypeError: the tool has to make exactly one WebView, and 7 has 0",
    ),
    "view_that_loads_nothing": (
        """aurora.open(lambda: WebView())""",
        r"nothing was loaded: give open\(\) html=, url= or app_dir=, or ready=False",
    ),
    "unknown_host": (
        """aurora.host("maja")""",
        r"there is no fake of the host 'maja': did you mean 'maya'\?",
    ),
    "unknown_key": (
        """aurora.open(tool()).press("Entr")""",
        r"ValueError: there is no key 'Entr': did you mean 'Enter'\?",
    ),
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    bodies = [
        f"def test_{name}(aurora):\n{textwrap.indent(textwrap.dedent(body).strip(), '    ')}\n"
        for name, (body, _) in WAYS.items()
    ]
    last = "def test_last(aurora):\n    STOP.set()\n    page = aurora.open(tool())\n    page.click('#go')\n"
    return run_pytest(tmp_path_factory.mktemp("ways"), {"test_ways.py": "\n\n".join([HEAD, *bodies, last])})


@pytest.mark.parametrize("name", WAYS)
def test_way_to_fail_is_a_failure_that_names_its_cause(run, name):
    how, report = run[f"test_{name}"]
    assert how == "failure", report
    assert re.search(WAYS[name][1], report, re.DOTALL), report


def test_failures_leave_the_next_test_alone(run):
    assert run["test_last"].how == "passed"


def test_failing_test_leaves_a_picture_and_the_console(run):
    folder = next(run.folder.glob("test-results/*test_console_error"))
    assert (folder / "page-1.png").read_bytes().startswith(b"\x89PNG")
    assert "error: auroraview://" in (folder / "console-of-the-page.txt").read_text("utf-8")
    assert str(folder / "page-1.png") in run.output


def test_passing_test_leaves_nothing(run):
    assert not list(run.folder.glob("test-results/*test_last"))
