"""Theme: the host's colours, font and measures as CSS variables of the page, live. GUI thread.

The colours are read from widgets, as the host draws them. A host with style sheets does not change its palette, but a
polished widget has the colours of the sheet in its own palette.
"""

from __future__ import annotations

import functools
import sys
from typing import Any, Callable, cast

from auroraview_qt._resources import page_text
from auroraview_qt.qt.look.colors import (
    BLACK,
    BORDER_CONTRAST,
    MARK_CONTRAST,
    SURFACE_CONTRAST,
    TEXT_CONTRAST,
    WHITE,
    color_of,
    contrast,
    least_contrast,
    luminance,
    mixed,
    over,
    readable,
    visible_background,
)
from auroraview_qt.qt.support.binding import QtCore, QtGui, QtWidgets
from auroraview_qt.qt.support.event_filter import EventFilter
from auroraview_qt.qt.support.guard import guarded
from auroraview_qt.qt.support.lazy_timer import LazyTimer

_type = QtCore.QEvent.Type
#: The window has moved to another screen; PyQt5 has the number of this event, but no name for it.
_SCREEN_CHANGE = getattr(_type, "ScreenChangeInternal", 216)
_CHANGES = (_type.PaletteChange, _type.StyleChange, _type.FontChange, _type.ParentChange, _type.Polish, _SCREEN_CHANGE)
_role = QtGui.QPalette.ColorRole


def _css(color: QtGui.QColor, alpha: float = 1.0) -> str:
    if alpha == 1.0:
        return str(color.name())
    return f"rgba({color.red()}, {color.green()}, {color.blue()}, {alpha:g})"


@functools.lru_cache(maxsize=4)
def _theme_of(
    colors: tuple[int, ...], family: str, font_px: int, row_px: int, icon_px: int, scale: str
) -> dict[str, object]:
    """Compute the theme; it is the same for all panels of a host.

    The window's colour is opaque, others may be transparent.
    """
    window, text, button, button_text, link, base, base_text, alternate, highlight, highlight_text = (
        QtGui.QColor.fromRgba(color) for color in colors
    )
    # A style sheet may colour a surface without its text, or make it transparent, so each text is checked on its real
    # background.
    base, button = over(base, window), over(button, window)
    alternate, highlight = over(alternate, base), over(highlight, base)
    text = readable(over(text, window), window)
    base_text = readable(over(base_text, base), base)
    if contrast(base_text, alternate) < TEXT_CONTRAST:  # a sheet that colours lists leaves the palette's stripes
        alternate = readable(mixed(base, base_text, 0.06), base_text)
    button_text = readable(over(button_text, button), button)
    # Use the host's own colour for selected rows, unless it is not visible.
    highlight_text = readable(over(highlight_text, highlight), highlight, least=MARK_CONTRAST)
    dark = luminance(window) < luminance(text)
    far = WHITE if dark else BLACK
    accent = readable(highlight, window, base, least=MARK_CONTRAST, towards=far)
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
        "link": _css(readable(over(link, window), window, base, towards=text)),
        "quiet": _css(readable(mixed(text, window, 0.3), window, towards=text)),
        "faint": _css(mixed(text, window, 0.55)),
        "icon": _css(mixed(text, window, 0.12)),
        "mark": _css(mixed(window, text, 0.16 if dark else 0.25)),
        "border": _css(_border(window, base, text, dark=dark)),
        "line": _css(mixed(base, base_text, 0.1)),
        "raised": _css(WHITE, 0.06 if dark else 0.5),
        "hover": _css(far, 0.06),
        "pressed": _css(BLACK, 0.2 if dark else 0.12),
        "match": _css(accent, 0.32),
        "error": _css(readable(QtGui.QColor("#e58a7b" if dark else "#b3321f"), window, base)),
        "warning": _css(readable(QtGui.QColor("#d9b45b" if dark else "#8a6100"), window, base)),
        "font-family": f'"{family}", system-ui, sans-serif',
        "font-size": f"{font_px}px",
        "row": f"{row_px}px",
        "icon-size": f"{icon_px}px",
        "scale": scale,
    }
    return {"scheme": scheme, "variables": {f"--host-{name}": value for name, value in values.items()}}


def _border(window: QtGui.QColor, base: QtGui.QColor, text: QtGui.QColor, *, dark: bool) -> QtGui.QColor:
    """Return the colour of borders: darker than the window, or nearer to its text if the dark colour is not visible."""
    # A field with its own colour is visible anyway.
    surfaces = (window, base) if contrast(window, base) < SURFACE_CONTRAST else (window,)
    first = mixed(window, BLACK, 0.26) if dark else mixed(window, text, 0.24)
    if least_contrast(first, *surfaces) >= BORDER_CONTRAST:
        return first
    return readable(mixed(window, text, 0.1), *surfaces, least=BORDER_CONTRAST, towards=text)


def _list_colors(widget: QtWidgets.QWidget) -> tuple[int, ...]:
    """Return base, text, alternate, highlight and its text of a list in the widget's place."""
    rows = QtWidgets.QTreeView(widget)  # never shown; after polishing, it has the colours of a style sheet
    rows.ensurePolished()
    roles = (_role.Base, _role.Text, _role.AlternateBase, _role.Highlight, _role.HighlightedText)
    colors = tuple(color_of(rows.palette(), role).rgba() for role in roles)
    rows.deleteLater()
    return colors


def _has_default_look(widget: QtWidgets.QWidget) -> bool:
    """Return whether no style sheet affects the widget."""
    app = cast(QtWidgets.QApplication, QtWidgets.QApplication.instance())
    above: QtWidgets.QWidget | None = widget
    while above is not None and not above.styleSheet():
        above = above.parentWidget()
    return above is None and not app.styleSheet()


#: Result for the last palette and style without a style sheet: making a list for each new panel takes a tenth of its time.
_plain_list: tuple[tuple[int, int, str], tuple[int, ...]] | None = None


def host_theme(widget: QtWidgets.QWidget) -> dict[str, object]:
    """Read the host's look in the place of a widget.

    Thread: GUI.

    Parameters
    ----------
    widget : QWidget
        Gives palette, style, font and screen.

    Returns
    -------
    dict
        ``scheme``: ``"dark"`` or ``"light"``; ``variables``: CSS values by name, ``--host-window`` and its kind, lengths in
        CSS pixels. Do not change it.
    """
    global _plain_list
    palette, style = widget.palette(), widget.style()
    of_class: Any = QtWidgets.QApplication.palette  # the bindings differ in whether the name is a text or bytes for mypy
    if _has_default_look(widget):
        look = (palette.cacheKey(), of_class("QTreeView").cacheKey(), style.objectName())
        if _plain_list is None or _plain_list[0] != look:
            _plain_list = look, _list_colors(widget)
        list_colors = _plain_list[1]
    else:
        list_colors = _list_colors(widget)
    window, behind = visible_background(widget)
    roles = (_role.WindowText, _role.Button, _role.ButtonText, _role.Link)
    info = QtGui.QFontInfo(widget.font())
    return _theme_of(
        (window.rgba(), *(color_of(behind, role).rgba() for role in roles), *list_colors),
        info.family(),
        info.pixelSize(),
        max(22, widget.fontMetrics().height() + 6),
        style.pixelMetric(QtWidgets.QStyle.PixelMetric.PM_SmallIconSize),
        f"{widget.logicalDpiY() / (72 if sys.platform == 'darwin' else 96):g}",
    )


@functools.lru_cache(maxsize=1)
def host_css() -> str:
    """Return the style sheet that makes plain controls look at home. Thread: any."""
    return page_text("host.css")


class ThemeWatch(QtCore.QObject):
    """Reads the theme again when the host changes it.

    Thread: GUI.

    Parameters
    ----------
    view : QWidget
        The widget whose place is read; owns the watch.
    changed : callable
        Gets each further theme of `host_theme`.

    Attributes
    ----------
    theme : dict
        Return the current theme.
    """

    def __init__(self, view: QtWidgets.QWidget, changed: Callable[[dict[str, object]], object]) -> None:
        super().__init__(view)
        self._changed = changed
        self.theme = host_theme(view)
        self._soon = LazyTimer(self, self._read)  # a new style causes a dozen events
        self._filter = EventFilter(self, self._seen)
        self._filter.move_to(view)

    def _seen(self, event: QtCore.QEvent) -> bool:
        if event.type() in _CHANGES:
            self._soon.set(0)
        return False

    @guarded("a change of the host's look was not followed")
    def _read(self) -> None:
        theme = host_theme(cast(QtWidgets.QWidget, self.parent()))
        if theme != self.theme:
            self.theme = theme
            self._changed(theme)
