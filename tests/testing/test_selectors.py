"""The elements that a selector matches."""

from __future__ import annotations

import pytest

PAGE = """<!doctype html><title>Shots</title><body>
<h1>Shots</h1><h2 id="two">Shots of today</h2>
<nav aria-label="Main"><a href="#a">Home</a></nav>
<form><label for="name">Shot name</label><input id="name"><input type="submit" value="Publish now">
  <button id="publish" type="button">  Publish
    all </button><button id="off" disabled>Publish none</button>
  <button aria-label="Close panel" id="close">x</button>
  <span id="a">Rig</span><span id="b">arm</span><button id="named" aria-labelledby="a b">?</button>
  <input type="checkbox" id="done" checked aria-label="Done">
  <div role="checkbox" aria-checked="false" aria-label="Denoise">d</div>
</form>
<ul role="listbox"><li role="option" aria-selected="true">one</li><li role="option">two</li></ul>
<button id="pressed" aria-pressed="true">Pin</button>
<div id="gone" style="display: none"><button>Publish hidden</button></div>
<div id="host"></div><div data-testid="card" id="card">it's a "card"</div><script>
  host.attachShadow({mode: 'open'}).innerHTML =
    '<button id="deep">Deep</button><section><p class="x">shadow text</p></section>';
</script>"""


@pytest.fixture(scope="module")
def cases():
    return {
        "#publish": ["publish"],
        "css=#publish": ["publish"],
        "form button": ["publish", "off", "close", "named"],
        "text=shots of": ["two"],
        "text=/^Shots$/": [""],
        'text="Shots of today"': ["two"],
        '"Shots of today"': ["two"],
        "text=publish ALL": ["publish"],
        "text=Publish now": [""],
        "text=shadow text": [""],
        "role=heading[level=2]": ["two"],
        'role=button[name="Publish all"]': ["publish"],
        "role=button[name=Publish all]": ["publish"],
        "role=button[name=/^publish/i][disabled=false]": ["", "publish"],
        "role=button[disabled]": ["off"],
        'role=button[name="close panel" i]': ["close"],
        "role=button[name=Rig arm]": ["named"],
        "role=button[pressed]": ["pressed"],
        "role=button[name=Deep]": ["deep"],
        "role=textbox[name=Shot name]": ["name"],
        "role=checkbox[checked]": ["done"],
        "role=checkbox[checked=false]": [""],
        "role=option[selected]": [""],
        "role=navigation[name=Main] >> role=link": [""],
        "role=listbox >> role=option >> nth=-1": [""],
        "role=button[name=Publish hidden]": [],
        "role=button[name=Publish hidden][include-hidden]": [""],
        "button >> visible=false": [""],
        "#deep": ["deep"],
        "#host >> #deep": ["deep"],
        "data-testid=card": ["card"],
        "id=card": ["card"],
        "xpath=//button[@id='close']": ["close"],
        "//ul/li[2]": [""],
        """text="it's a \\"card\\"" """.strip().replace('\\"', '"'): ["card"],
        "#nothing": [],
    }


def test_selectors_mean_what_playwright_has_them_mean(aurora, cases):
    page = aurora.open(PAGE)
    found = {selector: [look.attributes.get("id", "") for look in page._dom.look(selector)] for selector in cases}
    assert found == cases


@pytest.mark.parametrize(
    ("selector", "why"),
    [
        ("div[", "not a valid selector"),
        ("role=", "needs a role"),
        ("role=button[nam=x]", r"knows no \[nam\]"),
        ("text=/(/", "(?i)regular"),
    ],
)
def test_selector_that_makes_no_sense_says_why_at_once(aurora, selector, why):
    page = aurora.open("<p>")
    with pytest.raises(ValueError, match=why):
        page.click(selector)
