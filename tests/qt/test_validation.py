"""Validation, encoders and declarations on real pages."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

import auroraview_qt


@dataclasses.dataclass
class Range:
    start: int
    end: int = 24


class Vector:
    def __init__(self, parts: list[float]) -> None:
        self.parts = parts


@pytest.fixture
def vectors() -> None:
    def decode(parts: list[float]) -> Vector:
        return Vector(parts)

    auroraview_qt.register_encoder(Vector, lambda vector: vector.parts, decode)


def bake(frames: Range, name: str = "") -> str:
    return f"{name}{frames.start}-{frames.end}"


def test_command_arguments_are_made_what_is_annotated(make_view, js, wait_until):
    view, got = make_view("<p>"), []
    view.command(bake)
    view.on("done", got.append)
    js(view, "auroraview.call('bake', {frames: {start: 1}, name: 'a'}).then((r) => auroraview.emit('done', [r])) && 1")
    wait_until(lambda: got)
    assert got == [["a1-24"]]


def test_command_argument_that_does_not_fit_rejects_with_its_place(make_view, js, wait_until):
    view, got = make_view("<p>"), []
    view.command(bake)
    view.on("failed", got.append)
    js(
        view,
        "auroraview.call('bake', {frames: {start: 1.5}})"
        ".catch((e) => auroraview.emit('failed', [e.name, e.code, e.message, e.data])) && 1",
    )
    wait_until(lambda: got)
    message = "command 'bake': parameter 'frames': expected int, got float 1.5 at $.start"
    data = {"parameter": "frames", "path": "$.start"}
    assert got == [["InvalidArgumentsError", "INVALID_ARGS", message, data]]


@pytest.mark.usefixtures("vectors")
def test_host_type_travels_both_ways(make_view, js, wait_until):
    view = make_view(
        "<script>auroraview.on('moved', (v) => auroraview.call('double', {v}).then((w) => { window.w = w; }));</script>"
    )

    def double(v: Vector) -> Vector:
        return Vector([2 * part for part in v.parts])

    view.command(double)
    view.emit("moved", Vector([1, 2.5]))
    wait_until(lambda: js(view, "window.w !== undefined"))
    assert js(view, "window.w") == [2, 5]


def test_declared_event_of_the_page_arrives_as_declared_or_not_at_all(make_view, js, wait_until, expect_log):
    view, got = make_view("<p>"), []
    view.declare_event("picked", Path, source="page")
    view.on("picked", got.append)
    expect_log("event 'picked': expected")
    js(view, "(auroraview.emit('picked', 3), auroraview.emit('picked', 'a.mb'), 1)")
    wait_until(lambda: got)
    assert got == [Path("a.mb")]
    assert view.stats()["malformed"] == 1


@pytest.mark.parametrize("devtools", [False, True])
def test_declared_emit_that_does_not_fit_is_told_in_development_only(
    make_view, js, wait_until, expect_log, caplog, devtools
):
    view: Any = make_view("<script>window.got = []; auroraview.on('frame', (n) => got.push(n));</script>", devtools=devtools)
    view.declare_event("frame", int)
    if devtools:
        expect_log("event 'frame' is not as declared: expected int, got str")
    view.emit("frame", 1)
    view.emit("frame", "2")
    wait_until(lambda: js(view, "got.length") == 2)
    assert js(view, "got") == [1, "2"]
    assert ("is not as declared" in caplog.text) is devtools
