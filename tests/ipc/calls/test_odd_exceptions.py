"""Odd exceptions of a program's code: each call ends, other calls go on, and the log has the name."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from typing import Any, Callable

import orjson
import pytest

from auroraview_qt.errors import ProtocolError, SerializationError
from auroraview_qt.ipc.calls import failures, runners
from auroraview_qt.ipc.calls.callbacks import Callbacks
from auroraview_qt.ipc.calls.handler import IpcHandler
from auroraview_qt.ipc.calls.page_calls import NO_PARAMS, PageCalls
from auroraview_qt.ipc.calls.runners import LOOP, Loop, Pool, resolve
from auroraview_qt.ipc.calls.running import CallContext
from auroraview_qt.ipc.engine.engine import Engine
from auroraview_qt.ipc.state.shared_state import SharedState
from auroraview_qt.ipc.state.state_store import StateStore
from auroraview_qt.ipc.trust import TrustPolicy
from auroraview_qt.ipc.wire import protocol
from auroraview_qt.ipc.wire.message_queue import MessageQueue
from auroraview_qt.schema import encoders
from tests.ipc.waiting import DEADLINE_S, wait_until


class Odd(BaseException):
    """An exception that is not an `Exception`."""


class UnreadableError(BaseException):
    """An exception whose text cannot be read."""

    def __str__(self) -> str:
        raise SystemExit("no text")


class StrangeError(Exception):
    """An exception that even hides its class."""

    @property
    def __class__(self) -> Any:  # type: ignore[override]
        raise KeyboardInterrupt


KINDS: list[type[BaseException]] = [SystemExit, KeyboardInterrupt, GeneratorExit, asyncio.CancelledError, Odd, ValueError]
kinds = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


@pytest.fixture(autouse=True)
def wishes(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    passed: list[BaseException] = []
    monkeypatch.setattr(failures, "_pass_on", passed.append)
    return passed


class Host:
    """A handler and its messages."""

    def __init__(self) -> None:
        self.handler = IpcHandler(outlet=self)
        self.sent: list[Any] = []
        self.steps: list[Callable[[], object]] = []

    def send_answer(self, message: protocol.Message) -> None:
        self.sent.append(json.loads(message.payload))

    def is_gone(self, document: str) -> bool:
        return False

    def answer(self, name: str, *params: object, stream: bool = False) -> Any:
        """Call a command, run its steps, wait for its answer and return it."""
        if stream:
            payload = self.handler.stream("c1", name, 5, params, "doc", self.steps.append)
        else:
            payload = self.handler.call("c1", name, params, "doc")
        while self.steps:
            self.steps.pop(0)()
        if payload is not None:
            return json.loads(payload)
        wait_until(lambda: any(message[0] in (1, 2) for message in self.sent))
        return next(message for message in self.sent if message[0] in (1, 2))


@pytest.fixture
def host() -> Host:
    return Host()


def raising(error: BaseException) -> Callable[..., Any]:
    """Make a function that raises."""

    def leave(*_: object) -> None:
        raise error

    return leave


# Callbacks


@kinds
@pytest.mark.parametrize("event", ["saved", "*"])
def test_callback_that_raises_is_named_and_stops_no_other(
    kind: type[BaseException], event: str, wishes: list[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    callbacks, got = Callbacks(), []
    callbacks.on(event, raising(kind("bye")))
    callbacks.on("saved", got.append)
    callbacks.on("*", lambda *args: got.append(args))

    assert callbacks.dispatch("saved", 1) == 3
    assert got == [1, ("saved", 1)]
    assert callbacks.errors == 1
    assert "raising.<locals>.leave of event 'saved' failed" in caplog.text
    assert kind.__name__ in caplog.text
    assert [type(wish) for wish in wishes] == [kind] * (kind in failures.EXIT_WISHES)


@kinds
def test_state_listener_that_raises_stops_no_other_and_no_write(
    kind: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    state, got = SharedState(StateStore()), []
    state.on_change(raising(kind()))
    state.on_change(lambda *change: got.append(change))
    state["selection"] = ["cube"]

    assert got == [("selection", ["cube"], "python")]
    assert state.callback_errors == 1
    assert "leave of event" in caplog.text


def test_callback_of_a_burst_that_raises_leaves_the_rest_of_it(caplog: pytest.LogCaptureFixture) -> None:
    engine = Engine(TrustPolicy("http://app"))
    hello = {"type": "hello", "protocol": protocol.PROTOCOL_VERSION, "commands": []}
    got: list[object] = []

    def take(data: object) -> None:
        got.append(data)
        raise KeyboardInterrupt

    engine.handler.on("n", take)
    envelope = orjson.dumps(["doc", 0, 0, [[2, hello], [0, "n", 1, 2, 3]]]).decode()
    engine.receive(engine.secret + envelope, "http://app/")

    assert not engine.work(10**9)
    assert got == [1, 2, 3]
    assert caplog.text.count("take of event 'n' failed") == 3


@pytest.fixture
def broken_log() -> Iterator[None]:
    """Install a log handler that exits instead of writing."""

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            raise SystemExit("the log is full")

    handler = Handler()
    logging.getLogger("auroraview_qt").addHandler(handler)
    yield
    logging.getLogger("auroraview_qt").removeHandler(handler)


def test_log_handler_that_raises_costs_neither_callbacks_nor_answers(host: Host, broken_log: None) -> None:
    got: list[object] = []
    host.handler.on("x", raising(ValueError()))
    host.handler.on("x", got.append)
    host.handler.register_command("fail", raising(ValueError("why")))

    assert host.handler.dispatch("x", 1) == 2
    assert got == [1]
    assert host.answer("fail")[2]["message"] == "why"


# Commands


def commands_that_raise(error: BaseException) -> dict[str, Callable[..., Any]]:
    """Return a raising command of each kind."""

    def plain() -> None:
        raise error

    def with_context(ctx: CallContext) -> None:
        raise error

    async def coroutine() -> None:
        await asyncio.sleep(0)
        raise error

    def returns_future() -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(error)
        return future

    def generator() -> Iterator[int]:
        yield 1
        raise error

    async def async_generator() -> AsyncIterator[int]:
        yield 1
        raise error

    return {each.__name__: each for each in (plain, with_context, coroutine, returns_future, generator, async_generator)}


@kinds
@pytest.mark.parametrize(
    ("name", "thread"),
    [
        *((name, "gui") for name in commands_that_raise(Odd())),
        ("plain", "pool"),
        ("with_context", "pool"),
        ("generator", "pool"),
    ],
)
def test_command_that_raises_anything_is_answered_and_named(
    host: Host, kind: type[BaseException], name: str, thread: Any, caplog: pytest.LogCaptureFixture
) -> None:
    host.handler.register_command(name, commands_that_raise(kind("bye"))[name], thread=thread)
    answer = host.answer(name, stream=name.endswith("generator"))

    assert answer[:2] == [2, "c1"]
    # A coroutine that raises asyncio's own error of a cancelled task is a cancelled task.
    cancelled = kind is asyncio.CancelledError and name in ("coroutine", "async_generator")
    assert answer[2]["name"] == ("CallCancelledError" if cancelled else kind.__name__)
    assert cancelled or f"command {name!r} failed" in caplog.text
    assert host.handler.command_errors == 1
    assert not len(host.handler.calls)


@pytest.mark.parametrize("kind", [UnreadableError, StrangeError])
def test_command_whose_error_cannot_be_told_is_answered(host: Host, kind: type[BaseException]) -> None:
    host.handler.register_command("fail", raising(kind()))

    assert host.answer("fail")[:2] == [2, "c1"]


@kinds
def test_command_whose_result_cannot_be_encoded_is_answered(host: Host, kind: type[BaseException]) -> None:
    class Mesh:
        pass

    encoders.register_encoder(Mesh, raising(kind("no mesh")))
    host.handler.register_command("mesh", Mesh)
    answer = host.answer("mesh")
    assert answer[2]["name"] == (kind.__name__ if kind in failures.EXIT_WISHES else "SerializationError")
    with pytest.raises(kind if kind in failures.EXIT_WISHES else SerializationError):
        protocol.event_payload("mesh", Mesh())


@kinds
def test_event_whose_decoder_raises_is_refused_with_its_name(
    kind: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    class Mesh:
        pass

    encoders.register_encoder(Mesh, str, raising(kind("no mesh")))
    handler = IpcHandler()
    handler.declarations.declare_event("mesh", Mesh, "page")
    with pytest.raises(ProtocolError, match="event 'mesh'"):
        handler.handle_event("mesh", {"a": 1})
    assert kind is ValueError or "event 'mesh' could not be converted" in caplog.text


@kinds
def test_work_that_raises_while_it_is_cancelled_is_named(
    host: Host, kind: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    host.handler.calls.begin("doc", "c1", "bake").on_cancel = raising(kind())

    assert host.handler.calls.cancel("doc", "c1")
    assert "command 'bake' failed while it was cancelled" in caplog.text


@kinds
def test_stream_that_raises_while_it_is_closed_is_named(
    host: Host, kind: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    def count() -> Iterator[int]:
        try:
            yield 1
            yield 2
        finally:
            raise kind()

    host.handler.register_command("count", count)
    host.handler.stream("c1", "count", 1, (), "doc", host.steps.append)
    host.steps.pop(0)()
    assert host.handler.calls.cancel("doc", "c1")
    # A generator that ends in GeneratorExit is closed normally.
    assert kind is GeneratorExit or "a stream failed while it was closed" in caplog.text


# The asyncio loop and the pool


@pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt])
def test_coroutine_that_exits_harms_no_other(kind: type[BaseException]) -> None:
    async def leave() -> None:
        raise kind(1)

    async def wait() -> int:
        await asyncio.sleep(0.01)
        return 1

    waiting = LOOP.run(wait())
    error = LOOP.run(leave()).exception(DEADLINE_S)

    assert isinstance(error, failures.ContainedExitError)
    assert isinstance(error.wish, kind)
    assert waiting.result(DEADLINE_S) == 1
    assert LOOP.run(wait()).result(DEADLINE_S) == 1


def test_coroutine_that_exits_on_a_loop_of_the_program_leaves_it_running() -> None:
    async def leave() -> None:
        raise SystemExit(1)

    async def program() -> str:
        try:
            await asyncio.wrap_future(Loop().run(leave()))
        except failures.ContainedExitError as error:
            return str(error)
        return ""

    assert asyncio.run(program()) == "SystemExit(1)"


def test_task_of_a_coroutine_that_exits_leaves_the_loop_running(caplog: pytest.LogCaptureFixture) -> None:
    async def leave() -> None:
        raise SystemExit(1)

    async def start() -> None:
        tasks.append(asyncio.ensure_future(leave()))

    async def wait() -> int:
        await asyncio.sleep(0)
        return 1

    tasks: list[asyncio.Future[None]] = []
    loop = Loop()
    loop.run(start()).result(DEADLINE_S)
    wait_until(lambda: tasks[0].done())
    assert isinstance(tasks[0].exception(), SystemExit)
    assert loop.run(wait()).result(DEADLINE_S) == 1
    assert "the asyncio loop exited: the loop goes on" in caplog.text


def test_loop_that_a_coroutine_stops_serves_the_next_one() -> None:
    async def stop() -> None:
        asyncio.get_running_loop().stop()

    async def wait() -> int:
        await asyncio.sleep(0)
        return 1

    loop = Loop()
    loop.run(stop()).result(DEADLINE_S)
    assert loop.run(wait()).result(DEADLINE_S) == 1


def test_loop_that_is_closed_is_replaced() -> None:
    async def wait() -> int:
        return 1

    loop, closed = Loop(), asyncio.new_event_loop()
    closed.close()
    loop._own = closed
    runners._serve(closed)

    assert loop.run(wait()).result(DEADLINE_S) == 1


@kinds
def test_future_whose_callback_raises_ends_the_work_only(
    kind: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    pool = Pool(max_threads=1)
    for fn in (lambda: 1, raising(ValueError())):
        future: Future[Any] = Future()
        future.add_done_callback(raising(kind()))
        resolve(future, fn)
        assert future.done()
    assert pool.submit(lambda: 2).result(DEADLINE_S) == 2
    assert kind in (ValueError,) or "a callback of a future failed" in caplog.text


# Calls of Python


@kinds
def test_callback_of_a_call_that_raises_is_named_and_stops_no_other(
    kind: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    got: list[object] = []
    calls = PageCalls(MessageQueue(), lambda: 0.0)
    future = calls.call("pick", NO_PARAMS, None, raising(kind()))
    future.add_done_callback(raising(kind()))
    future.add_done_callback(got.append)
    calls.mark_sent("p1", "doc")
    calls.progress("doc", "p1", 0.5, "half way")
    calls.resolve("doc", "p1", 1)

    assert got == [future]
    assert "on_progress of call of 'pick' failed" in caplog.text
    assert "leave of call of 'pick' failed" in caplog.text
