"""What every test shares: a Qt platform where there is no screen, and Hypothesis without deadlines."""

from __future__ import annotations

import os
import sys

from hypothesis import settings

if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if hasattr(os, "geteuid") and os.geteuid() == 0:
    # Chromium refuses its sandbox to root; tests and CI only, never the library.
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")
settings.register_profile("auroraview", deadline=None)  # a shared machine may stand still for a second
settings.load_profile("auroraview")
