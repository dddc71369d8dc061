"""Messages no runtime sends: forged shapes, ids, numbers and names. Each is refused alone, and those after it arrive."""

from __future__ import annotations

import logging
import math
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auroraview_qt.ipc.calls.page_calls import NO_PARAMS
from auroraview_qt.ipc.engine.engine import Engine
from auroraview_qt.ipc.trust import TrustPolicy
from auroraview_qt.ipc.wire.limits import MAX_ID_CHARS, MAX_TEXT_CHARS
from tests.ipc.engine.test_engine import LONG, Page, event, raw

ODD = [
    None,
    True,
    False,
    0,
    1,
    -1,
    4,
    0.0,
    1.0,
    5.0,
    10**18,
    -(10**18),
    1e300,
    "",
    "1",
    "x" * 10_000,
    [],
    [5],
    {},
    {"kind": 5},
]
HUGE = "x" * 50_000


@pytest.fixture
def engine() -> Engine:
    return Engine(TrustPolicy("http://app"))


def work(engine: Engine) -> None:
    while engine.work(LONG):
        pass


@pytest.fixture
def page(engine: Engine) -> Iterator[Page]:
    """A page that is ready; after the test another event of it still arrives."""
    made = Page(engine).open()
    heard: list[object] = []
    engine.handler.on("last", heard.append)
    yield made
    assert made.say(event("last", 1))
    work(engine)
    assert heard == [1]


@pytest.mark.parametrize("kind", ODD)
def test_kind_that_is_no_kind_is_refused_alone(engine: Engine, page: Page, kind: object) -> None:
    got: list[object] = []
    engine.handler.on("x", got.append)
    known = {0: 5, 1: 5, 4: 3}  # of these each item has to be something else
    rest = [["c1"] * known.get(kind, 1) if type(kind) is int else ["c1"], ["x", 1], [], ["p1", 1], ["c1", "x", 1, 2, 3, 4]]
    before = engine.dispatcher.malformed
    for items in rest:
        page.say([kind, *items], event("x", 2))
    work(engine)
    assert got.count(2) == len(rest)
    assert engine.dispatcher.malformed > before


@pytest.mark.parametrize("value", [*ODD, HUGE, [HUGE], "a\nb", "*"])
def test_event_name_that_is_none_is_refused_alone(engine: Engine, page: Page, value: object) -> None:
    got: list[object] = []
    engine.handler.on("x", got.append)
    engine.handler.on("*", lambda *data: None)
    before = engine.dispatcher.malformed
    page.say([0, value, 1], [0, value, 1, 2], raw({"type": "event", "event": value, "detail": 1}), event("x", 2))
    work(engine)
    assert got == [2]
    assert engine.dispatcher.malformed >= before + (0 if value == "1" else 3)


@pytest.mark.parametrize("value", [*ODD, HUGE, "é", "\ud800"])
def test_call_with_any_name_ends_and_with_any_id_harms_nobody(engine: Engine, page: Page, value: object) -> None:
    engine.handler.register_command("f", lambda: 7)
    text = {"type": "call", "id": value, "method": "f"}
    page.say([1, "c1", value], [1, value, "f"], raw(text), raw({**text, "id": "c2", "method": value}), [1, "c3", "f"])
    work(engine)
    answers = {message[1]: message for message in page.run(engine.next_delivery())}
    assert answers["c3"] == [1, "c3", 7]
    assert answers["c2"][0] == 2
    assert all(len(str(message)) < 4_000 for message in answers.values())
    assert [key for key in answers if len(key) > MAX_ID_CHARS] == []


@pytest.mark.parametrize("value", [*ODD, HUGE])
def test_stream_credit_and_cancel_with_anything_are_refused(engine: Engine, page: Page, value: object) -> None:
    parts: list[int] = []

    def count() -> Iterator[int]:
        for number in range(10**9):
            parts.append(number)
            yield number

    engine.handler.register_command("count", count)
    page.say([6, "c1", "count", value], [6, value, "count", 1], [6, "c2", value, 1], [6, "c3", "count", 1, value])
    page.say([7, "c1", value], [7, value, 1], [5, value], [8, value, 1], [9, value, value], [10, value, 0.5, "x"])
    for _ in range(100):
        engine.work(0)
    assert len(parts) < 200
    page.say([5, "c1"], [5, "c2"], [5, "c3"], [5, value])
    work(engine)


@pytest.mark.parametrize("value", [*ODD, HUGE, [1, 2], {"name": [[HUGE] * 2], "message": {}, "code": 3, "stack": None}])
def test_answers_of_any_shape_end_the_call_of_python(engine: Engine, page: Page, value: object) -> None:
    told: list[object] = []
    failing = engine.page_calls.call("f", NO_PARAMS, 30.0, lambda *report: told.append(report))
    ending = engine.page_calls.call("g", NO_PARAMS, 30.0, None)
    page.run(engine.next_delivery())
    page.say([10, "p1", value, "text"], [10, "p1", 0.5, value], [9, "p1", value], [8, "p2", value])
    work(engine)
    error = failing.exception()
    assert error is not None
    assert len(str(error)) < 4 * MAX_TEXT_CHARS
    assert ending.result() == value
    for fraction, text in told:  # type: ignore[misc]
        assert fraction is None or 0 <= fraction <= 1
        assert isinstance(text, str)
        assert len(text) < MAX_TEXT_CHARS + 200


@pytest.mark.parametrize("value", [*ODD, HUGE])
def test_state_write_with_anything_in_any_place_is_refused_or_harmless(engine: Engine, page: Page, value: object) -> None:
    engine.state["list"] = [1, 2, 3]
    page.say([4, value, 0, ["a"], 1], [4, 1, value, ["a"], 1], [4, 2, 0, value, 1], [4, 3, 0, [value], 1])
    page.say([4, 4, 2, ["list"], value, 0, []], [4, 5, 2, ["list"], 0, value, []], [4, 6, 2, ["list"], 0, 0, value])
    page.say([4, 7, 0, ["list", value], 1], [4, value], [4], [4, 8, 1, ["list", value]])
    work(engine)
    assert set(engine.state) <= {"list", "a", value if isinstance(value, str) else "a"}
    page.run(engine.next_delivery())


@pytest.mark.parametrize("value", ODD[1:])
def test_acknowledgement_and_flow_that_are_none_are_refused(engine: Engine, page: Page, value: object) -> None:
    engine.queue.push_event(b'[0,"x",1]')
    page.run(engine.next_delivery())
    if type(value) is not int or value < 0:
        assert not page.say(event("y"), ack=value)
        assert not engine.receive(page.envelope(event("y"), flow=value), page.url)  # type: ignore[arg-type]
        assert engine.stats()["in_flight"] == 1
    elif value > 1:
        assert not engine.receive(page.envelope(event("y"), flow=value), page.url)
        page.say(event("y"), ack=value)  # frees nothing that was never sent
        assert engine.stats()["in_flight"] == 1


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "-1e999", "0x1", "01", "+1", "1_000"])
def test_number_that_is_no_json_is_refused_beside_a_lone_surrogate_too(engine: Engine, page: Page, number: str) -> None:
    got: list[object] = []
    engine.handler.on("x", got.append)
    for text in (f'[0,"x",{number}]', f'[0,"x",["\\ud800",{number}]]'):
        assert not engine.receive(page.envelope().replace("[]", f"[{text}]"), page.url)
    page.say([3, '{"type":"event","event":"x","detail":' + number + "}"])
    work(engine)
    assert got == []


def test_large_integers_are_read_alike_with_and_without_a_lone_surrogate(engine: Engine, page: Page) -> None:
    got: list[Any] = []
    engine.handler.on("x", got.append)
    for number in (2**53, 2**64 - 1, 2**64, -(2**63), -(2**63) - 1, 10**300):
        page.say(event("x", number), event("x", ["\ud800", number]))
    work(engine)
    assert [type(plain) for plain in got[::2]] == [type(number) for _, number in got[1::2]]
    assert got[::2] == [number for _, number in got[1::2]]
    assert all(math.isfinite(number) for number in got[::2])


def test_hello_with_commands_and_state_of_any_kind_begins_a_session(engine: Engine) -> None:
    for number, value in enumerate([*ODD, [HUGE], [[]] * 1_000, {"a": 1}]):
        page = Page(engine, f"doc{number}")
        assert page.hello(commands=value, state=value)
        work(engine)


def test_malformed_storm_is_logged_a_few_times_and_counted(
    engine: Engine, page: Page, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(100):
        page.say(*[[99]] * 100, *[event("a\nb")] * 100)
    work(engine)
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) < 30
    assert any("counted, and not logged" in line for line in lines)
    assert engine.stats()["malformed"] == 20_000


def test_failure_storm_is_logged_a_few_times_for_each_callback_and_command(
    engine: Engine, page: Page, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("again")

    def other(*_: object) -> None:
        raise ValueError("once")

    engine.handler.on("x", fail)
    engine.handler.on("y", other)
    engine.handler.register_command("f", fail)
    page.say(event("x", *range(5_000)), *[[1, "c1", "f"]] * 1_000, event("y", 1))
    work(engine)
    assert len(caplog.records) < 30
    assert "once" in caplog.text
    assert engine.stats()["callback_errors"] == 5_001
    assert engine.stats()["command_errors"] == 1_000


def test_unknown_commands_again_and_again_get_no_suggestions(engine: Engine, page: Page) -> None:
    engine.handler.register_command("bake", lambda: 1)
    page.say(*[[1, f"c{number}", "bakee"] for number in range(200)])
    work(engine)
    errors = [message[2]["message"] for message in page.run(engine.next_delivery())]
    assert "did you mean 'bake'?" in errors[0]
    assert sum("did you mean" in error for error in errors) == 50
    assert errors[-1].startswith("there is no command 'bakee'")


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.tuples(st.integers(-1, 12) | JSON, st.lists(JSON, max_size=5)), max_size=6))
def test_any_messages_leave_the_engine_in_order(messages: list[tuple[object, list[object]]]) -> None:
    logging.disable(logging.CRITICAL)
    try:
        engine = Engine(TrustPolicy("http://app"))
        page = Page(engine).open()
        got: list[object] = []
        engine.handler.on("last", got.append)
        for kind, items in messages:
            page.say([kind, *items], event("last", 1))
        work(engine)
        assert len(got) >= len(messages)
        assert sys.exc_info() == (None, None, None)
    finally:
        logging.disable(logging.NOTSET)


ESCAPES = [
    '[\t1e999,"number","NaN"]', '[\t1e999,"number","-0"]', '[\t1e999,"number","1e400"]',
    '[\t1e999,"bytes",""]', '[\t1e999,"bytes","eA=="]', '[\t1e999,"array","int8",[0,3],""]',
    '[\t1e999,"array","float64",[1],"AAAAAAAA+H8="]', '[\t1e999,"array","bool",[],"Ag=="]',
    '[\t1e999,"array","uint8",[9223372036854775808],"AAAA"]', '[\t1e999,"image",[1],1000000000000000,"AAAA"]',
    '[\t1e999,"image",1,1,"AAAAAA=="]', "[\t1e999]", "\t1e999", '"a\t1e999"', "[\t1e9999]", '[[\t1e999,"number","NaN"]]',
]  # fmt: skip
PLACES = [
    '[%s,"x",1]', '[0,%s,1]', '[0,"x",%s]', '[1,%s,"f"]', '[1,"c1",%s]', '[1,"c1","f",%s]', '[2,%s]', '[2,{"type":%s}]',
    '[2,{"type":"hello","protocol":%s}]', '[2,{"type":"listen","names":%s}]', '[2,{"type":"listen","names":[%s]}]',
    '[2,{"type":"ready","url":%s}]', '[2,{"type":"lacks","number":%s}]', '[2,{"type":"hello","protocol":1,"width":%s}]',
    "[3,%s]", "[4,%s,[0,[\"a\"],1]]", "[4,1,%s]", '[4,1,0,%s,1]', '[4,1,0,[%s],1]', '[4,1,0,["a",%s],1]', '[4,1,0,["a"],%s]',
    '[4,2,2,["a"],%s,0,[]]', '[4,2,2,["a"],0,%s,[]]', '[4,2,2,["a"],0,0,%s]', "[5,%s]", '[6,%s,"f",1]', '[6,"c2",%s,1]',
    '[6,"c2","f",%s]', "%s,%s", "[7,%s,1]", '[7,"c2",%s]', "[8,%s,1]", '[8,"p1",%s]', "[9,%s,1]", '[9,"p1",%s]',
    '[10,"c1",%s,"x"]', "[11,%s]", "%s",
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_escapes_in_any_place_stop_no_other_message(engine: Engine, page: Page, place: str) -> None:
    engine.handler.register_command("f", lambda *args, **named: [args, named])
    engine.handler.on("x", lambda detail: None)
    engine.handler.on("*", lambda *event: None)
    engine.state.on_change(lambda *change: None)
    for escape in ESCAPES:
        messages = place.replace("%s", escape)
        engine.receive(f'{engine.secret}["{page.document}",0,0,[{messages}]]', "http://app/")
        work(engine)
    assert engine.stats()["callback_errors"] == 0
