from __future__ import annotations

import gc
import json
import logging
import sys
import threading
from typing import Any, Callable

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from auroraview_qt.errors import AuroraViewError, InvalidNameError, ProtocolError, SerializationError
from auroraview_qt.ipc.calls.callbacks import Subscription
from auroraview_qt.ipc.calls.handler import IpcHandler


class Panel:
    """An object whose methods are registered."""

    def __init__(self) -> None:
        self.got: list[object] = []

    def take(self, data: object) -> None:
        self.got.append(data)


def decoded(payload: bytes | None) -> Any:
    assert payload is not None
    return json.loads(payload)


def error_of(payload: bytes | None) -> Any:
    kind, _, error = decoded(payload)
    assert kind == 2
    return error


def call(handler: IpcHandler, name: str, *params: Any) -> bytes:
    payload = handler.handle({"type": "call", "id": "c1", "method": name, **dict(zip(["params"], params))})
    assert payload is not None
    return payload


# Events


def test_dispatch_runs_callbacks_in_order_then_those_of_everything() -> None:
    handler = IpcHandler()
    got: list[object] = []
    handler.on("*", lambda event, data: got.append((event, data)))
    handler.on("x", lambda data: got.append(("first", data)))
    handler.on("x", lambda data: got.append(("second", data)))

    assert handler.dispatch("x", 1) == 3
    assert handler.dispatch("y", 2) == 1
    assert got == [("first", 1), ("second", 1), ("x", 1), ("y", 2)]


def test_dispatch_without_callbacks_runs_none() -> None:
    assert IpcHandler().dispatch("x", None) == 0


def test_on_invalid_name_or_callback_raises() -> None:
    handler = IpcHandler()

    with pytest.raises(InvalidNameError):
        handler.on("a\nb", print)
    with pytest.raises(TypeError, match=r"on\('x', …\) needs a callable, not int"):
        handler.on("x", 3)  # type: ignore[arg-type]


def test_on_same_function_twice_runs_twice() -> None:
    handler = IpcHandler()
    got: list[object] = []
    handler.on("x", got.append)
    handler.on("x", got.append)

    assert handler.dispatch("x", 1) == 2
    assert got == [1, 1]


def test_on_method_of_a_collected_object_is_forgotten() -> None:
    handler = IpcHandler()
    panel = Panel()
    subscription = handler.on("x", panel.take)
    handler.dispatch("x", 1)
    assert panel.got == [1]
    del panel
    gc.collect()

    assert not subscription.active
    assert subscription.callback() is None
    assert handler.dispatch("x", 2) == 0


def test_on_method_of_an_object_that_dies_while_dispatching_is_skipped() -> None:
    handler = IpcHandler()
    panels = [Panel()]
    handler.on("x", lambda data: panels.clear())
    handler.on("x", panels[0].take)

    assert handler.dispatch("x", 1) == 1


def test_on_function_without_other_references_stays() -> None:
    handler = IpcHandler()
    got: list[object] = []
    handler.on("x", lambda data: got.append(data))
    gc.collect()
    handler.dispatch("x", 1)

    assert got == [1]


def test_once_runs_once_even_when_it_dispatches_again() -> None:
    handler = IpcHandler()
    got: list[object] = []

    def again(data: object) -> None:
        got.append(data)
        handler.dispatch("x", 2)

    subscription = handler.on("x", again, once=True)
    handler.dispatch("x", 1)
    handler.dispatch("x", 3)

    assert got == [1]
    assert not subscription.active


def test_once_dispatched_from_many_threads_runs_once() -> None:
    for _ in range(50):
        handler = IpcHandler()
        got: list[object] = []
        handler.on("x", got.append, once=True)
        start = threading.Barrier(4)

        def dispatch(handler: IpcHandler = handler, start: threading.Barrier = start) -> None:
            start.wait()
            handler.dispatch("x", 1)

        threads = [threading.Thread(target=dispatch) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert got == [1]


def test_once_taken_by_another_dispatch_meanwhile_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    handler = IpcHandler()
    got: list[object] = []
    handler.on("x", got.append, once=True)
    monkeypatch.setattr(handler.callbacks, "remove", lambda subscription: False)  # the other call was faster

    assert handler.dispatch("x", 1) == 0
    assert got == []


def test_registry_used_from_many_threads_while_dispatching_ends_empty() -> None:
    handler = IpcHandler()
    kept: list[object] = []
    handler.on("x", kept.append)
    stop = threading.Event()

    def churn() -> None:
        while not stop.is_set():
            subscription = handler.on("x", lambda data: None)
            handler.on("x", lambda data: None, once=True).cancel()
            subscription.cancel()

    threads = [threading.Thread(target=churn) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(500):
        handler.dispatch("x", n)
    stop.set()
    for thread in threads:
        thread.join()

    assert kept == list(range(500))
    assert handler.off("x") == 1
    assert handler.callback_errors == 0


def test_cancel_while_dispatching_skips_the_cancelled_one() -> None:
    handler = IpcHandler()
    got: list[str] = []
    handler.on("x", lambda data: later.cancel())
    later = handler.on("x", lambda data: got.append("later"))
    handler.on("x", lambda data: got.append("last"))

    assert handler.dispatch("x", None) == 2
    assert got == ["last"]


@pytest.mark.parametrize("event", ["x", "*"])
def test_on_while_dispatching_is_not_run_by_that_dispatch(event: str) -> None:
    handler = IpcHandler()
    got: list[object] = []
    handler.on("x", lambda data: handler.on(event, lambda *args: got.append(args)), once=True)

    assert handler.dispatch("x", 1) == 1
    assert got == []
    assert handler.dispatch("x", 2) == 1


def test_cancel_twice_does_nothing() -> None:
    handler = IpcHandler()
    subscription = handler.on("x", print)
    assert subscription.active
    subscription.cancel()
    subscription.cancel()

    assert not subscription.active
    assert not handler.callbacks.remove(subscription)


def test_cancel_after_its_handler_is_gone_is_quiet() -> None:
    handler = IpcHandler()
    subscription = handler.on("x", print)
    del handler
    gc.collect()
    subscription.cancel()

    assert not subscription.active


def test_off_removes_one_function_or_all() -> None:
    handler = IpcHandler()
    panel = Panel()
    handler.on("x", print)
    handler.on("x", panel.take)
    handler.on("y", print)

    assert handler.off("x", panel.take) == 1
    assert handler.off("x", panel.take) == 0
    assert handler.off("x") == 1
    assert handler.off("x") == 0
    assert handler.off("y") == 1


def bad_callback(data: object) -> None:
    raise RuntimeError("no such node")


class BadCallable:
    def __call__(self, data: object) -> None:
        raise RuntimeError("no such node")


@pytest.mark.parametrize(("fn", "name"), [(bad_callback, "bad_callback"), (BadCallable(), "BadCallable")])
def test_dispatch_raising_callback_is_logged_and_stops_no_other(
    caplog: pytest.LogCaptureFixture, fn: Callable[[object], None], name: str
) -> None:
    handler = IpcHandler()
    got: list[object] = []
    handler.on("x", fn)
    handler.on("x", got.append)

    assert handler.dispatch("x", 1) == 2
    assert got == [1]
    assert handler.callback_errors == 1
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert f"{__name__}.{name} of event 'x' failed" in record.getMessage()
    assert "Traceback" in caplog.text
    assert "RuntimeError: no such node" in caplog.text


# Commands


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ((), [[], {}]),
        (({"start": 1},), [[], {"start": 1}]),
        (([1, 2],), [[1, 2], {}]),
        ((None,), [[None], {}]),
        (("x",), [["x"], {}]),
        ((0,), [[0], {}]),
    ],
)
def test_call_params_become_arguments(params: tuple[Any, ...], expected: object) -> None:
    handler = IpcHandler()
    handler.register_command("f", lambda *args, **keywords: [args, keywords])

    message = call(handler, "f", *params)

    assert decoded(message) == [1, "c1", expected]


@pytest.mark.parametrize("params", [{"start": 1, "end": 3}, [1, 3], {"start": 1}, [1], 1])
def test_call_of_plain_parameters_takes_names_places_and_defaults(params: object) -> None:
    handler = IpcHandler()
    handler.register_command("f", lambda start, end=3: [start, end])

    assert decoded(call(handler, "f", params)) == [1, "c1", [1, 3]]


def test_register_command_names_are_listed_in_order_and_forgotten() -> None:
    handler = IpcHandler()
    handler.register_command("b", print)
    handler.register_command("a.c", print)

    assert handler.command_names() == ["b", "a.c"]
    assert handler.unregister_command("b")
    assert not handler.unregister_command("b")
    assert handler.command_names() == ["a.c"]


def test_register_command_of_a_taken_name_replaces_it_unless_told_otherwise() -> None:
    handler = IpcHandler()
    handler.register_command("f", lambda: 1)

    with pytest.raises(ValueError, match="'f' is registered already"):
        handler.register_command("f", lambda: 2, replace=False)
    assert decoded(call(handler, "f"))[2] == 1
    handler.register_command("f", lambda: 3)
    assert decoded(call(handler, "f"))[2] == 3


def test_register_command_invalid_name_or_function_raises() -> None:
    with pytest.raises(InvalidNameError, match="command name"):
        IpcHandler().register_command("a b", print)
    with pytest.raises(TypeError, match="command 'f' needs a callable, not str"):
        IpcHandler().register_command("f", "print")  # type: ignore[arg-type]


def test_call_unknown_command_names_the_nearest(caplog: pytest.LogCaptureFixture) -> None:
    handler = IpcHandler()
    handler.register_command("export_scene", print)

    error = error_of(call(handler, "export_scen"))

    assert (error["name"], error["code"]) == ("UnknownCommandError", "COMMAND_NOT_FOUND")
    assert "did you mean 'export_scene'?" in error["message"]
    assert error["data"] == {"nearest": ["export_scene"]}
    assert not caplog.records


def test_call_unknown_command_with_nothing_similar_says_so() -> None:
    error = error_of(call(IpcHandler(), "\ud800"))

    assert "nothing with a similar name" in error["message"]
    assert error["data"] == {"nearest": []}


def test_call_arguments_that_do_not_fit_are_refused_before_the_function_runs() -> None:
    handler = IpcHandler()
    ran: list[int] = []

    def bake(start: int, end: int) -> None:
        ran.append(start)

    handler.register_command("bake", bake)

    error = error_of(call(handler, "bake", {"start": 1}))

    assert (error["name"], error["code"]) == ("InvalidArgumentsError", "INVALID_ARGS")
    assert "command 'bake'(start" in error["message"]
    assert "'end'" in error["message"]
    assert ran == []


def test_call_type_error_inside_the_function_is_no_invalid_argument() -> None:
    handler = IpcHandler()
    handler.register_command("f", lambda: len(3))  # type: ignore[arg-type]

    assert error_of(call(handler, "f"))["code"] == "CALL_FAILED"


class NoSignature:
    __signature__ = "none"

    def __call__(self, *args: object) -> int:
        return len(args)


def test_call_function_without_a_readable_signature_is_run() -> None:
    handler = IpcHandler()
    handler.register_command("f", NoSignature())

    assert decoded(call(handler, "f", [1, 2]))[2] == 2


def test_call_raising_command_gives_its_error_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    handler = IpcHandler()

    def explode() -> None:
        raise KeyError("pCube1")

    handler.register_command("explode", explode)

    error = error_of(call(handler, "explode"))

    assert error == {"name": "KeyError", "code": "CALL_FAILED", "message": "'pCube1'", "data": None}
    assert handler.command_errors == 1
    assert "command 'explode' failed" in caplog.text
    assert "Traceback" in caplog.text


class NodeLockedError(AuroraViewError):
    code = "NODE_LOCKED"


@pytest.mark.parametrize(("data", "sent"), [({"node": "a"}, {"node": "a"}), (None, None), (object(), None)])
def test_call_error_of_our_tree_keeps_code_and_data_json_can_hold(
    caplog: pytest.LogCaptureFixture, data: object, sent: object
) -> None:
    handler = IpcHandler()

    def lock() -> None:
        raise NodeLockedError("locked", data=data)

    handler.register_command("lock", lock)

    error = error_of(call(handler, "lock"))

    assert error == {"name": "NodeLockedError", "code": "NODE_LOCKED", "message": "locked", "data": sent}
    assert ("the data of a NodeLockedError is left out" in caplog.text) == (data is not None and sent is None)


def test_call_errors_with_data_json_cannot_hold_are_logged_a_limited_number_of_times(
    caplog: pytest.LogCaptureFixture,
) -> None:
    handler = IpcHandler()
    error = NodeLockedError("locked", data=object())

    assert {handler.describe(error)["data"] for _ in range(200)} == {None}

    told = [record for record in caplog.records if "is left out" in record.getMessage()]
    assert 0 < len(told) < 200


def test_call_result_json_cannot_hold_is_an_error_with_an_address() -> None:
    handler = IpcHandler()
    handler.register_command("f", lambda: {"node": object()})

    error = error_of(call(handler, "f"))

    assert error["code"] == SerializationError.code
    assert "result.node" in error["message"]


class UnreadableError(Exception):
    def __str__(self) -> str:
        raise ValueError


@pytest.mark.parametrize("error", [UnreadableError(), ValueError("\ud800"), ValueError("ä")])
def test_call_error_with_any_message_is_answered(error: Exception) -> None:
    handler = IpcHandler(tracebacks=True)

    def explode() -> None:
        raise error

    handler.register_command("f", explode)

    answer = error_of(call(handler, "f"))

    assert answer["name"] == type(error).__name__
    assert answer["message"] in ("a UnreadableError without a readable message", "?", "ä")


@pytest.mark.parametrize("tracebacks", [False, True])
def test_call_traceback_goes_to_the_page_in_development_only(tracebacks: bool) -> None:
    handler = IpcHandler(tracebacks=tracebacks)
    handler.register_command("f", lambda: 1 // 0)

    error = error_of(call(handler, "f"))

    assert ("traceback" in error) == tracebacks
    assert not tracebacks or "ZeroDivisionError" in error["traceback"]


# Routing


@pytest.mark.parametrize(("message", "data"), [({}, {}), ({"detail": None}, {}), ({"detail": 0}, 0), ({"detail": [1]}, [1])])
def test_handle_event_gives_its_detail_missing_and_null_as_empty(message: dict[str, object], data: object) -> None:
    handler = IpcHandler()
    got: list[object] = []
    handler.on("x", got.append)

    assert handler.handle({"type": "event", "event": "x", **message}) is None
    assert got == [data]


@pytest.mark.parametrize(
    "message",
    [
        {"type": "event"},
        {"type": "event", "event": "*"},
        {"type": "event", "event": "a\nb"},
        {"type": "call", "method": "f"},
        {"type": "call", "method": "f", "id": 3},
        {"type": "nonsense"},
    ],
)
def test_handle_nonsense_without_an_id_raises_protocol_error(message: dict[str, object]) -> None:
    with pytest.raises(ProtocolError):
        IpcHandler().handle(message)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"type": "event", "event": "a\nb"}, "INVALID_NAME"),
        ({"type": "call"}, "PROTOCOL"),
        ({"type": "call", "method": 3}, "PROTOCOL"),
        ({"type": "nonsense"}, "PROTOCOL"),
    ],
)
def test_handle_nonsense_with_an_id_is_answered(message: dict[str, object], code: str) -> None:
    answer = IpcHandler().handle({**message, "id": "c\ud800"})

    assert decoded(answer)[1] == "c\ud800"
    assert error_of(answer)["code"] == code


# Any interleaving


class RegistryMachine(RuleBasedStateMachine):
    """The registry against plain lists, with callbacks that change it while they run.

    A callback is a number; its action comes from a table that both sides read.
    """

    def __init__(self) -> None:
        super().__init__()
        self.handler = IpcHandler()
        self.real: list[Subscription] = []
        self.events: list[str] = []
        self.onces: list[bool] = []
        self.actions: list[tuple[str, Any]] = []
        self.alive: set[int] = set()
        self.log: list[tuple[int, object]] = []
        self.expected: list[tuple[int, object]] = []
        self.errors = 0

    # Real side

    def subscribe(self, event: str, once: bool, action: tuple[str, Any]) -> None:
        n = len(self.real)

        def callback(*args: object) -> None:
            self.log.append((n, args[-1]))
            self.act(action)

        self.real.append(self.handler.on(event, callback, once=once))
        assert len(self.real) == n + 1

    def act(self, action: tuple[str, Any]) -> None:
        kind, value = action
        if kind == "raise":
            raise RuntimeError("asked for")
        if kind == "cancel":
            self.real[value % len(self.real)].cancel()
        elif kind == "register":
            self.subscribe(*value)
        elif kind == "off":
            self.handler.off(value)
        elif kind == "dispatch" and len(self.log) < 30:
            self.handler.dispatch(value, "inner")

    # Model

    def model_subscribe(self, event: str, once: bool, action: tuple[str, Any]) -> None:
        self.alive.add(len(self.events))
        self.events.append(event)
        self.onces.append(once)
        self.actions.append(action)

    def model_of(self, event: str) -> list[int]:
        return [n for n, known in enumerate(self.events) if known == event and n in self.alive]

    def model_dispatch(self, event: str, data: object) -> int:
        count = 0
        for n in self.model_of(event) + self.model_of("*"):
            if n in self.alive:
                count += 1
                if self.onces[n]:
                    self.alive.discard(n)
                self.expected.append((n, data))
                self.model_act(self.actions[n])
        return count

    def model_act(self, action: tuple[str, Any]) -> None:
        kind, value = action
        if kind == "raise":
            self.errors += 1
        elif kind == "cancel":
            self.alive.discard(value % len(self.events))
        elif kind == "register":
            self.model_subscribe(*value)
        elif kind == "off":
            self.alive.difference_update(self.model_of(value))
        elif kind == "dispatch" and len(self.expected) < 30:
            self.model_dispatch(value, "inner")

    EVENTS = st.sampled_from(["a", "b", "*"])
    NAMES = st.sampled_from(["a", "b"])
    SIMPLE = st.one_of(
        st.just(("nothing", None)),
        st.just(("raise", None)),
        st.tuples(st.just("cancel"), st.integers(0, 20)),
        st.tuples(st.just("off"), EVENTS),
        st.tuples(st.just("dispatch"), NAMES),
    )
    ACTIONS = SIMPLE | st.tuples(st.just("register"), st.tuples(EVENTS, st.booleans(), SIMPLE))

    @rule(event=EVENTS, once=st.booleans(), action=ACTIONS)
    def register(self, event: str, once: bool, action: tuple[str, Any]) -> None:
        self.model_subscribe(event, once, action)
        self.subscribe(event, once, action)

    @rule(n=st.integers(0, 20))
    def cancel(self, n: int) -> None:
        if self.real:
            self.alive.discard(n % len(self.real))
            self.real[n % len(self.real)].cancel()

    @rule(event=EVENTS)
    def off(self, event: str) -> None:
        expected = self.model_of(event)
        self.alive.difference_update(expected)
        assert self.handler.off(event) == len(expected)

    @rule(event=NAMES, data=st.integers())
    def dispatch(self, event: str, data: int) -> None:
        self.log.clear()
        self.expected.clear()
        assert self.handler.dispatch(event, data) == self.model_dispatch(event, data)
        assert self.log == self.expected

    @invariant()
    def agrees(self) -> None:
        assert {n for n, subscription in enumerate(self.real) if subscription.active} == self.alive
        assert self.handler.callback_errors == self.errors


TestRegistryMachine = RegistryMachine.TestCase


def test_sys_exit_in_a_callback_or_command_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    handler = IpcHandler()
    got: list[object] = []
    handler.on("x", lambda data: sys.exit(1))
    handler.on("x", got.append)
    handler.register_command("leave", lambda: sys.exit("bye"))

    assert handler.dispatch("x", 1) == 2
    assert got == [1]
    assert error_of(call(handler, "leave"))["name"] == "SystemExit"
