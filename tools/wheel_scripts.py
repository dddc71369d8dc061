"""Hatch's build hook: put `resources/` into the wheel, scripts and style sheets without comments."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_STRIPPED = (".js", ".css")


class WheelScripts(BuildHookInterface[Any]):
    """Adds the files of `resources/` to a wheel; an editable install uses those of the checkout."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files."""
        if version == "editable":
            return
        self._folder = tempfile.mkdtemp(prefix="auroraview-qt-wheel-")
        root = Path(self.root) / "resources"
        spec = importlib.util.spec_from_file_location("_resources", root.parent / "auroraview_qt" / "_resources.py")
        if spec is None or spec.loader is None:
            raise FileNotFoundError("auroraview_qt/_resources.py")
        reader = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(reader)
        for number, file in enumerate(sorted(path for path in root.rglob("*") if path.is_file())):
            name = file.relative_to(root)
            if "__pycache__" in name.parts:
                continue
            source = file
            if file.suffix in _STRIPPED:
                source = Path(self._folder) / f"{number}{file.suffix}"
                source.write_bytes(reader.page_text(*name.parts).encode())
            build_data["force_include"][str(source)] = f"auroraview_qt/resources/{name.as_posix()}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the copies."""
        if version != "editable":
            shutil.rmtree(self._folder, ignore_errors=True)
