from __future__ import annotations

import threading
from collections import Counter

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from auroraview_qt.errors import InvalidNameError, MessageTooLargeError, QueueFullError, SerializationError
from auroraview_qt.ipc.wire import json_text, message_queue
from auroraview_qt.ipc.wire.message_queue import MIN_ENTRY_BYTES, MessageQueue, Overflow
from auroraview_qt.ipc.wire.protocol import (
    Entry,
    HostMessage,
    Message,
    as_message,
    coalesced_message,
    event_payload,
    payload_of,
)

ALL = 10**9


def event(name: str = "x", value: object = 0, *, coalesce: bool = False) -> Entry:
    return coalesced_message(name, value) if coalesce else event_payload(name, value)


def answer(name: str = "c1", size: int = 10) -> Message:
    return Message(HostMessage.RESULT, name, b"x" * size, "doc")


def names(entries: list[Entry]) -> list[str]:
    return [as_message(entry).name for entry in entries]


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
    size = len(payload_of(event("a")))

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
            queue.push_event(event_payload(name, n))

    workers = [threading.Thread(target=produce, args=(f"t{n}",)) for n in range(threads)]
    for worker in workers:
        worker.start()
    start.wait()
    got: list[Entry] = []
    while len(got) < count * threads and (any(worker.is_alive() for worker in workers) or len(queue)):
        got += queue.drain(100, ALL)
    for worker in workers:
        worker.join()
    got += queue.drain(ALL, ALL)

    for name in set(names(got)):
        assert [entry for entry in got if as_message(entry).name == name] == [event(name, n) for n in range(count)]
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
    large = "x" * 1_000
    queue = MessageQueue(max_bytes=len(payload_of(event("a", large))) + MIN_ENTRY_BYTES)
    queue.push(event("a", large))
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
    queue = MessageQueue(max_bytes=4 * MIN_ENTRY_BYTES, overflow="drop_oldest")
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
    queue = MessageQueue(max_bytes=300, overflow="drop_oldest")
    queue.push(event("a"))

    with pytest.raises(QueueFullError):
        queue.push(event("big", "x" * 400))
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
    queue = MessageQueue(max_bytes=300, overflow=overflow)
    queue.push(event("frame", 1, coalesce=True))

    with pytest.raises(QueueFullError):
        queue.push(event("frame", "x" * 400, coalesce=True))
    assert queue.drain(10, ALL) == [event("frame", 1, coalesce=True)]
    assert queue.stats()["coalesced"] == 0


def test_push_coalesced_drop_oldest_counts_the_older_value_as_replaced_not_dropped() -> None:
    queue = MessageQueue(max_bytes=600, overflow="drop_oldest")
    queue.push(event("f", 1, coalesce=True))
    queue.push(event("a", 0))
    queue.push(event("f", "x" * 400, coalesce=True))

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
    got: list[Entry] = []
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


LIMIT = 1_024


def size_of(entry: Entry) -> int:
    return max(MIN_ENTRY_BYTES, len(payload_of(entry)))


class QueueMachine(RuleBasedStateMachine):
    """The queue against a plain list."""

    overflow: Overflow = "error"

    def __init__(self) -> None:
        super().__init__()
        self.queue = MessageQueue(max_events=4, max_bytes=LIMIT, overflow=self.overflow)
        self.told: list[str] = []
        self.queue.on_drop = lambda name, reason: self.told.append(name)
        self.queue.on_wake = self.woken
        self.awake = False
        self.waiting: list[Entry] = []
        self.taken: list[Entry] = []
        self.counts: Counter[str] = Counter()
        self.dropped: list[str] = []
        self.n = 0

    def woken(self) -> None:
        assert not self.awake  # once per stretch
        self.awake = True

    def fits(self, waiting: list[Entry], entry: Entry) -> bool:
        return len(waiting) < 4 and sum(map(size_of, waiting)) + size_of(entry) <= LIMIT

    def older_than(self, entry: Entry) -> list[Entry]:
        """Return the entry that a push of this entry would replace."""
        return [m for m in self.waiting if replaces(entry, m)]

    def model_push(self, entry: Entry, force: bool) -> bool:
        """Do the same to the list as push; return False if push should raise."""
        older = self.older_than(entry)
        rest = [m for m in self.waiting if m not in older]
        lost: list[Entry] = []
        if not force and not self.fits(rest, entry):
            if self.overflow == "error" or size_of(entry) > LIMIT:
                return False
            for candidate in [m for m in rest if as_message(m).document is None]:
                if not self.fits(rest, entry):
                    rest.remove(candidate)
                    lost.append(candidate)
        self.waiting = [*rest, entry]
        self.counts["dropped"] += len(lost)
        self.counts["coalesced"] += len(older)
        self.dropped += names(lost)
        return True

    @rule(name=st.sampled_from("ab"), coalesce=st.booleans(), size=st.sampled_from([0, 300, 600, 1_100]))
    def push_event(self, name: str, coalesce: bool, size: int) -> None:
        self.n += 1
        entry = event(name, str(self.n) + "x" * size, coalesce=coalesce)
        push = self.queue.push_event if isinstance(entry, bytes) else self.queue.push
        if self.model_push(entry, force=False):
            push(entry)  # type: ignore[operator]
        else:
            with pytest.raises(QueueFullError):
                push(entry)  # type: ignore[operator]

    @rule(size=st.integers(1, 500))
    def push_answer(self, size: int) -> None:
        self.n += 1
        message = answer(f"c{self.n}", size)
        assert self.model_push(message, force=True)
        self.queue.push(message, force=True)

    @rule(max_events=st.integers(1, 5), max_bytes=st.integers(1, 1_200))
    def drain(self, max_events: int, max_bytes: int) -> None:
        expected = self.waiting[:1]
        for entry in self.waiting[1:max_events]:
            if sum(len(payload_of(m)) for m in [*expected, entry]) > max_bytes:
                break
            expected.append(entry)
        assert self.drained(max_events, max_bytes, len(expected)) == expected
        self.waiting = self.waiting[len(expected) :]
        self.taken += expected
        self.awake = bool(self.waiting)

    def drained(self, max_events: int, max_bytes: int, wanted: int) -> list[Entry]:
        """Drain. Replaced entries may count towards the bounds, so a drain may return fewer entries, but not none."""
        got: list[Entry] = []
        while len(got) < wanted:
            assert self.queue.peek() is not None
            some = self.queue.drain(max_events - len(got), max_bytes - sum(len(payload_of(m)) for m in got))
            assert some
            got += some
        return got

    @rule(data=st.data())
    def requeue(self, data: st.DataObject) -> None:
        split = data.draw(st.integers(0, len(self.taken)))
        requeued, self.taken = self.taken[split:], self.taken[:split]
        for entry in reversed(requeued):
            if any(replaces(entry, m) for m in self.waiting):
                self.counts["coalesced"] += 1
            else:
                self.waiting.insert(0, entry)
        self.queue.requeue(requeued)

    @rule()
    def forget_taken(self) -> None:
        self.taken.clear()

    @invariant()
    def agrees(self) -> None:
        assert len(self.queue) == len(self.waiting)
        assert self.queue.peek() == (self.waiting[0] if self.waiting else None)
        assert self.queue.stats() == {
            "queued": len(self.waiting),
            "queued_bytes": sum(map(size_of, self.waiting)),
            "dropped": self.counts["dropped"],
            "coalesced": self.counts["coalesced"],
        }
        assert self.told == self.dropped
        assert self.awake == bool(self.waiting)

    def teardown(self) -> None:
        got: list[Entry] = []
        while self.queue.peek() is not None:
            got += self.queue.drain(ALL, ALL)
        assert got == self.waiting


def replaces(newer: Entry, older: Entry) -> bool:
    """Return whether both are coalesced values of the same event."""
    return as_message(newer).coalesce and as_message(older).coalesce and as_message(newer).name == as_message(older).name


class DroppingQueueMachine(QueueMachine):
    overflow: Overflow = "drop_oldest"


TestQueueMachine = QueueMachine.TestCase
TestDroppingQueueMachine = DroppingQueueMachine.TestCase


# Far from the limits, a push takes no lock


def test_push_event_far_from_the_limits_and_near_them_is_one_queue() -> None:
    queue = MessageQueue(max_events=200)
    for n in range(200):
        queue.push_event(event_payload("x", n))

    with pytest.raises(QueueFullError, match="200 of 200 events"):
        queue.push_event(event_payload("x", 200))
    assert queue.drain(ALL, ALL) == [event_payload("x", n) for n in range(200)]


def test_push_event_from_many_threads_into_a_small_queue_never_exceeds_it() -> None:
    queue = MessageQueue(max_events=500)
    refused: list[int] = []
    start = threading.Barrier(9)

    def produce() -> None:
        start.wait()
        for n in range(200):
            try:
                queue.push_event(event_payload("x", n))
            except QueueFullError:
                refused.append(n)

    workers = [threading.Thread(target=produce) for _ in range(8)]
    for worker in workers:
        worker.start()
    start.wait()
    for worker in workers:
        worker.join()

    assert len(queue) == 500
    assert len(refused) == 8 * 200 - 500


def test_push_event_large_ones_leave_less_room_for_small_ones() -> None:
    queue = MessageQueue(max_bytes=100 * MIN_ENTRY_BYTES)
    queue.push_event(event_payload("big", "x" * (60 * MIN_ENTRY_BYTES)))
    for n in range(39):
        queue.push_event(event_payload("x", n))

    with pytest.raises(QueueFullError, match="bytes"):
        queue.push_event(event_payload("x", 39))
    assert queue.stats()["queued"] == 40


@pytest.mark.parametrize("beside", [0, 3, 5_000])
def test_push_coalesced_for_ever_keeps_nothing_of_the_old_values(beside: int) -> None:
    queue = MessageQueue(max_events=ALL, max_bytes=ALL)
    for n in range(beside):
        queue.push_event(event_payload("x", n))
    for n in range(20_000):
        queue.push(event("frame", n, coalesce=True))

    assert len(queue) == beside + 1
    assert len(queue._waiting) < 2 * beside + 2_000
    assert queue.stats()["queued_bytes"] == (beside + 1) * MIN_ENTRY_BYTES
    got: list[Entry] = []
    while queue.peek() is not None:
        got += queue.drain(ALL, ALL)
    assert got == [*(event_payload("x", n) for n in range(beside)), event("frame", 19_999, coalesce=True)]
    assert queue.stats()["queued_bytes"] == 0


# The function that encodes and pushes


def test_emitter_does_what_its_parts_do() -> None:
    queue = MessageQueue(max_events=400)
    emit = queue.emitter()
    emit("frame", 1, coalesce=True)
    emit("a")
    emit("a", [1])
    emit("big", "x" * 1_000)
    emit("frame", 2, coalesce=True)

    assert queue.drain(ALL, ALL) == [
        event("a", {}),
        event("a", [1]),
        event("big", "x" * 1_000),
        event("frame", 2, coalesce=True),
    ]


def test_emitter_errors_are_those_of_its_parts_and_lose_nothing() -> None:
    queue = MessageQueue(max_events=1)
    emit = queue.emitter()
    with pytest.raises(InvalidNameError):
        emit("a\nb", 1)
    emit("a", 1)
    with pytest.raises(SerializationError, match=r"event 'a'.*detail\.x"):
        emit("a", {"x": object()})
    with pytest.raises(QueueFullError):
        emit("a", 2)

    assert queue.drain(ALL, ALL) == [event("a", 1)]


def test_emitter_wakes_a_sleeping_consumer_only() -> None:
    queue = MessageQueue()
    emit = queue.emitter()
    wakes: list[int] = []
    queue.on_wake = lambda: wakes.append(len(queue))
    emit("a")
    emit("a")
    queue.drain(ALL, ALL)
    emit("a")

    assert wakes == [1, 1]


def test_on_brim_comes_every_few_thousand_that_wait() -> None:
    queue = MessageQueue()
    emit = queue.emitter()
    calls: list[int] = []
    queue.on_backlog = lambda: calls.append(len(queue))
    for _ in range(12_500):
        emit("a")
    assert calls == [4_001, 8_002, 12_003]
    while queue:
        queue.drain(1_000, ALL)
    for _ in range(4_001):
        emit("a")
    assert calls[3:] == [4_001]


# The end


@pytest.mark.parametrize("overflow", ["error", "drop_oldest"])
def test_closed_queue_drops_and_counts_everything_and_never_raises(overflow: Overflow) -> None:
    queue = MessageQueue(max_events=3, max_bytes=2_000, overflow=overflow)
    emit = queue.emitter()
    calls: list[object] = []
    emit("a")
    emit("b", 1, coalesce=True)
    emit("b", 2, coalesce=True)
    queue.push(answer(), force=True)
    queue.close()
    queue.on_wake = queue.on_backlog = lambda: calls.append("called")
    queue.on_drop = lambda name, reason: calls.append(name)
    assert (len(queue), queue.stats()["dropped"]) == (0, 3)

    for _ in range(5_000):
        emit("a")
    emit("b", 3, coalesce=True)
    emit("large", "x" * 10_000)
    queue.requeue([event_payload("back", 1)])

    assert queue.peek() is None
    assert queue.drain(ALL, ALL) == []
    assert calls == []
    assert queue.stats() == {"queued": 0, "queued_bytes": 0, "dropped": 5_006, "coalesced": 1}


def test_push_that_began_before_the_end_leaves_nothing_behind() -> None:
    queue = MessageQueue()
    queue.close()
    queue._waiting.append(event_payload("a", 1))  # as a thread does that had looked for room before

    assert queue.stats()["queued"] == 0
    assert queue.stats()["dropped"] == 1


def test_closed_queue_stays_empty_while_threads_push() -> None:
    queue = MessageQueue()
    emit = queue.emitter()
    begun = threading.Barrier(5)

    def push() -> None:
        begun.wait()
        for number in range(2_000):
            emit("a", number)

    threads = [threading.Thread(target=push) for _ in range(4)]
    for thread in threads:
        thread.start()
    begun.wait()
    queue.close()
    for thread in threads:
        thread.join()

    assert (queue.stats()["queued"], queue.stats()["dropped"]) == (0, 8_000)


def test_emitter_value_that_json_lacks_is_sent_as_an_escape() -> None:
    queue = MessageQueue()
    emit = queue.emitter()
    for value in (float("nan"), [None], "null", "l", b"\1"):
        emit("a", value)
    emit("a", {"x": [None, float("inf")]})

    assert queue.drain(ALL, ALL) == [
        b'[0,"a",[\t1e999,"number","NaN"]]', b'[0,"a",[null]]', b'[0,"a","null"]', b'[0,"a","l"]',
        b'[0,"a",[\t1e999,"bytes","AQ=="]]', b'[0,"a",{"x":[null,[\t1e999,"number","Infinity"]]}]',
    ]  # fmt: skip


def test_push_event_over_the_limit_of_a_page_is_told_with_name_and_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_queue, "MAX_TEXT_BYTES", 300)
    monkeypatch.setattr(json_text, "MAX_TEXT_BYTES", 300)
    emit = MessageQueue().emitter()
    emit("huge", 1)
    with pytest.raises(MessageTooLargeError, match="event 'huge': 413 bytes are above the limit of 300"):
        emit("huge", "x" * 400)
