"""docs/guides/types.md: its Python runs, and a real page gets the described results."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "types.md"
USE = """
(async () => {
  window.got = [];
  got.push(await auroraview.call('bake', {frames: {start: 1}, folder: 'a/out', name: 'x'}));
  got.push(await auroraview.api.move('pCube1', [1, 0, 0]));
  auroraview.emit('picked', 'a.mb');
  await auroraview.call('bake', {frames: {start: '1'}, folder: 'out'})
    .catch((error) => got.push(`${error.name}: ${error.message}`, error.code, error.data));
})() && 1
"""


def test_types_guide_examples_do_what_it_says(make_view, js, wait_until):
    guide = GUIDE.read_text(encoding="utf-8")
    view, printed = make_view("<p>"), []
    scope: dict[str, Any] = {"view": view, "__name__": __name__, "print": printed.append}
    source = "\n".join(re.findall(r"```python\n(.*?)```", guide, re.DOTALL))
    exec(compile(source, str(GUIDE), "exec", dont_inherit=True), scope)
    js(view, USE)
    wait_until(lambda: js(view, "window.got && got.length === 5"))
    message = re.search(r"```text\n(.*?)\n```", guide, re.DOTALL)
    assert message
    data = {"parameter": "frames", "path": "$.start"}
    assert js(view, "got") == ["out/x.1-24", [2, 0, 0], message[1], "INVALID_ARGS", data]
    assert printed == [".mb"]
