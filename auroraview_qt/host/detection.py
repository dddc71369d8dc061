"""Detect the host of this process: try the adapters in order, and remember the result.

Thread: any. Imports neither Qt nor a host.
"""

from __future__ import annotations

import importlib
import logging
import sys
import threading
from collections.abc import Callable, Sequence
from importlib import metadata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auroraview_qt.host.protocol import Host

#: Entry points of this group name adapter classes.
GROUP = "auroraview_qt.hosts"

_MEMBERS = (
    *("name", "version", "binding", "scale", "detect", "main_window", "run_on_main_thread"),
    *("undo_block", "on_shutdown", "make_frame"),
)

_log = logging.getLogger(__name__)
_lock = threading.RLock()
_registered: list[type[Host]] = []
_current: Host | None = None
_load_built_in: Callable[[], Sequence[type[Host]]] = tuple


def provide(load: Callable[[], Sequence[type[Host]]]) -> None:
    """Set the function that loads this package's adapters, in their order.

    The package itself calls it: this module lies below the adapters and does not import them.
    """
    global _load_built_in
    _load_built_in = load


def register(adapter: type[Host]) -> None:
    """See `auroraview_qt.hosts.register`."""
    missing = [member for member in _MEMBERS if not hasattr(adapter, member)]
    if missing:
        raise TypeError(f"register({adapter!r}): a host adapter needs {', '.join(missing)} too")
    global _current
    with _lock:
        _registered[:] = [adapter, *(known for known in _registered if known is not adapter)]
        _current = None


def forget() -> None:
    """Forget all that was registered and found: for tests."""
    global _current
    with _lock:
        _registered.clear()
        _current = None


def current() -> Host:
    """See `auroraview_qt.hosts.current`."""
    global _current
    with _lock:
        if _current is None or _current.name == "standalone":  # the main window may exist by now
            found = _find()
            if _current is None or type(found) is not type(_current):
                _current = found
        return _current


def _find() -> Host:
    for adapter in (*_registered, *_installed(), *_load_built_in()):
        try:
            if adapter.detect():
                return adapter()
        except BaseException as error:  # a faulty adapter must not stop the others
            _report(error, "the host adapter %r failed", adapter)
    raise RuntimeError("no adapter fits this process, not even the standalone adapter")


def _installed() -> list[type[Host]]:
    """Load the adapters of other packages; log failures and leave them out."""
    if sys.version_info >= (3, 10):
        found = metadata.entry_points(group=GROUP)
    else:
        found = metadata.entry_points().get(GROUP, [])
    adapters = []
    for point in sorted(set(found), key=lambda point: point.name):
        try:
            adapters.append(point.load())
        except BaseException as error:
            _report(error, "the host adapter %s = %s could not be loaded", point.name, point.value)
    return adapters


def _report(error: BaseException, text: str, *arguments: object) -> None:
    """Log an adapter's exception; the first such error loads the engine's code for it, not the import of the package."""
    from auroraview_qt.ipc.calls.failures import report

    report(_log, error, text, *arguments)


def loaded(name: str) -> Any:
    """Return a module of the host if the process has imported it, else None.

    Parameters
    ----------
    name : str
        As in ``import``: ``"maya.cmds"``.
    """
    return sys.modules.get(name)


def host_module(name: str) -> Any:
    """Import a module of the host, which has no types here.

    Parameters
    ----------
    name : str
        As in ``import``: ``"maya.cmds"``.

    Raises
    ------
    ImportError
        This is not that host.
    """
    return importlib.import_module(name)
