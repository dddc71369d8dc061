"""Exact values in Python: out and in again unchanged, or refused with the path to the part."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import json
import math
import sys
import uuid
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auroraview_qt.errors import MessageTooLargeError, ProtocolError, SerializationError
from auroraview_qt.ipc.wire import escapes, exact_json, json_text, protocol
from auroraview_qt.ipc.wire.unread import Unread
from auroraview_qt.schema.binary import Binary
from auroraview_qt.schema.encoders import register_encoder
from tests.ipc.json_values import JSON

BINARY = st.binary(max_size=40)
EXACT = st.recursive(
    JSON | st.floats() | BINARY | st.text(st.characters(min_codepoint=0xD7F0, max_codepoint=0xE010)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=20,
)


def there_and_back(value: object) -> Any:
    return json_text.loads(json_text.dumps(value, "event 'x'", "detail"))


def same(one: Any, other: Any) -> bool:
    """Compare with the signs of zeros, NaN, and the types and shapes of binary data."""
    if isinstance(one, float):
        return repr(one) == repr(other)
    if isinstance(one, str):  # two halves beside each other are a character
        return isinstance(other, str) and one.encode("utf-16", "surrogatepass") == other.encode("utf-16", "surrogatepass")
    if isinstance(one, (bytes, bytearray)):
        return isinstance(other, memoryview) and other == one
    if isinstance(one, list):
        return type(other) is list and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return (
            type(other) is dict
            and all(map(same, one, other))
            and len(one) == len(other)
            and all(map(same, one.values(), other.values()))
        )
    return type(one) is type(other) and bool(one == other)


@given(EXACT)
def test_dumps_any_value_comes_back_as_it_was(value: object) -> None:
    assert same(value, there_and_back(value))
    assert same(value, json_text.loads(exact_json.dumps_from_page(value)))


@given(st.lists(EXACT, max_size=3))
def test_payload_any_value_is_the_same_by_every_way(values: list[object]) -> None:
    batch = protocol.join_payloads([protocol.event_payload("x", value) for value in values])
    assert same(values, [data for message in json_text.loads(batch) for data in message[2:]])  # type: ignore[attr-defined]
    assert same(values, json_text.loads(protocol.result_payload("c1", values))[2])  # type: ignore[index]


def test_dumps_escape_is_written_as_the_protocol_says() -> None:
    assert json_text.dumps([math.nan, b"\xff"], "x") == b'[[\t1e999,"number","NaN"],[\t1e999,"bytes","/w=="]]'
    assert json_text.dumps(np.float32([[1, 2]]), "x") == b'[\t1e999,"array","float32",[1,2],"AACAPwAAAEA="]'


@pytest.mark.parametrize("dtype", ["?", "i1", "u1", "i2", ">u2", "i4", ">u4", ">i8", "u8", "f4", ">f8"])
def test_dumps_array_keeps_type_shape_and_numbers(dtype: str) -> None:
    table = np.arange(24).astype(dtype).reshape(4, 6)
    for array in (table, table[::2, 1::3], table.T, np.asfortranarray(table), table[:, :0], table[0, 0, ...]):
        got = np.asarray(there_and_back({"a": array})["a"])
        assert got.dtype == array.dtype.newbyteorder("=") or not array.size
        assert got.size == array.size == 0 or (got.shape == array.shape and (got == array).all())


def test_dumps_view_keeps_its_format() -> None:
    view = memoryview(np.arange(6, dtype="i8").reshape(2, 3))
    assert there_and_back(view) == view
    assert there_and_back(memoryview(b"abcd")[::2]) == b"ac"
    assert there_and_back(memoryview(b"ab").cast("c")).tobytes() == b"ab"
    with pytest.raises(SerializationError, match="memoryview"):
        json_text.dumps(memoryview(np.arange(2, dtype="f2")), "x")


def test_dumps_masked_array_sends_no_hidden_number() -> None:
    assert there_and_back(np.ma.array([1, 7], mask=[False, True])) == [1, None]


@pytest.mark.parametrize("dtype", ["f2", "U1"])
def test_dumps_array_without_a_typed_array_is_a_list(dtype: str) -> None:
    assert there_and_back(np.array([[1], [2]]).astype(dtype)) == np.array([[1], [2]]).astype(dtype).tolist()


class Axis(enum.Enum):
    X = "x"
    LIMIT = math.inf
    FRAME = 12


class Frame(enum.IntEnum):
    FIRST = 1001


class Handle(int):
    pass


class Name(str):
    __slots__ = ()


@dataclasses.dataclass
class Node:
    name: str
    weight: float
    _hidden: int = 3


DAY = dt.date(2026, 1, 31)
ID = uuid.UUID(int=7)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([Axis.LIMIT, Frame.FIRST, Name("n"), True], [math.inf, 1001, "n", True]),
        (Node("a", math.inf), {"name": "a", "weight": math.inf}),
        ([None, DAY, ID, dt.time(1, 2), {math.inf}], [None, "2026-01-31", str(ID), "01:02:00", [math.inf]]),
        ((math.inf, (1, [])), [math.inf, [1, []]]),
        ([None, np.float64(math.inf), np.int64(3)], [None, math.inf, 3]),
        ([math.inf, Handle(7)], [math.inf, 7]),
        ([None, "null", "nullable"], [None, "null", "nullable"]),
        ([None, Node("null", 1.0)], [None, {"name": "null", "weight": 1.0}]),
    ],
)
def test_dumps_value_with_a_form_has_it_beside_escapes(value: object, expected: object) -> None:
    assert there_and_back(value) == expected


@pytest.mark.parametrize(
    ("key", "text"),
    [(1001, "1001"), (-3, "-3"), (0.5, "0.5"), (True, "true"), (False, "false"), (Axis.X, "x"), (Axis.FRAME, "12"),
     (Frame.FIRST, "1001"), (DAY, "2026-01-31"), (ID, str(ID)), (Name("n"), "n"), (np.int64(4), "4"), (2**70, str(2**70))],
)  # fmt: skip
def test_dumps_key_becomes_a_text(key: object, text: str) -> None:
    assert there_and_back({"keys": {key: math.inf}}) == {"keys": {text: math.inf}}


CYCLE: dict[str, Any] = {"rows": [1, {}]}
CYCLE["rows"][1]["again"] = CYCLE


def deep(levels: int) -> list[Any]:
    value: list[Any] = [math.nan]
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"rows": [0, {"id": 2**53}]}, "detail.rows[1].id: 9007199254740992 is beyond"),
        (np.uint64(2**53), "detail: 9007199254740992 is beyond"),
        (Frame.FIRST + 2**53, "is beyond"),
        ({"odd key": {(1, 2): 1}}, 'detail["odd key"]: its key (1, 2) is tuple'),
        ({None: 1}, "detail: its key None is NoneType"),
        ({"a": {1: 2, "1": 3}}, "detail.a: two keys are '1' as text"),
        ([[1j]], "detail[0][0]: complex: there is no encoder"),
        (CYCLE, "detail.rows[1].again: it contains itself"),
        ({"x" * 500: 1j}, 'detail["' + "x" * 100 + '"]: complex'),
        ([None, dt.time(1, tzinfo=dt.timezone.utc)], "detail[1]: "),
        (deep(255), "nested deeper than 250 levels"),
        (Node, "detail: type: "),
    ],
)
def test_dumps_part_without_an_exact_form_is_named_by_its_path(value: object, told: str) -> None:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(5_000)
    try:
        with pytest.raises(SerializationError) as caught:
            json_text.dumps(value, "event 'x'", "detail")
    finally:
        sys.setrecursionlimit(limit)
    assert str(caught.value).startswith("event 'x': detail")
    assert told in str(caught.value)


def test_dumps_over_the_stack_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact_json, "MAX_LEVELS", 10**6)
    with pytest.raises(SerializationError, match="nested too deeply"):
        json_text.dumps(deep(3_000), "x")


@pytest.mark.parametrize("wish", [SystemExit, KeyboardInterrupt])
def test_dumps_wish_to_exit_of_an_encoder_is_passed_on(wish: type[BaseException]) -> None:
    class Leaver:
        pass

    def leave(_: object) -> object:
        raise wish

    register_encoder(Leaver, leave)
    with pytest.raises(wish):
        json_text.dumps([Leaver()], "x")


def test_dumps_over_the_limit_is_told_with_name_and_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "MAX_TEXT_BYTES", 100)
    monkeypatch.setattr(protocol, "MAX_TEXT_BYTES", 100)
    with pytest.raises(MessageTooLargeError, match=r"event 'over the limit': 202 bytes are above the limit of 100"):
        protocol.event_payload("over the limit", "x" * 200)
    with pytest.raises(MessageTooLargeError, match=r"result: 202 bytes"):
        protocol.result_payload("c1", "x" * 200)


@pytest.mark.parametrize(
    "text",
    [
        "[\t1e999]", '[\t1e999,"nothing",1]', '[\t1e999,"number"]', '[\t1e999,"number",3]', '[\t1e999,"number","x"]',
        '[\t1e999,"bytes",3]', '[\t1e999,"array","float32",[2],"AACAPw=="]',
        '[\t1e999,"array","complex",[1],"AACAPw=="]', '[\t1e999,"array","float32",["a"],"AACAPw=="]', "[\t1e999,[],{}]",
        '[\t1e999,"array","uint8",[9223372036854775808],"AAAA"]', '[\t1e999,"array","uint8",[9223372036854775807,3],"AAAA"]',
        '[\t1e999,"array","uint8",[-1,-3],"AAAA"]', '[\t1e999,"array","uint8",[5],""]',
        '[\t1e999,"array","uint8",[0,-5],""]',
        '[\t1e999,"image",-1,-1,"AAAAAA=="]', '[\t1e999,"image",0.5,2,"AAAAAA=="]', '[\t1e999,"image",true,1,"AAAAAA=="]',
        '[\t1e999,"image",[1],1000000000000000,"AAAA"]', '[\t1e999,"image","a",1000000000000000,"AAAA"]',
        '[\t1e999,"bytes",[\t1e999,"bytes","AAAA"]]', '[\t1e999,"bytes","\\ud800"]', f'[\t1e999,"bytes","{"é" * 300_000}"]',
        '[\t1e999,"array",[],[1],"AACAPw=="]', '[\t1e999,"array","uint8",%s,"AA=="]' % ([1] * 40),
    ],
)  # fmt: skip
def test_loads_malformed_escape_is_refused(text: str) -> None:
    for data in (text, f'{{"a":[{text}]}}'):
        with pytest.raises(ProtocolError, match="malformed"):
            json_text.loads(data.encode())


def test_loads_array_without_a_shape_has_one_dimension() -> None:
    view = json_text.loads(b'[\t1e999,"array","float32",null,"AACAPwAAAEA="]')
    assert isinstance(view, memoryview)
    assert view.tolist() == [1.0, 2.0]


def test_dumps_encoder_may_give_binary_data() -> None:
    class Picture:
        pass

    register_encoder(Picture, lambda picture: Binary("bytes", (), b"pixels"))
    assert there_and_back([Picture()]) == [b"pixels"]
    assert there_and_back([Picture(), math.inf]) == [b"pixels", math.inf]


def test_dumps_image_stays_an_image() -> None:
    image = Binary("image", (1, 2), b"RGBArgba")
    got = there_and_back([image])[0]
    assert isinstance(got, Binary)
    assert (got.kind, got.describing, got.data) == ("image", (1, 2), b"RGBArgba")
    assert json_text.dumps(got, "x") == b'[\t1e999,"image",1,2,"UkdCQXJnYmE="]'
    with pytest.raises(ProtocolError, match="malformed"):
        json_text.loads(b'[\t1e999,"image",1,1,"UkdCQXJnYmE="]')


def test_loads_mark_of_a_forger_outside_of_an_array_is_a_number() -> None:
    assert json_text.loads(b"\t1e999") == 2**64 - 1
    assert json_text.loads(b'{"a":\t1e999}') == {"a": 2**64 - 1}


def test_dumps_from_page_number_that_is_too_large_is_sent() -> None:
    assert exact_json.dumps_from_page([2**60, math.nan]) == b'[1152921504606846976,[\t1e999,"number","NaN"]]'
    assert exact_json.dumps_from_page([None]) == b"[null]"


def test_loads_tab_of_a_program_is_space() -> None:
    assert json_text.loads(json.dumps({"a": [1, -0.0]}, indent="\t").encode()) == {"a": [1, -0.0]}


def test_unread_large_envelope_has_its_escapes_wherever_it_is_cut() -> None:
    numbers = ",".join(['[\t1e999,"number","Infinity"]'] * 5_000)
    text = f'["doc",0,0,[[0,"x",[{numbers}],[\t1e999,"bytes","{"AAAA" * 30_000}"]]]]'
    middle = text.index("1e999", 60_000) + 2
    messages = Unread([text[:middle], text[middle:]]).read()
    assert messages == [[0, "x", [math.inf] * 5_000, bytes(90_000)]]


def test_unread_mark_is_found_wherever_the_text_is_cut() -> None:
    text = '["doc",0,0,[[0,"x",[\t1e999,"number","Infinity"],"' + "x" * 80_000 + '"]]]'
    for middle in range(text.index("\t") - 1, text.index("\t") + 8):
        assert Unread([text[:middle], text[middle:]]).read() == [[0, "x", math.inf, "x" * 80_000]]


def test_unread_too_many_marks_are_refused_before_they_are_decoded() -> None:
    unread = Unread(['["doc",0,0,[' + "\t1e999," * 600_000 + "1]]"])
    with pytest.raises(MessageTooLargeError, match="more than 500,000 values"):
        unread.read()


def test_unread_messages_that_are_an_escape_are_no_value() -> None:
    assert Unread(['["doc",0,0,[\t1e999,"number","NaN"]]']).read() == [2**64 - 1, "number", "NaN"]


def test_reviving_takes_short_steps() -> None:
    root: list[Any] = [[[2**64 - 1, "number", "NaN"] for _ in range(50_000)], {"a": [2**64 - 1, "bytes", "AAAA" * 500_000]}]
    assert sum(1 for _ in escapes.reviving(root, is_page=True)) > 35
    assert root[0][-1] != root[0][-1]
    assert root[1] == {"a": bytes(1_500_000)}


def test_page_can_name_no_data_that_is_held_and_send_no_image() -> None:
    text = json_text.dumps(bytes(100_000), "x", holds=True)
    assert json_text.loads(text) == bytes(100_000)
    for forged in (text, b'[\t1e999,"image",1,1,"AAAAAA=="]', b'[\t1e999,"bytes","#"]'):
        with pytest.raises(ProtocolError, match="malformed"):
            json_text.loads(forged, is_page=True)
        with pytest.raises(ProtocolError, match="malformed"):
            Unread([f'["doc",0,0,[[0,"x",{forged.decode()}]]]']).read()


def test_escape_at_the_deepest_level_is_within_the_limit() -> None:
    value = escapes.written(json.dumps(["[" * 0], separators=(",", ":")).encode())
    assert value == b'[""]'
    text = "[" * 62 + '[\t1e999,"array","uint8",[1],"AA=="]' + "]" * 62
    assert json_text.guarded(text, 62)
