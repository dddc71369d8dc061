from __future__ import annotations

from difflib import get_close_matches

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auroraview_qt import _wording
from auroraview_qt._wording import nearest, refuse_unknown, short_repr, shortened, suggest, there_are

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


def test_suggestion_without_a_near_name_says_something_else() -> None:
    assert suggest("aa", ["aaa", "aab", "x"], count=2) == ("did you mean 'aab' or 'aaa'?", ["aab", "aaa"])
    assert suggest("aa", ["aaa"], spelled=str.upper) == ("did you mean 'AAA'?", ["AAA"])
    assert suggest("aa", ["x"], there_are(["x", 1])) == ("there are 'x', 1", [])


def test_unknown_keyword_is_refused_with_the_nearest() -> None:
    refuse_unknown([], "f", ["title"])
    with pytest.raises(TypeError, match=r"^f\(\) got an unexpected keyword argument 'titel': did you mean 'title'\?$"):
        refuse_unknown(["titel"], "f", ["self", "title"])
    with pytest.raises(TypeError, match=r"^f\(\) got an unexpected keyword argument 'x'$"):
        refuse_unknown(["x"], "f", ["title"])


@pytest.mark.parametrize("value", ["x" * 10**6, [["x" * 10**6] * 10**5], {"x" * 10**6: 1}, list(range(10**6))])
def test_shown_huge_value_is_short(value: object) -> None:
    assert len(short_repr(value)) < 2_000


def test_shortened_long_text_says_how_long_it_was() -> None:
    assert shortened("abc", 3) == "abc"
    assert shortened("x" * 2_003, 3) == "xxx… (2,000 more characters)"
