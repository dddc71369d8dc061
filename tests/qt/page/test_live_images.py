"""Live images on real pages: every kind of picture, hidden canvases, reloads, and canvases that come and go."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from auroraview_qt import Placeholder
from auroraview_qt.qt.page.pictures import PictureCodec
from auroraview_qt.qt.support.binding import QtGui
from auroraview_qt.qt.support.preflight import Problem

PIXEL = """((selector) => {
    const c = document.createElement('canvas'), g = c.getContext('2d'), from = document.querySelector(selector);
    g.drawImage(from, 0, 0, 8, 8);
    return [...g.getImageData(4, 4, 1, 1).data, from.width, from.height];
})('%s')"""


def picture(color: str, width: int = 64, height: int = 32, kind: str = "Format_RGB32") -> QtGui.QImage:
    image = QtGui.QImage(width, height, getattr(QtGui.QImage.Format, kind))
    image.fill(QtGui.QColor(color))
    return image


def array(pixel: tuple[int, ...], width: int = 6, height: int = 5) -> memoryview:
    shape = (height, width) if len(pixel) == 1 else (height, width, len(pixel))
    return memoryview(bytes(pixel) * (width * height)).cast("B", shape)


@pytest.fixture
def shows(js: Any, wait_until: Any) -> Any:
    """Wait until a canvas shows a pixel."""

    def shows(view: Any, *wanted: int, selector: str = "canvas") -> None:
        wait_until(lambda: js(view, PIXEL % selector)[: len(wanted)] == list(wanted), f"the pixel {wanted}")

    return shows


def test_every_kind_of_picture_shows_exactly(make_view: Any, shows: Any) -> None:
    view = make_view("<canvas data-aurora-image='v' width=64 height=32></canvas>")
    source = view.image_source("v")
    for kind in ("Format_RGB32", "Format_RGBA8888", "Format_RGB888", "Format_ARGB32_Premultiplied", "Format_RGB16"):
        source.push(picture("#ff0000", kind=kind))
        shows(view, 255, 0, 0, 255, 64, 32)
        source.push(array((0, 0, 255)))
        shows(view, 0, 0, 255, 255, 64, 32)
    source.push(array((7,)))
    shows(view, 7, 7, 7, 255)
    source.push(array((1, 2, 3, 255))[::2])
    shows(view, 1, 2, 3, 255)


def test_canvas_without_a_size_gets_that_of_the_picture(make_view: Any, shows: Any) -> None:
    view = make_view("<canvas data-aurora-image='v'></canvas>")
    view.image_source("v").push(array((9, 8, 7), 50, 20))
    shows(view, 9, 8, 7, 255, 50, 20)
    view.image_source("v").push(array((9, 8, 6), 21, 31))
    shows(view, 9, 8, 6, 255, 21, 31)


def test_large_picture_shows_exactly(make_view: Any, shows: Any) -> None:
    view = make_view("<canvas data-aurora-image='v'></canvas>")
    image = picture("#123456", 1920, 1080)
    image.setPixelColor(0, 0, QtGui.QColor("#ffffff"))
    view.image_source("v").push(image)
    shows(view, 0x12, 0x34, 0x56, 255, 1920, 1080)


def test_picture_is_not_larger_than_its_canvas_shows(make_view: Any, shows: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    original = PictureCodec.encode

    def encode(self: Any, *arguments: Any) -> Any:
        frame = original(self, *arguments)
        sizes.append((frame.width, frame.height))
        return frame

    monkeypatch.setattr(PictureCodec, "encode", encode)
    view = make_view("<canvas data-aurora-image='v' width=100 height=100></canvas>")
    view.image_source("v").push(picture("#00ff00", 1000, 500))
    shows(view, 0, 255, 0, 255, 100, 100)
    assert set(sizes) == {(100, 50)}


def test_picture_that_is_pushed_before_the_page_is_there_shows_and_survives_a_reload(
    make_view: Any, js: Any, shows: Any, wait_until: Any
) -> None:
    view = make_view("<script>addEventListener('DOMContentLoaded', () => auroraview.image('v ü').draw(c))</script>"
                     "<canvas id=c></canvas>", wait=False)  # fmt: skip
    view.image_source("v ü").push(array((5, 6, 7)))
    wait_until(lambda: view.is_ready)
    shows(view, 5, 6, 7, 255, 6, 5)
    pages = view.stats()["pages"]
    view.reload()
    wait_until(lambda: view.stats()["pages"] > pages and view.is_ready)
    shows(view, 5, 6, 7, 255, 6, 5)


def test_canvas_that_cannot_be_seen_costs_nothing(make_view: Any, js: Any, shows: Any, wait_until: Any) -> None:
    view = make_view("<canvas data-aurora-image='v'></canvas>")
    source = view.image_source("v")
    source.push(array((1, 1, 1)))
    shows(view, 1, 1, 1, 255)
    encoded: list[int] = []
    held: list[bool] = []
    source._codec = codec = PictureCodec()
    codec.encode = lambda *a: encoded.append(1) or PictureCodec.encode(codec, *a)  # type: ignore[method-assign,func-returns-value]
    codec.hold = lambda c, copies: held.append(copies) or PictureCodec.hold(codec, c, copies=copies)  # type: ignore[method-assign,func-returns-value]
    ways = [
        (lambda: js(view, "(document.querySelector('canvas').style.display = 'none', 1)"),
         lambda: js(view, "(document.querySelector('canvas').style.display = '', 1)")),
        (view.hide, view.show),
    ]  # fmt: skip
    for n, (leave, come_back) in enumerate(ways):
        leave()
        wait_until(lambda: not source.is_watched, "nobody looks")
        del encoded[:], held[:]
        for _ in range(50):
            source.push(array((20 + n, 1, 1)))
        assert (encoded, set(held)) == ([], {False})
        come_back()
        shows(view, 20 + n, 1, 1, 255)


def test_canvases_come_and_go(make_view: Any, js: Any, shows: Any, wait_until: Any) -> None:
    view = make_view("<div id=home></div>")
    for name, level in (("a", 50), ("b", 60)):
        view.image_source(name).push(array((level,)))
    js(view, "(home.innerHTML = '<canvas data-aurora-image=a></canvas><canvas id=two data-aurora-image=b></canvas>', 1)")
    shows(view, 50)
    shows(view, 60, selector="#two")
    js(view, "(two.setAttribute('data-aurora-image', 'a'), 1)")
    shows(view, 50, selector="#two")
    js(view, "(home.innerHTML = '', 1)")
    wait_until(lambda: not view.image_source("a").is_watched)


def test_pushes_of_many_threads_end_with_the_last(make_view: Any, shows: Any) -> None:
    view = make_view("<canvas data-aurora-image='v'></canvas>")
    source = view.image_source("v")
    threads = [threading.Thread(target=lambda: [source.push(array((n,))) for n in range(100)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    source.push(array((200,)))
    shows(view, 200)


def test_odd_pictures_are_refused_at_the_push(make_view: Any) -> None:
    source = make_view("<p>").image_source("v")
    for odd in (None, "text", b"bytes", memoryview(bytes(16)).cast("f"), memoryview(bytes(50)).cast("B", (5, 5, 2))):
        with pytest.raises(TypeError, match="a picture is a QImage or an array of uint8"):
            source.push(odd)
    source.push(QtGui.QImage())


def test_placeholder_takes_pictures(qapp: object) -> None:
    panel = Placeholder(Problem("x", "no engine", "install it"))
    panel.image_source("v").push(object())
    panel.deleteLater()
