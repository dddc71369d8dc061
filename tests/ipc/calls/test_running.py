"""Late answers and streams of a page's calls, without a page: the messages, and a single end for each."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from typing import Any, Callable

import pytest

from auroraview_qt.errors import CallCancelledError, ProtocolError
from auroraview_qt.ipc.calls import running, streams
from auroraview_qt.ipc.calls.handler import IpcHandler
from auroraview_qt.ipc.calls.runners import LOOP
from auroraview_qt.ipc.calls.running import CallContext
from auroraview_qt.ipc.wire import protocol
from tests.ipc.waiting import DEADLINE_S, wait_until


class Host:
    """A handler, its messages, and its steps for this thread."""

    def __init__(self) -> None:
        self.handler = IpcHandler(outlet=self)
        self.messages: list[protocol.Message] = []
        self.steps: list[Callable[[], object]] = []

    def send_answer(self, message: protocol.Message) -> None:
        self.messages.append(message)

    def is_gone(self, document: str) -> bool:
        return False

    @property
    def sent(self) -> list[Any]:
        return [json.loads(message.payload) for message in self.messages]

    def call(self, name: str, *params: Any, call_id: str = "c1", document: str = "doc") -> Any:
        payload = self.handler.call(call_id, name, params, document)
        return None if payload is None else json.loads(payload)

    def stream(self, name: str, *params: Any, credit: int = 2, call_id: str = "c1") -> Any:
        payload = self.handler.stream(call_id, name, credit, params, "doc", self.steps.append)
        return None if payload is None else json.loads(payload)

    def run(self) -> None:
        while self.steps:
            self.steps.pop(0)()


@pytest.fixture
def host() -> Host:
    return Host()


# How many


def test_more_calls_than_the_limit_are_refused_until_others_end(host: Host, monkeypatch, caplog) -> None:
    monkeypatch.setattr(running, "MAX_CALLS", 2)
    futures: list[Future[Any]] = []

    def never() -> Future[Any]:
        futures.append(Future())
        return futures[-1]

    host.handler.register_command("never", never)
    host.handler.register_command("items", lambda: iter(()))
    assert host.call("never", call_id="c1") is None
    assert host.call("never", call_id="c2") is None
    kind, _, error = host.call("never", call_id="c3")
    assert (kind, error["code"]) == (2, "TOO_MANY_CALLS")
    assert host.stream("items", call_id="c4")[2]["code"] == "TOO_MANY_CALLS"
    assert futures[2].cancelled()
    assert caplog.records == []  # the page is told; the host's log is not filled

    futures[0].set_result(1)
    assert host.call("never", call_id="c5") is None


# Contexts


def test_context_reports_progress_of_an_open_call_only(host: Host) -> None:
    contexts: list[CallContext] = []

    def work(a: int, ctx: CallContext, *rest: int, b: int = 0) -> list[object]:
        contexts.append(ctx)
        ctx.progress(0.25, "a quarter")
        return [a, *rest, b]

    host.handler.register_command("work", work)

    assert host.call("work", [1, 2, 3]) is None
    contexts[0].progress(1)
    assert host.sent == [[5, "c1", [0.25, "a quarter"]], [1, "c1", [1, 2, 3, 0]]]
    assert host.messages[0].coalesce
    assert {message.document for message in host.messages} == {"doc"}
    assert host.call("work", {"a": 4, "b": 5}) is None
    assert host.sent[-1] == [1, "c1", [4, 5]]


@pytest.mark.parametrize("fraction", [-0.1, 1.1, float("nan"), float("inf")])
def test_context_refuses_what_is_no_fraction(fraction: float) -> None:
    context = CallContext("bake", lambda *report: pytest.fail("it was reported"))

    with pytest.raises(ValueError, match=r"command 'bake': progress\("):
        context.progress(fraction)


def test_context_cancelled_is_told_to_whoever_asks() -> None:
    context = CallContext("bake", lambda *report: None)
    context.check_cancelled()
    assert not context.wait_cancelled(0)
    context.cancel()

    assert context.cancelled
    assert context.wait_cancelled(DEADLINE_S)
    with pytest.raises(CallCancelledError, match="'bake'"):
        context.check_cancelled()


def test_context_is_found_by_name_where_annotations_are_postponed(host: Host) -> None:
    def work(ctx: "auroraview_qt.CallContext") -> str:  # type: ignore[name-defined]  # noqa: F821, UP037
        return type(ctx).__name__

    host.handler.register_command("work", work)
    host.call("work")

    assert host.sent == [[1, "c1", "CallContext"]]


def test_arguments_a_command_with_context_does_not_take_are_refused(host: Host, caplog: pytest.LogCaptureFixture) -> None:
    host.handler.register_command("work", lambda a: None, thread="pool")

    host.call("work", {"b": 1})

    kind, _, error = host.sent[0]
    assert (kind, error["code"]) == (2, "INVALID_ARGS")
    assert len(host.handler.calls) == 0
    assert not caplog.records


def test_builtin_without_a_signature_is_called_with_what_comes(host: Host) -> None:
    host.handler.register_command("next", dict.pop, thread="pool")  # type: ignore[arg-type]
    host.call("next", [{"a": 1}, "a"])

    wait_until(lambda: host.sent)
    assert host.sent == [[1, "c1", 1]]


def test_command_on_an_unknown_thread_is_refused(host: Host) -> None:
    with pytest.raises(ValueError, match="use 'gui' or 'pool'"):
        host.handler.register_command("x", print, thread="worker")  # type: ignore[arg-type]
    assert host.handler.command_names() == []


# Later answers


def test_call_of_the_same_id_twice_is_refused(host: Host) -> None:
    host.handler.calls.begin("doc", "c1", "x")
    host.handler.calls.begin("other", "c1", "x")

    with pytest.raises(ProtocolError, match="open already"):
        host.handler.calls.begin("doc", "c1", "x")
    host.handler.register_command("work", lambda ctx: None, thread="pool")
    assert host.call("work")[2]["code"] == "PROTOCOL"


@pytest.mark.parametrize("has_context", [False, True])
def test_future_that_is_returned_answers_when_it_is_done(host: Host, has_context: bool) -> None:
    futures: list[Future[object]] = [Future(), Future(), Future()]

    def plain(n: int) -> Future[object]:
        return futures[n]

    def with_context(n: int, ctx: CallContext) -> Future[object]:
        return futures[n]

    host.handler.register_command("later", with_context if has_context else plain)
    for n in range(3):
        assert host.call("later", n, call_id=f"c{n}") is None
    assert host.sent == []

    futures[2].cancel()
    futures[1].set_exception(ValueError("nothing"))
    futures[0].set_result([1])
    assert [(kind, call_id) for kind, call_id, _ in host.sent] == [(2, "c2"), (2, "c1"), (1, "c0")]
    assert host.sent[0][2]["code"] == "CANCELLED"
    assert host.sent[1][2]["name"] == "ValueError"


def test_result_json_cannot_hold_ends_in_an_error_wherever_it_comes_from(host: Host) -> None:
    host.handler.register_command("pool", object, thread="pool")
    host.handler.register_command("context", lambda ctx: object())
    host.call("pool")

    wait_until(lambda: host.sent)
    assert host.sent[0][2]["code"] == "SERIALIZATION"


def test_coroutine_function_runs_on_the_loop_that_runs(host: Host) -> None:
    threads = []

    class Panel:
        async def __call__(self, n: int) -> int:
            threads.append(threading.get_ident())
            return n + 1

    host.handler.register_command("work", Panel(), thread="pool")

    async def program() -> None:
        host.call("work", 1)
        while not host.sent:
            await asyncio.sleep(0)

    asyncio.run(program())
    assert host.sent == [[1, "c1", 2]]
    assert threads == [threading.get_ident()]


def test_late_result_is_discarded_and_counted_an_error_is_not(host: Host) -> None:
    futures: list[Future[object]] = [Future() for _ in range(3)]
    for n, future in enumerate(futures):
        future.set_running_or_notify_cancel()  # as one that cannot be stopped any more
        host.handler.calls.follow(host.handler.calls.begin("doc", f"c{n}", "work"), future)
        assert host.handler.calls.cancel("doc", f"c{n}")
        assert not host.handler.calls.cancel("doc", f"c{n}")

    futures[0].set_result(1)
    futures[1].set_exception(ValueError())
    assert host.sent == []
    assert host.handler.calls.late == 1


def test_finish_of_a_call_that_has_ended_is_late(host: Host) -> None:
    call = host.handler.calls.begin("doc", "c1", "x")

    assert host.handler.calls.finish(call, protocol.result_payload("c1", 1))
    assert not host.handler.calls.finish(call, protocol.result_payload("c1", 1))
    assert len(host.sent) == host.handler.calls.late == 1


def test_handler_without_a_page_answers_nobody() -> None:
    handler = IpcHandler()
    call = handler.calls.begin("doc", "c1", "x")
    handler.calls.grant("doc", "c1", 1)

    assert handler.calls.finish(call, protocol.result_payload("c1", 1))
    assert len(handler.calls) == 0


def test_end_document_cancels_the_calls_of_that_page_only(host: Host) -> None:
    own, other = host.handler.calls.begin("doc", "c1", "x"), host.handler.calls.begin("doc2", "c1", "x")
    host.handler.calls.end_document("doc")

    assert (own.context.cancelled, other.context.cancelled) == (True, False)
    host.handler.calls.close()
    assert other.context.cancelled
    assert len(host.handler.calls) == 0


def test_cancel_that_fails_is_logged(host: Host, caplog: pytest.LogCaptureFixture) -> None:
    call = host.handler.calls.begin("doc", "c1", "bake")

    def fail() -> None:
        raise ValueError("stuck")

    call.on_cancel = fail
    assert host.handler.calls.cancel("doc", "c1")
    assert "command 'bake' failed while it was cancelled" in caplog.text


# Streams


def counting(closed: list[object], limit: int = 10**9) -> Callable[[], Iterator[int]]:
    def count() -> Iterator[int]:
        try:
            yield from range(limit)
        finally:
            closed.append(threading.get_ident())

    return count


def parts_of(host: Host) -> list[object]:
    return [value for kind, _, value in host.sent if kind == 6]


@pytest.mark.parametrize("thread", ["gui", "pool"])
def test_stream_sends_what_it_has_credit_for_and_ends_with_its_return_value(host: Host, thread: Any) -> None:
    def count() -> Iterator[int]:
        yield from range(3)
        return "end"

    host.handler.register_command("count", count, thread=thread)

    assert host.stream("count", credit=2) is None
    host.run()
    wait_until(lambda: len(host.sent) == 2)
    assert host.sent == [[6, "c1", 0], [6, "c1", 1]]
    host.handler.calls.grant("doc", "c1", 5)
    host.run()
    wait_until(lambda: len(host.sent) == 4)
    assert host.sent[2:] == [[6, "c1", 2], [1, "c1", "end"]]
    host.handler.calls.grant("doc", "c1", 5)  # too late, and harmless
    assert not host.steps


def test_stream_on_the_gui_thread_takes_one_step_at_a_time(host: Host) -> None:
    host.handler.register_command("count", counting([]))
    host.stream("count", credit=3)
    host.handler.calls.grant("doc", "c1", 1)

    for expected in ([0], [0, 1], [0, 1, 2], [0, 1, 2, 3]):
        assert len(host.steps) == 1
        host.steps.pop()()
        assert parts_of(host) == expected
    assert not host.steps


@pytest.mark.parametrize("thread", ["gui", "pool"])
def test_stream_cancelled_is_closed_and_sends_no_more(host: Host, thread: Any) -> None:
    closed: list[object] = []
    host.handler.register_command("count", counting(closed), thread=thread)
    host.stream("count", credit=1)
    host.run()
    wait_until(lambda: len(host.sent) == 1)
    host.handler.calls.cancel("doc", "c1")
    host.run()

    wait_until(lambda: closed)
    assert len(host.sent) == 1
    assert host.handler.calls.late == 0


def test_stream_cancelled_between_its_steps_does_nothing_in_the_next(host: Host) -> None:
    host.handler.register_command("count", counting([]))
    host.stream("count")
    host.handler.calls.cancel("doc", "c1")
    host.run()

    assert host.sent == []


def test_stream_cancelled_from_within_its_own_step_is_closed_after_it(host: Host) -> None:
    closed: list[object] = []

    def nested() -> Iterator[int]:
        try:
            host.handler.calls.cancel("doc", "c1")  # as a dialog's event loop would
            host.run()
            yield 1
        finally:
            closed.append(1)

    host.handler.register_command("nested", nested)
    host.stream("nested")
    host.run()

    assert (host.sent, closed) == ([], [1])


def test_stream_in_the_pool_that_never_began_is_closed(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting: Future[object] = Future()
    monkeypatch.setattr(streams.POOL, "submit", lambda fn: waiting)
    host.handler.register_command("count", counting([]), thread="pool")
    host.stream("count")
    host.handler.calls.cancel("doc", "c1")

    assert waiting.cancelled()
    assert host.sent == []


@pytest.mark.parametrize("thread", ["gui", "pool"])
def test_stream_that_fails_or_gives_what_json_cannot_hold_ends_in_an_error(host: Host, thread: Any) -> None:
    def bad_part() -> Iterator[object]:
        yield object()

    def bad_end() -> Iterator[object]:
        yield 1
        return object()

    def bad_close() -> Iterator[object]:
        try:
            yield object()
        finally:
            raise ValueError("while closing")

    for n, fn in enumerate((bad_part, bad_end, bad_close)):
        host.handler.register_command(f"bad{n}", fn, thread=thread)
        host.stream(f"bad{n}", call_id=f"c{n}")
    host.run()

    wait_until(lambda: len(host.sent) == 4)
    errors = {call_id: error["code"] for kind, call_id, error in host.sent if kind == 2}
    assert errors == dict.fromkeys(["c0", "c1", "c2"], "SERIALIZATION")


def test_stream_of_what_is_none_or_unknown_or_wrongly_called_is_an_error(host: Host) -> None:
    host.handler.register_command("plain", lambda: [1])
    host.handler.register_command("count", counting([]))

    assert host.stream("missing")[2]["code"] == "COMMAND_NOT_FOUND"
    assert host.stream("plain") is None
    assert host.stream("count", 1) is None
    assert [error["code"] for _, _, error in host.sent] == ["WRONG_CALL_KIND", "INVALID_ARGS"]
    assert host.call("count")[2]["code"] == "WRONG_CALL_KIND"


def test_stream_with_a_senseless_credit_waits(host: Host) -> None:
    host.handler.register_command("count", counting([]))
    for n, credit in enumerate(("many", None, -3)):
        host.stream("count", credit=credit, call_id=f"c{n}")  # type: ignore[arg-type]

    assert not host.steps


def test_stream_of_an_iterator_that_cannot_be_closed_just_ends(host: Host) -> None:
    class Ticks:
        def __aiter__(self) -> AsyncIterator[int]:
            return self

        async def __anext__(self) -> int:
            raise StopAsyncIteration

    host.handler.register_command("sync", lambda: iter([1]))
    host.handler.register_command("async", Ticks)
    host.stream("sync")
    host.run()
    assert host.sent == [[6, "c1", 1], [1, "c1", None]]
    host.stream("async", call_id="c2")
    wait_until(lambda: len(host.sent) == 3)
    assert host.sent[2] == [1, "c2", None]


def test_stream_of_an_async_generator_waits_for_credit_and_is_closed(host: Host) -> None:
    closed: list[int] = []

    async def count() -> AsyncIterator[int]:
        n = 0
        try:
            while True:
                yield n
                n += 1
        finally:
            closed.append(n)

    host.handler.register_command("count", count)
    host.stream("count", credit=0)
    host.handler.calls.grant("doc", "c1", 2)
    wait_until(lambda: len(host.sent) == 2)
    host.handler.calls.grant("doc", "c1", 1)
    wait_until(lambda: len(host.sent) == 3)
    settled = threading.Event()
    LOOP.run(_call(settled.set))
    assert settled.wait(DEADLINE_S)
    assert parts_of(host) == [0, 1, 2]
    host.handler.calls.cancel("doc", "c1")
    wait_until(lambda: closed)


def test_stream_that_is_granted_more_before_its_loop_runs_has_it(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Any] = []

    async def count() -> AsyncIterator[int]:
        for n in range(3):
            yield n

    def keep(coroutine: Any) -> Future[object]:
        begun.append(coroutine)
        return Future()

    monkeypatch.setattr(streams.LOOP, "run", keep)
    host.handler.register_command("count", count)
    host.stream("count", credit=0)
    host.handler.calls.grant("doc", "c1", 4)
    asyncio.run(begun[0])

    assert parts_of(host) == [0, 1, 2]


async def _call(fn: Callable[[], object]) -> None:
    fn()


def test_give_part_after_the_end_sends_nothing(host: Host) -> None:
    call = host.handler.calls.begin("doc", "c1", "x")
    host.handler.calls.cancel("doc", "c1")
    host.handler.calls.give_part(call, 1)

    assert host.sent == []


def test_failing_commands_are_logged_once_with_their_traceback(host: Host, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise KeyError("layer")

    host.handler.register_command("fail", fail, thread="pool")
    with caplog.at_level(logging.ERROR):
        host.call("fail")
        wait_until(lambda: host.sent)
    assert [record.getMessage() for record in caplog.records] == ["command 'fail' failed"]
    assert "KeyError: 'layer'" in caplog.text


def test_without_a_page_nothing_is_bounded() -> None:
    outlet = running.NoOutlet()
    assert outlet.has_room(10**9)
    assert not outlet.is_gone("doc")
