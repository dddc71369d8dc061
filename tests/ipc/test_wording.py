from __future__ import annotations

from difflib import get_close_matches

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auroraview_qt import _wording
from auroraview_qt._wording import did_you_mean, nearest, short_repr, shortened

WORDS = st.text("abc_.", min_size=1, max_size=12)


@given(WORDS, st.lists(WORDS, max_size=8, unique=True), st.integers(1, 4))
def test_nearest_of_few_names_gives_what_difflib_gives(name: str, known: list[str], count: int) -> None:
    assert nearest(name, known, count) == get_close_matches(name, known, count)


def test_nearest_takes_names_only_and_compares_the_beginning_of_long_ones() -> None:
    assert nearest("bake", [None, 3, ["bake"], "bakes", {"bake": 1}]) == ["bakes"]
    long = "x" * 1_000_000
    assert nearest(long, [long + "y", "short"]) == [long + "y"]


def test_nearest_of_very_many_names_compares_a_few_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    real = _wording.SequenceMatcher

    class Counting(real):  # type: ignore[type-arg, valid-type, misc]
        def ratio(self) -> float:
            compared.append(self.a)
            return real.ratio(self)

    monkeypatch.setattr(_wording, "SequenceMatcher", Counting)
    names = (f"pickColo{number}" for number in range(10**9))
    assert nearest("pickColor", names)
    assert len(compared) <= 8
    assert int(next(names)[8:]) <= 2_000  # and no more were made


def test_nearest_cutoff_may_be_another() -> None:
    assert nearest("max", ["3dsmax"], 1) == ["3dsmax"]
    assert nearest("mx", ["3dsmax"], 1) == []
    assert nearest("mx", ["3dsmax"], 1, cutoff=0.5) == ["3dsmax"]


def test_did_you_mean_no_names_says_something_else() -> None:
    assert did_you_mean(["a", "b"]) == "did you mean 'a' or 'b'?"
    assert did_you_mean([], "there are none") == "there are none"


@pytest.mark.parametrize("value", ["x" * 10**6, [["x" * 10**6] * 10**5], {"x" * 10**6: 1}, list(range(10**6))])
def test_shown_huge_value_is_short(value: object) -> None:
    assert len(short_repr(value)) < 2_000


def test_shortened_long_text_says_how_long_it_was() -> None:
    assert shortened("abc", 3) == "abc"
    assert shortened("x" * 2_003, 3) == "xxx… (2,000 more characters)"
