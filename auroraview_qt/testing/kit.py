"""Define Aurora, the value of the fixture `aurora`. It opens pages, collects failures, and cleans up.

Qt is loaded by the stages that have a document, not here. Thread: the test's.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from auroraview_qt.testing.commands import run_command
from auroraview_qt.testing.errors import WaitError
from auroraview_qt.testing.failures import Expectation, Expected, Failures, report

if TYPE_CHECKING:
    from auroraview_qt.testing.page import Page

#: Seconds that calls which are open when a test has ended get to end by themselves.
SETTLE_S = 1.0
#: Console message of a page whose view was closed while it was loading.
_CUT_SHORT = re.compile(r"^auroraview://[^/]+/: not found")


class _Ends(Protocol):
    """Something that lasts until it is ended."""

    def end(self) -> None: ...


E = TypeVar("E", bound=_Ends)


class Stage(Protocol):
    """The place of a test's pages."""

    name: str

    def surroundings(self) -> AbstractContextManager[None]:
        """Make the context in which the tool's code runs."""

    def open(self, kit: Aurora, tool: Any, content: dict[str, Any], size: tuple[int, int] | None, ready: bool) -> Page:
        """Show a tool's page."""

    def view_of(self, tool: Any) -> Any:
        """Make a hidden tool, and return its view."""

    def wait(self, condition: Callable[[], Any], timeout_s: float) -> bool:
        """Run the tool and its pages until a condition holds; return whether it holds."""

    def let_page_finish(self, page: Page) -> None:
        """Deliver the page's last messages, if it can still send any."""

    def host(self, name: str) -> Any:
        """Make a fake of a host."""

    def playwright(self, page: Any) -> Any:
        """Give Playwright's page of a page or view."""

    def begin_test(self) -> None:
        """Note the existing views and windows before the test's own function runs."""

    def leaks(self, *, at_the_end: bool) -> list[str]:
        """Name the views that are still open, and close them: the views of the test's function, or in the end all."""

    def close(self, pages: Sequence[Page]) -> None:
        """Close all that was opened."""


class ExpectedError:
    """An error that a test expects; as a context manager it waits for the error."""

    def __init__(self, kit: Aurora, expected: Expected) -> None:
        self._kit = kit
        self._expected = expected

    def __enter__(self) -> ExpectedError:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        __tracebackhide__ = True
        if kind is None and not self._kit.stage.wait(
            lambda: self._kit.failures.has_come(self._expected), self._kit.timeout_s
        ):
            raise WaitError(f"the expected error {self._expected} has not come within {self._kit.timeout_s:g} s")


class Aurora:
    """The test kit of a test.

    Parameters
    ----------
    stage : Stage
        The place of its pages.
    folder : Path
        The folder for pictures; made for the first picture.
    timeout_s : float
        Seconds that actions and expectations wait.
    failures : Failures
        Collects failures.

    Attributes
    ----------
    pages : list of Page
        The open pages.
    folder, timeout_s, stage, failures
        The values given to the constructor.

    Notes
    -----
    Thread: the test's, which is the GUI thread
    """

    def __init__(self, stage: Stage, folder: Path, *, timeout_s: float, failures: Failures) -> None:
        self.stage = stage
        self.folder = folder
        self.timeout_s = timeout_s
        self.failures = failures
        self.pages: list[Page] = []
        self._tolerated: list[Expected] = []
        self._ending: list[_Ends] = []
        if folder.is_dir():
            shutil.rmtree(folder)

    # Functions for tests

    def open(
        self,
        tool: Any,
        *,
        html: str | None = None,
        url: str | None = None,
        app_dir: str | Path | None = None,
        size: tuple[int, int] | None = None,
        ready: bool = True,
    ) -> Page:
        """Open a page, and wait until it is ready. It is checked and closed after the test.

        Parameters
        ----------
        tool : callable, WebView, QWidget, Panel, str or Path
            A function without arguments that makes a view, a widget with a view, or a panel. A function ``setup(view)`` that
            sets up the given view. Such an object itself. Or only a page: HTML, a URL, a file, or a folder with
            ``index.html``.
        html, url, app_dir : optional
            The content to load, if the tool does not load it itself.
        size : tuple of int, optional
            Width and height in pixels; by default the tool's size, or 640 x 480.
        ready : bool
            Wait for the page's bridge. False for a page that is not trusted, or a view that loads later.

        Returns
        -------
        Page
            The page, for the rest of the test.

        Raises
        ------
        WaitError
            If the page is not ready in time.
        TypeError
            If the tool contains no view.
        """
        __tracebackhide__ = True
        content = {name: value for name, value in (("html", html), ("url", url), ("app_dir", app_dir)) if value is not None}
        if len(content) > 1:
            raise TypeError(f"open() takes one of html, url and app_dir, not {' and '.join(content)}")
        return self.stage.open(self, tool, content, size, ready)

    def call(self, tool: Any, name: str, /, *params: Any, **keywords: Any) -> Any:
        """Run a command of a tool as a page's call would, without a page; see `run_command`.

        Parameters
        ----------
        tool : callable or WebView
            As for `open`.
        name : str
            The command.
        *params
            A single value, as in the page's ``auroraview.call(name, value)``; several values form an array.
        **keywords
            An object.

        Returns
        -------
        object
            The result as a page gets it; for a stream, the list of its parts.

        Raises
        ------
        UnknownCommandError, InvalidArgumentsError, SerializationError
            The error that the page would get.
        Exception
            Every exception of the command itself.
        """
        if params and keywords:
            raise TypeError(f"call({name!r}): give values or keywords, not both: a page sends an array or an object")
        given: list[Any] = [keywords] if keywords else [list(params)] if len(params) > 1 else list(params)
        with self.stage.surroundings():
            return run_command(self.stage.view_of(tool).ipc_handler, name, given, self._wait_for_future)

    def _wait_for_future(self, future: Future[Any]) -> None:
        if not self.stage.wait(future.done, self.timeout_s):
            raise WaitError(f"the command has not answered within {self.timeout_s:g} s")

    def host(self, name: str) -> Any:
        """Pretend to be a host until the test ends: its modules can be imported, and `hosts.dock` docks in it.

        Parameters
        ----------
        name : {"maya", "houdini", "nuke", "3dsmax", "substance_painter"}
            The host.

        Returns
        -------
        object
            The fake. Its ``window`` is the host's main window; `auroraview_qt.testing.hosts` describes the rest.

        Raises
        ------
        ValueError
            There is no fake of such a host.
        """
        return self.stage.host(name)

    def expect_error(self, pattern: Expectation) -> ExpectedError:
        """Expect an error that would otherwise fail the test; if the error does not come, the test fails.

        Parameters
        ----------
        pattern : str or re.Pattern
            A part of its text, or a pattern to search in it. All errors that fit are expected.

        Returns
        -------
        ExpectedError
            Used in a ``with`` statement, it waits for the error.
        """
        return ExpectedError(self, self.failures.expect(pattern))

    def tolerate(self, pattern: Expectation) -> None:
        """Allow an optional error; prefer `expect_error`."""
        self._tolerated.append(self.failures.expect(pattern))

    def wait_until(self, condition: Callable[[], Any], what: str = "the condition", timeout_s: float | None = None) -> None:
        """Wait until a condition of Python holds; pages and tools go on meanwhile.

        Raises
        ------
        WaitError
            If the condition does not hold in time.
        """
        __tracebackhide__ = True
        limit = self.timeout_s if timeout_s is None else timeout_s
        if not self.stage.wait(condition, limit):
            raise WaitError(f"{what} did not come true within {limit:g} s")

    def playwright(self, page: Any) -> Any:
        """Return Playwright's own page of a page or view, on the stage ``"playwright"``; see the testing guide."""
        return self.stage.playwright(page)

    # Functions for the plugin

    def until_end(self, lasting: E) -> E:
        """End something with the test at the latest."""
        self._ending.append(lasting)
        return lasting

    def check(self) -> str:
        """Return the failures of a test that has passed as a text, or an empty text."""
        for lasting in self._ending:
            lasting.end()
        lines = self._pending()
        for page in self.pages:
            self.stage.let_page_finish(page)
        lines += [failure.text + _indented(failure.details) for failure in self.failures.take_failures()]
        lines += self._missing()
        lines += self.stage.leaks(at_the_end=False)
        return "".join(f"\n- {line}" for line in lines)

    def _missing(self) -> list[str]:
        missing = [each for each in self.failures.missing() if each not in self._tolerated]
        return [f"the expected error {expected} has not come" for expected in missing]

    def _pending(self) -> list[str]:
        """Name the calls that have not ended some time after the test."""
        pages = self.pages
        if self.stage.wait(lambda: not any(page.open_calls() for page in pages), SETTLE_S):
            return []
        calls = [call for page in pages for call in page.open_calls()]
        return [f"{call} has not ended: wait for it with page.wait_for_call({call.name!r}), or cancel it" for call in calls]

    def leave_traces(self) -> list[tuple[str, str]]:
        """Save a picture of each page, and return its messages: sections for the report of a failed test."""
        sections = []
        if self.failures.console:
            sections.append(("console of the page", "\n".join(map(str, self.failures.console))))
        others = self.failures.take_failures()
        if others:
            sections.append(("further failures", report(others)))
        for number, page in enumerate(self.pages, start=1):
            seen = "\n".join([*(f"{e.sender}: {e.name} {_short(e.data)}" for e in page.events), *map(str, page.calls)])
            if seen:
                sections.append((f"events and calls of page {number}", seen))
        files = self._save(sections)
        if files:
            sections.append(("saved", "\n".join(map(str, files))))
        return sections

    def _save(self, sections: Sequence[tuple[str, str]]) -> list[Path]:
        files = []
        for number, page in enumerate(self.pages, start=1):
            if not page.has_document:
                continue
            try:
                files.append(page.screenshot(f"page-{number}.png"))
            except Exception as error:  # the page itself may be broken, but the report is still needed
                files.append(Path(f"no picture of page {number}: {error}"))
        for title, text in sections:
            file = self.folder / (re.sub(r"\W+", "-", title) + ".txt")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text + "\n", encoding="utf-8")
            files.append(file)
        return files

    def close(self) -> str:
        """Close the pages, and return the failures since `check`, or an empty text."""
        for lasting in self._ending:
            lasting.end()
        try:
            self.tolerate(_CUT_SHORT)
            self.stage.close(self.pages)
            lines = self.stage.leaks(at_the_end=True)
        finally:
            self.failures.end()
        lines += [failure.text + _indented(failure.details) for failure in self.failures.take_failures()]
        return "".join(f"\n- {line}" for line in lines)


def _indented(details: str) -> str:
    return "".join(f"\n    {line}" for line in details.splitlines())


def _short(data: Any) -> str:
    text = repr(data)
    return text if len(text) <= 200 else f"{text[:199]}…"
