"""The Playwright stage: the kit's actions and Playwright's own, on a page of this process."""

from __future__ import annotations

import pytest

from auroraview_qt import WebView
from auroraview_qt.testing.errors import ActionError

pytestmark = pytest.mark.aurora(stage="playwright")

HTML = """<!doctype html><button id="go">Go</button><p id="out">0</p><input id="note">
<select id="camera"><option value="a">shotCam<option value="b">persp</select>
<div style="position: relative; width: 90px"><button id="under">Under</button>
<div id="cover" style="position: absolute; top: 0; left: 0; width: 90px; height: 40px"></div></div>
<script>
  go.onclick = async () => { out.textContent = await auroraview.call('add', [Number(out.textContent) || 0]); };
  note.onkeydown = (event) => { if (event.key === 'Enter') { out.textContent = note.value; } };
  go.onmouseenter = () => { out.dataset.entered = 'yes'; };
  go.ondblclick = () => { out.dataset.double = 'yes'; };
</script>"""


@pytest.fixture
def page(aurora):
    def make():
        view = WebView(html=HTML)

        @view.command
        async def add(value: int) -> int:
            return value + 1

        return view

    return aurora.open(make)


def test_actions_of_the_kit_are_playwrights(page):
    page.click("text=Go")
    page.expect_text("#out", "1", exact=True)
    page.fill("#note", "wip")
    page.press("Enter", "#note")
    page.expect_text("#out", "wip", exact=True)
    page.select("#camera", "persp")
    page.expect_value("#camera", "b")
    page.hover("#go")
    page.expect_attribute("#out", "data-entered", "yes")
    page.double_click("#go")
    page.expect_attribute("#out", "data-double", "yes")


def test_action_that_is_not_possible_tells_playwrights_reason(page):
    with pytest.raises(ActionError, match=r"(?s)click\('#under'\) was not possible.*cover.*intercepts pointer events"):
        page.click("#under", timeout_s=1)
    with pytest.raises(ActionError, match=r"click\('button'\) was not possible.*resolved to 2 elements"):
        page.click("button", timeout_s=1)


def test_playwright_itself_runs_in_the_test(aurora, page):
    from playwright.sync_api import expect

    own = aurora.playwright(page)
    own.click("#go")
    expect(own.locator("#out")).to_have_text("1")
    own.get_by_role("button", name="Go").click()
    expect(own.locator("#out")).to_have_text("2")
    assert aurora.playwright(page.view) is own


def test_coroutine_of_the_tool_runs_between_playwrights_calls(aurora, page):
    aurora.playwright(page).click("#go")
    assert page.call("add", [41]) == 42
    assert aurora.call(page, "add", value=1) == 2


def test_killed_page_is_found_again(aurora, page):
    aurora.playwright(page).click("#go")
    page.kill_renderer()
    aurora.playwright(page).click("#go")
    page.expect_text("#out", "1")
