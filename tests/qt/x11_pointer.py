"""A mouse and a keyboard on an X display, which the server cannot tell from real ones."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.qt.programs import run_python

ESCAPE = 0xFF1B


class Pointer:
    """The single pointer of the display."""

    def __init__(self) -> None:
        self._x11, self._xtst = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
        self._x11.XOpenDisplay.restype = ctypes.c_void_p
        self._x11.XFlush.argtypes = [ctypes.c_void_p]
        self._x11.XKeysymToKeycode.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
        self._xtst.XTestFakeMotionEvent.argtypes = [ctypes.c_void_p, *[ctypes.c_int] * 3, ctypes.c_ulong]
        for name in ("XTestFakeButtonEvent", "XTestFakeKeyEvent"):
            getattr(self._xtst, name).argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_ulong]
        self._display = self._x11.XOpenDisplay(None)
        assert self._display, "there is no X display"

    def move(self, x: int, y: int) -> None:
        """Move to a place on the screen."""
        self._xtst.XTestFakeMotionEvent(self._display, -1, x, y, 0)
        self._x11.XFlush(self._display)

    def button(self, down: bool) -> None:
        """Press or release the left button."""
        self._xtst.XTestFakeButtonEvent(self._display, 1, down, 0)
        self._x11.XFlush(self._display)

    def key(self, symbol: int) -> None:
        """Press and release a key."""
        code = self._x11.XKeysymToKeycode(self._display, symbol) & 0xFF
        for down in (True, False):
            self._xtst.XTestFakeKeyEvent(self._display, code, down, 0)
        self._x11.XFlush(self._display)


needs_display = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb, for a mouse that can be moved")


def artist(scenario: str, folder: Path) -> tuple[dict[str, Any], str]:
    """Run a scenario of drag_program.py; return its result and its output."""
    source = f"""
        import runpy, sys
        sys.argv = ["drag_program", {scenario!r}, {str(folder)!r}]
        runpy.run_module("tests.qt.drag_program", run_name="__main__")
    """
    with display() as name:
        code, output = run_python(source, DISPLAY=name, QT_QPA_PLATFORM="xcb")
    told = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    assert (code, len(told)) == (0, 1), output
    return told[0], output


@contextlib.contextmanager
def display() -> Iterator[str]:
    """Run a display for a single test, so that nothing else moves its pointer; yield its name."""
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "900x500x24", "-noreset", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as pipe:
            number = pipe.readline().strip()
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()
