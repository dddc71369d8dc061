"""Calls of Python into a page, without a page: the messages, and the end of each future."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import threading
from concurrent.futures import Future
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from auroraview_qt.errors import (
    CallTimeoutError,
    InvalidNameError,
    PageError,
    PageGoneError,
    QueueFullError,
    UnknownCommandError,
    WrongThreadError,
)
from auroraview_qt.ipc.calls import evaluation
from auroraview_qt.ipc.calls.page_calls import NO_PARAMS, PageCalls, PageFuture
from auroraview_qt.ipc.engine.session import Session
from auroraview_qt.ipc.wire.message_queue import MessageQueue
from auroraview_qt.ipc.wire.protocol import event_payload


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Host:
    def __init__(self, **limits: Any) -> None:
        self.clock = Clock()
        self.queue = MessageQueue(**limits)
        self.calls = PageCalls(self.queue, self.clock)

    def call(self, name: str = "f", params: object = NO_PARAMS, timeout_s: float | None = 30.0, **more: Any) -> PageFuture:
        return self.calls.call(name, params, timeout_s, more.get("on_progress"))

    def send(self, document: str = "doc") -> list[Any]:
        """Send the waiting messages to a page."""
        session = Session(self.queue, document, is_wanted=self.calls.is_wanted)
        session.ready = True
        batch = session.next_batch(100, 10**6)
        if batch is None:
            return []
        for call_id in batch.asked:
            self.calls.mark_sent(call_id, document)
        return list(json.loads(batch.payload))


@pytest.fixture
def host() -> Host:
    return Host()


def test_call_is_sent_and_settled_once(host: Host) -> None:
    woken: list[int] = []
    host.calls.on_asked = lambda: woken.append(1)
    future, other = host.call("pick", {"r": 1}), host.call("plain")

    assert host.send() == [[7, "p1", "pick", {"r": 1}], [7, "p2", "plain"]]
    assert len(woken) == len(host.calls) == 2
    assert host.calls.resolve("doc", "p1", {"g": 2})
    assert not host.calls.resolve("doc", "p1", 3)
    assert future.result() == {"g": 2}
    assert not host.calls.resolve("elsewhere", "p2", 1), "another page answered"
    assert not other.done()


@pytest.mark.parametrize(
    ("raw", "kind", "text"),
    [
        (
            {"name": "TypeError", "message": "no", "code": "X", "stack": "at f", "data": [1]},
            PageError,
            "TypeError: no\nat f",
        ),
        ({"name": "RangeError", "message": "far"}, PageError, "RangeError: far"),
        ("nonsense", PageError, "Error: "),
        ({"code": "COMMAND_NOT_FOUND", "data": {"exposed": ["fmt", "g"]}}, UnknownCommandError, "did you mean 'fmt'?"),
        ({"code": "COMMAND_NOT_FOUND", "data": {"exposed": []}}, UnknownCommandError, "nothing with a similar name"),
    ],
)
def test_error_of_the_page_becomes_an_exception(host: Host, raw: object, kind: type, text: str) -> None:
    future = host.call("fm")
    host.send()
    host.calls.resolve("doc", "p1", None, raw)

    error = future.exception()
    assert type(error) is kind
    assert text in str(error)
    if isinstance(raw, dict) and raw.get("code") == "X":
        assert (error.name, error.code, error.data, error.stack) == ("TypeError", "X", [1], "at f")  # type: ignore[union-attr]


def test_progress_goes_to_whoever_listens(host: Host, caplog: pytest.LogCaptureFixture) -> None:
    told: list[object] = []

    def raising(fraction: float, text: str) -> None:
        told.append((fraction, text))
        raise ValueError("in on_progress")

    host.call(on_progress=raising)
    host.call()
    host.send()
    for document, call_id in (("doc", "p1"), ("doc", "p2"), ("other", "p1"), ("doc", "p9")):
        host.calls.progress(document, call_id, 0.5, "half")

    assert told == [(0.5, "half")]
    assert "on_progress of call of 'f' failed" in caplog.text


def test_expire_ends_what_waited_too_long_and_tells_the_page(host: Host) -> None:
    assert host.calls.next_deadline_s() == float("inf")
    soon, later, never = host.call(timeout_s=1), host.call(timeout_s=2), host.call(timeout_s=None)
    host.send()
    assert host.calls.next_deadline_s() == 1
    host.clock.now = 1.0
    host.calls.expire()

    assert isinstance(soon.exception(), CallTimeoutError)
    assert "in time" in str(soon.exception())
    assert host.calls.next_deadline_s() == 2
    assert host.send() == [[8, "p1"]]
    host.clock.now = 9.0
    host.calls.expire()
    assert later.done()
    assert host.calls.next_deadline_s() == float("inf")
    assert not never.done()


def test_call_that_ended_in_the_queue_is_not_sent(host: Host) -> None:
    future = host.call(timeout_s=1)
    cancelled = host.call()
    host.clock.now = 1.0
    host.calls.expire()
    assert cancelled.cancel()

    assert "no page was ready" in str(future.exception())
    assert host.send() == []


def test_cancel_tells_the_page_that_was_asked(host: Host) -> None:
    future = host.call()
    host.send()

    assert future.cancel()
    assert not future.cancel()
    assert host.send() == [[8, "p1"]]
    assert host.send("another") == []
    assert not host.calls.resolve("doc", "p1", 1)


def test_page_gone_ends_what_it_was_asked_and_nothing_else(host: Host) -> None:
    asked = host.call()
    host.send()
    waiting = host.call()
    host.calls.page_gone("doc")

    assert isinstance(asked.exception(), PageGoneError)
    assert not waiting.done()
    assert host.send("doc2") == [[7, "p2", "f"]]


def test_close_cancels_everything_also_what_comes_later(host: Host) -> None:
    future = host.call()
    host.calls.close()

    assert future.cancelled()
    assert host.call().cancelled()
    assert len(host.calls) == 0


def test_call_while_another_thread_closes_is_not_left_pending(host: Host) -> None:
    host.queue.on_wake = host.calls.close  # as if it came after the first look
    future = host.call()

    assert future.cancelled()
    assert len(host.calls) == 0


def test_call_of_a_closed_view_with_a_full_queue_ends_cancelled() -> None:
    host = Host(max_events=1)
    host.queue.push(event_payload("a", None))
    host.queue.close()
    host.calls.close()

    assert host.call().cancelled()
    assert host.queue.stats()["dropped"] == 2


def test_call_that_cannot_be_queued_raises_and_leaves_nothing() -> None:
    host = Host(max_events=1)
    host.call()
    with pytest.raises(QueueFullError):
        host.call()
    with pytest.raises(InvalidNameError):
        host.call("no name")
    assert len(host.calls) == 1


def test_evaluate_gives_the_source_to_the_page_that_is_asked(host: Host) -> None:
    host.calls.evaluate("  a + b; ", 30.0)

    assert host.calls.mark_sent("p1", "doc") == "a + b"
    assert host.calls.mark_sent("p9", "doc") is None
    assert host.send() == [[9, "p1"]]


# Futures


def test_result_on_the_thread_that_would_answer_raises(host: Host) -> None:
    future = host.call()
    for method in (future.result, future.exception):
        with pytest.raises(WrongThreadError, match="call of 'f'"):
            method()


def test_result_elsewhere_waits(host: Host) -> None:
    future, got = host.call(), []
    worker = threading.Thread(target=lambda: got.append(future.result(20)))
    worker.start()
    host.send()
    host.calls.resolve("doc", "p1", 5)
    worker.join(20)

    assert got == [5]


def test_future_can_be_awaited(host: Host) -> None:
    async def program() -> object:
        future = host.call()
        host.send()
        asyncio.get_running_loop().call_soon(host.calls.resolve, "doc", "p1", 6)
        return await future

    assert asyncio.run(program()) == 6


def test_cancel_that_comes_while_it_is_settled_is_too_late(host: Host) -> None:
    future = host.call()
    answers: list[bool] = []
    future.add_done_callback(lambda done: answers.append(done.cancel()))
    host.send()
    host.calls.resolve("doc", "p1", 1)

    assert answers == [False]


def test_callback_that_exits_stops_nobody(host: Host, caplog: pytest.LogCaptureFixture) -> None:
    def leave(_: object) -> None:
        raise SystemExit

    host.call().add_done_callback(leave)
    host.send()
    assert host.calls.resolve("doc", "p1", 1)
    assert "leave of call of 'f' failed" in caplog.text


@pytest.mark.parametrize("look", [False, True])
def test_error_nobody_looks_at_is_logged_when_the_future_goes(
    host: Host, caplog: pytest.LogCaptureFixture, look: bool
) -> None:
    future = host.calls.evaluate("x" * 100, 30.0)
    host.send()
    host.calls.resolve("doc", "p1", None, {"name": "ReferenceError", "message": "x"})
    if look:
        future.exception()
    with caplog.at_level(logging.ERROR):
        del future
        gc.collect()

    assert ("the program did not read its error: ReferenceError: x" in caplog.text) == (not look)
    assert look or "xxx...'" in caplog.text


def test_result_nobody_looks_at_is_no_matter(host: Host, caplog: pytest.LogCaptureFixture) -> None:
    future = host.call()
    host.send()
    host.calls.resolve("doc", "p1", 1)
    del future
    gc.collect()

    assert not caplog.records


def test_future_cancelled_on_another_thread_while_it_is_settled_stays_cancelled(host: Host) -> None:
    future = host.call()
    host.send()
    Future.cancel(future)  # cancel() does this first

    assert host.calls.resolve("doc", "p1", 1)
    assert future.cancelled()


# Sources


@pytest.mark.parametrize(
    ("source", "form"),
    [
        ("a + b", "expression"),
        ("({a: 1})", "expression"),
        ("constant", "expression"),
        ("document.title", "expression"),
        ("const a = 1; a", "body"),
        ("return 1", "body"),
        ("async function f() {}", "body"),
        ("if (a) b()", "body"),
        ("a(); b()", None),
        ("';'", None),
        ("a\n.b", None),
    ],
)
def test_form_of_says_what_is_plain_to_see(source: str, form: str | None) -> None:
    assert evaluation.form_of(source) == form


def test_hand_over_script_ends_a_comment_before_its_own_end() -> None:
    script = evaluation.hand_over_script("doc()", "p1", "a // b", "expression")

    assert script == "doc().evaluate('p1',async()=>(\na // b\n))"
    assert "{\nreturn 1\n}" in evaluation.hand_over_script("doc()", "p1", "return 1", "body")


def test_probe_script_holds_any_text() -> None:
    source = "'\"`\\ \u2028 </script>"

    assert json.dumps(source) in evaluation.probe_script(source)


# Every future ends, once, whatever happens


class Calls(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.host = Host()
        self.futures: dict[str, PageFuture] = {}
        self.ends: dict[str, int] = {}
        self.asked: dict[str, str] = {}
        self.pages = 0
        self.closed = False

    @rule(timeout_s=st.sampled_from([1.0, 5.0, None]))
    def call(self, timeout_s: float | None) -> None:
        future = self.host.call(timeout_s=timeout_s)
        call_id = f"p{len(self.futures) + 1}"
        self.futures[call_id] = future
        self.ends[call_id] = 0
        future.add_done_callback(lambda _: self.ends.update({call_id: self.ends[call_id] + 1}))

    @precondition(lambda self: not self.closed)
    @rule()
    def deliver(self) -> None:
        for kind, call_id, *_ in self.host.send(f"doc{self.pages}"):
            if kind == 7:
                assert not self.futures[call_id].done(), "a call that had ended was sent"
                self.asked[call_id] = f"doc{self.pages}"

    @precondition(lambda self: self.asked)
    @rule(data=st.data(), fails=st.booleans())
    def answer(self, data: st.DataObject, fails: bool) -> None:
        call_id = data.draw(st.sampled_from(sorted(self.asked)))
        self.host.calls.resolve(self.asked[call_id], call_id, 1, {"name": "Error"} if fails else None)

    @precondition(lambda self: self.futures)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        self.futures[data.draw(st.sampled_from(sorted(self.futures)))].cancel()

    @rule(seconds=st.floats(0, 4))
    def wait(self, seconds: float) -> None:
        self.host.clock.now += seconds
        self.host.calls.expire()

    @rule()
    def page_goes(self) -> None:
        self.host.calls.page_gone(f"doc{self.pages}")
        self.pages += 1

    @rule()
    def close(self) -> None:
        self.host.calls.close()
        self.closed = True

    @invariant()
    def each_has_ended_at_most_once(self) -> None:
        assert all(count <= 1 for count in self.ends.values())
        waiting = [future for future in self.futures.values() if not future.done()]
        assert len(self.host.calls) == len(waiting)
        assert not (self.closed and waiting)

    def teardown(self) -> None:
        self.host.calls.close()
        assert all(count == 1 for count in self.ends.values())


TestCalls = Calls.TestCase
TestCalls.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
