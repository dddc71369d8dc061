"""Tests of the kit: many run small test files in a separate process, and check their results."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
INI = "[pytest]\naddopts = -p auroraview_qt.testing.plugin\naurora_timeout_s = 1\n"


class Ended(NamedTuple):
    """The end of a test of a run: in words, with its report."""

    how: str
    report: str


class Run:
    """A finished run of pytest."""

    def __init__(self, folder, done):
        self.folder, self.code, self.output = folder, done.returncode, done.stdout
        self._cases = ET.parse(folder / "report.xml").getroot().iter("testcase") if (folder / "report.xml").exists() else ()
        self.tests = {}
        for case in self._cases:
            parts = {part.tag: part for part in case}
            how = next((how for how in ("error", "failure", "skipped") if how in parts), "passed")
            text = "\n".join(f"{part.get('message', '')}\n{part.text or ''}" for part in case)
            before = self.tests.get(case.get("name"), Ended("passed", ""))
            self.tests[case.get("name")] = Ended(how if how != "passed" else before.how, before.report + text)

    def __getitem__(self, name):
        assert name in self.tests, self.output
        return self.tests[name]


def run_pytest(folder, sources, *options, ini=INI, env=()):
    """Write test files into a folder, and run pytest on them."""
    (folder / "pytest.ini").write_text(ini, encoding="utf-8")
    for name, source in sources.items():
        (folder / name).write_text(textwrap.dedent(source), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--junitxml=report.xml", *options]
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]), **dict(env)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    return Run(folder, done)


@pytest.fixture
def run_tests(tmp_path):
    """Run a test file with the kit in a separate process."""

    def run(source, *options, **keywords):
        return run_pytest(tmp_path, {"test_tool.py": source}, *options, **keywords)

    return run
