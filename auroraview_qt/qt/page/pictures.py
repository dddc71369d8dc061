"""Turn `QImage` and arrays into pictures for a page. Thread: any."""

from __future__ import annotations

from typing import Any

from auroraview_qt.qt.support.binding import QtCore, QtGui

_format = QtGui.QImage.Format
#: The format of an array of uint8 by its number of channels.
_FORMATS = {1: _format.Format_Grayscale8, 3: _format.Format_RGB888, 4: _format.Format_RGBA8888}
#: The quality by type, from 0 to 100. For PNG, which loses nothing, it means a faster and weaker compression.
_QUALITY = {"png": 80, "jpeg": 85, "webp": 85}


def image_of(content: Any) -> QtGui.QImage | None:
    """Return a picture as a `QImage`, which may share its pixels; None if it is no picture.

    A picture is a `QImage`, or uint8 with the shape ``(height, width)`` or ``(height, width, 1, 3 or 4)``.
    """
    if isinstance(content, QtGui.QImage):
        return content
    try:
        pixels = memoryview(content)
    except TypeError:
        return None
    shape = pixels.shape or ()
    channels = shape[2] if len(shape) == 3 else 1
    if pixels.format != "B" or len(shape) not in (2, 3) or channels not in _FORMATS or 0 in shape:
        return None
    height, width = shape[:2]
    image = QtGui.QImage(pixels.tobytes(), width, height, width * channels, _FORMATS[channels])
    return image.copy()  # which owns its pixels


def encode_picture(content: Any, mime: str) -> tuple[str, bytes] | None:
    """Return a picture in a type, by default as PNG, with that type; None if it is no picture.

    Raises
    ------
    ValueError
        If Qt cannot encode it: it is empty, or there is no encoder.
    """
    image = image_of(content)
    if image is None:
        return None
    kind = mime.partition("/")[2] or "png"
    buffer = QtCore.QBuffer()
    buffer.open(QtCore.QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, kind.upper(), _QUALITY.get(kind, -1)):  # type: ignore[call-overload]
        raise ValueError(f"Qt cannot encode a picture of {image.width()} x {image.height()} pixels as {kind}")
    return f"image/{kind}", bytes(buffer.data().data())
