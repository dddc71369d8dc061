"""Another tool's page: no view finds, hears or shares the browser storage of another view."""

from __future__ import annotations

import json

import pytest

KEEP = """(async () => {
  localStorage.setItem('key', 'CONFIDENTIAL');
  sessionStorage.setItem('key', 'CONFIDENTIAL');
  document.cookie = 'key=CONFIDENTIAL; max-age=1000';
  name = 'CONFIDENTIAL';
  const open = indexedDB.open('tool', 1);
  open.onupgradeneeded = () => open.result.createObjectStore('things').put('CONFIDENTIAL', 'key');
  await new Promise((done, failed) => { open.onsuccess = done; open.onerror = failed; });
  if (window.caches) await caches.open('tool').then((cache) => cache.put('/x', new Response('CONFIDENTIAL'))).catch(() => 1);
  window.channel = new BroadcastChannel('tool');
  window.heard = [];
  channel.onmessage = (event) => { heard.push(event.data); };
  return 1;
})()"""

FIND = """(async () => {
  const found = [localStorage.getItem('key'), sessionStorage.getItem('key'), document.cookie, name];
  if (indexedDB.databases) found.push((await indexedDB.databases()).length || null);
  const open = indexedDB.open('tool');
  await new Promise((done) => { open.onsuccess = done; open.onerror = done; });
  found.push(open.result.objectStoreNames.length || null);
  if (window.caches) found.push(await caches.match('/x').then((answer) => answer && answer.text(), () => null) || null);
  new BroadcastChannel('tool').postMessage('from the other');
  return found.filter((value) => value);
})()"""


def evaluated(view, wait_until, source):
    future = view.eval_js(source)
    wait_until(future.done)
    return future.result()


@pytest.mark.parametrize(
    "storages", [(None, None), ("studio.a", "studio.b"), ("studio.c", None), ("studio.d", "x.studio.d")]
)
@pytest.mark.parametrize("kind", ["html", "app"])
def test_page_of_one_view_finds_nothing_of_another_view(make_view, wait_until, monkeypatch, tmp_path, kind, storages):
    monkeypatch.setenv("AURORAVIEW_QT_DATA_DIR", str(tmp_path / "data"))
    views = []
    for name, storage in zip("ab", storages):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "index.html").write_text(f"<title>{name}</title>")
        view = make_view(storage=storage and f"{kind}.{storage}")  # what a test keeps lasts
        if kind == "html":
            view.load_html(f"<title>{name}</title>")
        else:
            view.load_app(folder)
        wait_until(lambda view=view: view.is_ready)
        views.append(view)
    first, second = views
    assert evaluated(first, wait_until, KEEP) == 1
    assert evaluated(second, wait_until, FIND) == []
    # A message of the second view would arrive before the message of the own channel.
    own = "(new BroadcastChannel('tool').postMessage('own'), 1)"
    assert evaluated(first, wait_until, own) == 1
    wait_until(lambda: evaluated(first, wait_until, "heard.length") > 0)
    assert evaluated(first, wait_until, "heard") == ["own"]
    assert len(evaluated(first, wait_until, FIND)) >= 4  # in the view itself all of it is found


def test_frame_of_one_view_reaches_no_page_of_another_view(make_view, js, wait_until, expect_log):
    expect_log("")
    first, second = make_view("<title>a</title><p id=secret>CONFIDENTIAL"), make_view("<title>b</title>")
    address = first.url().toString()
    script = f"""(window.told = [], onmessage = (event) => told.push(event.data),
        frame = Object.assign(document.createElement('iframe'), {{src: {json.dumps(address)}}}),
        frame.onload = frame.onerror = () => {{
            try {{ told.push(frame.contentDocument ? frame.contentDocument.body.innerText : 'closed'); }}
            catch (error) {{ told.push(error.name); }}
        }}, document.body.append(frame), 1)"""
    js(second, script)
    wait_until(lambda: js(second, "told.length") > 0)
    assert not any("CONFIDENTIAL" in str(told) for told in js(second, "told"))
