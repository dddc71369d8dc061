"""Tell PyInstaller where the hook of this package is.  Thread: any."""

from __future__ import annotations

from pathlib import Path


def get_hook_dirs() -> list[str]:
    """Return the folder of the hook, for the entry point ``pyinstaller40``."""
    return [str(Path(__file__).resolve().parent)]
