"""The URL scheme in a process whose host used QtWebEngine first, and its registration in a start-up script."""

from __future__ import annotations

import json

import pytest

from tests.qt.programs import run_python

_HOST = """
    import json, logging, os, sys
    from qtpy import QtCore, QtWidgets
    QtCore.QCoreApplication.setAttribute(QtCore.Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    from qtpy.QtWebEngineWidgets import QWebEngineView
    logging.basicConfig(level=logging.WARNING, stream=sys.stdout)
    app = QtWidgets.QApplication(["host"])
    loop = QtCore.QEventLoop()
    limit = QtCore.QTimer()
    limit.timeout.connect(lambda: os._exit(3))
    limit.start(30000)
    run = getattr(loop, "exec", None) or loop.exec_
"""
_OWN_PAGE = """
    own = QWebEngineView()
    own.loadFinished.connect(lambda ok: loop.quit())
    own.setHtml("the host's own page")
    run()
"""
_SHOW = """
    from auroraview_qt import WebView
    view = WebView(app_dir=sys.argv[1])
    view.on("seen", lambda data: (print("SAW", json.dumps(data), flush=True), os._exit(0)))
    view.show()
    run()
"""
_APP = {
    "index.html": "<link rel=stylesheet href=app.css><body><img src=dot.svg>"
    "<script type=module src=part.js></script><script type=module src=app.js></script>",
    "app.css": "body { background: rgb(1, 2, 3) }",
    "dot.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="7" height="7"/>',
    "data.json": '{"a": 5}',
    "part.js": "export const value = 4",
    "app.js": """import {value} from './part.js';
        const request = new XMLHttpRequest();
        request.open('GET', 'data.json');
        request.onloadend = () => auroraview.emit('seen', {
            part: value, data: JSON.parse(request.responseText).a, image: document.images[0].naturalWidth,
            style: getComputedStyle(document.body).backgroundColor, origin: location.origin, secure: isSecureContext});
        addEventListener('load', () => request.send());
    """,
}


@pytest.fixture
def app_dir(tmp_path):
    for name, text in _APP.items():
        (tmp_path / name).write_text(text)
    return str(tmp_path)


def show_app(program, app_dir):
    code, output = run_python(f"""
        import sys
        sys.argv.append({app_dir!r})
        {program.strip()}
    """)
    saw = [json.loads(line[4:]) for line in output.splitlines() if line.startswith("SAW ")]
    assert (code, len(saw)) == (0, 1), output
    return saw[0], output


def indented(*parts):
    return "\n".join(part.replace("\n    ", "\n        ") for part in parts)


def test_app_in_a_host_that_used_the_engine_first_runs(app_dir):
    saw, output = show_app(indented(_HOST, _OWN_PAGE, _SHOW), app_dir)
    origin, secure = saw.pop("origin"), saw.pop("secure")
    assert saw == {"part": 4, "data": 5, "image": 7, "style": "rgb(1, 2, 3)"}
    assert (origin, secure) == ("auroraview://", False)
    assert output.count("the host used QtWebEngine before auroraview_qt") == 1
    assert "auroraview_qt.register_scheme()" in output
    assert "Content Security Policy" not in output


def test_scheme_registered_in_time_gives_each_view_a_secure_origin(app_dir):
    register = """
    import auroraview_qt
    assert auroraview_qt.register_scheme()
    assert auroraview_qt.register_scheme()
    assert "auroraview_qt.qt.view" not in sys.modules
"""
    saw, output = show_app(indented(_HOST, register, _OWN_PAGE, _SHOW), app_dir)
    assert saw["secure"]
    assert saw["origin"].startswith("auroraview://view-")
    assert "register_scheme" not in output


def test_scheme_registered_after_the_first_page_says_so():
    code, output = run_python(
        indented(_HOST, _OWN_PAGE, "\n    import auroraview_qt\n    os._exit(7 + auroraview_qt.register_scheme())\n")
    )
    assert code == 7, output


@pytest.mark.parametrize("broken", ['os.environ["AURORAVIEW_QT_DISABLE"] = "1"', 'sys.modules["qtpy"] = None'])
def test_scheme_without_an_engine_is_not_registered_and_raises_nothing(broken):
    code, output = run_python(f"""
        import logging, os, sys
        logging.basicConfig(stream=sys.stdout)
        {broken}
        import auroraview_qt
        assert auroraview_qt.register_scheme() is False
    """)
    assert code == 0, output
    assert "the URL scheme is not registered: " in output


_STORAGES = """
    from auroraview_qt import WebView
    page = "<script>localStorage.setItem('who', '%s'); auroraview.emit('seen', localStorage.length)</script>"
    page += "<script>auroraview.on('ask', () => auroraview.emit('answer', localStorage.getItem('who')))</script>"
    views, answers = [], []
    for name in ("studio.one", "studio.two", None):
        view = WebView(html=page % name, storage=name)
        view.on("answer", lambda data: (answers.append(str(data)), len(answers) == 3 and loop.quit()))
        view.ready.connect(loop.quit)
        view.show()
        views.append(view)
        run()
    for view in views:
        view.emit("ask")
    run()
    print("ANSWERS", sorted(answers), flush=True)
    os._exit(0)
"""


def test_storages_are_isolated_by_name_in_a_host_that_used_the_engine_first(tmp_path):
    _, output = run_python(indented(_HOST, _OWN_PAGE, _STORAGES), AURORAVIEW_QT_DATA_DIR=str(tmp_path))
    assert "ANSWERS ['None', 'studio.one', 'studio.two']" in output, output
    assert output.count("the host used QtWebEngine before auroraview_qt") == 1
