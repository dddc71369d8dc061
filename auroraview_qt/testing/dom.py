"""Define the operations on a document that a stage provides, and the state of an element. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from re import Pattern
from typing import Any, Protocol, Union

#: A part of a text, or a pattern to search in it.
Text = Union[str, "Pattern[str]"]

Point = tuple[float, float]


@dataclass
class Look:
    """The state of an element.

    Attributes
    ----------
    shown : str
        The element's source, shortened.
    text : str
        Its visible text, with white space as single blanks.
    value : str or None
        The value of a field.
    hidden : str
        The reason why it cannot be seen, or an empty text.
    disabled, checked, focused : bool
        The same as the properties of the element.
    attributes : dict
        The attributes by name.
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
        """Return whether it is enabled."""
        return not self.disabled


class Dom(Protocol):
    """The document of a page on any stage; `Page` describes the methods."""

    def look(self, selector: str) -> list[Look]:
        """Tell how the elements are that match now."""

    def hint(self, selector: str) -> str:
        """Return a description of the page's content for an error message."""

    def poll(self, look: Callable[[], Any], timeout_s: float) -> Any:
        """Call a function until its result is true or the time is over; return the last result."""

    def click(
        self, selector: str, button: str, modifiers: Sequence[str], at: Point | None, count: int, timeout_s: float | None
    ) -> None:
        """Click."""

    def hover(self, selector: str, timeout_s: float | None) -> None:
        """Move the mouse there."""

    def drag(self, source: str, target: str, timeout_s: float | None) -> None:
        """Drag an element to another element."""

    def fill(self, selector: str, text: str, timeout_s: float | None) -> None:
        """Replace the value of a field."""

    def select(self, selector: str, options: Sequence[str], timeout_s: float | None) -> None:
        """Choose options."""

    def press(self, key: str, selector: str | None, timeout_s: float | None) -> None:
        """Press a key."""

    def drop_files(self, selector: str, paths: Sequence[str | Path], timeout_s: float | None) -> None:
        """Drop files."""

    def choose_files(self, selector: str, paths: Sequence[str | Path], timeout_s: float | None) -> None:
        """Choose files in the dialog that opens."""
