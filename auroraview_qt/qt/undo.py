"""Make a command one step of the host's undo. Thread: GUI."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from auroraview_qt.host import detection
from auroraview_qt.ipc.calls.commands import Thread, is_coroutine, is_generator


def undoable(fn: Callable[..., object], name: str, thread: Thread) -> Callable[..., object]:
    """Wrap a command's function, so that each call of it is one undo step of the host.

    Parameters
    ----------
    fn : callable
        A plain function.
    name : str
        What the host's undo list calls the step.
    thread : {"gui", "pool"}
        Where it runs.

    Returns
    -------
    callable
        With the signature of `fn`.

    Raises
    ------
    ValueError
        It does not run in one piece on the GUI thread, so that what the artist does meanwhile would get into the step.

    Notes
    -----
    Thread: any
    """
    if thread != "gui" or is_coroutine(fn) or is_generator(fn):
        raise ValueError(f"undo={name!r}: only a plain function on the GUI thread is one step of the host's undo")

    @functools.wraps(fn)
    def step(*args: Any, **keywords: Any) -> object:
        with _undo_block(name):
            return fn(*args, **keywords)

    return step


def _undo_block(name: str) -> AbstractContextManager[Any]:
    return detection.current().undo_block(name)
