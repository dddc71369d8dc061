from __future__ import annotations

from auroraview_qt.ipc.engine.recovery import BACKOFF_S, MAX_DEATHS, STABLE_S, Recovery


def test_page_that_dies_at_once_is_loaded_later_and_later_then_given_up() -> None:
    recovery = Recovery()

    delays = [recovery.page_died(float(second), worked=False) for second in range(len(BACKOFF_S) + 2)]

    assert delays == [*BACKOFF_S, None, None]
    assert delays[0] == 0


def test_page_that_worked_meanwhile_is_loaded_at_once_but_not_for_ever() -> None:
    recovery = Recovery()

    delays = [recovery.page_died(float(second), worked=True) for second in range(MAX_DEATHS + 1)]

    assert delays == [0.0] * MAX_DEATHS + [None]


def test_page_that_lived_long_starts_with_a_clean_slate() -> None:
    recovery = Recovery()
    now = 1000.0
    for _ in range(3 * MAX_DEATHS):
        recovery.page_ready(now)
        now += STABLE_S
        assert recovery.page_died(now, worked=False) == 0


def test_page_that_never_becomes_ready_is_given_up_however_long_the_program_runs() -> None:
    recovery = Recovery()

    assert [recovery.page_died(1e6 + second, worked=False) for second in range(5)] == [*BACKOFF_S, None]


def test_forgive_begins_anew() -> None:
    recovery = Recovery()
    for second in range(9):
        recovery.page_died(float(second), worked=False)
    recovery.forgive()

    assert recovery.page_died(9.0, worked=False) == 0
