"""noxfile.py: a session for each leg of the matrix, with the outcome of the leg."""

from __future__ import annotations

import runpy
import sys
import types
from pathlib import Path

import pytest

from tools import matrix

NOXFILE = Path(__file__).resolve().parents[2] / "noxfile.py"


class StoppedError(Exception):
    """A session was skipped or has failed."""


class Session:
    """The parts of a nox session that a leg uses."""

    def __init__(self, *posargs):
        self.posargs = posargs

    def log(self, text):
        self.logged = text

    def skip(self, text):
        raise StoppedError("skip", text)

    def error(self, text):
        raise StoppedError("error", text)


@pytest.fixture
def sessions(monkeypatch):
    """Load noxfile.py with a stand-in for nox, and return the sessions by name."""
    found = {}

    def session(name, python):
        assert python is False
        return lambda fn: found.setdefault(name, fn)

    nox = types.SimpleNamespace(session=session, options=types.SimpleNamespace(), Session=Session)
    monkeypatch.setitem(sys.modules, "nox", nox)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(matrix, "found_pythons", dict)
    return lambda run: (monkeypatch.setattr(matrix, "run_leg", run), runpy.run_path(str(NOXFILE)), found)[-1]


def test_noxfile_has_a_session_for_each_leg(sessions):
    assert list(sessions(lambda *args, **keywords: "passed: all")) == list(matrix.LEGS)


def test_noxfile_session_runs_its_leg_with_its_arguments(sessions):
    ran = []
    sessions(lambda *args, **keywords: ran.append((args, keywords)) or "passed: all")["pyqt6"](Session("tests/qt", "-x"))
    assert ran == [(("pyqt6", {}, ["tests/qt", "-x"]), {"system": True})]


@pytest.mark.parametrize(("outcome", "end"), [("impossible: no Xvfb", "skip"), ("FAILED: 1 failed", "error")])
def test_noxfile_session_ends_as_its_leg(sessions, outcome, end):
    session = sessions(lambda *args, **keywords: outcome)["newest"]
    with pytest.raises(StoppedError) as stopped:
        session(Session())
    assert stopped.value.args == (end, outcome)
