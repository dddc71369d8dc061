"""A view with two state keys of different types, an event, a command and a stream: for the hooks of React and Vue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

from auroraview_qt import CallContext, WebView


class Published(TypedDict):
    shot: str
    version: int


class State(TypedDict, total=False):
    selected: str
    frame: int
    notes: list[str]


def make_view() -> WebView:
    view = WebView()
    view.declare_state(State)
    view.declare_event("published", payload=Published)

    @view.command
    def double(number: int) -> int:
        if number > 1000:
            raise ValueError("too many")
        return number * 2

    @view.command(thread="pool")
    def wait(ctx: CallContext) -> str:
        ctx.progress(0.5, "half way")
        while not ctx.wait_cancelled(60):
            pass
        return "cancelled"

    @view.command
    def count(end: int) -> Iterator[int]:
        yield from range(end)

    return view
