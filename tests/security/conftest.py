"""Real pages for the attack suite, made as those of `tests/qt` are."""

from __future__ import annotations

from tests.qt.conftest import click, expect_log, js, make_view, spot, wait_collected, wait_until

__all__ = ["click", "expect_log", "js", "make_view", "spot", "wait_collected", "wait_until"]
