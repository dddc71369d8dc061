from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest

from auroraview_qt.errors import PageGoneError, SerializationError
from auroraview_qt.ipc.calls.page_calls import NO_PARAMS
from auroraview_qt.ipc.engine import engine as engine_module
from auroraview_qt.ipc.engine import session as session_module
from auroraview_qt.ipc.engine.engine import Engine
from auroraview_qt.ipc.engine.outgoing import Delivery
from auroraview_qt.ipc.trust import TrustPolicy
from auroraview_qt.ipc.wire import unread
from auroraview_qt.ipc.wire.protocol import coalesced_message, event_payload

LONG = 10**9


class Clock:
    """Seconds that pass only on demand."""

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

    def envelope(self, *messages: object, ack: object = None, flow: int = 0) -> str:
        envelope = [self.document, self.ran if ack is None else ack, flow, list(messages)]
        return self.engine.secret + json.dumps(envelope)

    def say(self, *messages: object, ack: object = None, flow: int = 0) -> bool:
        return self.engine.receive(self.envelope(*messages, ack=ack, flow=flow), self.url)

    def hello(self, **changes: object) -> bool:
        return self.say([2, {"type": "hello", "protocol": 3, "commands": [], **changes}])

    def ready(self) -> None:
        assert self.say([2, {"type": "ready", "timestamp": 12, "url": self.url}])
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
        assert not delivery.more
        self.ran = delivery.number
        messages = split(json.loads(delivery.text))
        self.got += messages
        return messages


def split(batch: list[Any]) -> list[Any]:
    """Split the joined events of a name."""
    return [[kind, name, value] for kind, name, *values in batch for value in (values if kind == 0 else values[:1])]


def event(name: object, *details: object) -> list[object]:
    return [0, name, *(details or [None])]


def raw(value: object) -> list[object]:
    return [3, json.dumps(value)]


def call(call_id: str, method: str) -> list[object]:
    return [1, call_id, method]


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Owner:
    """The receiver of an engine's reports; each test looks at some of them."""

    def __init__(self) -> None:
        self.urls: list[str] = []
        self.drops: list[tuple[str, str]] = []
        self.woken = threading.Event()

    def wake(self) -> None:
        self.woken.set()

    def backlog_grew(self) -> None: ...

    def event_dropped(self, name: str, reason: str) -> None:
        self.drops.append((name, reason))

    def page_is_ready(self, url: str) -> None:
        self.urls.append(url)


@pytest.fixture
def owner() -> Owner:
    return Owner()


@pytest.fixture
def engine(clock: Clock, owner: Owner) -> Engine:
    return Engine(TrustPolicy("http://app"), owner, clock=clock)


def emit(engine: Engine, *names: str) -> None:
    for name in names:
        engine.queue.push_event(event_payload(name, None))


def next_single(engine: Engine) -> Delivery:
    """Send the oldest event alone."""
    session = engine.session
    assert session is not None
    batch = session.next_batch(1, LONG)
    assert batch is not None
    return Delivery(session.document, batch.number, batch.payload.decode())


def names_of(messages: list[Any]) -> list[str]:
    return [name for _, name, _ in messages]


# From the page


def test_receive_events_reach_callbacks_then_the_hook_in_order(engine: Engine) -> None:
    page = Page(engine).open()
    got: list[object] = []
    engine.handler.on("x", lambda data: got.append(("callback", data)))
    engine.dispatcher.watch_events(lambda name, data: got.append((name, data)))

    assert page.say(event("x", 1), raw({"type": "event", "event": "x"}))
    assert got == []
    assert not engine.work(LONG)

    assert got == [("callback", 1), ("x", 1), ("callback", {}), ("x", {})]


def test_receive_without_hooks_set_does_nothing_more(engine: Engine) -> None:
    page = Page(engine).open()

    assert page.say(event("x", 1))
    assert not engine.work(LONG)


@pytest.mark.parametrize("text", ["", "{}", "x" * 32 + "{}", "\ud800" * 40, '["doc1",0,0,[]]'])
def test_receive_without_the_secret_is_refused(engine: Engine, caplog: pytest.LogCaptureFixture, text: str) -> None:
    Page(engine).open()

    assert not engine.receive(text, "http://app/")
    assert engine.stats()["refused"] == 1
    assert engine.stats()["malformed"] == 0
    assert "without the view's secret" in caplog.text


def test_receive_refused_again_and_again_warns_once(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for _ in range(3):
        engine.receive("x", "http://app/")

    assert [record.levelno for record in caplog.records] == [logging.WARNING, logging.DEBUG, logging.DEBUG]
    assert engine.stats()["refused"] == 3


def test_receive_secret_differs_between_engines(engine: Engine) -> None:
    assert engine.secret != Engine(engine.trust).secret


@pytest.mark.parametrize("messages", [[], [event("x")], ["hello"], [[2, {"type": "ready"}]], [None], [[2]]])
def test_receive_document_that_never_said_hello_is_refused(engine: Engine, messages: list[object]) -> None:
    assert not Page(engine).say(*messages)
    assert engine.session is None
    assert engine.stats()["refused"] == 1


@pytest.mark.parametrize(
    ("changes", "why"),
    [({"protocol": 1}, "speaks protocol 1, not 3"), ({"protocol": None}, "speaks protocol None, not 3")],
)
def test_receive_hello_of_another_protocol_is_refused(
    engine: Engine, caplog: pytest.LogCaptureFixture, changes: dict[str, object], why: str
) -> None:
    assert not Page(engine).hello(**changes)
    assert engine.session is None
    assert why in caplog.text


@pytest.mark.parametrize("url", ["http://evil/", "", "about:blank", "blob:http://app/1", "view-source:http://app/"])
def test_receive_hello_that_claims_a_trusted_url_is_judged_by_the_engine_s_url(
    engine: Engine, caplog: pytest.LogCaptureFixture, url: str
) -> None:
    assert not Page(engine, url=url).hello(url="http://app/")
    assert engine.session is None
    assert f"{url} is not trusted" in caplog.text


def test_receive_url_becomes_untrusted_nothing_of_the_document_counts(engine: Engine) -> None:
    page = Page(engine).open()
    emit(engine, "a")
    assert engine.next_delivery() is not None
    page.url = "http://evil/"

    assert not page.say(event("x", 1), ack=1)
    assert not page.say(event("x", 1), flow=1)
    assert not page.say(flow=2)
    assert engine.next_pull() is None
    assert not engine.work(LONG)
    assert engine.stats()["delivered"] == 0
    assert engine.stats()["refused"] == 3

    page.url = "http://app/"
    assert page.say(ack=1)
    assert engine.stats()["delivered"] == 1


def test_receive_origin_is_trusted_later_its_page_is_heard(engine: Engine) -> None:
    page = Page(engine, url="http://later/")
    assert not page.hello()

    engine.trust.add_origin("http://later")
    assert page.hello()


def test_pulled_url_has_become_untrusted_is_refused(engine: Engine) -> None:
    page = Page(engine).open()
    page.say(flow=2)
    assert engine.next_pull() is not None

    assert not engine.pulled("doc1", page.envelope(event("x", 1)), "http://evil/")
    assert not engine.has_received()


@pytest.mark.parametrize("document", ["", "a-b", "a'b", "a b"])
def test_receive_document_id_no_identifier_can_hold_is_refused(engine: Engine, document: str) -> None:
    assert not Page(engine, document).hello()
    assert engine.session is None


def test_receive_refused_page_leaves_the_present_session_alone(engine: Engine) -> None:
    page = Page(engine).open()
    assert not Page(engine, "doc2", url="http://evil/").hello()
    emit(engine, "a")

    assert names_of(page.run(engine.next_delivery())) == ["a"]


@pytest.mark.parametrize("text", ["", "{", "[]", '["doc1",0,4,[]]', '["doc1",0,0,{}]', "[" * 100])
def test_receive_malformed_envelope_is_dropped_counted_and_logged(
    engine: Engine, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    Page(engine).open()

    assert not engine.receive(engine.secret + text, "http://app/")
    assert engine.stats()["malformed"] == 1
    assert "a malformed message from the page was dropped" in caplog.text


def test_receive_malformed_message_stops_no_other(engine: Engine) -> None:
    page = Page(engine).open()
    got: list[object] = []
    engine.handler.on("x", got.append)

    page.say(event("x", 1), [3, "{"], 3, [2, {"type": "nonsense"}], event("a\nb"), event(None), [0, "x"], event("x", 2))
    engine.work(LONG)

    assert got == [1, 2]
    assert engine.stats()["malformed"] == 6
    assert engine.stats()["received"] == 10  # hello and ready too


def test_receive_late_messages_of_the_page_before_are_still_heard(engine: Engine) -> None:
    old = Page(engine).open()
    Page(engine, "doc2").open()
    got: list[object] = []
    engine.handler.on("x", got.append)

    assert old.say(event("x", 1))
    engine.work(LONG)

    assert got == [1]


def test_receive_ready_of_the_page_before_or_said_twice_is_ignored(engine: Engine, owner: Owner) -> None:
    urls = owner.urls
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

    page.say(call("c1", "f"))
    engine.work(LONG)

    assert names_of(page.run(engine.next_delivery())) == ["before", "during", "c1"]


def test_call_answer_ignores_the_limits_of_the_queue(clock: Clock) -> None:
    engine = Engine(TrustPolicy("http://app"), max_events=1, clock=clock)
    page = Page(engine).open()
    emit(engine, "a")
    page.say(call("c1", "f"))
    engine.work(LONG)

    assert names_of(page.run(engine.next_delivery())) == ["a", "c1"]


def test_call_before_ready_is_answered_events_wait(engine: Engine) -> None:
    page = Page(engine)
    page.hello()
    page.say(call("c1", "f"))
    engine.work(LONG)
    emit(engine, "a")

    assert names_of(page.run(engine.next_delivery())) == ["c1"]
    assert engine.next_delivery() is None
    page.ready()
    assert names_of(page.run(engine.next_delivery())) == ["a"]


def test_call_answer_for_a_page_that_is_gone_reaches_no_other(engine: Engine) -> None:
    page = Page(engine).open()
    page.say(call("c1", "f"))
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


def test_next_delivery_is_bounded_in_bytes_by_the_pacer(engine: Engine) -> None:
    page = Page(engine).open()
    for _ in range(100):
        engine.queue.push(event_payload("a", "x" * 1_000))
    engine.note_flush(0.01, 0.01, 100)  # far too long: the bound is halved
    engine.note_flush(0.01, 0.01, 100)

    assert len(page.run(engine.next_delivery())) == 32
    assert engine.can_send()


def test_next_delivery_too_large_for_one_flush_comes_in_pieces_at_character_bounds(engine: Engine) -> None:
    page = Page(engine).open()
    value = "äöü€🙂" * 30_000
    engine.queue.push(event_payload("a", value))
    emit(engine, "b")
    pieces = [engine.next_delivery()]
    while pieces[-1] is not None and pieces[-1].more:
        assert engine.can_send()
        pieces.append(engine.next_delivery())

    assert len(pieces) == 3
    assert {piece.number for piece in pieces if piece} == {1}
    whole = json.loads("".join(piece.text for piece in pieces if piece))
    assert whole == [[0, "a", value]]
    page.ran = 1
    assert names_of(page.run(engine.next_delivery())) == ["b"]


def test_next_delivery_of_further_pieces_ends_with_the_page_and_waits_while_suspended(engine: Engine) -> None:
    Page(engine).open()
    engine.queue.push(event_payload("a", "x" * 300_000))
    first = engine.next_delivery()
    assert first is not None
    assert first.more
    engine.suspend()
    assert engine.next_delivery() is None
    engine.resume()
    engine.end_session(died=True)
    new = Page(engine, "doc2").open()
    requeued = engine.next_delivery()

    assert requeued is not None
    assert (requeued.document, requeued.number, requeued.text) == (new.document, 1, first.text)


@pytest.mark.parametrize("text", ['[[0,"a","</script>\u2028\\""]]', "it's \\' \\\\' `${x}`"])
def test_delivery_script_carries_the_text_as_a_string(text: str) -> None:
    script = Delivery("0123456789abkeyOfPythonXsecret", 7, text).script()

    head, tail = "window.__auroraview_0123456789ab__&&__auroraview_0123456789ab__.deliver('keyOfPythonX',7,'", "',0)"
    assert script.startswith(head)
    assert script.endswith(tail)
    literal = script[len(head) : -len(tail)]
    assert literal.replace("\\'", "'").replace("\\\\", "\\") == text
    assert Delivery("d1", 7, text, True).script().endswith("',1)")


def test_delivery_line_names_document_and_number() -> None:
    assert Delivery("d1", 7, "[]").line() == "d1:7:[]"


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


# Life of the page


def test_new_page_gets_what_the_one_before_did_not_acknowledge_in_order(engine: Engine) -> None:
    old = Page(engine).open()
    emit(engine, *"abcd")
    old.run(next_single(engine))
    old.say()
    next_single(engine)
    next_single(engine)
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
    engine.dispatcher.watch_events(lambda event, data: told.append(event))
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
    page.say(event("x"), call("c1", "nope"))
    engine.work(LONG)

    stats = engine.stats()
    assert (stats["callback_errors"], stats["command_errors"]) == (1, 1)
    assert all(isinstance(count, (int, float)) for count in stats.values())


def test_stats_give_round_trip_and_flush_times_in_milliseconds(engine: Engine, clock: Clock) -> None:
    page = Page(engine).open()
    for seconds in (0.002, 0.004):
        emit(engine, "a")
        page.run(engine.next_delivery())
        engine.note_flush(seconds, seconds / 2, 10)
        clock.now += seconds
        page.say()

    stats = engine.stats()
    assert (stats["round_trip_ms"], stats["round_trip_max_ms"]) == (3, 4)
    assert (stats["flushes"], stats["flush_ms"], stats["flush_max_ms"]) == (2, 3, 4)
    assert (stats["flush_cpu_ms"], stats["flush_cpu_max_ms"]) == (1.5, 2)
    assert stats["sent_bytes"] == 2 * len('[[0,"a",null]]')


# Much at once


def test_pull_fetches_what_the_page_only_announced(engine: Engine) -> None:
    page = Page(engine).open()
    got: list[object] = []
    engine.handler.on("x", got.append)
    assert engine.next_pull() is None

    page.say(flow=2)
    assert engine.next_pull() == ("doc1", "window.__auroraview_doc1__&&__auroraview_doc1__.pull()")
    assert engine.next_pull() is None
    assert engine.is_waiting()
    assert engine.pulled("doc1", page.envelope(event("x", 1, 2)), page.url)
    assert not engine.is_waiting()
    assert engine.next_pull() is None
    engine.work(LONG)

    assert got == [1, 2]
    assert engine.stats()["pulls"] == 1


def test_pull_of_a_part_counts_only_with_what_completes_it(engine: Engine) -> None:
    page = Page(engine).open()
    got: list[object] = []
    engine.handler.on("x", got.append)
    emit(engine, "a")
    page.run(engine.next_delivery())

    page.say(flow=2)
    engine.next_pull()
    assert engine.pulled("doc1", page.envelope(event("x", 1), flow=1), page.url)
    engine.work(LONG)
    assert got == []
    assert engine.stats()["in_flight"] == 1
    assert engine.next_pull() is not None
    engine.pulled("doc1", page.envelope(event("x", 2)), page.url)
    engine.work(LONG)

    assert got == [1, 2]
    assert engine.stats()["in_flight"] == 0


def test_pull_cut_off_by_the_death_of_its_page_takes_effect_and_acknowledgement_along(engine: Engine) -> None:
    page = Page(engine).open()
    got: list[object] = []
    engine.handler.on("x", got.append)
    emit(engine, "a")
    page.run(engine.next_delivery())
    page.say(flow=2)
    engine.next_pull()
    engine.pulled("doc1", page.envelope(event("x", 1), flow=1), page.url)
    engine.next_pull()
    rest = page.envelope(event("x", 2))
    engine.end_session(died=True)
    new = Page(engine, "doc2").open()

    assert not engine.pulled("doc1", rest, page.url)
    assert names_of(new.run(engine.next_delivery())) == ["a"]
    new.say(event("x", 3))
    engine.work(LONG)
    assert got == [3]


@pytest.mark.parametrize("result", ["", None, 3.0])
def test_pull_without_a_result_is_over(engine: Engine, result: object) -> None:
    page = Page(engine).open()
    page.say(flow=2)
    engine.next_pull()

    assert not engine.pulled("doc1", result, page.url)
    assert not engine.is_waiting()
    assert engine.stats()["refused"] == 0


def test_receive_late_acknowledgement_of_the_page_before_discards_what_came_with_it(engine: Engine) -> None:
    old = Page(engine).open()
    got: list[object] = []
    engine.handler.on("x", got.append)
    emit(engine, "a")
    old.run(engine.next_delivery())
    Page(engine, "doc2").open()

    assert old.say(event("x", 1))  # messages during the batch, which the new page runs again
    engine.work(LONG)
    assert got == []
    assert engine.stats()["discarded"] == 1


# Poison


@pytest.mark.parametrize(("killed", "deaths_alone"), [(False, 1), (True, 3)])
def test_event_in_flight_at_deaths_running_is_set_aside_and_told(
    engine: Engine, owner: Owner, killed: bool, deaths_alone: int
) -> None:
    told = owner.drops
    Page(engine).open()
    emit(engine, "a", "poison", "b")
    engine.next_delivery()
    engine.end_session(died=True, killed=killed)

    page = Page(engine, "doc2").open()
    assert names_of(page.run(engine.next_delivery())) == ["a"]
    assert engine.next_delivery() is None  # a single suspect at a time
    page.say()
    for death in range(deaths_alone):
        assert told == []
        assert names_of(page.run(engine.next_delivery())) == ["poison"]
        engine.end_session(died=True, killed=killed)
        page = Page(engine, f"new{death}").open()

    assert told == [("poison", "poison")]
    assert engine.stats()["set_aside"] == 1
    assert names_of(page.run(engine.next_delivery())) == ["b"]
    page.say()
    emit(engine, "c", "d")
    assert names_of(page.run(engine.next_delivery())) == ["c", "d"]


@pytest.mark.parametrize("killed", [False, True])
def test_event_alone_in_flight_at_two_deaths_running_is_set_aside(engine: Engine, killed: bool) -> None:
    emit(engine, "poison")
    for number in range(2):
        page = Page(engine, f"page{number}").open()
        assert names_of(page.run(engine.next_delivery())) == ["poison"]
        assert engine.stats()["set_aside"] == 0
        engine.end_session(died=True, killed=killed)

    assert engine.stats()["set_aside"] == 1
    assert engine.stats()["queued"] == 0


def test_event_in_flight_at_reloads_is_suspected_of_nothing(engine: Engine) -> None:
    for number in range(4):
        page = Page(engine, f"page{number}").open()
        if not number:
            emit(engine, "a", "b")
        assert names_of(page.run(engine.next_delivery())) == ["a", "b"]
        engine.end_session()


def test_receive_document_long_gone_is_forgotten(engine: Engine) -> None:
    first = Page(engine, "doc0").open()
    for number in range(1, 10):
        Page(engine, f"doc{number}").open()

    assert not first.say(event("x", 1))
    assert engine.stats()["refused"] == 1


def test_receive_event_as_text_without_a_hook_reaches_callbacks(engine: Engine) -> None:
    page = Page(engine).open()
    got: list[object] = []
    engine.handler.on("x", got.append)
    page.say(raw({"type": "event", "event": "x", "detail": 1}))
    engine.work(LONG)

    assert got == [1]


def test_next_delivery_of_answers_for_a_page_that_is_gone_gives_nothing(engine: Engine) -> None:
    page = Page(engine).open()
    page.say(call("c1", "f"))
    Page(engine, "doc2").open()
    engine.work(LONG)

    assert engine.can_send()
    assert engine.next_delivery() is None
    assert engine.stats()["discarded"] == 1


def test_call_as_text_of_the_page_itself_is_answered(engine: Engine) -> None:
    page = Page(engine).open()
    engine.handler.register_command("f", lambda: 7)
    page.say(raw({"type": "call", "id": "mine", "method": "f"}))
    engine.work(LONG)

    assert page.run(engine.next_delivery()) == [[1, "mine", 7]]


def test_answers_made_while_nothing_waits_go_first_and_die_with_their_page(engine: Engine) -> None:
    page = Page(engine).open()
    engine.handler.register_command("f", lambda: 7)
    page.say(call("c1", "f"), call("c2", "f"))
    engine.work(LONG)
    emit(engine, "a")
    assert engine.is_due()
    assert names_of(page.run(engine.next_delivery())) == ["c1", "c2"]
    page.say(call("c3", "f"))
    engine.work(LONG)
    assert names_of(page.run(engine.next_delivery())) == ["a", "c3"]
    page.say(call("c4", "f"))
    engine.work(LONG)
    new = Page(engine, "doc2").open()
    emit(engine, "b")

    assert names_of(new.run(engine.next_delivery())) == ["", "b"]  # the new page gets the command
    assert engine.stats()["discarded"] == 1
    assert not engine.is_due()


def test_close_says_so(engine: Engine) -> None:
    assert not engine.is_closed
    engine.close()
    assert engine.is_closed


# Late answers, and calls of Python


def test_pool_command_is_answered_through_the_queue(engine: Engine, owner: Owner) -> None:
    page, done = Page(engine).open(), owner.woken
    engine.queue.drain(100, LONG)
    done.clear()
    engine.handler.register_command("f", lambda a: a + 1, thread="pool")
    page.say([1, "c1", "f", 1])
    engine.work(LONG)

    assert done.wait(20)
    assert page.run(engine.next_delivery()) == [[1, "c1", 2]]


def test_stream_of_a_page_runs_in_steps_and_is_cancelled(engine: Engine) -> None:
    page = Page(engine).open()
    closed: list[int] = []

    def count(first: int) -> Iterator[int]:
        try:
            yield from range(first, 100)
        finally:
            closed.append(1)

    engine.handler.register_command("count", count)
    page.say([6, "c1", "count", 2, 5])
    assert engine.work(0), "a step is left"
    engine.work(LONG)
    assert page.run(engine.next_delivery()) == [[6, "c1", 5], [6, "c1", 6]]
    page.say([7, "c1", 1], [5, "c1"], [5, "c1"])
    engine.work(LONG)

    assert closed == [1]
    assert not engine.can_send()
    page.say([6, "c2", "missing", 1])
    engine.work(LONG)
    assert page.run(engine.next_delivery())[0][:2] == [2, "c2"]


@pytest.mark.parametrize(
    "message",
    [[5], [5, 1], [6, "c"], [6, "c", "f"], [7, "c"], [8, "p1"], [9, "p1", 1, 2], [10, "p", 1], [True, "c"], [11, "c"]],
)
def test_message_about_a_call_of_the_wrong_shape_is_malformed(engine: Engine, message: list[object]) -> None:
    page = Page(engine).open()
    page.say(message)
    engine.work(LONG)

    assert engine.stats()["malformed"] == 1


def test_call_of_python_waits_for_a_page_and_ends_with_its_answer(engine: Engine) -> None:
    told: list[object] = []
    emit(engine, "before")
    answered = engine.page_calls.call("pick", 1, 30.0, lambda *report: told.append(report))
    failed = engine.page_calls.call("pick", NO_PARAMS, 30.0, None)
    source = engine.page_calls.evaluate("a;", 30.0)
    page = Page(engine).open()
    delivery = engine.next_delivery()

    assert delivery is not None
    assert delivery.scripts == (("p3", "a"),)
    assert delivery.target() in delivery.script()
    page.run(delivery)
    assert [message[:2] for message in json.loads(delivery.text)] == [[0, "before"], [7, "p1"], [7, "p2"], [9, "p3"]]
    assert engine.stats()["page_calls_waiting"] == 3
    page.say([10, "p1", 0.5, "half"], [8, "p1", "red"], [9, "p2", {"name": "E", "message": "m"}], [8, "p3", None])
    engine.work(LONG)
    assert answered.result() == "red"
    assert str(failed.exception()) == "E: m"
    assert source.result() is None
    assert told == [(0.5, "half")]


@pytest.mark.parametrize("died", [False, True])
def test_call_of_python_is_not_made_again_in_another_page(engine: Engine, died: bool) -> None:
    Page(engine).open()
    future = engine.page_calls.call("pick", NO_PARAMS, None, None)
    emit(engine, "event")
    assert engine.next_delivery()
    engine.end_session(died=died)

    assert isinstance(future.exception(), PageGoneError)
    assert names_of(Page(engine, "doc2").open().run(engine.next_delivery())) == ["event"]


def test_call_of_python_in_a_batch_of_which_a_piece_was_sent_ends_with_its_page(engine: Engine) -> None:
    Page(engine).open()
    future = engine.page_calls.call("pick", "x" * 3_000_000, None, None)
    delivery = engine.next_delivery()
    assert delivery is not None
    assert delivery.more
    engine.end_session()

    assert isinstance(future.exception(), PageGoneError)


def test_end_of_a_page_cancels_what_it_called(engine: Engine) -> None:
    page = Page(engine).open()
    future: Future[object] = Future()
    engine.handler.register_command("f", lambda: future)
    page.say(call("c1", "f"))
    engine.work(LONG)
    assert engine.stats()["calls_running"] == 1
    engine.end_session()

    assert future.cancelled()
    assert engine.stats()["calls_running"] == 0


def test_close_cancels_calls_both_ways(engine: Engine) -> None:
    page = Page(engine).open()
    future: Future[object] = Future()
    engine.handler.register_command("f", lambda: future)
    page.say(call("c1", "f"))
    engine.work(LONG)
    asked = engine.page_calls.call("pick", NO_PARAMS, None, None)
    assert engine.next_delivery()
    engine.close()

    assert future.cancelled()
    assert asked.cancelled()


@pytest.mark.parametrize("message", [call("c1", "later"), raw({"type": "call", "id": "c1", "method": "later"})])
def test_engine_command_that_answers_later_is_answered_behind_what_waits_by_then(engine: Engine, message: object) -> None:
    future: Future[str] = Future()
    engine.handler.register_command("later", lambda: future)
    page = Page(engine)
    page.hello(commands=["later"])
    page.ready()
    page.say(message)
    engine.work(LONG)
    assert engine.next_delivery() is None
    emit(engine, "before")

    worker = threading.Thread(target=future.set_result, args=("done",))
    worker.start()
    worker.join()

    assert page.run(engine.next_delivery()) == [[0, "before", None], [1, "c1", "done"]]


def test_engine_late_answer_for_a_page_that_is_gone_reaches_no_other(engine: Engine) -> None:
    future: Future[str] = Future()
    assert future.set_running_or_notify_cancel(), "as one that cannot be stopped any more"
    engine.handler.register_command("later", lambda: future)
    Page(engine).open().say(call("c1", "later"))
    engine.work(LONG)
    other = Page(engine, "doc2")
    other.hello(commands=["later"])
    other.ready()

    future.set_result("done")
    emit(engine, "x")

    assert other.run(engine.next_delivery()) == [[0, "x", None]]
    assert engine.stats()["late_results"] == 1


def test_engine_long_call_that_is_read_after_its_page_has_gone_is_never_begun(engine: Engine) -> None:
    ran: list[str] = []
    future: Future[str] = Future()
    engine.handler.register_command("bake", lambda: ran.append("bake"), thread="pool")
    engine.handler.register_command("later", lambda: future)
    engine.handler.register_command("save", lambda: ran.append("save"))
    old = Page(engine).open()
    Page(engine, "doc2").open()

    assert old.say(call("c1", "bake"), call("c2", "later"), call("c3", "save"))
    engine.work(LONG)

    assert ran == ["save"], "what is done at once needs nobody who waits"
    assert future.cancelled()
    assert engine.stats()["calls_running"] == 0


def test_stats_may_be_asked_on_another_thread_while_batches_come_and_go(engine: Engine) -> None:
    page = Page(engine).open()
    errors: list[BaseException] = []
    over = threading.Event()

    def ask() -> None:
        try:
            while not over.is_set():
                engine.stats()
        except BaseException as error:
            errors.append(error)

    worker = threading.Thread(target=ask)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    worker.start()
    try:
        for number in range(3000):
            emit(engine, f"e{number}")
            page.run(engine.next_delivery())
            if number % 7 == 0:
                page.say()
    finally:
        over.set()
        worker.join()
        sys.setswitchinterval(interval)

    assert not errors
    page.say()
    assert engine.stats()["in_flight"] == 0


# Events wait for a listener


def listen(*names: object) -> list[object]:
    return [2, {"type": "listen", "names": list(names)}]


def waiting_page(engine: Engine, document: str = "doc1", *names: str) -> Page:
    """Open a page that reports its listeners."""
    page = Page(engine, document)
    assert page.hello(listens=list(names))
    page.ready()
    return page


def test_event_waits_until_the_page_listens_and_other_names_do_not(engine: Engine) -> None:
    page = waiting_page(engine, "doc1", "heard")
    emit(engine, "late", "heard", "late")

    assert names_of(page.run(engine.next_delivery())) == ["heard"]
    assert engine.next_delivery() is None
    assert not engine.is_due()
    stats = engine.stats()
    assert (stats["unheard"], stats["sent"], stats["queued"]) == (2, 1, 0)
    assert [engine.hears(name) for name in ("heard", "late")] == [True, False]

    assert page.say(listen("late"))
    assert engine.is_due()
    assert names_of(page.run(engine.next_delivery())) == ["late", "late"]
    assert engine.stats()["unheard"] == 0
    assert not engine.has_received()  # a name is no work for the dispatcher


def test_name_counts_before_anything_that_came_with_it(engine: Engine) -> None:
    page = waiting_page(engine)
    engine.handler.register_command("work", lambda: emit(engine, "done"))
    page.say(call("c1", "work"), listen("done"), call("c2", "work"))
    engine.work(LONG)

    assert names_of(page.run(engine.next_delivery())) == ["done", "c1", "done", "c2"]


def test_names_of_one_envelope_release_events_in_the_order_emitted(engine: Engine) -> None:
    page = waiting_page(engine)
    emit(engine, "a", "b", "c", "a")
    assert engine.next_delivery() is None
    page.say(listen("c"), event("x"), listen("b", "a"))

    assert names_of(page.run(engine.next_delivery())) == ["a", "b", "c", "a"]


def test_events_without_a_listener_wait_for_the_next_page_in_order(engine: Engine) -> None:
    page = waiting_page(engine, "doc1", "a")
    emit(engine, "a", "late")
    page.run(engine.next_delivery())
    engine.end_session(died=True)
    page = waiting_page(engine, "doc2")
    emit(engine, "late", "a")

    assert engine.next_delivery() is None
    page.say(listen("late"))
    assert names_of(page.run(engine.next_delivery())) == ["late", "late"]
    page.say(listen("a"), ack=1)
    assert names_of(page.run(engine.next_delivery())) == ["a"]
    assert engine.stats()["set_aside"] == 0


def test_runtime_that_does_not_say_what_it_listens_to_gets_everything(engine: Engine) -> None:
    page = Page(engine).open()
    emit(engine, "a")

    assert engine.hears("a")
    assert names_of(page.run(engine.next_delivery())) == ["a"]


def test_page_that_is_gone_listens_to_nothing_any_more(engine: Engine) -> None:
    old = waiting_page(engine, "doc1")
    waiting_page(engine, "doc2")
    old.say(listen("*"))
    emit(engine, "a")
    assert engine.next_delivery() is None
    engine.end_session()
    old.say(listen("*"))

    assert not engine.hears("a")
    assert engine.stats()["unheard"] == 1


@pytest.mark.parametrize(
    "life", [{"type": "listen"}, {"type": "listen", "names": "a"}, {"type": "listen", "names": {"a": 1}}, ["listen", "a"]]
)
def test_names_in_another_shape_are_malformed(engine: Engine, life: object) -> None:
    page = waiting_page(engine)
    page.say([2, life])
    engine.work(LONG)

    assert engine.stats()["malformed"] == 1


def test_names_no_event_can_have_are_left_out(engine: Engine) -> None:
    page = waiting_page(engine)
    page.say(listen(7, None, ["a"], "a\nb", "", "x" * 129, "\ud800", "b"), listen())
    emit(engine, "a", "b")

    assert names_of(page.run(engine.next_delivery())) == ["b"]
    assert engine.stats()["malformed"] == 0


def test_events_without_a_listener_are_due_to_be_told_once_the_page_is_ready(engine: Engine) -> None:
    assert not engine.has_unheard()
    page = Page(engine)
    page.hello(listens=[])
    emit(engine, "a")
    engine.next_delivery()
    assert not engine.has_unheard()
    page.ready()
    assert engine.next_delivery() is None
    assert engine.has_unheard()
    engine.unheard.end_grace()
    assert not engine.has_unheard()
    engine.end_session()
    assert not engine.has_unheard()
    waiting_page(engine, "doc2")
    assert engine.has_unheard()


def test_drop_of_an_event_without_a_listener_is_told_from_work(engine: Engine, owner: Owner) -> None:
    told = owner.drops
    engine.queue.max_events = 2
    waiting_page(engine)
    for _ in range(3):
        emit(engine, "a", "a")
        engine.next_delivery()

    assert told == []
    engine.work(LONG)
    assert told == [("a", "unheard")]
    stats = engine.stats()
    assert (stats["unheard"], stats["never_heard"], stats["dropped"]) == (2, 4, 4)
    engine.end_session()
    engine.unheard.keep([event_payload("b", 1)], [])
    assert engine.stats()["never_heard"] == 5  # no view is left for the report


def test_coalesced_event_without_a_listener_counts_as_coalesced(engine: Engine) -> None:
    waiting_page(engine)
    for number in range(3):
        engine.queue.push(coalesced_message("a", number))
        engine.next_delivery()

    assert (engine.stats()["coalesced"], engine.stats()["unheard"]) == (2, 1)


# After the view


def test_closed_engine_drops_and_counts_what_is_emitted_and_holds_nothing(engine: Engine) -> None:
    emit_one = engine.queue.emitter()
    waiting_page(engine)
    emit(engine, "late")
    engine.next_delivery()
    emit(engine, "waits")
    engine.close()
    for number in range(3):
        emit_one("a", number)
        emit_one("b", number, coalesce=True)
        emit_one("c", "x" * 1_000)
    engine.queue.push_event(event_payload("d", 1))

    stats = engine.stats()
    assert (stats["queued"], stats["queued_bytes"], stats["unheard"], stats["never_heard"]) == (0, 0, 0, 1)
    assert stats["dropped"] == 1 + 1 + 10
    with pytest.raises(SerializationError):
        emit_one("a", object())
    future = engine.page_calls.call("f", 1, None, None)
    assert future.cancelled()
    assert len(engine.page_calls) == 0


# Envelopes that wait as text


def long(number: int) -> list[object]:
    """An event that is not decoded when it comes."""
    return event("x", [number, "x" * 5_000])


def heard_numbers(engine: Engine) -> list[int]:
    """Note the numbers of these events."""
    got: list[int] = []
    engine.handler.on("x", lambda data: got.append(data[0] if isinstance(data, list) else data))
    return got


def pieces(page: Page, text: str, size: int = 20_000, *, last: bool = True) -> list[str]:
    """Cut an envelope as the relay does."""
    body = text[len(page.engine.secret) :]
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    marks = ["+"] * (len(parts) - 1) + ["." if last else "+"]
    return [f"{page.engine.secret}{mark}{page.document:36}{part}" for mark, part in zip(marks, parts)]


def test_long_envelope_is_decoded_in_its_turn_and_order_is_kept(engine: Engine) -> None:
    page, got = Page(engine).open(), heard_numbers(engine)
    steps: list[int] = []

    page.say(event("x", 1))
    page.say(long(2), event("x", 3))
    page.say(event("x", 4))
    engine.dispatcher.enqueue_step("doc1", lambda: steps.append(len(got)))
    page.say(event("x", 5))

    assert engine.has_received()
    assert engine.is_due()
    assert engine.dispatcher.unread_bytes > 5_000
    while engine.work(LONG):
        pass
    assert got == [1, 2, 3, 4, 5]
    assert steps == [4]
    assert engine.dispatcher.unread_bytes == 0
    assert not engine.has_received()


def test_large_envelope_is_decoded_between_turns(engine: Engine, clock: Clock) -> None:
    page, got = Page(engine).open(), heard_numbers(engine)
    page.say(event("x", [1, list(range(100_000))]))
    page.say(event("x", 2))
    turns = 0
    while engine.work(0):
        turns += 1

    assert got == [1, 2]
    assert turns > 10


@pytest.mark.parametrize("bad", ["[[0,", '[[0,"x",' + "[" * 200 + "]" * 200 + "]", "{}", "7"])
@pytest.mark.parametrize("padding", [5_000, 200_000])
def test_long_envelope_that_is_malformed_is_refused_alone(
    engine: Engine, caplog: pytest.LogCaptureFixture, bad: str, padding: int
) -> None:
    page, got = Page(engine).open(), heard_numbers(engine)
    messages = bad[:-1] + "," + json.dumps("x" * padding) + bad[-1] if bad[-1] != "," else bad + json.dumps("x" * padding)
    messages = messages if bad not in ("{}", "7") else bad + " " * padding

    assert engine.receive(f'{engine.secret}["doc1",0,0,{messages}]', page.url)
    page.say(event("x", 1))
    while engine.work(LONG):
        pass
    assert got == [1]
    assert engine.stats()["malformed"] == 1
    assert "a malformed message" in caplog.text


@pytest.mark.parametrize("text", ["[" + "x" * 5_000, '["doc1",0,0,[' + " " * 5_000, '["doc1",0,4,[]' + " " * 5_000 + "]"])
def test_long_envelope_without_a_head_or_an_end_is_refused(engine: Engine, text: str) -> None:
    page = Page(engine).open()

    assert not engine.receive(engine.secret + text, page.url)
    assert engine.stats()["malformed"] == 1


def test_long_envelope_of_a_page_that_is_gone_is_heard_unless_its_acknowledgement_is_new(engine: Engine) -> None:
    old, got = Page(engine).open(), heard_numbers(engine)
    emit(engine, "a")
    old.run(engine.next_delivery())
    new = Page(engine, "doc2").open()

    old.say(long(1), ack=0)
    old.say(long(2), ack=1)
    new.say(long(3))
    while engine.work(LONG):
        pass
    assert got == [1, 3]
    assert engine.stats()["discarded"] == 1


def test_hello_may_be_long_but_not_very_long(engine: Engine) -> None:
    assert Page(engine).hello(commands=["x" * 10_000])
    assert not Page(engine, "doc2").hello(commands=["x" * 2_000_000])


def test_close_forgets_what_waits_as_text(engine: Engine) -> None:
    page, got = Page(engine).open(), heard_numbers(engine)
    page.say(long(1))
    engine.close()

    assert not engine.work(LONG)
    assert got == []
    assert engine.dispatcher.unread_bytes == 0


def test_pieces_are_joined_and_fetched_one_by_one(engine: Engine) -> None:
    page, got = Page(engine).open(), heard_numbers(engine)
    page.say(flow=2)
    for piece in pieces(page, page.envelope(event("x", [1, "x" * 100_000]), event("x", 2))):
        assert engine.next_pull() is not None
        assert engine.pulled("doc1", piece, page.url)
    assert engine.next_pull() is None
    while engine.work(LONG):
        pass
    assert got == [1, 2]


def test_pieces_of_a_page_that_goes_are_forgotten(engine: Engine) -> None:
    page, got = Page(engine).open(), heard_numbers(engine)
    text = page.envelope(event("x", [1, "x" * 100_000]))
    for piece in pieces(page, text)[:-1]:
        engine.receive(piece, page.url)
    engine.end_session()
    new = Page(engine, "doc2").open()
    for piece in pieces(new, new.envelope(event("x", [2, "x" * 100_000]))):
        assert engine.receive(piece, page.url)
    while engine.work(LONG):
        pass
    assert got == [2]


def test_pieces_that_are_too_many_are_refused_and_later_ones_are_not(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(unread, "MAX_ENVELOPE_CHARS", 150_000)
    page, got = Page(engine).open(), heard_numbers(engine)
    page.say(flow=2)
    for size in (400_000, 100_000):
        for piece in pieces(page, page.envelope(event("x", [size, "x" * size]), flow=3)):
            assert engine.next_pull() is not None
            engine.pulled("doc1", piece, page.url)
    while engine.work(LONG):
        pass
    assert got == [100_000]
    assert "over the cap of 150,000" in caplog.text


# Back-pressure


def test_more_is_fetched_only_while_the_program_keeps_up(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "MAX_UNREAD_BYTES", 20_000)
    page, got = Page(engine).open(), heard_numbers(engine)
    page.say(flow=2)
    count = 0
    while engine.next_pull() is not None:
        count += 1
        assert engine.is_waiting()
        assert engine.pulled("doc1", page.envelope(long(count), flow=3), page.url)
    assert count == 4
    assert not engine.is_waiting()  # the page owes nothing: the program has to go on

    engine.work(0)
    assert engine.next_pull() is not None
    engine.pulled("doc1", page.envelope(long(5)), page.url)
    while engine.work(LONG):
        pass
    assert got == [1, 2, 3, 4, 5]
    assert engine.next_pull() is None


def test_what_counts_only_as_a_whole_is_fetched_in_any_case(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "MAX_UNREAD_BYTES", 20_000)
    page, got = Page(engine).open(), heard_numbers(engine)
    page.say(flow=2)
    for number in range(10):
        assert engine.next_pull() is not None
        engine.pulled("doc1", page.envelope(long(number), flow=1), page.url)
        engine.work(LONG)
    assert got == []
    assert engine.next_pull() is not None
    engine.pulled("doc1", page.envelope(event("x", 10)), page.url)
    while engine.work(LONG):
        pass
    assert got == list(range(11))


def test_more_is_announced_with_what_counts_already(engine: Engine) -> None:
    page, got = Page(engine).open(), heard_numbers(engine)
    emit(engine, "a")
    page.run(engine.next_delivery())
    page.say(flow=2)
    engine.next_pull()
    engine.pulled("doc1", page.envelope(event("x", 1), flow=3), page.url)
    engine.work(LONG)

    assert got == [1]
    assert engine.stats()["in_flight"] == 0
    assert engine.next_pull() is not None


def test_page_that_may_be_leaving_is_asked_for_nothing(engine: Engine) -> None:
    page = Page(engine).open()
    page.say(flow=2)
    engine.suspend()
    assert engine.next_pull() is None
    engine.resume()
    assert engine.next_pull() is not None


def test_pull_goes_on_after_a_message_that_is_refused(engine: Engine) -> None:
    page, got = Page(engine).open(), heard_numbers(engine)
    page.say(flow=2)
    engine.next_pull()
    assert not engine.pulled("doc1", engine.secret + "nonsense", page.url)
    assert engine.next_pull() is not None
    engine.pulled("doc1", page.envelope(event("x", 1)), page.url)
    engine.work(LONG)
    assert got == [1]


# Large answers


def test_large_answers_that_wait_are_bounded_and_small_ones_are_always_sent(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "MAX_ANSWER_BYTES", 40_000)
    page = Page(engine).open()
    futures: list[Future[str]] = []

    def later() -> Future[str]:
        futures.append(Future())
        return futures[-1]

    def parts() -> Iterator[str]:
        yield "x" * 15_000

    engine.handler.register_command("large", lambda: "x" * 15_000)
    engine.handler.register_command("small", lambda: 1)
    engine.handler.register_command("later", later)
    engine.handler.register_command("with_context", lambda: "x" * 15_000, thread="pool")
    engine.handler.register_command("parts", parts)
    page.say(*[call(f"c{number}", "large") for number in range(4)], call("s1", "small"), call("f1", "later"))
    page.say([6, "p1", "parts", 5])
    while engine.work(LONG):
        pass
    futures[0].set_result("x" * 15_000)
    assert engine.queue.answer_bytes < 45_000
    answers: dict[str, Any] = {}
    while engine.can_send():
        for kind, call_id, value in page.run(engine.next_delivery()):
            answers[call_id] = kind, value["code"] if kind == 2 else value
        page.say()
    assert [answers[f"c{number}"][0] for number in range(4)] == [1, 1, 2, 2]
    assert answers["c2"][1] == answers["f1"][1] == answers["p1"][1] == "QUEUE_FULL"
    assert answers["s1"] == (1, 1)
    assert engine.queue.answer_bytes == 0

    page.say(call("again", "large"))
    engine.work(LONG)
    assert page.run(engine.next_delivery())[0][:2] == [1, "again"]


def test_answer_that_alone_is_over_the_limit_is_sent(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "MAX_ANSWER_BYTES", 1_000)
    page = Page(engine).open()
    engine.handler.register_command("large", lambda: "x" * 15_000)
    page.say(call("c1", "large"))
    engine.work(LONG)
    assert page.run(engine.next_delivery())[0][:2] == [1, "c1"]


def test_bytes_in_flight_are_bounded(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "MAX_IN_FLIGHT_BYTES", 20_000)
    page = Page(engine).open()
    engine.handler.register_command("large", lambda: "x" * 15_000)
    for number in range(4):
        page.say(call(f"c{number}", "large"), ack=0)
        engine.work(LONG)
        if engine.can_send():
            page.run(engine.next_delivery())
    assert page.ran == 2
    page.say()
    assert engine.can_send()


def test_page_that_cannot_fetch_large_data_gets_its_batch_again_with_the_data(engine: Engine) -> None:
    page = Page(engine).open()
    engine.emitter()("x", bytes(50_000))
    first = engine.next_delivery()
    assert first is not None
    assert len(first.text) < 200
    assert not engine.can_send()
    for number in (first.number + 1, "1", None, first.number):
        assert page.say([2, {"type": "lacks", "number": number}])
        engine.work(LONG)
    assert engine.can_send()
    pieces = []
    while (delivery := engine.next_delivery()) is not None:
        assert delivery.number == first.number
        pieces.append(delivery.text)
    assert len("".join(pieces)) > 50_000
    assert page.say([2, {"type": "lacks", "number": first.number}])
    engine.work(LONG)
    assert engine.next_delivery() is None
    engine.end_session()
    assert not engine.outgoing.can_send()


def test_page_that_is_gone_gets_no_batch_again(engine: Engine) -> None:
    old = Page(engine).open()
    engine.emitter()("x", bytes(50_000))
    delivery = engine.next_delivery()
    assert delivery is not None
    Page(engine, "doc2").open()
    assert old.say([2, {"type": "lacks", "number": delivery.number}], ack=0)
    engine.work(LONG)
    engine.outgoing.session = None
    engine.outgoing.send_inlined(delivery.number)
    assert not engine.outgoing.can_send()
