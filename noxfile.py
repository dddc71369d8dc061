"""Run the tests on a Qt binding with nox: `nox -s newest`, or `nox -s pyqt5 -- tests/qt -k drop`.

Each session is a leg of `python3 dev.py matrix`, in the same environment. A leg that this machine cannot run is skipped.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nox

sys.path.insert(0, str(Path(__file__).resolve().parent))

from tools.matrix import LEGS, found_pythons, run_leg

nox.needs_version = ">=2024.10"
nox.options.default_venv_backend = "none"  # the legs make their environments in .venv-matrix


def _add_session(name: str) -> None:
    @nox.session(name=name, python=False)
    def leg(session: nox.Session) -> None:
        outcome = run_leg(name, found_pythons(), list(session.posargs), system=True)
        session.log(outcome)
        if outcome.startswith("impossible"):
            session.skip(outcome)
        if outcome.startswith("FAILED"):
            session.error(outcome)

    leg.__doc__ = f"Run the tests on {LEGS[name].title}."


for _name in LEGS:
    _add_session(_name)
