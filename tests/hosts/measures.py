"""Measure a host and its panel: memory of the processes, objects of Qt and of this package. Linux only."""

from __future__ import annotations

import ctypes
import gc
import os
from collections import Counter
from pathlib import Path

from auroraview_qt import hosts
from auroraview_qt.hosts.panel import Panel
from auroraview_qt.qt.support.binding import (
    QtCore,
    QtGui,
    QtWidgets,
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineView,
    is_alive,
)

_PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024


def _stat(pid):
    """Return name, state and parent of a process; None if it has ended."""
    try:
        name, _, rest = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")
    except (OSError, UnicodeDecodeError):
        return None
    state, parent = rest.split()[:2]
    return name.partition("(")[2], state, int(parent)


def processes():
    """Return all processes below this process, by number, as (name, state)."""
    found = {int(entry.name): _stat(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    parents = {pid: stat[2] for pid, stat in found.items() if stat is not None}

    def is_below(pid):
        while pid in parents:
            pid = parents[pid]
            if pid == os.getpid():
                return True
        return False

    return {pid: found[pid][:2] for pid in parents if is_below(pid)}


def zombies():
    """Return the ended processes below this process whose exit code was not read."""
    return [f"{name} {pid}" for pid, (name, state) in processes().items() if state == "Z"]


def memory_mb():
    """Return the memory (RSS) of the host and of all processes below it, in megabytes.

    First the C library gives freed memory back. In FreeCAD that is 60 MB after 200 moves of a dock, even with a plain
    QWebEngineView, and would hide real leaks.
    """
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    total = Counter()
    for pid, name in [(os.getpid(), "host"), *((pid, stat[0]) for pid, stat in processes().items())]:
        try:
            resident = int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1])
        except OSError:  # it has just ended
            continue
        total["host" if name == "host" else "web"] += resident * _PAGE_KB
    return {where: kb / 1024 for where, kb in total.items()}


def objects():
    """Count living objects: widgets, windows, children of the host's window, and objects of panels."""
    gc.collect()
    window, app = hosts.current().main_window(), QtWidgets.QApplication.instance()
    counts = Counter(
        {
            "widgets": len(QtWidgets.QApplication.allWidgets()),
            "windows": len(QtGui.QGuiApplication.allWindows()),
            "children of the application": len(app.findChildren(QtCore.QObject)),
            "children of the window": len(window.findChildren(QtCore.QObject)) if window is not None else 0,
        }
    )
    kinds = {"views": QWebEngineView, "pages": QWebEnginePage, "profiles": QWebEngineProfile, "panels": Panel}
    for thing in gc.get_objects():
        for name, kind in kinds.items():
            if isinstance(thing, kind):
                counts[name] += 1
        if isinstance(thing, QtCore.QObject) and type(thing).__module__.startswith("auroraview_qt"):
            counts[f"{type(thing).__name__}{'' if is_alive(thing) else ' (dead)'}"] += 1
    return counts


def classes():
    """Count the children of the host's window by class, to tell which of them grow."""
    window = hosts.current().main_window()
    children = window.findChildren(QtCore.QObject) if window is not None else []
    return Counter(child.metaObject().className() for child in children)


def growth(before, after):
    """Return the growing counts as a text; empty if nothing grows."""
    return ", ".join(f"{name} {before[name]} -> {n}" for name, n in sorted(after.items()) if n > before[name])
