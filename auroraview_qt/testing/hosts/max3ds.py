"""3ds Max: a fake of its window, undo and accelerators. GUI thread."""

from __future__ import annotations

import contextlib
import types
from collections.abc import Iterator
from typing import Any

from auroraview_qt.qt.support.binding import QtWidgets
from auroraview_qt.testing.hosts.pieces import module


class Max:
    """``qtmax`` and ``pymxs``."""

    def __init__(self, window: Any) -> None:
        self.window = window
        self.undo: list[str] = []
        self.without_accelerators: list[QtWidgets.QWidget] = []

    def modules(self) -> Any:
        runtime = types.SimpleNamespace(maxVersion=lambda: [27000, 68, 0, 27, 0, 0, 1, 2025, ""])
        return {
            "pymxs": module("pymxs", runtime=runtime, undo=self.undo_context),
            "qtmax": module(
                "qtmax", GetQMaxMainWindow=lambda: self.window, DisableMaxAcceleratorsOnFocus=self.disable_accelerators
            ),
        }

    @contextlib.contextmanager
    def undo_context(self, enabled: Any, label: Any = None, /) -> Iterator[None]:
        assert enabled is True
        assert isinstance(label, str)
        self.undo.append(label)
        yield

    def disable_accelerators(self, widget: Any, disableMaxAccelerators: Any) -> None:
        assert isinstance(widget, QtWidgets.QWidget)
        assert disableMaxAccelerators is True
        self.without_accelerators.append(widget)
