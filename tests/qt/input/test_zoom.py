"""The wheel with Ctrl over a page: the page gets it, and the panel keeps its zoom unless the policy allows it."""

from __future__ import annotations

import pytest
from qtpy.QtTest import QTest

from auroraview_qt import Policy
from auroraview_qt.qt.support.binding import QtCore, QtGui

PAGE = """<p id=p style='height:60px'>canvas</p><iframe id=frame height=60 srcdoc='<p style="height:90px">inner'></iframe>
<script>turns = 0
 addEventListener('wheel', (e) => { turns += e.ctrlKey; e.stopPropagation(); }, {passive: true})</script>"""


@pytest.fixture
def turn(spot, js, wait_until):
    """Turn the wheel with Ctrl over an element, and wait until the engine is done with it."""

    def turn(view, selector):
        place = QtCore.QPointF(spot(view, selector))
        flags = QtCore.Qt
        wheel = QtGui.QWheelEvent(
            place,
            QtCore.QPointF(view.mapToGlobal(place.toPoint())),
            QtCore.QPoint(),
            QtCore.QPoint(0, 120),
            flags.MouseButton.NoButton,
            flags.KeyboardModifier.ControlModifier,
            flags.ScrollPhase.NoScrollPhase,
            False,
        )
        QtCore.QCoreApplication.sendEvent(view.focusProxy(), wheel)

    return turn


def test_wheel_belongs_to_the_page(make_view, turn, js, wait_until, click):
    view = make_view(PAGE)
    click(view, "#p")  # after the first frame
    for count in range(1, 5):
        turn(view, "#p")
        wait_until(lambda count=count: js(view, "turns") == count)
    turn(view, "#frame")
    turn(view, "#p")
    wait_until(lambda: js(view, "turns") == 5)
    assert view.zoomFactor() == 1.0
    assert js(view, "innerWidth") == view.width()


def test_policy_allows_zoom_and_control_zero_resets_it(make_view, turn, js, wait_until, click):
    view = make_view(PAGE, policy=Policy(zoom=True))
    click(view, "#p")
    turn(view, "#p")
    wait_until(lambda: view.zoomFactor() > 1.0)
    QTest.keyClick(view.focusProxy(), QtCore.Qt.Key.Key_0, QtCore.Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: view.zoomFactor() == 1.0)
