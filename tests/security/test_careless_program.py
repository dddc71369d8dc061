"""A careless program: whatever its functions raise, the host lives, each call ends, and the page goes on."""

from __future__ import annotations

import json
import textwrap

import pytest

from tests.qt.programs import run_python

START = """
import json, logging, sys
from auroraview_qt import WebView
from auroraview_qt.qt.support.binding import QtCore, QtGui, QtWidgets
logging.basicConfig(level=logging.INFO, stream=sys.stdout)
app = QtWidgets.QApplication(sys.argv)
class Odd(BaseException):
    pass

def run(loop):
    return (getattr(loop, "exec", None) or loop.exec_)()

# Made once: exceptions keep the frames of their callers, and the collector may free these on any thread.
loop, poll, limit, awaited = QtCore.QEventLoop(), QtCore.QTimer(), QtCore.QTimer(), []
poll.timeout.connect(lambda: awaited[-1]() and loop.quit())
limit.timeout.connect(loop.quit)

def wait(condition):
    awaited.append(condition)
    poll.start(10)
    limit.start(30_000)
    run(loop)
    poll.stop()
    limit.stop()
    if not condition():
        sys.exit("the condition did not come true")
"""


def run_program(body, **names):
    source = START + textwrap.dedent(body)
    for name, value in names.items():
        source = source.replace(name, value)
    return run_python(source)


KINDS = ["SystemExit", "KeyboardInterrupt", "GeneratorExit", "Odd", "ValueError"]

EVERYWHERE = """
from auroraview_qt import hosts, register_encoder
from auroraview_qt.ipc.calls.running import CallContext
import threading

class Mesh:
    pass

def fail(*_, **__):
    raise KIND("careless")

register_encoder(Mesh, fail, fail)

PAGE = '''<script>
const names = ['plain', 'context', 'pool', 'coroutine', 'encoded', 'streamed', 'streamed_async', 'good'];
const outcomes = {};
async function all(name) {
  const parts = [];
  for await (const part of auroraview.stream(name)) parts.push(part);
  return parts;
}
auroraview.expose('pick', async (params, {progress}) => { progress(0.5, 'half'); return 7; });
auroraview.on('go', async () => {
  auroraview.emit('saved', 1);
  auroraview.emit('meshed', {});
  auroraview.state.n = 1;
  for (const name of names) {
    const asked = name.startsWith('streamed') ? all(name) : auroraview.call(name);
    await asked.then((v) => { outcomes[name] = v; }, (e) => { outcomes[name] = e.name; });
  }
  auroraview.emit('done', outcomes);
});
</script>'''

view = WebView(html=PAGE, keyboard=fail)
got, done = [], []
view.on("saved", fail)
view.on("saved", got.append)
view.on("*", fail)
view.once("saved", fail)
view.declare_event("meshed", Mesh, source="page")
view.state.on_change(fail)
view.on("done", done.append)

@view.command
def plain():
    fail()

@view.command
def context(ctx: CallContext):
    fail()

view.command("pool", fail, thread="pool")

@view.command
async def coroutine():
    fail()

@view.command
def encoded():
    return Mesh()

@view.command
def streamed():
    yield 1
    fail()

@view.command
async def streamed_async():
    yield 1
    fail()

view.command("good", lambda: "good")
view.show()
wait(lambda: view.is_ready)

class Breaking(logging.Handler):
    def emit(self, record):
        fail()

breaking = Breaking()
logging.getLogger("auroraview_qt").addHandler(breaking)
view.emit("go")
wait(lambda: done)
logging.getLogger("auroraview_qt").removeHandler(breaking)
outcome = {"got": got, "calls": done[0], "errors": view.stats()["callback_errors"]}

picked = []
call = view.call("pick", on_progress=fail)
call.add_done_callback(fail)
call.add_done_callback(lambda future: picked.append(future.result()))
wait(lambda: picked)
outcome["picked"] = picked

window = QtWidgets.QMainWindow()
window.show()
panel = hosts.dock(fail, title="Careless", object_name="careless", window=window, show=False)
panel._frame.dock.show()  # as the artist does, from the host's menu
wait(lambda: window.findChildren(QtWidgets.QLabel))
outcome["panel"] = [label.text() for label in window.findChildren(QtWidgets.QLabel) if "Careless" in label.text()]

future = []
worker = threading.Thread(target=lambda: future.append(hosts.current().run_on_main_thread(fail)))
worker.start()
worker.join()
future[0].add_done_callback(fail)
wait(future[0].done)
outcome["main thread"] = type(future[0].exception()).__name__

from auroraview_qt import QtWebView
QtWebView.create_deferred(None, on_ready=fail)
QtWebView.create_deferred(None, on_error=fail, unknown=1)
late = []
QtCore.QTimer.singleShot(500, lambda: late.append(1))
wait(lambda: late)

key = QtGui.QKeyEvent(QtCore.QEvent.Type.ShortcutOverride, QtCore.Qt.Key.Key_A, QtCore.Qt.KeyboardModifier.NoModifier)
QtWidgets.QApplication.sendEvent(view.focusProxy(), key)

again = []
view.call("pick").add_done_callback(lambda future: again.append(future.result()))
wait(lambda: again)
print("outcome", json.dumps(outcome))
view.deleteLater()
"""


@pytest.mark.parametrize("kind", KINDS)
def test_functions_of_the_program_that_raise_anything_harm_nothing(kind):
    code, output = run_program(EVERYWHERE, KIND=kind)
    assert code == 0, output
    outcome = json.loads(next(line for line in output.splitlines() if line.startswith("outcome ")).partition(" ")[2])
    assert outcome["got"] == [1]
    expected = dict.fromkeys(["plain", "context", "pool", "coroutine", "streamed", "streamed_async"], kind)
    expected["encoded"] = kind if kind in ("SystemExit", "KeyboardInterrupt") else "SerializationError"
    assert outcome["calls"] == {**expected, "good": "good"}
    assert outcome["picked"] == [7]
    assert len(outcome["panel"]) == 1
    assert outcome["main thread"] == kind
    assert "keyboard function __main__.fail failed" in output
    assert "fail of call of 'pick' failed" in output
    assert "panel 'careless' could not be made" in output


@pytest.mark.parametrize(
    ("place", "wish", "code"),
    [
        ("view.on('quit', leave)", "sys.exit(3)", 3),
        ("view.on('quit', leave)", "raise KeyboardInterrupt", 130),
        ("view.on('quit', leave)", "__import__('signal').raise_signal(2)", 130),
        ("view.command('quit', leave)", "sys.exit('a reason')", 1),
        ("view.state.on_change(leave)", "sys.exit()", 0),
    ],
)
def test_wish_to_exit_ends_a_program_with_its_code(place, wish, code):
    found, output = run_program(
        """
        view = WebView(html='<script>auroraview.whenReady().then(() => {'
            "auroraview.state.n = 1; auroraview.emit('quit', {}); auroraview.call('quit').catch(() => 1)})</script>")

        def leave(*_):
            print("leaving")
            WISH

        PLACE
        view.show()
        QtCore.QTimer.singleShot(30_000, lambda: app.exit(99))
        code = run(app)
        print("the loop ended with", code)
        sys.exit(code)
        """,
        PLACE=place,
        WISH=wish,
    )
    assert "leaving" in output
    assert f"the loop ended with {code}" in output
    assert found == code, output


def test_exit_in_an_async_command_harms_no_other_view():
    code, output = run_program(
        """
        async def good():
            return 1

        async def leave():
            sys.exit(1)

        done = []
        PAGE = '''<script>auroraview.whenReady().then(async () => {
            const asked = (name) => auroraview.call(name).catch((e) => e.name);
            auroraview.emit('done', [await asked('good'), await asked('leave'), await asked('good')]);
        })</script>'''
        views = [WebView(html=PAGE) for _ in range(2)]
        for view in views:
            view.command(good)
            view.command(leave)
            view.on("done", done.append)
            view.show()
        wait(lambda: len(done) == 2)
        print("outcome", done)
        for view in views:
            view.deleteLater()
        """
    )
    assert code == 0, output
    assert "outcome [[1, 'SystemExit', 1], [1, 'SystemExit', 1]]" in output
