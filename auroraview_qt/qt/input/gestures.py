"""Count the artist's gestures in a view, and decide how often a page may open something outside. GUI thread.

The engine reports a gesture on some versions only, and calls a script's own navigation a click on others (Qt 6.11). So the
view's real input events decide, on every binding alike.
"""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Iterator
from typing import Callable, cast

from auroraview_qt.qt.support.binding import QtCore, QtGui

#: Seconds after a click or key press in which a link may open; Chromium's own limit.
LINK_S = 5.0
#: Seconds for a command of the capability "shell", which may follow work that the artist has started.
COMMAND_S = 60.0
#: Limit of a view, whatever the artist does: number of addresses, and seconds.
MAX_OPENINGS, PERIOD_S = 5, 10.0

_type = QtCore.QEvent.Type
_PRESSES = (_type.MouseButtonPress, _type.MouseButtonDblClick, _type.TabletPress, _type.TouchBegin)
_RELEASES = (_type.MouseButtonRelease, _type.TabletRelease, _type.TouchEnd)
_MOUSE = (_type.MouseButtonPress, _type.MouseButtonDblClick, _type.MouseButtonRelease)
#: Events that `Gestures.note` looks at.
INPUT = frozenset((_type.KeyPress, *_PRESSES, *_RELEASES))
_BUTTONS = (QtCore.Qt.MouseButton.LeftButton, QtCore.Qt.MouseButton.MiddleButton)
_key = QtCore.Qt.Key
_ENTER = (_key.Key_Return, _key.Key_Enter)
_HELD = tuple(getattr(QtCore.Qt.KeyboardModifier, f"{name}Modifier") for name in ("Control", "Alt", "Meta"))
_NO_WISH = (
    *(_key.Key_Shift, _key.Key_Control, _key.Key_Alt, _key.Key_Meta, _key.Key_AltGr, _key.Key_CapsLock),
    *(_key.Key_Escape, _key.Key_Tab, _key.Key_Backtab),
)


class Gestures:
    """The clicks and key presses of a view.

    Each allows a single link, and a few commands of the capability "shell". Typing into a field allows nothing.

    Thread: GUI.

    Parameters
    ----------
    clock : callable
        Seconds, monotonic.

    Attributes
    ----------
    count : int
        Number of gestures so far.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.count = 0
        self._at_s = float("-inf")
        self._is_deaf = False
        self._is_used = True  # by a link
        self._commands_left = 0
        self._openings: deque[float] = deque(maxlen=MAX_OPENINGS)

    @contextlib.contextmanager
    def ignored(self) -> Iterator[None]:
        """Take no note of the events that the panel itself sends inside."""
        self._is_deaf = True
        try:
            yield
        finally:
            self._is_deaf = False

    def note(self, event: QtCore.QEvent, *, is_typing: bool) -> None:
        """Take note of an event of the widget that gets the page's input.

        Parameters
        ----------
        event : QEvent
            Any.
        is_typing : bool
            Whether a field of the page has the focus.
        """
        kind = event.type()
        if self._is_deaf:
            return
        if kind == _type.KeyPress:
            key = cast(QtGui.QKeyEvent, event)
            if not key.isAutoRepeat() and key.key() not in _NO_WISH and not (is_typing and _is_text(key)):
                self._begin()
        elif kind in _MOUSE and cast(QtGui.QMouseEvent, event).button() not in _BUTTONS:
            return
        elif kind in _PRESSES:
            self._begin()
        elif kind in _RELEASES:  # the click belongs to the same gesture, however long the button was held
            self._at_s = self._clock()

    def _begin(self) -> None:
        self.count += 1
        self._at_s = self._clock()
        self._is_used = False
        self._commands_left = MAX_OPENINGS

    def take_gesture(self) -> str:
        """Use the last gesture for a link.

        Returns
        -------
        str
            Return the reason why nothing may be opened; empty if it may.
        """
        return self._take(is_used=self._is_used, within_s=LINK_S)

    def take_for_command(self) -> str:
        """Use the last gesture for a command of the capability "shell"; as `take_gesture`."""
        why = self._take(is_used=not self._commands_left, within_s=COMMAND_S)
        self._commands_left -= not why
        return why

    def _take(self, *, is_used: bool, within_s: float) -> str:
        now_s = self._clock()
        if is_used or now_s - self._at_s > within_s:
            return "a page opens something outside of the panel only after a click or a key press"
        if len(self._openings) == MAX_OPENINGS and now_s - self._openings[0] < PERIOD_S:
            return f"a page opens at most {MAX_OPENINGS} things outside of the panel in {PERIOD_S:.0f} seconds"
        self._is_used = True
        self._openings.append(now_s)
        return ""


def _is_text(key: QtGui.QKeyEvent) -> bool:
    """Return whether a key edits the text of a field; Enter, F1 to F35, and keys with Ctrl, Alt or Meta do not."""
    if key.key() in _ENTER or int(_key.Key_F1) <= key.key() <= int(_key.Key_F35):
        return False
    return not any(key.modifiers() & modifier for modifier in _HELD)
