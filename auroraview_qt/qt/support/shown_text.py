"""Bounds for texts of a page that the host's own widgets and logs show: the layout of a megabyte stops the GUI thread."""

from __future__ import annotations

import re

from auroraview_qt._wording import shortened

__all__ = ["MAX_URL_CHARS", "label_text", "shortened", "title_text"]

#: What the log shows of a URL, in characters.
MAX_URL_CHARS = 500
#: Length of a word that no label has to break, in characters; a longer one would widen its window beyond the screen.
_WORD_CHARS = 80

#: Control characters, and those that turn the order of letters around: "gnp.exe" is shown as "exe.png".
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e]")
_LONG_WORD = re.compile(rf"(\S{{{_WORD_CHARS}}})(?=\S)")
_BREAK = "\u200b"


def label_text(text: str, max_chars: int, max_lines: int) -> str:
    """Return a text that a label can show on one screen.

    Parameters
    ----------
    text : str
        Of the page, of any length.
    max_chars, max_lines : int
        What is shown of it at most.

    Notes
    -----
    Thread: any
    """
    lines = shortened(text, max_chars).splitlines()
    if len(lines) > max_lines:
        lines = [*lines[:max_lines], f"… ({len(lines) - max_lines:,} more lines)"]
    return _LONG_WORD.sub(rf"\1{_BREAK}", _CONTROL.sub("", "\n".join(lines)))


def title_text(text: str, max_chars: int = 200) -> str:
    """Return a text of one line, for a window's title. Thread: any."""
    return " ".join(_CONTROL.sub(" ", shortened(text, max_chars)).split())
