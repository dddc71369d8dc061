"""Wait for other threads."""

from __future__ import annotations

import time
from typing import Callable

DEADLINE_S = 20


def wait_until(condition: Callable[[], object]) -> None:
    """Wait until another thread makes a condition true."""
    limit = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < limit, "the condition did not come true"
        time.sleep(0.001)
