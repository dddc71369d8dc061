"""Colours: contrast, mixing, and the colour that is seen behind a widget. GUI thread."""

from __future__ import annotations

from typing import Any

from auroraview_qt.qt.support.binding import QtCore, QtGui, QtWidgets

#: Least contrast of text on its background (WCAG 2.1, 1.4.3), and of a ring or mark (1.4.11).
TEXT_CONTRAST, MARK_CONTRAST = 4.5, 3.0
#: Least contrast of a border with the window, and least contrast of two surfaces without a border.
BORDER_CONTRAST, SURFACE_CONTRAST = 1.25, 1.12
BLACK, WHITE = QtGui.QColor(0, 0, 0), QtGui.QColor(255, 255, 255)

_STEPS = 20
_role = QtGui.QPalette.ColorRole


def mixed(one: QtGui.QColor, other: QtGui.QColor, share: float) -> QtGui.QColor:
    """Return `one` with a share of `other` in it, opaque. Thread: any."""
    parts = zip((one.red(), one.green(), one.blue()), (other.red(), other.green(), other.blue()))
    return QtGui.QColor(*(round(a + (b - a) * share) for a, b in parts))


def over(color: QtGui.QColor, background: QtGui.QColor) -> QtGui.QColor:
    """Return the visible opaque colour of a colour, transparent or not, over an opaque colour. Thread: any."""
    return mixed(background, color, color.alphaF())


def luminance(color: QtGui.QColor) -> float:
    """Return the relative luminance as WCAG 2.1 defines it. Thread: any."""
    linear = [
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in (color.redF(), color.greenF(), color.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: QtGui.QColor, other: QtGui.QColor) -> float:
    """Return the contrast of two colours, 1 to 21. Thread: any."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def least_contrast(color: QtGui.QColor, *backgrounds: QtGui.QColor) -> float:
    """Return the lowest contrast of a colour with some others. Thread: any."""
    return min(contrast(color, background) for background in backgrounds)


def readable(
    color: QtGui.QColor, *backgrounds: QtGui.QColor, least: float = TEXT_CONTRAST, towards: QtGui.QColor | None = None
) -> QtGui.QColor:
    """Return the colour nearest to `color` that has a contrast on all backgrounds.

    Thread: any.

    Parameters
    ----------
    color : QColor
        An opaque colour; returned unchanged if its contrast is enough.
    *backgrounds : QColor
        Opaque. If no colour is readable on all of them, the first counts.
    least : float
        The contrast.
    towards : QColor, optional
        The colour to move towards. Without it, or if it is not enough, black or white is used: the colour with more
        contrast.
    """
    best = max((BLACK, WHITE), key=lambda end: least_contrast(end, *backgrounds))
    for goal in (best,) if towards is None else (towards, best):
        for step in range(_STEPS + 1):
            candidate = mixed(color, goal, step / _STEPS)
            if least_contrast(candidate, *backgrounds) >= least:
                return candidate
    if len(backgrounds) > 1:  # they are too different
        return readable(color, backgrounds[0], least=least, towards=towards)
    return best


def color_of(palette: QtGui.QPalette, role: QtGui.QPalette.ColorRole) -> QtGui.QColor:
    """Return the colour of a palette's brush, transparent or not; of a gradient or a picture its mean. Thread: GUI."""
    brush = palette.brush(role)
    gradient: Any = brush.gradient()
    if gradient is not None:
        colors = [color for _, color in gradient.stops()]
        count = len(colors) or 1
        parts = (sum(getattr(color, part)() for color in colors) // count for part in ("red", "green", "blue", "alpha"))
        return QtGui.QColor(*parts)
    if brush.style() == QtCore.Qt.BrushStyle.TexturePattern:
        picture = brush.textureImage()
        if not picture.isNull():
            smooth = QtCore.Qt.TransformationMode.SmoothTransformation
            return QtGui.QColor(picture.scaled(1, 1, QtCore.Qt.AspectRatioMode.IgnoreAspectRatio, smooth).pixelColor(0, 0))
    if brush.style() == QtCore.Qt.BrushStyle.NoBrush:
        return QtGui.QColor(0, 0, 0, 0)
    return QtGui.QColor(brush.color())


def visible_background(widget: QtWidgets.QWidget) -> tuple[QtGui.QColor, QtGui.QPalette]:
    """Return the visible opaque colour behind a widget, and the palette that goes with it.

    Style sheets of hosts often colour their windows and docks and not the widgets in them, or make these transparent. So the
    nearest widget with its own colour, other than the application's, counts; transparent widgets show the colour behind
    them.

    Thread: GUI.
    """
    application = QtWidgets.QApplication.palette()
    window_color = color_of(application, _role.Window)
    layers: list[QtGui.QColor] = []
    found: QtGui.QPalette | None = None
    behind: QtWidgets.QWidget | None = widget
    while behind is not None:
        palette = behind.palette()
        color = color_of(palette, _role.Window)
        if color != window_color and color.alpha() > 0:
            found = found or palette
            layers.append(color)
            if color.alpha() == 255:
                break
        behind = None if behind.isWindow() else behind.parentWidget()
    seen = over(window_color, WHITE)
    for color in reversed(layers):
        seen = over(color, seen)
    return seen, found or widget.palette()
