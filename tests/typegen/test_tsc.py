"""The compiler's view: right uses pass, wrong uses do not, and it accepts the values that validation accepts."""

# ruff: noqa: UP006, UP035 - the old spellings are what Python 3.9 has
from __future__ import annotations

import dataclasses
import enum
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable, Dict, FrozenSet, List, Literal, NamedTuple, Optional, Sequence, Tuple, TypedDict, Union

import numpy as np
import numpy.typing as npt

from auroraview_qt.ipc.calls.handler import IpcHandler
from auroraview_qt.ipc.wire import json_text
from auroraview_qt.schema.binary import typed_array
from auroraview_qt.schema.mismatch import MismatchError
from auroraview_qt.schema.shapes import shape_of
from auroraview_qt.schema.validation import converter
from auroraview_qt.typegen.document import generate


class Colour(enum.Enum):
    RED = "red"
    GREEN = "green"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Point(NamedTuple):
    x: float
    y: float = 0.0


@dataclasses.dataclass
class Node:
    """Named like a class of the DOM: the generated file keeps them apart."""

    name: str
    children: List[Node] = dataclasses.field(default_factory=list)
    colour: Optional[Colour] = None


@dataclasses.dataclass
class Range:
    start: int
    end: int = 24


class Options(TypedDict, total=False):
    path: Path
    range: Range


LOOSE = """
async function uses() {
  const n: number = await auroraview.call<number>('anything', {a: 1}, {timeout: 3});
  await auroraview.call('greet', 3);
  await auroraview.api.deep.down(1);
  await auroraview.ns.greet('a');
  auroraview.emit('x');
  auroraview.emit('x', 3);
  auroraview.on('e', (detail) => detail.anything);
  auroraview.off('e');
  (await auroraview.whenReady()).deep.down();
  window.addEventListener('auroraviewready', (event) => event.detail.timestamp.toFixed());
  for await (const part of auroraview.stream('frames', {n: 1})) { part.anything; }
  auroraview.state.selection = ['a'];
  const leave: () => void = auroraview.state.onChange((key, value, source) => source === 'python');
  auroraview.expose('pick', async (params, {signal, progress}) => { progress(0.5, 'half'); return signal.aborted; });
  await auroraview.call('bake', {}, {signal: new AbortController().signal, onProgress: (fraction) => fraction});
}
export {};
"""

TYPED = """
import type { Node as Found } from './api';
async function uses() {
  const text: string = await auroraview.call('bake', {start: 1, end: 2});
  await auroraview.call('bake', {start: 1, end: 2, step: null}, {timeout: 3});
  const none: null = await auroraview.call('stop');
  await auroraview.call('stop', {});
  await auroraview.call('stop', undefined, {timeout: 1});
  const found: Found = await auroraview.call('find', {node: {name: 'a', children: [{name: 'b'}]}});
  found.children[0].colour === 'red';
  await auroraview.api.bake({start: 1, end: 2});
  await auroraview.api.bake(1, 2, 0.5);
  await auroraview.scene.rename('a', 'b');
  auroraview.on('changed', (detail) => detail.name.length);
  auroraview.on('closed', () => undefined);
  auroraview.emit('picked', [1, 2]);
  auroraview.emit('left');
  window.addEventListener('changed', (event) => event.detail.children.length);
  window.addEventListener('resize', (event) => event.view);
  const item: AuroraViewStreams['frames']['item'] = [1, 2];
  for await (const point of auroraview.stream('frames', {n: 1})) { point[0].toFixed(); }
  const state: AuroraViewState = {name: 'a', children: [], colour: null};
  auroraview.state.name = 'b';
  auroraview.state.snapshot().children[0].name.length;
  auroraview.state.onChange((key, value, source) => key === 'colour' && source === 'python');

  // @ts-expect-error
  await auroraview.call('bake', {start: 'x', end: 2});
  // @ts-expect-error
  await auroraview.call('bake', {start: 1});
  // @ts-expect-error
  await auroraview.call('bake', {start: 1, end: 2, stepp: 1});
  // @ts-expect-error
  await auroraview.call('bake');
  // @ts-expect-error
  await auroraview.call('bakee', {start: 1, end: 2});
  // @ts-expect-error
  await auroraview.call('frames');
  // @ts-expect-error
  auroraview.stream('bake', {start: 1, end: 2});
  // @ts-expect-error
  auroraview.stream('frames', {n: 'a'});
  // @ts-expect-error
  auroraview.state.nam;
  // @ts-expect-error
  auroraview.state.colour = 'blue';
  // @ts-expect-error
  await auroraview.call('stop', {x: 1});
  // @ts-expect-error
  const wrong: number = await auroraview.call('bake', {start: 1, end: 2});
  // @ts-expect-error
  await auroraview.api.bake('1', 2);
  // @ts-expect-error
  await auroraview.api.bakee(1, 2);
  // @ts-expect-error
  await auroraview.scene.renam('a', 'b');
  // @ts-expect-error
  await auroraview.scenes.rename('a', 'b');
  // @ts-expect-error
  auroraview.on('changedd', (detail) => detail);
  // @ts-expect-error
  auroraview.on('changed', (detail) => detail.nam);
  // @ts-expect-error
  auroraview.emit('picked');
  // @ts-expect-error
  auroraview.emit('picked', ['a']);
  // @ts-expect-error
  auroraview.emit('changed', {name: 'a'});
  // @ts-expect-error
  window.addEventListener('changed', (event) => event.detail.nam);
  // @ts-expect-error
  const lacking: AuroraViewState = {name: 'a'};
}
"""


def bake(start: int, end: int, step: Optional[float] = None) -> str:
    """Bake. It must not matter that this ends a comment: */ or not."""
    return ""


def frames(n: int) -> Iterator[Point]:
    yield Point(n)


def typed_tool() -> IpcHandler:
    handler = IpcHandler()
    handler.register_command("bake", bake)
    handler.register_command("frames", frames)

    def stop() -> None: ...
    def find(node: Node) -> Node: ...  # type: ignore[empty-body]
    def rename(old: str, new: str, function: int = 0, *default: int) -> None: ...

    handler.register_command("stop", stop)
    handler.register_command("find", find)
    handler.register_command("scene.rename", rename)
    declarations = handler.declarations
    declarations.declare_event("changed", Node)
    declarations.declare_event("closed")
    declarations.declare_event("resize", Node)
    declarations.declare_event("picked", Point, source="page")
    declarations.declare_event("left", source="page")
    declarations.state = Node
    return handler


def test_tsc_without_declarations_takes_every_name(tsc: Callable[..., Any]) -> None:
    assert tsc(use=LOOSE) == {}


def test_tsc_with_a_generated_file_takes_what_is_right_and_nothing_else(tsc: Callable[..., Any]) -> None:
    assert tsc(api=generate(typed_tool(), "mytool:view"), use=TYPED) == {}


def test_tsc_error_of_wrong_params_says_what_is_wrong(tsc: Callable[..., Any]) -> None:
    use = "auroraview.call('bake', {start: 'x', end: 2});\nauroraview.call('bakee');\nexport {};\n"
    errors = tsc(api=generate(typed_tool(), "mytool:view"), use=use)
    assert sorted(errors) == [("use.ts", 1), ("use.ts", 2)]


TYPES: list[Any] = [
    int,
    bool,
    str,
    None,
    Any,
    Path,
    Optional[int],
    Union[int, str],
    Union[bool, List[int]],
    Literal["a", 1, True, None],
    List[int],
    List[Union[int, str]],
    List[List[str]],
    Sequence[Optional[bool]],
    FrozenSet[str],
    Tuple[int, str],
    Tuple[()],
    Tuple[int, ...],
    Dict[str, int],
    Dict[int, str],
    Dict[Colour, int],
    Dict[str, List[Point]],
    Colour,
    Level,
    Point,
    List[Point],
    Node,
    Range,
    Options,
    List[Node],
    Optional[Node],
    Union[Node, Range],
    Union[Node, Point, None],
    npt.NDArray[np.float32],
    np.ndarray[Any, np.dtype[np.bool_]],
    np.ndarray[tuple[int, int], np.dtype[np.int32]],
    np.float32,
]

VALUES: list[Any] = [
    None,
    True,
    1,
    2,
    3,
    "a",
    "red",
    [],
    [1],
    [True],
    ["a"],
    ["red", "green"],
    [None],
    [1, 2],
    [1, "a"],
    ["a", 1],
    [1, 2, 3],
    [[1]],
    [[1, 2], [3, 4]],
    [["a"], []],
    {},
    {"a": 1},
    {"1": "a"},
    {"red": 1},
    {"red": 1, "green": "a"},
    {"a": [[1], [1, 2]]},
    {"name": "a"},
    {"name": 1},
    {"name": None},
    {"name": "a", "children": [{"name": "b", "colour": "red"}, {"name": "c", "children": []}]},
    {"name": "a", "children": [{"nam": "b"}]},
    {"name": "a", "colour": "blue"},
    {"name": "a", "colour": None},
    {"start": 1},
    {"start": 1, "end": 2},
    {"start": "1"},
    {"end": 1},
    {"path": "a", "range": {"start": 1}},
    {"path": 1},
    {"range": {"end": 1}},
    [{"name": "a"}],
    [{"name": "a"}, 1],
]


def leftovers(annotation: Any, value: Any) -> bool:
    """Return whether an object has unknown keys: left out by validation, refused in a literal by the compiler."""
    shape = shape_of(annotation)
    if shape.kind == "union":
        return all(leftovers(item, value) or not is_accepted(item, value) for item in shape.items)
    if isinstance(value, dict) and shape.fields:
        known = {field.name: field.annotation for field in shape.fields}
        return any(name not in known or leftovers(known[name], item) for name, item in value.items())
    if shape.kind in ("list", "set"):
        return any(leftovers(shape.items[0], item) for item in value)
    if shape.kind == "dict":
        return any(leftovers(shape.items[1], item) for item in value.values())
    return False


def is_accepted(annotation: Any, value: Any) -> bool:
    try:
        converter(annotation)(value)
    except MismatchError:
        return False
    return True


def test_tsc_accepts_a_literal_where_validation_accepts_the_value(tsc: Callable[..., Any]) -> None:
    handler = IpcHandler()
    lines = ["export {};"]
    expected: dict[int, bool] = {}
    cases: dict[int, tuple[Any, Any]] = {}
    for index, annotation in enumerate(TYPES):

        def command(value: Any) -> None: ...

        command.__annotations__["value"] = annotation
        handler.register_command(f"c{index}", command)
        for value in VALUES:
            accepted = is_accepted(annotation, value)
            if accepted and leftovers(annotation, value):
                continue
            if annotation == Dict[int, str] and isinstance(value, (str, list)):
                continue  # for TypeScript, an object that can be indexed with numbers has numbers as keys
            lines.append(f"auroraview.call('c{index}', {{value: {json.dumps(value)}}});")
            expected[len(lines)], cases[len(lines)] = accepted, (annotation, value)
    errors = tsc(api=generate(handler, "mytool:view"), use="\n".join(lines))
    assert {file for file, _ in errors} == {"use.ts"}
    refused = {line for _, line in errors}
    wrong = [(*cases[line], accepted) for line, accepted in expected.items() if accepted is (line in refused)]
    assert wrong == []
    assert 100 < sum(expected.values()) < len(expected) - 500


def as_typescript(text: str) -> str:
    """Put expressions in the place of binary data."""
    text = re.sub(r'\[\t1e999,"bytes","[^"]*"\]', "new Uint8Array(0)", text)
    made = r"Object.assign(new \1(0), {shape: [0], dtype: ''})"
    return re.sub(r'\[\t1e999,"array","(\w+)",\[[^]]*\],"[^"]*"\]', lambda m: made.replace(r"\1", typed_array(m[1])), text)


def test_tsc_accepts_what_python_sends_as_the_result_it_promised(tsc: Callable[..., Any]) -> None:
    handler = IpcHandler()
    lines = ["export {};"]
    for index, annotation in enumerate(TYPES):

        def command() -> None: ...

        command.__annotations__["return"] = annotation
        handler.register_command(f"c{index}", command)
        for value in VALUES:
            if is_accepted(annotation, value):
                sent = as_typescript(json_text.dumps(converter(annotation)(value), "result").decode())
                lines.append(f"{{ const sent: AuroraViewCommands['c{index}']['result'] = {sent}; }}")
    assert len(lines) > 150
    assert tsc(api=generate(handler, "mytool:view"), use="\n".join(lines)) == {}
