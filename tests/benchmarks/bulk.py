"""P9: a scene tree of 1.5 MB, in both directions, against the best raw way of each."""

from __future__ import annotations

import json
import time
from typing import Any, Callable

from context import Context
from harness import Arrival, Row, Side, compare, expect, interleave, rest

SIZE = 1_500_000


def scene_tree(size: int = SIZE) -> dict[str, Any]:
    """Build a tree of nodes, eight below each, of about this length as JSON; the same tree each time.

    Python and JavaScript write its numbers alike: integers, and sixteenths that are never whole.
    """
    nodes: list[dict[str, Any]] = []
    length = 0
    while length < size:
        number = len(nodes)
        node = {
            "id": number,
            "name": f"|group{number // 64}|pCube{number}",
            "type": ("transform", "mesh", "joint", "camera")[number % 4],
            "visible": number % 7 != 0,
            "translate": [number % 97 + axis / 16 for axis in (1, 3, 5)],
            "rotate": [number % 359 + axis / 16 for axis in (7, 9, 11)],
            "scale": [1.0625, 1.0625, 1.0625],
            "children": [],
        }
        if nodes:
            nodes[(number - 1) // 8]["children"].append(node)
        nodes.append(node)
        length += len(json.dumps(node, separators=(",", ":"))) + 1  # before its children are added
    return nodes[0]


def _timed(arrival: Arrival, start: Callable[[], object], check: Callable[[Any], None]) -> Side:
    """A side: start, wait for the arrival, stop the clock, and check the result."""

    def side(_count: int) -> float:
        arrival.clear()
        begin = time.perf_counter()
        start()
        value = arrival.wait("the tree")
        took = arrival.at - begin
        check(value)
        rest(0.05)
        return took

    return side


def _page_check(page: Any, text: str) -> Callable[[Any], None]:
    """Check that the page holds the whole tree, and remove it from the page."""

    def check(_value: Any) -> None:
        held = Arrival()
        page.runJavaScript("(() => { const text = JSON.stringify(tree); tree = null; return text; })()", 0, held.set)
        if held.wait("the page's tree") != text:
            expect("the tree in the page", "another tree", "the tree")

    return check


def _python_check(tree: dict[str, Any]) -> Callable[[Any], None]:
    def check(value: Any) -> None:
        if value != tree:
            expect("the tree in Python", "another tree", "the tree")

    return check


def _best(samples: dict[str, Any]) -> str:
    return min((name for name in samples if name != "ours"), key=lambda name: samples[name].median)


def _row(what: str, samples: dict[str, Any]) -> Row:
    best = _best(samples)
    others = ", ".join(f"{name} {samples[name].median * 1000:.0f} ms" for name in samples if name not in ("ours", best))
    note = f"the slower raw ways: {others}"
    return compare("P9", what, samples["ours"], best, samples[best], at_least=1.0, note=note)


def tree(context: Context, _wanted: frozenset[str]) -> list[Row]:
    """P9: emit and event of the whole tree."""
    scene = scene_tree()
    text = json.dumps(scene, separators=(",", ":"))
    ours, raw = context.ours, context.raw
    page_checks = _page_check(ours.page, text), _page_check(raw.page, text)

    def through_scheme() -> None:
        raw.handler.bodies["/tree"] = (b"application/json", json.dumps(scene).encode())
        raw.page.runJavaScript("fetchTree()")

    ways_in: dict[str, Callable[[], object]] = {
        "runJavaScript, literal": lambda: raw.page.runJavaScript(f"takeTree({json.dumps(scene)})"),
        "runJavaScript, JSON.parse": lambda: raw.page.runJavaScript(
            f"takeTree(JSON.parse({json.dumps(json.dumps(scene))}))"
        ),
        "signal + JSON.parse": lambda: raw.bridge.tree_sent.emit(json.dumps(scene)),
        "own scheme + XHR + JSON.parse": through_scheme,
    }
    sides = {"ours": (_timed(ours.titles, lambda: ours.view.emit("tree", scene), page_checks[0]), 1)}
    sides.update({name: (_timed(raw.titles, way, page_checks[1]), 1) for name, way in ways_in.items()})
    rounds = max(context.rounds, 5)
    megabytes = f"{len(text) / 1e6:.1f} MB"
    rows = [_row(f"scene tree of {megabytes}, emit → handler", interleave(sides, rounds, warm_up=1))]

    for side in (ours, raw):
        side.run(f"takeTree(JSON.parse({json.dumps(text)}))")
    ways_out = {
        "slot(str) of JSON.stringify": "bridge.tree_text(JSON.stringify(tree))",
        "slot(QVariant)": "bridge.tree_object(tree)",
        "runJavaScript returns JSON.stringify": "bridge.tree_is_there()",
    }
    check = _python_check(scene)
    emit = "auroraview.emit('tree_out', tree); 0"
    sides = {"ours": (_timed(ours.incoming, lambda: ours.page.runJavaScript(emit), check), 1)}
    for name, script in ways_out.items():
        sides[name] = (_timed(raw.incoming, lambda script=script: raw.page.runJavaScript(script + "; 0"), check), 1)
    rows.append(_row(f"scene tree of {megabytes}, page → Python", interleave(sides, rounds, warm_up=1)))
    return rows
