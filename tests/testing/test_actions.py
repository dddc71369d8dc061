"""Actions of an artist on a page: with real events, whatever the script and the place of an element."""

from __future__ import annotations

import pytest

PAGE = """<!doctype html><style>body { margin: 4px } #box { width: 60px; height: 20px }</style>
<button id="go">Go</button> <span id="out"></span>
<input id="note" placeholder="Note"><textarea id="text">old</textarea><div id="rich" contenteditable>old</div>
<label><input type="checkbox" id="denoise">Denoise</label>
<select id="camera"><option value="a">shotCam<option value="b">persp</select><input type="range" id="samples">
<div id="box">box</div><div id="zone" data-aurora-drop="models" style="height: 30px">zone</div>
<input id="files" type="file" multiple>
<script>
  window.seen = [];
  const see = (event) => seen.push(event.type + (event.detail || '') + (event.shiftKey ? ' shift' : ''));
  for (const type of ['click', 'dblclick', 'contextmenu']) addEventListener(type, see);
  box.onmouseenter = () => seen.push('enter');
  note.onkeydown = (event) => seen.push(event.key);
  note.oninput = (event) => seen.push('input ' + event.isTrusted);
  files.onchange = () => { out.textContent = Array.from(files.files, (file) => file.name).join(); };
  auroraview.on('file_drop', (drop) => { out.textContent = drop.zone + ': ' + drop.paths.length; });
</script>"""


@pytest.fixture
def page(aurora):
    return aurora.open(PAGE)


@pytest.fixture
def files(tmp_path):
    made = [tmp_path / "ärm one.abc", tmp_path / "b.usd"]
    for path in made:
        path.write_text("x", encoding="utf-8")
    return made


def test_clicks_in_a_row_are_no_double_click(page):
    page.click("#box")
    page.click("#box")
    page.double_click("#box")
    page.click("#box")
    clicks = [each for each in page.evaluate("seen") if "click" in each]
    assert clicks == ["click1", "click1", "click1", "click2", "dblclick2", "click1"]


def test_click_holds_modifiers_and_takes_a_place_and_a_button(page):
    page.evaluate("(addEventListener('contextmenu', (event) => event.preventDefault()), 1)")
    page.evaluate("(addEventListener('mousedown', (event) => seen.push([event.offsetX, event.offsetY, event.button])), 1)")
    page.click("#box", modifiers=["Shift"], at=(3, 5))
    page.click("#box", button="right", at=(7, 6))
    seen = page.evaluate("seen")
    assert [3, 5, 0] in seen
    assert [7, 6, 2] in seen
    assert "click1 shift" in seen


@pytest.mark.parametrize("text", ["wip", "ärm \\ \"quoted\" 'x'", "日本語 ☃ 𝒳", " ", "<b>&amp;"])
@pytest.mark.parametrize("selector", ["#note", "#text"])
def test_fill_replaces_what_a_field_holds_with_any_text(page, selector, text):
    page.fill(selector, text)
    page.expect_value(selector, text)
    page.fill(selector, "")
    page.expect_value(selector, "")


def test_fill_of_several_lines_and_of_rich_text(page):
    page.fill("#text", "one\ntwo")
    page.expect_value("#text", "one\ntwo")
    page.fill("#rich", "new")
    page.expect_text("#rich", "new", exact=True)


def test_fill_is_typed_as_an_artist_would(page):
    page.fill("#note", "x")
    assert page.evaluate("seen") == ["input true"]


def test_fill_sets_what_cannot_be_typed(page):
    page.evaluate("(samples.onchange = () => seen.push('changed'), 1)")
    page.fill("#samples", "70")
    page.expect_value("#samples", "70")
    assert page.evaluate("seen") == ["changed"]


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (["a", "B", "?", "Space", "é"], "aB? é"),
        (["a", "b", "Backspace", "c"], "ac"),
        (["a", "b", "ArrowLeft", "c"], "acb"),
        (["a", "b", "Home", "Shift+End", "x"], "x"),
        (["a", "Control+A", "Delete", "d"], "d"),
        (["1", "2", "+", "."], "12+."),
    ],
)
def test_press_types_and_edits(page, keys, value):
    page.click("#note")
    for key in keys:
        page.press(key)
    page.expect_value("#note", value)


def test_press_says_the_keys_names_to_the_page(page):
    page.press("Enter", "#note")
    page.press("F2")
    page.press("Escape")
    page.press("Shift+Tab")
    assert page.evaluate("seen.filter((each) => each !== 'Shift')") == ["Enter", "F2", "Escape", "Tab"]


def test_type_goes_where_the_focus_is(page):
    page.click("#text")
    page.press("Control+A")
    page.type("a1\nb")
    page.expect_value("#text", "a1\nb")
    page.expect_focused("#text")


def test_check_clicks_only_where_it_has_to(page):
    page.check("#denoise")
    page.expect_checked("#denoise")
    page.check("#denoise")
    page.expect_checked("text=Denoise >> input")
    page.check("#denoise", False)
    page.expect_checked("#denoise", False)


def test_select_takes_texts_and_values(page):
    page.select("#camera", "persp")
    page.expect_value("#camera", "b")
    page.select("#camera", "a")
    page.expect_value("#camera", "a")


def test_hover_enters_an_element(page):
    page.hover("#box")
    page.wait_until(lambda: "enter" in page.evaluate("seen"))


def test_click_reaches_what_has_to_be_scrolled_and_what_is_zoomed(aurora):
    page = aurora.open(
        "<div style='height: 3000px'></div><button id=go onclick='go.textContent = 1'>Go</button>", size=(300, 200)
    )
    page.click("#go")
    page.expect_text("#go", "1")
    page.view.setZoomFactor(2.0)
    page.wait_until(lambda: page.evaluate("window.innerWidth") < 200)
    page.evaluate("(go.onclick = () => { go.textContent = 2; }, 1)")
    page.click("#go")
    page.expect_text("#go", "2")


def test_click_waits_for_an_element_that_comes_is_shown_and_uncovered(aurora):
    page = aurora.open(
        """<div id=cover style="position: fixed; top: 0; left: 0; width: 100%; height: 100%"></div><p id=out></p><script>
        setTimeout(() => {
          document.body.insertAdjacentHTML('afterbegin', '<button id=go disabled hidden>Go</button>');
          go.onclick = () => { out.textContent = 'clicked'; };
          setTimeout(() => { go.hidden = false; }, 50);
          setTimeout(() => { go.disabled = false; }, 100);
          setTimeout(() => { cover.remove(); }, 150);
        }, 50)</script>"""
    )
    page.click("#go")
    page.expect_text("#out", "clicked")


def test_drag_moves_with_the_button_held(aurora):
    page = aurora.open(
        """<style>div { width: 60px; height: 30px; margin: 20px }</style><div id=a>a</div><div id=b>b</div><script>
        let held = 0; let moves = 0;
        a.onmousedown = () => { held = 1; };
        addEventListener('mousemove', (event) => { moves += held && event.buttons === 1; });
        b.onmouseup = () => { b.textContent = held && moves > 2 ? 'dropped' : 'not ' + moves; };</script>"""
    )
    page.drag("#a", "#b")
    page.expect_text("#b", "dropped")


def test_drag_of_a_draggable_element_gives_the_page_the_events_of_a_drag(aurora):
    page = aurora.open(
        """<div id=a draggable=true>a</div><ul id=b>b</ul><script>
        a.ondragstart = (event) => event.dataTransfer.setData('text/plain', 'asset 7');
        b.ondragover = (event) => event.preventDefault();
        b.ondrop = (event) => { b.textContent = event.dataTransfer.getData('text/plain'); };</script>"""
    )
    page.drag("#a", "#b")
    page.expect_text("#b", "asset 7")


def test_dropped_files_reach_their_zone(page, files):
    page.drop_files("#zone", *files)
    page.expect_text("#out", "models: 2")
    drop = page.wait_for_event("file_drop")
    assert drop["paths"] == [path.as_posix() for path in files]


def test_chosen_files_are_those_of_the_dialog(page, files):
    page.choose_files("#files", files[0])
    page.expect_text("#out", "ärm one.abc", exact=True)
    page.choose_files("#files", *files)
    page.expect_text("#out", "ärm one.abc,b.usd", exact=True)


def test_file_that_is_not_there_cannot_be_chosen(page, tmp_path):
    with pytest.raises(FileNotFoundError, match="gone"):
        page.choose_files("#files", tmp_path / "gone.abc")


def test_chosen_file_answers_a_dialog_of_the_bridge(aurora, files):
    def setup(view):
        view.enable("dialog", native=False)

    page = aurora.open(
        setup,
        html="<button id=go>Open</button><p id=out></p><script>go.onclick = async () => {"
        " out.textContent = (await auroraview.dialog.openFile()).path; }</script>",
    )
    page.choose_files("#go", files[0])
    page.expect_text("#out", files[0].as_posix())
