"""Tooltips: the title attributes of a page are short plain text in the host."""

from __future__ import annotations

import json

import pytest
from qtpy.QtTest import QTest

from auroraview_qt.qt.support.binding import QtCore


@pytest.fixture
def tooltip(make_view, js, spot, wait_until):
    """Point at an element with a title, and return the tooltip of the view."""

    def show(title):
        view = make_view("<p id=target style='width: 200px; height: 80px'>here")
        js(view, f"(target.title = {title}, 1)")
        QTest.mouseMove(view.focusProxy(), QtCore.QPoint(10, 200))
        QTest.mouseMove(view.focusProxy(), spot(view, "#target"))
        wait_until(lambda: view.toolTip())
        return view.toolTip()

    return show


def test_tooltip_of_a_page_is_escaped(tooltip):
    text = tooltip(json.dumps("<b>bold</b><img src='file:///etc/a.png'>"))
    assert "&lt;b&gt;bold" in text
    assert "<img" not in text


def test_tooltip_that_looks_like_an_escaped_one_is_escaped(tooltip):
    assert "<img" not in tooltip(json.dumps("<p style=\"white-space:pre-wrap\"><img src='file:///etc/a.png'></p>"))


@pytest.mark.parametrize("title", ["'word '.repeat(200000)", "'x'.repeat(1000000)", "'a\\n'.repeat(500000)"])
def test_long_tooltip_is_shown_in_part(tooltip, title):
    assert len(tooltip(title)) <= 1_500
