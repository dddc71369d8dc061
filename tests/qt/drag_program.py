"""A program with a panel and a drop target, whose artist drags on command; test_drag_out.py runs it on an X display.

    python -m tests.qt.drag_program SCENARIO FOLDER

It prints the result as JSON.
"""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

from qtpy import QtCore, QtWidgets

from auroraview_qt import WebView
from auroraview_qt.qt.input.drag_out import run_drag
from auroraview_qt.qt.support.binding import is_alive
from tests.qt.x11_pointer import ESCAPE, Pointer

PAGE = """<!doctype html><style>body { margin: 0; user-select: none } div { height: 100px; background: #ccc }</style>
<div id="asset" draggable="true">asset</div><div id="native" draggable="true">native</div>
<div id="zone" data-aurora-drop="assets">zone</div>
<img width="400" height="100" src="data:image/gif;base64,R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs=">
<script>
  window.moves = [];
  window.ups = window.downs = window.overs = 0;
  window.marks = [];
  window.drops = [];
  auroraview.on('file_drop', (drop) => drops.push(drop));
  new MutationObserver(() => marks.push(zone.hasAttribute('data-aurora-over'))).observe(zone, {attributes: true});
  zone.addEventListener('drop', (event) => drops.push(event.dataTransfer.getData('text/plain')));
  let what;
  auroraview.on('what', (given) => { what = given; });
  addEventListener('mousemove', (event) => moves.push(event.buttons));
  addEventListener('mouseup', () => { ups += 1; });
  addEventListener('mousedown', () => { downs += 1; });
  addEventListener('dragover', () => { overs += 1; });
  asset.addEventListener('dragstart', (event) => {
    event.preventDefault();
    auroraview.drag.start(what).then(
      (answer) => auroraview.send_event('ended', answer), (error) => auroraview.send_event('ended', error.code));
  });
  native.addEventListener('dragstart', (event) => {
    for (const [type, value] of Object.entries(what.data)) event.dataTransfer.setData(type, value);
  });
  auroraview.on('tick', (n) => auroraview.send_event('tock', n));
</script>"""


class Target(QtWidgets.QWidget):
    """A target that takes anything and answers with the given action: the host."""

    def __init__(self, left):
        super().__init__()
        self.setAcceptDrops(True)
        self.setWindowFlags(QtCore.Qt.WindowType.FramelessWindowHint)
        self.setGeometry(left, 0, 300, 400)
        self.got = None
        self.entered = False  # and accepted
        self.gives = None

    def mouseMoveEvent(self, event):
        if self.gives is not None:
            mime, self.gives = self.gives, None
            QtCore.QTimer.singleShot(0, lambda: run_drag(mime, QtCore.Qt.DropAction.CopyAction))

    def dragEnterEvent(self, event):
        event.acceptProposedAction()

    def dragMoveEvent(self, event):
        self.entered = True
        event.acceptProposedAction()

    def dropEvent(self, event):
        mime = event.mimeData()
        self.got = {name: bytes(mime.data(name)).decode("utf-8", "replace") for name in mime.formats()}
        event.acceptProposedAction()


class Session:
    """Run a drag, step by step; each step waits for its condition."""

    def __init__(self, scenario, folder):
        self.pointer = Pointer()
        self.view = WebView(html=PAGE)
        self.view.setWindowFlags(QtCore.Qt.WindowType.FramelessWindowHint)
        self.view.setGeometry(0, 0, 400, 400)
        self.target = Target(450)
        self.told = {"tocks": 0}
        self.ended = []
        self.view.on("ended", self.ended.append)
        self.view.on("tock", self._tock)
        self.view.enable("drag", roots=[folder], types=["application/x-studio-asset"])
        self.view.show()
        self.target.show()
        self.steps = getattr(self, scenario)(Path(folder))
        self.condition = next(self.steps)
        self.timer = QtCore.QTimer()
        self.timer.timeout.connect(self.turn)
        self.timer.start(10)

    def _tock(self, _):
        self.told["tocks"] += self.target.entered and not self.ended

    def turn(self):
        if is_alive(self.view):
            self.view.emit("tick", 1, coalesce=True)
        if not self.condition():
            return
        try:
            self.condition = next(self.steps)
        except StopIteration:
            self.timer.stop()
            print(json.dumps({**self.told, "got": self.target.got, "ended": self.ended}), flush=True)
            if is_alive(self.view):
                self.view.deleteLater()
            self.target.deleteLater()
            QtCore.QTimer.singleShot(0, QtCore.QCoreApplication.quit)

    def jiggle(self, x, y, until):
        """Move about a place until a condition holds: a busy page may miss a move, and no move comes by itself."""
        count = 0
        while not until():
            count += 1
            self.pointer.move(x + count % 5, y + count % 3)
            yield lambda: True

    def heard(self, source):
        """Make a condition of the page, evaluated again after each answer."""
        asked = []

        def condition():
            if asked and asked[-1].done() and asked[-1].result():
                return True
            if not asked or asked[-1].done():
                asked.append(self.view.eval_js(source))
            return False

        return condition

    def grab(self, what, y=50):
        """Press on an element of the page and pull until the target has it."""
        yield lambda: self.view.is_ready and self.view.isVisible() and self.target.isVisible()
        self.view.emit("what", what)
        yield from self.jiggle(50, y, self.heard("moves.length > 0"))
        self.pointer.button(True)
        yield self.heard("downs === 1")
        for x in range(60, 600, 20):
            self.pointer.move(x, y)
            yield lambda: True
        yield from self.jiggle(600, y, lambda: self.target.entered or self.ended)

    def pull_in(self, mime):
        """Pull out of the host until the zone of the page has it."""
        yield lambda: self.view.is_ready and self.view.isVisible() and self.target.isVisible()
        yield from self.jiggle(100, 250, self.heard("moves.length > 0"))
        self.pointer.move(600, 50)
        self.target.gives = mime
        self.pointer.button(True)
        yield from self.jiggle(600, 50, lambda: self.target.gives is None)
        for x in range(600, 100, -20):
            self.pointer.move(x, 250)
            yield lambda: True
        yield from self.jiggle(90, 250, self.heard("marks.length > 0" if mime.hasUrls() else "overs > 0"))

    def ask(self, source, enough):
        """Evaluate something in the page until it is enough."""
        answer = None
        while answer is None or not enough(answer):
            future = self.view.eval_js(source)
            yield future.done
            answer = future.result()
        self.told["page"] = answer

    @staticmethod
    def files(*paths):
        """Make the data of a file manager's drag."""
        mime = QtCore.QMimeData()
        mime.setUrls([QtCore.QUrl.fromLocalFile(str(path)) for path in paths])
        return mime

    def inward(self, folder):
        """Drop a file with an awkward name, a folder, and a file that vanishes on the way."""
        gone = folder / "gone.abc"
        gone.touch()
        yield from self.pull_in(self.files(folder / "ärm one.abc", folder / "sub", gone))
        gone.unlink()
        self.pointer.button(False)
        yield from self.ask("drops.filter((drop) => drop.paths)", lambda drops: len(drops) == 1)

    def inward_escape(self, folder):
        """Cancel over the zone."""
        yield from self.pull_in(self.files(folder / "ärm one.abc"))
        self.pointer.key(ESCAPE)
        yield from self.ask("[marks, drops]", lambda told: len(told[0]) == 2)
        self.pointer.button(False)

    def inward_left(self, folder):
        """Pull it out of the window again."""
        yield from self.pull_in(self.files(folder / "ärm one.abc"))
        for x in range(100, 600, 20):
            self.pointer.move(x, 250)
            yield lambda: True
        yield from self.ask("[marks, drops]", lambda told: len(told[0]) == 2)
        self.pointer.button(False)

    def inward_text(self, folder):
        """Drop data without files: the page gets it."""
        mime = QtCore.QMimeData()
        mime.setText("no file")
        yield from self.pull_in(mime)
        taking = self.view.eval_js("zone.addEventListener('dragover', (event) => { event.preventDefault(); taken = true; })")
        yield taking.done
        yield from self.jiggle(90, 250, self.heard("window.taken === true"))
        yield from self.jiggle(90, 250, self.heard("overs > 10"))
        self.pointer.button(False)
        yield from self.ask("[marks, drops]", lambda told: len(told[1]) == 1)

    def whole(self, folder):
        """Drag until the target has it, go on for a while, and drop."""
        yield from self.grab(
            {"paths": [str(folder / "ärm one.abc")], "text": "one", "data": {"application/x-studio-asset": "7"}}
        )
        yield lambda: self.target.entered and self.told["tocks"] >= 20
        self.pointer.button(False)
        yield lambda: bool(self.ended)
        before = self.view.eval_js("moves.length")
        yield before.done
        yield from self.jiggle(100, 300, self.heard(f"moves.length > {before.result()}"))
        moves = self.view.eval_js("[...moves.slice(-1), asset.matches(':active'), ups]")
        yield moves.done
        self.told["mouse"] = moves.result()

    def escape(self, folder):
        """Cancel by Escape."""
        yield from self.grab({"paths": [str(folder / "ärm one.abc")]})
        yield lambda: self.target.entered
        self.pointer.key(ESCAPE)
        yield lambda: bool(self.ended)
        self.pointer.button(False)

    def refused(self, folder):
        """Try to drag a file outside the roots."""
        yield from self.grab({"paths": [str(folder.parent / "secret.txt")]})
        yield lambda: bool(self.ended)
        self.pointer.button(False)

    def deleted(self, folder):
        """Delete the view during a drag; the artist's drag goes on."""
        yield from self.grab({"paths": [str(folder / "ärm one.abc")]})
        yield lambda: self.target.entered
        self.view.deleteLater()
        yield lambda: not is_alive(self.view)
        self.pointer.move(625, 60)
        yield lambda: True
        self.pointer.button(False)
        yield lambda: self.target.got is not None

    def killed(self, folder):
        """Kill the renderer during a drag."""
        crashed = []
        self.view.renderer_crashed.connect(lambda *_: crashed.append(1))
        yield from self.grab({"paths": [str(folder / "ärm one.abc")]})
        yield lambda: self.target.entered
        self.view.terminate_page()
        yield lambda: bool(crashed)
        self.pointer.move(625, 60)
        yield lambda: True
        self.pointer.button(False)
        yield lambda: self.target.got is not None and self.view.is_ready

    def native(self, folder, file=None):
        """Let the page's own drag name a file."""
        encoded = QtCore.QUrl.ComponentFormattingOption.FullyEncoded
        url = QtCore.QUrl.fromLocalFile(str(file or folder / "ärm one.abc")).toString(encoded)
        yield from self.grab({"data": {"text/uri-list": url, "text/plain": "t"}}, y=150)
        yield lambda: self.target.entered
        self.pointer.button(False)
        yield lambda: self.target.got is not None

    def native_outside(self, folder):
        """Run the same with a file outside the roots."""
        return self.native(folder, folder.parent / "secret.txt")

    def picture(self, folder):
        """Drag a picture of the page, which the engine writes to a file."""
        yield from self.grab({}, y=350)
        yield lambda: self.target.entered
        self.pointer.button(False)
        yield lambda: self.target.got is not None
        url = QtCore.QUrl(self.target.got["text/uri-list"].strip())
        self.told["written"] = Path(url.toLocalFile()).is_file()


if __name__ == "__main__":
    logging.basicConfig()
    app = QtWidgets.QApplication(["drag"])
    session = Session(*sys.argv[1:])
    QtCore.QTimer.singleShot(30_000, lambda: app.exit(3))
    sys.exit((getattr(app, "exec", None) or app.exec_)())
