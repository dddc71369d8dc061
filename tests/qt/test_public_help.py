"""``help()`` of each public name says something, on classes and on objects."""

from __future__ import annotations

import inspect

import pytest

import auroraview_qt
from auroraview_qt import Placeholder, hosts
from auroraview_qt.qt.support.preflight import Problem

CLASSES = [name for name in auroraview_qt.__all__ if inspect.isclass(getattr(auroraview_qt, name, None))]
#: Names that a binding adds to each class of this package.
OF_QT = ("staticMetaObject",)


def own_names(kind):
    """Return the public names that a class has from this package, with the class each is from."""
    ours = [each for each in kind.__mro__ if each.__module__.startswith("auroraview_qt")]
    return {name: each for each in reversed(ours) for name in vars(each) if not name.startswith("_") and name not in OF_QT}


def is_documented_by_its_class(name, kind):
    """Return whether a class names an attribute, a field or a signal in its docstring."""
    return any(name in (each.__doc__ or "") for each in kind.__mro__)


def lacking(kind, thing):
    """Return the public names of a class without help, on the class or on an object of it."""
    found = []
    for name, owner in own_names(kind).items():
        raw = inspect.getattr_static(owner, name)
        if isinstance(raw, property):
            documented = bool(inspect.getdoc(raw))
        elif inspect.isfunction(raw) or isinstance(raw, (classmethod, staticmethod)):
            bound = getattr(thing, name)
            documented = bool(inspect.getdoc(getattr(kind, name))) and bool(inspect.getdoc(bound))
        else:
            documented = is_documented_by_its_class(name, kind)
        if not documented:
            found.append(f"{kind.__name__}.{name}")
    return found


@pytest.mark.parametrize("name", [name for name in auroraview_qt.__all__ if name != "__version__"])
def test_public_name_has_help(qapp, name):
    assert inspect.getdoc(getattr(auroraview_qt, name))


@pytest.mark.parametrize("name", CLASSES)
def test_methods_of_public_classes_have_help(qapp, name):
    kind = getattr(auroraview_qt, name)
    assert lacking(kind, kind) == []


def test_methods_of_public_objects_have_help(qapp, make_view):
    view = make_view("<p>")
    panel = Placeholder(Problem("none", "none", "none"))
    things = [view, panel, view.state, view.on("a", print), view.channel("log"), view.eval_js("1"), auroraview_qt.Policy()]
    assert [missing for thing in things for missing in lacking(type(thing), thing)] == []


def test_help_of_emit_shows_what_it_takes(qapp, make_view):
    for thing in (make_view("<p>"), Placeholder(Problem("none", "none", "none"))):
        assert thing.emit.__doc__.startswith("Send an event to the page")
        assert list(inspect.signature(thing.emit).parameters) == ["event", "data", "coalesce"]


@pytest.mark.parametrize("name", [name for name in hosts.__all__ if name not in ("Area", "OnClose")])
def test_public_name_of_hosts_has_help(qapp, name):
    assert inspect.getdoc(getattr(hosts, name))
