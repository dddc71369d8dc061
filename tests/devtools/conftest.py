"""Views without Qt, whose page is driven by the test."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from auroraview_qt.testing.fake.view import FakeView


def turn(view: FakeView) -> None:
    """Let both ends do what waits."""
    while view.has_work():
        view.turn()


@pytest.fixture
def make_view() -> Iterator[Callable[..., FakeView]]:
    """Make views with a page that is ready; the test may set up the view before."""
    views: list[FakeView] = []

    def make(set_up: Callable[[FakeView], object] = lambda view: None, **keywords: Any) -> FakeView:
        view = FakeView(**keywords)
        views.append(view)
        set_up(view)
        view.load_html()
        turn(view)
        return view

    yield make
    for view in views:
        view.deleteLater()


def lines_of(path: Path) -> list[Any]:
    """Return the decoded lines of a recording."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
