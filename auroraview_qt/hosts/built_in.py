"""Find the hosts of this package: each folder beside this module with an `adapter.py`. No Qt and no host. Thread: any."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from typing import TYPE_CHECKING

from auroraview_qt import hosts

if TYPE_CHECKING:
    from auroraview_qt.host.protocol import Host

#: Asked after all others: any program with a main window, and any program.
_LAST = ("generic", "standalone")


def packages(module: str) -> list[str]:
    """Return the host packages that have a module of this name, in the order of detection."""
    names = sorted(found.name for found in pkgutil.iter_modules(hosts.__path__) if found.ispkg)
    names.sort(key=lambda name: _LAST.index(name) if name in _LAST else -1)
    paths = [f"{hosts.__name__}.{name}" for name in names]
    return [path for path in paths if importlib.util.find_spec(f"{path}.{module}") is not None]


def adapters() -> tuple[type[Host], ...]:
    """Return the adapter class of each host, in the order of detection."""
    return tuple(importlib.import_module(f"{package}.adapter").ADAPTER for package in packages("adapter"))
