from __future__ import annotations

from auroraview_qt.ipc.engine.pacer import FLUSH_BUDGET_S, Pacer


def flush_at(ns_per_byte: float) -> tuple[Pacer, list[float]]:
    """Let a pacer learn from full flushes on a machine of that speed; return the seconds of each flush."""
    pacer, took = Pacer(), []
    for _ in range(50):
        took.append(pacer.max_bytes * ns_per_byte * 1e-9)
        pacer.note(took[-1], pacer.max_bytes)
    return pacer, took


def test_note_slow_machine_sends_less_until_a_flush_is_well_within_the_budget() -> None:
    _, took = flush_at(60)

    assert took[0] > FLUSH_BUDGET_S  # no speed is known yet
    assert max(took[10:]) <= FLUSH_BUDGET_S / 2


def test_note_fast_machine_sends_more_up_to_a_bound() -> None:
    pacer, took = flush_at(1)

    assert pacer.max_bytes == 512 * 1024
    assert max(took) < FLUSH_BUDGET_S


def test_note_hopeless_machine_still_sends_something() -> None:
    assert flush_at(1e6)[0].max_bytes == 16 * 1024


def test_note_small_flushes_teach_nothing_about_large_ones() -> None:
    pacer = Pacer()
    before = pacer.max_bytes
    for _ in range(100):
        pacer.note(0.0001, 100)

    assert pacer.max_bytes == before
