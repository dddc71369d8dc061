"""Run the checks inside a host with a running Qt, without starting another program. Thread: GUI."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from auroraview_qt.cli.doctor.finding import Finding
from auroraview_qt.cli.doctor.pages import of_page
from auroraview_qt.errors import EngineUnavailableError
from auroraview_qt.qt.support.application_filters import python_filters
from auroraview_qt.qt.support.preflight import BINDINGS, Problem, stops_import


def running_binding() -> str | None:
    """Return the binding whose QApplication runs in this process, or None. Thread: any."""
    for name in BINDINGS:
        core = sys.modules.get(f"{name}.QtCore")
        if core is not None and core.QCoreApplication.instance() is not None:
            return name
    return None


def of_this_process(binding: str, problem: Problem | None) -> Iterator[Finding]:
    """Check the Qt of this process; import QtWebEngine as the first panel would.

    Parameters
    ----------
    binding : str
        The running binding.
    problem : Problem or None
        The result of `find_problem`.
    """
    core = sys.modules[f"{binding}.QtCore"]
    if core.QThread.currentThread() != core.QCoreApplication.instance().thread():
        yield Finding("Qt binding", binding, "call the doctor on the GUI thread: other threads may not look at Qt")
        return
    try:
        from auroraview_qt.qt.support.widgets_only import BINDING, QtCore
    except EngineUnavailableError as error:
        yield Finding("Qt binding", f"{binding}, {error}", "install qtpy for the host's Python")
        return
    app = QtCore.QCoreApplication.instance()
    shared = QtCore.QCoreApplication.testAttribute(QtCore.Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    contexts = "OpenGL contexts are shared" if shared else "OpenGL contexts are not shared"
    yield Finding("Qt binding", f"{binding} on Qt {BINDING[1]}, running; {contexts}")
    yield _host()
    filters = python_filters(binding)
    harm = "; they do no harm with PyQt" if filters and binding.startswith("PyQt") else ""
    yield Finding("event filters", (" and ".join(filters) or "none written in Python on the application") + harm)
    if app is None or (problem is not None and stops_import(problem)):
        yield Finding("QtWebEngine", "not imported, for the reason under panels" if problem else "not imported")
        return
    yield from _engine(problem)


def _host() -> Finding:
    from auroraview_qt import hosts
    from auroraview_qt.qt.support.widgets_only import QtCore

    host = hosts.current()
    name = QtCore.QCoreApplication.applicationName()
    program = f" ({name})" if name and host.name in ("generic", "standalone") else ""
    return Finding("host", f"{host.name}{program} {host.version}".rstrip())


def _engine(problem: Problem | None) -> Iterator[Finding]:
    try:
        from auroraview_qt.qt.page.scheme import SCHEME, is_registered
    except EngineUnavailableError as error:
        yield Finding("QtWebEngine", str(error), "install the part of the binding that holds it; some hosts ship without it")
        return
    from auroraview_qt.qt.page.page_report import latest

    answer = latest() if problem is None else {}
    chromium = (answer or {}).get("chromium", "")
    yield Finding("QtWebEngine", "is imported" + (f", Chromium {chromium}" if chromium else ""))
    if is_registered():
        yield Finding("URL scheme", f"{SCHEME}: is registered")
    else:
        yield Finding(
            "URL scheme",
            f"{SCHEME}: came too late, after the process's first page: no secure context, and the same origin for all views",
            "call auroraview_qt.register_scheme() in the host's start-up script",
            is_note=True,
        )
    if answer is None:
        yield Finding("WebGL", "a page is being asked: ask the doctor again in a moment", "")
    elif answer:
        yield from of_page(answer)
    else:
        yield Finding("WebGL", "not asked: no page can be started")
