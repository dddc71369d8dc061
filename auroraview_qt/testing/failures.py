"""Collect failures that no assertion checks: errors of pages, and log records of the library. Thread: any. No Qt.

The library's loggers get the console of every page, failing callbacks and commands, refused links and lost events. So the
failures are collected there.
"""

from __future__ import annotations

import logging
import re
import threading
import traceback
from dataclasses import dataclass
from re import Pattern
from typing import Any, Union

#: Identifies an expected error: a part of its text, or a regular expression to search in it.
Expectation = Union[str, "Pattern[str]"]

#: The logger for the consoles of pages.
CONSOLE = "auroraview_qt.page"
#: The logger for callbacks that hold the GUI thread; on a busy machine every callback can.
_STALLS = "auroraview_qt.stalls"
_PACKAGE = "auroraview_qt"
_UNCAUGHT = "Uncaught "
#: Format of a console message in the log: its source and its text.
_LOGGED = re.compile(r"(?P<source>.*?:\d+): (?P<text>.*)", re.DOTALL)
#: Logger and text of the message that a page came without the bridge and is loaded again. Qt sometimes does this after a
#: killed renderer. Scripts of that page have failed meanwhile.
_MENDS, _MENDED, _BY_THE_WAY = (
    "auroraview_qt.qt.transport.connection",
    "came without the runtime",
    "auroraview is not defined",
)
#: Log messages about a command, with a pattern for its name.
_COMMAND = re.compile(r"command (['\"])(?P<name>.*?)\1 failed")


@dataclass
class ConsoleMessage:
    """A message of a page's console.

    Attributes
    ----------
    level : str
        ``"info"``, ``"warning"`` or ``"error"``.
    text : str
        The text, or the uncaught error.
    source : str
        The URL and line, as ``"auroraview://view-1/:12"``.
    """

    level: str
    text: str
    source: str

    def __str__(self) -> str:
        """Return the message as a line of a log."""
        return f"{self.level}: {self.source}: {self.text}"


@dataclass
class Failure:
    """A failure.

    Attributes
    ----------
    text : str
        The text for the test's report.
    details : str
        A traceback, or an empty text.
    command : str
        The failed command, or an empty text.
    """

    text: str
    details: str = ""
    command: str = ""


class Expected:
    """An error that a test expects; as a context manager it waits for the error.

    Parameters
    ----------
    pattern : str or re.Pattern
        A part of the error's text, or a regular expression to search in it.
    """

    def __init__(self, pattern: Expectation) -> None:
        self.pattern = pattern
        self.count = 0

    def matches_failure(self, failure: Failure) -> bool:
        """Return whether a failure is the expected error."""
        text = f"{failure.text}\n{failure.details}"
        return self.pattern in text if isinstance(self.pattern, str) else self.pattern.search(text) is not None

    def __str__(self) -> str:
        """Return the pattern as it was given."""
        return repr(self.pattern if isinstance(self.pattern, str) else self.pattern.pattern)


class Failures(logging.Handler):
    """Collects while it is open.

    Thread: any.

    Parameters
    ----------
    level : int
        Lowest level of a log record that counts as a failure; for a console, only errors count.

    Attributes
    ----------
    console : list of ConsoleMessage
        All console messages of the pages.
    """

    def __init__(self, level: int = logging.WARNING) -> None:
        super().__init__(logging.DEBUG)
        self.console: list[ConsoleMessage] = []
        self._least = level
        self._found: list[Failure] = []
        self._expected: list[Expected] = []
        self._levels: dict[str, int] = {}
        self._guard = threading.Lock()

    def open(self) -> None:
        """Begin to collect."""
        logging.getLogger(_PACKAGE).addHandler(self)
        levels = ((_PACKAGE, min(self._least, logging.WARNING)), (CONSOLE, logging.INFO), (_MENDS, logging.INFO))
        for name, level in levels:
            logger = logging.getLogger(name)
            self._levels[name] = logger.level
            if logger.getEffectiveLevel() > level:
                logger.setLevel(level)

    def end(self) -> None:
        """Stop collecting."""
        logging.getLogger(_PACKAGE).removeHandler(self)
        for name, level in self._levels.items():
            logging.getLogger(name).setLevel(level)

    def emit(self, record: logging.LogRecord) -> None:
        """Handle a record of the library's loggers."""
        if record.name == CONSOLE:
            self._on_console(record)
        elif record.name == _MENDS and _MENDED in record.getMessage():
            self.expect(_BY_THE_WAY).count += 1
        elif record.levelno >= self._least and record.name != _STALLS:
            self.add(_failure_of(record))

    def _on_console(self, record: logging.LogRecord) -> None:
        found = _LOGGED.match(record.getMessage())
        source, text = (found["source"], found["text"]) if found else ("", record.getMessage())
        message = ConsoleMessage(record.levelname.lower(), text, source)
        with self._guard:
            self.console.append(message)
        if record.levelno >= logging.ERROR:
            what = "an uncaught error in the page" if text.startswith(_UNCAUGHT) else "console.error of the page"
            self.add(Failure(f"{what}: {text.replace(_UNCAUGHT, '', 1)} ({source})"))

    def add(self, failure: Failure) -> None:
        """Record a failure."""
        with self._guard:
            self._found.append(failure)

    # Expectations

    def expect(self, pattern: Expectation) -> Expected:
        """Take matching failures as expected, earlier ones and later ones."""
        expected = Expected(pattern)
        self._expected.append(expected)
        return expected

    def told(self, command: str) -> None:
        """Ignore the failure of this command, because the test has received its error."""
        with self._guard:
            for failure in reversed(self._found):
                if failure.command == command:
                    self._found.remove(failure)
                    return

    def take_failures(self) -> list[Failure]:
        """Return the unexpected failures, once."""
        with self._guard:
            found, self._found = self._found, []
        left = []
        for failure in found:
            fitting = [expected for expected in self._expected if expected.matches_failure(failure)]
            for expected in fitting:
                expected.count += 1
            if not fitting:
                left.append(failure)
        return left

    def has_come(self, expected: Expected) -> bool:
        """Return whether a matching failure was seen."""
        with self._guard:
            return expected.count > 0 or any(expected.matches_failure(failure) for failure in self._found)

    def missing(self) -> list[Expected]:
        """Return the expected failures that did not come; call `take_failures` first."""
        return [expected for expected in self._expected if not expected.count]


def _failure_of(record: logging.LogRecord) -> Failure:
    """Make a failure from a log record of the library."""
    text = record.getMessage()
    details = ""
    if record.exc_info and record.exc_info[1] is not None:
        kind, error, trace = record.exc_info
        text += f": {kind.__name__ if kind else ''}: {error}"
        details = "".join(traceback.format_exception(kind, error, trace)).rstrip()
    found = _COMMAND.match(text)
    return Failure(text, details, found["name"] if found else "")


def report(failures: list[Failure], notes: list[Any] | None = None) -> str:
    """Write failures for the report of a test."""
    lines = []
    for failure in failures:
        lines.append(failure.text)
        if failure.details:
            lines += ["    " + line for line in failure.details.splitlines()]
    return "\n".join([*lines, *map(str, notes or [])])
