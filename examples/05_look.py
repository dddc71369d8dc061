"""Plain HTML controls that look like the host's own, and follow it when it changes between light and dark."""

import sys

from qtpy.QtGui import QColor, QPalette
from qtpy.QtWidgets import QApplication

from auroraview_qt import WebView

HTML = """<!doctype html>
<html lang="en" data-aurora-style="host"><title>Look</title>
<style>.form { display: grid; grid-template-columns: auto 1fr; grid-gap: 4px 8px }</style>
<div role="tablist"><button role="tab" aria-selected="true">Render</button><button role="tab">Output</button></div>
<div role="tabpanel">
  <div class="form">
    <label for="name">Name</label><input id="name" value="beauty_v012">
    <label for="camera">Camera</label><select id="camera"><option>shotCam<option>persp</select>
    <label for="samples">Samples</label><input id="samples" type="range" value="64">
    <span></span><label><input type="checkbox" checked>Denoise</label>
  </div>
  <canvas id="paint" width="240" height="6"></canvas>
  <div class="bar">
    <span class="grow quiet">24 frames</span><button id="night">Dark</button><button class="default">Render</button>
  </div>
</div>
<script>
  function draw() {  // what is painted by hand reads the variables, and hears of a change
    const style = getComputedStyle(document.documentElement);
    const context = paint.getContext('2d');
    context.fillStyle = style.getPropertyValue('--host-accent');
    context.fillRect(0, 0, 160, 6);
  }
  window.addEventListener('hostthemechange', draw);
  draw();
  night.onclick = () => auroraview.call('darken');
</script>"""

app = QApplication.instance() or QApplication(sys.argv)
view = WebView(html=HTML, title="Look")


@view.command
def darken() -> None:
    view.setPalette(QPalette(QColor(68, 68, 68)))  # Qt derives the other colours from the button colour


view.show()
app.exec_()
