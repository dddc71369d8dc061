"""Loads that fail: what the panel shows, what waits and ends, and how the page comes back."""

from __future__ import annotations

import contextlib
import socket

import pytest

from auroraview_qt.errors import PageGoneError
from auroraview_qt.qt.page.message_overlay import MessageOverlay
from auroraview_qt.qt.support.binding import QtWidgets
from tests.servers import serving

PAGE = "<title>page</title><script>auroraview.expose('think', () => new Promise(() => {}))</script>"


@pytest.fixture
def free_port():
    """Return a port that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def shown_message(view):
    """Return the texts of the message that covers a view, nothing if there is none."""
    overlays = [overlay for overlay in view.findChildren(MessageOverlay) if overlay.isVisible()]
    return [label.text() for overlay in overlays for label in overlay.findChildren(QtWidgets.QLabel)]


def test_reload_without_a_server_ends_calls_and_shows_a_message_with_retry(make_view, js, wait_until, expect_log):
    expect_log("could not be loaded")
    with serving({"/": PAGE}) as server:
        view = make_view(None, trusted_origins=[server.url])
        view.load_url(f"{server.url}/")
        wait_until(lambda: view.is_ready)
        port = server.port
        answer = view.call("think", timeout_s=None)
        wait_until(lambda: view.stats()["in_flight"] == 0)
    view.reload()
    wait_until(answer.done)
    assert isinstance(answer.exception(), PageGoneError)
    wait_until(lambda: not view.is_ready and shown_message(view))
    title, detail = shown_message(view)
    assert title == "This page could not be loaded"
    assert f"127.0.0.1:{port}" in detail
    view.emit("kept", 1)
    with serving({"/": "<script>auroraview.on('kept', (n) => { window.kept = n; })</script>"}, port=port):
        (overlay,) = view.findChildren(MessageOverlay)
        overlay.findChild(QtWidgets.QPushButton).click()
        wait_until(lambda: view.is_ready and js(view, "window.kept") == 1)
        wait_until(lambda: not shown_message(view))


def test_development_server_that_starts_late_is_waited_for(make_view, js, wait_until, expect_log, free_port, tmp_path):
    expect_log(f"http://127.0.0.1:{free_port}/ could not be loaded; trying again")
    expect_log("will refuse the inline script")
    (tmp_path / "index.html").write_text("built")
    view = make_view()
    view.load_app(tmp_path, dev_url=f"http://127.0.0.1:{free_port}/")
    view.emit("early", 1)
    wait_until(lambda: shown_message(view))
    assert shown_message(view)[0] == "Waiting for the development server"
    with serving({"/": "<script>auroraview.on('early', (n) => { window.early = n; })</script>"}, port=free_port):
        wait_until(lambda: view.is_ready and js(view, "window.early") == 1)
        wait_until(lambda: not shown_message(view))


def test_development_server_that_is_away_is_told_once(make_view, wait_until, expect_log, caplog, free_port, tmp_path):
    expect_log("could not be loaded")
    (tmp_path / "index.html").write_text("built")
    view, loads = make_view(), []
    view.loadFinished.connect(loads.append)
    view.load_app(tmp_path, dev_url=f"http://127.0.0.1:{free_port}/")
    wait_until(lambda: len(loads) >= 3)
    assert sum("could not be loaded" in record.getMessage() for record in caplog.records) == 1


def test_load_that_is_stopped_keeps_the_page(make_view, js, wait_until):
    view, reached = make_view(PAGE), []
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        silent.setblocking(False)

        def is_asked():
            with contextlib.suppress(BlockingIOError):
                reached.append(silent.accept()[0])
            return reached

        view.load_url(f"http://127.0.0.1:{silent.getsockname()[1]}/")
        wait_until(is_asked)
        view.stop()
        assert js(view, "document.title") == "page"
        assert shown_message(view) == []
        assert view.is_ready
        for connection in reached:
            connection.close()


@pytest.mark.parametrize("address", ["localhost:5173", "127.0.0.1:80/x", "build-01.studio.lan:8080"])
def test_address_without_a_scheme_is_refused_with_the_address_that_was_meant(make_view, address):
    view = make_view()
    with pytest.raises(ValueError, match="has no scheme; did you mean 'http://"):
        view.load_url(address)
