"""Python code that sees all events of the application is found before QtWebEngine crashes on it."""

from __future__ import annotations

import cProfile
import functools
import sys
import threading

import pytest

from auroraview_qt.qt.support import preflight
from auroraview_qt.qt.support.application_filters import python_filters
from auroraview_qt.qt.support.binding import QtCore
from tests.qt.programs import run_python

BINDING = next(name for name in preflight.BINDINGS if name in sys.modules)


class Filter(QtCore.QObject):
    """A filter as in real hosts: it only looks."""

    def eventFilter(self, watched, event):
        return False


class WrappedFilter(QtCore.QObject):
    """Its method takes any arguments, like a decorated method."""

    def eventFilter(self, *arguments):
        return self.look(*arguments)

    def look(self, watched, event):
        return False


@pytest.fixture
def install(qapp):
    installed = []

    def add(one):
        installed.append(one)
        qapp.installEventFilter(one)
        return one

    yield add
    for one in installed:
        qapp.removeEventFilter(one)


def test_application_without_a_python_filter_has_none(qapp):
    assert python_filters(BINDING) == []
    assert python_filters("PySide9") == []


@pytest.mark.parametrize("kind", [Filter, WrappedFilter])
def test_python_filter_is_named_with_its_file(kind, install):
    install(kind())
    (found,) = python_filters(BINDING)
    assert found.startswith(f"{__name__}.{kind.__name__} ({__file__}, line ")


def test_python_filter_that_is_a_plain_function_is_named(install):
    one = QtCore.QObject()
    one.eventFilter = lambda watched, event: False
    install(one)
    assert python_filters(BINDING)[0].startswith(f"{__name__}.<lambda> (")


def test_several_python_filters_are_all_found_once(install):
    for kind in (Filter, WrappedFilter, Filter):
        install(kind())
    assert len(python_filters(BINDING)) == 2


def test_filter_of_a_widget_is_none_of_the_application(qapp):
    watched, one = QtCore.QObject(), Filter()
    watched.installEventFilter(one)
    assert python_filters(BINDING) == []


def test_python_filter_on_another_thread_is_not_looked_for(install):
    install(Filter())
    found = []
    thread = threading.Thread(target=lambda: found.append(python_filters(BINDING)))
    thread.start()
    thread.join()
    assert found == [[]]


def test_python_filter_is_found_beside_a_profiler_that_goes_on(install):
    install(Filter())
    profiler = cProfile.Profile()
    profiler.enable()
    try:
        found = python_filters(BINDING)
        sorted([2, 1])
    finally:
        profiler.disable()
    assert len(found) == 1
    assert any("sorted" in str(entry.code) for entry in profiler.getstats())
    calls = []
    sys.setprofile(lambda frame, event, argument: calls.append(event))
    try:
        found = python_filters(BINDING)
        functools.reduce(max, [1])
    finally:
        sys.setprofile(None)
    assert len(found) == 1
    assert "c_call" in calls[-4:]


@pytest.mark.parametrize(
    ("binding", "override", "expected"), [("PySide6", "0", "event_filter"), ("PySide6", "1", None), ("PyQt6", "0", None)]
)
def test_problem_of_a_python_filter_is_one_of_pyside(binding, override, expected, monkeypatch):
    monkeypatch.setenv(preflight.OVERRIDE, override)
    monkeypatch.setattr(preflight, "_chosen_binding", lambda: binding)
    monkeypatch.setattr(preflight, "python_filters", lambda name: ["studio.tips.Tips (/studio/tips.py, line 12)"])
    problem = preflight.filter_problem()
    assert (problem and problem.code) == expected
    if problem is not None:
        assert "studio.tips.Tips (/studio/tips.py, line 12)" in problem.text
        assert "removeEventFilter" in problem.advice
        assert not preflight.stops_import(problem)


_PROGRAM = """
    import os
    from qtpy import API_NAME, QtCore, QtWidgets
    class Filter(QtCore.QObject):
        def eventFilter(self, watched, event):
            return False
    class Application(QtWidgets.QApplication):
        def notify(self, receiver, event):
            return super().notify(receiver, event)
    {make}
    window = QtWidgets.QMainWindow()
    window.show()
    from auroraview_qt import Placeholder, WebView, create_view, hosts
    from auroraview_qt.errors import EngineUnavailableError
    panel = hosts.dock(lambda: create_view(html="<p>"), title="Tool", object_name="studio.tool")
    if API_NAME.startswith("PySide"):
        assert isinstance(panel.view, Placeholder)
        assert panel.view.problem.code == "event_filter"
        try:
            WebView(html="<p>")
        except EngineUnavailableError as error:
            assert "{name}" in str(error), error
            os._exit(0)
        os._exit(1)
    panel.view.ready.connect(lambda: os._exit(0))
    QtCore.QTimer.singleShot(20000, lambda: os._exit(3))
    (getattr(app, "exec", None) or app.exec_)()
"""


@pytest.mark.parametrize(
    ("make", "name"),
    [
        ('app = QtWidgets.QApplication(["x"]); tips = Filter(); app.installEventFilter(tips)', "__main__.Filter"),
        ('app = Application(["x"])', "__main__.Application"),
    ],
)
def test_host_with_a_python_filter_lives(make, name):
    code, output = run_python(_PROGRAM.format(make=make, name=name))
    assert code == 0, output
