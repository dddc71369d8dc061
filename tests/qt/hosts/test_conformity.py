"""The comparison of fakes with the types of their hosts finds differences; `dev.py lint` runs the comparison."""

from __future__ import annotations

import types

import pytest

from tests.typings.conformity import Stubs, compare_all

HOST = """
from typing import overload

class ui:
    @staticmethod
    def scale() -> float: ...

class Base:
    def close(self) -> None: ...

class Tab(Base):
    def fill(self, widget: str, name: str = ...) -> None: ...

@overload
def control(*args, exists: bool) -> bool: ...
@overload
def control(*args, edit: bool = ..., visible: bool = ...) -> None: ...

def undo(enabled: bool, label: str = ..., /) -> None: ...
"""


@pytest.fixture
def wrong(tmp_path):
    """Return the differences of a fake with these members."""
    (tmp_path / "host-stubs").mkdir()
    (tmp_path / "host-stubs" / "__init__.pyi").write_text(HOST, encoding="utf-8")
    stubs = Stubs(tmp_path)
    return lambda **members: compare_all(stubs, "host", "", types.SimpleNamespace(**members), stubs.module("host"))


def test_fake_that_takes_what_its_host_takes_is_let_through(wrong):
    class Tab:
        def fill(self, widget, name=""):
            pass

        def close(self):
            pass

    def control(name, *, exists=False, visible=None):
        pass

    def undo(on, text=None, /):
        pass

    assert wrong(Tab=Tab, control=control, undo=undo, ui=types.SimpleNamespace(scale=lambda: 1.0)) == []


@pytest.mark.parametrize(
    ("name", "fake", "message"),
    [
        ("undo", lambda on, off, text=None, /: None, "'off' may be left out"),
        ("control", lambda name, *, shown=None: None, "no parameter 'shown'"),
        ("controls", lambda name: None, "no such name"),
        ("ui", types.SimpleNamespace(factor=lambda: 1.0), "host.ui.factor: the host has no such name"),
        ("Tab", type("Tab", (), {"fill": lambda self, name="", widget="": None}), "parameter 1 is 'widget'"),
        ("Tab", type("Tab", (), {"fill": lambda self, widget, name: None}), "'name' may be left out"),
        ("Tab", type("Tab", (), {"fill": lambda self, widget="", name="": None}), "'widget' must not be left out"),
        ("Tab", type("Tab", (), {"fill": lambda self: None}), "'widget' must not be left out"),
        ("Tab", type("Tab", (), {"empty": lambda self: None}), "no such method"),
    ],
)
def test_fake_that_differs_from_its_host_is_named(wrong, name, fake, message):
    assert [message in line for line in wrong(**{name: fake})] == [True]
