"""Keys by the names a page has for them, as Playwright writes them: ``"Enter"``, ``"Control+S"``, ``"a"``. GUI thread."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any, NamedTuple

from auroraview_qt.qt.support.binding import QtCore

_Key, _Modifier = QtCore.Qt.Key, QtCore.Qt.KeyboardModifier

_NAMED = {
    "ArrowDown": _Key.Key_Down,
    "ArrowLeft": _Key.Key_Left,
    "ArrowRight": _Key.Key_Right,
    "ArrowUp": _Key.Key_Up,
    "Backspace": _Key.Key_Backspace,
    "Delete": _Key.Key_Delete,
    "End": _Key.Key_End,
    "Enter": _Key.Key_Return,
    "Escape": _Key.Key_Escape,
    "Home": _Key.Key_Home,
    "Insert": _Key.Key_Insert,
    "PageDown": _Key.Key_PageDown,
    "PageUp": _Key.Key_PageUp,
    "Space": _Key.Key_Space,
    "Tab": _Key.Key_Tab,
    **{f"F{number}": getattr(_Key, f"Key_F{number}") for number in range(1, 13)},
}

_MODIFIERS = {
    "Alt": _Modifier.AltModifier,
    "Control": _Modifier.ControlModifier,
    "ControlOrMeta": _Modifier.ControlModifier,  # Qt's Control is the Command key on a Mac
    "Meta": _Modifier.MetaModifier,
    "Shift": _Modifier.ShiftModifier,
}


def modifiers_of(names: tuple[str, ...] | list[str]) -> QtCore.Qt.KeyboardModifier:
    """Return modifiers by name.

    Thread: GUI.

    Raises
    ------
    ValueError
        There is no such modifier.
    """
    held = _Modifier.NoModifier
    for name in names:
        if name not in _MODIFIERS:
            raise ValueError(f"there is no modifier {name!r}: use one of {', '.join(_MODIFIERS)}")
        held |= _MODIFIERS[name]
    return held


class Pressed(NamedTuple):
    """A key press.

    Attributes
    ----------
    key : Qt.Key
        The key.
    modifiers : Qt.KeyboardModifier
        The modifiers.
    character : str or None
        The typed text, for keys that are named by their text.
    """

    key: Any
    modifiers: Any
    character: str | None


def key_of(text: str) -> Pressed:
    """Return the key and the modifiers of ``"Shift+Tab"``.

    Thread: GUI.

    Raises
    ------
    ValueError
        There is no such key; the message names the nearest.
    """
    *held, name = [*text[:-1].split("+"), text[-1:]] if text.endswith("+") else text.split("+")
    modifiers = modifiers_of([each for each in held if each])
    if name in _NAMED:
        return Pressed(_NAMED[name], modifiers, None)
    if len(name) == 1:
        if name.isalpha() and name.isupper() and not held:
            modifiers |= _Modifier.ShiftModifier
        if name.isascii() and name.isalpha() and any(each not in ("", "Shift") for each in held):
            return Pressed(_key_of_character(name), modifiers, None)  # a shortcut types no text
        return Pressed(_key_of_character(name), modifiers, name)
    near = get_close_matches(name, _NAMED, n=1)
    raise ValueError(
        f"there is no key {name!r}" + (f": did you mean {near[0]!r}?" if near else ": use the names of DOM keys")
    )


def _key_of_character(character: str) -> Any:
    """Return the key of a character: Qt numbers keys by the character, a letter's by its upper case."""
    code = ord(character.upper()) if len(character.upper()) == 1 else ord(character)
    try:
        return _Key(code)
    except ValueError:
        return _Key.Key_unknown
