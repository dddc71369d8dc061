"""A trusted page names its elements like names in the panel's own scripts: the guards of keys and drops stay on."""

from __future__ import annotations

import json
import re

import pytest

from tests.qt.input.test_file_drop import Drag

#: Properties and globals that the panel's scripts read.
NAMES = re.findall(
    r"\w+",
    """activeElement addEventListener apply Array attributes console contentDocument debug defaultView designMode document
    documentElement Document dispatchEvent Element EventTarget frameElement getAttribute hasAttribute hasFocus host
    HTMLElement HTMLInputElement isContentEditable JSON MutationObserver Node nodeType Object ownerDocument parentNode
    Reflect removeAttribute setAttribute setTimeout shadowRoot ShadowRoot String Symbol tagName type WeakSet window""",
)
FIELD = "<input id=field style='width: 200px'>"


def names_in_every_world(view, wait_until):
    """Return the global names that have to do with this package, in each world of the page."""
    answers = []
    for world in range(4):
        view.page().runJavaScript("JSON.stringify(Object.getOwnPropertyNames(window))", world, answers.append)
    wait_until(lambda: len(answers) == 4)
    return {name for answer in answers for name in json.loads(answer or "[]") if "aurora" in name.lower()}


def is_editing_after_a_click(make_view, click, wait_until, html):
    view = make_view(html)
    view.activateWindow()
    click(view, "#field")
    guard = view._keys
    wait_until(lambda: guard._focus_unknown or guard._settled.is_set())
    wait_until(lambda: not guard._focus_unknown and not guard._settled.is_set(), "an answer of the page")
    return view.is_editing


@pytest.mark.parametrize("attribute", ["name", "id"])
@pytest.mark.parametrize("tag", ["img", "iframe", "form"])
def test_elements_with_names_of_globals_leave_the_keys_in_the_field(make_view, click, wait_until, tag, attribute):
    names = NAMES + sorted(names_in_every_world(make_view("<p>"), wait_until))
    clobbers = "".join(f"<{tag} {attribute}={name} style='display: none'></{tag}>" for name in names)
    assert is_editing_after_a_click(make_view, click, wait_until, FIELD + clobbers)
    assert is_editing_after_a_click(make_view, click, wait_until, clobbers + FIELD)


def test_form_with_fields_of_every_name_leaves_the_keys_in_the_field(make_view, click, wait_until):
    clobbers = "".join(f"<input name={name} style='display: none'>" for name in NAMES)
    assert is_editing_after_a_click(make_view, click, wait_until, f"<form>{clobbers}{FIELD}</form>")


def test_form_that_hides_its_attributes_keeps_what_it_asked_for(make_view, js, click, wait_until):
    clobbers = "".join(f"<input name={name} style='display: none'>" for name in NAMES)
    html = f"<form data-aurora-keys=page data-aurora-host-keys=F5>{clobbers}<canvas id=field tabindex=0></canvas></form>"
    view = make_view(html)
    click(view, "#field")
    wait_until(lambda: view._keys._focus_owner == "page" and view._keys._host_keys == {"F5"})


def test_form_that_is_a_field_itself_gets_its_keys(make_view, click, wait_until):
    clobbers = "".join(f"<input name={name} style='display: none'>" for name in NAMES)
    html = f"<form id=field contenteditable style='height: 80px'>{clobbers}text</form>"
    assert is_editing_after_a_click(make_view, click, wait_until, html)


def test_form_that_hides_its_properties_is_a_zone_for_files(make_view, js, wait_until, tmp_path):
    clobbers = "".join(f"<input name={name} style='display: none'>" for name in NAMES)
    file = tmp_path / "a.ma"
    file.write_text("x")
    view, drops = make_view(f"<form data-aurora-drop=models style='height: 200px'>{clobbers}</form>"), []
    view.files_dropped.connect(drops.append)
    wait_until(lambda: js(view, "document.readyState") == "complete")
    Drag(view, file).drop(40, 40, js)
    wait_until(lambda: drops)
    assert [drops[0]["zone"], drops[0]["paths"]] == ["models", [str(file)]]


def test_page_that_patches_its_own_prototypes_does_not_reach_the_scripts_of_the_panel(make_view, click, wait_until):
    script = """<script>
      for (const [home, names] of [[Node, ['nodeType', 'parentNode']], [Element, ['tagName', 'shadowRoot']],
                                   [Document, ['activeElement', 'documentElement']]]) {
        for (const name of names) Object.defineProperty(home.prototype, name, {get() { throw new Error(name); }});
      }
      Element.prototype.getAttribute = () => { throw new Error('getAttribute'); };
      console.debug = () => undefined;
    </script>"""
    assert is_editing_after_a_click(make_view, click, wait_until, script + FIELD)


def test_elements_with_names_of_the_document_leave_the_host_style_in_place(make_view, js, wait_until):
    clobbers = "".join(f"<img name={name}>" for name in ("documentElement", "getElementById", "createElement", "head"))
    view = make_view(
        f"<html data-aurora-style=host><body>{clobbers}<form><input name=style><input name=setAttribute></form>"
    )
    view._connection.set_theme({"scheme": "dark", "variables": {"--host-window": "#123456"}})
    wait_until(lambda: js(view, "getComputedStyle(document.body).getPropertyValue('--host-window').trim()") == "#123456")
