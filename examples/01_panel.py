"""The smallest panel: a button that calls Python, and Python that answers."""

import sys

from qtpy.QtWidgets import QApplication

from auroraview_qt import WebView

HTML = """<html lang="en"><title>Bake</title>
<style>body { background: #444; color: #ddd; font: 10pt sans-serif } button { padding: 4px 12px }</style>
<button id="bake">Bake</button> <span id="out">24 frames</span>
<script>
  window.addEventListener('progress', (event) => { out.textContent = 'frame ' + event.detail.frame; });
  bake.onclick = async () => { out.textContent = await auroraview.call('bake', {start: 1, end: 24}); };
</script>"""

app = QApplication.instance() or QApplication(sys.argv)
view = WebView(html=HTML, title="Bake")


@view.command
def bake(start: int, end: int) -> str:
    for frame in range(start, end + 1):
        view.emit("progress", {"frame": frame})  # from any thread
    return f"{end - start + 1} frames baked"


view.show()
app.exec_()
