"""Pages outside a view ask for its app, its assets and its files on disk: they get no answer."""

from __future__ import annotations

import json
import re

import pytest

from tests.security.web_server import WebServer

APP = {
    "index.html": "<title>victim</title><script src=data.js></script>",
    "data.js": "self.stolen = 'SECRET'",
    "style.css": "body { color: rgb(1, 2, 3) }",
    "picture.svg": "<svg xmlns='http://www.w3.org/2000/svg' width='7' height='5'/>",
    "frame.html": "<title>frame</title>",
    "font.woff": "none",
    "worker.js": "postMessage(1)",
}

#: Ways in which a page asks for a URL; each calls `done` after the answer or a failure. `base` is the host.
WAYS = {
    "fetch": "fetch(base + 'data.js').then((r) => r.text()).then(done, done)",
    "fetch without cors": "fetch(base + 'data.js', {mode: 'no-cors'}).then(done, done)",
    "request": """(() => { const x = new XMLHttpRequest(); x.onloadend = () => done(x.responseText);
        try { x.open('GET', base + 'data.js'); x.send(); } catch (error) { done(); } })()""",
    "picture": "element('img', {src: base + 'picture.svg'})",
    "script": "element('script', {src: base + 'data.js'})",
    "module": "element('script', {type: 'module', src: base + 'data.js'})",
    "style": "element('link', {rel: 'stylesheet', href: base + 'style.css'})",
    "preload": "element('link', {rel: 'preload', as: 'script', href: base + 'data.js'})",
    "frame": "element('iframe', {src: base + 'frame.html'})",
    "object": "element('object', {data: base + 'frame.html', type: 'text/html'}), requestAnimationFrame(done)",
    "embedded": "element('embed', {src: base + 'picture.svg', type: 'image/svg+xml'}), requestAnimationFrame(done)",
    "film": "element('video', {src: base + 'picture.svg'}, 'error')",
    "font": "new FontFace('f', 'url(' + base + 'font.woff)').load().then(done, done)",
    "import": "import(base + 'data.js').then(() => done(), done)",
    "script of a worker": "work(`try { importScripts('${base}data.js'); } catch (e) {} postMessage(self.stolen)`)",
    "request of a worker": """work(`const x = new XMLHttpRequest(); x.onloadend = () => postMessage(x.responseText);
        try { x.open('GET', '${base}data.js'); x.send(); } catch (e) { postMessage('no') }`)""",
    "frame of a frame": "element('iframe', {srcdoc: `<iframe src='${base}frame.html'></iframe>`})",
    "sandboxed frame": "element('iframe', {sandbox: 'allow-scripts', srcdoc: `<script src='${base}data.js'><\\/script>`})",
    "frame of data": "element('iframe', {src: `data:text/html,<script src='${base}data.js'><\\/script>`})",
}

ASK = """(window.got = null, (() => {{
    const base = {base};
    const done = (value) => {{ got = [String(value || ''), String(window.stolen || '')]; }};
    const element = (name, properties, ends) => {{
        const made = document.createElement(name);
        for (const key of Object.keys(properties)) made.setAttribute(key, properties[key]);
        made.onload = made.onerror = () => done(made.naturalWidth || '');
        document.documentElement.append(made);
    }};
    const work = (text) => {{
        const worker = new Worker(URL.createObjectURL(new Blob([text])));
        worker.onmessage = (e) => done(e.data);
        worker.onerror = done;
    }};
    try {{ {way}; }} catch (error) {{ done(error); }}
}})(), 1)"""


@pytest.fixture(params=["", "studio.victim"])
def victim(request, monkeypatch, make_view, wait_until, expect_log, tmp_path):
    """A view with an app, assets and a file on disk, without a storage and with one."""
    expect_log("")
    monkeypatch.setenv("AURORAVIEW_QT_DATA_DIR", str(tmp_path / "data"))
    for name, text in APP.items():
        for folder in ("app", "assets/sub", "disk"):
            (tmp_path / folder).mkdir(parents=True, exist_ok=True)
            (tmp_path / folder / name).write_text(text)
    view = make_view(storage=request.param or None)
    view.serve_assets(tmp_path / "assets")
    view.allow_files(tmp_path / "disk")
    view.load_app(tmp_path / "app")
    wait_until(lambda: view.is_ready)
    return view


def bases(view, tmp_path):
    """Return the places of a view's files on the custom scheme, for an attacker who has all names."""
    own, disk = view._local_urls._own, view._local_urls._disk
    site = view._local_urls._site
    path = (tmp_path / "disk").as_posix().lstrip("/")
    return [
        f"{own}/",
        f"{own}/sub/",
        f"{own}{site.files_path}{path}/",
        f"{own}{site.scripts_path}{path}/",
        f"{disk}/{path}/",
    ]


@pytest.fixture
def answers(monkeypatch, victim):
    """Return the paths of the victim that get an answer."""
    given = []
    for site in victim._local_urls._sites.values():
        real = site.get

        def get(path, use, real=real):
            reply = real(path, use)
            if reply is not None:
                given.append(path)
            return reply

        monkeypatch.setattr(site, "get", get)
    return given


def ask(view, js, wait_until, base, way):
    js(view, ASK.format(base=json.dumps(base), way=WAYS[way]))
    wait_until(lambda: js(view, "got") is not None, f"an end of {way}")
    return js(view, "got")


def check(view, js, wait_until, targets, answers):
    """Ask in every way for every place; there is no answer."""
    for base in targets:
        for way in WAYS:
            got = ask(view, js, wait_until, base, way)
            assert "SECRET" not in str(got), (base, way)
            assert got[0] != "7", (base, way)
            assert answers == [], (base, way)


def test_page_of_another_view_gets_nothing(make_view, js, wait_until, victim, answers, tmp_path):
    check(make_view("<p>"), js, wait_until, bases(victim, tmp_path), answers)


@pytest.mark.parametrize("victim", ["studio.victim"], indirect=True)
def test_page_with_the_same_storage_gets_nothing(make_view, js, wait_until, victim, answers, tmp_path):
    """Its own files, at the same URLs, are not the victim's."""
    for name, text in APP.items():
        for folder in ("other", "other/sub"):
            (tmp_path / folder).mkdir(exist_ok=True)
            (tmp_path / folder / name).write_text(text.replace("SECRET", "OWN").replace("'7'", "'9'"))
    view = make_view("<p>", storage="studio.victim")
    view.serve_assets(tmp_path / "other")
    check(view, js, wait_until, bases(victim, tmp_path)[:2], answers)


def test_page_of_the_web_in_another_view_gets_nothing(make_view, js, wait_until, victim, answers, tmp_path):
    with WebServer({"/": "<title>foreign</title>"}) as server:
        view = make_view()
        view.load_url(f"{server.url}/")
        wait_until(lambda: view.title() == "foreign")
        check(view, js, wait_until, bases(victim, tmp_path), answers)


def test_page_of_the_web_in_the_same_view_gets_nothing(js, wait_until, victim, answers, tmp_path):
    with WebServer({"/": "<title>foreign</title>"}) as server:
        victim.load_url(f"{server.url}/")
        wait_until(lambda: victim.title() == "foreign")
        check(victim, js, wait_until, bases(victim, tmp_path), answers)


def test_page_on_disk_in_another_view_gets_nothing(make_view, js, wait_until, victim, answers, tmp_path):
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "page.html").write_text("<title>other</title>")
    view = make_view()
    view.load_file(tmp_path / "ui" / "page.html")
    wait_until(lambda: view.title() == "other")
    check(view, js, wait_until, bases(victim, tmp_path), answers)


@pytest.mark.parametrize("attributes", ["sandbox='allow-scripts'", "sandbox='allow-scripts allow-forms allow-popups'", ""])
def test_frame_of_an_opaque_or_foreign_origin_gets_nothing(make_view, js, wait_until, expect_log, attributes, tmp_path):
    """In the view's own page, and so with its interceptor."""
    expect_log("")
    for name, text in APP.items():
        (tmp_path / name).write_text(text)
    with WebServer() as server:
        view = make_view("<script>window.told = []; onmessage = (e) => told.push(e.data)</script>")
        view.serve_assets(tmp_path)
        base = f"{view._local_urls._own}/"
        page = f"""<script>
            const base = {json.dumps(base)};
            const tell = (what) => parent.postMessage(what, '*');
            const image = new Image(), x = new XMLHttpRequest(), script = document.createElement('script');
            image.onload = () => tell('picture'); image.onerror = () => tell('no'); image.src = base + 'picture.svg';
            x.onload = () => tell(x.responseText); x.onerror = () => tell('no'); x.open('GET', base + 'data.js'); x.send();
            script.onload = () => tell(window.stolen); script.onerror = () => tell('no'); script.src = base + 'data.js';
            document.documentElement.append(script);
        </script>"""
        server.pages["/"] = page
        source = f"src='{server.url}/'" if not attributes else f'srcdoc="{page.replace(chr(34), "&quot;")}"'
        js(
            view,
            f"(document.body.insertAdjacentHTML('beforeend', {json.dumps(f'<iframe {attributes} {source}></iframe>')}), 1)",
        )
        wait_until(lambda: js(view, "told.length") == 3)
        assert js(view, "told") == ["no"] * 3


def test_frames_and_workers_of_the_page_itself_get_their_files(make_view, js, wait_until, tmp_path):
    for name, text in APP.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "worker.js").write_text("importScripts('data.js'); postMessage(stolen)")
    view = make_view("<script>window.told = []</script>")
    view.serve_assets(tmp_path)
    frame = "<script src=data.js></script><script>parent.told.push(stolen)</script>"
    (tmp_path / "frame.html").write_text(frame)
    js(
        view,
        f"""(add = (html) => document.body.insertAdjacentHTML('beforeend', html),
        add('<iframe src=frame.html></iframe>'), add({json.dumps(f'<iframe srcdoc="{frame}"></iframe>')}),
        new Worker('worker.js').onmessage = (e) => told.push(e.data),
        import(location.origin + '/data.js').then(() => told.push(stolen)), 1)""",
    )
    wait_until(lambda: js(view, "told.length") == 4)
    assert js(view, "told") == ["SECRET"] * 4


@pytest.mark.parametrize("place", [0, 4])
def test_redirect_of_a_server_leads_no_other_view_to_an_app(make_view, js, wait_until, victim, answers, tmp_path, place):
    target = bases(victim, tmp_path)[place] + "frame.html"
    with WebServer({"/go": (302, target), "/": "<title>foreign</title>"}) as server:
        view = make_view()
        loads = []
        view.loadFinished.connect(loads.append)
        view.load_url(f"{server.url}/go")
        wait_until(lambda: loads)
        view.load_url(f"{server.url}/")
        wait_until(lambda: view.title() == "foreign")
        frame = f"<iframe src='{server.url}/go' onload='ended = 1'></iframe>"
        js(view, f"(window.ended = 0, document.body.insertAdjacentHTML('beforeend', {json.dumps(frame)}), 1)")
        wait_until(lambda: js(view, "ended") == 1)
        assert answers == []


def test_navigation_of_another_view_shows_no_app(make_view, js, wait_until, victim, answers, tmp_path):
    view = make_view("<p>")
    with WebServer({"/": "<title>foreign</title>"}) as server:
        view.load_url(f"{server.url}/")
        wait_until(lambda: view.title() == "foreign")
        for base in bases(victim, tmp_path):
            js(view, f"(location.href = {json.dumps(base + 'frame.html')}, 1)")
            view.load_url(f"{server.url}/")
            wait_until(lambda: view.title() == "foreign")
        assert answers == []


def test_trusted_server_asks_for_what_is_its_views(make_view, js, wait_until, expect_log, tmp_path):
    """A development server: its page is the view's own, in that view alone."""
    expect_log("")
    for name, text in APP.items():
        (tmp_path / name).write_text(text)
    with WebServer({"/": "<title>dev</title>"}) as server:
        view, other = make_view(trusted_origins=[server.url]), make_view()
        view.serve_assets(tmp_path)
        for one in (view, other):
            one.load_url(f"{server.url}/")
            wait_until(lambda one=one: one.title() == "dev")
        js(view, "(i = new Image(), i.src = 'https://auroraview.localhost/picture.svg', 1)")
        wait_until(lambda: js(view, "i.naturalWidth") == 7)
        assert ask(other, js, wait_until, f"{view._local_urls._own}/", "picture") == ["", ""]


def test_name_of_a_view_is_not_enough_for_a_shared_worker(make_view, js, wait_until, victim, answers, tmp_path):
    (tmp_path / "other").mkdir()
    base = bases(victim, tmp_path)[0]
    (tmp_path / "other" / "shared.js").write_text(
        f"onconnect = (e) => {{ const x = new XMLHttpRequest(); x.onloadend = () => e.ports[0].postMessage(x.responseText);"
        f"try {{ x.open('GET', '{base}data.js'); x.send(); }} catch (error) {{ e.ports[0].postMessage('no'); }} }}"
    )
    view = make_view("<p>")
    view.serve_assets(tmp_path / "other")
    js(view, "(w = new SharedWorker('shared.js'), w.port.onmessage = (e) => { told = [e.data] }, window.told = null, 1)")
    wait_until(lambda: js(view, "told") is not None)
    assert "SECRET" not in str(js(view, "told"))
    assert answers == []


def test_refusal_says_to_whom(make_view, js, wait_until, victim, tmp_path, caplog):
    view = make_view("<p>")
    ask(view, js, wait_until, bases(victim, tmp_path)[0], "script of a worker")
    assert any(re.search(r"refused to auroraview://view-\d+|host of another view", r.getMessage()) for r in caplog.records)
