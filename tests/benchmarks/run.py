"""Run the benchmarks from the command line: select measures, set the duration, write the results.

    python3 dev.py bench                    everything, some four minutes; renews the numbers in docs/
    python3 dev.py bench --quick            everything with small counts, for trying out
    python3 dev.py bench --only P1,P5       some of it

The results go to the files of --json, --chart and --markdown. A full run writes all three to docs/.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from pathlib import Path
from typing import Callable

import bulk
import calls
import chart
import events
import latency
import memory
import raw
import report
import scaling
from context import Context
from harness import BenchError, Row
from qtpy import QtWidgets

DOCS = Path(__file__).resolve().parents[2] / "docs"
DEFAULT_ROUNDS = 5

#: The measures in this order, with their rows.
MEASURES: tuple[tuple[Callable[[Context, frozenset[str]], list[Row]], frozenset[str]], ...] = (
    (memory.drained, frozenset({"P11"})),  # first, because memory that others have freed would hide a growth
    (events.to_page, frozenset({"P1", "P2"})),
    (events.to_python, frozenset({"P3", "P4"})),
    (calls.one_at_a_time, frozenset({"P5"})),
    (calls.in_flight, frozenset({"P6"})),
    (latency.single, frozenset({"P7"})),
    (latency.heartbeat, frozenset({"P8"})),
    (bulk.tree, frozenset({"P9"})),
    (scaling.depth, frozenset({"P10"})),
    (scaling.names, frozenset({"P10"})),
    (latency.construct, frozenset({"P12"})),
    (latency.idle, frozenset({"P13"})),
)
ALL = frozenset().union(*(ids for _, ids in MEASURES))


def say(text: str) -> None:
    """Write a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def options(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true", help="small counts, for trying out")
    parser.add_argument("--only", metavar="P1,P5", default="", help="these measures alone")
    parser.add_argument("--rounds", type=int, metavar="N", help=f"how often the sides take turns (default {DEFAULT_ROUNDS})")
    parser.add_argument("--strict", action="store_true", help="end with 1 when a goal is not reached")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write all values")
    parser.add_argument("--chart", type=Path, metavar="FILE", help="where to write the SVG")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="a page whose table, between its markers, to renew")
    chosen = parser.parse_args(arguments)
    chosen.only = frozenset(part.strip().upper() for part in chosen.only.split(",") if part.strip())
    unknown = sorted(chosen.only - ALL)
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}; there are P1 to P{len(ALL)}")
    if chosen.rounds is not None and chosen.rounds < 1:
        parser.error("--rounds has to be at least 1")
    if not chosen.only and not chosen.quick:
        chosen.json = chosen.json or DOCS / "internals" / "benchmarks.json"
        chosen.chart = chosen.chart or DOCS / "images" / "benchmarks.svg"
        chosen.markdown = chosen.markdown or DOCS / "internals" / "benchmarks.md"
    return chosen


def measured(context: Context, wanted: frozenset[str]) -> list[Row]:
    """Run the selected measures; a failed measure becomes a row with the reason, and the run goes on."""
    rows: list[Row] = []
    for run, ids in MEASURES:
        mine = ids & wanted
        if not mine:
            continue
        start = time.perf_counter()
        try:
            rows += run(context, mine)
        except Exception as error:  # every exception of a bridge is the result of its measure
            kind = "" if isinstance(error, BenchError) else f"{type(error).__name__}: "
            rows += [Row(name, run.__doc__.split(": ", 1)[-1].rstrip("."), error=f"{kind}{error}") for name in sorted(mine)]
            context.discard()
        say(f"{', '.join(sorted(mine))}: {time.perf_counter() - start:.0f} s")
    return sorted(rows, key=lambda row: int(row.measure[1:]))


def write(chosen: argparse.Namespace, rows: list[Row], env: dict[str, object]) -> None:
    """Write the requested files."""
    texts = ((chosen.json, report.as_json), (chosen.chart, chart.svg))
    for path, make in texts:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(make(rows, env), encoding="utf-8")
            say(f"written: {path.name}")
    if chosen.markdown is not None:
        report.rewrite(chosen.markdown, report.markdown_table(rows, env))
        say(f"written: {chosen.markdown.name}")


def main(arguments: list[str]) -> int:
    """Measure, print the table, and write the requested files."""
    chosen = options(arguments)
    logging.basicConfig(level=logging.WARNING)
    raw.register_scheme()
    app = QtWidgets.QApplication(sys.argv[:1])
    context = Context(chosen.rounds or (2 if chosen.quick else DEFAULT_ROUNDS), chosen.quick)
    start = time.perf_counter()
    try:
        rows = measured(context, chosen.only or ALL)
    finally:
        context.discard()
    env = report.environment(context.rounds, context.quick)
    say(f"\n{report.headline(env)}; it took {time.perf_counter() - start:.0f} s\n\n{report.text_table(rows)}")
    write(chosen, rows, env)
    del app
    if any(row.error for row in rows):
        return 1
    return 1 if chosen.strict and any(row.reached is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
