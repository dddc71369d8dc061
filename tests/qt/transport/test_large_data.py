"""Large data of Python: fetched beside its message, in order, once, and freed with its message."""

from __future__ import annotations

import gc
from typing import Any, Callable

import numpy as np
import pytest

from auroraview_qt.errors import QueueFullError
from auroraview_qt.ipc.wire import shelf

BIG = np.arange(300_000, dtype=np.float32).reshape(-1, 3)
PAGE = """<meta http-equiv="Content-Security-Policy" content="POLICY"><script>
window.got = [];
const look = (v) => got.push(v instanceof Float32Array ? [v.length, v[5], v[v.length - 1], ...v.shape] : v);
auroraview.on('x', look);
auroraview.on('x', (v) => auroraview.emit('seen', [v.length, v[5]]));
auroraview.expose('size', (params) => params.a.byteLength);
</script>"""
POLICIES = ["", "connect-src 'none'"]


def is_free() -> bool:
    gc.collect()
    return not shelf._held


@pytest.mark.parametrize("policy", POLICIES)
def test_large_data_arrives_in_order_with_the_messages_around_it(
    make_view: Callable[..., Any], js: Any, wait_until: Any, expect_log: Any, policy: str
) -> None:
    if policy:
        expect_log("__auroraview_data__")
        expect_log("connect-src access to auroraview:")
    view = make_view(PAGE.replace("POLICY", policy))
    view.command("mesh", lambda: {"points": BIG, "name": "m"})
    expected: list[Any] = []
    for number in range(4):
        view.emit("x", number)
        view.emit("x", BIG[number:])
        expected += [number, [BIG[number:].size, float(BIG[number:].ravel()[5]), float(BIG[-1, -1]), *BIG[number:].shape]]
    view.emit("x", "end")
    assert view.stats()["queued_bytes"] > BIG.nbytes
    future = view.call("size", {"a": bytes(100_000)})
    wait_until(lambda: js(view, "got.length") == 9)
    assert js(view, "got") == [*expected, "end"]
    wait_until(future.done)
    assert future.result() == 100_000
    answered = view.eval_js("auroraview.call('mesh').then(({points, name}) => [points.length, points[4], name])")
    wait_until(answered.done)
    assert answered.result() == [300_000, 4, "m"]
    wait_until(is_free)
    assert view.stats()["queued_bytes"] == 0


def test_large_data_of_a_page_that_goes_reaches_the_next_page_and_is_freed(
    make_view: Callable[..., Any], wait_until: Any
) -> None:
    view, seen = make_view(PAGE.replace("POLICY", "")), []
    view.on("seen", seen.append)
    for number in range(5):
        if number == 2:
            view.reload()
        view.emit("x", BIG[number:])
    wait_until(lambda: len(seen) >= 5)
    assert seen == [[(len(BIG) - number) * 3, 3.0 * number + 5] for number in range(5)]
    wait_until(is_free)


def test_large_data_of_a_view_that_is_closed_is_freed(make_view: Callable[..., Any], wait_until: Any) -> None:
    view = make_view(PAGE.replace("POLICY", ""), wait=False)
    view.emit("x", BIG)
    assert shelf._held
    view.deleteLater()
    wait_until(is_free)


def test_large_data_counts_in_the_limit_of_the_queue(make_view: Callable[..., Any], wait_until: Any) -> None:
    view = make_view(PAGE.replace("POLICY", ""), wait=False, max_bytes=2 * BIG.nbytes)
    view.emit("x", BIG)
    view.emit("small", 0)
    with pytest.raises(QueueFullError):
        view.emit("x", np.concatenate([BIG, BIG]))
    view.emit("small", 1)


def test_large_data_in_an_array_is_as_it_was_at_the_emit(make_view: Callable[..., Any], js: Any, wait_until: Any) -> None:
    view = make_view(PAGE.replace("POLICY", ""))
    changing = BIG.copy()
    view.emit("x", changing)
    changing[:] = 0
    wait_until(lambda: js(view, "got.length") == 1)
    assert js(view, "got[0][1]") == 5
