from __future__ import annotations

from auroraview_qt._log_limit import MAX_KINDS, LogLimit


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_log_limit_lines_over_the_limit_are_counted_and_told_with_the_next() -> None:
    clock = Clock()
    limit = LogLimit(3, 10.0, clock)
    assert [limit.note("a") for _ in range(5)] == [
        "",
        "",
        " (more like it are counted, and not logged for a while)",
        None,
        None,
    ]
    assert limit.note("b") == ""
    clock.now += 10
    assert limit.note("a") == " (2 more like it were not logged)"
    assert limit.note("a") == ""


def test_log_limit_of_one_line_says_both() -> None:
    clock = Clock()
    limit = LogLimit(1, 10.0, clock)
    assert [limit.note("a") is None for _ in range(1_001)] == [False] + [True] * 1_000
    clock.now += 10
    told = limit.note("a")
    assert told is not None
    assert "1,000 more" in told
    assert "are counted" in told


def test_log_limit_kinds_without_end_count_as_one() -> None:
    clock = Clock()
    limit = LogLimit(1, 10.0, clock)
    assert sum(limit.note(number) is not None for number in range(10_000)) == MAX_KINDS + 1
    for _ in range(100):  # nor does it remember all of them
        clock.now += 10
        for number in range(MAX_KINDS):
            limit.note((clock.now, number))
            limit.note((clock.now, number))
    assert len(limit._left_out) <= 2 * MAX_KINDS + 1
