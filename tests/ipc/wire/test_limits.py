"""The limits: the runtime gets its share, and the documented table has the same numbers."""

from __future__ import annotations

import re
from pathlib import Path

from auroraview_qt.ipc.wire import limits

PROTOCOL = Path(__file__).resolve().parents[3] / "docs" / "internals" / "protocol.md"


def documented():
    """Return the limits of the table in the protocol, by name."""
    rows = re.findall(r"^\| `([A-Z_]+)` \| ([0-9,]+) \|", PROTOCOL.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: int(number.replace(",", "")) for name, number in rows}


def test_table_of_the_protocol_has_every_limit_with_its_number():
    assert documented() == {name: value for name, value in vars(limits).items() if name.startswith("MAX_")}


def test_page_gets_limits_of_this_module_only():
    known = [value for name, value in vars(limits).items() if name.startswith("MAX_")]
    assert all(value in known for value in limits.for_page().values())
