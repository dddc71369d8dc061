"""docs/guides/types.md: its TypeScript is right about its Python."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Callable

from auroraview_qt.ipc.calls.handler import IpcHandler
from auroraview_qt.typegen.document import generate

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "types.md"


class View:
    """The parts of a view that the guide's Python needs."""

    def __init__(self) -> None:
        self.handler = IpcHandler()
        self.declare_event = self.handler.declarations.declare_event

    def command(self, fn: Callable[..., object]) -> Callable[..., object]:
        self.handler.register_command(fn.__name__, fn)
        return fn

    def declare_state(self, kind: type) -> None:
        self.handler.declarations.state = kind

    def on(self, event: str) -> Callable[..., Any]:
        return lambda fn: fn

    def emit(self, event: str, data: object) -> None: ...


def test_types_guide_typescript_compiles_but_for_its_errors(tsc: Callable[..., Any]) -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    view = View()
    scope: dict[str, Any] = {"view": view, "__name__": __name__}
    source = "\n".join(re.findall(r"```python\n(.*?)```", guide, re.DOTALL))
    exec(compile(source, str(GUIDE), "exec", dont_inherit=True), scope)
    api = generate(view.handler, "mytool:make_view")
    use = re.search(r"```ts\n(.*?)```", guide, re.DOTALL)
    imported = re.search(r"`(import type [^`]*)`", guide)
    assert use
    assert imported
    lines = [f"{imported[1]};", "export async function use(range: FrameRange) {", *use[1].splitlines(), "}"]
    errors = tsc(api=api, use="\n".join(lines))
    wrong = [("use.ts", number) for number, line in enumerate(lines, 1) if "// error" in line]
    assert sorted(errors) == wrong, errors
    assert len(wrong) == 2
