"""Inputs of type "file": the panel's own dialog, without a nested event loop, and the engine's own files in the page."""

from __future__ import annotations

import pytest
from qtpy.QtTest import QTest

from auroraview_qt import Policy
from auroraview_qt.qt.capabilities import file_pickers
from auroraview_qt.qt.capabilities.file_pickers import filters_of
from auroraview_qt.qt.support.binding import QtCore, QtWidgets, is_alive
from tests.servers import serving

READ = """
  seen = [];
  function watch(input) {
    for (const name of ['change', 'cancel']) input.addEventListener(name, async (event) => {
      const texts = await Promise.all([...input.files].map((file) => file.text().catch(() => '')));
      seen.push([name, [...input.files].map((file, i) => file.name + ':' + texts[i])]);
    });
    return input;
  }
"""
PAGE = f"""<input id=plain type=file style="width:200px;height:30px"><label id=label>x
<input id=inner type=file hidden></label>
<input id=many type=file multiple hidden><button id=button onclick="many.click()">b</button>
<input id=folder type=file webkitdirectory><button id=detached>d</button><button id=sent>e</button><a-box id=box></a-box>
<input id=refusing type=file><button id=stopping><input id=stopped type=file></button>
<script>{READ}
  for (const one of document.querySelectorAll('input')) watch(one);
  detached.onclick = () => {{
    const made = watch(document.createElement('input')); made.type = 'file'; made.multiple = true; made.click();
  }};
  sent.onclick = () => {{
    const made = watch(document.createElement('input')); made.type = 'file'; made.multiple = true;
    made.dispatchEvent(new MouseEvent('click'));
  }};
  refusing.onclick = (event) => event.preventDefault();
  stopped.onclick = (event) => event.stopPropagation();
  for (const name of ['keydown', 'keyup']) addEventListener(name, (event) => seen.push([name, event.key]), true);
  const root = box.attachShadow({{mode: 'open'}});
  root.innerHTML = '<input type=file style="width:50px">';
  watch(root.firstChild);
</script>"""


@pytest.fixture
def chosen(tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / "in" / name).write_text(name.upper())
    return tmp_path / "in"


def shown(qapp):
    return [w for w in qapp.topLevelWidgets() if isinstance(w, QtWidgets.QFileDialog) and w.isVisible()]


@pytest.fixture
def dialog(qapp, wait_until):
    """Wait for the open dialog, in which Qt draws the files itself."""
    attribute = QtCore.Qt.ApplicationAttribute.AA_DontUseNativeDialogs
    before = qapp.testAttribute(attribute)
    qapp.setAttribute(attribute, True)

    def find():
        wait_until(lambda: shown(qapp), "a dialog")
        return shown(qapp)[0]

    yield find
    qapp.setAttribute(attribute, before)


def accept(dialog, text):
    dialog.findChild(QtWidgets.QLineEdit).setText(text)
    dialog.accept()


@pytest.mark.parametrize("selector", ["#plain", "#label", "#box", "#stopped"])
def test_input_gets_the_chosen_file(make_view, click, js, wait_until, dialog, chosen, selector):
    view = make_view(PAGE)
    click(view, selector)
    one = dialog()
    assert one.windowModality() == QtCore.Qt.WindowModality.WindowModal
    assert one.fileMode() == QtWidgets.QFileDialog.FileMode.ExistingFile
    accept(one, str(chosen / "a.txt"))
    wait_until(lambda: js(view, "seen.length"))
    assert js(view, "seen") == [["change", ["a.txt:A.TXT"]]]  # no key, and no event of the engine's first question


def test_no_event_loop_is_nested(make_view, click, wait_until, dialog):
    view = make_view(PAGE)
    levels = []
    level = QtCore.QThread.currentThread().loopLevel()
    click(view, "#plain")
    one = dialog()
    QtCore.QTimer.singleShot(0, lambda: levels.append(QtCore.QThread.currentThread().loopLevel()))
    wait_until(lambda: levels)
    assert levels == [level + 1]  # the loop of wait_until
    one.reject()


@pytest.mark.parametrize("selector", ["#button", "#detached", "#sent"])
def test_input_that_is_not_shown_gets_several_files(make_view, click, js, wait_until, dialog, chosen, selector):
    view = make_view(PAGE)
    click(view, selector)
    accept(dialog(), " ".join(f'"{chosen / name}"' for name in ("a.txt", "b.txt")))
    wait_until(lambda: js(view, "seen.length") == 1)
    click(view, selector)
    accept(dialog(), str(chosen / "b.txt"))
    wait_until(lambda: js(view, "seen.length") == 2)
    assert js(view, "seen") == [["change", ["a.txt:A.TXT", "b.txt:B.TXT"]], ["change", ["b.txt:B.TXT"]]]


def test_folder_gives_its_files(make_view, click, js, wait_until, dialog, chosen):
    view = make_view(PAGE)
    click(view, "#folder")
    one = dialog()
    assert one.fileMode() == QtWidgets.QFileDialog.FileMode.Directory
    accept(one, str(chosen))
    wait_until(lambda: js(view, "seen.length"))
    (change,) = js(view, "seen")
    assert {"a.txt:A.TXT", "b.txt:B.TXT"} <= set(change[1])


def test_cancelled_dialog_is_told_and_changes_nothing(make_view, click, js, wait_until, dialog):
    view = make_view(PAGE)
    for selector in ("#plain", "#detached"):
        js(view, "(seen = [], 1)")
        click(view, selector)
        dialog().reject()
        wait_until(lambda: js(view, "seen.length"))
        assert js(view, "seen") == [["cancel", []]]


def test_cancelled_dialog_keeps_the_files_that_were_chosen_before(make_view, click, js, wait_until, dialog, chosen):
    view = make_view(PAGE)
    click(view, "#plain")
    accept(dialog(), str(chosen / "a.txt"))
    wait_until(lambda: js(view, "seen.length") == 1)
    click(view, "#plain")
    one = dialog()
    assert js(view, "plain.files.length") == 1
    one.reject()
    wait_until(lambda: js(view, "seen.length") == 2)
    assert js(view, "seen[1]") == ["cancel", ["a.txt:A.TXT"]]


def test_page_may_refuse_the_click(make_view, click, js, wait_until, dialog, chosen, qapp):
    view = make_view(PAGE)
    click(view, "#refusing")
    click(view, "#plain")
    accept(dialog(), str(chosen / "a.txt"))
    wait_until(lambda: js(view, "plain.files.length"))
    assert js(view, "refusing.files.length") == 0


def test_input_in_a_frame_gets_the_file(make_view, click, js, wait_until, dialog, chosen):
    view = make_view(
        "<iframe id=frame srcdoc=\"<input id=i type=file style='position:fixed;inset:0;width:100%;height:100%'>\">"
    )
    wait_until(lambda: js(view, "!!frame.contentDocument.getElementById('i')"))
    click(view, "#frame")
    accept(dialog(), str(chosen / "a.txt"))
    wait_until(lambda: js(view, "frame.contentDocument.getElementById('i').files.length") == 1)


def test_page_without_the_bridge_gets_the_file(make_view, click, js, wait_until, dialog, chosen):
    with serving({"/": "<input id=plain type=file>"}) as login:
        view = make_view(f"<a id=go href='{login.url}/'>", policy=Policy(navigate=[login.url]))
        js(view, "go.click() || 1")
        wait_until(
            lambda: (
                view.url().port() == login.port and js(view, "typeof plain == 'object' && document.readyState") == "complete"
            )
        )
        click(view, "#plain")
        accept(dialog(), str(chosen / "a.txt"))
        wait_until(lambda: js(view, "plain.files.length") == 1)


def test_policy_refuses_dialogs(make_view, click, wait_until, expect_log, caplog, qapp):
    expect_log("Policy(file_pickers=True) allows it")
    view = make_view(PAGE, policy=Policy(file_pickers=False))
    click(view, "#plain")
    wait_until(lambda: "Policy(file_pickers=True) allows it" in caplog.text)
    assert shown(qapp) == []


@pytest.mark.parametrize("end", ["reload", "delete", "next"])
def test_dialog_closes_with_its_page(make_view, click, wait_until, dialog, end):
    view = make_view(PAGE)
    click(view, "#plain")
    one = dialog()
    {"reload": view.reload, "delete": view.deleteLater, "next": lambda: view.load_html("<p>")}[end]()
    wait_until(lambda: not is_alive(one))
    wait_until(lambda: not is_alive(view) if end == "delete" else view.is_ready)


def test_page_cannot_open_dialogs_for_ever(make_view, click, js, wait_until, dialog, expect_log, caplog, qapp):
    expect_log("only after a click or a key press")
    view = make_view(f"{PAGE}<script>many.addEventListener('cancel', () => setTimeout(() => many.click()))</script>")
    click(view, "#button")
    for _ in range(1 + file_pickers.MAX_UNASKED):
        one = dialog()
        QtCore.QTimer.singleShot(0, one.reject)
        wait_until(lambda one=one: not is_alive(one) or not one.isVisible())
    wait_until(lambda: "only after a click or a key press" in caplog.text)
    assert shown(qapp) == []


def test_input_that_is_gone_is_told(make_view, click, js, wait_until, dialog, chosen, expect_log, caplog, monkeypatch):
    expect_log("the page did not take the chosen files")
    monkeypatch.setattr(file_pickers, "TAKE_MS", 200)
    view = make_view(PAGE)
    click(view, "#plain")
    one = dialog()
    js(view, "(plain.disabled = true, 1)")
    accept(one, str(chosen / "a.txt"))
    wait_until(lambda: "the page did not take the chosen files" in caplog.text)
    assert js(view, "plain.files.length") == 0


def test_key_without_a_dialog_does_nothing(make_view, click, js, wait_until, dialog, chosen, qapp):
    view = make_view(PAGE)
    click(view, "#plain")
    accept(dialog(), str(chosen / "a.txt"))
    wait_until(lambda: js(view, "seen.length") == 1)
    QTest.keyClick(view.focusProxy(), QtCore.Qt.Key.Key_F24)
    wait_until(lambda: js(view, "seen.length") == 3)
    assert js(view, "seen.slice(1)") == [["keydown", "F24"], ["keyup", "F24"]]
    assert shown(qapp) == []


def test_page_cannot_play_the_panels_key(make_view, click, js, wait_until, dialog, chosen):
    view = make_view(PAGE)
    click(view, "#plain")
    one = dialog()
    js(view, "(dispatchEvent(new KeyboardEvent('keydown', {key: 'F24', keyCode: 135})), 1)")
    accept(one, str(chosen / "a.txt"))
    wait_until(lambda: js(view, "plain.files.length") == 1)


def test_pickers_that_write_anywhere_are_not_there(make_view, js, wait_until):
    names = "['showOpenFilePicker', 'showSaveFilePicker', 'showDirectoryPicker'].filter((name) => name in window)"
    view = make_view(f"<iframe id=frame srcdoc='<p>x'></iframe><script>first = {names}</script>")
    assert js(view, "first") == []
    wait_until(lambda: js(view, "frame.contentDocument.readyState") == "complete")
    assert js(view, "'showSaveFilePicker' in frame.contentWindow") is False


def test_engine_that_asks_for_a_file_to_write_gets_none(make_view, wait_until, expect_log, caplog, qapp):
    expect_log("a page writes no files here")
    view = make_view(PAGE)
    assert view.page().chooseFiles(3, [], []) == []
    wait_until(lambda: "a page writes no files here" in caplog.text)
    assert shown(qapp) == []


def test_filters_follow_the_accepted_types():
    (first, everything) = filters_of([".ABC", "image/*", "text/csv", "strange", ".a;rm -rf"])
    assert everything == "All Files (*)"
    for pattern in ("*.abc", "*.png", "*.jpg", "*.csv"):
        assert pattern in first
    assert ";" not in first
    assert filters_of([""]) == ["All Files (*)"]
