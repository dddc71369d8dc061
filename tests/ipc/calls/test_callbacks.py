from __future__ import annotations

from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from auroraview_qt.ipc.engine.engine import Engine
from auroraview_qt.ipc.trust import TrustPolicy

NAMES = ("a", "b", "*")


class Heard:
    """A callback that notes its arguments; a function is held strongly, a method weakly."""

    def __init__(self, number: int, log: list[tuple[int, tuple[object, ...]]]) -> None:
        self.number = number
        self.log = log

    def method(self, *args: object) -> None:
        self.log.append((self.number, args))


def said_by_page(engine: Engine, name: str, detail: object) -> None:
    engine.receive(engine.secret + orjson.dumps(["doc", 0, 0, [[0, name, detail]]]).decode(), "http://app/")
    engine.work(1.0)


on = st.tuples(st.just("on"), st.sampled_from(NAMES), st.booleans(), st.booleans())
off = st.tuples(st.just("off"), st.integers(0, 9))
declare = st.tuples(st.just("declare"), st.sampled_from(NAMES[:2]))
say = st.tuples(st.just("say"), st.sampled_from(NAMES[:2]))


@given(st.lists(st.one_of(on, on, off, declare, say, say), max_size=25))
def test_event_of_a_page_is_heard_by_exactly_those_registered_whatever_came_before(steps: list[Any]) -> None:
    engine = Engine(TrustPolicy("http://app"))
    hello = {"type": "hello", "protocol": 3, "state": 0, "commands": []}
    assert engine.receive(engine.secret + orjson.dumps(["doc", 0, 0, [[2, hello]]]).decode(), "http://app/")
    log: list[tuple[int, tuple[object, ...]]] = []
    kept: list[tuple[Heard, str, bool, Any]] = []  # in the order of registration, with the function that removes each
    for number, step in enumerate(steps):
        if step[0] == "on":
            _, name, is_method, once = step
            heard = Heard(number, log)
            fn = heard.method if is_method else lambda *args, heard=heard: heard.method(*args)
            kept.append((heard, name, once, engine.handler.on(name, fn, once=once)))
        elif step[0] == "off" and kept:
            kept.pop(step[1] % len(kept))[3].cancel()
        elif step[0] == "declare":
            engine.handler.declarations.declare_event(step[1], dict, "page")
        elif step[0] == "say":
            log.clear()
            said_by_page(engine, step[1], {"n": number})
            called = [each for each in kept if each[1] == step[1]] + [each for each in kept if each[1] == "*"]
            data = {"n": number}
            assert log == [(each[0].number, (data,) if each[1] != "*" else (step[1], data)) for each in called]
            kept = [each for each in kept if not (each in called and each[2])]


def test_callback_that_fails_alone_is_counted_and_the_event_is_signalled() -> None:
    engine = Engine(TrustPolicy("http://app"))
    hello = {"type": "hello", "protocol": 3, "state": 0, "commands": []}
    engine.receive(engine.secret + orjson.dumps(["doc", 0, 0, [[2, hello]]]).decode(), "http://app/")
    signalled: list[tuple[str, object]] = []
    engine.dispatcher.watch_events(lambda name, data: signalled.append((name, data)))

    def fail(_: object) -> None:
        raise SystemExit(3)

    engine.handler.on("a", fail)
    said_by_page(engine, "a", None)

    assert engine.stats()["callback_errors"] == 1
    assert signalled == [("a", {})]
