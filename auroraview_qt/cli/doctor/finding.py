"""Hold the result of a single check of the doctor. No Qt."""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """The result of a check: its subject, the text, and the advice.

    Attributes
    ----------
    subject : str
        The subject of the check, such as ``"QtWebEngine"``.
    text : str
        The result.
    advice : str
        The remedy; empty if there is no problem.
    is_note : bool
        True if the advice is optional: panels work, but some pages lack a feature.
    """

    subject: str
    text: str
    advice: str = ""
    is_note: bool = False

    @property
    def status(self) -> str:
        """``"ok"``, ``"note"`` or ``"fault"``."""
        if not self.advice:
            return "ok"
        return "note" if self.is_note else "fault"
