"""Turn a page's report about WebGL and codecs into findings. No Qt. Thread: any."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auroraview_qt.cli.doctor.finding import Finding

#: Codecs of common videos; the Qt of most bindings is built without them.
_LICENSED = ("H.264", "AAC")


def of_page(answer: dict[str, Any]) -> Iterator[Finding]:
    """Return the findings for the report of a page, as `PageReport` gives it."""
    if "error" in answer:
        advice = "see the sandbox, the libraries and the display; QTWEBENGINE_CHROMIUM_FLAGS=--disable-gpu avoids the driver"
        yield Finding("pages", f"none could be shown: {answer['error']}", advice)
        return
    if answer["webgl"]:
        version = "WebGL 2" if answer["webgl"] == 2 else "WebGL 1 only"
        yield Finding("WebGL", f"{version}, drawn by {answer['renderer']}")
    else:
        yield Finding(
            "WebGL",
            "pages have none here: 3D viewers stay empty",
            "QTWEBENGINE_CHROMIUM_FLAGS=--ignore-gpu-blocklist, set before the host starts, draws it on the processor",
            is_note=True,
        )
    missing = [name for name in _LICENSED if name not in answer["codecs"]]
    yield Finding(
        "codecs",
        ", ".join(answer["codecs"]) + (f"; no {' and no '.join(missing)}" if missing else ""),
        "give pages WebM videos (VP9 with Opus): this Qt was built without the others" if missing else "",
        is_note=True,
    )
