"""Long work: a command on a separate thread with progress and a Cancel button, and a search that streams its hits."""

import sys
import time

from qtpy.QtWidgets import QApplication

from auroraview_qt import CallContext, WebView

HTML = """<html lang="en"><title>Bake and search</title>
<style>
  body { margin: 8px; background: #444; color: #ddd; font: 12px sans-serif }
  form, div { display: flex; gap: 4px; align-items: center; margin-bottom: 4px }
  button, input { font: inherit; color: inherit; background: #555; border: 1px solid #333; padding: 2px 10px }
  button:hover { background: #606060 } button:active { background: #3a3a3a }
  button:disabled { color: #888; background: #4a4a4a }
  :focus-visible { outline: 1px solid #5a9bd4 }
  input { flex: 1; background: #2b2b2b; min-width: 0; padding: 2px 6px }
  progress { flex: 1; min-width: 0; height: 6px; accent-color: #5a9bd4 }
  ul { margin: 0; padding: 0; list-style: none; background: #2b2b2b; border: 1px solid #333; min-height: 66px }
  li { padding: 3px 6px; border-bottom: 1px solid #333 }
</style>
<div><button id="bake">Bake</button><progress id="bar" value="0" aria-label="Baked"></progress>
  <button id="cancel" disabled>Cancel</button></div>
<div id="told" role="status">24 frames</div>
<form id="search"><input id="query" value="arm" aria-label="Search nodes"><button>Search</button></form>
<ul id="hits"></ul>
<script>
  let stop;
  bake.onclick = async () => {
    stop = new AbortController();
    bake.disabled = !(cancel.disabled = false);
    try {
      told.textContent = await auroraview.call('bake', {start: 1, end: 24}, {
        signal: stop.signal, timeout: 0,
        onProgress: (fraction, message) => { bar.value = fraction; told.textContent = message; },
      });
    } catch (error) {
      told.textContent = error.code === 'CANCELLED' ? 'Cancelled' : error.message;
    }
    bake.disabled = !(cancel.disabled = true);
  };
  cancel.onclick = () => stop.abort();
  search.onsubmit = async (event) => {
    event.preventDefault();
    hits.textContent = '';
    for await (const hit of auroraview.stream('search', {text: query.value})) {
      hits.appendChild(document.createElement('li')).textContent = hit;
      if (hits.children.length === 3) break;  // and Python's generator is closed
    }
  };
</script>"""

NODES = [f"{side}_{part}_{kind}" for side in "LR" for part in ("arm", "hand", "leg") for kind in ("jnt", "ctl", "geo")]

app = QApplication.instance() or QApplication(sys.argv)
view = WebView(html=HTML, title="Bake and search")
view.resize(320, 220)


@view.command(thread="pool")
def bake(start: int, end: int, ctx: CallContext) -> str:
    for frame in range(start, end + 1):
        ctx.check_cancelled()
        time.sleep(0.02)  # the work
        ctx.progress((frame - start + 1) / (end - start + 1), f"frame {frame}")
    return f"{end - start + 1} frames baked"


@view.command
def search(text: str):
    for node in NODES:  # on the GUI thread, which the host's API needs; the host works between two hits
        if text in node:
            yield node


view.show()
app.exec_()
