"""Bounds for texts of a page that the host's own widgets and logs show: the layout of a megabyte stops the GUI thread."""

from __future__ import annotations

import re

from auroraview_qt._wording import shortened

__all__ = ["MAX_URL_CHARS", "label_text", "shortened", "title_text"]

#: Maximum characters of a URL in the log.
MAX_URL_CHARS = 500
#: Maximum characters of a word in a label; a longer word would widen its window beyond the screen.
_WORD_CHARS = 80

#: Control characters, and characters that reverse the order of letters: "gnp.exe" looks like "exe.png".
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e]")
_LONG_WORD = re.compile(rf"(\S{{{_WORD_CHARS}}})(?=\S)")
_BREAK = "\u200b"


def label_text(text: str, max_chars: int, max_lines: int) -> str:
    """Return a text that a label can show on a screen.

    Thread: any.

    Parameters
    ----------
    text : str
        A text of the page, of any length.
    max_chars, max_lines : int
        Maximum characters of the result.
    """
    lines = shortened(text, max_chars).splitlines()
    if len(lines) > max_lines:
        lines = [*lines[:max_lines], f"… ({len(lines) - max_lines:,} more lines)"]
    return _LONG_WORD.sub(rf"\1{_BREAK}", _CONTROL.sub("", "\n".join(lines)))


def title_text(text: str, max_chars: int = 200) -> str:
    """Return a text of a single line, for a window's title. Thread: any."""
    return " ".join(_CONTROL.sub(" ", shortened(text, max_chars)).split())
