"""An asset browser: 2,000 thumbnails that Python makes when they scroll into view, on worker threads."""

import sys
from pathlib import Path

from qtpy.QtCore import QPointF, QRectF
from qtpy.QtGui import QColor, QImage, QLinearGradient, QPainter, QPainterPath
from qtpy.QtWidgets import QApplication

from auroraview_qt import CallContext, WebView

KINDS = ("character", "prop", "set", "vehicle", "texture")
ASSETS = [{"name": f"{KINDS[n % 5]}_{n // 5:03}", "kind": KINDS[n % 5], "version": 1 + n * 7 % 23} for n in range(2000)]

app = QApplication.instance() or QApplication(sys.argv)
view = WebView(app_dir=Path(__file__).with_name("06_assets"), title="Assets")


@view.command
def assets() -> list[dict]:
    return ASSETS


@view.resource("/thumb/{asset}")  # <img src="/thumb/prop_042?size=128">
def thumbnail(asset: str, ctx: CallContext, size: int = 128) -> QImage:
    kind, _, number = asset.partition("_")
    hue = (int(number) * 37 + KINDS.index(kind) * 71) % 360  # another name raises ValueError: the page gets an error
    image = QImage(min(size, 512), min(size, 512), QImage.Format_RGB32)
    sky = QLinearGradient(0, 0, 0, image.height())
    sky.setColorAt(0, QColor.fromHsv(hue, 40, 96))
    sky.setColorAt(1, QColor.fromHsv(hue, 60, 48))
    painter = QPainter(image)
    painter.fillRect(image.rect(), sky)
    painter.setRenderHint(QPainter.Antialiasing)
    painter.scale(image.width() / 100, image.height() / 100)
    shape = QPainterPath()
    if kind in ("character", "texture"):
        shape.addEllipse(QRectF(28, 22, 44, 44) if kind == "character" else QRectF(22, 22, 56, 56))
    else:
        shape.addRoundedRect(QRectF(24, 34, 52, 36), 4 + int(number) % 14, 4 + int(number) % 14)
    light = QLinearGradient(QPointF(25, 20), QPointF(75, 80))
    light.setColorAt(0, QColor.fromHsv(hue, 130, 225))
    light.setColorAt(1, QColor.fromHsv(hue, 190, 90))
    painter.fillPath(shape, light)
    painter.end()
    return image


view.resize(760, 480)
view.show()
app.exec_()
