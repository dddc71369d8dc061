"""docs/guides/testing.md: its files are a project whose tests pass, on each stage that is installed here."""

from __future__ import annotations

import re

import pytest

from tests.testing.conftest import ROOT, run_pytest

GUIDE = ROOT / "docs" / "guides" / "testing.md"
INI = "[pytest]\naddopts = -p auroraview_qt.testing.plugin\n"


def files():
    """Return the guide's files by name; each begins with its name."""
    found = re.findall(r"^```python\n# (\S+)\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return dict(found)


@pytest.mark.parametrize(
    ("stage", "passed"),
    [
        (
            "fake",
            {"test_note_is_needed", "test_command_alone", "test_failing_command_is_shown", "test_reload_keeps_the_state"},
        ),
        (
            "page",
            {
                "test_publish",
                "test_note_is_needed",
                "test_command_alone",
                "test_failing_command_is_shown",
                "test_reload_keeps_the_state",
                "test_panel_docks_in_maya",
            },
        ),
    ],
)
def test_guide_is_a_project_whose_tests_pass(tmp_path, stage, passed):
    run = run_pytest(tmp_path, files(), f"--aurora-stage={stage}", ini=INI)
    assert run.code == 0, run.output
    assert {name for name, ended in run.tests.items() if ended.how == "passed"} == passed
