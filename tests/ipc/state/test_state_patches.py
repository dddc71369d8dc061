from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auroraview_qt.errors import ProtocolError
from auroraview_qt.ipc.state.state_patches import (
    MAX_KEY_BYTES,
    Patch,
    PatchKind,
    PatchLog,
    apply,
    copied,
    decode_patch,
    encode,
    encode_patch,
)
from auroraview_qt.ipc.wire.limits import MAX_DEPTH

STATE: dict[str, Any] = {"a": {"n": [1, {"x": 2}, 3], "s": "text"}, "b": 1}

scalars = st.none() | st.booleans() | st.integers(-3, 3) | st.text("xy", max_size=2)
json_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xy"), inner, max_size=2),
    max_leaves=6,
)
steps = st.sampled_from(["x", "y", 0, 1, 2])
paths = st.builds(lambda key, rest: (key, *rest), st.sampled_from("ab"), st.lists(steps, max_size=3))
patches = (
    st.builds(Patch, st.just(PatchKind.SET), paths, json_values)
    | st.builds(Patch, st.just(PatchKind.DELETE), paths, st.none())
    | st.builds(
        Patch, st.just(PatchKind.SPLICE), paths, st.lists(json_values, max_size=3), st.integers(0, 4), st.integers(0, 3)
    )
)


def put(*path: Any, value: Any = "new") -> Patch:
    return Patch(PatchKind.SET, path, value)


def delete(*path: Any) -> Patch:
    return Patch(PatchKind.DELETE, path)


def splice(*path: Any, start: int = 0, count: int = 0, items: Any = ()) -> Patch:
    return Patch(PatchKind.SPLICE, path, list(items), start, count)


def wire_form(patch: Patch) -> Patch:
    """Return the patch without the fields that its kind ignores."""
    if patch.kind == PatchKind.DELETE:
        return delete(*patch.path)
    return patch if patch.kind == PatchKind.SPLICE else put(*patch.path, value=patch.value)


def text_of(patch: Patch) -> bytes:
    return encode_patch(patch, encode(patch.value))


# apply


@pytest.mark.parametrize(
    ("patch", "where", "expected"),
    [
        (put("b"), ["b"], "new"),
        (put("c"), ["c"], "new"),
        (put("a", "s"), ["a", "s"], "new"),
        (put("a", "t"), ["a", "t"], "new"),
        (put("a", "n", 0), ["a", "n"], ["new", {"x": 2}, 3]),
        (put("a", "n", 3), ["a", "n"], [1, {"x": 2}, 3, "new"]),
        (put("a", "n", 1, "x"), ["a", "n"], [1, {"x": "new"}, 3]),
        (delete("a", "s"), ["a"], {"n": [1, {"x": 2}, 3]}),
        (delete("a", "n", 0), ["a", "n"], [{"x": 2}, 3]),
        (splice("a", "n", start=1, count=1, items=[7, 8]), ["a", "n"], [1, 7, 8, 3]),
        (splice("a", "n", start=9, items=[4]), ["a", "n"], [1, {"x": 2}, 3, 4]),
        (splice("a", "n", start=2, count=9), ["a", "n"], [1, {"x": 2}]),
    ],
)
def test_apply_gives_a_new_state_and_leaves_the_old_one_alone(patch: Patch, where: list[str], expected: object) -> None:
    before = copy.deepcopy(STATE)

    node: Any = apply(STATE, patch)

    assert before == STATE
    assert node != STATE
    for step in where:
        node = node[step]
    assert node == expected


@pytest.mark.parametrize(
    "patch",
    [
        put("missing", "x"),
        put("b", "x"),
        put("b", 0),
        put("a", 0),
        put("a", "n", "x"),
        put("a", "n", 4),
        put("a", "n", -1),
        put("a", "n", 9, "x"),
        put(0),
        delete("missing"),
        delete("a", "n", 3),
        delete("a", "n", "x"),
        delete("a", "s", "x"),
        splice("a"),
        splice("b"),
        splice("missing"),
    ],
)
def test_apply_path_that_leads_nowhere_gives_the_same_state(patch: Patch) -> None:
    assert apply(STATE, patch) is STATE


def test_apply_shares_what_stands_beside_the_path() -> None:
    after = apply(STATE, put("b"))

    assert after["a"] is STATE["a"]


def test_copied_shares_nothing_that_can_change() -> None:
    twin = copied(STATE)
    twin["a"]["n"][1]["x"] = 9

    assert STATE["a"]["n"][1]["x"] == 2


# JSON


@given(patches)
def test_patch_goes_through_json_unchanged(patch: Patch) -> None:
    assert decode_patch(json.loads(text_of(patch))) == wire_form(patch)


def test_encode_keeps_lone_surrogates_of_a_page() -> None:
    assert json.loads(encode({"\ud800": "a\udc00"})) == {"\ud800": "a\udc00"}


@pytest.mark.parametrize(
    "raw",
    [
        [],
        [0],
        [0, ["a"]],
        [0, ["a"], 1, 2],
        [True, ["a"], 1],
        [3, ["a"], 1],
        ["0", ["a"], 1],
        [0, "a", 1],
        [0, [], 1],
        [0, [0], 1],
        [0, ["a", 1.5], 1],
        [0, ["a", True], 1],
        [0, ["a", None], 1],
        [0, ["a"] * (MAX_DEPTH + 1), 1],
        [1, ["a"], 1],
        [2, ["a"], 0, 0],
        [2, ["a"], -1, 0, []],
        [2, ["a"], 0, -1, []],
        [2, ["a"], 0.5, 0, []],
        [2, ["a"], 0, True, []],
        [2, ["a"], 0, 0, {}],
    ],
)
def test_decode_patch_of_any_other_shape_is_refused(raw: list[Any]) -> None:
    with pytest.raises(ProtocolError, match="patch of the state"):
        decode_patch(raw)


# PatchLog


def taken(log: PatchLog, root: Any = None) -> list[Any]:
    return json.loads(log.take_patches(root or {}))  # type: ignore[no-any-return]


def log_of(*made: Patch) -> PatchLog:
    log = PatchLog()
    for patch in made:
        log.add(patch, text_of(patch))
    return log


def test_log_keeps_only_the_newest_value_of_a_key() -> None:
    log = log_of(put("a", "x", value=0), put("a", value=1), put("b", value=2), put("a", value=3))

    assert log
    assert taken(log) == [[0, ["a"], 3], [0, ["b"], 2]]
    assert not log
    assert taken(log) == []


def test_log_keeps_only_the_newest_value_of_each_nested_place() -> None:
    log = log_of(*(put("a", place, value=n) for n in range(1000) for place in ("x", "y")))

    assert taken(log) == [[0, ["a", "x"], 999], [0, ["a", "y"], 999]]


def test_log_keeps_the_order_of_patches_that_concern_each_other() -> None:
    made = [
        put("a", "x"),
        put("a", "x", "y"),
        put("a", "x"),
        splice("a", "x"),
        put("a", "x"),
        delete("a", "x"),
        put("a", "x"),
    ]

    assert taken(log_of(*made)) == [json.loads(text_of(patch)) for patch in made]


def test_log_of_a_deleted_key_is_the_deletion() -> None:
    assert taken(log_of(put("a", "x"), delete("a"))) == [[1, ["a"]]]


def test_log_larger_than_its_bound_becomes_the_whole_value_until_the_key_is_written_anew() -> None:
    log = PatchLog()
    many = MAX_KEY_BYTES // 80
    for n in range(many):
        patch = splice("a", items=[n])
        log.add(patch, text_of(patch))
    log.add(put("a", 0), text_of(put("a", 0)))
    assert taken(log, {"a": ["all"]}) == [[0, ["a"], ["all"]]]

    for n in range(many):
        patch = splice("a", items=[n])
        log.add(patch, text_of(patch))
    log.add(delete("a"), text_of(delete("a")))
    log.add(put("a", value=[]), text_of(put("a", value=[])))
    assert taken(log) == [[0, ["a"], []]]


@given(st.lists(patches | st.just(None), max_size=25))
def test_log_leads_to_the_same_state_as_all_its_patches(made: list[Patch | None]) -> None:
    """None takes the waiting patches, as a flush does."""
    root: dict[str, Any] = {"a": {"x": [1]}, "b": [{}]}
    page, log = root, PatchLog()
    for patch in [*made, None]:
        if patch is None:
            for raw in json.loads(log.take_patches(root)):
                page = apply(page, decode_patch(raw))
            assert page == root
        elif (after := apply(root, patch)) is not root:
            root = after
            log.add(patch, text_of(patch))
