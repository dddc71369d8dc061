"""A viewport in a page: Python renders, the page shows the newest picture and orbits the camera."""

import math
import sys

from qtpy.QtCore import QPointF, Qt, QTimer
from qtpy.QtGui import QColor, QImage, QLinearGradient, QPainter, QPen, QPolygonF
from qtpy.QtWidgets import QApplication

from auroraview_qt import WebView

HTML = """<!doctype html>
<html lang="en" data-aurora-style="host"><title>Viewport</title>
<style>
  html, body { height: 100%; } body { padding: 0; display: flex; flex-direction: column; }
  .bar { padding: 4px 8px; border-bottom: 1px solid var(--host-border); }
  #port { flex: 1; min-height: 0; position: relative; background: #2b2b2b; }
  canvas { position: absolute; width: 100%; height: 100%; }
  #fps { position: absolute; right: 8px; top: 6px; color: #c8c8c8; font-variant-numeric: tabular-nums; }
</style>
<div class="bar"><button id="play" aria-pressed="true">Turntable</button><button id="home">Home</button>
  <span class="grow"></span><span class="quiet">Drag or use the arrow keys to orbit</span></div>
<div id="port" role="application" tabindex="0" aria-label="Viewport">
  <canvas data-aurora-image="viewport"></canvas><span id="fps"></span></div>
<script>
  const { state } = auroraview;
  const canvas = document.querySelector('canvas');
  let frames = 0;
  canvas.addEventListener('aurora-image', () => { frames += 1; canvas.dataset.frames = frames; });
  setInterval(() => { fps.textContent = frames - (fps.last || 0) + ' frames/s'; fps.last = frames; }, 1000);
  new ResizeObserver(() => { state.size = [port.clientWidth, port.clientHeight]; }).observe(port);
  const orbit = (dx, dy) => { state.yaw += dx / 120; state.pitch = Math.min(1.4, Math.max(-0.2, state.pitch + dy / 160)); };
  port.onpointerdown = (event) => port.setPointerCapture(event.pointerId);
  port.onpointermove = (event) => event.buttons && orbit(event.movementX, event.movementY);
  port.onkeydown = (event) => {
    const step = { ArrowLeft: [-12, 0], ArrowRight: [12, 0], ArrowUp: [0, -12], ArrowDown: [0, 12] }[event.key];
    if (step) { orbit(...step); event.preventDefault(); }
  };
  play.onclick = () => { state.turns = !state.turns; play.setAttribute('aria-pressed', state.turns); };
  home.onclick = () => { state.yaw = 0.7; state.pitch = 0.45; };
</script>"""

app = QApplication.instance() or QApplication(sys.argv)
view = WebView(html=HTML, title="Viewport")
view.state.update({"yaw": 0.7, "pitch": 0.45, "turns": True, "size": [640, 400]})
source = view.image_source("viewport")

CORNERS = [(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]
FACES = [  # corners and brightness
    *(((0, 1, 3, 2), 58), ((4, 6, 7, 5), 70), ((0, 4, 5, 1), 46)),
    *(((2, 3, 7, 6), 92), ((0, 2, 6, 4), 64), ((1, 5, 7, 3), 80)),
]


def render() -> None:
    """Draw a grid and a cube as a host's viewport would, and show the picture in the page."""
    state = view.state
    if state["turns"]:
        state["yaw"] += 0.02
    yaw, pitch, (width, height) = state["yaw"], state["pitch"], state["size"]
    scale = min(width, height) * 1.5

    def project(x: float, y: float, z: float) -> tuple:
        x, z = x * math.cos(yaw) - z * math.sin(yaw), x * math.sin(yaw) + z * math.cos(yaw)
        y, z = y * math.cos(pitch) - z * math.sin(pitch), y * math.sin(pitch) + z * math.cos(pitch)
        return QPointF(width / 2 + x * scale / (z + 9), height / 2 - y * scale / (z + 9)), z

    image = QImage(max(width, 1), max(height, 1), QImage.Format_RGB32)
    sky = QLinearGradient(0, 0, 0, height)
    sky.setColorAt(0, QColor(82, 88, 96))
    sky.setColorAt(1, QColor(43, 43, 43))
    painter = QPainter(image)
    painter.fillRect(image.rect(), sky)
    painter.setRenderHint(QPainter.Antialiasing)
    for line in range(-4, 5):
        painter.setPen(QPen(QColor(110, 110, 110) if line else QColor(140, 140, 140), 1))
        painter.drawLine(project(line, -1, -4)[0], project(line, -1, 4)[0])
        painter.drawLine(project(-4, -1, line)[0], project(4, -1, line)[0])
    points = [project(*corner) for corner in CORNERS]
    painter.setPen(QPen(QColor(30, 30, 30), 1.2, Qt.SolidLine, Qt.RoundCap, Qt.RoundJoin))
    for corners, light in sorted(FACES, key=lambda face: -sum(points[c][1] for c in face[0])):
        painter.setBrush(QColor.fromHsv(28, 170, int(light * 2.4)))
        painter.drawPolygon(QPolygonF([points[c][0] for c in corners]))
    painter.end()
    source.push(image)


timer = QTimer(view)
timer.timeout.connect(render)
timer.start(16)
view.resize(640, 440)
view.show()
app.exec_()
