"""Dom: what a stage has to be able to do with a document, and how one of its elements looks. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from re import Pattern
from typing import Any, Protocol, Union

#: A part of a text, or a pattern that is searched in it.
Text = Union[str, "Pattern[str]"]

Point = tuple[float, float]


@dataclass
class Look:
    """How an element is.

    Attributes
    ----------
    shown : str
        The element as its page's source has it, shortened.
    text : str
        What it says, white space as one blank.
    value : str or None
        What a field holds.
    hidden : str
        Why it cannot be seen; empty where it can.
    disabled, checked, focused : bool
        As it says.
    attributes : dict
        By name.
    """

    shown: str
    text: str
    value: str | None = None
    hidden: str = ""
    disabled: bool = False
    checked: bool = False
    focused: bool = False
    attributes: dict[str, str] = field(default_factory=dict)

    @property
    def enabled(self) -> bool:
        """Whether it is not disabled."""
        return not self.disabled


class Dom(Protocol):
    """The document of a page on some stage; `Page` says what each method is for."""

    def look(self, selector: str) -> list[Look]:
        """Tell how the elements are that match now."""

    def hint(self, selector: str) -> str:
        """Tell what the page has instead of what was not found."""

    def poll(self, look: Callable[[], Any], timeout_s: float) -> Any:
        """Call a function until it gives something true, or the time is up; return what it gave last."""

    def click(
        self, selector: str, button: str, modifiers: Sequence[str], at: Point | None, count: int, timeout_s: float | None
    ) -> None:
        """Click."""

    def hover(self, selector: str, timeout_s: float | None) -> None:
        """Move the mouse there."""

    def drag(self, source: str, target: str, timeout_s: float | None) -> None:
        """Drag one element to another."""

    def fill(self, selector: str, text: str, timeout_s: float | None) -> None:
        """Replace what a field holds."""

    def select(self, selector: str, options: Sequence[str], timeout_s: float | None) -> None:
        """Choose options."""

    def press(self, key: str, selector: str | None, timeout_s: float | None) -> None:
        """Press a key."""

    def drop_files(self, selector: str, paths: Sequence[str | Path], timeout_s: float | None) -> None:
        """Drop files."""

    def choose_files(self, selector: str, paths: Sequence[str | Path], timeout_s: float | None) -> None:
        """Choose files in the dialog that opens."""
