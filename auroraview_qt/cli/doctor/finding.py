"""Finding: the answer to one question of the doctor. No Qt."""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """The answer to one question: its subject, the text, and the advice.

    Attributes
    ----------
    subject : str
        ``"QtWebEngine"``
    text : str
        What was found.
    advice : str
        What to do; empty if nothing is wrong.
    is_note : bool
        The advice is optional: panels work, and some pages miss something.
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
