"""Drive a page as a user does: send real mouse and key events into a web view, and read its DOM.

Owns finding an element's place, sending Qt input there, asking the page for JSON, and waiting for conditions without
blocking. A script is a generator: it yields the condition that it waits for, and is resumed with the answer.
Thread: GUI.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator
from typing import Any

from auroraview_qt.qt.support.binding import QtCore, QtGui, QtWidgets, QWebEngineView

POLL_MS = 15
TIMEOUT_S = 20.0

_KEYS = QtCore.Qt.Key
_TYPES = QtCore.QEvent.Type


class ScriptError(Exception):
    """A script waited in vain, or found an unexpected state."""


class Until:
    """Wait until `probe` answers something true, which the script then receives.

    Parameters
    ----------
    what
        The condition in words, for the message of a failure.
    probe
        JavaScript with a value, or a Python function.
    accept
        Which answers count; by default any true answer.
    """

    def __init__(self, what: str, probe: str | Callable[[], Any], accept: Callable[[Any], bool] = bool) -> None:
        self.what = what
        self.probe = probe
        self.accept = accept


Script = Generator[Until, Any, None]


class ScriptRunner(QtCore.QObject):
    """Runs a script step by step on the event loop.

    Parameters
    ----------
    view
        The web view of the script.
    script
        The generator.
    finished
        Called once, with None or with the error.
    parent
        The Qt parent.
    """

    def __init__(
        self,
        view: QWebEngineView,
        script: Script,
        finished: Callable[[str | None], None],
        parent: QtCore.QObject,
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._script = script
        self._finished = finished
        self._waiting: Until | None = None
        self._deadline_s = 0.0
        self._asked = False
        self._last: Any = None
        self._timer = QtCore.QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._poll)

    def start(self) -> None:
        """Begin; returns at once."""
        self._resume(None)
        self._timer.start()

    def _resume(self, answer: Any) -> None:
        try:
            self._waiting = self._script.send(answer)
        except StopIteration:
            self._end(None)
        except Exception as error:
            self._end(str(error) or type(error).__name__)
        else:
            self._deadline_s = time.monotonic() + TIMEOUT_S

    def _end(self, problem: str | None) -> None:
        self._waiting = None
        self._timer.stop()
        self._finished(problem)

    def _poll(self) -> None:
        waiting = self._waiting
        if waiting is None:
            return
        if time.monotonic() > self._deadline_s:
            self._end(f"waited {TIMEOUT_S:.0f} s in vain: {waiting.what} (last seen: {self._last!r})")
        elif callable(waiting.probe):
            self._answered(waiting, waiting.probe())
        elif not self._asked:
            self._asked = True
            source = "(function () { try { return JSON.stringify(%s) || ''; } catch (e) { return ''; } })()"
            self._view.page().runJavaScript(source % waiting.probe, 0, lambda text: self._asked_page(waiting, text))

    def _asked_page(self, waiting: Until, text: Any) -> None:
        self._asked = False
        if waiting is self._waiting:
            self._answered(waiting, json.loads(text) if text else None)

    def _answered(self, waiting: Until, answer: Any) -> None:
        self._last = answer
        if waiting.accept(answer):
            self._resume(answer)


class Hands:
    """Sends real input events to a web view.

    Parameters
    ----------
    view
        The web view.
    """

    def __init__(self, view: QWebEngineView) -> None:
        self._view = view

    def place_of(self, selector: str, index: int = 0, at: float = 0.5) -> Generator[Until, Any, QtCore.QPointF]:
        """Return the place of an element, once it is there.

        Parameters
        ----------
        selector
            A CSS selector.
        index
            The index of the match.
        at
            The place between its left (0) and right (1) edge.

        Returns
        -------
        generator
            Use with `yield from`; the result is a point in the view.
        """
        probe = (
            "(function (e) { if (!e) return null; var r = e.getBoundingClientRect();"
            "return r.width ? [r.left, r.top, r.width, r.height] : null; })"
            f"(document.querySelectorAll({json.dumps(selector)})[{index}])"
        )
        left, top, width, height = yield Until(f"{selector} is on the page", probe)
        return QtCore.QPointF(left + width * at, top + height / 2)

    def click(
        self,
        place: QtCore.QPointF,
        modifiers: QtCore.Qt.KeyboardModifier = QtCore.Qt.KeyboardModifier.NoModifier,
    ) -> None:
        """Press and release the left button.

        Parameters
        ----------
        place
            A point in the view.
        modifiers
            The modifiers.
        """
        left, none = QtCore.Qt.MouseButton.LeftButton, QtCore.Qt.MouseButton.NoButton
        target = self._target()
        world = QtCore.QPointF(self._view.mapToGlobal(place.toPoint()))
        for kind, button, buttons in (
            (_TYPES.MouseMove, none, none),
            (_TYPES.MouseButtonPress, left, left),
            (_TYPES.MouseButtonRelease, left, none),
        ):
            event = QtGui.QMouseEvent(kind, place, world, button, buttons, modifiers)
            QtWidgets.QApplication.sendEvent(target, event)

    def press(
        self,
        key: QtCore.Qt.Key,
        text: str = "",
        modifiers: QtCore.Qt.KeyboardModifier = QtCore.Qt.KeyboardModifier.NoModifier,
    ) -> None:
        """Press and release a key.

        Parameters
        ----------
        key
            The key.
        text
            The typed text.
        modifiers
            The modifiers.
        """
        for kind in (_TYPES.KeyPress, _TYPES.KeyRelease):
            QtWidgets.QApplication.sendEvent(self._target(), QtGui.QKeyEvent(kind, key, modifiers, text))

    def type(self, text: str) -> None:
        """Type a text, key by key.

        Parameters
        ----------
        text
            Letters, digits and underscores.
        """
        for letter in text:
            name = "Underscore" if letter == "_" else letter.upper()
            self.press(getattr(_KEYS, f"Key_{name}"), letter)

    def _target(self) -> QtWidgets.QWidget:
        # Qt delivers input to the engine's own widget, a child of the view.
        target: QtWidgets.QWidget = self._view.focusProxy() or self._view
        return target
