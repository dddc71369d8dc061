"""Document: the text for the commands, events and state of a view, the same each time."""

# ruff: noqa: UP006, UP035 - the old spellings are what Python 3.9 has
from __future__ import annotations

import dataclasses
import enum
import re
import subprocess
import sys
import types
from collections.abc import AsyncIterator, Awaitable, Iterator
from pathlib import Path
from typing import Any, Callable, Dict, List, NamedTuple, Optional, TypedDict, Union

import numpy as np
import numpy.typing as npt
import pytest

from auroraview_qt._resources import resource_path
from auroraview_qt.ipc.calls.handler import IpcHandler
from auroraview_qt.ipc.calls.running import CallContext
from auroraview_qt.schema import encoders
from auroraview_qt.typegen.document import RUNTIME_KEYS, generate


class Colour(enum.Enum):
    """A colour of the outliner."""

    RED = "red"
    GREEN = "green"


class Access(enum.IntFlag):
    READ = 1


@dataclasses.dataclass
class Options:
    """How to bake.

    Attributes
    ----------
    start : int
        The first frame.
    """

    start: int
    colours: List[Colour] = dataclasses.field(default_factory=list)
    inner: Optional[Options] = None


class Point(NamedTuple):
    x: float
    y: float = 0.0


class Scene(TypedDict, total=False):
    name: str
    points: Dict[str, Point]


class Vector:
    """A host's type."""


def text_of(*register: Any, **commands: Callable[..., Any]) -> str:
    handler = IpcHandler()
    for name, fn in commands.items():
        handler.register_command(name.replace("__", "."), fn)
    for declare in register:
        declare(handler.declarations)
    return generate(handler, "mytool:view")


def interface(text: str, name: str) -> str:
    """Return the body of an interface, with its lines joined."""
    found = re.search(rf"interface {name} {{\n(.*?)\n  }}\n", text, re.DOTALL)
    return " ".join(found[1].split()) if found else ""


def test_generate_file_says_how_it_is_made_again_and_names_the_library_types() -> None:
    lines = text_of().splitlines()
    assert lines[0].startswith("// ")
    assert "//     auroraview-qt types mytool:view -o api.d.ts" in lines
    assert '/// <reference path="./auroraview.d.ts" />' in lines
    assert lines[-1] == "export {};"
    assert "declare global" not in text_of()


def test_generate_command_has_params_result_and_docs() -> None:
    def bake(start: int, end: int = 3, *, step: float = None) -> Options:  # type: ignore[assignment,return] # noqa: RUF013
        """Bake the scene.

        Parameters
        ----------
        start : int
            The first frame.
        """

    text = text_of(bake=bake)
    assert interface(text, "AuroraViewCommands") == (
        "/** Bake the scene. */ bake: { params: { /** The first frame. */ start: number; end?: number; "
        "step?: number | null; }; result: Options; };"
    )
    assert interface(text, "AuroraViewApi") == (
        "/** Bake the scene. */ bake(params: { start: number; end?: number; step?: number | null }): Promise<Options>; "
        "/** * Bake the scene. * * @param start The first frame. */ bake(start: number, end?: number): Promise<Options>;"
    )


def nothing() -> None: ...
def options(one: Options) -> None: ...
def pair(one: Options, two: str = "") -> Any: ...
def only(one: int, /, two: int = 0) -> int: ...
def rest(*values: Union[int, str]) -> int: ...
def more(one: int, **values: int) -> int: ...
def every(**values: int) -> int: ...
def keyword(*, one: int) -> int: ...
def swapped(old: str, new: str) -> None: ...
def untyped(one, two=None): ...  # type: ignore[no-untyped-def]
async def later(one: Path) -> List[Optional[int]]: ...
def awaited() -> Awaitable[int]: ...


@pytest.mark.parametrize(
    ("fn", "params", "result", "ways"),
    [
        (nothing, "{ [name: string]: never }", "null", [""]),
        (options, "{ one: OptionsInput }", "null", ["params: { one: OptionsInput }"]),
        (
            pair,
            "{ one: OptionsInput; two?: string }",
            "any",
            ["params: { one: OptionsInput; two?: string }", "one: OptionsInput, two: string"],
        ),
        (
            only,
            "[one: number, two?: number]",
            "number",
            ["params: [one: number, two?: number]", "one: number, two?: number"],
        ),
        (rest, "[...values: (number | string)[]]", "number", ["params: [...values: (number | string)[]]"]),
        (
            more,
            "{ one: number; [name: string]: any }",
            "number",
            ["params: { one: number; [name: string]: any }", "one: number"],
        ),
        (every, "{ [name: string]: number }", "number", ["params?: { [name: string]: number }"]),
        (
            swapped,
            "{ old: string; new: string }",
            "null",
            ["params: { old: string; new: string }", "old: string, new_: string"],
        ),
        (keyword, "{ one: number }", "number", ["params: { one: number }"]),
        (untyped, "{ one: any; two?: any }", "any", ["params: { one: any; two?: any }", "one: any, two: any"]),
        (later, "{ one: string }", "(number | null)[]", ["params: { one: string }", "one: string"]),
        (awaited, "{ [name: string]: never }", "number", [""]),
    ],
)
def test_generate_command_of_each_kind(fn: Any, params: str, result: str, ways: list[str]) -> None:
    text = text_of(run=fn)
    params = params.replace("OptionsInput", "Options")
    assert interface(text, "AuroraViewCommands") == f"run: {{ params: {params}; result: {result}; }};"
    expected = " ".join(f"run({way}): Promise<{result}>;" for way in ways).replace("OptionsInput", "Options")
    assert interface(text, "AuroraViewApi") == expected


def test_generate_command_that_tells_nothing_takes_anything() -> None:
    text = text_of(least=min)
    assert "      params: any;\n      result: any;\n" in text
    assert "    least(...args: any[]): Promise<any>;\n" in text


def test_generate_long_params_take_a_line_each() -> None:
    def bake(a_rather_long_name: str, another_rather_long_name: str, a_third_rather_long_name: str, a: int) -> None: ...

    assert "      params: {\n        a_rather_long_name: string;\n" in text_of(bake=bake)


def test_generate_streams_are_apart_and_typed_by_their_items() -> None:
    def frames(n: int) -> Iterator[Scene]:
        yield {}

    async def lines() -> AsyncIterator[str]:
        yield ""

    def untold():  # type: ignore[no-untyped-def]
        yield 1

    text = text_of(frames=frames, lines=lines, untold=untold)
    assert interface(text, "AuroraViewStreams") == (
        "frames: { params: { n: number }; item: Scene; }; lines: { params: { [name: string]: never }; item: string; }; "
        "untold: { params: { [name: string]: never }; item: any; };"
    )
    assert "AuroraViewCommands" not in text
    assert "AuroraViewApi" not in text


def test_generate_namespaces_are_where_the_runtime_hangs_them() -> None:
    text = text_of(
        plain=nothing, api__scene=nothing, api__scene__names=nothing, ns__a__b=nothing, state__x=nothing, a__proto__b=nothing
    )
    call = "(): Promise<null>;"
    assert interface(text, "AuroraViewApi") == f"plain{call} scene: {{ {call} names{call} }};"
    assert interface(text, "AuroraViewNamespaces") == f"a: {{ proto: {{ b{call} }}; }}; ns: {{ a: {{ b{call} }}; }};"
    assert '"state.x": {' in text
    assert '"api.scene.names": {' in text


def test_generate_names_of_the_runtime_are_those_of_bridge_js() -> None:
    source = resource_path("bridge.js").read_text(encoding="utf-8")
    body = re.search(r"const aurora = {\n(.*?)\n  };", source, re.DOTALL)
    assert body
    keys = set(re.findall(r"^    (\w+):", body[1], re.MULTILINE)) - {"api"}
    assert keys
    assert keys <= RUNTIME_KEYS


def test_generate_context_of_a_call_is_absent() -> None:
    def bake(start: int, context: CallContext) -> None: ...

    text = text_of(bake=bake)
    assert "params: { start: number };" in text
    assert "context" not in text


def test_generate_named_types_are_declared_with_their_docs() -> None:
    def run(options: Options, access: Access) -> Scene: ...

    text = text_of(run=run)
    assert '/** A colour of the outliner. */\nexport type Colour = "red" | "green";' in text
    assert "export type Access = number;" in text
    assert "export type Point = [x: number, y: number];" in text
    assert "export interface Scene {\n  name?: string;\n  points?: { [key: string]: Point };\n}" in text
    assert (
        "/** How to bake. */\nexport interface Options {\n  /** The first frame. */\n  start: number;\n"
        "  colours?: Colour[];\n  inner?: Options | null;\n}"
    ) in text


def test_generate_type_with_defaults_that_goes_both_ways_is_written_twice() -> None:
    def run(options: Options, scene: Scene) -> Dict[str, Options]: ...

    text = text_of(run=run)
    assert "export interface Options {\n  /** The first frame. */\n  start: number;\n  colours: Colour[];" in text
    assert "inner: Options | null;" in text
    assert "inner?: OptionsInput | null;" in text
    assert "params: { options: OptionsInput; scene: Scene };" in text
    assert "result: { [key: string]: Options };" in text


def test_generate_types_of_one_name_are_told_apart_by_their_module(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("tool.export_fbx", "tool.images", "other.images"):
        monkeypatch.setitem(sys.modules, module, types.ModuleType(module))
    first = dataclasses.make_dataclass("Item", [("a", int)])
    second = dataclasses.make_dataclass("Item", [("b", str)])
    third = dataclasses.make_dataclass("Item", [("c", str)])
    promise = dataclasses.make_dataclass("Promise", [("d", str)])
    handler = IpcHandler()
    modules = ("other.images", "tool.export_fbx", "tool.images", __name__)
    for index, kind in enumerate((third, first, second, promise)):
        kind.__module__ = modules[index]
        handler.declarations.declare_event(f"e{index}", kind)
    text = generate(handler, "mytool:view")
    assert "export interface ExportFbxItem {\n  a: number;" in text
    assert "export interface ImagesItem {\n  c: string;" in text
    assert "export interface ImagesItem2 {\n  b: string;" in text
    assert "export interface Promise2 {" in text


def test_generate_events_and_state_that_are_declared() -> None:
    def declare(declarations: Any) -> None:
        declarations.declare_event("scene_changed", Scene, doc="Another scene.")
        declarations.declare_event("closed")
        declarations.declare_event("a/b", List[Options])
        declarations.declare_event("picked", Options, source="page")
        declarations.state = Options

    text = text_of(declare)
    assert interface(text, "AuroraViewEvents") == (
        '"a/b": Options[]; closed: { [name: string]: never }; /** Another scene. */ scene_changed: Scene;'
    )
    assert interface(text, "AuroraViewPageEvents") == "picked: OptionsInput;"
    assert interface(text, "AuroraViewState") == (
        "/** The first frame. */ start: number; colours: Colour[]; inner: Options | null;"
    )


def test_generate_host_types_are_what_their_encoder_says() -> None:
    def encode(vector: Vector) -> List[float]: ...
    def decode(parts: Dict[str, float]) -> Vector: ...
    def run(one: Vector) -> Optional[Vector]: ...

    def result() -> str:
        return interface(text_of(run=run), "AuroraViewCommands")

    assert result() == "run: { params: { one: unknown }; result: unknown | null; };"
    encoders.register_encoder(Vector, lambda v: 0)
    assert result() == "run: { params: { one: unknown }; result: unknown | null; };"
    encoders.register_encoder(Vector, encode)
    assert result() == "run: { params: { one: number[] }; result: number[] | null; };"
    encoders.register_encoder(Vector, lambda v: 0, decode)
    assert "one: { [key: string]: number }" in result()
    encoders.register_encoder(Vector, run, decode)  # declares a result that needs the same encoder
    assert "one: unknown | null" in result()


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (npt.NDArray[np.float32], "AuroraViewNumbers<Float32Array>"),
        (npt.NDArray[np.bool_], "AuroraViewNumbers<Uint8Array>"),
        (npt.NDArray[np.int64], "AuroraViewNumbers<BigInt64Array>"),
        (npt.NDArray[np.uint16], "AuroraViewNumbers<Uint16Array>"),
        (npt.NDArray[np.float16], "AuroraViewArray<number>"),
        (npt.NDArray[np.str_], "AuroraViewArray<string>"),
        (bytes, "Uint8Array"),
        (Optional[memoryview], "Uint8Array | null"),
        (np.ndarray[tuple[int, int], np.dtype[np.float16]], "number[][]"),
        (np.ndarray, "AuroraViewNumbers<AuroraViewTypedArray>"),
        (np.float32, "number"),
        (np.str_, "string"),
        (object, "unknown"),
        ([int], "unknown"),
        (Callable[[int], str], "unknown"),
        (Dict[Colour, int], "{ [key in Colour]?: number }"),
        (Dict[int, int], "{ [key: number]: number }"),
        (Union[Optional[int], str, float], "number | string | null"),
    ],
)
def test_generate_annotation_as_typescript(annotation: Any, expected: str) -> None:
    def declare(declarations: Any) -> None:
        declarations.declare_event("e", annotation)

    assert interface(text_of(declare), "AuroraViewEvents") == f"e: {expected};"


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type aliases came with Python 3.12")
def test_generate_type_alias_is_its_value_and_unknown_where_it_is_part_of_itself() -> None:
    scope: dict[str, Any] = {}
    exec("type Json = dict[str, Json] | list[Json] | str\ntype Many[T] = list[T]\ntype Frames = Many[int]", scope)

    def declare(declarations: Any) -> None:
        declarations.declare_event("a", scope["Json"])
        declarations.declare_event("b", scope["Frames"])

    assert interface(text_of(declare), "AuroraViewEvents") == (
        "a: { [key: string]: unknown } | unknown[] | string; b: number[];"
    )


def test_generate_is_the_same_in_another_order_and_process() -> None:
    def run(one: Options) -> Scene: ...
    def other(one: Point) -> Colour: ...

    assert text_of(run=run, other=other) == text_of(other=other, run=run)
    code = (
        "from auroraview_qt.ipc.calls.handler import IpcHandler; from auroraview_qt.typegen.document import generate\n"
        "import typing, enum, dataclasses\n"
        "h = IpcHandler()\n"
        "for i in range(9):\n"
        "    k = dataclasses.make_dataclass(f'K{i}', [('a', typing.Union[int, str, None]), ('b', typing.Set[int])])\n"
        "    h.declarations.declare_event(f'e{i}', k)\n"
        "print(generate(h, 'a:b'))\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            text=True,
            capture_output=True,
            timeout=60,
            env={**__import__("os").environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(outputs) == 1
