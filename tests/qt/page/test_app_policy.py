"""The content security policy of an app on a real page: built and in development, with its log lines."""

from __future__ import annotations

import json

import pytest

from auroraview_qt import Policy
from auroraview_qt.qt.page.app_policy import HAS_WASM_SWITCH
from tests.servers import serving

#: The attempts of a page of the app, and how each ends.
TRIES = """window.ended = {};
const end = (name) => [() => { ended[name] = ended[name] || 'ok'; }, () => { ended[name] = ended[name] || 'refused'; }];
const load = (name, tag, src) => {
  const element = document.createElement(tag);
  [element.onload, element.onerror] = end(name);
  element.src = src;
  document.body.append(element);
};
window.attempt = (service, socket) => {
  fetch(service + '/data').then(...end('fetch'));
  load('image', 'img', service + '/picture');
  load('script', 'script', service + '/script');
  load('frame', 'iframe', service + '/page');
  fetch(URL.createObjectURL(new Blob(['x']))).then(...end('blob'));
  WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(...end('wasm'));
  try { (0, eval)('1'); ended.eval = 'ok'; } catch (error) { ended.eval = 'refused'; }
};
window.addEventListener('securitypolicyviolation', (event) => {
  if (event.effectiveDirective === 'frame-src') ended.frame = 'refused';
});
"""
PICTURE = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>"
SERVICE = {
    "/data": "{}",
    "/picture": (200, {"Content-Type": "image/svg+xml"}, PICTURE),
    "/script": (200, {"Content-Type": "text/javascript"}, "window.foreign = 1"),
    "/page": "<p>frame",
}
#: The ends of the attempts if nothing is allowed.
CLOSED = {**dict.fromkeys(("fetch", "image", "script", "frame", "wasm", "eval"), "refused"), "blob": "ok"}


@pytest.fixture
def service():
    """A service of the studio."""
    with serving(SERVICE) as server:
        yield server


@pytest.fixture
def app(make_view, js, wait_until, expect_log, tmp_path):
    """Show an app, built or from a development server, and return the ends of its attempts."""
    expect_log("refused")
    expect_log("Refused")
    expect_log("Content Security Policy")
    index = "<!doctype html><head></head><body><script src=a.js></script></body>"

    def make(policy, service, server=None):
        view = make_view(policy=policy)
        if server is None:
            (tmp_path / "index.html").write_text(index)
            (tmp_path / "a.js").write_text(TRIES)
            view.load_app(tmp_path)
        else:
            view.load_app(tmp_path, dev_url=server.url)
        wait_until(lambda: view.is_ready)
        js(view, f"(attempt('{service.url}'), 1)")
        wait_until(lambda: len(js(view, "ended")) == len(CLOSED), "the end of each try")
        return view, js(view, "ended")

    return make


@pytest.fixture
def development():
    """A development server with the same app, and an inline script as in Vite."""
    inline = "<script type=module>import.meta.hot; window.__vite_plugin_react_preamble_installed__ = true</script>"
    index = f"<!doctype html><head>{inline}</head><body><script src=/a.js></script></body>"
    with serving({"/": index, "/a.js": (200, {"Content-Type": "text/javascript"}, TRIES)}) as server:
        yield server


@pytest.fixture(params=["built", "development"])
def server(request, development):
    """Serve the app from its folder, or from a development server."""
    return development if request.param == "development" else None


def test_app_reaches_nothing_without_a_policy(app, service, server, caplog, wait_until):
    _, ended = app(None, service, server)
    assert ended == CLOSED
    assert service.requests == []
    wait_until(lambda: caplog.text.count(" allows it") >= 5 + HAS_WASM_SWITCH)
    for argument in (f'connect=("{service.url}",)', f'frame=("{service.url}",)', "script_eval=True", "wasm=True"):
        assert f"Policy({argument}) allows it" in caplog.text or (argument == "wasm=True" and not HAS_WASM_SWITCH)
    assert f'Policy(directives={{"script-src": ("{service.url}",)}}) allows it' in caplog.text


def test_app_reaches_what_its_policy_names(app, service, server):
    policy = Policy(connect=[service.url], frame=[service.url], wasm=True, script_eval=True)
    _, ended = app(policy, service, server)
    assert ended == {**dict.fromkeys(CLOSED, "ok"), "script": "refused"}
    assert "/script" not in service.requests


def test_wasm_alone_does_not_allow_eval(app, service, server):
    _, ended = app(Policy(wasm=True), service, server)
    assert ended == {**CLOSED, "wasm": "ok", "eval": "refused" if HAS_WASM_SWITCH else "ok"}


def test_own_directive_allows_what_it_names(app, service, server, js):
    view, ended = app(Policy(directives={"script-src": [service.url]}), service, server)
    assert ended == {**CLOSED, "script": "ok"}
    assert js(view, "foreign") == 1


def test_embedded_page_gets_no_bridge(app, service, server, js):
    view, ended = app(Policy(frame=[service.url]), service, server)
    assert ended == {**CLOSED, "frame": "ok"}
    assert js(view, "frames.length") == 1


def test_refusal_of_each_kind_and_origin_is_logged_once(app, service, js, wait_until, caplog):
    view, _ = app(None, service)
    with serving({}) as other:
        for _ in range(3):
            js(view, f"(fetch('{service.url}/x').catch(() => 1), fetch('{other.url}/y').catch(() => 1), 1)")
        wait_until(lambda: f'Policy(connect=("{other.url}",))' in caplog.text)
    js(view, "1")
    assert caplog.text.count(f"connect-src access to {service.url} refused") == 1
    assert caplog.text.count(f"connect-src access to {other.url} refused") == 1


def test_page_cannot_make_refusals_up(make_view, js, wait_until, expect_log, caplog, tmp_path):
    (tmp_path / "index.html").write_text("<p>app")
    view = make_view()
    view.load_app(tmp_path)
    wait_until(lambda: view.is_ready)
    names = ("documentURI", "violatedDirective", "originalPolicy", "sourceFile")
    made_up = {
        "effectiveDirective": "connect-src",
        "blockedURI": "https://made.up",
        "disposition": "enforce",
        "statusCode": 0,
    }
    init = json.dumps({**dict.fromkeys(names, "x"), **made_up})
    js(view, f"(dispatchEvent(new SecurityPolicyViolationEvent('securitypolicyviolation', {init})), 1)")
    js(view, "1")
    assert "made.up" not in caplog.text


def test_pages_that_are_no_app_have_no_policy_of_ours(make_view, js, wait_until, service):
    view = make_view("<script>window.ended = ''</script>", policy=Policy())
    js(view, f"(fetch('{service.url}/data').then(() => {{ ended = 'ok' }}), 1)")
    wait_until(lambda: js(view, "ended") == "ok")


def test_development_policy_stands_before_the_first_script(make_view, js, wait_until, expect_log, service, tmp_path):
    expect_log("Content Security Policy")
    expect_log("access to")
    expect_log("the built app will refuse")
    foreign = f"{service.url}/script"
    head = f"<script>document.write('<script src={foreign}><' + '/script>')</script><script src={foreign}></script>"
    with serving({"/": f"<!doctype html><head>{head}</head><body>", "/other": "<p>"}) as server:
        view = make_view()
        view.load_app(tmp_path, dev_url=server.url)
        wait_until(lambda: view.is_ready)
        assert js(view, "typeof foreign") == "undefined"


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ("<script>window.a = 1</script>", 'the inline script "window.a = 1"'),
        ("<button onclick='a()'>b</button>", 'the inline handler "onclick"'),
        ("<script>window.__vite_plugin_react_preamble_installed__ = 1</script>", ""),
        ("<script type='application/json'>{}</script><script type=module src=/b.js></script>", ""),
    ],
)
def test_development_warns_of_what_the_build_will_refuse(
    make_view, js, wait_until, expect_log, caplog, tmp_path, html, told
):
    expect_log("the built app will refuse")
    pages = {"/": f"<!doctype html><head></head><body>{html}", "/b.js": (200, {"Content-Type": "text/javascript"}, "")}
    with serving(pages) as server:
        view = make_view()
        view.load_app(tmp_path, dev_url=server.url)
        wait_until(lambda: view.is_ready)
        js(view, "1")
        wait_until(lambda: told in caplog.text)
    assert ("the built app will refuse" in caplog.text) is bool(told)


def test_hot_reload_may_open_its_socket(make_view, js, wait_until, expect_log, tmp_path):
    expect_log("WebSocket connection")  # the server of this test has none
    with serving({"/": "<!doctype html><head></head><body>"}) as server:
        view = make_view()
        view.load_app(tmp_path, dev_url=server.url)
        wait_until(lambda: view.is_ready)
        js(view, "(window.refused = 0, addEventListener('securitypolicyviolation', () => { refused += 1 }), 1)")
        port = server.url.rpartition(":")[2]
        js(view, f"(window.socket = new WebSocket('ws://127.0.0.1:{port}/'), socket.onerror = () => {{ ended = 1 }}, 1)")
        wait_until(lambda: js(view, "socket.readyState") == 3)
        assert js(view, "refused") == 0
