"""Commands that are one step of the host's undo. The host layer says how; this one does not import it. GUI thread."""

from __future__ import annotations

import functools
import importlib
import inspect
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from auroraview_qt.ipc.commands import Thread


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
    kinds = (fn, type(fn).__call__)  # an object may have an asynchronous __call__
    pieces = (inspect.iscoroutinefunction, inspect.isgeneratorfunction, inspect.isasyncgenfunction)
    if thread != "gui" or any(is_piecewise(kind) for kind in kinds for is_piecewise in pieces):
        raise ValueError(f"undo={name!r}: only a plain function on the GUI thread is one step of the host's undo")

    @functools.wraps(fn)
    def step(*args: Any, **keywords: Any) -> object:
        with _undo_block(name):
            return fn(*args, **keywords)

    return step


def _undo_block(name: str) -> AbstractContextManager[Any]:
    # By its name, when it is needed: the layer below must not depend on the one above.
    hosts = importlib.import_module("auroraview_qt.hosts")
    block: AbstractContextManager[Any] = hosts.current().undo_block(name)
    return block
