"""The cost of validation that a page can cause: it grows no faster than the page's data, and messages stay short."""

from __future__ import annotations

import decimal
import math
import tracemalloc
from dataclasses import dataclass
from typing import Any, Optional, Union

import numpy as np
import numpy.typing as npt
import pytest

from auroraview_qt.schema import arrays
from auroraview_qt.schema.mismatch import MismatchError
from auroraview_qt.schema.validation import converter


@dataclass
class Leaf:
    size: int


@dataclass
class Branch:
    child: Union[Branch, Fork, Leaf]


@dataclass
class Fork:
    child: Union[Branch, Fork, Leaf]
    tines: int


def nested(levels: int, inner: dict[str, Any], **more: Any) -> dict[str, Any]:
    for _ in range(levels):
        inner = {"child": inner, **more}
    return inner


def tries(monkeypatch: pytest.MonkeyPatch, value: object) -> int:
    """Return how often a part is converted until the whole is refused."""
    count = 0
    real = MismatchError.__init__

    def counting(self: MismatchError, *arguments: Any) -> None:
        nonlocal count
        count += 1
        assert count < 100_000, "it takes for ever"
        real(self, *arguments)

    monkeypatch.setattr(MismatchError, "__init__", counting)
    with pytest.raises(MismatchError):
        converter(Branch)(value)
    monkeypatch.undo()
    return count


@pytest.mark.parametrize(
    ("inner", "more"),
    [({"size": "no"}, {}), ({"size": "no"}, {"tines": 3}), ({"size": 1}, {"tines": "no"}), ({"nothing": 1}, {})],
)
def test_unions_inside_unions_are_tried_once_for_each_part(
    monkeypatch: pytest.MonkeyPatch, inner: dict[str, Any], more: dict[str, Any]
) -> None:
    # The outermost value lacks a required part, so even fitting parts are useless.
    short, long = (tries(monkeypatch, {"child": [nested(levels, inner, **more)]}) for levels in (15, 30))
    assert long <= short
    short, long = (tries(monkeypatch, nested(levels, {**inner, "size": "no"}, **more)) for levels in (15, 30))
    assert long < 3 * short


def test_unions_inside_unions_give_what_fits() -> None:
    made = converter(Branch)(nested(40, {"size": 1}, tines=2))
    depth = 0
    while not isinstance(made, Leaf):
        made = made.child
        depth += 1
    assert depth == 40
    assert made == Leaf(1)


def test_unions_of_equal_parts_give_each_its_own_value() -> None:
    part = {"size": 1}
    made = converter(list[Union[Branch, Leaf]])([part, part, {"child": part}])
    assert made == [Leaf(1), Leaf(1), Branch(Leaf(1))]
    made[0].size = 2
    assert made[1].size == 1


def test_texts_for_an_array_of_numbers_are_refused_before_numpy_sees_them() -> None:
    texts: list[Any] = [""] * 100_000
    texts[0] = "x" * 700
    for value in (texts, [texts, texts], [[[text]] for text in texts]):
        tracemalloc.start()
        with pytest.raises(MismatchError, match="numbers"):
            converter(npt.NDArray[np.float64])(value)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 20_000_000


@pytest.mark.parametrize("annotation", [npt.NDArray[np.str_], np.ndarray])
def test_texts_for_an_array_of_texts_may_take_so_much_memory(annotation: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "MAX_TEXT_BYTES", 4 * 12)
    assert converter(annotation)(["abcd", "a", ""]).tolist() == ["abcd", "a", ""]
    with pytest.raises(MismatchError, match="at most 48 bytes \\(these take 60\\)"):
        converter(annotation)(["abcde", "a", ""])


@pytest.mark.parametrize(
    "value", [["a", 1], [1, "a"], [["a"], [1]], [["a"], 1], [1, ["a"]], [[1], 2], ["a", None], [{}], [[[]], 1]]
)
def test_mixtures_for_an_array_are_refused(value: object) -> None:
    for annotation in (np.ndarray, npt.NDArray[np.float64], npt.NDArray[np.str_]):
        with pytest.raises(MismatchError):
            converter(annotation)(value)


def test_text_for_a_numpy_number_is_refused() -> None:
    with pytest.raises(MismatchError, match="float64"):
        converter(np.float64)("1.5")
    assert converter(np.str_)("abc") == np.str_("abc")


@pytest.mark.parametrize("key", ["NaN", "nan", "-nan", "inf", "Infinity", "-Infinity", "1e999"])
@pytest.mark.parametrize("annotation", [dict[float, int], dict[Optional[float], int], list[dict[float, int]]])
def test_key_that_is_no_number_of_json_is_refused(annotation: Any, key: str) -> None:
    value = {key: 1}
    with pytest.raises(MismatchError):
        converter(annotation)([value] if annotation == list[dict[float, int]] else value)


def test_key_that_is_a_number_becomes_one() -> None:
    assert converter(dict[float, int])({"1.5": 1, "2": 2, "-1e3": 3}) == {1.5: 1, 2.0: 2, -1000.0: 3}


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-inf", math.nan, math.inf])
def test_decimal_that_is_no_number_is_refused(value: object) -> None:
    for annotation in (decimal.Decimal, Optional[decimal.Decimal]):
        with pytest.raises(MismatchError, match="Decimal"):
            converter(annotation)(value)
    with pytest.raises(MismatchError, match="Decimal"):
        converter(list[decimal.Decimal])([value])
    assert converter(list[decimal.Decimal])(["1.10", 2]) == [decimal.Decimal("1.10"), 2]


@pytest.mark.parametrize(
    "value", ["x" * 10**6, {"x" * 10**6: 1}, {"x" * 10**6: "x" * 10**6, "y" * 10**6: 1}, ["é" * 10**6], "\ud800" * 10**6]
)
def test_mismatch_of_a_huge_value_or_name_is_short(value: object) -> None:
    for annotation in (int, dict[str, bool], list[int], dict[int, int]):
        with pytest.raises(MismatchError) as caught:
            converter(annotation)(value)
        assert len(str(caught.value)) < 2_000
        assert len(caught.value.path) < 1_000
