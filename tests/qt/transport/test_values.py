"""Exact values on a real page: each way there and back unchanged, or refused by name."""

from __future__ import annotations

import datetime as dt
import math
import uuid
from typing import Any, Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auroraview_qt.errors import PageError, SerializationError
from auroraview_qt.qt.support.binding import QtGui
from tests.ipc.json_values import JSON

PAGE = """<script>
auroraview.expose('same', (value) => value);
auroraview.expose('through', (value) => auroraview.call('echo', [value]));
auroraview.expose('fail', (value) => { throw Object.assign(new Error('no'), {data: value}); });
auroraview.expose('kind', (value) => [value.constructor.name, Array.from(value, Number), value.shape, value.dtype]);
auroraview.expose('store', (value) => { auroraview.state.page = value; auroraview.state.nested.deep[0].x = value; });
auroraview.expose('stored', () => auroraview.state.snapshot());
auroraview.expose('parts', async (value) => {
  const got = [];
  for await (const part of auroraview.stream('parts', [value])) {
    got.push(part);
  }
  return got;
});
auroraview.expose('failed', (value) => auroraview.call('fails', [value]).catch((error) => error.data));
auroraview.on('there', (value) => auroraview.emit('back', value));
auroraview.channel('c').onMessage((value) => auroraview.emit('back', value));
</script>"""

NUMBERS = st.sampled_from(["?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", ">f8", ">i4"])
EXACT = st.recursive(
    JSON
    | st.floats()
    | st.binary(max_size=50)
    | st.just(-0.0)
    | st.text(st.characters(min_codepoint=0xD7F0, max_codepoint=0xD900)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=15,
)


def same(sent: Any, got: Any) -> bool:
    """Whether a value came back; a page has one kind of number, and no halves of a character beside each other."""
    if isinstance(sent, bool) or sent is None:
        return sent is got
    if isinstance(sent, (int, float)):
        return isinstance(got, (int, float)) and repr(float(sent)) == repr(float(got))
    if isinstance(sent, str):
        return isinstance(got, str) and sent.encode("utf-16", "surrogatepass") == got.encode("utf-16", "surrogatepass")
    if isinstance(sent, (bytes, memoryview)):
        return isinstance(got, memoryview) and got == sent
    if isinstance(sent, list):
        return isinstance(got, list) and len(sent) == len(got) and all(map(same, sent, got))
    return isinstance(got, dict) and sent.keys() == got.keys() and all(same(item, got[key]) for key, item in sent.items())


@pytest.fixture
def view(make_view: Callable[..., Any]) -> Any:
    view = make_view(html=PAGE)

    def fails(value: object) -> None:
        from auroraview_qt.errors import CallError

        raise CallError("no", data=value)

    view.command("echo", lambda value: value)
    view.command("fails", fails)

    @view.command
    def parts(value: object) -> Any:
        yield value
        yield [value]

    return view


@pytest.fixture
def ask(view: Any, wait_until: Any) -> Callable[..., Any]:
    def ask(name: str, *params: Any) -> Any:
        future = view.call(name, *params)
        wait_until(future.done)
        return future.result()

    return ask


def test_any_value_comes_back_by_every_way(view: Any, ask: Callable[..., Any], wait_until: Any, expect_log: Any) -> None:
    expect_log("command 'fails' failed")
    back: list[Any] = []
    view.on("back", back.append)
    channel = view.channel("c")
    view.state["nested"] = {"deep": [{"x": 1}]}

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(EXACT)
    def check(value: Any) -> None:
        assert same(value, ask("same", [value])[0])
        assert same(value, ask("through", {"v": value})["v"])
        assert same([[value], [[value]]], ask("parts", [value]))
        assert same([value], ask("failed", [value]))
        with pytest.raises(PageError) as caught:
            ask("fail", [value])
        assert same([value], caught.value.data)
        back.clear()
        view.emit("there", [value])
        channel.send([value])
        view.emit("there", [value], coalesce=True)
        view.state["python"] = value
        view.state.set_path(["nested", "deep", 0, "y"], value)
        ask("store", [value])
        wait_until(lambda: len(back) == 3)
        assert same([[value]] * 3, back)
        seen = ask("stored")
        assert same({"python": value, "page": [value], "nested": {"deep": [{"x": [value], "y": value}]}}, seen)
        assert same(seen, view.state.to_dict())

    check()


def test_value_of_eval_js_is_exact(view: Any, wait_until: Any) -> None:
    future = view.eval_js("[NaN, -0, new Map([[1, new Uint8Array([7])]]), -Infinity]")
    wait_until(future.done)
    nan, zero, mapped, low = future.result()
    assert math.isnan(nan)
    assert repr(zero) == "-0.0"
    assert mapped == {"1": b"\7"}
    assert low == -math.inf


def test_any_array_arrives_with_type_and_shape_and_comes_back(view: Any, ask: Callable[..., Any]) -> None:
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(NUMBERS, st.integers(1, 4), st.integers(1, 5), st.integers(1, 3))
    def check(dtype: str, rows: int, columns: int, step: int) -> None:
        table = (np.arange(rows * columns) % 2).astype(dtype).reshape(rows, columns)[::step].T
        _, numbers, shape, name = ask("kind", table)
        assert numbers == table.ravel().astype(float).tolist()
        assert shape == list(table.shape)
        assert name == table.dtype.name
        got = np.asarray(ask("same", [table])[0])
        assert got.dtype == table.dtype.newbyteorder("=")
        assert (got == table).all()

    check()


def test_annotated_parameters_get_their_types(view: Any, wait_until: Any) -> None:
    got: list[Any] = []

    @view.command
    def put(data: bytes, table: npt.NDArray[np.float32], frames: dict[int, float], days: dict[dt.date, int]) -> None:
        got.extend((data, table, frames, days))

    view.eval_js(
        "auroraview.call('put', {data: new Uint8Array([1, 2]).buffer, table: new Float64Array([0.5, 2]),"
        " frames: {1001: NaN}, days: {'2026-01-31': 4}})"
    )
    wait_until(lambda: bool(got))
    data, table, frames, days = got
    assert type(data) is bytes
    assert data == b"\1\2"
    assert table.dtype == np.float32
    assert table.tolist() == [0.5, 2]
    assert list(frames) == [1001]
    assert math.isnan(frames[1001])
    assert days == {dt.date(2026, 1, 31): 4}


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ("{rows: [0, {matrix: () => 1}]}", "rows[1].matrix is a function"),
        ("{s: [Promise.resolve()]}", "s[0] is a Promise"),
        ("{form: new FormData()}", ".form is a FormData"),
        ("{pattern: /x/}", ".pattern is a RegExp"),
        ("{body: document.body}", ".body is a DOM HTMLBodyElement"),
        ("{id: 1n}", ".id is a BigInt"),
        ("{list: document.querySelectorAll('*')}", ".list is a NodeList"),
        ("{event: new MouseEvent('click')}", ".event is a MouseEvent"),
        ("(() => { const a = {}; a.b = [a]; return a; })()", ".b[0] is an object that contains itself"),
    ],
)
def test_value_of_the_page_without_a_form_is_refused_with_its_path(
    view: Any, wait_until: Any, value: str, place: str
) -> None:
    for source in (f"auroraview.call('echo', {value})", value):
        future = view.eval_js(source)
        wait_until(future.done)
        with pytest.raises(PageError) as caught:
            future.result()
        assert place in str(caught.value)
        assert caught.value.code == SerializationError.code


def test_value_of_python_without_a_form_is_refused_with_its_path(view: Any) -> None:
    for value, told in (
        ({"node": {"handle": 2**53}}, "detail.node.handle"),
        ({(1,): 2}, "detail: its key"),
        ([1j], "detail[0]"),
    ):
        with pytest.raises(SerializationError, match="event 'there'") as caught:
            view.emit("there", value)
        assert told in str(caught.value)


def test_keys_arrive_as_text(ask: Callable[..., Any]) -> None:
    day, some = dt.date(2026, 1, 31), uuid.UUID(int=5)
    got = ask("same", {1001: 1, -2.5: 2, True: 3, day: 4, some: math.nan})
    assert list(got) == ["1001", "-2.5", "true", "2026-01-31", str(some)]


def test_blobs_arrive_in_order_with_the_messages_around_them(view: Any, wait_until: Any) -> None:
    got: list[Any] = []
    view.on("x", got.append)
    view.command("put", lambda value: got.append(value) or len(value))
    future = view.eval_js("""
        auroraview.emit('x', 1);
        auroraview.emit('x', {blob: new Blob([new Uint8Array([1, 2])]), file: new File(['abc'], 'a.txt'), n: NaN});
        auroraview.emit('x', 2);
        const size = auroraview.call('put', [new Blob(['four'])]);
        auroraview.emit('x', 3);
        return size;
    """)
    wait_until(lambda: future.done() and len(got) == 5)
    assert future.result() == 4
    assert [got[0], *got[2:]] == [1, 2, b"four", 3]
    assert got[1]["blob"] == b"\1\2"
    assert got[1]["file"] == b"abc"
    assert math.isnan(got[1]["n"])


def test_blob_in_the_state_or_over_the_limit_is_refused_by_name(
    view: Any, wait_until: Any, expect_log: Any, caplog: Any
) -> None:
    expect_log('state "blob": value.a is a Blob')
    future = view.eval_js("""
        auroraview.state.blob = {a: new Blob(['x'])};
        return auroraview.call('echo', [new Blob([new Uint8Array(2 ** 24)])]);
    """)
    wait_until(future.done)
    with pytest.raises(PageError, match="MessageTooLargeError"):
        future.result()
    wait_until(lambda: "value.a is a Blob" in caplog.text)
    assert "blob" not in view.state


def picture() -> Any:
    image = QtGui.QImage(3, 2, QtGui.QImage.Format.Format_RGB32)
    image.fill(QtGui.QColor(1, 2, 3))
    image.setPixelColor(2, 1, QtGui.QColor(250, 100, 50))
    return image


def test_picture_is_a_bitmap_in_the_page_and_comes_back(view: Any, ask: Callable[..., Any], wait_until: Any) -> None:
    got: list[Any] = []

    @view.command
    def keep(image: QtGui.QImage) -> None:
        got.append(image)

    view.eval_js(
        "void auroraview.expose('size', async ([b]) => ["
        " b.constructor.name, b.width, b.height, await auroraview.call('keep', [b])])"
    )
    assert ask("size", [picture()]) == ["ImageBitmap", 3, 2, None]
    assert got[0].size() == picture().size()
    for x, y in ((0, 0), (2, 1)):
        assert got[0].pixelColor(x, y) == picture().pixelColor(x, y)
    pixels = ask("same", [picture()])[0]
    assert pixels.shape == (2, 3, 4)
    assert pixels.tobytes()[-4:] == bytes([250, 100, 50, 255])
    view.state["picture"] = picture()
    assert ask("stored")["picture"].shape == (2, 3, 4)
    with pytest.raises(SerializationError, match="without pixels"):
        view.emit("x", QtGui.QImage())
