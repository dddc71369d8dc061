"""The pages of all sides: the same script with a different bridge.

A page reports through its title. That works the same with every bridge and without a bridge, and is independent of the
measured parts. Its cost (about half a millisecond per burst) is the same on both sides of a comparison.
"""

from __future__ import annotations

import json

#: The data of an event, and of the last event of a burst, which has another frame.
FRAME, LAST_FRAME = 120, 121
PAYLOAD = {"frame": FRAME, "node": "pCube1"}
LAST = {"frame": LAST_FRAME, "node": "pCube1"}

_COMMON = """
let serial = 0;
function report(value) { document.title = JSON.stringify([serial += 1, value]); }

let count = 0;
let sum = 0;
function tick(detail) {
  count += 1;
  sum += detail.frame;
  if (detail.frame === 121) {
    const seen = [count, sum];
    count = sum = 0;
    report(seen);
  }
}

function repeat(n, send) {
  for (let i = 1; i < n; i += 1) {
    send({frame: 120, node: 'pCube1'});
  }
  send({frame: 121, node: 'pCube1'});
}

let tree = null;
function takeTree(value) { tree = value; report('tree'); }

// Chunks, because the clock of a page that is not isolated moves in steps of 100 microseconds.
async function sequential(n, chunk, call) {
  const times = [];
  let wrong = 0;
  for (let done = 0; done < n; done += chunk) {
    const start = performance.now();
    for (let i = 0; i < chunk; i += 1) {
      const answer = await call({frame: i, node: 'pCube1'});
      wrong += answer.frame === i && answer.node === 'pCube1' ? 0 : 1;
    }
    times.push((performance.now() - start) / chunk);
  }
  times.sort((a, b) => a - b);
  return [times[Math.floor(times.length / 2)], wrong];
}

async function parallel(n, call) {
  const start = performance.now();
  const answers = await Promise.all(Array.from({length: n}, (_, i) => call({frame: i, node: 'pCube1'})));
  const took = performance.now() - start;
  return [took, answers.filter((answer, i) => answer.frame !== i || answer.node !== 'pCube1').length];
}
"""

_OURS = """
auroraview.on('tick', tick);
window.addEventListener('tock', (event) => tick(event.detail));
auroraview.on('tree', takeTree);
const emitOut = (detail) => auroraview.emit('out', detail);
const dispatchOut = (detail) => window.dispatchEvent(new CustomEvent('out', {detail}));
const call = (value) => auroraview.call('echo', value);
"""

_RAW = """
let bridge = null;
const slotOut = (detail) => bridge.event(detail);
const call = (value) => new Promise((resolve) => bridge.echo(value, resolve));
function fetchTree() {
  const request = new XMLHttpRequest();
  request.open('GET', '/tree');
  request.onload = () => takeTree(JSON.parse(request.responseText));
  request.send();
}
new QWebChannel(qt.webChannelTransport, (channel) => {
  bridge = channel.objects.bridge;
  bridge.ticked.connect((text) => tick(JSON.parse(text)));
  bridge.tree_sent.connect((text) => takeTree(JSON.parse(text)));
  report('ready');
});
"""

_FLOOR = """
window.addEventListener('tock', (event) => tick(event.detail));
const dispatchHere = (detail) => window.dispatchEvent(new CustomEvent('tock', {detail}));
report('ready');
"""

_PYWEBVIEW = """
const call = (value) => pywebview.api.echo(value);
const tell = (promise) => promise.then((value) => pywebview.api.tell(value));
"""

#: The tiny page that P12 loads on both sides.
PLAIN = "<!doctype html><meta charset='utf-8'><title>plain</title><p>ready</p>"


def _page(*scripts: str) -> str:
    body = "".join(f"<script>{script}</script>" for script in scripts)
    return f"<!doctype html><meta charset='utf-8'><title>benchmark</title>{body}"


def ours() -> str:
    """Return the page behind our bridge."""
    return _page(_COMMON, _OURS)


def raw(qwebchannel: str) -> str:
    """Return the page behind a bare QWebChannel, with Qt's own script."""
    return _page(qwebchannel, _COMMON, _RAW)


def floor() -> str:
    """Return a page without a bridge."""
    return _page(_COMMON, _FLOOR)


def pywebview() -> str:
    """Return the page in pywebview's window, which injects its own bridge."""
    return _page(_COMMON, _PYWEBVIEW)


def parse_report(title: str) -> object:
    """Return the report in a title, or None for a title without a report."""
    return json.loads(title)[1] if title.startswith("[") else None


def seen(count: int) -> list[int]:
    """Return the expected count after a whole burst: the number of events, and the sum of their frames."""
    return [count, FRAME * (count - 1) + LAST_FRAME]
