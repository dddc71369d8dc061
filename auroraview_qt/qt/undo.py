"""Make a command a step of the host's undo. Thread: GUI."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from auroraview_qt.host import detection
from auroraview_qt.ipc.calls.commands import Thread, is_coroutine, is_generator


def undoable(fn: Callable[..., object], name: str, thread: Thread) -> Callable[..., object]:
    """Wrap a command's function, so that each of its calls is an undo step of the host.

    Thread: any.

    Parameters
    ----------
    fn : callable
        A plain function.
    name : str
        The name of the step in the host's undo list.
    thread : {"gui", "pool"}
        The thread of the command.

    Returns
    -------
    callable
        With the signature of `fn`.

    Raises
    ------
    ValueError
        If it does not run in a single piece on the GUI thread, since the artist's own work would get into the step.
    """
    if thread != "gui" or is_coroutine(fn) or is_generator(fn):
        raise ValueError(f"undo={name!r}: only a plain function on the GUI thread can be a step of the host's undo")

    @functools.wraps(fn)
    def step(*args: Any, **keywords: Any) -> object:
        with _undo_block(name):
            return fn(*args, **keywords)

    return step


def _undo_block(name: str) -> AbstractContextManager[Any]:
    return detection.current().undo_block(name)
