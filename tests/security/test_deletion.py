"""A careless program deletes its view inside each function and signal that the view calls."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.security.deletion_program import PLACES

NAMES = sorted(PLACES)


@pytest.mark.parametrize("names", [NAMES[start::3] for start in range(3)], ids=["first", "second", "third"])
def test_view_that_is_deleted_by_the_program_it_calls_harms_nothing(names):
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-m", "tests.security.deletion_program", *names],
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    survived = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("survived ")]
    assert (survived, done.returncode) == (names, 0), done.stdout + done.stderr
