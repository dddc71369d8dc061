"""Let a `QImage` travel: as an `ImageBitmap` to the page, and as the value of an annotated parameter back. Thread: any."""

from __future__ import annotations

from typing import Any

from auroraview_qt.qt.support.widgets_only import QtGui
from auroraview_qt.schema import encoders
from auroraview_qt.schema.binary import Binary

_BYTES_OF_PIXEL = 4


def register() -> None:
    """Register the encoder of `QImage`, unless the program has its own."""
    if encoders.encoder_of(QtGui.QImage) is None:
        encoders.register_encoder(QtGui.QImage, pixels_of, image_of, typescript="ImageBitmap")


def pixels_of(image: Any) -> Binary:
    """Return the pixels of a `QImage`: red, green, blue and alpha.

    Raises
    ------
    ValueError
        If it has none.
    """
    if image.isNull():
        raise ValueError("a QImage without pixels")
    rgba = image.convertToFormat(QtGui.QImage.Format.Format_RGBA8888)
    width, height = rgba.width(), rgba.height()
    pointer = rgba.constBits()
    if hasattr(pointer, "setsize"):  # PyQt
        pointer.setsize(width * height * _BYTES_OF_PIXEL)
    return Binary("image", (width, height), bytes(pointer))


def image_of(pixels: memoryview) -> Any:
    """Return the `QImage` of a picture of the page: rows of red, green, blue and alpha.

    Raises
    ------
    ValueError
        If it is no picture.
    """
    if pixels.format != "B" or pixels.ndim != 3 or pixels.shape is None or pixels.shape[2] != _BYTES_OF_PIXEL:
        raise ValueError("rows of RGBA pixels are needed")
    height, width, _ = pixels.shape
    data = pixels.tobytes()
    image = QtGui.QImage(data, width, height, width * _BYTES_OF_PIXEL, QtGui.QImage.Format.Format_RGBA8888)
    return image.copy()  # which has its own bytes
