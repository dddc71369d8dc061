"""Hypothesis as these tests want it: no deadlines, since a shared machine may stand still for a second."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("ipc", deadline=None)
settings.load_profile("ipc")
