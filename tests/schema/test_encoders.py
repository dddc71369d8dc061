"""Encoders: host types on their way out, the choice of the encoder, and the message of a failure."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import decimal
import enum
import json
import logging
import threading
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import numpy as np
import pytest

import auroraview_qt
from auroraview_qt.errors import SerializationError
from auroraview_qt.ipc.wire.message_queue import MessageQueue
from auroraview_qt.ipc.wire.protocol import event_payload, payload_of, result_payload
from auroraview_qt.schema import encoders
from auroraview_qt.schema.encoders import register_encoder


class Vector:
    def __init__(self, *parts: float) -> None:
        self.parts = parts


class Point(Vector):
    """A vector with its own encoder in some tests."""


class Loop:
    """An object that encodes to a value with itself inside."""


def sent(value: object) -> Any:
    """Return the page's value of an event with this data."""
    return json.loads(event_payload("x", value))[2]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Path("a") / "b.mb", str(Path("a", "b.mb"))),
        ({3}, [3]),
        (frozenset(["a"]), ["a"]),
        (decimal.Decimal("1.50"), "1.50"),
        (dt.timedelta(minutes=1, milliseconds=500), 60.5),
        (collections.namedtuple("Pair", "a b")(1, (2,)), [1, [2]]),
        (np.array([1, 2], dtype="f2"), [1, 2]),
        (np.array(["a", "b"]), ["a", "b"]),
        (np.float32(0.5), 0.5),
        (np.bool_(True), True),
        (type("Degrees", (float,), {})(1.5), 1.5),
    ],
)
def test_encode_of_what_comes_with_python_or_numpy_works_out_of_the_box(value: object, expected: object) -> None:
    assert sent({"deep": [value]}) == {"deep": [expected]}


CAFE = "caf\udce9.abc"  # a name on disk that is no UTF-8, as Python has it


@pytest.mark.parametrize(
    "value",
    [
        CAFE,
        "a half of a character \ud83d",
        {CAFE: [CAFE, 1, None, {"ä": "caf\ufffd.abc"}]},
        [{"name": CAFE, "size": 1.5}, np.arange(2).tolist()],
        CAFE + "\U0001f3ac",
    ],
)
def test_encode_of_lone_surrogates_keeps_them(value: object) -> None:
    assert sent(value) == value


@pytest.mark.parametrize(
    ("value", "expected"),
    [({"a": {CAFE}}, {"a": [CAFE]}), ((CAFE, PurePosixPath(CAFE)), [CAFE, CAFE])],
)
def test_encode_of_lone_surrogates_in_what_has_an_encoder_keeps_them(value: object, expected: object) -> None:
    assert sent(value) == expected


@pytest.mark.parametrize(("beside", "why"), [(1j, r"detail\.a\[1\]: complex"), ({(): 2}, r"its key \(\) is tuple")])
def test_encode_of_lone_surrogates_beside_what_json_cannot_hold_names_that(beside: object, why: str) -> None:
    with pytest.raises(SerializationError, match=why):
        sent({"a": [CAFE, beside]})


def test_encode_of_lone_surrogates_in_a_cycle_is_an_error() -> None:
    cycle: list[Any] = [CAFE]
    cycle.append(cycle)
    with pytest.raises(SerializationError, match="contains itself"):
        sent(cycle)


def test_registered_encoder_is_asked_in_events_results_and_the_queue() -> None:
    auroraview_qt.register_encoder(Vector, lambda v: list(v.parts))
    assert sent([Vector(1, 2)]) == [[1, 2]]
    assert json.loads(result_payload("c1", {"v": Vector(3)}))[2] == {"v": [3]}
    queue = MessageQueue()
    queue.emitter()("moved", Vector(4))
    assert [json.loads(payload_of(entry)) for entry in queue.drain(10, 1_000)] == [[0, "moved", [4]]]


def test_registered_encoder_serves_subclasses_until_they_have_their_own() -> None:
    register_encoder(Vector, lambda v: "vector")
    assert sent(Point()) == "vector"
    register_encoder(Point, lambda v: "point")
    assert sent([Point(), Vector()]) == ["point", "vector"]


def test_registered_encoder_newest_of_a_type_wins() -> None:
    register_encoder(Vector, lambda v: 1)
    register_encoder(Vector, lambda v: 2)
    assert sent(Vector()) == 2


def test_registered_encoder_may_give_what_needs_another_encoder() -> None:
    register_encoder(Vector, lambda v: {"at": Point(), "tags": {"a"}})
    register_encoder(Point, lambda v: Path("p"))
    assert sent(Vector()) == {"at": "p", "tags": ["a"]}


def test_registered_encoder_replaces_a_built_in_one() -> None:
    assert sent(PurePosixPath("/a")) == "/a"
    register_encoder(PurePosixPath, lambda path: path.as_uri())
    assert sent(PurePosixPath("/a")) == "file:///a"
    assert sent({1}) == [1]
    register_encoder(set, sorted)
    assert sent({3, 1, 2}) == [1, 2, 3]


def test_registered_encoder_of_arrays_is_asked_for_all_of_them() -> None:
    register_encoder(np.ndarray, lambda array: {"shape": array.shape})
    assert sent([np.arange(4)[::2], np.zeros((2, 3)), np.float32(0.5), np.float64(0.5)]) == [
        {"shape": [2]},
        {"shape": [2, 3]},
        0.5,
        0.5,
    ]
    with pytest.raises(SerializationError):
        sent(np.complex64(1))


def test_encoder_that_raises_names_type_event_and_place() -> None:
    def fail(value: object) -> object:
        raise RuntimeError("the node was deleted")

    register_encoder(Vector, fail)
    with pytest.raises(SerializationError) as caught:
        event_payload("moved", {"nodes": [1, Vector()]})
    text = str(caught.value)
    assert "event 'moved'" in text
    assert "detail.nodes[1]" in text
    assert "Vector raised RuntimeError('the node was deleted')" in text


@pytest.mark.parametrize("made", [lambda v: v, lambda v: [v], lambda v: {"again": Loop()}])
def test_encoder_that_never_comes_to_an_end_is_an_error(made: Any) -> None:
    register_encoder(Loop, made)
    with pytest.raises(SerializationError, match="event 'x'"):
        event_payload("x", Loop())


def test_value_inside_a_set_that_has_no_encoder_is_named_by_its_type() -> None:
    with pytest.raises(SerializationError, match="complex"):
        event_payload("x", {"a": {1j}})


class Colour(enum.Enum):
    RED = 1


@dataclasses.dataclass
class Record:
    a: int


@pytest.mark.parametrize("kind", [Record, Colour, str, bool, float, tuple, dict, type("Text", (str,), {}), dt.datetime])
def test_register_encoder_of_what_json_has_a_form_for_is_refused(kind: type) -> None:
    with pytest.raises(TypeError, match="JSON has a form for it"):
        register_encoder(kind, str)


def test_register_encoder_of_something_else_is_refused() -> None:
    with pytest.raises(TypeError, match="needs a class, not 3"):
        register_encoder(3, str)
    with pytest.raises(TypeError, match="have to be callable"):
        register_encoder(Vector, "fn")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="have to be callable"):
        register_encoder(Vector, str, decode=3)  # type: ignore[arg-type]


def test_register_encoder_in_many_threads_loses_none() -> None:
    kinds = [type(f"Kind{i}", (), {}) for i in range(200)]
    start = threading.Barrier(4)

    def register(part: list[type]) -> None:
        start.wait()
        for kind in part:
            register_encoder(kind, lambda value: 1)
            encoders.encoder_of(kind)

    threads = [threading.Thread(target=register, args=(kinds[i::4],)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(encoders.registered(kind) for kind in kinds)


def test_registered_knows_nothing_of_the_built_in_ones() -> None:
    assert encoders.registered(set) is None
    assert encoders.encoder_of(set) is not None


class Named(NamedTuple):
    a: int


def test_error_data_may_hold_what_has_an_encoder(caplog: pytest.LogCaptureFixture) -> None:
    from auroraview_qt.errors import AuroraViewError
    from auroraview_qt.ipc.calls.handler import IpcHandler

    handler = IpcHandler()

    def fail() -> None:
        raise AuroraViewError("no", data={"path": Path("a"), "named": Named(1)})

    handler.register_command("fail", fail)
    with caplog.at_level(logging.ERROR):
        answer = json.loads(handler.call("c1", "fail", ()))
    assert answer[2]["data"] == {"path": "a", "named": [1]}
