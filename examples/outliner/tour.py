"""Run the demo without a screen: a session in the real page, with real input, checked against the Qt tree.

Owns the steps of the session, its notes, and the picture at its end.
Thread: GUI.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from auroraview_qt.qt.support.binding import QtCore
from outliner.agreement import differences
from outliner.page_driver import Hands, Script, ScriptError, Until
from outliner.scene import SceneModel
from outliner.window import DemoWindow

_KEY = QtCore.Qt.Key
_SNAPSHOT = "window.outliner && window.outliner.snapshot()"

# Two frames after the first call, the changes before it are on the screen.
_PAINTED = """(function () {
  if (!window.outlinerPainted) {
    window.outlinerPainted = 1; requestAnimationFrame(function () { requestAnimationFrame(function () {
    window.outlinerPainted = 2; }); });
  }
  return window.outlinerPainted === 2;
})()"""


class Tour:
    """A scripted session.

    Parameters
    ----------
    window
        The demo's window, visible.
    picture
        The path of the picture.
    """

    def __init__(self, window: DemoWindow, picture: Path) -> None:
        self._window = window
        self._model = window.model or SceneModel("nothing", [])
        self._picture = picture
        self._hands = Hands(window.view)
        self.notes: list[str] = []

    def script(self) -> Script:
        """Yield the steps of the session, for a `ScriptRunner`.

        Returns
        -------
        generator
            It raises if page and Qt tree differ.
        """
        if self._window.model is None:
            yield Until("the page says what is wrong", "document.querySelector('#panel[data-state=error]') && 1")
            yield from self._take_picture()
            return
        model = self._model
        yield from self._page_ready()
        count = len(model.nodes)
        yield Until(
            "all nodes are listed",
            f"({_SNAPSHOT}).nodes.length === {count} && document.querySelector('.row') && 1",
        )
        yield from self._agree()
        self.notes.append(f"{model.title}: {count:,} nodes in the page and in the Qt tree")
        yield from self._search_and_select()
        yield from self._rename()
        yield from self._hide()
        yield from self._select_in_qt()
        yield from self._play()
        yield from self._agree()
        self.notes.append("after the session the page and the Qt tree agree")
        yield from self._take_picture()

    # -- the session -------------------------------------------------------------------------------

    def _page_ready(self) -> Script:
        yield Until("the page is ready", lambda: self._window.view.is_ready)
        self._window.activateWindow()
        self._window.view.setFocus()

    def _search_and_select(self) -> Script:
        model = self._model
        # Return a word that only some names contain, so that the tour works with any file.
        word = self._word()
        self._hands.click((yield from self._hands.place_of("#search")))
        yield Until("the search field has the focus", "document.activeElement.id === 'search'")
        self._hands.type(word)
        expected = sum(word in node.name.lower() for node in model.nodes.values())
        found = yield Until(
            f"{word} is found",
            "document.querySelector('#count').textContent",
            lambda text: text.startswith(f"{expected:,} of "),
        )
        self.notes.append(f"typed “{word}” into the search: {found}")
        self._hands.press(_KEY.Key_Return)
        yield Until("the first match is selected in the model", lambda: len(model.selection) == 1)
        first = model.nodes[model.selection[0]]
        if word not in first.name.lower():
            raise ScriptError(f"Enter in the search selected {first.name!r}, which does not hold {word!r}")
        yield from self._tree_selects([first.id])
        self.notes.append(f"pressed Enter: {first.name} is selected in the Qt tree")
        self._hands.press(_KEY.Key_Escape)
        yield Until("the search is cleared", "document.querySelector('#search').value === '' && 1")

    def _rename(self) -> Script:
        model = self._model
        node = model.nodes[model.selection[0]]
        old = node.name
        self._hands.press(_KEY.Key_F2)
        yield Until("the name can be edited", "document.activeElement.className === 'rename'")
        self._hands.press(_KEY.Key_Return)
        yield Until("an unchanged name closes the editor", "!document.querySelector('.rename')")
        self._hands.press(_KEY.Key_F2)
        yield Until("the name can be edited again", "document.activeElement.className === 'rename'")
        self._hands.press(_KEY.Key_Space, " ")
        self._hands.press(_KEY.Key_Return)
        why = yield Until("an empty name is refused", "document.querySelector('.rename-error').textContent")
        if node.name != old:
            raise ScriptError("a refused name was taken over")
        self.notes.append(f"typed an empty name: refused, “{why}”")
        self._hands.type("toured_node")
        self._hands.press(_KEY.Key_Return)
        yield Until("the Qt tree has the new name", lambda: self._tree_node(node.id)["name"] == "toured_node")
        yield Until(
            "the page has the new name",
            f"!document.querySelector('.rename') && {_page_node(node.id)}.name === 'toured_node'",
        )
        self.notes.append(f"pressed F2 and typed: {old} is toured_node in the Qt tree")
        self._hands.press(_KEY.Key_F2)
        yield Until("the name can be edited once more", "document.activeElement.className === 'rename'")
        self._hands.press(_KEY.Key_Escape)
        yield Until("Esc closes the editor", "!document.querySelector('.rename')")
        model.rename(node.id, old)
        yield Until(
            "a name given by the host arrives in the page",
            f"{_page_node(node.id)}.name === {json.dumps(old)}",
        )

    def _hide(self) -> Script:
        model = self._model
        row = ".row[aria-selected=true]"
        node = model.nodes[model.selection[0]]
        self._hands.click((yield from self._hands.place_of(f"{row} .eye")))
        yield Until("the Qt tree shows it hidden", lambda: not self._tree_node(node.id)["visible"])
        yield Until("the page shows it hidden", f"document.querySelector('{row}.off') && 1")
        self.notes.append(f"clicked the eye of {node.name}: hidden in the Qt tree")
        self._hands.press(_KEY.Key_H, "h")
        yield Until("the Qt tree shows it again", lambda: self._tree_node(node.id)["visible"])
        yield Until("the page shows it again", f"!document.querySelector('{row}.off')")

    def _select_in_qt(self) -> Script:
        model = self._model
        meshes = [node for node in model.nodes.values() if node.kind == "mesh"] or list(model.nodes.values())
        hidden = next((node for node in meshes if "decal" in node.name or "glass" in node.name), meshes[-1])
        model.set_visible([hidden.id], False)
        best = max(
            meshes,
            key=lambda node: (
                any(c.node == node.parent for c in model.channels),
                len(node.materials),
                "forearm_geo" in node.name,
                node.triangles,
            ),
        )
        self._window.tree.choose(best.id)
        yield Until("the page follows the Qt tree", f"({_SNAPSHOT}).selection.join() === {json.dumps(best.id)}")
        yield Until(
            "the page shows its details",
            f"document.querySelector('.title .name').textContent === {json.dumps(best.name)}",
        )
        yield Until("its row is in view", f"document.querySelector('.row[data-id={best.id}]') && 1")
        self.notes.append(f"clicked {best.name} in the Qt tree: selected in the page")

    def _play(self) -> Script:
        self._hands.click((yield from self._hands.place_of("#play")))
        yield Until("the page plays", f"({_SNAPSHOT}).playing")
        before = yield Until("the page's frames are counted", _SNAPSHOT)
        began_s = time.monotonic()
        yield Until("a second of frames has passed", lambda: time.monotonic() - began_s >= 1.0)
        after = yield Until("the page's frames are counted again", _SNAPSHOT)
        elapsed_s = time.monotonic() - began_s
        line = self._model.timeline
        length = line.end - line.start + 1
        frames = (after["frame"] - before["frame"]) % length
        painted = after["painted"] - before["painted"]
        self.notes.append(
            f"clicked Play: {frames / elapsed_s:.0f} frames a second went by, {painted / elapsed_s:.0f} of them painted"
        )
        self._hands.click((yield from self._hands.place_of("#play")))
        yield Until("the page has paused", f"!({_SNAPSHOT}).playing")
        self._hands.click((yield from self._hands.place_of("#scrub", at=0.42)))
        goal = line.start + 0.42 * (line.end - line.start)
        frame = yield Until(
            "the clock is where the page was scrubbed to",
            f"({_SNAPSHOT}).frame",
            lambda frame: frame == self._window.clock.frame and abs(frame - goal) < 0.05 * length + 1,
        )
        self.notes.append(f"paused and scrubbed: page and clock stand at frame {frame}")

    # -- asking ------------------------------------------------------------------------------------

    def _word(self) -> str:
        names = [node.name.lower() for node in self._model.nodes.values()]
        words = [w for name in names for w in name.replace("_", " ").split() if w.isascii() and w.isalpha() and len(w) > 2]
        fitting = [w for w in dict.fromkeys(words) if 2 <= sum(w in name for name in names) <= max(2, len(names) // 4)]
        return "finger" if "finger" in words else fitting[0] if fitting else words[0] if words else "a"

    def _tree_node(self, node_id: str) -> dict[str, Any]:
        return self._window.tree.shown(node_id)

    def _tree_selects(self, ids: list[str]) -> Script:
        yield Until("the Qt tree selects the same", lambda: self._window.tree.snapshot()["selection"] == sorted(ids))

    def _agree(self) -> Script:
        page = yield Until("the page answers", _SNAPSHOT)
        found = differences(page, self._window.tree.snapshot())
        if found:
            raise ScriptError("page and Qt tree differ: " + "; ".join(found[:5]))

    def _take_picture(self) -> Script:
        yield Until("the page has painted", _PAINTED)
        yield Until("the picture is taken", self._grab)
        self.notes.append(f"picture: {self._picture}")

    def _grab(self) -> bool:
        image = self._window.grab().toImage()
        corner = self._window.view.mapTo(self._window, QtCore.QPoint(0, 0))
        seen = {image.pixel(corner.x() + x, corner.y() + 16) for x in range(0, self._window.view.width(), 3)}
        return len(seen) > 3 and image.save(str(self._picture))


def _page_node(node_id: str) -> str:
    return f"({_SNAPSHOT}).nodes.find(function (n) {{ return n.id === {json.dumps(node_id)}; }})"
