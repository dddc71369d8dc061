"""Validation: accepted JSON values for each annotation, the function's arguments, and the messages."""

# ruff: noqa: UP006, UP035 - the old spellings are what Python 3.9 has
from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import decimal
import enum
import functools
import json
import logging
import sys
import uuid
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import (
    Annotated,
    Any,
    Callable,
    Dict,
    Generic,
    List,
    Literal,
    NamedTuple,
    NewType,
    Optional,
    Tuple,
    TypedDict,
    TypeVar,
    Union,
)

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auroraview_qt.errors import InvalidArgumentsError
from auroraview_qt.ipc.calls.commands import Command
from auroraview_qt.ipc.calls.handler import IpcHandler
from auroraview_qt.ipc.calls.running import CallContext
from auroraview_qt.ipc.wire import json_text
from auroraview_qt.ipc.wire.protocol import Message
from auroraview_qt.schema import encoders
from auroraview_qt.schema.converters import Converters
from auroraview_qt.schema.mismatch import MismatchError, describe_value
from auroraview_qt.schema.shapes import shape_of
from auroraview_qt.schema.validation import converter

T = TypeVar("T")
Words = Annotated[Optional[str], "a union in a union"]
NodeId = NewType("NodeId", int)


class Colour(enum.Enum):
    RED = "red"
    GREEN = "green"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Mixed(enum.Enum):
    ONE = 1
    WORD = "word"
    NOTHING = None


class Access(enum.Flag):
    READ = 1
    WRITE = 2


@dataclasses.dataclass
class Range:
    start: int
    end: int = 24
    made: int = dataclasses.field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError("it ends before it starts")


@dataclasses.dataclass
class Node:
    name: str
    children: List[Node] = dataclasses.field(default_factory=list)
    where: Optional[Union[Point, Node]] = None


@dataclasses.dataclass
class Named:
    name: str


@dataclasses.dataclass
class Page(Generic[T]):
    items: List[T]
    first: T


class Point(NamedTuple):
    x: float
    y: float = 0.0


class Options(TypedDict, total=False):
    path: Path
    layers: List[str]


class Unresolved(TypedDict):
    node: Nowhere  # type: ignore[name-defined]  # noqa: F821


class Handle:
    """A host's node."""

    def __init__(self, name: str) -> None:
        self.name = name


def in_two_ways(annotation: Any) -> list[Callable[[Any], Any]]:
    """Return a command's converter, and the converter behind it that decides if msgspec refuses."""
    return [converter(annotation), Converters().of(annotation)]


MOMENT = dt.datetime(2026, 1, 31, 12, tzinfo=dt.timezone.utc)
UUID = "12345678123456781234567812345678"

ACCEPTED = [
    (int, 3, 3),
    (int, 3.0, 3),
    (float, 3, 3.0),
    (float, 0.5, 0.5),
    (bool, True, True),
    (str, "a", "a"),
    (str, "\ud800", "\ud800"),
    (None, None, None),
    (Any, {"a": [1]}, {"a": [1]}),
    (object, {"a": [1]}, {"a": [1]}),
    (NodeId, 3, 3),
    (T, "any", "any"),
    (Optional[int], None, None),
    (Optional[int], 3, 3),
    (Union[int, str], "a", "a"),
    (Union[str, Path], "a", "a"),
    (Union[Path, int], "a", Path("a")),
    (Union[int, List[int]], [3.0], [3]),
    (Union[Named, Node], {"name": "a"}, Named("a")),
    (Union[Named, Node], {"name": "a", "children": []}, Node("a")),
    (Union[Range, Options], {"path": "a"}, {"path": Path("a")}),
    (Union[Range, Named], {"name": "a", "more": 1}, Named("a")),
    (Literal["a", 1, True, None], 1, 1),
    (Literal["a", 1, True, None], True, True),
    (Literal["a", 1, True, None], None, None),
    (Literal[Colour.RED], "red", Colour.RED),
    (list, [1, "a"], [1, "a"]),
    (List[int], [1, 2.0], [1, 2]),
    (List[float], [1, 2.5], [1.0, 2.5]),
    (Sequence[int], [1], [1]),
    (Iterable[int], [1], [1]),
    (collections.deque, [1], collections.deque([1])),
    (set, [1, 1], {1}),
    (frozenset, ["a"], frozenset("a")),
    (tuple, [1, "a"], (1, "a")),
    (Tuple[()], [], ()),
    (Tuple[int, str], [1, "a"], (1, "a")),
    (Tuple[int, ...], [1, 2], (1, 2)),
    (dict, {"a": 1}, {"a": 1}),
    (Dict[str, int], {"a": 1.0}, {"a": 1}),
    (Dict[int, str], {"1": "a"}, {1: "a"}),
    (Dict[float, str], {"1.5": "a"}, {1.5: "a"}),
    (Dict[Colour, int], {"red": 1}, {Colour.RED: 1}),
    (Dict[Path, int], {"a": 1}, {Path("a"): 1}),
    (Mapping[str, int], {"a": 1}, {"a": 1}),
    (collections.OrderedDict, {"a": 1}, collections.OrderedDict(a=1)),
    (Colour, "red", Colour.RED),
    (Level, 2, Level.HIGH),
    (Mixed, "word", Mixed.WORD),
    (Mixed, None, Mixed.NOTHING),
    (Access, 3, Access.READ | Access.WRITE),
    (Path, "a/b", Path("a/b")),
    (PurePosixPath, "a/b", PurePosixPath("a/b")),
    (dt.datetime, "2026-01-31T12:00:00.000Z", MOMENT),
    (dt.date, "2026-01-31", dt.date(2026, 1, 31)),
    (dt.time, "12:00:00", dt.time(12)),
    (dt.timedelta, 1.5, dt.timedelta(seconds=1.5)),
    (List[dt.timedelta], [2], [dt.timedelta(seconds=2)]),
    (uuid.UUID, UUID, uuid.UUID(UUID)),
    (decimal.Decimal, "1.50", decimal.Decimal("1.50")),
    (decimal.Decimal, 2, decimal.Decimal(2)),
    (bytes, "YWI=", b"ab"),
    (bytes, memoryview(b"ab"), b"ab"),
    (bytearray, memoryview(b"ab"), bytearray(b"ab")),
    (memoryview, memoryview(b"ab"), memoryview(b"ab")),
    (Dict[bool, int], {"true": 1, "false": 2}, {True: 1, False: 2}),
    (Range, {"start": 1}, Range(1)),
    (Range, {"start": 1.0, "end": 3, "unknown": 1}, Range(1, 3)),
    (Node, {"name": "a", "children": [{"name": "b"}]}, Node("a", [Node("b")])),
    (Node, {"name": "a", "where": [1]}, Node("a", where=Point(1.0))),
    (Page[int], {"items": [1], "first": 2}, Page([1], 2)),
    (Page, {"items": [1, "a"], "first": None}, Page([1, "a"], None)),
    (Point, [1], Point(1.0)),
    (Point, [1, 2], Point(1.0, 2.0)),
    (Options, {}, {}),
    (Options, {"path": "a", "unknown": 1}, {"path": Path("a")}),
    (Annotated[int, "documentation"], 3, 3),
    (Annotated[int, msgspec.Meta(ge=1)], 3.0, 3),
    (Optional[Annotated[str, msgspec.Meta(max_length=2)]], "ab", "ab"),
    (np.float32, 1, np.float32(1)),
    (np.int8, 3.0, np.int8(3)),
    (np.str_, "a", np.str_("a")),
]


def test_converter_of_dataclasses_sets_defaults_on_the_instance_where_orjson_looks() -> None:
    made = converter(List[Node])([{"name": "a"}])
    assert json.loads(json_text.dumps(made, "it")) == [{"name": "a", "children": [], "where": None}]


@pytest.mark.parametrize(("annotation", "value", "expected"), ACCEPTED)
def test_converter_value_that_fits_becomes_what_is_annotated(annotation: Any, value: Any, expected: Any) -> None:
    for convert in in_two_ways(annotation):
        made = convert(value)
        assert made == expected
        assert type(made) is type(expected)


REFUSED = [
    (int, "1", 'expected int, got str "1"'),
    (int, True, "expected int, got bool true"),
    (int, 3.5, "expected int, got float 3.5"),
    (int, float("inf"), "expected int, got float inf"),
    (int, memoryview(b"ab"), "expected int, got 2 bytes"),
    (int, None, "expected int, got null"),
    (float, "1", 'expected float, got str "1"'),
    (float, False, "expected float, got bool false"),
    (float, 10**400, f"expected float, got int {str(10**400)[:60]}…"),
    (bool, 1, "expected bool, got int 1"),
    (str, 1, "expected str, got int 1"),
    (str, ["a"], "expected str, got list of 1"),
    (str, {}, "expected str, got empty dict"),
    (str, dict.fromkeys("abcdef"), "expected str, got dict with a, b, c, d, e, …"),
    (None, 0, "expected null, got int 0"),
    (Optional[int], "a", 'expected int | null, got str "a"'),
    (Union[int, str, List[int]], None, "expected int | str | list, got null"),
    (Union[Literal["a", 1], Path], 2, 'expected "a" | 1 | Path, got int 2'),
    (Union[Named, Range], {"start": "a"}, "expected Named | Range, got dict with start"),
    (Optional[List[int]], [1, "a"], 'expected int, got str "a" at $[1]'),
    (Optional[List[dt.timedelta]], [1, "a"], 'expected timedelta (a number of seconds), got str "a" at $[1]'),
    (Literal["a", 1], "b", 'expected "a" | 1, got str "b"'),
    (Literal[1], True, "expected 1, got bool true"),
    (List[int], {"0": 1}, "expected list, got dict with 0"),
    (List[int], [1, [2]], "expected int, got list of 1 at $[1]"),
    (set, [[1]], "expected list of hashable values, got list of 1"),
    (Tuple[int, str], [1], "expected list of 2, got list of 1"),
    (Tuple[int, str], [1, 2], "expected str, got int 2 at $[1]"),
    (Dict[str, int], [1], "expected dict, got list of 1"),
    (Dict[str, int], {"a b": None}, "expected int, got null at $['a b']"),
    (Dict[int, int], {"a": 1}, 'expected int, got str "a" at $.a'),
    (Dict[int, int], {"1.5": 1}, "expected int, got float 1.5 at $['1.5']"),
    (Dict[int, int], {"true": 1}, 'expected int, got str "true" at $.true'),
    (Colour, "blue", 'expected Colour ("red" | "green"), got str "blue"'),
    (Level, True, "expected Level (1 | 2), got bool true"),
    (Access, 9, "expected Access (1 | 2), got int 9"),
    (Access, "1", 'expected Access (1 | 2), got str "1"'),
    (Path, 3, "expected Path (a string), got int 3"),
    (List[Path], ["a", 3], "expected Path (a string), got int 3 at $[1]"),
    (dt.datetime, "today", 'expected datetime (a string such as 2026-01-31T12:00:00Z), got str "today"'),
    (dt.datetime, 5, "expected datetime (a string such as 2026-01-31T12:00:00Z), got int 5"),
    (dt.timedelta, float("inf"), "expected timedelta (a number of seconds), got float inf"),
    (uuid.UUID, "x", 'expected UUID (a string of 32 hexadecimal digits), got str "x"'),
    (decimal.Decimal, "x", 'expected Decimal (a number, or a string of one), got str "x"'),
    (decimal.Decimal, True, "expected Decimal (a number, or a string of one), got bool true"),
    (Range, [], "expected Range (a dict), got list of 0"),
    (Range, {"end": 3}, "expected Range with 'start', got dict with end"),
    (Range, {"start": 5, "end": 3}, "expected Range (it ends before it starts), got dict with start, end"),
    (Node, {"name": "a", "children": [{"name": "b"}, {"name": 3}]}, "expected str, got int 3 at $.children[1].name"),
    (Page[int], {"items": [1, "a"], "first": 2}, 'expected int, got str "a" at $.items[1]'),
    (Point, {"x": 1}, "expected Point (a list of 1 to 2), got dict with x"),
    (Point, [], "expected Point (a list of 1 to 2), got list of 0"),
    (Point, [1, "a"], 'expected float, got str "a" at $[1]'),
    (Options, {"layers": ["a", 1]}, "expected str, got int 1 at $.layers[1]"),
    (Options, None, "expected Options (a dict), got null"),
    (Annotated[int, msgspec.Meta(ge=1)], 0, "expected int >= 1, got int 0"),
    (Annotated[int, msgspec.Meta(ge=1)], "a", 'expected int, got str "a"'),
    (Union[Annotated[int, msgspec.Meta(ge=1)], List[int], Words], 0, "expected int | list | str | null, got int 0"),
    (Union[np.ndarray, int], "a", 'expected list | int, got str "a"'),
    (np.int8, 300, "expected int8 from -128 to 127, got int 300"),
    (np.float32, None, "expected float32, got null"),
    (np.float32, True, "expected float32, got bool true"),
]


@pytest.mark.parametrize(("annotation", "value", "message"), REFUSED)
def test_converter_value_that_does_not_fit_is_told_with_place_and_value(annotation: Any, value: Any, message: str) -> None:
    for convert in in_two_ways(annotation):
        with pytest.raises(MismatchError) as caught:
            convert(value)
        assert str(caught.value) == message


@pytest.mark.parametrize(
    ("annotation", "value", "expected"),
    [
        (np.ndarray, [[1, 2], [3, 4]], np.array([[1, 2], [3, 4]])),
        (np.ndarray, ["a", "b"], np.array(["a", "b"])),
        (np.ndarray, np.arange(3), np.arange(3)),
        (np.ndarray, memoryview(np.float32([[1, 2]])), np.float32([[1, 2]])),
        (npt.NDArray[np.float64], memoryview(np.float32([1, 2])), np.float64([1, 2])),
        (npt.NDArray[Any], [True], np.array([True])),
        (npt.NDArray[np.float32], [[1, 2.5]], np.array([[1, 2.5]], dtype=np.float32)),
        (npt.NDArray[np.float32], [], np.array([], dtype=np.float32)),
        (np.ndarray[Tuple[int, int], np.dtype[np.float32]], [], np.zeros((0, 0), dtype=np.float32)),
        (npt.NDArray[np.int16], [1.0, 2], np.array([1, 2], dtype=np.int16)),
        (npt.NDArray[np.float64], [0.5], np.array([0.5])),
        (npt.NDArray[np.str_], ["ab", "c"], np.array(["ab", "c"])),
    ],
)
def test_converter_of_arrays_takes_nested_lists_and_keeps_the_dtype(annotation: Any, value: Any, expected: Any) -> None:
    made = converter(annotation)(value)
    assert made.shape == expected.shape
    assert made.tolist() == expected.tolist()
    assert made.dtype.kind == expected.dtype.kind
    if expected.dtype.kind != "U":
        assert made.dtype == expected.dtype


FLAT = np.ndarray[Tuple[int], np.dtype[np.int16]] if sys.version_info >= (3, 9) else Any
DEEP = np.ndarray[Tuple[int, int], np.dtype[np.float32]]


@pytest.mark.parametrize(
    ("annotation", "value", "wanted"),
    [
        (np.ndarray, 3, "nested lists of values of the same type"),
        (np.ndarray, [[1], [2, 3]], "nested lists of values of the same type"),
        (np.ndarray, [None], "nested lists of values of the same type"),
        (np.ndarray, ["a", 1], "nested lists of values of the same type"),
        (npt.NDArray[np.float32], ["a"], "nested lists of numbers (float32)"),
        (npt.NDArray[np.float32], [True], "nested lists of numbers (float32)"),
        (npt.NDArray[np.int16], [0.5], "nested lists of integers (int16) from -32768 to 32767"),
        (npt.NDArray[np.int16], [40000], "nested lists of integers (int16) from -32768 to 32767"),
        (npt.NDArray[np.complex64], [1], "nested lists of values (complex64)"),
        (FLAT, [[1]], "a list of integers (int16)"),
        (DEEP, [1.5], "lists nested 2 deep of numbers (float32)"),
    ],
)
def test_converter_of_arrays_refuses_the_rest(annotation: Any, value: Any, wanted: str) -> None:
    with pytest.raises(MismatchError) as caught:
        converter(annotation)(value)
    assert caught.value.expected == wanted


@pytest.mark.skipif(sys.version_info < (3, 10), reason="X | Y came with Python 3.10")
def test_converter_of_new_unions_is_that_of_old_ones() -> None:
    annotation = eval("int | list[str] | None")
    assert converter(annotation)(["a"]) == ["a"]
    with pytest.raises(MismatchError, match=r"expected int \| list \| null"):
        converter(annotation)("a")


@dataclasses.dataclass
class Weighted:
    weights: Union[List[float], Dict[str, float]]


def test_converter_of_a_value_that_two_alternatives_look_at_converts_it_once() -> None:
    pairs = Union[Tuple[Weighted, int], Tuple[Weighted, str]]
    made = Converters().of(pairs)([{"weights": [1, 2]}, "x"])
    assert made == (Weighted([1.0, 2.0]), "x")


class Alias:
    """The common part of a type alias in Python 3.12 and in typing_extensions."""

    __type_params__ = ()
    __value__ = List[int]


def test_converter_of_an_alias_made_by_typing_extensions_is_that_of_its_value() -> None:
    assert Converters().of(Alias())([1.0]) == [1]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type aliases came with Python 3.12")
def test_converter_of_a_type_alias_is_that_of_its_value() -> None:
    scope: dict[str, Any] = {}
    exec("type Frames = list[int]\ntype Many[T] = list[T]\ntype Json = dict[str, Json] | list[Json] | int", scope)
    for name, value, made in (("Frames", [1.0], [1]), ("Json", {"a": [{"b": 1.0}]}, {"a": [{"b": 1}]})):
        for convert in in_two_ways(scope[name]):
            assert convert(value) == made
            with pytest.raises(MismatchError):
                convert(["a"])
    with pytest.raises(MismatchError, match=r"expected int, got str \"a\" at \$\[0\]"):
        converter(scope["Many"][int])(["a"])


if sys.version_info >= (3, 11):
    from typing import NotRequired, Required

    class Keys(TypedDict, total=False):
        a: Required[int]
        b: NotRequired[int]
        c: int


@pytest.mark.skipif(sys.version_info < (3, 11), reason="NotRequired came with Python 3.11")
def test_converter_of_typed_dict_knows_required_keys_though_annotations_are_strings() -> None:
    for convert in in_two_ways(Keys):
        assert convert({"a": 1}) == {"a": 1}
        with pytest.raises(MismatchError, match="expected Keys with 'a'"):
            convert({"b": 1})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
PARTS: list[Any] = [int, float, bool, str, None, Path, Colour, Point, Options, Range, Literal["a", 1], dt.timedelta, Any]


@st.composite
def annotations(draw: Any) -> Any:
    """Annotations made of others."""
    kind = draw(st.sampled_from(["part", "list", "tuple", "dict", "union", "optional"]))
    part = draw(st.sampled_from(PARTS))
    if kind == "part":
        return part
    if kind == "optional":
        return Optional[part]
    other = draw(st.sampled_from(PARTS) | annotations())
    return {"list": List[other], "tuple": Tuple[part, other], "dict": Dict[str, other], "union": Union[part, other]}[kind]


@given(annotations(), json_values)
def test_converter_fast_and_exact_way_accept_the_same(annotation: Any, value: Any) -> None:
    outcomes = []
    for convert in in_two_ways(annotation):
        try:
            outcomes.append(repr(convert(value)) if "union" not in str(shape_of(annotation).kind) else "accepted")
        except MismatchError as mismatch:
            outcomes.append(f"refused: {mismatch}")
    assert outcomes[0] == outcomes[1]


# Commands


def refusal(fn: Any, *arguments: Any) -> InvalidArgumentsError:
    with pytest.raises(InvalidArgumentsError) as caught:
        Command(fn).run("bake", arguments)
    return caught.value


def bake(start: int, end: int = 24, *, name: Optional[str] = None) -> list[Any]:
    return [start, end, name]


def scale(x: float, y: float = 1) -> list[Any]:
    return [x, y]


def gather(first: int, *rest: float, **more: List[int]) -> list[Any]:
    return [first, rest, more]


def partly(start: int, anything, path: Path = None) -> list[Any]:  # type: ignore[no-untyped-def,assignment] # noqa: RUF013
    return [start, anything, path]


@pytest.mark.parametrize(
    ("fn", "arguments", "expected"),
    [
        (bake, [{"start": 1}], [1, 24, None]),
        (bake, [{"start": 1.0, "name": "a"}], [1, 24, "a"]),
        (bake, [[1, 2]], [1, 2, None]),
        (bake, [3], [3, 24, None]),
        (scale, [{"x": 1.5, "y": 2.5}], [1.5, 2.5]),
        (scale, [{"x": 1, "y": 2.5}], [1.0, 2.5]),
        (scale, [[1.5, 2.5]], [1.5, 2.5]),
        (scale, [[1.5, 2]], [1.5, 2.0]),
        (scale, [[1.5]], [1.5, 1]),
        (scale, [0.5], [0.5, 1]),
        (gather, [[1, 2, 3]], [1, (2.0, 3.0), {}]),
        (gather, [{"first": 1, "a": [1]}], [1, (), {"a": [1]}]),
        (partly, [{"start": 1, "anything": "x"}], [1, "x", None]),
        (partly, [[1, None, None]], [1, None, None]),
        (partly, [[1, {"a": 1}, "p"]], [1, {"a": 1}, Path("p")]),
        (functools.partial(bake, 5), [{"end": 6}], [5, 6, None]),
        (lambda a, b=2: [a, b], [{"a": "x", "b": None}], ["x", None]),
        (lambda a, b=2: [a, b], [{"a": "x"}], ["x", 2]),
    ],
)
def test_command_arguments_are_validated_however_they_are_given(fn: Any, arguments: list[Any], expected: Any) -> None:
    assert Command(fn).run("bake", arguments) == expected


@pytest.mark.parametrize(
    ("fn", "argument", "message", "data"),
    [
        (bake, {"start": "1"}, "parameter 'start': expected int, got str \"1\"", ("start", "$")),
        (bake, {"start": 1, "name": 3}, "parameter 'name': expected str | null, got int 3", ("name", "$")),
        (scale, [1, "a"], "parameter 'y': expected float, got str \"a\"", ("y", "$")),
        (scale, None, "parameter 'x': expected float, got null", ("x", "$")),
        (gather, [1, 2, "a"], "parameter 'rest': expected float, got str \"a\" at $[1]", ("rest", "$[1]")),
        (gather, {"first": 1, "a": [1, None]}, "parameter 'more': expected int, got null at $.a[1]", ("more", "$.a[1]")),
        (partly, [1, 2, 3], "parameter 'path': expected Path | null, got int 3", ("path", "$")),
    ],
)
def test_command_argument_that_does_not_fit_names_command_parameter_and_place(
    fn: Any, argument: Any, message: str, data: Any
) -> None:
    error = refusal(fn, argument)
    assert str(error) == f"command 'bake': {message}"
    assert error.data == dict(zip(("parameter", "path"), data))


@pytest.mark.parametrize("argument", [[1, 2, 3], {"x": 1, "z": 2}, {"y": 1}, []])
def test_command_signature_comes_before_validation(argument: Any) -> None:
    assert str(refusal(scale, argument)).startswith("command 'bake'(x: float, y: float = 1): ")


def test_command_arguments_of_the_caller_are_not_changed() -> None:
    given = {"x": 1, "y": 2}
    assert Command(scale).run("scale", [given]) == [1.0, 2.0]
    assert [type(value) for value in given.values()] == [int, int]


def test_command_that_is_refused_does_not_run_and_its_answer_tells_why() -> None:
    ran: list[object] = []
    handler = IpcHandler()

    def command(value: int) -> None:
        ran.append(value)

    handler.register_command("bake", command)
    answer = json.loads(handler.call("c1", "bake", [{"value": "1"}]))[2]
    assert answer["code"] == "INVALID_ARGS"
    assert answer["data"] == {"parameter": "value", "path": "$"}
    assert not ran


@pytest.mark.parametrize("thread", ["gui", "pool"])
def test_command_with_a_context_is_validated_before_it_begins(thread: Any) -> None:
    ran: list[object] = []
    answers: list[Any] = []

    class Outlet:
        def send_answer(self, message: Message) -> None:
            answers.append(json.loads(message.payload))

        def is_gone(self, document: str) -> bool:
            return False

    handler = IpcHandler(outlet=Outlet())

    def bake(context: CallContext, start: int) -> None:
        ran.append(context)

    handler.register_command("bake", bake, thread=thread)
    handler.call("c1", "bake", [["1"]], "doc")
    assert answers[0][2]["message"] == "command 'bake': parameter 'start': expected int, got str \"1\""
    assert not ran


def test_handler_commands_gives_a_copy_of_the_registry() -> None:
    handler = IpcHandler()
    handler.register_command("bake", bake)
    handler.commands().clear()
    assert list(handler.commands()) == ["bake"]
    assert handler.commands()["bake"].fn is bake


def of_handle(node: Handle, many: Optional[List[Handle]] = None) -> list[Any]:
    return [getattr(one, "name", one) for one in [node, *(many or [])]]


def test_decoder_makes_the_value_wherever_the_type_is_annotated() -> None:
    encoders.register_encoder(Handle, lambda handle: handle.name, decode=Handle)
    assert Command(of_handle).run("bake", [{"node": "a", "many": ["b", "c"]}]) == ["a", "b", "c"]


def test_decoder_own_annotation_is_validated_first() -> None:
    def decode(name: str) -> Handle:
        if name == "gone":
            raise LookupError("there is no such node")
        return Handle(name)

    encoders.register_encoder(Handle, str, decode)
    assert str(refusal(of_handle, 3)) == "command 'bake': parameter 'node': expected str, got int 3"
    error = refusal(of_handle, {"node": "a", "many": ["b", "gone"]})
    assert 'expected Handle (LookupError: there is no such node), got str "gone" at $[1]' in str(error)
    assert isinstance(error.__cause__, LookupError)


def test_decoder_without_a_signature_takes_anything() -> None:
    encoders.register_encoder(Handle, str, decode=lambda: None)
    assert "expected Handle (TypeError" in str(refusal(of_handle, 1))


def test_foreign_type_passes_as_it_came_is_told_once_and_may_be_registered_later(caplog: Any) -> None:
    handler = IpcHandler()
    handler.register_command("bake", of_handle)
    with caplog.at_level(logging.WARNING):
        assert json.loads(handler.call("c1", "bake", [["a", ["b"]]]))[2] == ["a", "b"]
        assert b"INVALID_ARGS" in handler.call("c2", "bake", [["a", "no list"]])
    told = [r.getMessage() for r in caplog.records]
    assert len(told) == 2
    assert "of_handle: parameter 'node' takes any value where Handle is expected" in told[0]
    encoders.register_encoder(Handle, str, decode=lambda value: Handle(f"<{value}>"))
    assert json.loads(handler.call("c3", "bake", [["a", ["b"]]]))[2] == ["<a>", "<b>"]


def test_command_annotation_that_is_no_type_is_not_validated() -> None:
    def command(value: object = None) -> object:
        return value

    command.__annotations__["value"] = [int]
    assert Command(command).run("bake", ["a"]) == "a"


@pytest.mark.parametrize("annotation", [Callable, Unresolved, "not a type", type, Callable[[int], str]])
def test_foreign_annotation_is_not_validated(annotation: Any) -> None:
    assert shape_of(annotation).kind == "foreign"
    assert converter(annotation)(3) == 3


def test_shown_value_that_json_cannot_hold_is_shown_all_the_same() -> None:
    assert describe_value("\ud800") == "str '\\ud800'"
    assert describe_value("a" * 100) == 'str "' + "a" * 59 + "…"
