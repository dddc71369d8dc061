from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from auroraview_qt.ipc.engine import unheard as module
from auroraview_qt.ipc.engine.unheard import Unheard
from auroraview_qt.ipc.wire.message_queue import MIN_ENTRY_BYTES, MessageQueue
from auroraview_qt.ipc.wire.protocol import (
    Entry,
    answer_message,
    as_message,
    coalesced_message,
    event_head,
    event_payload,
    payload_of,
    result_payload,
)

NOTHING: frozenset[bytes] = frozenset()


def events(name: str, *data: object) -> list[Entry]:
    return [event_payload(name, value) for value in data]


def seen(entries: list[Entry]) -> list[list[Any]]:
    """Return names and data."""
    return [json.loads(payload_of(entry))[1:] for entry in entries]


class View:
    """A queue and the waiting events."""

    def __init__(self, **limits: int) -> None:
        self.queue = MessageQueue(**limits)
        self.dropped: list[str] = []
        self.unheard = Unheard(self.queue, self.dropped.append)

    def keep(self, *entries: Entry, heads: frozenset[bytes] = NOTHING) -> list[list[Any]]:
        return seen(self.unheard.keep(entries, heads))

    def released(self, *names: str) -> list[list[Any]]:
        self.unheard.release([event_head(name) for name in names] if names else None)
        return seen(self.queue.drain(10**6, 10**9))


@pytest.fixture
def view() -> View:
    return View()


# Order


def test_keep_returns_what_has_a_listener_or_is_no_event_in_order(view: View) -> None:
    answer = answer_message(result_payload("c1", 7), "doc")
    entries = [*events("a", 1), answer, *events("b", 2), coalesced_message("c", 3), coalesced_message("a", 4)]

    assert view.keep(*entries, heads=frozenset([event_head("a")])) == [["a", 1], ["c1", 7], ["a", 4]]
    assert len(view.unheard) == 2
    assert view.released() == [["b", 2], ["c", 3]]
    assert len(view.unheard) == 0


def test_release_gives_the_events_of_the_names_in_the_order_they_came(view: View) -> None:
    view.keep(*events("a", 1), *events("b", 2), *events("c", 3), *events("a", 4))
    view.keep(*events("b", 5), *events("a", 6))

    assert view.released("a", "b", "nobody") == [["a", 1], ["b", 2], ["a", 4], ["b", 5], ["a", 6]]
    assert view.released("a") == []
    assert view.released() == [["c", 3]]


def test_release_puts_events_before_those_that_came_later(view: View) -> None:
    view.keep(*events("a", 1, 2))
    view.queue.push(event_payload("a", 3))

    assert view.released("a") == [["a", 1], ["a", 2], ["a", 3]]


# Coalesced events


def test_coalesced_event_replaces_the_one_of_its_name_that_waits_and_no_plain_one(view: View) -> None:
    view.keep(coalesced_message("a", 1), *events("a", 2), coalesced_message("b", 3))
    view.keep(coalesced_message("a", 4), *events("a", 5))

    assert (len(view.unheard), view.unheard.coalesced) == (4, 1)
    assert view.released("a") == [["a", 2], ["a", 4], ["a", 5]]


def test_coalesced_event_that_was_released_gives_way_to_a_newer_one_in_the_queue(view: View) -> None:
    view.keep(coalesced_message("a", 1))
    view.queue.push(coalesced_message("a", 2))

    assert view.released("a") == [["a", 2]]
    assert view.queue.stats()["coalesced"] == 1


def test_stream_of_coalesced_events_takes_the_place_of_one(view: View) -> None:
    for number in range(10_000):
        view.keep(coalesced_message("a", number))

    assert (len(view.unheard), view.unheard.coalesced) == (1, 9_999)
    assert view.released() == [["a", 9_999]]


# Limits


def test_limits_before_settle_are_those_of_the_queue_and_the_same_name_goes_first() -> None:
    view = View(max_events=4)
    view.keep(*events("rare", 0), *events("a", 1, 2, 3))
    view.keep(*events("a", 4, 5))

    assert view.unheard.dropped == 2
    assert view.dropped == ["a"]
    assert view.released() == [["rare", 0], ["a", 3], ["a", 4], ["a", 5]]


def test_new_name_over_the_limit_takes_the_place_of_the_oldest_of_another() -> None:
    view = View(max_events=3)
    view.keep(*events("a", 1), *events("b", 2), *events("c", 3))
    view.keep(*events("d", 4))
    view.keep(coalesced_message("e", 5))
    assert view.dropped == ["a", "b"]
    assert view.released() == [["c", 3], ["d", 4], ["e", 5]]

    view.keep(*events("a", 1, 2, 3))
    view.keep(*events("b", 4))
    assert view.released() == [["a", 2], ["a", 3], ["b", 4]]


def test_name_with_one_event_does_not_push_itself_out() -> None:
    view = View(max_events=2)
    view.keep(coalesced_message("a", 1), *events("b", 2))
    view.keep(coalesced_message("a", 3))  # the name has still waited longest
    view.keep(*events("c", 4))
    view.keep(coalesced_message("b", 5), coalesced_message("b", 6))

    assert view.released() == [["c", 4], ["b", 6]]


def test_limit_in_bytes_keeps_the_newest_event_at_any_size() -> None:
    view = View(max_bytes=4 * MIN_ENTRY_BYTES)
    view.keep(*events("a", 1, 2, 3))
    view.keep(*events("a", "x" * 5 * MIN_ENTRY_BYTES))

    assert view.unheard.dropped == 3
    assert [name for name, _ in view.released()] == ["a"]


def test_settle_keeps_the_newest_of_each_name_in_pieces(view: View) -> None:
    view.keep(
        *events("rare", 0), *events("flood", *range(4 * module.MAX_EVENTS)), *events("large", "x" * 700_000, "y" * 700_000)
    )
    view.unheard.end_grace()
    first = view.unheard.dropped
    pieces = 1
    while view.unheard.is_due:
        view.unheard.end_grace()
        pieces += 1

    assert (first, view.unheard.dropped, pieces) == (1_000, 3_001, 4)
    released = view.released()
    assert (released[0], released[1], len(released)) == (["rare", 0], ["flood", 3_000], 1_002)
    assert released[-1] == ["large", "y" * 700_000]


def test_settled_name_gets_no_more_than_its_share(view: View) -> None:
    view.unheard.end_grace()
    for start in range(0, 10_000, 2_500):
        view.keep(*events("flood", *range(start, start + 2_500)))
        assert len(view.unheard) == module.MAX_EVENTS
    view.keep(*events("large", *["x" * 700_000] * 3))

    assert len(view.unheard) == module.MAX_EVENTS + 1
    assert view.dropped == ["flood", "large"]


def test_coalesced_event_may_be_the_oldest_that_is_dropped(view: View) -> None:
    view.unheard.end_grace()
    view.keep(coalesced_message("a", -1), *events("a", *range(module.MAX_EVENTS)))

    assert view.released("a")[0] == ["a", 0]


def test_renew_gives_the_next_page_the_limits_of_the_queue_and_signals_anew(view: View) -> None:
    view.unheard.end_grace()
    view.keep(*events("a", *range(module.MAX_EVENTS + 1)))
    view.unheard.renew()
    view.keep(*events("a", *range(module.MAX_EVENTS)))
    assert len(view.unheard) == 2 * module.MAX_EVENTS
    view.unheard.end_grace()

    assert len(view.unheard) == module.MAX_EVENTS
    assert view.dropped == ["a", "a"]


def test_clear_counts_what_waits_and_keeps_nothing(view: View) -> None:
    view.keep(*events("a", 1, 2), *events("b", 3))
    view.unheard.clear()

    assert (len(view.unheard), view.unheard.dropped, view.unheard.is_due) == (0, 3, False)
    assert view.released() == []


def test_names_that_were_dropped_are_remembered_up_to_a_bound(view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MAX_TOLD", 2)
    monkeypatch.setattr(module, "MAX_EVENTS", 1)
    view.unheard.end_grace()
    for name in "abc":
        view.keep(*events(name, 1, 2, 3))

    assert view.dropped == ["a", "b"]
    assert view.unheard.dropped == 6


# Reports


def test_settle_logs_each_name_once_with_its_number(view: View, caplog: pytest.LogCaptureFixture) -> None:
    assert not view.unheard.is_due
    view.keep(*events("upated", 1, 2), *events("b", 3))
    assert view.unheard.is_due
    view.unheard.end_grace()
    view.unheard.end_grace()
    view.keep(*events("upated", 4))
    assert not view.unheard.is_due
    view.keep(*events("c", 5))
    assert view.unheard.is_due
    view.unheard.end_grace()

    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.WARNING, "events that have no listener in the page yet: 'upated' (2), 'b' (1). Is a name misspelt?"),
        (logging.WARNING, "events that have no listener in the page yet: 'c' (1). Is a name misspelt?"),
    ]


def test_settle_names_ten_and_counts_the_others(view: View, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(13):
        view.keep(*events(f"n{number}", 1))
    view.unheard.end_grace()

    assert caplog.messages[0].endswith("'n9' (1) and 3 more. Is a name misspelt?")
    assert len(caplog.messages) == 1


def test_page_after_another_is_due_for_what_waits_and_logs_no_name_again(
    view: View, caplog: pytest.LogCaptureFixture
) -> None:
    view.unheard.renew()
    assert not view.unheard.is_due
    view.keep(*events("a", 1))
    view.unheard.end_grace()
    view.unheard.renew()
    assert view.unheard.is_due
    view.unheard.end_grace()

    assert len(caplog.messages) == 1


def test_names_are_remembered_as_told_up_to_a_bound(
    view: View, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MAX_TOLD", 1)
    for name in "abb":
        view.keep(*events(name, 1))
        view.unheard.end_grace()

    assert len(caplog.messages) == 3


def test_closed_view_logs_names_that_were_not_told(view: View, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    view.keep(*events("a", 1))
    view.unheard.clear()
    view.unheard.clear()

    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("INFO", "events that have no listener in the page when the view was closed: 'a' (1). Is a name misspelt?")
    ]


def test_event_that_waited_is_the_same_entry(view: View) -> None:
    suspect = as_message(event_payload("a", 1))._replace(crashes_left=2)
    view.keep(suspect)
    view.unheard.release()

    assert view.queue.peek() == suspect
