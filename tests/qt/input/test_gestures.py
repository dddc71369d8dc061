"""Gestures: the input events that let a page open an address, their number, and their duration."""

from __future__ import annotations

import pytest

from auroraview_qt.qt.input.gestures import COMMAND_S, LINK_S, MAX_OPENINGS, PERIOD_S, Gestures
from auroraview_qt.qt.support.binding import QtCore, QtGui

Key, Modifier, Button, Type = QtCore.Qt.Key, QtCore.Qt.KeyboardModifier, QtCore.Qt.MouseButton, QtCore.QEvent.Type
NONE = Modifier.NoModifier


class Clock:
    """Seconds that pass on demand."""

    def __init__(self):
        self.now_s = 1000.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def gestures(qapp, clock):
    return Gestures(clock)


def mouse(kind, button=Button.LeftButton):
    place = QtCore.QPointF(1, 1)
    return QtGui.QMouseEvent(kind, place, place, place, button, button, NONE)


def key(name, text="", modifier=NONE, repeated=False):
    return QtGui.QKeyEvent(Type.KeyPress, name, modifier, text, repeated)


def test_nothing_may_be_opened_without_a_gesture(gestures):
    assert "only after a click or a key press" in gestures.take_gesture()


@pytest.mark.parametrize("button", [Button.LeftButton, Button.MiddleButton])
def test_click_allows_one_opening(gestures, button):
    gestures.note(mouse(Type.MouseButtonPress, button), is_typing=True)
    gestures.note(mouse(Type.MouseButtonRelease, button), is_typing=True)
    assert gestures.take_gesture() == ""
    assert gestures.take_gesture()


def test_release_of_a_button_is_no_second_gesture(gestures):
    gestures.note(mouse(Type.MouseButtonPress), is_typing=False)
    assert gestures.take_gesture() == ""
    gestures.note(mouse(Type.MouseButtonRelease), is_typing=False)
    assert gestures.take_gesture()


def test_button_that_was_held_for_long_allows_an_opening(gestures, clock):
    gestures.note(mouse(Type.MouseButtonPress), is_typing=False)
    clock.now_s += 60
    gestures.note(mouse(Type.MouseButtonRelease), is_typing=False)
    assert gestures.take_gesture() == ""


def test_gesture_is_forgotten_after_a_while(gestures, clock):
    gestures.note(mouse(Type.MouseButtonPress), is_typing=False)
    clock.now_s += LINK_S + 0.1
    assert gestures.take_gesture()
    assert gestures.take_for_command() == ""
    clock.now_s += COMMAND_S
    assert gestures.take_for_command()


@pytest.mark.parametrize(
    ("event", "typing", "counts"),
    [
        (key(Key.Key_H, "h"), False, True),
        (key(Key.Key_H, "h"), True, False),
        (key(Key.Key_Space, " "), True, False),
        (key(Key.Key_Left), True, False),
        (key(Key.Key_Space, " "), False, True),
        (key(Key.Key_Return, "\r"), True, True),
        (key(Key.Key_Enter, "\r"), False, True),
        (key(Key.Key_F1), True, True),
        (key(Key.Key_K, "", Modifier.ControlModifier), True, True),
        (key(Key.Key_H, "H", Modifier.ShiftModifier), True, False),
        (key(Key.Key_H, "h", repeated=True), False, False),
        (key(Key.Key_Control, "", Modifier.ControlModifier), False, False),
        (key(Key.Key_Escape), False, False),
        (key(Key.Key_Tab, "\t"), False, False),
        (mouse(Type.MouseButtonPress, Button.RightButton), False, False),
        (mouse(Type.MouseButtonRelease), False, False),
        (mouse(Type.MouseMove, Button.NoButton), False, False),
        (mouse(Type.MouseButtonDblClick), False, True),
        (QtCore.QEvent(Type.FocusIn), False, False),
        (QtCore.QEvent(Type.TouchBegin), False, True),
    ],
)
def test_gesture_is_a_wish_to_do_something_and_no_text(gestures, event, typing, counts):
    gestures.note(event, is_typing=typing)
    assert (gestures.take_gesture() == "") is counts


def test_gestures_in_quick_succession_open_a_few_addresses_only(gestures, clock):
    def click():
        clock.now_s += 0.1
        gestures.note(mouse(Type.MouseButtonPress), is_typing=False)
        return gestures.take_gesture()

    assert [click() for _ in range(MAX_OPENINGS)] == [""] * MAX_OPENINGS
    assert f"at most {MAX_OPENINGS} things" in click()
    clock.now_s += PERIOD_S
    assert click() == ""


def test_gesture_allows_a_few_commands(gestures, clock):
    gestures.note(mouse(Type.MouseButtonPress), is_typing=False)
    assert [gestures.take_for_command() for _ in range(MAX_OPENINGS)] == [""] * MAX_OPENINGS
    assert gestures.take_for_command()
    clock.now_s += PERIOD_S
    assert gestures.take_for_command()
