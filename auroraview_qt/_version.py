"""The version of this package, for everything that needs it."""

from __future__ import annotations

__version__ = "0.1.0"
