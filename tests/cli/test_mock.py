"""`auroraview-qt mock`: the module is whole, and its types are beside it."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from auroraview_qt.cli import main

#: As much of a browser as the runtime needs.
BROWSER = """
Object.assign(globalThis, { window: globalThis, location: { href: 'http://localhost/' }, Node: class {}, open: () => null });
Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
const target = new EventTarget();
for (const name of ['addEventListener', 'removeEventListener', 'dispatchEvent']) {
  globalThis[name] = target[name].bind(target);
}
globalThis.document = Object.assign(new EventTarget(), { readyState: 'complete' });
const { installMock } = await import('./auroraview-mock.mjs');
const python = installMock({ commands: { double: (value) => 2 * value } });
console.log(await auroraview.call('double', 4), installMock() === python, python.calls.length);
process.exit(0);
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="it runs in Node")
def test_module_runs_the_runtime_without_python(tmp_path, capsys):
    file = tmp_path / "auroraview-mock.mjs"
    assert main(["mock", str(file)]) == 0
    assert capsys.readouterr().out == f"wrote {file} and {tmp_path / 'auroraview-mock.d.ts'}\n"
    (tmp_path / "test.mjs").write_text(BROWSER, encoding="utf-8")
    done = subprocess.run(["node", "test.mjs"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "8 true 0\n", done.stderr


def test_file_that_cannot_be_written_is_told(tmp_path, capsys):
    assert main(["mock", str(tmp_path / "missing" / "mock.js")]) == 2
    assert "auroraview-qt mock: " in capsys.readouterr().err
