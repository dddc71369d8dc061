"""The state that pages write: bounded in keys and bytes, whatever the way of writing, and the page learns of a refusal."""

from __future__ import annotations

from typing import Any

import pytest

from auroraview_qt.errors import MessageTooLargeError
from auroraview_qt.ipc.state import page_budget
from auroraview_qt.ipc.state.state_patches import Patch, PatchKind, encode
from auroraview_qt.ipc.state.state_store import StateStore


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> StateStore:
    monkeypatch.setattr(page_budget, "MAX_STATE_KEYS", 3)
    monkeypatch.setattr(page_budget, "MAX_STATE_BYTES", 1000)
    monkeypatch.setattr(page_budget, "_MEASURE_AFTER_BYTES", 100)
    made = StateStore()
    made.attach("page", 0)
    return made


def write(store: StateStore, number: int, *patch: Any) -> None:
    store.commit_of_page("page", [number, *patch])


def test_page_adds_keys_up_to_the_limit_and_changes_those_there_are(store: StateStore) -> None:
    for number, key in enumerate("abc"):
        write(store, number, 0, [key], 1)
    with pytest.raises(MessageTooLargeError, match="3 keys"):
        write(store, 4, 0, ["d"], 1)
    write(store, 5, 0, ["a"], 2)
    assert store.root == {"a": 2, "b": 1, "c": 1}
    write(store, 6, 1, ["b"])
    write(store, 7, 0, ["d"], 1)
    assert list(store.root) == ["a", "c", "d"]


def test_page_gets_the_whole_state_after_a_refusal(store: StateStore) -> None:
    write(store, 1, 0, ["a"], "x")
    store.take_message()
    with pytest.raises(MessageTooLargeError, match="1,000 bytes"):
        write(store, 2, 0, ["b"], "x" * 1000)
    assert store.is_due()
    assert b'[],{"a":"x"}' in store.take_message()
    write(store, 3, 0, ["b"], "y")
    assert store.root == {"a": "x", "b": "y"}


def test_value_that_takes_the_place_of_another_frees_its_bytes(store: StateStore) -> None:
    for number in range(20):
        write(store, number, 0, ["a"], "x" * 900)
    write(store, 30, 0, ["a"], "")
    write(store, 31, 0, ["b"], "x" * 900)


def test_program_that_replaces_a_value_frees_the_pages_bytes(store: StateStore) -> None:
    write(store, 1, 0, ["a"], "x" * 900)
    store.commit([(Patch(PatchKind.SET, ("a",), "mine" * 1000), encode("mine" * 1000))])
    write(store, 2, 0, ["b"], "x" * 900)
    assert len(store.root["a"]) == 4000


def test_small_writes_below_a_key_are_measured_and_not_summed_up_for_ever(store: StateStore) -> None:
    write(store, 0, 0, ["a"], {"slider": 0})
    for number in range(1, 2000):
        write(store, number, 0, ["a", "slider"], number)
    assert store.root == {"a": {"slider": 1999}}


def test_writes_below_a_key_that_let_it_grow_are_refused(store: StateStore) -> None:
    write(store, 0, 0, ["a"], [])
    refused = 0
    for number in range(1, 1000):
        try:
            write(store, number, 2, ["a"], 0, 0, ["x" * 20])
        except MessageTooLargeError:
            refused += 1
    assert refused > 900
    assert 500 < len(encode(store.root["a"])) <= 1000
    write(store, 1001, 2, ["a"], 0, 10, [])


def test_deletion_below_a_key_costs_nothing(store: StateStore) -> None:
    write(store, 0, 0, ["a"], {"x": "x" * 990})
    write(store, 1, 1, ["a", "x"])
    assert store.root == {"a": {}}
