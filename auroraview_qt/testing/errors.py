"""What a test fails with when its page is not what it expected. No Qt; any thread."""

from __future__ import annotations

from typing import Any

from auroraview_qt import errors
from auroraview_qt.errors import AuroraViewError, CallError


class KitError(AssertionError):
    """Base of the failures the kit reports; the message says what was wanted and what was seen."""


class ActionError(KitError):
    """An element could not be clicked, filled or pressed: none matches, or it is hidden, disabled, moving or covered."""


class ExpectationError(KitError):
    """The page did not come to show what the test expects."""


class WaitError(KitError):
    """What a test waited for did not come in time."""


class CommandError(CallError):
    """What a page gets when a command raises an exception that is none of the library's own.

    Parameters
    ----------
    message : str
        The exception's message.
    name : str
        The exception's class: ``"ValueError"``.
    code : str
        What the page sees as ``error.code``.
    data : object, optional
        What it sees as ``error.data``.
    """

    def __init__(self, message: str, *, name: str = "Error", code: str = CallError.code, data: object = None) -> None:
        super().__init__(f"{name}: {message}", data=data)
        self.name = name
        self.code = code


_BY_CODE = {
    kind.code: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, AuroraViewError) and kind not in (CallError, errors.PageError)
}


def error_of(told: dict[str, Any]) -> Exception:
    """Give the exception that stands for what a page was told of a call that failed. Thread: any."""
    code, message = str(told.get("code") or CallError.code), str(told.get("message") or "")
    kind = _BY_CODE.get(code)
    if kind is not None and kind.__name__ == told.get("name"):
        return kind(message, data=told.get("data"))
    return CommandError(message, name=str(told.get("name") or "Error"), code=code, data=told.get("data"))
