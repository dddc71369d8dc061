"""Theme: the host's colours, font and measures as CSS variables of the page, live. GUI thread.

Read from widgets as the host draws them: a host that colours with style sheets leaves its palette as it was, but a widget
that is polished has the colours of the sheet in its own.
"""

from __future__ import annotations

import functools
import sys
from typing import Any, Callable, cast

from auroraview_qt._resources import page_text
from auroraview_qt.qt.support.binding import QtCore, QtGui, QtWidgets
from auroraview_qt.qt.support.event_filter import Watch
from auroraview_qt.qt.support.guard import guarded
from auroraview_qt.qt.support.lazy_timer import Alarm

#: Least contrast of a ring or a line of the accent on what is behind it (WCAG 2.1, 1.4.11).
MIN_CONTRAST = 3.0
_BLACK, _WHITE = QtGui.QColor(0, 0, 0), QtGui.QColor(255, 255, 255)

_type = QtCore.QEvent.Type
#: The window has come to another screen; PyQt5 has the number, but no name for it.
_SCREEN_CHANGE = getattr(_type, "ScreenChangeInternal", 216)
_CHANGES = (_type.PaletteChange, _type.StyleChange, _type.FontChange, _type.ParentChange, _type.Polish, _SCREEN_CHANGE)
_role = QtGui.QPalette.ColorRole


def _mixed(one: QtGui.QColor, other: QtGui.QColor, share: float) -> QtGui.QColor:
    """Give `one` with a share of `other` in it."""
    parts = zip((one.red(), one.green(), one.blue()), (other.red(), other.green(), other.blue()))
    return QtGui.QColor(*(round(a + (b - a) * share) for a, b in parts))


def _css(color: QtGui.QColor, alpha: float = 1.0) -> str:
    if alpha == 1.0:
        return str(color.name())
    return f"rgba({color.red()}, {color.green()}, {color.blue()}, {alpha:g})"


def _luminance(color: QtGui.QColor) -> float:
    """Give the relative luminance as WCAG 2.1 defines it."""
    linear = [
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in (color.redF(), color.greenF(), color.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: QtGui.QColor, other: QtGui.QColor) -> float:
    """Give the contrast of two colours, 1 to 21. Thread: any."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _readable(color: QtGui.QColor, *grounds: QtGui.QColor, towards: QtGui.QColor) -> QtGui.QColor:
    """Give a colour that can be told from all grounds, as near to the first as may be."""
    for step in range(10):
        candidate = _mixed(color, towards, step / 10)
        if all(contrast(candidate, ground) >= MIN_CONTRAST for ground in grounds):
            return candidate
    return towards


def ground(widget: QtWidgets.QWidget) -> QtGui.QPalette:
    """Give the palette of what is seen behind a widget, so that it can take its colour.

    Style sheets of hosts often colour their windows and docks and not what stands in them, which is then transparent: the
    nearest of these that has another colour than the application's is the one that shows through.

    Notes
    -----
    Thread: GUI
    """
    plain = QtWidgets.QApplication.palette().color(_role.Window)
    behind: QtWidgets.QWidget | None = widget
    while behind is not None:
        if behind.palette().color(_role.Window) != plain:
            return behind.palette()
        behind = None if behind.isWindow() else behind.parentWidget()
    return widget.palette()


@functools.lru_cache(maxsize=4)
def _theme_of(
    colors: tuple[int, ...], family: str, font_px: int, row_px: int, icon_px: int, scale: str
) -> dict[str, object]:
    """Work the theme out; the same for all panels of a host."""
    window, text, button, button_text, link, base, base_text, alternate, highlight, highlight_text = (
        QtGui.QColor.fromRgb(color) for color in colors
    )
    dark = _luminance(window) < _luminance(text)
    accent = _readable(highlight, window, base, towards=_WHITE if dark else _BLACK)
    scheme = "dark" if dark else "light"
    values = {
        "scheme": scheme,
        "window": _css(window),
        "text": _css(text),
        "base": _css(base),
        "base-text": _css(base_text),
        "alternate": _css(alternate),
        "button": _css(button),
        "button-text": _css(button_text),
        "highlight": _css(highlight),
        "highlight-text": _css(highlight_text),
        "accent": _css(accent),
        "link": _css(_readable(link, window, base, towards=text)),
        "quiet": _css(_mixed(text, window, 0.3)),
        "faint": _css(_mixed(text, window, 0.55)),
        "icon": _css(_mixed(text, window, 0.12)),
        "mark": _css(_mixed(window, text, 0.16 if dark else 0.25)),
        "border": _css(_mixed(window, _BLACK, 0.26) if dark else _mixed(window, text, 0.24)),
        "line": _css(_mixed(base, base_text, 0.1)),
        "raised": _css(_WHITE, 0.06 if dark else 0.5),
        "hover": _css(_WHITE if dark else _BLACK, 0.06),
        "pressed": _css(_BLACK, 0.2 if dark else 0.12),
        "match": _css(accent, 0.32),
        "error": "#e58a7b" if dark else "#b3321f",
        "warning": "#d9b45b" if dark else "#8a6100",
        "font-family": f'"{family}", system-ui, sans-serif',
        "font-size": f"{font_px}px",
        "row": f"{row_px}px",
        "icon-size": f"{icon_px}px",
        "scale": scale,
    }
    return {"scheme": scheme, "variables": {f"--host-{name}": value for name, value in values.items()}}


def _list_colors(widget: QtWidgets.QWidget) -> tuple[int, ...]:
    """Give base, text, alternate, highlight and its text of a list that stands in the widget's place."""
    rows = QtWidgets.QTreeView(widget)  # never shown: polished, it has the colours a style sheet gives it
    rows.ensurePolished()
    palette = rows.palette()
    rows.deleteLater()
    roles = (_role.Base, _role.Text, _role.AlternateBase, _role.Highlight, _role.HighlightedText)
    return tuple(palette.color(role).rgb() for role in roles)


def _is_plain(widget: QtWidgets.QWidget) -> bool:
    """Whether no style sheet has a say in how the widget looks."""
    app = cast(QtWidgets.QApplication, QtWidgets.QApplication.instance())
    above: QtWidgets.QWidget | None = widget
    while above is not None and not above.styleSheet():
        above = above.parentWidget()
    return above is None and not app.styleSheet()


#: Of the palette and style that were last seen without a style sheet: a list for each new panel is a tenth of what it takes.
_plain_list: tuple[tuple[int, int, str], tuple[int, ...]] | None = None


def host_theme(widget: QtWidgets.QWidget) -> dict[str, object]:
    """Read how the host looks where a widget is.

    Parameters
    ----------
    widget : QWidget
        Gives palette, style, font and screen.

    Returns
    -------
    dict
        ``scheme``: ``"dark"`` or ``"light"``; ``variables``: CSS values by name, ``--host-window`` and its kind, lengths in
        CSS pixels. Not to be changed.

    Notes
    -----
    Thread: GUI
    """
    global _plain_list
    palette, style = widget.palette(), widget.style()
    of_class: Any = QtWidgets.QApplication.palette  # the bindings differ in whether the name is a text or bytes for mypy
    if _is_plain(widget):
        look = (palette.cacheKey(), of_class("QTreeView").cacheKey(), style.objectName())
        if _plain_list is None or _plain_list[0] != look:
            _plain_list = look, _list_colors(widget)
        list_colors = _plain_list[1]
    else:
        list_colors = _list_colors(widget)
    behind = ground(widget)
    roles = (_role.Window, _role.WindowText, _role.Button, _role.ButtonText, _role.Link)
    info = QtGui.QFontInfo(widget.font())
    return _theme_of(
        tuple(behind.color(role).rgb() for role in roles) + list_colors,
        info.family(),
        info.pixelSize(),
        max(22, widget.fontMetrics().height() + 6),
        style.pixelMetric(QtWidgets.QStyle.PixelMetric.PM_SmallIconSize),
        f"{widget.logicalDpiY() / (72 if sys.platform == 'darwin' else 96):g}",
    )


@functools.lru_cache(maxsize=1)
def host_css() -> str:
    """Give the style sheet that makes plain controls look at home. Thread: any."""
    return page_text("host.css")


class ThemeWatch(QtCore.QObject):
    """Reads the theme again when the host changes it.

    Parameters
    ----------
    view : QWidget
        Where the host's look is read; owns the watch.
    changed : callable
        Gets each further theme of `host_theme`.

    Attributes
    ----------
    theme : dict
        The present one.

    Notes
    -----
    Thread: GUI
    """

    def __init__(self, view: QtWidgets.QWidget, changed: Callable[[dict[str, object]], object]) -> None:
        super().__init__(view)
        self._view = view
        self._changed = changed
        self.theme = host_theme(view)
        self._soon = Alarm(self, self._read)  # a new style comes as a dozen events
        self._watch = Watch(self, self._seen)
        self._watch.move_to(view)

    def _seen(self, event: QtCore.QEvent) -> bool:
        if event.type() in _CHANGES:
            self._soon.set(0)
        return False

    @guarded("a change of the host's look was not followed")
    def _read(self) -> None:
        theme = host_theme(self._view)
        if theme != self.theme:
            self.theme = theme
            self._changed(theme)
