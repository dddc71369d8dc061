"""A tool that writes as fast as it can: localStorage, IndexedDB and a persisted key of the state, all under a single name.

It prints the found values, then a line for each number that IndexedDB and the state have confirmed. It quits when its
standard input is closed.
"""

from __future__ import annotations

import json
import logging
import sys
import threading

from auroraview_qt import WebView
from auroraview_qt.qt.support.binding import QtWidgets

role = sys.argv[1]
stopping = threading.Event()

PAGE = """<script>
const text = (number) => JSON.stringify({number, pad: 'x'.repeat(number % 3000)});
const number = (kept) => {
    if (kept === null || kept === undefined) return null;
    const found = JSON.parse(kept);
    if (kept !== text(found.number)) throw new Error(`mixed: ${kept}`);
    return found.number;
};
const ended = (change) => new Promise((done, failed) => {
    change.onsuccess = change.oncomplete = () => done(change.result);
    change.onerror = change.onabort = () => failed(change.error);
});
const run = async (role) => {
    const open = indexedDB.open('tool', 1);
    open.onupgradeneeded = () => open.result.createObjectStore('things');
    const base = await ended(open);
    const stored = await ended(base.transaction('things').objectStore('things').get(role));
    auroraview.emit('found', {local: number(localStorage.getItem(role)), base: number(stored)});
    for (let n = 1, goesOn = true; goesOn; n += 1) {
        localStorage.setItem(role, text(n));
        const change = base.transaction('things', 'readwrite');
        change.objectStore('things').put(text(n), role);
        await ended(change);
        goesOn = await auroraview.call('keep', [n]);
    }
    auroraview.emit('ended');
};
</script>"""

handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(logging.Formatter("LOG %(message)s"))
logging.getLogger("auroraview_qt.qt.page.storage").addHandler(handler)
app = QtWidgets.QApplication([role])
view = WebView(html=PAGE, storage="studio.assets")
view.state.persist("first", "second")


def tell(word: str, value: object) -> None:
    sys.stdout.write(f"{word} {json.dumps(value)}\n")
    sys.stdout.flush()


@view.command
def keep(number: int) -> bool:
    """Keep a number in the state, and confirm it once it is in the file."""
    view.state[role] = {"number": number, "pad": "x" * (number % 3000)}
    assert view.state._file is not None
    assert view.state._file.flush(30)
    tell("KEPT", number)
    return not stopping.is_set()


@view.on("found")
def found(values: dict[str, object]) -> None:
    tell("FOUND", {**values, **{key: state["number"] for key, state in view.state.to_dict().items()}})
    for state in view.state.to_dict().values():
        assert state["pad"] == "x" * (state["number"] % 3000)


view.on("ended", lambda _: app.quit())
view.ready.connect(lambda: view.eval_js(f"(run('{role}'), 1)"))
threading.Thread(target=lambda: (sys.stdin.read(), stopping.set()), daemon=True).start()
view.show()
sys.exit((getattr(app, "exec", None) or app.exec_)())
