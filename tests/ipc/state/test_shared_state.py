from __future__ import annotations

import gc
import json
import logging
import threading
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from auroraview_qt.errors import MessageTooLargeError, ProtocolError, SerializationError
from auroraview_qt.ipc.engine.engine import Engine
from auroraview_qt.ipc.engine.outgoing import Delivery
from auroraview_qt.ipc.state.shared_state import SharedState
from auroraview_qt.ipc.state.state_patches import Patch, PatchKind, apply, decode_patch, encode
from auroraview_qt.ipc.state.state_store import StateStore
from auroraview_qt.ipc.trust import TrustPolicy
from auroraview_qt.ipc.wire import json_text
from auroraview_qt.ipc.wire.limits import MAX_DEPTH
from auroraview_qt.ipc.wire.protocol import event_payload

LONG = 10**9


@pytest.fixture
def state() -> SharedState:
    return SharedState(StateStore())


@pytest.fixture
def changes(state: SharedState) -> list[Any]:
    told: list[Any] = []
    state.on_change(lambda *change: told.append(change))
    return told


# A mapping


def test_state_is_a_mapping(state: SharedState) -> None:
    state["a"] = 1
    state.update({"b": [1, (2,)]}, c=None)

    assert dict(state) == {"a": 1, "b": [1, [2]], "c": None}
    assert (len(state), list(state), "a" in state, "z" in state, 1 in state) == (3, ["a", "b", "c"], True, False, False)
    assert (state.get("z"), state.pop("a"), state.setdefault("a", 5)) == (None, 1, 5)
    assert repr(state) == "<SharedState {'b': [1, [2]], 'c': None, 'a': 5}>"
    del state["b"]
    assert state == {"c": None, "a": 5}
    state.clear()
    assert not state


def test_state_of_a_missing_key_is_a_key_error(state: SharedState) -> None:
    with pytest.raises(KeyError, match="nope"):
        state["nope"]
    with pytest.raises(KeyError, match="nope"):
        del state["nope"]


def test_state_is_not_changed_by_what_was_written_nor_by_what_was_read(state: SharedState) -> None:
    value = {"nodes": [1]}
    state["scene"] = value
    value["nodes"].append(2)
    state["scene"]["nodes"].append(3)
    state.to_dict()["scene"]["nodes"].append(4)
    state.get_path(["scene", "nodes"]).append(5)

    assert state["scene"] == {"nodes": [1]}


def test_state_while_it_is_iterated_may_be_written(state: SharedState) -> None:
    state.update(a=1, b=2)
    for key in state:
        del state[key]

    assert not state


def test_write_of_what_json_cannot_hold_names_the_key_and_changes_nothing(state: SharedState, changes: list[Any]) -> None:
    state["a"] = {"n": 1}
    for value in (object(), {(1,): 2}, {"x": {"y": {1, 2j}}}, 2**53):
        with pytest.raises(SerializationError, match="state 'bad'"):
            state["bad"] = value
        with pytest.raises(SerializationError, match=r"state 'a\.n'"):
            state.set_path(["a", "n"], value)

    assert state == {"a": {"n": 1}}
    assert len(changes) == 1


def test_write_with_a_key_that_is_no_string_is_a_type_error(state: SharedState) -> None:
    with pytest.raises(TypeError, match="not int"):
        state[1] = 1  # type: ignore[index]
    with pytest.raises(TypeError, match="not int"):
        state.set_path([1], 1)


def nested(levels: int) -> Any:
    value: Any = 0
    for _ in range(levels):
        value = [value]
    return value


def test_write_nested_too_deeply_below_its_path_is_refused(state: SharedState) -> None:
    state["a"] = nested(MAX_DEPTH)
    with pytest.raises(SerializationError, match="nested deeper than 64"):
        state["b"] = nested(MAX_DEPTH + 1)
    state["b"] = [0]
    state.set_path(["b", 0], nested(MAX_DEPTH - 1))
    with pytest.raises(SerializationError, match=r"'b\.0': nested deeper"):
        state.set_path(["b", 0], nested(MAX_DEPTH))


def test_write_over_the_cap_is_refused(state: SharedState, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "MAX_ENVELOPE_CHARS", 100)
    state["a"] = "x" * 98
    with pytest.raises(MessageTooLargeError, match="state 'b': 101 bytes"):
        state["b"] = "x" * 99
    assert "b" not in state


# Paths


@pytest.fixture
def scene(state: SharedState) -> SharedState:
    state["scene"] = {"nodes": [{"name": "a"}, {"name": "b"}], "up": "y"}
    return state


def test_paths_read_and_write_nested_parts(scene: SharedState, changes: list[Any]) -> None:
    scene.set_path(["scene", "nodes", 1, "name"], "c")
    scene.set_path(["scene", "nodes", -2, "new"], 1)
    scene.set_path(["scene", "nodes", 2], {"name": "d"})
    scene.set_path(("top",), [])
    scene.delete_path(["scene", "up"])
    scene.delete_path(["scene", "nodes", 0])
    scene.splice_path(["scene", "nodes"], 1, 1, ({"name": "e"}, {"name": "f"}))

    assert scene == {"scene": {"nodes": [{"name": "c"}, {"name": "e"}, {"name": "f"}]}, "top": []}
    assert scene.get_path(["scene", "nodes", -1, "name"]) == "f"
    assert [key for key, _, _ in changes] == ["scene"] * 3 + ["top"] + ["scene"] * 3
    assert changes[0] == ("scene", {"nodes": [{"name": "a"}, {"name": "c"}], "up": "y"}, "python")


@pytest.mark.parametrize(
    ("path", "kind", "named"),
    [
        (["nope", "x"], KeyError, r"\['nope'\]"),
        (["scene", "nope", "x"], KeyError, r"\['scene', 'nope'\]"),
        (["scene", 0], KeyError, r"\['scene', 0\]"),
        (["scene", "up", "x"], KeyError, "'x'"),
        (["scene", "nodes", 3], IndexError, r"\['scene', 'nodes', 3\]"),
        (["scene", "nodes", -3], IndexError, r"\['scene', 'nodes', -3\]"),
        (["scene", "nodes", "x"], KeyError, "'x'"),
        ([], TypeError, "a path of the state is a list"),
        ("scene", TypeError, "a path of the state is a list"),
        ([0], TypeError, "a key of the state"),
    ],
)
def test_paths_that_lead_nowhere_are_named_and_change_nothing(
    scene: SharedState, path: Any, kind: type[Exception], named: str
) -> None:
    before = scene.to_dict()
    for use in (
        lambda: scene.get_path(path),
        lambda: scene.delete_path(path),
        lambda: scene.set_path(path, 1),
        lambda: scene.splice_path(path, 0),
    ):
        with pytest.raises(kind, match=named):
            use()

    assert scene == before


def test_splice_path_of_no_array_or_with_negative_numbers_is_refused(scene: SharedState) -> None:
    with pytest.raises(TypeError, match="there is no array"):
        scene.splice_path(["scene"], 0)
    for start, count in ((-1, 0), (0, -1)):
        with pytest.raises(ValueError, match="negative"):
            scene.splice_path(["scene", "nodes"], start, count)


# Callbacks


def test_on_change_tells_key_value_and_source_until_cancelled(state: SharedState) -> None:
    told: list[Any] = []
    subscription = state.on_change(lambda *change: told.append(change))
    state["a"] = {"x": 1}
    told[0][1]["x"] = "mine"
    del state["a"]
    subscription.cancel()
    state["a"] = 1

    assert told == [("a", {"x": "mine"}, "python"), ("a", None, "python")]
    assert not subscription.active


def test_on_change_failing_callback_stops_no_other(state: SharedState, caplog: pytest.LogCaptureFixture) -> None:
    told: list[Any] = []

    def fail(*_: object) -> None:
        raise ValueError("broken")

    state.on_change(fail)
    state.on_change(lambda *change: told.append(change))
    state["a"] = 1

    assert told == [("a", 1, "python")]
    assert state.callback_errors == 1
    assert "fail" in caplog.text
    assert "broken" in caplog.text


def test_on_change_holds_methods_weakly(state: SharedState) -> None:
    class Panel:
        def __init__(self) -> None:
            self.subscription = state.on_change(self.changed)

        def changed(self, *_: object) -> None:
            raise AssertionError

    subscription = Panel().subscription
    gc.collect()
    state["a"] = 1

    assert not subscription.active


def test_on_change_callback_may_write(state: SharedState, changes: list[Any]) -> None:
    state.on_change(lambda key, value, _: state.update(twice=value * 2) if key == "n" else None)
    state["n"] = 2

    assert changes == [("n", 2, "python"), ("twice", 4, "python")]


# Batches


def test_batch_is_one_change_of_each_key_after_its_end(state: SharedState, changes: list[Any]) -> None:
    with state.batch_update() as same:
        assert same is state
        state["a"] = 1
        state["a"] = 2
        with state.batch_update():
            state["b"] = [0]
        state.set_path(["b", 0], 5)
        assert state == {"a": 2, "b": [5]}
        assert changes == []

    assert changes == [("a", 2, "python"), ("b", [5], "python")]
    assert state == {"a": 2, "b": [5]}


def test_batch_that_raises_takes_everything_back(state: SharedState, changes: list[Any]) -> None:
    def fail() -> None:
        with state.batch_update():
            state["a"] = 1
            raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        fail()

    assert (state, changes) == ({}, [])
    state["b"] = 1
    assert state == {"b": 1}


def test_batch_is_seen_by_its_own_thread_only(state: SharedState) -> None:
    seen: list[Any] = []

    def other() -> None:
        seen.append(state.to_dict())
        state["other"] = 1

    with state.batch_update():
        state["mine"] = 1
        worker = threading.Thread(target=other)
        worker.start()
        worker.join()
        assert state == {"mine": 1}

    assert seen == [{}]
    assert state == {"mine": 1, "other": 1}


def test_update_that_fails_half_way_changes_nothing(state: SharedState) -> None:
    with pytest.raises(SerializationError):
        state.update(a=1, b=object())

    assert not state


def test_state_written_from_many_threads_loses_nothing(state: SharedState) -> None:
    state["list"] = []

    def work(name: int) -> None:
        for n in range(200):
            state[f"k{name}"] = n
            state.splice_path(["list"], 0, 0, [name])

    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(state["list"]) == sorted([0, 1, 2, 3] * 200)
    assert [state[f"k{name}"] for name in range(4)] == [199] * 4


# The store


def message(store: StateStore) -> Any:
    text = store.take_message()
    return json.loads(text)[2] if text else None


def write(store: StateStore, number: object, *patch: Any, document: str = "doc") -> Any:
    return store.commit_of_page(document, [number, *patch])


def test_store_without_a_page_keeps_no_patches(state: SharedState) -> None:
    store = state._store
    state["a"] = 1

    assert not store.is_due()
    assert message(store) is None
    assert store.text() == (1, '[1,{"a":1}]')
    assert store.text() is store.text()


def test_store_sends_what_a_page_lacks_and_no_more(state: SharedState) -> None:
    store = state._store
    state["a"] = 1
    store.attach("doc", 1)
    assert not store.is_due()
    state["b"] = 2

    assert store.is_due()
    assert message(store) == [2, 0, [[0, ["b"], 2]]]
    assert not store.is_due()
    assert message(store) is None


@pytest.mark.parametrize("version", [None, 0, 7, "1"])
def test_store_sends_the_whole_to_a_page_with_another_version(state: SharedState, version: object) -> None:
    store = state._store
    state["a"] = 1
    store.attach("doc", version)
    state["b"] = 2

    assert store.is_due()
    assert message(store) == [2, 0, [], {"a": 1, "b": 2}]
    state["b"] = 3
    assert message(store) == [3, 0, [[0, ["b"], 3]]]


def test_store_gives_writes_of_the_page_their_place_and_does_not_send_them_back(state: SharedState) -> None:
    store = state._store
    store.attach("doc", 0)
    state["a"] = []
    write(store, 1, 2, ["a"], 0, 0, ["page"])
    state.splice_path(["a"], 0, 0, ["python"])
    write(store, 2, 0, ["b"], 1)

    assert state == {"a": ["python", "page"], "b": 1}
    assert message(store) == [4, 2, [[0, ["a"], []], 1, [2, ["a"], 0, 0, ["python"]], 2]]


def test_store_tells_of_many_writes_of_the_page_on_purpose_of_few_in_passing(state: SharedState) -> None:
    store = state._store
    store.attach("doc", 0)
    write(store, 1, 0, ["a"], 1)
    assert not store.is_due()
    assert message(store) == [1, 1, [1]]
    for number in range(2, 66):
        assert not store.is_due()
        write(store, number, 0, ["a"], number)
    assert store.is_due()
    assert message(store) == [65, 65, [65]]


def test_store_takes_a_write_that_leads_nowhere_for_applied(state: SharedState, changes: list[Any]) -> None:
    store = state._store
    store.attach("doc", 0)

    assert write(store, 1, 0, ["a", "x"], 1) == ([], {})
    assert store.version == 0
    assert message(store) == [0, 1, []]


def test_store_takes_a_late_write_of_the_page_before_for_one_of_anybody(state: SharedState) -> None:
    store = state._store
    store.attach("new", 0)
    write(store, 9, 0, ["a"], "\ud800", document="old")

    assert message(store) == [1, 0, [[0, ["a"], "\ud800"]]]


@pytest.mark.parametrize(("raw", "applied"), [((), 0), ((7,), 7), (("1", 0, ["a"], 1), 0), ((3, 0, [], 1), 3)])
def test_store_sends_the_whole_after_a_malformed_write(state: SharedState, raw: Any, applied: int) -> None:
    store = state._store
    store.attach("doc", 0)
    state["a"] = 1
    with pytest.raises(ProtocolError, match="state"):
        store.commit_of_page("doc", raw)
    state["b"] = 1
    write(store, applied + 1, 0, ["c"], 1)

    assert message(store) == [3, applied + 1, [], {"a": 1, "b": 1, "c": 1}]
    with pytest.raises(ProtocolError, match="state"):
        store.commit_of_page("another", raw)
    assert not store.is_due()


def test_store_takes_a_late_write_in_while_there_is_no_page(state: SharedState, changes: list[Any]) -> None:
    store = state._store
    store.attach("doc", 0)
    store.detach()
    write(store, 1, 0, ["a"], 1)

    assert changes == []  # the store calls no listeners; the state does
    assert state == {"a": 1}
    assert message(store) is None


def test_store_wakes_once_until_somebody_has_looked(state: SharedState) -> None:
    store = state._store
    woken: list[int] = []
    store.on_wake = lambda: woken.append(store.version)
    state["a"] = 1
    state["a"] = 2
    with state.batch_update():
        pass
    assert woken == [1]
    store.text()
    store.attach("doc", 2)
    write(store, 1, 0, ["a"], 1)
    assert woken == [1]
    state["a"] = 3
    assert woken == [1, 4]
    store.take_message()
    state["a"] = 4
    assert woken == [1, 4, 5]


def test_store_detached_forgets_the_page(state: SharedState) -> None:
    store = state._store
    store.attach("doc", 5)
    store.detach()
    state["a"] = 1

    assert not store.is_due()
    assert message(store) is None


# With the engine


@pytest.fixture
def engine() -> Engine:
    return Engine(TrustPolicy("http://app"))


class Page:
    """The page's end, after resources/bridge/state.js."""

    def __init__(self, engine: Engine, document: str, text: str) -> None:
        self.engine, self.document = engine, document
        self.version, self.base = json.loads(text)
        self.start = self.version
        self.shown = self.base
        self.pending: list[tuple[int, Patch]] = []
        self.count = self.ran = 0
        self.outbox: list[object] = []
        self.changes: list[str] = []
        self.events: list[object] = []

    def hello(self) -> None:
        hello = {"type": "hello", "protocol": 3, "commands": [], "state": self.version}
        assert self.say([2, hello])

    def ready(self) -> None:
        self.outbox.append([2, {"type": "ready", "timestamp": 12, "url": "http://app/"}])

    def say(self, *messages: object) -> bool:
        envelope = json.dumps([self.document, self.ran, 0, list(messages)])
        return self.engine.receive(self.engine.secret + envelope, "http://app/")

    def flush(self) -> None:
        messages, self.outbox = self.outbox, []
        assert self.say(*messages)

    def write(self, patch: Patch) -> None:
        after = apply(self.shown, patch)
        if after is self.shown:
            return
        self.count += 1
        self.pending.append((self.count, patch))
        items = {0: [patch.value], 1: [], 2: [patch.start, patch.removed, patch.value]}[patch.kind]
        self.outbox.append([4, self.count, patch.kind, patch.path, *items])
        self.shown = after

    def run(self, delivery: Delivery) -> None:
        assert delivery.number == self.ran + 1
        self.ran += 1
        for kind, _, *values in json.loads(delivery.text):
            if kind == 0:
                self.events += values
                for version in values:
                    assert self.version >= version, "an event came before the write it was emitted after"
            elif kind == 4:
                self.receive(*values[0])

    def receive(self, version: int, applied: int, patches: list[Any], whole: Any = None) -> None:
        assert version >= self.version
        self.version = version
        own = dict(self.pending)
        if whole is not None:
            self.base = whole
        for patch in patches:
            self.base = apply(self.base, own[patch] if isinstance(patch, int) else decode_patch(patch))
        self.pending = [(number, patch) for number, patch in self.pending if number > applied]
        before, self.shown = self.shown, self.base
        for _, patch in self.pending:
            self.shown = apply(self.shown, patch)
        if whole is None and all(isinstance(patch, int) for patch in patches):
            assert self.shown == before, "the page's own write came back as a change"


def open_page(engine: Engine, document: str = "doc1") -> Page:
    page = Page(engine, document, engine.store.text()[1])
    page.hello()
    page.ready()
    page.flush()
    settle(engine, page)
    return page


def settle(engine: Engine, page: Page) -> None:
    """Let everything arrive."""
    while True:
        if page.outbox:
            page.flush()
        engine.work(LONG)
        delivery = engine.next_delivery()
        if delivery is None:
            break
        page.run(delivery)
        page.outbox.append([0, "ran", None])


def test_engine_keeps_a_page_in_step(engine: Engine) -> None:
    told: list[Any] = []
    engine.state.on_change(lambda *change: told.append(change))
    engine.state["a"] = {"n": [1]}
    page = open_page(engine)
    assert page.start == 1
    page.write(Patch(PatchKind.SET, ("a", "n", 0), 5))
    settle(engine, page)
    engine.state["b"] = 1
    settle(engine, page)

    assert page.shown == page.base == engine.state == {"a": {"n": [5]}, "b": 1}
    assert page.pending == []
    assert told == [("a", {"n": [1]}, "python"), ("a", {"n": [5]}, "javascript"), ("b", 1, "python")]


def test_engine_sends_one_message_for_any_number_of_writes(engine: Engine) -> None:
    page = open_page(engine)
    for n in range(10_000):
        engine.state["frame"] = n
    assert len(engine.queue) == 0
    assert engine.is_due()
    delivery = engine.next_delivery()

    assert delivery is not None
    assert json.loads(delivery.text) == [[4, "", [10_000, 0, [[0, ["frame"], 9_999]]]]]
    page.run(delivery)
    assert engine.next_delivery() is None
    assert engine.is_waiting()
    assert engine.stats()["sent"] == 0


def test_engine_sends_patches_before_the_page_is_ready_and_before_an_answer(engine: Engine) -> None:
    def command() -> str:
        engine.state["a"] = 1
        return "done"

    engine.handler.register_command("f", command)
    page = Page(engine, "doc1", "[0,{}]")
    page.hello()
    engine.queue.push_event(event_payload("waits", 0))
    page.outbox.append([1, "c1", "f"])
    page.flush()
    engine.work(LONG)
    delivery = engine.next_delivery()

    assert delivery is not None
    assert [kind for kind, *_ in json.loads(delivery.text)] == [4, 3]  # its answer waits behind the event
    page.run(delivery)
    page.ready()
    settle(engine, page)
    assert page.events == [0]

    page.outbox.append([1, "c2", "f"])
    page.flush()
    engine.work(LONG)
    delivery = engine.next_delivery()
    assert delivery is not None
    assert [kind for kind, *_ in json.loads(delivery.text)] == [4, 1]


def test_engine_event_that_follows_a_write_while_a_batch_is_made_finds_it(engine: Engine) -> None:
    page = open_page(engine)
    drain = engine.queue.drain

    def drain_late(*bounds: int) -> Any:
        """As if another thread came in between."""
        engine.state["a"] = 1
        engine.queue.push_event(event_payload("n", engine.store.version))
        return drain(*bounds)

    engine.queue.drain = drain_late  # type: ignore[method-assign]
    engine.queue.push_event(event_payload("n", 0))
    delivery = engine.next_delivery()

    assert delivery is not None
    page.run(delivery)
    assert page.events == [0, 1]


def test_engine_counts_a_malformed_write_and_goes_on(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    page = open_page(engine)
    page.outbox += [[4], [4, 1, 9, ["a"], 1], [4, 2, 0, ["b"], 1]]
    page.flush()
    engine.work(LONG)

    assert engine.stats()["malformed"] == 2
    assert engine.state == {"b": 1}


def test_engine_patch_for_a_batch_whose_answers_died_with_their_page_still_goes(engine: Engine) -> None:
    first = open_page(engine)
    engine.handler.register_command("f", lambda: engine.state.update(a=1))
    first.outbox += [[0, "x", None], [1, "c1", "f"]]
    engine.queue.push_event(event_payload("x", 0))
    first.flush()
    engine.work(LONG)  # its answer waits behind the event
    second = Page(engine, "doc2", "[0,{}]")
    second.hello()
    second.ready()
    second.flush()
    settle(engine, second)

    assert second.shown == {"a": 1}
    assert second.events == [0]


def test_engine_closed_wakes_nobody_and_keeps_the_state(engine: Engine) -> None:
    woken: list[bool] = []
    engine.store.on_wake = lambda: woken.append(True)
    open_page(engine)
    engine.close()
    engine.state["a"] = 1

    assert (woken, engine.state["a"]) == ([], 1)


def test_engine_counts_failing_callbacks_of_the_state(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    engine.state.on_change(lambda: None)  # type: ignore[arg-type, misc]
    engine.state["a"] = 1

    assert engine.stats()["callback_errors"] == 1
    assert "state-change" in caplog.text


keys = st.sampled_from("abc")
scalars = st.none() | st.booleans() | st.integers(-3, 3) | st.text("xy", max_size=2)
json_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xy"), inner, max_size=2),
    max_leaves=5,
)
paths = st.builds(lambda key, rest: (key, *rest), keys, st.lists(st.sampled_from(["x", "y", 0, 1, 2]), max_size=3))
patches = (
    st.builds(Patch, st.just(PatchKind.SET), paths, json_values)
    | st.builds(Patch, st.just(PatchKind.DELETE), paths, st.none())
    | st.builds(
        Patch, st.just(PatchKind.SPLICE), paths, st.lists(json_values, max_size=2), st.integers(0, 3), st.integers(0, 3)
    )
)


class ConvergenceMachine(RuleBasedStateMachine):
    """Python and its pages write at any time, messages take their time both ways, and pages are replaced at any step.

    A page's copy of Python's state always equals Python's state at that version. An event never arrives before earlier
    writes. In the end both hold the same values.
    """

    @initialize()
    def begin(self) -> None:
        self.engine = Engine(TrustPolicy("http://app"))
        self.store, self.state = self.engine.store, self.engine.state
        self.history = {0: {}}
        self.texts = [self.store.text()[1]]
        self.deliveries: list[Delivery] = []
        self.pages = 0
        self.told: dict[str, Any] = {}
        self.state.on_change(self.changed)
        self.open_page()

    def changed(self, key: str, value: Any, source: str) -> None:
        self.told[key] = value

    def note(self) -> None:
        self.history[self.store.version] = self.store.root

    @rule(patch=patches)
    def write_in_python(self, patch: Patch) -> None:
        self.store.commit([(patch, encode(patch.value))])
        self.note()

    @rule(key=keys, value=json_values)
    def write_as_a_program_does(self, key: str, value: Any) -> None:
        self.state[key] = value
        self.note()
        assert self.told[key] == value

    @rule(made=st.lists(patches, min_size=2, max_size=4))
    def write_a_batch(self, made: list[Patch]) -> None:
        self.store.commit([(patch, encode(patch.value)) for patch in made])
        self.note()

    @rule(patch=patches)
    def write_in_the_page(self, patch: Patch) -> None:
        self.page.write(patch)

    @rule()
    def emit(self) -> None:
        self.engine.queue.push_event(event_payload("n", self.store.version))

    @precondition(lambda self: self.page.outbox)
    @rule()
    def page_speaks(self) -> None:
        self.page.flush()

    @rule()
    def python_works(self) -> None:
        while self.engine.work(0):
            self.note()
        self.note()

    @rule()
    def python_sends(self) -> None:
        could = self.engine.can_send()
        delivery = self.engine.next_delivery()
        assert could == (delivery is not None)
        if delivery is not None:
            self.deliveries.append(delivery)

    @precondition(lambda self: self.deliveries)
    @rule()
    def page_hears(self) -> None:
        self.page.run(self.deliveries.pop(0))
        assert self.page.base == self.history[self.page.version]
        self.page.outbox.append([0, "ran", None])

    @rule()
    def script_is_refreshed(self) -> None:
        self.texts.append(self.store.text()[1])

    @rule(died=st.booleans(), which=st.integers(0, 3))
    def page_is_replaced(self, died: bool, which: int) -> None:
        if died:
            self.engine.end_session(died=True, killed=True)
        self.open_page(which)

    def open_page(self, which: int = 0) -> None:
        """A new document, whose script may be older."""
        self.pages += 1
        self.deliveries = []
        text = self.texts[-1 - which % len(self.texts)]
        self.page = Page(self.engine, f"doc{self.pages}", text)
        self.page.hello()
        self.page.ready()

    @invariant()
    def page_shows_its_own_writes_on_top(self) -> None:
        shown = self.page.base
        for _, patch in self.page.pending:
            shown = apply(shown, patch)
        assert self.page.shown == shown

    def teardown(self) -> None:
        if not hasattr(self, "engine"):
            return
        for _ in range(100):
            self.page.outbox.append([0, "ran", None])
            self.page.flush()
            self.python_works()
            self.python_sends()
            if not self.deliveries:
                break
            while self.deliveries:
                self.page_hears()
        assert self.page.shown == self.state.to_dict()


TestConvergence = ConvergenceMachine.TestCase
