"""Live images without a page: who waits, what is encoded and copied, and how pictures adapt."""

from __future__ import annotations

import struct
import threading
from typing import Any

import pytest

from auroraview_qt.sites import live_images as module
from auroraview_qt.sites.app_sites import LargeFile, Refusal, Reply
from auroraview_qt.sites.live_images import Frame, ImageApi, ImageSource, ImageSources


class Codec:
    """A codec of numbers that counts its work."""

    def __init__(self) -> None:
        self.copies = 0
        self.encoded: list[tuple[Any, int, int]] = []
        self.size = 4

    def hold(self, content: object, *, copies: bool) -> object:
        if content == "odd":
            raise TypeError("no picture")
        self.copies += copies
        return content

    def encode(self, held: Any, width: int, height: int) -> Frame:
        self.encoded.append((held, width, height))
        return Frame(2, 1, bytes(self.size))


class Canvas:
    """A canvas that asks."""

    def __init__(self, source: ImageSource) -> None:
        self.source = source
        self.got: list[Any] = []
        self.arrived = threading.Semaphore(0)
        self.is_gone = False

    def ask(self, query: str) -> None:
        def answer() -> None:
            self.got.append(self.source.answer(query, lambda: self.is_gone))
            self.arrived.release()

        self.source.submit(query, answer, lambda: self.is_gone)

    def wait(self) -> tuple[int, ...]:
        assert self.arrived.acquire(timeout=30)
        body = self.got[-1].body
        assert isinstance(body, bytes)
        return struct.unpack("<4I", body[:16])


@pytest.fixture
def codec(monkeypatch: pytest.MonkeyPatch) -> Codec:
    monkeypatch.setattr(module, "STILL_S", 0.01)
    return Codec()


@pytest.fixture
def source(codec: Codec) -> ImageSource:
    return ImageSource(codec)


@pytest.fixture
def canvas(source: ImageSource) -> Canvas:
    return Canvas(source)


def test_request_waits_for_the_first_picture(source: ImageSource, canvas: Canvas, codec: Codec) -> None:
    canvas.ask("since=0")
    assert not canvas.got
    source.push("a")
    assert canvas.wait() == (1, 2, 1, 1)
    assert [entry[0] for entry in codec.encoded] == ["a"]


def test_newest_picture_wins(source: ImageSource, canvas: Canvas, codec: Codec) -> None:
    for picture in "abc":
        source.push(picture)
    canvas.ask("since=0")
    assert canvas.wait()[0] == 3
    assert [entry[0] for entry in codec.encoded] == ["c"]


def test_nobody_looks_so_nothing_is_copied_or_encoded(source: ImageSource, codec: Codec) -> None:
    for _ in range(100):
        source.push("a")
    assert (codec.copies, codec.encoded, source.is_watched) == (0, [], False)


def test_page_that_left_costs_nothing(source: ImageSource, canvas: Canvas, codec: Codec, monkeypatch: Any) -> None:
    monkeypatch.setattr(module, "_LOOKING_S", 0)
    canvas.ask("since=0")
    assert source.is_watched
    canvas.is_gone = True
    assert not source.is_watched
    source.push("a")
    assert canvas.arrived.acquire(timeout=30)
    assert isinstance(canvas.got[0], Refusal)
    assert (codec.copies, codec.encoded) == (0, [])


def test_request_that_left_is_let_go_by_the_next_request(source: ImageSource, canvas: Canvas) -> None:
    canvas.ask("since=0")
    canvas.is_gone = True
    Canvas(source).ask("since=0")
    assert canvas.arrived.acquire(timeout=30)


def test_watched_picture_is_copied(source: ImageSource, canvas: Canvas, codec: Codec) -> None:
    canvas.ask("since=0")
    source.push("a")
    canvas.wait()
    assert codec.copies == 1


def test_still_picture_comes_again_without_loss_and_then_never(source: ImageSource, canvas: Canvas, codec: Codec) -> None:
    source._step = 2
    source.push("a")
    canvas.ask("since=0&exact=0&width=40&height=20")
    assert canvas.wait()[3] == 0
    canvas.ask("since=1&exact=0&width=40&height=20")
    assert canvas.wait()[3] == 1
    canvas.ask("since=1&exact=1")
    assert codec.encoded == [("a", 20, 10), ("a", 40, 20)]
    source.push("b")
    assert canvas.wait()[0] == 2


def test_number_of_another_page_counts_as_none(source: ImageSource, canvas: Canvas) -> None:
    source.push("a")
    canvas.ask("since=7&exact=1")
    assert canvas.wait()[0] == 1


@pytest.mark.parametrize("query", ["", "since=x", "since=99999999999999", "since=-1", "since=%D9%A3", "width=1&width=2&&="])
def test_odd_query_counts_as_zero(source: ImageSource, canvas: Canvas, query: str) -> None:
    source.push("a")
    canvas.ask(query)
    assert canvas.wait()[0] == 1


def test_slow_page_gets_smaller_pictures_and_a_fast_page_full_ones(
    source: ImageSource, canvas: Canvas, codec: Codec, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now_s[0])

    def cycle(took_s: float, size: str = "&width=100&height=50") -> tuple[int, int]:
        source.push("a")
        now_s[0] += took_s
        canvas.ask(f"since=0{size}")
        canvas.wait()
        return codec.encoded[-1][1:]

    assert cycle(0) == (100, 50)
    assert [cycle(0.2) for _ in range(3)] == [(75, 37), (50, 25), (50, 25)]
    assert cycle(0.04) == (50, 25)
    assert cycle(0.04, "") == (module.MAX_MOVING_PX // 2, module.MAX_MOVING_PX // 2)
    assert [cycle(0.01) for _ in range(3)] == [(75, 37), (100, 50), (100, 50)]
    assert cycle(0.01, "") == (0, 0)


def test_large_picture_is_a_file(source: ImageSource, canvas: Canvas, codec: Codec) -> None:
    codec.size = module.LARGE_BYTES
    source.push("a")
    canvas.ask("since=0")
    assert canvas.arrived.acquire(timeout=30)
    reply = canvas.got[0]
    assert isinstance(reply, Reply)
    assert isinstance(reply.body, LargeFile)
    with open(reply.body.descriptor(), "rb") as file:  # noqa: PTH123  # a descriptor
        assert len(file.read()) == 16 + codec.size


def test_odd_picture_is_refused_at_the_push(source: ImageSource) -> None:
    with pytest.raises(TypeError, match="no picture"):
        source.push("odd")


def test_sources_have_names(codec: Codec) -> None:
    class View(ImageApi):
        _images = ImageSources(codec)

    view = View()
    assert view.image_source("a") is view.image_source("a")
    assert view.image_source("ü #/") is View._images.find("/__auroraview_image__/%C3%BC%20%23%2F")
    for path in ("/other", "/__auroraview_image__/", "/__auroraview_image__/%FF", "/__auroraview_image__/%00"):
        assert View._images.find(path) is None
    for name in ("", "a\n", "a" * 129, 3):
        with pytest.raises(ValueError, match="printable"):
            view.image_source(name)  # type: ignore[arg-type]


def test_only_the_beginning_of_a_query_is_read() -> None:
    assert module._request_of("since=3&exact=1") == (3, 1, 0, 0)
    assert module._request_of("x=1&" * 100 + "since=3") == (0, 0, 0, 0)
