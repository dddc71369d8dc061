"""Print warnings and errors of the package to stderr if the program configures no logging. No Qt. Thread: any."""

from __future__ import annotations

import logging
import sys

#: Least level of a line that is printed.
LEVEL = logging.WARNING


class VisibleLog(logging.Handler):
    """Print a record if no other handler gets it.

    A program that adds a handler to the root logger, or to ``auroraview_qt``, has decided how it logs. From then on this
    handler prints nothing. It writes to the current `sys.stderr`, and writes nothing if a host has none.
    """

    def __init__(self) -> None:
        super().__init__(LEVEL)
        self.setFormatter(logging.Formatter("%(name)s: %(levelname)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record, with its traceback, to stderr."""
        stream = sys.stderr
        if stream is None or _has_other_handler(record.name):
            return
        try:
            stream.write(self.format(record) + "\n")
            stream.flush()
        except Exception:
            self.handleError(record)


def _has_other_handler(name: str) -> bool:
    logger: logging.Logger | None = logging.getLogger(name)
    while logger is not None:
        if any(not isinstance(handler, (VisibleLog, logging.NullHandler)) for handler in logger.handlers):
            return True
        logger = logger.parent if logger.propagate else None
    return False


def install(logger: logging.Logger) -> None:
    """Add the handler to a logger, once also if the package is imported again."""
    if not any(type(handler).__name__ == VisibleLog.__name__ for handler in logger.handlers):
        logger.addHandler(VisibleLog())
