from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auroraview_qt.errors import InvalidNameError, MessageTooLargeError, ProtocolError, SerializationError
from auroraview_qt.ipc.wire import page_messages, protocol
from auroraview_qt.ipc.wire.limits import MAX_DEPTH
from tests.ipc.json_values import JSON, TEXT, nested

# Names


@pytest.mark.parametrize("name", ["a", "_x", "$x", "0", "export_scene", "ns.name", "plugin:fs/read", "a-b", "a" * 128])
def test_check_name_valid_is_returned(name: str) -> None:
    assert protocol.check_name(name) is name


@pytest.mark.parametrize("name", ["", "a b", ".a", "-a", "é", "a\n", "a" * 129, None, 3, b"a", "*", '"'])
def test_check_name_invalid_raises_and_says_what_it_is_for(name: object) -> None:
    with pytest.raises(InvalidNameError, match="no valid command name") as caught:
        protocol.check_name(name, "command")
    assert repr(name) in str(caught.value)


#: Names with everything that JSON, a batch or a script could trip over.
FREE_NAMES = [
    "node picked",
    "*x",
    'say "hi"',
    "back\\slash",
    "tail\\",
    '"',
    "\\",
    "ü",
    "名前",
    "🎬" * 128,
    "',",
    "],[0",
    "\u2028",
]


@pytest.mark.parametrize("name", FREE_NAMES)
def test_check_event_any_text_is_returned(name: str) -> None:
    assert protocol.check_event(name) is name
    assert protocol.listened_names([name]) == [name]


@pytest.mark.parametrize("name", ["", "a\n", "\x7f", "\x9f", "\udfff", "🎬" * 129, "*", None, 3])
def test_check_event_invalid_raises(name: object) -> None:
    with pytest.raises(InvalidNameError, match="no valid event name"):
        protocol.check_event(name)


@pytest.mark.parametrize("name", FREE_NAMES)
def test_head_of_an_event_tells_any_name(name: str) -> None:
    payload = protocol.event_payload(name, {"x": '",'})

    assert json.loads(payload) == [0, name, {"x": '",'}]
    assert protocol.head_of(payload) == protocol.event_head(name)
    assert protocol.name_of(protocol.event_head(name)) == name
    assert protocol.as_message(payload).name == name


def test_batch_with_any_names_keeps_each_event() -> None:
    payloads = [protocol.event_payload(name, number) for number, name in enumerate(FREE_NAMES * 3)]
    heads = {protocol.event_head(name) for name in FREE_NAMES}

    batch = json.loads(protocol.join_payloads(payloads, heads))

    assert [(name, data) for _, name, *datas in batch for data in datas] == [(n, i) for i, n in enumerate(FREE_NAMES * 3)]
    with pytest.raises(protocol.UnheardError):
        protocol.join_payloads(payloads, heads - {protocol.event_head('"')})


def test_progress_is_replaced_by_no_event() -> None:
    assert protocol.check_event("#docc1") != protocol.progress_message("c1", None, "", "doc").name
    with pytest.raises(InvalidNameError):
        protocol.check_event(protocol.progress_message("c1", None, "", "doc").name)


# To the page


@dataclasses.dataclass
class Node:
    name: str
    when: dt.date


def test_event_payload_data_arrives_as_json_array() -> None:
    payload = protocol.event_payload("selection", {"node": Node("pCube1", dt.date(2024, 1, 2)), "n": (1, 2)})

    assert json.loads(payload) == [0, "selection", {"node": {"name": "pCube1", "when": "2024-01-02"}, "n": [1, 2]}]
    assert protocol.as_message(payload) == protocol.Message(protocol.HostMessage.EVENT, "selection", payload)


def test_coalesced_message_says_so() -> None:
    message = protocol.coalesced_message("frame", 1)

    assert message == protocol.Message(
        protocol.HostMessage.EVENT, "frame", protocol.event_payload("frame", 1), coalesce=True
    )
    assert protocol.as_message(message) is message


@pytest.mark.parametrize("name", ["", "a\nb", "\x7f", "\x85", "\ud800", "*", "x" * 129])
def test_event_payload_name_that_is_not_valid_raises_each_time(name: str) -> None:
    for _ in range(2):
        with pytest.raises(InvalidNameError):
            protocol.event_payload(name, 1)


@pytest.mark.parametrize("name", [None, 3, ["x"]])
def test_event_payload_name_that_is_no_string_raises(name: str) -> None:
    with pytest.raises(InvalidNameError):
        protocol.event_payload(name, 1)


def test_event_payload_more_names_than_are_kept_work_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEADS", {})
    monkeypatch.setattr(protocol, "MAX_HEADS", 3)
    for number in range(10):
        assert protocol.event_payload(f"n{number}", number) == b'[0,"n%d",%d]' % (number, number)
    assert len(protocol.HEADS) <= 3


EVENTS = st.lists(st.tuples(st.sampled_from(["a", "a", "a", "a", "b", "a.b"]), JSON), min_size=1, max_size=20)


@given(EVENTS)
def test_join_payloads_any_events_come_apart_again_in_order(events: list[tuple[str, object]]) -> None:
    batch = json.loads(protocol.join_payloads([protocol.event_payload(name, data) for name, data in events]))

    assert [(name, data) for kind, name, *datas in batch for data in datas] == events
    assert all(kind == 0 for kind, *_ in batch)


@pytest.mark.parametrize(
    ("sent", "runs"),
    [
        ("aaaa", "a4"),
        ("aaaaaabaaa", "a6 b1 a3"),
        ("aaaaaaaab", "a8 b1"),
        ("aaaaaaaabba", "a8 b1 b1 a1"),
        ("abab", "a1 b1 a1 b1"),
        ("baaa", "b1 a1 a1 a1"),
    ],
)
def test_join_payloads_neighbours_of_the_first_name_become_one(sent: str, runs: str) -> None:
    payloads = [protocol.event_payload(name, [[1], [0, "a", 5]]) for name in sent]

    batch = json.loads(protocol.join_payloads(payloads))
    assert " ".join(f"{name}{len(datas)}" for _, name, *datas in batch) == runs


def test_join_payloads_answers_stay_apart() -> None:
    payloads = [protocol.result_payload("c", 1), protocol.event_payload("c", 2), protocol.event_payload("c", 3)]

    assert json.loads(protocol.join_payloads(payloads)) == [[1, "c", 1], [0, "c", 2], [0, "c", 3]]


@given(JSON)
def test_event_payload_any_json_round_trips(value: object) -> None:
    assert json.loads(protocol.event_payload("x", value))[2] == value


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"a": [1, {"b": object()}]}, "detail.a[1].b: object"),
        ({"a": {(3, 4): 1}}, "detail.a: its key (3, 4) is tuple"),
        ([1, 2**64], "detail[1]: 18446744073709551616 is beyond"),
        ((1, {1, 2j}), "complex: there is no encoder"),
        ({"ok": [None], "odd key": 1j}, 'detail["odd key"]: complex'),
        (object(), "detail: object"),
    ],
)
def test_event_payload_value_json_cannot_hold_names_event_and_path(value: object, told: str) -> None:
    with pytest.raises(SerializationError, match="event 'update_data'") as caught:
        protocol.event_payload("update_data", value)
    assert told in str(caught.value)


def test_event_payload_cycle_is_named_as_such() -> None:
    cycle: list[object] = []
    cycle.append(cycle)

    with pytest.raises(SerializationError, match=r"event 'x': detail.a\[0\]: it contains itself"):
        protocol.event_payload("x", {"a": cycle})


@given(st.text(alphabet=st.characters()))
def test_result_payload_any_id_comes_back_as_it_was_sent(call_id: str) -> None:
    payload = protocol.result_payload(call_id, None)

    assert json.loads(payload) == [1, call_id, None]
    assert protocol.answer_message(payload, "doc") == protocol.Message(protocol.HostMessage.RESULT, "", payload, "doc")


def test_result_payload_value_json_cannot_hold_is_named() -> None:
    with pytest.raises(SerializationError, match=r"result.a: object"):
        protocol.result_payload("c1", {"a": object()})


def test_error_payload_lone_surrogate_in_id_is_kept() -> None:
    payload = protocol.error_payload("\udcff", {"code": "X"})

    assert json.loads(payload) == [2, "\udcff", {"code": "X"}]
    assert protocol.answer_message(payload, "doc").kind is protocol.HostMessage.ERROR


def test_bind_message_names_are_for_one_document() -> None:
    message = protocol.bind_message(["api.a", "b"], "doc")

    assert json.loads(message.payload) == [3, "", ["api.a", "b"]]
    assert message.document == "doc"


# From the page


def test_decode_envelope_valid_gives_its_parts() -> None:
    assert page_messages.decode_envelope('["d1",3,0,[[0,"x",1],[3,"raw"]]]') == ("d1", 3, 0, [[0, "x", 1], [3, "raw"]])


@pytest.mark.parametrize(
    "text",
    ["[]", "1", "{}", "[1,0,0,[]]", '["d","0",0,[]]', '["d",0,0,{}]', '["d",0,4,[]]', '["d",0,0,[],1]'],
)
def test_decode_envelope_of_another_shape_raises(text: str) -> None:
    with pytest.raises(ProtocolError, match="envelope"):
        page_messages.decode_envelope(text)


def test_decode_envelope_detail_at_the_depth_cap_passes_one_deeper_is_refused() -> None:
    envelope = '["d",0,0,[[0,"x",%s]]]'

    assert page_messages.decode_envelope(envelope % nested(MAX_DEPTH))[3]
    with pytest.raises(MessageTooLargeError, match="nests deeper than 64"):
        page_messages.decode_envelope(envelope % nested(MAX_DEPTH + 1))


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ([0, "x", 1], {"type": "event", "event": "x", "detail": 1}),
        ([1, "c1", "f"], {"type": "call", "id": "c1", "method": "f"}),
        ([1, "c1", "f", None], {"type": "call", "id": "c1", "method": "f", "params": None}),
        ([2, {"type": "ready"}], {"type": "ready"}),
        ([3, '{"type": "event", "event": "x"}'], {"type": "event", "event": "x"}),
    ],
)
def test_decode_message_each_kind_gives_an_object(raw: object, message: object) -> None:
    assert page_messages.decode_message(raw) == message


@pytest.mark.parametrize(
    "raw",
    [
        None,
        1,
        [],
        {},
        {"type": "event"},
        "[]",
        [0],
        [0, "x"],
        [1, "c"],
        [1, "c", "f", 1, 2],
        [2],
        [2, {"type": 1}],
        [3, {}],
        [4],
    ]
    + [[3, text] for text in ("[]", "{", '"{}"', "")],
)
def test_decode_message_anything_else_raises(raw: object) -> None:
    with pytest.raises(ProtocolError):
        page_messages.decode_message(raw)


def test_decode_message_text_that_is_long_is_refused() -> None:
    with pytest.raises(MessageTooLargeError, match="a message of text has 70,002 characters"):
        page_messages.decode_message([3, json.dumps("x" * 70_000)])


def test_decode_message_text_too_deep_is_refused() -> None:
    with pytest.raises(MessageTooLargeError):
        page_messages.decode_message([3, '{"type":"event","detail":' + nested(MAX_DEPTH + 1) + "}"])


@given(st.text(alphabet=st.characters()) | TEXT)
def test_decode_envelope_any_text_gives_envelope_or_protocol_error(text: str) -> None:
    with contextlib.suppress(ProtocolError):
        page_messages.decode_envelope(text)
