"""Makes the modules of a fake host. Any thread."""

from __future__ import annotations

import types
from typing import Any


def module(name: str, **members: Any) -> Any:
    """Make a module with these members."""
    result = types.ModuleType(name)
    result.__dict__.update(members)
    return result
