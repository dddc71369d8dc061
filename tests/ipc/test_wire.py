from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auroraview_qt.errors import InvalidNameError, MessageTooLargeError, ProtocolError, SerializationError
from auroraview_qt.ipc import wire

TEXT = st.text(alphabet=st.sampled_from('[]{}"\\,:ab\u2028é\n')) | st.text()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


def depth_of(value: object) -> int:
    """Count the levels the slow and obvious way."""
    if isinstance(value, dict):
        return 1 + max(map(depth_of, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth_of, value), default=0)
    return 0


def nested(levels: int) -> str:
    return "[" * levels + "]" * levels


# Depth


@given(value=JSON, limit=st.integers(0, 8), ascii_only=st.booleans())
@example(value=['\\"[[[['], limit=1, ascii_only=True)
@example(value={"\\": "\\\\", "]": []}, limit=2, ascii_only=False)
def test_depth_exceeds_any_json_agrees_with_counting(value: object, limit: int, ascii_only: bool) -> None:
    data = json.dumps(value, ensure_ascii=ascii_only).encode()

    assert wire.depth_exceeds(data, limit) == (depth_of(value) > limit)


@given(TEXT)
def test_depth_exceeds_any_string_counts_no_bracket_inside_it(text: str) -> None:
    assert not wire.depth_exceeds(json.dumps([text]).encode(), 1)


@pytest.mark.parametrize("data", [b"[", b"]", b"}", b"][", b'{"a": [}'])
def test_depth_exceeds_unmatched_brackets_is_too_deep(data: bytes) -> None:
    assert wire.depth_exceeds(data, 64)


@given(st.binary())
def test_depth_exceeds_any_bytes_returns(data: bytes) -> None:
    assert wire.depth_exceeds(data, 4) in (True, False)


# Names


@pytest.mark.parametrize("name", ["a", "_x", "$x", "0", "export_scene", "ns.name", "plugin:fs/read", "a-b", "a" * 128])
def test_check_name_valid_is_returned(name: str) -> None:
    assert wire.check_name(name) is name


@pytest.mark.parametrize("name", ["", "a b", ".a", "-a", "é", "a\n", "a" * 129, None, 3, b"a", "*", '"'])
def test_check_name_invalid_raises_and_says_what_it_is_for(name: object) -> None:
    with pytest.raises(InvalidNameError, match="no valid command name") as caught:
        wire.check_name(name, "command")
    assert repr(name) in str(caught.value)


# To the page


@dataclasses.dataclass
class Node:
    name: str
    when: dt.date


def test_event_message_data_arrives_as_json_array() -> None:
    message = wire.event_message("selection", {"node": Node("pCube1", dt.date(2024, 1, 2)), "n": (1, 2)})

    assert json.loads(message.payload) == [
        0,
        "selection",
        {"node": {"name": "pCube1", "when": "2024-01-02"}, "n": [1, 2]},
    ]
    assert (message.kind, message.name, message.document, message.coalesce) == (
        wire.Kind.EVENT,
        "selection",
        None,
        False,
    )


def test_event_message_coalesce_is_kept() -> None:
    assert wire.event_message("frame", 1, coalesce=True).coalesce


@given(JSON)
def test_event_message_any_json_round_trips(value: object) -> None:
    assert json.loads(wire.event_message("x", value).payload)[2] == value


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"a": [1, {"b": object()}]}, "data['a'][1]['b']: object"),
        ({"a": {3: 1}}, "data['a']: key 3 is int, not str"),
        ([1, 2**64], "data[1]: int"),
        ((1, {1, 2}), "data[1]: set"),
        ({"ok": [None], "name": "\ud800"}, "data['name']: str"),
        (object(), "data: object"),
        ({"\ud800": 1}, "JSON cannot hold this value: "),
    ],
)
def test_event_message_value_json_cannot_hold_names_event_and_path(value: object, told: str) -> None:
    with pytest.raises(SerializationError, match="event 'update_data'") as caught:
        wire.event_message("update_data", value)
    assert told in str(caught.value)


def test_event_message_cycle_is_named_as_such() -> None:
    cycle: list[object] = []
    cycle.append(cycle)

    with pytest.raises(SerializationError, match=r"event 'x'.*or a cycle"):
        wire.event_message("x", {"a": cycle})


@given(st.text(alphabet=st.characters()))
def test_result_message_any_id_comes_back_as_it_was_sent(call_id: str) -> None:
    message = wire.result_message(call_id, None, "doc")

    assert json.loads(message.payload) == [1, call_id, None]
    assert (message.kind, message.document) == (wire.Kind.RESULT, "doc")


def test_error_message_lone_surrogate_in_id_is_kept() -> None:
    message = wire.error_message("\udcff", {"code": "X"}, "doc")

    assert json.loads(message.payload) == [2, "\udcff", {"code": "X"}]
    assert (message.kind, message.document) == (wire.Kind.ERROR, "doc")


def test_bind_message_names_are_for_one_document() -> None:
    message = wire.bind_message(["api.a", "b"], "doc")

    assert json.loads(message.payload) == [3, "", ["api.a", "b"]]
    assert message.document == "doc"


# From the page


@given(JSON)
def test_loads_any_json_agrees_with_the_standard_library(value: object) -> None:
    assert wire.loads(json.dumps(value).encode()) == value


def test_loads_lone_surrogate_is_kept() -> None:
    assert wire.loads(b'{"file": "shot\\udcff.exr"}') == {"file": "shot\udcff.exr"}


@pytest.mark.parametrize("data", [b"", b"{", b"nope", b"\xff", b"[" * 100_000])
def test_loads_not_json_raises_protocol_error(data: bytes) -> None:
    with pytest.raises(ProtocolError, match="not JSON"):
        wire.loads(data)


def test_decode_envelope_valid_gives_its_parts() -> None:
    assert wire.decode_envelope('{"doc":"d1","ack":3,"msgs":[{"type":"event"},"raw"]}') == (
        "d1",
        3,
        [{"type": "event"}, "raw"],
    )


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "1",
        "{}",
        '{"doc":1,"ack":0,"msgs":[]}',
        '{"doc":"d","ack":"0","msgs":[]}',
        '{"doc":"d","ack":0,"msgs":{}}',
    ],
)
def test_decode_envelope_of_another_shape_raises(text: str) -> None:
    with pytest.raises(ProtocolError, match="envelope"):
        wire.decode_envelope(text)


def test_decode_envelope_over_the_size_cap_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MAX_ENVELOPE_CHARS", 1_000)

    with pytest.raises(MessageTooLargeError, match="1,001 characters is over the cap of 1,000"):
        wire.decode_envelope("[" * 1_001)


def test_decode_envelope_detail_at_the_depth_cap_passes_one_deeper_is_refused() -> None:
    envelope = '{"doc":"d","ack":0,"msgs":[%s]}'

    assert wire.decode_envelope(envelope % nested(wire.MAX_DEPTH + 1)).messages
    with pytest.raises(MessageTooLargeError, match="nests deeper than 64"):
        wire.decode_envelope(envelope % nested(wire.MAX_DEPTH + 2))


@pytest.mark.parametrize("raw", [{"type": "event", "event": "x"}, '{"type": "event", "event": "x"}'])
def test_decode_message_object_or_its_text_gives_the_object(raw: object) -> None:
    assert wire.decode_message(raw) == {"type": "event", "event": "x"}


@pytest.mark.parametrize("raw", [None, 1, [], {}, {"type": 1}, "[]", "{", '"{}"', ""])
def test_decode_message_anything_else_raises(raw: object) -> None:
    with pytest.raises(ProtocolError):
        wire.decode_message(raw)


def test_decode_message_text_too_deep_is_refused() -> None:
    with pytest.raises(MessageTooLargeError):
        wire.decode_message('{"type":"event","detail":' + nested(wire.MAX_DEPTH + 1) + "}")


@given(st.text(alphabet=st.characters()) | TEXT)
def test_decode_envelope_any_text_gives_envelope_or_protocol_error(text: str) -> None:
    with contextlib.suppress(ProtocolError):
        wire.decode_envelope(text)
