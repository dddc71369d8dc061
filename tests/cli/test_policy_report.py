"""`auroraview-qt doctor --policy`: all of a tool's policy on a page, without Qt."""

from __future__ import annotations

from dataclasses import fields

import pytest

from auroraview_qt.cli import main
from auroraview_qt.policy import Policy

TOOL = """
from auroraview_qt import Policy, WebView

def decide(url):
    return "refuse"

def view():
    policy = Policy(connect="https://api.studio.lan", popups=decide, downloads="ask", clipboard=True,
                    credentials={"https://farm.studio.lan": ("ann", "hunter2")})
    made = WebView(storage="studio.assets", policy=policy)
    made.enable("fs", roots=["/projects"], write=True)
    made.enable("shell")
    made.disable("shell")
    return made

def plain():
    return WebView()

def broken():
    raise RuntimeError("no licence")
"""


@pytest.fixture(autouse=True)
def tool(tmp_path, monkeypatch):
    (tmp_path / "policy_tool.py").write_text(TOOL)
    monkeypatch.chdir(tmp_path)


def test_report_has_every_argument_and_marks_changes(capsys):
    assert main(["doctor", "--policy", "policy_tool:view"]) == 0
    text = capsys.readouterr().out
    lines = {line[2:].split()[0]: line for line in text.splitlines() if line[2:].strip()}
    for field in fields(Policy):
        assert field.name in lines
    assert lines["connect"].startswith("* connect")
    assert "https://api.studio.lan" in lines["connect"]
    assert "hunter2" not in text
    assert "https://farm.studio.lan" in lines["credentials"]
    assert "the function decide" in lines["popups"]
    assert lines["fs"].startswith("* fs")
    assert "roots=/projects, write=yes" in lines["fs"]
    assert lines["clipboard"].startswith("* clipboard")
    assert lines["clipboard"].endswith("yes")
    assert lines["shell"].startswith("  shell")
    assert lines["shell"].endswith("no")
    assert "studio.assets" in lines["storage"]
    assert "connect-src 'self' data: blob: https://api.studio.lan" in text
    assert len(text.splitlines()) < 60


def test_report_of_a_closed_view_marks_nothing(capsys):
    assert main(["doctor", "--policy", "policy_tool:plain"]) == 0
    assert not [line for line in capsys.readouterr().out.splitlines() if line.startswith("*")]


@pytest.mark.parametrize("target", ["policy_tool:broken", "policy_tool:nothing", "policy_tool", "nowhere:view"])
def test_tool_that_cannot_be_loaded_is_told(target, capsys):
    assert main(["doctor", "--policy", target]) == 2
    assert "auroraview-qt doctor:" in capsys.readouterr().err
