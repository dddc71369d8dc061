"""Draw how many times as fast ours is, on a logarithmic axis, as SVG text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Any

from harness import Row

WIDTH = 920
LABELS = 430
RIGHT = 74
TOP = 66
STEP = 30
BOTTOM = 44

_STYLE = """
.ground { fill: #fbfbfb } .ink { fill: #333 } .soft { fill: #777 }
.grid { stroke: #e2e2e2 } .one { stroke: #999 } .bar { fill: #4a7fb5 } .short { fill: #b0803c } .goal { stroke: #333 }
@media (prefers-color-scheme: dark) {
  .ground { fill: #2b2b2b } .ink { fill: #ddd } .soft { fill: #999 }
  .grid { stroke: #3c3c3c } .one { stroke: #888 } .bar { fill: #5b93cc } .short { fill: #c9954c } .goal { stroke: #eee }
}
text { font: 12px system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif }
.title { font-size: 14px; font-weight: 600 } .small { font-size: 11px }
"""


_HINT = "logarithmic; right of 1x is faster; the tick is the goal, orange falls short of it"


def _factor(value: float) -> str:
    return f"{value:.2f}x" if value < 10 else f"{value:.0f}x"


def svg(rows: Sequence[Row], env: dict[str, Any]) -> str:
    """Draw the rows that compare; those without a factor are left to the table."""
    drawn = [row for row in rows if row.factor is not None]
    bounds = [value for row in drawn for value in (row.factor, row.goal_factor) if value]
    low = min([0.5, *bounds]) * 0.9
    high = max([10.0, *bounds]) * 1.2
    height = TOP + STEP * len(drawn) + BOTTOM
    foot = TOP + STEP * len(drawn)

    def x(value: float) -> float:
        part = (math.log10(value) - math.log10(low)) / (math.log10(high) - math.log10(low))
        return round(LABELS + part * (WIDTH - LABELS - RIGHT), 1)

    source = f"PySide6 {env['pyside6']}, Python {env['python']}, {env['date']}"
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
        "<title>How many times as fast as the alternative</title>",
        f"<style>{_STYLE}</style>",
        f'<rect class="ground" width="{WIDTH}" height="{height}" rx="4"/>',
        '<text class="ink title" x="20" y="28">Times as fast as the alternative</text>',
        f'<text class="soft small" x="20" y="46">{_HINT}; {escape(source)}</text>',
    ]
    for tick in (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000):
        if low <= tick <= high:
            kind = "one" if tick == 1 else "grid"
            parts.append(f'<line class="{kind}" x1="{x(tick)}" x2="{x(tick)}" y1="{TOP - 4}" y2="{foot + 2}"/>')
            parts.append(f'<text class="soft small" x="{x(tick)}" y="{foot + 18}" text-anchor="middle">{tick:g}x</text>')
    for index, row in enumerate(drawn):
        assert row.factor is not None
        y = TOP + STEP * index
        left, right = sorted((x(1), x(row.factor)))
        kind = "short" if row.reached is False else "bar"
        behind = max(right, x(row.goal_factor or row.factor)) + 7
        parts += [
            f'<text class="ink" x="20" y="{y + 12}">{escape(_title(row))}</text>',
            f'<text class="soft small" x="20" y="{y + 25}">beside {escape(_peer(row))}</text>',
            f'<rect class="{kind}" x="{left}" y="{y + 6}" width="{max(1.5, right - left):.1f}" height="12"/>',
            f'<text class="ink" x="{behind}" y="{y + 16}">{_factor(row.factor)}</text>',
        ]
        if row.goal_factor:
            at = x(row.goal_factor)
            parts.append(f'<line class="goal" x1="{at}" x2="{at}" y1="{y + 2}" y2="{y + 22}" stroke-width="2"/>')
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def _title(row: Row) -> str:
    return f"{row.measure}  {row.what.split(', per ')[0]}"


def _peer(row: Row) -> str:
    return str(row.numbers["peer"])
