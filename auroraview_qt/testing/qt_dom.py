"""QtDom: a document in QtWebEngine, used with Qt's own mouse and key events. GUI thread.

Each action first asks the page for its element, until that is there, visible, at rest and not covered. Then it sends its
events, and waits until the page has received them. So later questions to the page come after them.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Callable

from auroraview_qt._resources import page_text
from auroraview_qt.qt.page.closed_page import APPLICATION_WORLD
from auroraview_qt.qt.support.binding import QtCore, QtGui, QWebEngineView, is_alive
from auroraview_qt.testing import file_dialogs
from auroraview_qt.testing.dom import Look, Point
from auroraview_qt.testing.errors import ActionError, WaitError
from auroraview_qt.testing.mouse_and_keys import Hands
from auroraview_qt.testing.waiting import Deadline, pause, run_until

#: Milliseconds between two checks of a page; two checks in a row have to find an element at the same place.
_LOOK_MS = 16
#: Seconds after which a question is repeated; a renderer that has died never answers.
_ASK_AGAIN_S = 1.0
#: Conditions for an element before a click.
_CLICKABLE = ("visible", "enabled", "inView", "hit")


@functools.lru_cache(maxsize=1)
def _probe() -> str:
    parts = "\n".join(page_text("testing", name) for name in ("selectors.js", "probe.js"))
    return f"(function () {{{parts}\nwindow.auroraviewKit = auroraviewProbe();}})();"


class QtDom:
    """The document of a view.

    Thread: GUI.

    Parameters
    ----------
    view : QWebEngineView
        Shows it.
    timeout_s : callable
        Returns the default timeout of actions.
    """

    def __init__(self, view: QWebEngineView, timeout_s: Callable[[], float]) -> None:
        self._view = view
        self._timeout_s = timeout_s
        self._hands = Hands(view)
        self._limit: Deadline | None = None  # from the element that is polled

    # Questions

    def _run(self, script: str, deadline: Deadline) -> str:
        """Run a script in a separate world, and return its text."""
        while not deadline.has_passed:
            answers: list[Any] = []
            self._view.page().runJavaScript(script, APPLICATION_WORLD, answers.append)
            if run_until(answers.__len__, min(_ASK_AGAIN_S, deadline.left_s)):
                return str(answers[0] or "")
        raise WaitError(f"the page has not answered for {deadline.timeout_s:g} s: it hangs, or its process is gone")

    def ask(self, method: str, *arguments: Any, deadline: Deadline | None = None) -> Any:
        """Call a function of the probe in the page.

        Raises
        ------
        ValueError
            If the page reports an invalid selector.
        WaitError
            If the page does not answer.
        """
        __tracebackhide__ = True
        deadline = deadline or self._limit or Deadline(self._timeout_s())
        call = f"window.auroraviewKit.{method}({', '.join(map(json.dumps, arguments))})"
        script = (
            f"(function () {{ if (!window.auroraviewKit) {{ return 'none'; }}"
            f" try {{ return JSON.stringify([{call}]); }} catch (error) {{ return 'error:' + error.message; }} }})()"
        )
        answer = self._run(script, deadline)
        while answer in ("none", ""):  # a new document; empty if the page went meanwhile
            self._run(f"{_probe()} ''", deadline)
            answer = self._run(script, deadline)
        if answer.startswith("error:"):
            raise ValueError(f"{arguments[0] if arguments else method!r} is no selector: {answer[6:]}")
        return json.loads(answer)[0]

    def look(self, selector: str) -> list[Look]:
        """See `Dom`."""
        __tracebackhide__ = True
        return [Look(**one) for one in self.ask("look", selector)]

    def hint(self, selector: str) -> str:
        """See `Dom`."""
        offered = self.ask("inventory")
        wanted = selector.rpartition("#")[2] or selector.rpartition("=")[2]
        near = get_close_matches(wanted, [*offered["ids"], *offered["names"]], n=1)
        if near:
            return f"; did you mean {near[0]!r}?"
        shown = ", ".join(offered["shown"]) + (" …" if offered["more"] else "")
        return f"; the page has {shown}" if shown else "; the page has nothing with an id, a button or a field"

    def poll(self, look: Callable[[], Any], timeout_s: float) -> Any:
        """See `Dom`."""
        __tracebackhide__ = True
        deadline = Deadline(timeout_s)
        before, self._limit = self._limit, Deadline(timeout_s + _ASK_AGAIN_S)
        try:
            found = look()
            while not found and not deadline.has_passed:
                pause(_LOOK_MS)
                found = look()
        finally:
            self._limit = before
        return found

    # Actions

    def _try(
        self, action: str, selector: str, attempt: Callable[[], dict[str, Any]], timeout_s: float | None
    ) -> dict[str, Any]:
        """Try until the page reports no problem; otherwise raise with the last problem."""
        __tracebackhide__ = True
        limit = self._timeout_s() if timeout_s is None else timeout_s
        last: dict[str, Any] = {}

        def look() -> bool:
            last.clear()
            last.update(attempt())
            return "problem" not in last

        if not self.poll(look, limit):
            problem = last["problem"]
            hint = self.hint(selector) if problem == "no element matches" else ""
            raise ActionError(f"{action}({selector!r}) was not possible for {limit:g} s: {problem}{hint}")
        return last

    def _aim(
        self, action: str, selector: str, needs: Sequence[str], at: Point | None, timeout_s: float | None
    ) -> dict[str, Any]:
        """Wait until an element meets its conditions and is at rest; return its place."""
        __tracebackhide__ = True
        before: list[Any] = []

        def attempt() -> dict[str, Any]:
            aimed: dict[str, Any] = self.ask("aim", selector, list(needs), at)
            rests = before == [aimed.get("box")]
            before[:] = [aimed.get("box")]
            if "problem" not in aimed and not rests:
                return {"problem": f"it moves: it is at {[round(each) for each in aimed['box'][:2]]} now"}
            return aimed

        return self._try(action, selector, attempt, timeout_s)

    def _send(self, action: str, selector: str, event: str, send: Callable[[], object], timeout_s: float | None) -> None:
        """Send events, and wait until the page has received the last event at its target."""
        __tracebackhide__ = True
        limit = self._timeout_s() if timeout_s is None else timeout_s
        deadline = Deadline(limit)
        self.ask("listen", event, bool(selector), deadline=deadline)
        send()
        if not is_alive(self._view):
            return
        heard = self.poll(self._was_heard, limit)
        if not heard:
            raise ActionError(f"{action}({selector!r}) was sent, but the page has seen no {event!r} for {limit:g} s")
        if heard[0]:
            raise ActionError(f"{action}({selector!r}) has hit {heard[0]}, which came in between")

    def _was_heard(self) -> list[str] | None:
        """Return the element that the event has hit; a page or view that has gone counts as hit."""
        if not is_alive(self._view):
            return [""]
        answer = self._run(
            "window.auroraviewKit ? JSON.stringify([auroraviewKit.heard()]) : 'gone'", Deadline(self._timeout_s())
        )
        if answer in ("gone", ""):
            return [""]
        heard = json.loads(answer)[0]
        return None if heard is None else [heard]

    def click(
        self, selector: str, button: str, modifiers: Sequence[str], at: Point | None, count: int, timeout_s: float | None
    ) -> None:
        """See `Dom`."""
        __tracebackhide__ = True
        action, event = ("double_click", "dblclick") if count > 1 else ("click", "mouseup")
        aimed = self._aim(action, selector, _CLICKABLE, at, timeout_s)
        point = (aimed["x"], aimed["y"])
        self._focus_view()
        self._hands.move(point, modifiers=modifiers)

        def send() -> None:
            if count > 1:
                self._hands.double_click(point)
            else:
                self._hands.click(point, button, modifiers)

        self._send(action, selector, event, send, timeout_s)

    def _focus_view(self) -> None:
        """Focus the view, as a click of an artist does."""
        if not self._view.hasFocus():
            self._view.window().activateWindow()
            self._view.setFocus()

    def hover(self, selector: str, timeout_s: float | None) -> None:
        """See `Dom`."""
        __tracebackhide__ = True
        aimed = self._aim("hover", selector, ("visible", "inView", "hit"), None, timeout_s)
        # From outside the element, since the mouse may be there already.
        self._hands.move((aimed["x"] + 1, aimed["y"]))
        self._send("hover", selector, "mousemove", lambda: self._hands.move((aimed["x"], aimed["y"])), timeout_s)

    def drag(self, source: str, target: str, timeout_s: float | None) -> None:
        """See `Dom`."""
        __tracebackhide__ = True
        begin = self._aim("drag", source, ("visible", "inView", "hit"), None, timeout_s)
        if begin["draggable"]:
            self._try("drag", target, lambda: dict(self.ask("dragOnto", source, target)), timeout_s)
            return
        start = (begin["x"], begin["y"])
        left = QtCore.Qt.MouseButton.LeftButton
        self._focus_view()
        self._hands.move(start)
        self._send("drag", source, "mousedown", lambda: self._hands.press(start, "left"), timeout_s)
        aimed = self._aim("drag", target, ("visible",), None, timeout_s)
        end = (aimed["x"], aimed["y"])
        for part in (0.25, 0.5, 0.75, 1.0):  # single moves, because the engine merges moves in the same frame
            x, y = (a + (b - a) * part for a, b in zip(start, end))
            move = functools.partial(self._hands.move, (x, y), held=left)
            self._send("drag", "", "mousemove", move, timeout_s)
        self._send("drag", "", "mouseup", lambda: self._hands.release(end, "left"), timeout_s)

    def fill(self, selector: str, text: str, timeout_s: float | None) -> None:
        """See `Dom`."""
        __tracebackhide__ = True
        self._focus_view()
        entered = self._try("fill", selector, lambda: dict(self.ask("enter", selector)), timeout_s)
        if entered["how"] == "set":
            self._try("fill", selector, lambda: dict(self.ask("set", text)), 0)
        elif text:
            self._send("fill", selector, "input", lambda: self._hands.commit(text), timeout_s)
        elif not entered["isEmpty"]:
            self._send("fill", selector, "input", lambda: self._hands.key("Delete"), timeout_s)

    def select(self, selector: str, options: Sequence[str], timeout_s: float | None) -> None:
        """See `Dom`."""
        __tracebackhide__ = True
        self._try("select", selector, lambda: dict(self.ask("choose", selector, list(options))), timeout_s)

    def press(self, key: str, selector: str | None, timeout_s: float | None) -> None:
        """See `Dom`."""
        __tracebackhide__ = True
        self._focus_view()
        if selector is not None:
            self._try("press", selector, lambda: dict(self.ask("focus", selector)), timeout_s)
        self._send("press", "", "keyup", lambda: self._hands.key(key), timeout_s)

    # Files

    def drop_files(self, selector: str, paths: Sequence[str | Path], timeout_s: float | None) -> None:
        """See `Dom`."""
        __tracebackhide__ = True
        files = [Path(path).absolute() for path in paths]
        aimed = self._aim("drop_files", selector, ("visible", "inView", "hit"), None, timeout_s)
        point, data = (aimed["x"], aimed["y"]), self._hands.drag_data(files)
        self._hands.drag_files(QtGui.QDragEnterEvent, point, data)
        for step in (2.0, 1.0, 0.0):  # the engine asks the page at each move, and uses its last answer
            self._hands.drag_files(QtGui.QDragMoveEvent, (point[0] + step, point[1]), data)
            self.ask("inventory")
        self._hands.drag_files(QtGui.QDropEvent, point, data)

    def choose_files(self, selector: str, paths: Sequence[str | Path], timeout_s: float | None) -> None:
        """See `Dom`."""
        __tracebackhide__ = True
        files = [Path(path).absolute() for path in paths]
        limit = self._timeout_s() if timeout_s is None else timeout_s
        with file_dialogs.answered_with(files) as answered:
            self.click(selector, "left", (), None, 1, timeout_s)
            if not run_until(lambda: bool(answered), limit):
                raise ActionError(f"choose_files({selector!r}) has opened no file dialog within {limit:g} s")
