from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auroraview_qt.ipc.calls.deadlines import NEVER_S, Deadlines, deadline_after


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 20), st.sampled_from([1.0, 2.0, 3.0, NEVER_S]))))
def test_deadlines_next_is_the_least_of_those_open(steps: list[tuple[bool, int, float]]) -> None:
    is_open: dict[str, float] = {}
    deadlines = Deadlines(is_open)
    for number, (opens, which, seconds) in enumerate(steps):
        if opens:
            is_open[str(number)] = seconds
            deadlines.add(seconds, str(number))
        elif is_open:
            del is_open[list(is_open)[which % len(is_open)]]
        assert deadlines.next_s() == min(is_open.values(), default=NEVER_S)


def test_deadlines_of_calls_that_have_ended_do_not_pile_up() -> None:
    is_open: dict[str, float] = {"first": 1.0}
    deadlines = Deadlines(is_open)
    deadlines.add(1.0, "first")
    for number in range(10_000):
        is_open[str(number)] = 2.0
        deadlines.add(2.0, str(number))
        del is_open[str(number)]
        assert deadlines.next_s() == 1.0
    assert len(deadlines._heap) < 300


@pytest.mark.parametrize(
    ("timeout_s", "deadline_s"),
    [(None, NEVER_S), (0, 5.0), (2, 7.0), (0.5, 5.5), (True, 6.0), (Fraction(1, 2), 5.5)]
    + [(huge, NEVER_S) for huge in (math.inf, 1e300, 10**400)],
)
def test_deadline_after_numbers_of_seconds(timeout_s: object, deadline_s: float) -> None:
    assert deadline_after(5.0, timeout_s, "call of 'x'") == deadline_s


@pytest.mark.parametrize("timeout_s", [math.nan, -1, -0.5, -math.inf])
def test_deadline_after_no_possible_number_raises(timeout_s: float) -> None:
    with pytest.raises(ValueError, match=r"call of 'x': timeout_s=.*: use a number of seconds from 0 on, or None"):
        deadline_after(5.0, timeout_s, "call of 'x'")


@pytest.mark.parametrize("timeout_s", ["5", [5], 5j])
def test_deadline_after_anything_else_raises(timeout_s: object) -> None:
    with pytest.raises(TypeError, match=r"call of 'x'.*use a number of seconds, or None"):
        deadline_after(5.0, timeout_s, "call of 'x'")
