"""Turn `QImage` and arrays into pictures for a page. Thread: any."""

from __future__ import annotations

from typing import Any

from auroraview_qt.qt.support.binding import QtCore, QtGui
from auroraview_qt.sites.live_images import Frame

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
    found = _format_of(content)
    if found is None:
        return None
    (height, width), channels = content.shape[:2], content.shape[2] if len(content.shape) == 3 else 1
    pixels = memoryview(content)
    image = QtGui.QImage(pixels if pixels.c_contiguous else pixels.tobytes(), width, height, width * channels, found)
    return image.copy()  # which owns its pixels


def _format_of(content: Any) -> QtGui.QImage.Format | None:
    """Return the format of an array that is a picture."""
    try:
        pixels = memoryview(content)
    except TypeError:
        return None
    shape = pixels.shape or ()
    channels = shape[2] if len(shape) == 3 else 1
    return _FORMATS.get(channels) if pixels.format == "B" and len(shape) in (2, 3) and 0 not in shape else None


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


class PictureCodec:
    """Keeps and converts the pictures of live images."""

    def hold(self, content: Any, *, copies: bool) -> object:
        """Return a picture to keep; raise TypeError if it is none."""
        if isinstance(content, QtGui.QImage):
            return QtGui.QImage(content)  # which copies pixels only if the program changes them
        if _format_of(content) is None:
            raise TypeError(f"a picture is a QImage or an array of uint8, not {type(content).__name__}")
        pixels = memoryview(content)
        return memoryview(pixels.tobytes()).cast("B", pixels.shape or ()) if copies else pixels

    def encode(self, held: Any, width: int, height: int) -> Frame:
        """Return a frame of at most this size; 0 for any."""
        if isinstance(held, memoryview) and held.ndim == 3 and held.shape[2] == 4 and held.c_contiguous:  # type: ignore[index]
            rows, columns = held.shape[:2]  # type: ignore[index]
            if not width or not height or (columns <= width and rows <= height):
                return Frame(columns, rows, held.cast("B"))
        image = image_of(held)
        if image is None or image.isNull():
            return Frame(0, 0, b"")
        if width and height and (image.width() > width or image.height() > height):
            modes = QtCore.Qt.AspectRatioMode.KeepAspectRatio, QtCore.Qt.TransformationMode.FastTransformation
            image = image.scaled(width, height, *modes)
        image = image.convertToFormat(_format.Format_RGBA8888)
        pixels: Any = image.constBits()
        if hasattr(pixels, "setsize"):  # PyQt
            pixels.setsize(image.sizeInBytes())
        return Frame(image.width(), image.height(), bytes(pixels))
