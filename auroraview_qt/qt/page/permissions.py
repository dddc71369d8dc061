"""Name the engine's permissions as the web platform does. GUI thread."""

from __future__ import annotations

from typing import Any

from auroraview_qt.qt.support.binding import QWebEnginePage

#: The permissions for the clipboard.
CLIPBOARD = ("clipboard-read", "clipboard-write")
#: The names of ``Policy.permissions`` for the engine's names; both are needed where there are two.
_NAMES = {
    "ClipboardReadWrite": CLIPBOARD,
    "DesktopAudioVideoCapture": ("screen", "microphone"),
    "DesktopVideoCapture": ("screen",),
    "Geolocation": ("geolocation",),
    "LocalFontsAccess": ("local-fonts",),
    "MediaAudioCapture": ("microphone",),
    "MediaAudioVideoCapture": ("camera", "microphone"),
    "MediaVideoCapture": ("camera",),
    "MouseLock": ("pointer-lock",),
    "Notifications": ("notifications",),
}


def web_names(kind: Any) -> tuple[str, ...]:
    """Return the names of a permission or feature of the engine; empty for unknown ones. Thread: GUI."""
    for kinds in (type(kind), QWebEnginePage):  # features are plain numbers on PyQt5
        for name, names in _NAMES.items():
            if getattr(kinds, name, None) == kind:
                return names
    return ()
