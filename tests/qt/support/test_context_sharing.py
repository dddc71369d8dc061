"""OpenGL viewports of a host that shares no contexts, and panels in it, are drawn: pixels of a real screen."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.qt.opengl_program import PAGE, VIEWPORT
from tests.qt.programs import run_python
from tests.qt.x11_pointer import display

needs_screen = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb, for the pixels of a screen")


@needs_screen
def test_context_sharing_of_a_running_host_stays_as_it_was():
    with display() as name:
        code, output = run_python(
            """
            import runpy
            runpy.run_module("tests.qt.opengl_program", run_name="__main__")
            """,
            DISPLAY=name,
            QT_QPA_PLATFORM="xcb",
        )
    told = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    assert (code, len(told)) == (0, 1), output
    stages = told[0]
    assert {name: stage["viewport"] for name, stage in stages.items()} == {name: [VIEWPORT] * 4 for name in stages}
    assert stages["panel floated"]["panel"] == [PAGE] * 4
    assert [stage["shared"] for stage in stages.values()] == [False] * 4


def test_context_sharing_is_set_before_the_application_exists():
    code, output = run_python(
        """
        from qtpy import QtCore, QtWidgets
        import auroraview_qt.qt.view
        assert QtCore.QCoreApplication.testAttribute(QtCore.Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
        """
    )
    assert code == 0, output


def test_context_sharing_after_a_failed_import_is_as_before():
    code, output = run_python(
        """
        import sys
        from qtpy import QtCore
        sys.modules["qtpy.QtWebEngineWidgets"] = None
        shared = QtCore.Qt.ApplicationAttribute.AA_ShareOpenGLContexts
        try:
            import auroraview_qt.qt.view
        except ImportError:
            assert not QtCore.QCoreApplication.testAttribute(shared)
            raise SystemExit(7)
        """
    )
    assert code == 7, output
