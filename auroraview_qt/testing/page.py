"""Page: what a test does to a page and expects of it. No Qt; the thread of its view.

What needs a document (`click`, `expect_text`) is done by the page's `Dom`, which the fake stage has none of.
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
    """A page that has been opened; see `Aurora.open`.

    Attributes
    ----------
    view : WebView
        The tool's view; on the fake stage one without Qt.
    state : StateMirror
        The shared state as the page sees it, and writes it.
    """

    def __init__(self, kit: Aurora, view: Any, traffic: Traffic, dom: Dom) -> None:
        super().__init__(kit, view, traffic)
        self._dom = dom

    # The document: what an artist does

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
            CSS, ``text=Publish``, ``role=button[name=Publish]``; it has to mean one element.
        button : {"left", "right", "middle"}
            Of the mouse.
        modifiers : sequence of {"Alt", "Control", "Meta", "Shift"}
            Keys that are held.
        at : tuple of float, optional
            Where inside the element, in CSS pixels from its corner; its middle without it.
        timeout_s : float, optional
            Instead of the kit's own.

        Raises
        ------
        ActionError
            The element cannot be clicked in time; the message says why, and what covers it.
        ValueError
            The selector is none.
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
        """Drag one element onto another with the mouse; raises as `click`.

        For an element with ``draggable=true`` the page gets the events of a drag, not Qt: its drag belongs to the system.
        """
        __tracebackhide__ = True
        self._dom.drag(source, target, timeout_s)

    def fill(self, selector: str, text: str, *, timeout_s: float | None = None) -> None:
        """Replace what a field holds; raises as `click`."""
        __tracebackhide__ = True
        self._dom.fill(selector, text, timeout_s)

    def select(self, selector: str, *options: str, timeout_s: float | None = None) -> None:
        """Choose options of a ``<select>`` by text or value; raises as `click`."""
        __tracebackhide__ = True
        self._dom.select(selector, options, timeout_s)

    def check(self, selector: str, checked: bool = True, *, timeout_s: float | None = None) -> None:
        """Click a checkbox or radio button unless it is as it should be; raises as `click`."""
        __tracebackhide__ = True
        self.expect_visible(selector, timeout_s=timeout_s)
        if any(look.checked != checked for look in self._dom.look(selector)):
            self.click(selector, timeout_s=timeout_s)

    def press(self, key: str, selector: str | None = None, *, timeout_s: float | None = None) -> None:
        """Press a key where the focus is, or in an element.

        Parameters
        ----------
        key : str
            As a page calls it, with the keys that are held: ``"Enter"``, ``"a"``, ``"Control+Shift+S"``.
        selector : str, optional
            Gets the focus first.
        timeout_s : float, optional
            Instead of the kit's own.

        Raises
        ------
        ValueError
            There is no such key.
        ActionError
            As `click`.
        """
        __tracebackhide__ = True
        self._dom.press(key, selector, timeout_s)

    def type(self, text: str) -> None:
        """Type a text where the focus is, key by key."""
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
            A path is not there.
        """
        __tracebackhide__ = True
        self._dom.choose_files(selector, paths, timeout_s)

    # The document: what it shows

    def expect_text(
        self,
        selector: str,
        text: Text | Sequence[Text],
        *,
        exact: bool = False,
        timeout_s: float | None = None,
    ) -> None:
        """Expect an element to say something.

        Parameters
        ----------
        selector : str
            As `click` takes it.
        text : str, re.Pattern or sequence of them
            A part of its text, white space as one blank; a pattern is searched. A sequence: the texts of all elements that
            match, in order.
        exact : bool
            A text has to be all of it.
        timeout_s : float, optional
            Instead of the kit's own.

        Raises
        ------
        ExpectationError
            It does not come to say so in time; the message has what was seen.
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
        """Give the texts of all elements that match now, in order."""
        return [look.text for look in self._dom.look(selector)]

    def count(self, selector: str) -> int:
        """Give how many elements match now."""
        return len(self._dom.look(selector))
