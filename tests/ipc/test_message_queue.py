from __future__ import annotations

import threading
from collections import Counter

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from auroraview_qt.errors import QueueFullError
from auroraview_qt.ipc.message_queue import MessageQueue, Overflow
from auroraview_qt.ipc.wire import Kind, Message, event_message

ALL = 10**9


def event(name: str = "x", value: object = 0, *, coalesce: bool = False) -> Message:
    return event_message(name, value, coalesce=coalesce)


def answer(name: str = "c1", size: int = 10) -> Message:
    return Message(Kind.RESULT, name, b"x" * size, "doc")


def names(messages: list[Message]) -> list[str]:
    return [message.name for message in messages]


# Order


def test_drain_gives_messages_in_order_and_empties() -> None:
    queue = MessageQueue()
    for name in "abc":
        queue.push(event(name))

    assert len(queue) == 3
    assert queue.peek() == event("a")
    assert names(queue.drain(2, ALL)) == ["a", "b"]
    assert names(queue.drain(2, ALL)) == ["c"]
    assert queue.drain(2, ALL) == []
    assert queue.peek() is None


def test_drain_stops_before_the_byte_bound_and_keeps_order() -> None:
    queue = MessageQueue()
    for name in "abc":
        queue.push(event(name))
    size = len(event("a").payload)

    assert names(queue.drain(10, 2 * size + size - 1)) == ["a", "b"]
    assert names(queue.drain(10, ALL)) == ["c"]


def test_drain_message_over_the_byte_bound_comes_alone() -> None:
    queue = MessageQueue()
    queue.push(event("big", "x" * 1000))
    queue.push(event("small"))

    assert names(queue.drain(10, 100)) == ["big"]


def test_push_from_many_threads_keeps_the_order_of_each() -> None:
    queue = MessageQueue()
    count, threads = 2_000, 8
    start = threading.Barrier(threads + 1)

    def produce(name: str) -> None:
        start.wait()
        for n in range(count):
            queue.push(event(name, n))

    workers = [threading.Thread(target=produce, args=(f"t{n}",)) for n in range(threads)]
    for worker in workers:
        worker.start()
    start.wait()
    got: list[Message] = []
    while len(got) < count * threads and (any(worker.is_alive() for worker in workers) or len(queue)):
        got += queue.drain(100, ALL)
    for worker in workers:
        worker.join()
    got += queue.drain(ALL, ALL)

    for name in {message.name for message in got}:
        assert [m for m in got if m.name == name] == [event(name, n) for n in range(count)]
    assert len(got) == count * threads
    assert queue.stats()["queued_bytes"] == 0


# Bounds


@pytest.mark.parametrize("arguments", [{"max_events": 0}, {"max_bytes": 0}, {"overflow": "shrug"}])
def test_queue_made_with_nonsense_raises(arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"max_events|overflow"):
        MessageQueue(**arguments)  # type: ignore[arg-type]


def test_push_over_max_events_raises_and_loses_nothing() -> None:
    queue = MessageQueue(max_events=2)
    queue.push(event("a"))
    queue.push(event("b"))

    with pytest.raises(QueueFullError, match=r"event 'c'.*2 of 2 events"):
        queue.push(event("c"))
    assert names(queue.drain(10, ALL)) == ["a", "b"]


def test_push_over_max_bytes_raises_one_that_fits_exactly_does_not() -> None:
    size = len(event("a").payload)
    queue = MessageQueue(max_bytes=2 * size)
    queue.push(event("a"))
    queue.push(event("b"))

    with pytest.raises(QueueFullError, match="bytes"):
        queue.push(event("c"))


def test_push_forced_ignores_the_limits() -> None:
    queue = MessageQueue(max_events=1, max_bytes=1)
    queue.push(answer(), force=True)
    queue.push(answer("c2"), force=True)

    assert names(queue.drain(10, ALL)) == ["c1", "c2"]


def test_push_drop_oldest_drops_counts_and_tells() -> None:
    queue = MessageQueue(max_events=2, overflow="drop_oldest")
    told: list[tuple[str, str, int]] = []
    queue.on_drop = lambda name, reason: told.append((name, reason, len(queue)))
    for name in "abcd":
        queue.push(event(name))

    assert names(queue.drain(10, ALL)) == ["c", "d"]
    assert told == [("a", "overflow", 2), ("b", "overflow", 2)]
    assert queue.stats()["dropped"] == 2


def test_push_drop_oldest_drops_only_as_many_as_it_needs_bytes() -> None:
    size = len(event("a").payload)
    queue = MessageQueue(max_bytes=4 * size, overflow="drop_oldest")
    for name in "abcd":
        queue.push(event(name))
    queue.push(event("e", 0))

    assert names(queue.drain(10, ALL)) == ["b", "c", "d", "e"]


def test_push_drop_oldest_never_drops_answers() -> None:
    queue = MessageQueue(max_events=2, overflow="drop_oldest")
    queue.push(answer(), force=True)
    queue.push(event("a"))
    queue.push(event("b"))

    assert names(queue.drain(10, ALL)) == ["c1", "b"]


def test_push_drop_oldest_message_over_the_whole_limit_raises_and_drops_nothing() -> None:
    queue = MessageQueue(max_bytes=20, overflow="drop_oldest")
    queue.push(event("a"))

    with pytest.raises(QueueFullError):
        queue.push(event("big", "x" * 100))
    assert names(queue.drain(10, ALL)) == ["a"]


def test_push_coalesced_event_that_was_dropped_can_be_pushed_again() -> None:
    queue = MessageQueue(max_events=1, overflow="drop_oldest")
    queue.push(event("frame", 1, coalesce=True))
    queue.push(event("a"))
    queue.push(event("frame", 2, coalesce=True))

    assert queue.drain(10, ALL) == [event("frame", 2, coalesce=True)]
    assert queue.stats() == {"queued": 0, "queued_bytes": 0, "dropped": 2, "coalesced": 0}


# Coalescing


def test_push_coalesced_newer_replaces_older_at_the_new_end() -> None:
    queue = MessageQueue()
    queue.push(event("frame", 1, coalesce=True))
    queue.push(event("a"))
    queue.push(event("frame", 2, coalesce=True))

    assert queue.drain(10, ALL) == [event("a"), event("frame", 2, coalesce=True)]
    assert queue.stats()["coalesced"] == 1


def test_push_plain_and_coalesced_of_one_name_replace_nothing_of_each_other() -> None:
    queue = MessageQueue()
    queue.push(event("frame", 1))
    queue.push(event("frame", 2, coalesce=True))
    queue.push(event("frame", 3))

    assert len(queue) == 3


def test_push_coalesced_into_a_full_queue_takes_the_place_of_the_older() -> None:
    queue = MessageQueue(max_events=1)
    queue.push(event("frame", 1, coalesce=True))
    queue.push(event("frame", 2, coalesce=True))

    assert queue.drain(10, ALL) == [event("frame", 2, coalesce=True)]


@pytest.mark.parametrize("overflow", ["error", "drop_oldest"])
def test_push_coalesced_that_fails_keeps_the_older_value(overflow: Overflow) -> None:
    queue = MessageQueue(max_bytes=20, overflow=overflow)
    queue.push(event("frame", 1, coalesce=True))

    with pytest.raises(QueueFullError):
        queue.push(event("frame", "x" * 100, coalesce=True))
    assert queue.drain(10, ALL) == [event("frame", 1, coalesce=True)]
    assert queue.stats()["coalesced"] == 0


def test_push_coalesced_drop_oldest_counts_the_older_value_as_replaced_not_dropped() -> None:
    queue = MessageQueue(max_bytes=30, overflow="drop_oldest")
    queue.push(event("f", 1, coalesce=True))
    queue.push(event("a", 0))
    queue.push(event("f", "x" * 15, coalesce=True))

    assert names(queue.drain(10, ALL)) == ["f"]
    assert queue.stats() == {"queued": 0, "queued_bytes": 0, "dropped": 1, "coalesced": 1}


# Redelivery


def test_requeue_goes_before_what_waits_in_its_own_order() -> None:
    queue = MessageQueue()
    for name in "abcd":
        queue.push(event(name))
    queue.requeue(queue.drain(2, ALL))
    queue.requeue(queue.drain(1, ALL))

    assert names(queue.drain(10, ALL)) == ["a", "b", "c", "d"]


def test_requeue_ignores_the_limits() -> None:
    queue = MessageQueue(max_events=1)
    queue.push(event("a"))
    taken = queue.drain(1, ALL)
    queue.push(event("b"))
    queue.requeue(taken)

    assert names(queue.drain(10, ALL)) == ["a", "b"]


def test_requeue_coalesced_with_a_newer_value_waiting_is_left_out() -> None:
    queue = MessageQueue()
    queue.push(event("frame", 1, coalesce=True))
    taken = queue.drain(1, ALL)
    queue.push(event("frame", 2, coalesce=True))
    queue.requeue(taken)

    assert queue.drain(10, ALL) == [event("frame", 2, coalesce=True)]
    assert queue.stats()["coalesced"] == 1


def test_requeue_coalesced_is_replaced_by_a_later_push() -> None:
    queue = MessageQueue()
    queue.requeue([event("frame", 1, coalesce=True), event("a")])
    queue.push(event("frame", 2, coalesce=True))

    assert queue.drain(10, ALL) == [event("a"), event("frame", 2, coalesce=True)]


# Waking


def test_on_wake_comes_once_per_stretch_of_waiting_messages() -> None:
    queue = MessageQueue()
    wakes: list[int] = []
    queue.on_wake = lambda: wakes.append(len(queue))
    queue.push(event("a"))
    queue.push(event("b"))
    queue.drain(10, ALL)
    queue.push(event("frame", 1, coalesce=True))
    queue.push(event("frame", 2, coalesce=True))

    assert wakes == [1, 1]


def test_on_wake_may_use_the_queue() -> None:
    queue = MessageQueue()
    got: list[Message] = []
    queue.on_wake = lambda: got.extend(queue.drain(10, ALL))
    queue.push(event("a"))

    assert names(got) == ["a"]


def test_on_wake_comes_for_redelivery_into_an_empty_queue_only() -> None:
    queue = MessageQueue()
    wakes: list[int] = []
    queue.on_wake = lambda: wakes.append(len(queue))
    queue.requeue([])
    queue.requeue([event("b")])
    queue.requeue([event("a")])

    assert wakes == [1]


# Any interleaving


class QueueMachine(RuleBasedStateMachine):
    """The queue against a plain list."""

    overflow: Overflow = "error"

    def __init__(self) -> None:
        super().__init__()
        self.queue = MessageQueue(max_events=4, max_bytes=60, overflow=self.overflow)
        self.told: list[str] = []
        self.wakes = 0
        self.queue.on_drop = lambda name, reason: self.told.append(name)
        self.queue.on_wake = self.woken
        self.waiting: list[Message] = []
        self.taken: list[Message] = []
        self.counts: Counter[str] = Counter()
        self.dropped: list[str] = []
        self.expected_wakes = 0
        self.n = 0

    def woken(self) -> None:
        self.wakes += 1

    def fits(self, waiting: list[Message], message: Message) -> bool:
        return len(waiting) < 4 and sum(len(m.payload) for m in waiting) + len(message.payload) <= 60

    def model_push(self, message: Message, force: bool) -> bool:
        """Do to the list what push should do; False where it should raise."""
        older = [m for m in self.waiting if message.coalesce and m.coalesce and m.name == message.name]
        rest = [m for m in self.waiting if m not in older]
        lost: list[Message] = []
        if not force and not self.fits(rest, message):
            if self.overflow == "error" or len(message.payload) > 60:
                return False
            for candidate in [m for m in rest if m.document is None]:
                if not self.fits(rest, message):
                    rest.remove(candidate)
                    lost.append(candidate)
        self.expected_wakes += not self.waiting
        self.waiting = [*rest, message]
        self.counts["dropped"] += len(lost)
        self.counts["coalesced"] += len(older)
        self.dropped += [m.name for m in lost]
        return True

    @rule(name=st.sampled_from("ab"), coalesce=st.booleans(), size=st.sampled_from([0, 5, 20, 70]))
    def push_event(self, name: str, coalesce: bool, size: int) -> None:
        self.n += 1
        message = event(name, str(self.n) + "x" * size, coalesce=coalesce)
        if self.model_push(message, force=False):
            self.queue.push(message)
        else:
            with pytest.raises(QueueFullError):
                self.queue.push(message)

    @rule(size=st.integers(1, 30))
    def push_answer(self, size: int) -> None:
        self.n += 1
        message = answer(f"c{self.n}", size)
        assert self.model_push(message, force=True)
        self.queue.push(message, force=True)

    @rule(max_events=st.integers(1, 5), max_bytes=st.integers(1, 80))
    def drain(self, max_events: int, max_bytes: int) -> None:
        expected = self.waiting[:1]
        for message in self.waiting[1:max_events]:
            if sum(len(m.payload) for m in [*expected, message]) > max_bytes:
                break
            expected.append(message)
        assert self.queue.drain(max_events, max_bytes) == expected
        self.waiting = self.waiting[len(expected) :]
        self.taken += expected

    @rule(data=st.data())
    def requeue(self, data: st.DataObject) -> None:
        split = data.draw(st.integers(0, len(self.taken)))
        again, self.taken = self.taken[split:], self.taken[:split]
        was_empty = not self.waiting
        for message in reversed(again):
            if message.coalesce and any(m.coalesce and m.name == message.name for m in self.waiting):
                self.counts["coalesced"] += 1
            else:
                self.waiting.insert(0, message)
        self.expected_wakes += was_empty and bool(self.waiting)
        self.queue.requeue(again)

    @rule()
    def forget_taken(self) -> None:
        self.taken.clear()

    @invariant()
    def agrees(self) -> None:
        assert len(self.queue) == len(self.waiting)
        assert self.queue.peek() == (self.waiting[0] if self.waiting else None)
        assert self.queue.stats() == {
            "queued": len(self.waiting),
            "queued_bytes": sum(len(m.payload) for m in self.waiting),
            "dropped": self.counts["dropped"],
            "coalesced": self.counts["coalesced"],
        }
        assert self.told == self.dropped
        assert self.wakes == self.expected_wakes

    def teardown(self) -> None:
        assert self.queue.drain(ALL, ALL) == self.waiting


class DroppingQueueMachine(QueueMachine):
    overflow: Overflow = "drop_oldest"


TestQueueMachine = QueueMachine.TestCase
TestDroppingQueueMachine = DroppingQueueMachine.TestCase
