"""Divide the keys between the page and the host, and keep the focus in place over a load. GUI thread.

Filters stand on the view, on the widget that gets its keys, and on its parent. They never stand on the application: under
PySide such a filter crashes QtWebEngine. Two of them are needed. The first filter keeps a key from the host's shortcuts
before the page has it. The second filter stops unused keys of the page, which QtWebEngine sends to the view's parent, with
shortcuts again.

`resources/panel/keys.js` reports whether a field has the focus. Right after a click, a key or a change of the focus, its
report may be missing. Then the guard asks the page, and until the answer the page gets every key, so no typed key leaks.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Callable, Union, cast

from auroraview_qt.ipc.calls.failures import name_of, report
from auroraview_qt.qt.input.gestures import INPUT
from auroraview_qt.qt.page.page import Page
from auroraview_qt.qt.page.panel_script import PanelScript
from auroraview_qt.qt.support.binding import QtCore, QtGui, QtWidgets, QWebEngineSettings, is_alive
from auroraview_qt.qt.support.event_filter import EventFilter
from auroraview_qt.qt.support.guard import guarded
from auroraview_qt.qt.support.lazy_timer import LazyTimer

#: ``"inputs"``, ``"all"``, or a function of the event that returns whether the page gets the key.
Keyboard = Union[str, Callable[[QtGui.QKeyEvent], bool]]
MODES = ("inputs", "all")

#: Milliseconds after a click or a key before the guard asks the page about their effects.
SETTLE_MS = 60
#: Seconds in which an unused key may come back after the focus has left the view.
_RETURN_S = 1.0

_log = logging.getLogger(__name__)
_type = QtCore.QEvent.Type
_OVERRIDE, _PRESS, _RELEASE = _type.ShortcutOverride, _type.KeyPress, _type.KeyRelease
_CAUSES = (_type.MouseButtonPress, _type.MouseButtonRelease, _type.MouseButtonDblClick, _type.FocusIn)
_key = QtCore.Qt.Key
_MODIFIERS = (_key.Key_Shift, _key.Key_Control, _key.Key_Alt, _key.Key_Meta, _key.Key_AltGr, _key.Key_CapsLock)


def check_keyboard(keyboard: Keyboard) -> Keyboard:
    """Return `keyboard` if it is a mode or callable.

    Thread: any.

    Raises
    ------
    ValueError
        If it is neither.
    """
    if keyboard in MODES or callable(keyboard):
        return keyboard
    raise ValueError(f"keyboard={keyboard!r}: use 'inputs', 'all', or a function of the QKeyEvent that returns a bool")


def key_text(event: QtGui.QKeyEvent) -> str:
    """Return a key with its modifiers as Qt writes it: ``"Ctrl+Shift+S"``. Thread: GUI."""
    names = (("Ctrl", "Control"), ("Alt", "Alt"), ("Shift", "Shift"), ("Meta", "Meta"))
    flags = QtCore.Qt.KeyboardModifier
    held = [name for name, flag in names if event.modifiers() & getattr(flags, f"{flag}Modifier")]
    return "+".join([*held, QtGui.QKeySequence(event.key()).toString(QtGui.QKeySequence.SequenceFormat.PortableText)])


def _normal(keys: str) -> str:
    """Return a key the page has named as `key_text` does."""
    *held, key = keys.replace("++", "+Plus").split("+")
    names = {part.strip().capitalize() for part in held}
    order = [name for name in ("Ctrl", "Alt", "Shift", "Meta") if name in names]
    last = "+" if key in ("", "Plus") else key
    return "+".join([*order, QtGui.QKeySequence(last).toString(QtGui.QKeySequence.SequenceFormat.PortableText)])


@dataclass
class _PendingKey:
    """Presses of a key on their way through the page, and back to the view's parent if the page did not use them.

    Attributes
    ----------
    is_pages : bool
        The decision about the last press.
    since_s : float
        When it was pressed.
    presses : int
        Number of presses that have not come back; used keys never come back.
    """

    is_pages: bool = False
    since_s: float = 0.0
    presses: int = 0

    def is_expired(self) -> bool:
        return time.monotonic() - self.since_s > _RETURN_S


class KeyGuard(QtCore.QObject):
    """Decides about the keys of a view.

    Thread: GUI.

    Parameters
    ----------
    view : QWidget
        The view; owns the guard.
    page : Page
        The page of the view.
    keyboard : {"inputs", "all"} or callable
        Selects the keys that stay in the page; checked.
    resets_zoom : bool
        Whether Ctrl+0 resets the zoom of a page that is zoomed.

    Attributes
    ----------
    keyboard : {"inputs", "all"} or callable
        May be changed at any time.
    """

    def __init__(self, view: QtWidgets.QWidget, page: Page, keyboard: Keyboard, *, resets_zoom: bool = False) -> None:
        super().__init__(view)
        self.keyboard = keyboard
        self._resets_zoom = resets_zoom
        self._page = page
        self._gestures = page.gestures
        self._proxy: QtWidgets.QWidget | None = None  # gets the view's keys
        self._focus_owner = "none"  # by the page: "page", "host" or "none"
        self._host_keys: frozenset[str] = frozenset()
        self._focus_unknown = False
        self._asked = 0
        self._runs = True  # the page's process
        self._had_focus = False
        self._pending_keys: dict[int, _PendingKey] = {}
        self._script = PanelScript(page, "keys.js", "auroraviewKeys", self._on_focus_owner)
        self._settled = LazyTimer(self, self._ask)
        self._grown = LazyTimer(self, self._follow)  # the view has a new child, which may receive its keys
        self._on_view = EventFilter(self, self._view_event)
        self._on_proxy = EventFilter(self, self._proxy_event)
        self._on_parent = EventFilter(self, self._parent_event)
        self._on_view.move_to(view)
        self._follow()
        # The artist decides about the focus: a page that loads in a dock must not take it from the viewport.
        page.settings().setAttribute(QWebEngineSettings.WebAttribute.FocusOnNavigationEnabled, False)
        page.loadStarted.connect(self._on_load_started)
        page.loadFinished.connect(self._on_load_finished)
        page.renderer_died.connect(self._on_renderer_died)

    def is_editing(self) -> bool:
        """Return whether the view has the focus and a field of its page has it, or may have it."""
        return self._has_focus() and self._runs and (self._focus_unknown or self._focus_owner == "page")

    # Who gets the keys

    def _verdict(self, event: QtGui.QKeyEvent) -> bool | None:
        """Return whether the page gets a key; None to let Qt decide."""
        if not self._runs:
            return None
        if callable(self.keyboard):
            try:
                return bool(self.keyboard(event))
            except BaseException as error:
                report(_log, error, "keyboard function %s failed: the key stays in the page", name_of(self.keyboard))
                return True
        if self._host_keys and key_text(event) in self._host_keys:
            return False
        if self.keyboard == "all" or self._focus_unknown:
            return True
        if event.matches(QtGui.QKeySequence.StandardKey.Copy) and self._page.hasSelection():
            return True
        return {"page": True, "host": False}.get(self._focus_owner)

    def _proxy_event(self, event: QtCore.QEvent) -> bool:
        """Filter the events for the page."""
        kind = event.type()
        if kind in INPUT:
            self._gestures.note(event, is_typing=self._focus_owner == "page")
        if kind == _OVERRIDE:
            return self._before_shortcuts(cast(QtGui.QKeyEvent, event))
        if kind == _PRESS:
            if cast(QtGui.QKeyEvent, event).key() not in _MODIFIERS:
                self._doubt_focus()
        elif kind in _CAUSES:
            self._had_focus = True
            self._doubt_focus()
        elif kind == _type.FocusOut:
            self._had_focus = False
        return False

    def _reset_zoom(self, event: QtGui.QKeyEvent) -> bool:
        """Reset the zoom if the key does so; return whether it does."""
        if not self._resets_zoom or key_text(event) != "Ctrl+0" or self._page.zoomFactor() == 1.0:
            return False
        self._page.setZoomFactor(1.0)
        return True

    def _before_shortcuts(self, event: QtGui.QKeyEvent) -> bool:
        """Decide about a key before the host's shortcuts."""
        verdict = True if self._reset_zoom(event) else self._verdict(event)
        pending = self._pending_keys.get(event.key())
        if pending is None or pending.is_expired():
            pending = self._pending_keys[event.key()] = _PendingKey()
        pending.is_pages, pending.since_s = bool(verdict), time.monotonic()
        pending.presses += not event.isAutoRepeat()
        if verdict is None:
            return False
        event.setAccepted(verdict)
        return True

    def _parent_event(self, event: QtCore.QEvent) -> bool:
        """Stop keys that the page got and did not use."""
        kind = event.type()
        if kind not in (_OVERRIDE, _PRESS, _RELEASE):
            return False
        key = cast(QtGui.QKeyEvent, event)
        pending = self._pending_keys.get(key.key())
        if pending is None or (pending.is_expired() and not self._has_focus()):  # a key of the view's neighbour
            return False
        if kind == _RELEASE and not key.isAutoRepeat():
            pending.presses -= 1
            if pending.presses <= 0:
                del self._pending_keys[key.key()]
        if pending.is_pages:
            event.accept()
        return pending.is_pages

    # Reports of the page

    def _on_focus_owner(self, text: str) -> None:
        """Handle the script's report; an open question stays open until its own answer."""
        self._focus_owner, *keys = text.split()
        self._host_keys = frozenset(_normal(key) for key in keys)

    def _doubt_focus(self) -> None:
        self._focus_unknown = True
        self._settled.set(SETTLE_MS)

    @guarded("the page was not asked for its focus")
    def _ask(self) -> None:
        self._asked += 1
        asked = self._asked

        def answered(text: str) -> None:
            if not is_alive(self):  # the page answers even while its view is being deleted
                return
            if text:
                self._on_focus_owner(text)
            if asked == self._asked and not self._settled.is_set():
                self._focus_unknown = False

        self._script.ask("", answered)

    # The changing widgets

    def _has_focus(self) -> bool:
        return self._proxy is not None and is_alive(self._proxy) and self._proxy.hasFocus()

    def _view_event(self, event: QtCore.QEvent) -> bool:
        kind = event.type()
        if kind == _type.ParentChange:
            self._follow()
        elif kind == _type.ChildAdded:
            self._grown.set(0)
        return False

    @guarded("the view's keys may be seen no more")
    def _follow(self) -> None:
        """Move the filters to the current widgets; Qt replaces the widget when a page gets a new process."""
        view = cast(QtWidgets.QWidget, self.parent())
        self._on_parent.move_to(view.parentWidget())
        had_focus = self._had_focus
        before, self._proxy = self._proxy, view.focusProxy()
        proxy = self._proxy
        if self._on_proxy.move_to(proxy) and proxy is not None and had_focus:
            self._had_focus = True
            if view.window().focusWidget() in (
                None,
                before,
            ):  # Qt 6.5 leaves the focus with the old widget
                proxy.setFocus()

    @guarded("the keys of a new page may be lost")
    def _on_load_started(self) -> None:
        self._runs = True
        self._follow()
        self._focus_unknown |= self._has_focus()  # until the page is there, and has answered

    @guarded("the keys of a new page may be lost")
    def _on_load_finished(self, ok: bool) -> None:
        self._follow()
        if self._has_focus():  # otherwise the guard becomes uncertain with the focus
            self._doubt_focus()

    @guarded("keys may go to a page that is gone")
    def _on_renderer_died(self, status: str, code: int, from_outside: bool) -> None:
        """No page is there to take a key."""
        self._runs = False
        self._focus_owner, self._host_keys = "none", frozenset()
