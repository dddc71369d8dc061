"""Define the errors of tests whose page is not as expected. Thread: any. No Qt."""

from __future__ import annotations

from typing import Any

from auroraview_qt import errors
from auroraview_qt.errors import AuroraViewError, CallError


class KitError(AssertionError):
    """Base of the failures that the kit reports; the message has the expected and the actual state."""


class ActionError(KitError):
    """An element could not be clicked, filled or pressed: none matches, or it is hidden, disabled, moving or covered."""


class ExpectationError(KitError):
    """The page did not show the expected content."""


class WaitError(KitError):
    """An awaited event or condition did not come in time."""


class CommandError(CallError):
    """The page's error for an exception of a command that is not the library's own.

    Parameters
    ----------
    message : str
        The exception's message.
    name : str
        The exception's class: ``"ValueError"``.
    code : str
        The page's ``error.code``.
    data : object, optional
        The page's ``error.data``.
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
    """Return the exception for the page's error of a failed call. Thread: any."""
    code, message = str(told.get("code") or CallError.code), str(told.get("message") or "")
    kind = _BY_CODE.get(code)
    if kind is not None and kind.__name__ == told.get("name"):
        return kind(message, data=told.get("data"))
    return CommandError(message, name=str(told.get("name") or "Error"), code=code, data=told.get("data"))
