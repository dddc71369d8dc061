"""List for PyInstaller the page runtime, and the modules that load on first use."""

from __future__ import annotations

from PyInstaller.utils.hooks import collect_submodules

from auroraview_qt._resources import resource_path

datas = [(str(resource_path()), "auroraview_qt/resources")]
hiddenimports = collect_submodules("auroraview_qt", filter=lambda name: ".startup" not in name)
