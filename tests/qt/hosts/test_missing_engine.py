"""Panels in a host whose Qt comes without QtWebEngine: the placeholder is docked, and nothing else changes."""

from __future__ import annotations

import pytest

from tests.qt.programs import run_python

_WITHOUT_ENGINE = """
        class Missing:
            def find_spec(self, name, path=None, target=None):
                if "QtWebEngine" in name:
                    raise ModuleNotFoundError("No module named " + repr(name), name=name)
        sys.meta_path.insert(0, Missing())
"""
_SWITCHED_OFF = """
        os.environ["AURORAVIEW_QT_DISABLE"] = "1"
"""


@pytest.mark.parametrize("missing", [_WITHOUT_ENGINE, _SWITCHED_OFF])
@pytest.mark.parametrize("window", ["QMainWindow", "QWidget"])
def test_panel_without_the_engine_docks_the_placeholder(missing, window):
    code, output = run_python(f"""
        import os, sys
        {missing.strip()}
        from qtpy import QtCore, QtWidgets
        app = QtWidgets.QApplication(["host"])
        main = QtWidgets.{window}()
        main.show()
        from auroraview_qt import Placeholder, create_view, hosts
        quits = []
        hosts.current().on_shutdown(lambda: quits.append(1))
        panel = hosts.dock(lambda: create_view(title="Tool", html="<p>"), title="Tool", object_name="studio.tool")
        assert isinstance(panel.view, Placeholder), panel.widget
        assert panel.view is panel.widget
        assert panel.view.parentWidget() is not None
        panel.view.emit("frame", {{"n": 1}})
        panel.float()
        panel.float(False)
        panel.hide()
        panel.show()
        assert hosts.current().binding[0] == os.environ["QT_API"]
        assert hosts.current().run_on_main_thread(lambda: 5).result() == 5
        again = hosts.dock(lambda: create_view(), title="Tool", object_name="studio.tool")
        assert again is panel
        panel.destroy()
        assert not [name for name in sys.modules if "QtWebEngine" in name]
        QtCore.QTimer.singleShot(0, app.quit)
        (getattr(app, "exec", None) or app.exec_)()
        assert quits == [1]
    """)
    assert code == 0, output
