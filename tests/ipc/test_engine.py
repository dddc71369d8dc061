from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from auroraview_qt.ipc.engine import Delivery, Engine
from auroraview_qt.ipc.handler import IpcHandler
from auroraview_qt.ipc.message_queue import MessageQueue
from auroraview_qt.ipc.trust import TrustPolicy
from auroraview_qt.ipc.wire import event_message

LONG = 10**9


class Clock:
    """Seconds that pass only when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Page:
    """The other end, as far as the engine can see it."""

    def __init__(self, engine: Engine, document: str = "doc1", *, url: str = "http://app/") -> None:
        self.engine = engine
        self.document = document
        self.url = url
        self.ran = 0
        self.got: list[Any] = []

    def say(self, *messages: object, ack: object = None) -> bool:
        envelope = {"doc": self.document, "ack": self.ran if ack is None else ack, "msgs": list(messages)}
        return self.engine.receive(self.engine.secret + json.dumps(envelope))

    def hello(self, **changes: object) -> bool:
        return self.say({"type": "hello", "protocol": 1, "url": self.url, "commands": [], **changes})

    def ready(self) -> None:
        assert self.say({"type": "ready", "timestamp": 12, "url": self.url})
        while self.engine.work(LONG):
            pass

    def open(self) -> Page:
        assert self.hello()
        self.ready()
        return self

    def run(self, delivery: Delivery | None) -> list[Any]:
        """Take a delivery as the runtime does."""
        assert delivery is not None
        assert delivery.document == self.document
        assert delivery.number == self.ran + 1
        self.ran = delivery.number
        messages: list[Any] = json.loads(delivery.payload)
        self.got += messages
        return messages


def event(name: str, detail: object = None) -> dict[str, object]:
    return {"type": "event", "event": name, "detail": detail}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(clock: Clock) -> Engine:
    return Engine(MessageQueue(), IpcHandler(), TrustPolicy("http://app"), clock=clock)


def emit(engine: Engine, *names: str) -> None:
    for name in names:
        engine.queue.push(event_message(name, None))


def names_of(messages: list[Any]) -> list[str]:
    return [name for _, name, _ in messages]


# From the page


def test_receive_events_reach_callbacks_then_the_hook_in_order(engine: Engine) -> None:
    page = Page(engine).open()
    got: list[object] = []
    engine.handler.on("x", lambda data: got.append(("callback", data)))
    engine.on_event = lambda name, data: got.append((name, data))

    assert page.say(event("x", 1), json.dumps(event("x")))
    assert got == []
    assert not engine.work(LONG)

    assert got == [("callback", 1), ("x", 1), ("callback", {}), ("x", {})]


def test_receive_without_hooks_set_does_nothing_more(engine: Engine) -> None:
    page = Page(engine).open()

    assert page.say(event("x", 1))
    assert not engine.work(LONG)


@pytest.mark.parametrize("text", ["", "{}", "x" * 32 + "{}", "\ud800" * 40, '{"doc":"doc1","ack":0,"msgs":[]}'])
def test_receive_without_the_secret_is_refused(engine: Engine, caplog: pytest.LogCaptureFixture, text: str) -> None:
    Page(engine).open()

    assert not engine.receive(text)
    assert engine.stats()["refused"] == 1
    assert engine.stats()["malformed"] == 0
    assert "without the page's secret" in caplog.text


def test_receive_refused_again_and_again_warns_once(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for _ in range(3):
        engine.receive("x")

    assert [record.levelno for record in caplog.records] == [logging.WARNING, logging.DEBUG, logging.DEBUG]
    assert engine.stats()["refused"] == 3


def test_receive_secret_differs_between_engines(engine: Engine) -> None:
    assert engine.secret != Engine(engine.queue, engine.handler, engine.trust).secret


@pytest.mark.parametrize("messages", [[], [event("x")], ["hello"], [{"type": "ready"}], [None]])
def test_receive_document_that_never_said_hello_is_refused(engine: Engine, messages: list[object]) -> None:
    assert not Page(engine).say(*messages)
    assert engine.session is None
    assert engine.stats()["refused"] == 1


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"url": "http://evil/"}, "http://evil/ is not trusted"),
        ({"url": None}, "None is not trusted"),
        ({"protocol": 2}, "speaks protocol 2, not 1"),
        ({"protocol": None}, "speaks protocol None, not 1"),
    ],
)
def test_receive_hello_of_a_page_we_do_not_answer_is_refused(
    engine: Engine, caplog: pytest.LogCaptureFixture, changes: dict[str, object], why: str
) -> None:
    assert not Page(engine).hello(**changes)
    assert engine.session is None
    assert why in caplog.text


@pytest.mark.parametrize("document", ["", "a-b", "a'b", "a b"])
def test_receive_document_id_no_identifier_can_hold_is_refused(engine: Engine, document: str) -> None:
    assert not Page(engine, document).hello()
    assert engine.session is None


def test_receive_refused_page_leaves_the_present_session_alone(engine: Engine) -> None:
    page = Page(engine).open()
    assert not Page(engine, "doc2", url="http://evil/").hello()
    emit(engine, "a")

    assert names_of(page.run(engine.next_delivery())) == ["a"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"doc":"doc1"}', "[" * 100])
def test_receive_malformed_envelope_is_dropped_counted_and_logged(
    engine: Engine, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    Page(engine).open()

    assert not engine.receive(engine.secret + text)
    assert engine.stats()["malformed"] == 1
    assert "a malformed message from the page was dropped" in caplog.text


def test_receive_malformed_message_stops_no_other(engine: Engine) -> None:
    page = Page(engine).open()
    got: list[object] = []
    engine.handler.on("x", got.append)

    page.say(event("x", 1), "{", 3, {"type": "nonsense"}, event("a b"), event("x", 2))
    engine.work(LONG)

    assert got == [1, 2]
    assert engine.stats()["malformed"] == 4
    assert engine.stats()["received"] == 8  # hello and ready too


def test_receive_late_messages_of_the_page_before_are_still_heard(engine: Engine) -> None:
    old = Page(engine).open()
    Page(engine, "doc2").open()
    got: list[object] = []
    engine.handler.on("x", got.append)

    assert old.say(event("x", 1))
    engine.work(LONG)

    assert got == [1]


def test_receive_ready_of_the_page_before_or_said_twice_is_ignored(engine: Engine) -> None:
    urls: list[str] = []
    engine.on_ready = urls.append
    old = Page(engine, url="http://app/old").open()
    new = Page(engine, "doc2", url="http://app/new")
    assert new.hello()
    old.ready()
    assert not engine.can_send()
    new.ready()
    new.ready()

    assert urls == ["http://app/old", "http://app/new"]


def test_receive_ready_after_the_session_ended_is_ignored(engine: Engine) -> None:
    page = Page(engine)
    page.hello()
    engine.end_session()
    page.ready()

    assert engine.stats()["pages"] == 1
    assert engine.session is None


def test_receive_ready_is_an_event_for_callbacks(engine: Engine) -> None:
    got: list[object] = []
    engine.handler.on("__auroraview_ready", got.append)
    Page(engine).open()

    assert got == [{"timestamp": 12, "url": "http://app/"}]


@pytest.mark.parametrize("known", [None, {}, [{}, 3, "known"]])
def test_receive_hello_with_any_list_of_commands_begins_a_session(engine: Engine, known: object) -> None:
    assert Page(engine).hello(commands=known)


# Calls


def test_call_is_answered_to_its_document_in_order_with_events(engine: Engine) -> None:
    page = Page(engine).open()
    engine.handler.register_command("f", lambda: emit(engine, "during"))
    emit(engine, "before")

    page.say({"type": "call", "id": "c1", "method": "f"})
    engine.work(LONG)

    assert names_of(page.run(engine.next_delivery())) == ["before", "during", "c1"]


def test_call_answer_ignores_the_limits_of_the_queue(clock: Clock) -> None:
    engine = Engine(MessageQueue(max_events=1), IpcHandler(), TrustPolicy("http://app"), clock=clock)
    page = Page(engine).open()
    emit(engine, "a")
    page.say({"type": "call", "id": "c1", "method": "f"})
    engine.work(LONG)

    assert names_of(page.run(engine.next_delivery())) == ["a", "c1"]


def test_call_before_ready_is_answered_events_wait(engine: Engine) -> None:
    page = Page(engine)
    page.hello()
    page.say({"type": "call", "id": "c1", "method": "f"})
    engine.work(LONG)
    emit(engine, "a")

    assert names_of(page.run(engine.next_delivery())) == ["c1"]
    assert engine.next_delivery() is None
    page.ready()
    assert names_of(page.run(engine.next_delivery())) == ["a"]


def test_call_answer_for_a_page_that_is_gone_reaches_no_other(engine: Engine) -> None:
    page = Page(engine).open()
    page.say({"type": "call", "id": "c1", "method": "f"})
    new = Page(engine, "doc2").open()
    engine.work(LONG)
    emit(engine, "a")

    assert names_of(new.run(engine.next_delivery())) == ["a"]
    assert engine.stats()["discarded"] == 1


def test_announce_commands_tells_a_page_only_what_it_does_not_know(engine: Engine) -> None:
    engine.announce_commands()
    for name in ("known", "new"):
        engine.handler.register_command(name, print)
    page = Page(engine)
    page.hello(commands=["known"])

    assert page.run(engine.next_delivery()) == [[3, "", ["new"]]]
    engine.announce_commands()
    assert engine.next_delivery() is None
    engine.handler.register_command("later", print)
    engine.announce_commands()
    assert page.run(engine.next_delivery()) == [[3, "", ["later"]]]


# Work


def test_work_stops_at_the_budget_after_at_least_one(engine: Engine, clock: Clock) -> None:
    page = Page(engine).open()
    got: list[object] = []

    def slow(data: object) -> None:
        got.append(data)
        clock.now += 0.003

    engine.handler.on("x", slow)
    page.say(*(event("x", n) for n in range(5)))

    assert engine.work(0.004)
    assert got == [0, 1]
    assert engine.work(0)
    assert got == [0, 1, 2]
    assert engine.stats()["inbox"] == 2
    assert not engine.work(LONG)
    assert got == [0, 1, 2, 3, 4]
    assert not engine.work(0)


def test_work_from_within_a_callback_keeps_order(engine: Engine) -> None:
    page = Page(engine).open()
    got: list[object] = []

    def nested(data: object) -> None:
        got.append(data)
        if data == 0:
            page.say(event("x", 3))
            assert not engine.work(LONG)

    engine.handler.on("x", nested)
    page.say(*(event("x", n) for n in range(3)))

    assert not engine.work(LONG)
    assert got == [0, 1, 2, 3]


# To the page


def test_next_delivery_without_a_page_gives_nothing(engine: Engine) -> None:
    emit(engine, "a")

    assert not engine.can_send()
    assert engine.next_delivery() is None


def test_next_delivery_is_bounded(engine: Engine) -> None:
    page = Page(engine).open()
    emit(engine, *"abc")

    assert names_of(page.run(engine.next_delivery(max_events=2))) == ["a", "b"]
    assert engine.can_send()
    assert names_of(page.run(engine.next_delivery(max_bytes=1))) == ["c"]
    assert not engine.can_send()


def test_delivery_script_carries_the_payload_as_a_string() -> None:
    payload = '[[0,"a","</script>\u2028\\""]]'
    script = Delivery("d1", 7, payload).script()

    head, tail = "window.__auroraview_d1__&&__auroraview_d1__(7,", ")"
    assert script.startswith(head)
    assert script.endswith(tail)
    assert json.loads(script[len(head) : -len(tail)]) == payload


def test_ack_travels_with_any_message_and_frees_what_is_in_flight(engine: Engine) -> None:
    page = Page(engine).open()
    emit(engine, "a", "b")
    page.run(engine.next_delivery())
    assert engine.stats()["in_flight"] == 2
    page.say()

    assert engine.stats()["in_flight"] == 0
    assert engine.stats()["delivered"] == engine.stats()["sent"] == 2


def test_ack_of_a_number_never_sent_frees_nothing(engine: Engine) -> None:
    page = Page(engine).open()
    emit(engine, "a")
    engine.next_delivery()
    page.say(ack=99)

    assert engine.stats()["in_flight"] == 1


def test_ack_of_the_page_before_frees_nothing(engine: Engine) -> None:
    old = Page(engine).open()
    emit(engine, "a")
    old.run(engine.next_delivery())
    Page(engine, "doc2").open()
    engine.next_delivery()
    old.say()

    assert engine.stats()["in_flight"] == 1


# The page's life


def test_new_page_gets_what_the_one_before_did_not_acknowledge_in_order(engine: Engine) -> None:
    old = Page(engine).open()
    emit(engine, *"abcd")
    old.run(engine.next_delivery(max_events=1))
    old.say()
    engine.next_delivery(max_events=1)
    engine.next_delivery(max_events=1)
    emit(engine, "e")
    new = Page(engine, "doc2").open()

    assert names_of(new.run(engine.next_delivery())) == ["b", "c", "d", "e"]
    assert engine.stats()["redelivered"] == 2
    assert engine.stats()["delivered"] == 1
    assert engine.stats()["pages"] == 2


def test_end_session_twice_keeps_what_waits(engine: Engine) -> None:
    Page(engine).open()
    emit(engine, "a")
    engine.next_delivery()
    engine.end_session()
    engine.end_session()

    assert engine.next_delivery() is None
    assert engine.stats()["queued"] == 1


def test_close_from_within_a_callback_ends_everything(engine: Engine) -> None:
    page = Page(engine).open()
    told: list[object] = []
    engine.on_event = lambda event, data: told.append(event)
    engine.queue.on_wake = lambda: told.append("wake")
    engine.handler.on("x", lambda data: engine.close())
    page.say(event("x"), event("y"))

    assert not engine.work(LONG)
    emit(engine, "a")
    assert engine.next_delivery() is None
    assert told == []


def test_suspend_stops_deliveries_until_resume(engine: Engine) -> None:
    engine.suspend()
    engine.resume()
    page = Page(engine).open()
    emit(engine, "a")
    engine.suspend()
    assert not engine.can_send()
    assert engine.next_delivery() is None
    engine.resume()

    assert names_of(page.run(engine.next_delivery())) == ["a"]


def test_stats_count_failures_of_callbacks_and_commands(engine: Engine) -> None:
    page = Page(engine).open()
    engine.handler.on("x", lambda data: 1 // 0)
    page.say(event("x"), {"type": "call", "id": "c1", "method": "nope"})
    engine.work(LONG)

    stats = engine.stats()
    assert (stats["callback_errors"], stats["command_errors"]) == (1, 1)
    assert all(isinstance(count, int) for count in stats.values())
