from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from auroraview_qt._noop import noop
from auroraview_qt.ipc.engine import session as module
from auroraview_qt.ipc.engine.meter import Meter
from auroraview_qt.ipc.engine.session import MAX_IN_FLIGHT, MAX_SORTED, Batch, Session
from auroraview_qt.ipc.engine.unheard import Unheard
from auroraview_qt.ipc.state.state_store import StateStore
from auroraview_qt.ipc.wire.message_queue import MessageQueue
from auroraview_qt.ipc.wire.protocol import (
    answer_message,
    as_message,
    coalesced_message,
    event_payload,
    result_payload,
)

ALL = 10**9


def names(batch: Batch | None) -> list[str]:
    assert batch is not None
    return [name for _, name, _ in split(batch)]


def split(batch: Batch) -> list[list[Any]]:
    """Split the joined events of a name."""
    messages = json.loads(batch.payload)
    return [[kind, name, value] for kind, name, *values in messages for value in (values if kind == 0 else values[:1])]


def ready_session(queue: MessageQueue, document: str = "doc") -> Session:
    session = Session(queue, document)
    session.ready = True
    return session


@pytest.fixture
def queue() -> MessageQueue:
    queue = MessageQueue()
    for name in "abcdefgh":
        queue.push(event_payload(name, None))
    return queue


def test_next_batch_before_ready_gives_no_event(queue: MessageQueue) -> None:
    session = Session(queue, "doc")

    assert not session.can_send()
    assert session.next_batch(10, ALL) is None


def test_next_batch_before_ready_gives_answers_at_the_head_only() -> None:
    queue = MessageQueue()
    session = Session(queue, "doc")
    queue.push(answer_message(result_payload("c1", 1), "doc"))
    queue.push(answer_message(result_payload("c2", 1), "doc"))
    queue.push(event_payload("a", None))
    queue.push(answer_message(result_payload("c3", 1), "doc"))

    assert session.can_send()
    assert names(session.next_batch(10, ALL)) == ["c1", "c2"]
    assert session.next_batch(10, ALL) is None
    session.ready = True
    assert names(session.next_batch(10, ALL)) == ["a", "c3"]


def test_next_batch_before_ready_is_bounded_in_messages_and_bytes() -> None:
    queue = MessageQueue()
    session = Session(queue, "doc")
    for n in range(6):
        queue.push(answer_message(result_payload(f"c{n}", "x" * 100), "doc"))

    assert names(session.next_batch(2, ALL)) == ["c0", "c1"]
    assert names(session.next_batch(10, 250)) == ["c2", "c3"]
    assert names(session.next_batch(10, 1)) == ["c4"]
    assert names(session.next_batch(10, ALL)) == ["c5"]


def test_next_batch_ready_is_numbered_and_in_order(queue: MessageQueue) -> None:
    session = ready_session(queue)

    first, second = session.next_batch(3, ALL), session.next_batch(3, ALL)

    assert (names(first), names(second)) == (["a", "b", "c"], ["d", "e", "f"])
    assert first is not None
    assert second is not None
    assert (first.number, second.number) == (1, 2)
    assert (session.sent, session.in_flight, session.delivered) == (6, 6, 0)


def test_next_batch_stops_at_too_many_in_flight_until_acknowledged(queue: MessageQueue) -> None:
    session = ready_session(queue)
    queue.push(event_payload("i", None))
    for _ in range(MAX_IN_FLIGHT):
        assert session.next_batch(1, ALL) is not None

    assert session.next_batch(1, ALL) is None
    assert session.acknowledge(1) == 1
    assert session.next_batch(1, ALL) is not None


def test_next_batch_suspended_gives_nothing(queue: MessageQueue) -> None:
    session = ready_session(queue)
    session.suspended = True

    assert not session.can_send()
    assert session.next_batch(1, ALL) is None


@pytest.mark.parametrize("ready", [True, False])
def test_next_batch_answers_for_another_document_are_discarded(ready: bool) -> None:
    queue = MessageQueue()
    session = Session(queue, "new")
    session.ready = ready
    queue.push(answer_message(result_payload("c1", 1), "old"))
    queue.push(answer_message(result_payload("c2", 1), "new"))

    assert names(session.next_batch(1, ALL)) == ["c2"]
    assert session.discarded == 1
    queue.push(answer_message(result_payload("c3", 1), "old"))
    assert session.next_batch(10, ALL) is None
    assert session.discarded == 2


def test_acknowledge_frees_everything_up_to_the_number(queue: MessageQueue) -> None:
    session = ready_session(queue)
    for _ in range(3):
        session.next_batch(2, ALL)

    assert session.acknowledge(2) == 4
    assert session.acknowledge(2) == 0
    assert session.acknowledge(1) == 0
    assert (session.in_flight, session.delivered) == (2, 4)


@pytest.mark.parametrize("number", [2, 10**30, -1, 0])
def test_acknowledge_number_never_sent_frees_nothing(queue: MessageQueue, number: int) -> None:
    session = ready_session(queue)
    session.next_batch(2, ALL)

    assert session.acknowledge(number) == 0
    assert session.in_flight == 2


def test_close_puts_events_back_in_order_and_lets_answers_die(queue: MessageQueue) -> None:
    session = ready_session(queue)
    session.next_batch(2, ALL)
    session.next_batch(2, ALL)
    session.acknowledge(1)
    queue.push(answer_message(result_payload("c1", 1), "doc"))
    session.next_batch(5, ALL)

    assert session.close() == (6, [])
    assert session.discarded == 1
    assert session.in_flight == 0
    assert session.next_batch(1, ALL) is None
    assert names(ready_session(queue, "next").next_batch(10, ALL)) == list("cdefgh")


def test_acknowledge_notes_the_round_trip_of_each_batch(queue: MessageQueue) -> None:
    meter = Meter()
    session = Session(queue, "doc", meter)
    session.ready = True
    session.next_batch(1, ALL, 10.0)
    session.next_batch(1, ALL, 11.0)
    session.acknowledge(2, 13.0)

    assert (meter.count, meter.max_s, meter.total_s) == (2, 3.0, 5.0)


def test_close_after_a_death_delivers_suspects_one_at_a_time(queue: MessageQueue) -> None:
    session = ready_session(queue)
    session.next_batch(3, ALL)
    assert session.close(died=True) == (3, [])
    session = ready_session(queue, "next")

    for name in "abc":
        assert names(session.next_batch(10, ALL)) == [name]
        assert not session.can_send()
        session.acknowledge(99 if name == "x" else session.delivered + 1)
    assert names(session.next_batch(10, ALL)) == list("defgh")


def test_close_with_an_answer_in_flight_beside_it_does_not_find_an_event_alone() -> None:
    queue = MessageQueue()
    queue.push(event_payload("a", None))
    for death, quarantined in enumerate([False, True], start=1):
        session = ready_session(queue, f"doc{death}")
        queue.push(answer_message(result_payload("c1", 1), session.document))
        session.next_batch(10, ALL)  # at first in the answer's company, then alone
        requeued, set_aside = session.close(died=True)
        assert (requeued, [message.name for message in set_aside]) == ((0, ["a"]) if quarantined else (1, []))


def test_next_batch_suspect_waits_for_what_is_in_flight(queue: MessageQueue) -> None:
    session = ready_session(queue)
    session.next_batch(1, ALL)
    queue.requeue([as_message(event_payload("suspect", None))._replace(crashes_left=1)])

    assert not session.can_send()
    session.acknowledge(1)
    assert names(session.next_batch(10, ALL)) == ["suspect"]


# Events wait for a listener


class Listening:
    """A queue, the waiting events, and a ready page without listeners."""

    def __init__(self, names: str = "") -> None:
        self.queue = MessageQueue()
        self.unheard = Unheard(self.queue, noop)
        self.open("doc")
        self.push(*names)

    def open(self, document: str) -> None:
        self.session = Session(self.queue, document, unheard=self.unheard)
        self.session.ready = True

    def push(self, *names: str) -> None:
        for name in names:
            self.queue.push(event_payload(name, None))

    def names(self, max_events: int = 10_000) -> list[str]:
        """Return the content of the next batch, and acknowledge it at once."""
        batch = self.session.next_batch(max_events, ALL)
        if batch is None:
            return []
        self.session.acknowledge(batch.number)
        return names(batch)


@pytest.fixture
def page() -> Listening:
    return Listening("aabacab")


def test_next_batch_holds_only_events_whose_name_the_page_listens_to(page: Listening) -> None:
    assert page.names() == []
    assert (len(page.unheard), page.session.sent, page.session.can_send()) == (7, 0, False)
    page.session.listen(["b"])
    assert page.names() == ["b", "b"]
    page.push(*"abcb")
    assert page.names() == ["b", "b"]
    page.session.listen(["a", "c"])
    assert page.names() == list("aaacaac")
    assert (len(page.unheard), page.session.sent, page.session.delivered) == (0, 11, 11)


def test_listen_to_every_name_sends_all_that_waits_in_order(page: Listening) -> None:
    page.names()
    page.session.listen(["b", "*"])
    assert page.names() == list("aabacab")
    page.session.listen(["c"])
    page.push("d")
    assert page.names() == ["d"]


def test_listen_again_changes_nothing(page: Listening) -> None:
    page.session.listen(["a"])
    page.session.listen(["a"])
    assert page.names() == list("aaaa")
    assert [page.session.hears(name) for name in "ab"] == [True, False]


def test_page_that_listens_to_very_many_names_gets_all(page: Listening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_LISTENED", 3)
    page.session.listen(["x", "y", "z"])
    assert page.names() == []
    page.session.listen(["v"])
    assert page.names() == list("aabacab")
    assert page.session.hears("b")


def test_events_of_many_names_are_found_one_by_one() -> None:
    page = Listening()
    page.session.listen([f"n{number}" for number in range(40)])
    page.push("n0", "n1", "n39", "n40", "n1")
    assert page.names() == ["n0", "n1", "n39", "n1"]
    page.push("n1", "n39")
    assert page.names() == ["n1", "n39"]


def test_name_that_begins_like_another_is_another(page: Listening) -> None:
    page.session.listen(["a"])
    page.push("ab", "a", "aa")
    assert page.names() == list("aaaaa")


def test_answers_and_calls_do_not_wait_for_listeners() -> None:
    page = Listening("a")
    page.queue.push(answer_message(result_payload("c1", 1), "doc"))
    page.push("b")
    page.queue.push(answer_message(result_payload("c2", 1), "other"))
    page.session.listen(["b"])

    assert page.names() == ["c1", "b"]
    assert (page.session.discarded, len(page.unheard)) == (1, 1)
    batch = page.session.next_batch(1, ALL, 0.0, [result_payload("c3", 1)])
    assert names(batch) == ["c3"]


def test_state_goes_though_all_events_wait() -> None:
    queue, store = MessageQueue(), StateStore()
    session = Session(queue, "doc", store=store, unheard=Unheard(queue, noop))
    session.ready = True
    store.attach("doc", 1)
    queue.push(event_payload("a", None))
    batch = session.next_batch(10, ALL)

    assert batch is not None
    assert [message[0] for message in json.loads(batch.payload)] == [4]


def test_events_without_a_listener_are_taken_in_small_pieces(page: Listening) -> None:
    page.push(*"a" * 3 * MAX_SORTED)
    page.names()
    assert len(page.unheard) == MAX_SORTED
    page.session.listen(["*"])
    assert len(page.names()) == MAX_SORTED
    assert len(page.names()) == 2 * MAX_SORTED + 7


def test_suspect_without_a_listener_waits_and_holds_nothing_up() -> None:
    page = Listening()
    page.queue.requeue([as_message(event_payload(name, None))._replace(crashes_left=1) for name in "ab"])
    page.push("c")
    page.session.listen(["c"])

    assert [page.names(), page.names(), page.names()] == [[], [], ["c"]]
    page.push("c")
    page.session.listen(["b", "a"])
    assert [page.names(), page.names(), page.names()] == [["a"], ["b"], ["c"]]


def test_events_that_wait_go_to_the_next_page_once_it_listens(page: Listening) -> None:
    page.session.listen(["a"])
    page.session.next_batch(10, ALL)
    assert page.session.close() == (4, [])
    page.open("next")
    page.push("b", "a")

    assert page.names() == []
    page.session.listen(["b"])
    assert page.names() == list("bbb")
    page.session.listen(["a"])
    assert page.names() == list("aaaaa")
    assert len(page.unheard) == 1


class DyingPagesMachine(RuleBasedStateMachine):
    """A view whose pages die at any step, also during a batch, and listen to names at any step.

    Events that a page ran without acknowledging them die with it. Take the histories of all pages, each cut at its last
    acknowledgement: every emitted event appears once, in order for each name. Of the coalesced name the newest value
    arrives.
    """

    NAMES = ("a", "b", "c")
    COALESCED = "k"

    def __init__(self) -> None:
        super().__init__()
        self.queue = MessageQueue()
        self.unheard = Unheard(self.queue, noop)
        self.count = 0
        self.emitted: dict[str, list[int]] = {name: [] for name in (*self.NAMES, self.COALESCED)}
        self.pages = 0
        self.history: list[tuple[str, int]] = []
        self.calls: set[str] = set()
        self.suspects: set[int] = set()
        self.set_aside: list[int] = []
        self.open_page()

    def open_page(self) -> None:
        self.pages += 1
        self.session = Session(self.queue, f"doc{self.pages}", unheard=self.unheard)
        self.unheard.renew()
        self.heard: set[str] = set()
        self.on_the_way: list[Batch] = []
        self.ran: list[list[object]] = []
        self.acknowledged = 0
        self.ready = False

    @rule(names=st.lists(st.sampled_from(NAMES), min_size=1, max_size=5))
    def emit(self, names: list[str]) -> None:
        for name in names:
            self.count += 1
            self.emitted[name].append(self.count)
            self.queue.push(event_payload(name, self.count))

    @rule()
    def emit_coalesced(self) -> None:
        self.count += 1
        self.emitted[self.COALESCED].append(self.count)
        self.queue.push(coalesced_message(self.COALESCED, self.count))

    @rule(names=st.sets(st.sampled_from((*NAMES, COALESCED, "*")), min_size=1))
    def listen(self, names: set[str]) -> None:
        self.session.listen(sorted(names))
        self.heard |= {*self.NAMES, self.COALESCED} if "*" in names else names

    @rule()
    def end_grace(self) -> None:
        self.unheard.end_grace()

    @rule()
    def answer(self) -> None:
        self.count += 1
        self.queue.push(answer_message(result_payload(f"c{self.count}", 0), self.session.document), force=True)

    @precondition(lambda self: not self.ready)
    @rule()
    def become_ready(self) -> None:
        self.ready = self.session.ready = True

    @rule(max_events=st.integers(1, 6), max_bytes=st.integers(1, 60))
    def send(self, max_events: int, max_bytes: int) -> None:
        could = self.session.can_send()
        batch = self.session.next_batch(max_events, max_bytes)
        if batch is not None:
            assert could
            self.on_the_way.append(batch)
            if any(kind == 0 and value in self.suspects for kind, _, value in split(batch)):
                assert self.session.in_flight == 1

    @precondition(lambda self: self.on_the_way)
    @rule()
    def run_one(self) -> None:
        batch = self.on_the_way.pop(0)
        assert batch.number == len(self.ran) + 1
        messages = split(batch)
        assert messages
        assert self.ready or all(kind == 1 for kind, _, _ in messages)
        assert all(name in self.heard for kind, name, _ in messages if kind == 0)
        self.ran.append(messages)

    @rule()
    def acknowledge(self) -> None:
        fresh = self.ran[self.acknowledged :]
        assert self.session.acknowledge(len(self.ran)) == sum(map(len, fresh))
        for messages in fresh:
            self.history += [(name, value) for kind, name, value in messages if kind == 0]
            for _, name, _ in (m for m in messages if m[0] == 1):
                assert name not in self.calls
                self.calls.add(name)
        self.acknowledged = len(self.ran)

    @rule(died=st.booleans(), killed=st.booleans())
    def die(self, died: bool, killed: bool) -> None:
        lost = [m for batch in self.ran[self.acknowledged :] for m in batch]
        lost += [m for batch in self.on_the_way for m in split(batch)]
        events = [value for kind, _, value in lost if kind == 0]
        coalesced = self.queue.stats()["coalesced"]
        requeued, quarantined = self.session.close(died=died, killed=killed)
        assert self.queue.stats()["coalesced"] - coalesced <= sum(name == self.COALESCED for _, name, _ in lost)
        if quarantined:  # alone at this death, and in flight at an earlier death
            assert died
            assert [len(lost), requeued, len(quarantined)] == [1, 0, 1]
            assert events[0] in self.suspects
            self.set_aside.append(events[0])
        else:
            assert requeued == len(events)
        if died:
            self.suspects.update(events)
        self.open_page()

    @rule(on=st.booleans())
    def suspend(self, on: bool) -> None:
        self.session.suspended = on

    @invariant()
    def nothing_doubled_and_order_kept(self) -> None:
        seen = [(name, value) for batch in self.ran for kind, name, value in batch if kind == 0]
        for name in self.emitted:
            for values in (self.of(self.history, name), self.of(seen, name)):
                assert values == sorted(set(values))  # no page gets an event twice
        assert self.session.in_flight == sum(map(len, self.ran[self.acknowledged :])) + sum(
            len(split(batch)) for batch in self.on_the_way
        )

    @staticmethod
    def of(history: list[tuple[str, int]], name: str) -> list[int]:
        return [value for other, value in history if other == name]

    def teardown(self) -> None:
        self.die(died=False, killed=False)
        self.session.ready = self.ready = True
        for names in ({"b"}, {"a", "k"}, {"*"}):
            self.listen(names)
            while self.session.can_send():
                self.send(100, ALL)
                while self.on_the_way:
                    self.run_one()
                self.acknowledge()
        for name in self.NAMES:
            assert self.of(self.history, name) == [value for value in self.emitted[name] if value not in self.set_aside]
        newest = self.emitted[self.COALESCED][-1:]
        assert self.of(self.history, self.COALESCED)[-1:] == newest or newest[0] in self.set_aside
        assert len(self.unheard) == self.unheard.dropped == 0


TestDyingPagesMachine = DyingPagesMachine.TestCase
