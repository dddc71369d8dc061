"""Report: the rows as a table for the terminal, as Markdown between two markers, and as JSON."""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pywebview_peer
from harness import Row
from qtpy import QtCore
from qtpy.QtWebEngineCore import qWebEngineChromiumVersion

HEADINGS = ("", "measure", "ours", "alternative", "result", "goal", "")
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"

LEGEND = (
    "Numbers are medians. Brackets hold the least and the greatest round, or the quartiles of more than ten rounds. "
    "With the goal `≥`, a result of 30x means 30 times as fast as the alternative. With `≤`, 1.1x means 1.1 times its "
    "time. The raw sides use the standard library's `json`, or the channel's own variants if these are faster. "
    "No measure lost an event: events are counted and their values summed, and the last event has to arrive last. "
    "Answers and trees are compared."
)


def environment(rounds: int, quick: bool) -> dict[str, Any]:
    """Return the facts that the numbers depend on: versions, system, cores."""
    return {
        "date": date.today().isoformat(),
        "python": platform.python_version(),
        "pyside6": QtCore.__version__,
        "qt": QtCore.qVersion(),
        "chromium": qWebEngineChromiumVersion(),
        "pywebview": pywebview_peer.version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "rounds": rounds,
        "quick": quick,
    }


def headline(env: dict[str, Any]) -> str:
    """Return the versions and the machine as a single line."""
    size = ", small counts: the numbers say little" if env["quick"] else ""
    return (
        f"{env['date']}: Python {env['python']}, PySide6 {env['pyside6']} (Chromium {env['chromium']}), "
        f"pywebview {env['pywebview']}, {env['system']}, {env['cores']} cores, {env['rounds']} rounds{size}"
    )


def _cells(row: Row) -> tuple[str, ...]:
    result = row.error or row.result
    return (row.measure, row.what, row.ours, row.peer, result, row.goal, row.verdict)


def _notes(rows: Sequence[Row]) -> list[str]:
    return [f"{row.measure}: {row.note}" for row in rows if row.note]


def text_table(rows: Sequence[Row]) -> str:
    """Return the table for a terminal, with its notes and legend."""
    lines = [HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    drawn = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines]
    drawn.insert(1, "-" * max(len(line) for line in drawn))
    return "\n".join([*drawn, "", *_notes(rows), "", LEGEND.replace("`", "")])


def markdown_table(rows: Sequence[Row], env: dict[str, Any]) -> str:
    """Return the table for the documentation, as Markdown."""
    lines = [HEADINGS, ("---",) * len(HEADINGS), *(_cells(row) for row in rows)]
    drawn = ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]
    notes = [f"- {note}" for note in _notes(rows)]
    return "\n".join([f"*{headline(env)}*", "", *drawn, "", *notes, "", LEGEND])


def rewrite(path: Path, table: str) -> None:
    """Put a table between the two markers of a page."""
    text = path.read_text(encoding="utf-8")
    pattern = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    if not pattern.search(text):
        raise ValueError(f"{path.name} has no {BEGIN} … {END}")
    path.write_text(pattern.sub(lambda _: f"{BEGIN}\n{table}\n{END}", text), encoding="utf-8")


def as_json(rows: Sequence[Row], env: dict[str, Any]) -> str:
    """Return the rows as JSON, with the values of each round."""
    listed = [{**asdict(row), "verdict": row.verdict} for row in rows]
    return json.dumps({"environment": env, "legend": LEGEND, "rows": listed}, indent=1, ensure_ascii=False) + "\n"
