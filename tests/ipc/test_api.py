"""The methods of a view without a view: on an engine without a page, and without an engine."""

from __future__ import annotations

import inspect
import json
import logging
import threading
from typing import Any, Callable

import pytest

from auroraview_qt.errors import EngineUnavailableError, WrongThreadError
from auroraview_qt.ipc.api import BridgeApi
from auroraview_qt.ipc.engine.engine import Engine
from auroraview_qt.ipc.port import NoPage, Port
from auroraview_qt.ipc.trust import TrustPolicy


class View(BridgeApi):
    def __init__(self, port: Port, *, devtools: bool = False) -> None:
        self.changes = 0
        self.undo: list[str] = []
        self._init_api(port, self._undo, self._changed, devtools=devtools)

    def _undo(self, fn: Callable[..., object], name: str, thread: str) -> Callable[..., object]:
        self.undo.append(name)
        return fn

    def _changed(self) -> None:
        self.changes += 1


class Mine(View):
    def emit(self, event: str, data: object = None, *, coalesce: bool = False) -> None:
        """Send nothing."""


def failure(fn: Callable[[], object]) -> BaseException | None:
    """Run a function on another thread; return the exception."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            fn()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return raised[0] if raised else None


class Page:
    """The other end of an engine's bridge."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.said = 0

    def say(self, *messages: object) -> None:
        assert self.engine.receive(self.engine.secret + json.dumps(["doc", self.said, 0, list(messages)]), "http://app/")
        while self.engine.work(10**9):
            pass

    def open(self) -> None:
        self.say([2, {"type": "hello", "protocol": 3, "commands": []}])
        self.say([2, {"type": "ready"}])

    def got(self) -> list[Any]:
        """Return the next sent message."""
        delivery = self.engine.next_delivery()
        assert delivery is not None
        self.said = delivery.number
        return list(json.loads(delivery.text))


@pytest.fixture
def engine() -> Engine:
    return Engine(TrustPolicy("http://app"))


@pytest.fixture
def view(engine: Engine) -> View:
    return View(engine)


@pytest.fixture
def page(engine: Engine) -> Page:
    return Page(engine)


@pytest.fixture
def empty() -> View:
    return View(NoPage(lambda: EngineUnavailableError("there is no engine")))


def test_callbacks_are_registered_by_call_and_by_decorator(view: View, page: Page) -> None:
    heard: list[object] = []

    @view.on("a")
    def first(data: object) -> None:
        heard.append(("first", data))

    @view.once("a")
    def second(data: object) -> None:
        heard.append(("second", data))

    third = view.on("b", lambda data: heard.append(("third", data)))
    view.once("b", lambda data: heard.append(("once", data)))
    view.register_callback("c", lambda data: heard.append(("alias", data)))
    page.open()
    page.say([0, "a", 1], [0, "a", 2], [0, "b", 3], [0, "b", 4], [0, "c", 5])
    assert heard == [("first", 1), ("second", 1), ("first", 2), ("third", 3), ("once", 3), ("third", 4), ("alias", 5)]
    third.cancel()
    assert view.off("a", first) == 1
    assert view.off("b") == 0


def test_commands_are_registered_in_each_spelling(view: View, engine: Engine) -> None:
    @view.command
    def bake() -> str:
        return "baked"

    @view.command("named")
    def other() -> None: ...

    @view.command(undo="Rename")
    def rename() -> None: ...

    @view.bind_call("ns.bound")
    def third() -> None: ...

    assert view.command("direct", bake, thread="pool") is bake
    assert view.bind_call("plain", bake) is bake
    assert engine.handler.command_names() == ["bake", "named", "rename", "ns.bound", "direct", "plain"]
    assert engine.handler.commands()["direct"].thread == "pool"
    assert view.undo == ["Rename"]
    assert view.changes == 6
    with pytest.raises(ValueError, match="is registered already"):
        view.bind_call("plain", bake, allow_rebind=False)


def test_bind_api_registers_public_functions(view: View, engine: Engine) -> None:
    class Api:
        def one(self) -> int:
            return 1

        def _private(self) -> None: ...

    assert view.bind_api(Api()) == ["api.one"]
    assert view.changes == 1
    assert engine.handler.command_names() == ["api.one"]
    with pytest.raises(ValueError, match=r"bind_api\(Api, 'api'\): registered already: api.one"):
        view.bind_api(Api(), allow_rebind=False)


def test_bind_api_logs_what_it_left_out(view: View, caplog: pytest.LogCaptureFixture) -> None:
    class Api:
        @property
        def size(self) -> int:
            return 1

        def one(self) -> int:
            return 1

    with caplog.at_level(logging.INFO):
        view.bind_api(Api())
        view.bind_api(object(), "none")
        view.bind_api(Api(), "!")
    levels = [(record.levelname, record.message.partition(" left out: ")[2]) for record in caplog.records]
    assert levels[0] == ("INFO", "size is a property")
    assert levels[1] == ("WARNING", "it has no public function")
    assert levels[2][0] == "WARNING"
    assert "one is '!.one' is no valid command name" in levels[2][1]
    assert len(levels) == 3


@pytest.mark.parametrize("method", ["bind_call", "bind_api", "command"])
def test_registering_a_command_on_another_thread_is_refused(view: View, method: str) -> None:
    error = failure(lambda: getattr(view, method)("work", print))
    assert isinstance(error, WrongThreadError)
    named = "bind_api" if method == "bind_api" else "bind_call"
    assert str(error).startswith(f"View.{named}() belongs to the GUI thread")


def test_emit_state_and_channel_reach_the_page(view: View, page: Page) -> None:
    assert not view.is_ready
    page.open()
    assert view.is_ready
    view.emit("frame", {"n": 1})
    view.state["a"] = 1
    channel = view.channel("log")
    channel.send("x")
    messages = page.got()
    assert messages[0][0] == 4
    assert messages[1:] == [[0, "frame", {"n": 1}], [0, "__auroraview_channel", {"id": "log", "data": "x"}]]
    assert view.stats()["sent"] == 2


def test_calls_of_the_page_are_made_and_answered(view: View, page: Page) -> None:
    page.open()
    called, asked = view.call("f", 1), view.eval_js("1 + 1")
    assert [message[:2] for message in page.got()] == [[7, "p1"], [9, "p2"]]
    page.say([8, "p1", "one"], [8, "p2", 2])
    assert (called.result(), asked.result()) == ("one", 2)


def test_emit_has_the_help_of_its_method(view: View, empty: View) -> None:
    for each in (view, empty):
        assert each.emit.__doc__ == BridgeApi.emit.__doc__
        assert each.emit.__qualname__ == "BridgeApi.emit"
        assert list(inspect.signature(each.emit).parameters) == ["event", "data", "coalesce"]
        assert "emit" in vars(each)


def test_emit_of_a_subclass_is_kept(engine: Engine) -> None:
    mine = Mine(engine)
    mine.emit("a")
    assert "emit" not in vars(mine)
    assert not engine.queue
    BridgeApi.emit(mine, "a", 1)
    assert len(engine.queue) == 1


def test_emit_that_differs_from_its_declaration_is_logged(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    view = View(engine, devtools=True)
    view.declare_event("frame", int)
    view.declare_event("other", int)
    assert view.emit.__doc__ == BridgeApi.emit.__doc__
    view.emit("frame", "x")
    assert ["is not as declared" in record.message for record in caplog.records] == [True]
    view.declare_state(dict)
    assert view.ipc_handler.declarations.state is dict


def test_declared_emit_is_not_checked_without_devtools(view: View, caplog: pytest.LogCaptureFixture) -> None:
    view.declare_event("frame", int)
    view.emit("frame", "x")
    assert not caplog.records


def test_without_a_page_everything_is_registered_and_nothing_sent(empty: View) -> None:
    assert empty.command("bake", print) is print
    assert empty.ipc_handler.command_names() == ["bake"]
    empty.emit("x", {"n": object()}, coalesce=True)
    empty.state["a"] = 1
    assert empty.state["a"] == 1
    assert not empty.is_ready
    assert empty.stats() == {}
    empty.channel().send("nothing")


@pytest.mark.parametrize("ask", [lambda view: view.call("f", {}), lambda view: view.eval_js("1")])
def test_without_a_page_calls_of_the_page_fail_at_once(
    empty: View, ask: Callable[[View], Any], caplog: pytest.LogCaptureFixture
) -> None:
    future = ask(empty)
    with pytest.raises(EngineUnavailableError, match="there is no engine"):
        future.result()
    ask(empty)  # the error of an ignored future is expected
    assert not caplog.records
