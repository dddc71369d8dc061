"""Real pages for the examples: the fixtures of the Qt tests."""

from tests.qt.conftest import expect_log, js, make_view, wait_until

__all__ = ["expect_log", "js", "make_view", "wait_until"]
