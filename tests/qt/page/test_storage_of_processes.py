"""Two processes with a storage of the same name: they write at the same time, one is killed, and both start again."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

PROGRAM = Path(__file__).resolve().parents[1] / "storage_program.py"
ROOT = PROGRAM.parents[2]
#: Numbers that each process writes at least while the other writes, too. A minute's worth are some thousands.
COUNT = int(os.environ.get("AURORAVIEW_QT_STORAGE_COUNT", "60"))


class Tool:
    """A running tool.

    Attributes
    ----------
    kept : int
        The last confirmed number.
    found : dict
        The numbers it found at its start.
    warnings : list of str
        The lines of its log.
    """

    def __init__(self, folder, role):
        self.kept, self.found, self.warnings, self.lines = 0, {}, [], []
        self._arrived = threading.Condition()
        self.process = subprocess.Popen(
            [sys.executable, str(PROGRAM), role],
            env={**os.environ, "AURORAVIEW_QT_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            word, _, rest = line.partition(" ")
            with self._arrived:
                self.lines.append(line)
                if word == "KEPT":
                    self.kept = int(rest)
                elif word == "FOUND":
                    self.found = json.loads(rest)
                elif word == "LOG":
                    self.warnings.append(rest)
                self._arrived.notify_all()
        with self._arrived:
            self._arrived.notify_all()

    def wait_until_kept(self, number):
        with self._arrived:
            assert self._arrived.wait_for(lambda: self.kept >= number or self.process.poll() is not None, 120)
        assert self.kept >= number, "".join(self.lines)

    def stop(self):
        self.process.stdin.close()
        self._reader.join(120)
        assert self.process.wait(10) == 0, "".join(self.lines)
        self.process.stdout.close()

    def kill(self):
        self.process.kill()
        self._reader.join(120)
        self.process.wait(10)
        self.process.stdin.close()
        self.process.stdout.close()


@pytest.mark.parametrize("killed", ["first", "second"])
def test_processes_that_share_a_name_lose_nothing_if_either_is_killed(tmp_path, killed):
    first = Tool(tmp_path, "first")
    first.wait_until_kept(1)
    second = Tool(tmp_path, "second")
    tools = {"first": first, "second": second}
    second.wait_until_kept(COUNT)
    first.wait_until_kept(first.kept + COUNT)
    tools.pop(killed).kill()
    (survivor,) = tools.values()
    survivor.wait_until_kept(survivor.kept + COUNT)
    survivor.stop()
    assert first.warnings == []
    assert len(second.warnings) == 1
    assert "last until this process ends" in second.warnings[0]

    again = Tool(tmp_path, "first")
    again.wait_until_kept(1)
    later = Tool(tmp_path, "second")
    later.wait_until_kept(1)
    again.stop()
    later.stop()
    assert (again.warnings, len(later.warnings)) == ([], 1)
    # A number may have been kept, but not confirmed, when its process was killed.
    assert again.found["second"] - second.kept in ((0,) if killed == "first" else (0, 1))
    for kind in ("first", "base"):
        assert again.found[kind] - first.kept in ((0,) if killed == "second" else (0, 1))
    if killed == "second":
        assert again.found["local"] == first.kept
    else:  # Chromium writes localStorage some seconds late
        assert (again.found["local"] or 0) <= first.kept + 1
    assert later.found["base"] is later.found["local"] is None
    with contextlib.closing(sqlite3.connect(str(tmp_path / "studio.assets" / "state.sqlite"))) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
