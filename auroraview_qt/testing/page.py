"""Define Page: a test's actions on a page and expectations of it. Thread: the view's. No Qt.

Methods that need a document (`click`, `expect_text`) use the page's `Dom`, which the fake stage lacks.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from re import Pattern
from typing import TYPE_CHECKING, Any

from auroraview_qt.testing import expectations
from auroraview_qt.testing.bridge_page import BridgePage
from auroraview_qt.testing.dom import Dom, Text
from auroraview_qt.testing.traffic import Traffic

if TYPE_CHECKING:
    from auroraview_qt.testing.kit import Aurora


class Page(BridgePage):
    """An open page; see `Aurora.open`.

    Attributes
    ----------
    view : WebView
        The tool's view; on the fake stage a view without Qt.
    state : StateMirror
        The shared state at the page's end; reads and writes as the page does.
    """

    def __init__(self, kit: Aurora, view: Any, traffic: Traffic, dom: Dom) -> None:
        super().__init__(kit, view, traffic)
        self._dom = dom

    # The document: actions of an artist

    def click(
        self,
        selector: str,
        *,
        button: str = "left",
        modifiers: Sequence[str] = (),
        at: tuple[float, float] | None = None,
        timeout_s: float | None = None,
    ) -> None:
        """Click an element, once it is there, visible, enabled, at rest and not covered.

        Parameters
        ----------
        selector : str
            CSS, ``text=Publish``, ``role=button[name=Publish]``; it has to match a single element.
        button : {"left", "right", "middle"}
            The mouse button.
        modifiers : sequence of {"Alt", "Control", "Meta", "Shift"}
            Keys that are held.
        at : tuple of float, optional
            The place inside the element, in CSS pixels from its corner; by default its middle.
        timeout_s : float, optional
            Instead of the kit's own.

        Raises
        ------
        ActionError
            If the element cannot be clicked in time; the message has the reason, and the element that covers it.
        ValueError
            If the selector is invalid.
        """
        __tracebackhide__ = True
        self._dom.click(selector, button, modifiers, at, 1, timeout_s)

    def double_click(self, selector: str, *, timeout_s: float | None = None) -> None:
        """Click an element twice; raises as `click`."""
        __tracebackhide__ = True
        self._dom.click(selector, "left", (), None, 2, timeout_s)

    def hover(self, selector: str, *, timeout_s: float | None = None) -> None:
        """Move the mouse over an element; raises as `click`."""
        __tracebackhide__ = True
        self._dom.hover(selector, timeout_s)

    def drag(self, source: str, target: str, *, timeout_s: float | None = None) -> None:
        """Drag an element onto another element with the mouse; raises as `click`.

        For an element with ``draggable=true`` the page gets the events of a drag, not Qt, since such a drag belongs to the
        system.
        """
        __tracebackhide__ = True
        self._dom.drag(source, target, timeout_s)

    def fill(self, selector: str, text: str, *, timeout_s: float | None = None) -> None:
        """Replace the value of a field; raises as `click`."""
        __tracebackhide__ = True
        self._dom.fill(selector, text, timeout_s)

    def select(self, selector: str, *options: str, timeout_s: float | None = None) -> None:
        """Choose options of a ``<select>`` by text or value; raises as `click`."""
        __tracebackhide__ = True
        self._dom.select(selector, options, timeout_s)

    def check(self, selector: str, checked: bool = True, *, timeout_s: float | None = None) -> None:
        """Click a checkbox or radio button if it is in the other state; raises as `click`."""
        __tracebackhide__ = True
        self.expect_visible(selector, timeout_s=timeout_s)
        if any(look.checked != checked for look in self._dom.look(selector)):
            self.click(selector, timeout_s=timeout_s)

    def press(self, key: str, selector: str | None = None, *, timeout_s: float | None = None) -> None:
        """Press a key at the focus, or in an element.

        Parameters
        ----------
        key : str
            The name that a page uses, with modifiers: ``"Enter"``, ``"a"``, ``"Control+Shift+S"``.
        selector : str, optional
            Gets the focus first.
        timeout_s : float, optional
            Instead of the kit's own.

        Raises
        ------
        ValueError
            There is no such key.
        ActionError
            As for `click`.
        """
        __tracebackhide__ = True
        self._dom.press(key, selector, timeout_s)

    def type(self, text: str) -> None:
        """Type a text at the focus, key by key."""
        __tracebackhide__ = True
        for character in text:
            self._dom.press("Enter" if character == "\n" else character, None, None)

    def drop_files(self, selector: str, *paths: str | Path, timeout_s: float | None = None) -> None:
        """Drop files on an element, as from a file manager; raises as `click`."""
        __tracebackhide__ = True
        self._dom.drop_files(selector, paths, timeout_s)

    def choose_files(self, selector: str, *paths: str | Path, timeout_s: float | None = None) -> None:
        """Click an element that opens a file dialog, and choose files in it; raises as `click`.

        Raises
        ------
        FileNotFoundError
            If a path does not exist.
        """
        __tracebackhide__ = True
        self._dom.choose_files(selector, paths, timeout_s)

    # The document: its content

    def expect_text(
        self,
        selector: str,
        text: Text | Sequence[Text],
        *,
        exact: bool = False,
        timeout_s: float | None = None,
    ) -> None:
        """Expect a text in an element.

        Parameters
        ----------
        selector : str
            As for `click`.
        text : str, re.Pattern or sequence of them
            A part of its text, with white space as single blanks, or a pattern to search. For a sequence: the texts of all
            matching elements, in order.
        exact : bool
            Whether the text has to be complete.
        timeout_s : float, optional
            Instead of the kit's own.

        Raises
        ------
        ExpectationError
            If the text does not appear in time; the message has the last text.
        """
        __tracebackhide__ = True
        expectations.text(self._dom, selector, text, exact, self._limit(timeout_s))

    def expect_value(self, selector: str, value: str | Pattern[str], *, timeout_s: float | None = None) -> None:
        """Expect a field to hold exactly this text; raises as `expect_text`."""
        __tracebackhide__ = True
        expectations.value(self._dom, selector, value, self._limit(timeout_s))

    def expect_count(self, selector: str, count: int, *, timeout_s: float | None = None) -> None:
        """Expect so many elements to match; raises as `expect_text`."""
        __tracebackhide__ = True
        expectations.count(self._dom, selector, count, self._limit(timeout_s))

    def expect_visible(self, selector: str, *, timeout_s: float | None = None) -> None:
        """Expect an element to be there and to be seen; raises as `expect_text`."""
        __tracebackhide__ = True
        expectations.visible(self._dom, selector, self._limit(timeout_s))

    def expect_hidden(self, selector: str, *, timeout_s: float | None = None) -> None:
        """Expect no element that matches to be seen, or none to be there; raises as `expect_text`."""
        __tracebackhide__ = True
        expectations.hidden(self._dom, selector, self._limit(timeout_s))

    def expect_enabled(self, selector: str, *, timeout_s: float | None = None) -> None:
        """Expect an element not to be disabled; raises as `expect_text`."""
        __tracebackhide__ = True
        expectations.flag(self._dom, selector, "enabled", True, self._limit(timeout_s))

    def expect_disabled(self, selector: str, *, timeout_s: float | None = None) -> None:
        """Expect an element to be disabled; raises as `expect_text`."""
        __tracebackhide__ = True
        expectations.flag(self._dom, selector, "enabled", False, self._limit(timeout_s))

    def expect_checked(self, selector: str, checked: bool = True, *, timeout_s: float | None = None) -> None:
        """Expect a checkbox or radio button to be checked, or not; raises as `expect_text`."""
        __tracebackhide__ = True
        expectations.flag(self._dom, selector, "checked", checked, self._limit(timeout_s))

    def expect_focused(self, selector: str, *, timeout_s: float | None = None) -> None:
        """Expect an element to have the page's focus; raises as `expect_text`."""
        __tracebackhide__ = True
        expectations.flag(self._dom, selector, "focused", True, self._limit(timeout_s))

    def expect_attribute(
        self, selector: str, name: str, value: str | Pattern[str] | None, *, timeout_s: float | None = None
    ) -> None:
        """Expect an attribute to be exactly this, or with None not to be there; raises as `expect_text`."""
        __tracebackhide__ = True
        expectations.attribute(self._dom, selector, name, value, self._limit(timeout_s))

    def texts(self, selector: str) -> list[str]:
        """Return the texts of all elements that match now, in order."""
        return [look.text for look in self._dom.look(selector)]

    def count(self, selector: str) -> int:
        """Return how many elements match now."""
        return len(self._dom.look(selector))
