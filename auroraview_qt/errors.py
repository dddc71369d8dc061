"""Every error this package raises on purpose, and the wire code of each.

The tree::

    AuroraViewError            ERROR
    ├── SerializationError     SERIALIZATION         (also a TypeError)
    ├── InvalidNameError       INVALID_NAME          (also a ValueError)
    ├── QueueFullError         QUEUE_FULL
    ├── ProtocolError          PROTOCOL
    │   └── MessageTooLargeError  MESSAGE_TOO_LARGE
    ├── CallError              CALL_FAILED
    │   ├── UnknownCommandError   COMMAND_NOT_FOUND
    │   │   └── UnknownPluginError   PLUGIN_NOT_FOUND
    │   ├── InvalidArgumentsError INVALID_ARGS       (also a TypeError)
    │   ├── WrongCallKindError    WRONG_CALL_KIND
    │   ├── TooManyCallsError     TOO_MANY_CALLS
    │   ├── CallCancelledError    CANCELLED
    │   ├── CallTimeoutError      TIMEOUT            (also a TimeoutError)
    │   ├── PageGoneError         PAGE_GONE
    │   ├── PageError             what the page says
    │   └── CapabilityError       CAPABILITY
    │       ├── PermissionDeniedError  PERMISSION_DENIED
    │       ├── ScopeViolationError    SCOPE_VIOLATION
    │       ├── FileMissingError       FILE_NOT_FOUND
    │       └── FileAccessError        IO_ERROR
    ├── ChannelClosedError     CHANNEL_CLOSED
    ├── StorageError           STORAGE
    ├── WrongThreadError       WRONG_THREAD          (also a RuntimeError)
    ├── DevtoolsDisabledError  DEVTOOLS_DISABLED
    └── EngineUnavailableError ENGINE_UNAVAILABLE    (also an ImportError)

A ``code`` is the same in Python, on the wire and in the page's ``AuroraError``. This module imports nothing.
"""

from __future__ import annotations


class AuroraViewError(Exception):
    """Base of every error of this package; raise a subclass from a command to give the page its code.

    Thread: any.

    Parameters
    ----------
    message : str
        The event and the remedy.
    data : object, optional
        Anything JSON can hold; reaches the page as ``error.data``.
    """

    code = "ERROR"

    def __init__(self, message: str, *, data: object = None) -> None:
        super().__init__(message)
        self.data = data


class SerializationError(AuroraViewError, TypeError):
    """JSON cannot hold the value; the message names the event or command it belonged to."""

    code = "SERIALIZATION"


class InvalidNameError(AuroraViewError, ValueError):
    """An event or command name outside the documented character set."""

    code = "INVALID_NAME"


class QueueFullError(AuroraViewError):
    """The queue towards the page is full, and its policy is to refuse."""

    code = "QUEUE_FULL"


class ProtocolError(AuroraViewError):
    """A message from the page that the protocol does not allow."""

    code = "PROTOCOL"


class MessageTooLargeError(ProtocolError):
    """A message over the size or depth cap; it was not parsed."""

    code = "MESSAGE_TOO_LARGE"


class CallError(AuroraViewError):
    """A command failed; for exceptions that are not of this tree, ``data`` is None."""

    code = "CALL_FAILED"


class UnknownCommandError(CallError):
    """The page called an unregistered command."""

    code = "COMMAND_NOT_FOUND"


class UnknownPluginError(UnknownCommandError):
    """The page invoked a command of a plugin that is not enabled."""

    code = "PLUGIN_NOT_FOUND"


class InvalidArgumentsError(CallError, TypeError):
    """The arguments of a call do not fit the signature of the command."""

    code = "INVALID_ARGS"


class WrongCallKindError(CallError):
    """A stream was called, or something streamed that is none."""

    code = "WRONG_CALL_KIND"


class TooManyCallsError(CallError):
    """A page waits for the answers of too many calls already."""

    code = "TOO_MANY_CALLS"


class CallCancelledError(CallError):
    """The call is not wanted any more; `CallContext.check_cancelled` raises it to end a command early."""

    code = "CANCELLED"


class CallTimeoutError(CallError, TimeoutError):
    """The page did not answer in time."""

    code = "TIMEOUT"


class PageGoneError(CallError):
    """The page was reloaded, left or died before it answered. The function may or may not have run."""

    code = "PAGE_GONE"


class PageError(CallError):
    """JavaScript raised an error.

    Thread: any.

    Parameters
    ----------
    message : str
        Name and message of the error.
    data : object, optional
        Its ``data``.
    name : str
        Its ``name``: ``"TypeError"``.
    code : str
        The exception's ``code``, if any.
    stack : str
        The page's stack of the exception.
    """

    code = "PAGE_ERROR"

    def __init__(self, message: str, *, data: object = None, name: str = "Error", code: str = "", stack: str = "") -> None:
        super().__init__(message, data=data)
        self.name = name
        self.stack = stack
        if code:
            self.code = code

    def __str__(self) -> str:
        """Return the message, and the page's stack below it."""
        message = super().__str__()
        return f"{message}\n{self.stack}" if self.stack else message


class CapabilityError(CallError):
    """A file, dialog, clipboard or shell command of the page failed; the subclasses name the reason."""

    code = "CAPABILITY"


class PermissionDeniedError(CapabilityError):
    """The program allows the page less than that: writing, a URL scheme, a kind of file."""

    code = "PERMISSION_DENIED"


class ScopeViolationError(CapabilityError):
    """The path is outside the allowed folders, or no folder can contain it."""

    code = "SCOPE_VIOLATION"


class FileMissingError(CapabilityError):
    """There is no such file or folder."""

    code = "FILE_NOT_FOUND"


class FileAccessError(CapabilityError):
    """The system could not do it, the file is too large, or it is the wrong kind of file."""

    code = "IO_ERROR"


class ChannelClosedError(AuroraViewError):
    """Something was sent on a channel after its `close`."""

    code = "CHANNEL_CLOSED"


class StorageError(AuroraViewError, ValueError):
    """The view has no storage name, or the name is not valid."""

    code = "STORAGE"


class WrongThreadError(AuroraViewError, RuntimeError):
    """A method of the GUI thread was called on another thread."""

    code = "WRONG_THREAD"


def wrong_thread(what: str) -> WrongThreadError:
    """Return the error for ``"WebView.load_url()"`` or the like, called on another thread than the GUI thread."""
    return WrongThreadError(
        f"{what} belongs to the GUI thread: from a worker use emit(), or hosts.current().run_on_main_thread()"
    )


class DevtoolsDisabledError(AuroraViewError):
    """The program asked for developer tools, but the view was made without ``devtools=True``."""

    code = "DEVTOOLS_DISABLED"


class EngineUnavailableError(AuroraViewError, ImportError):
    """The import of a Qt binding with QtWebEngine failed."""

    code = "ENGINE_UNAVAILABLE"
