"""Calls of a page that are not answered at once: each ends exactly once, in a result, an error, or its cancellation. No Qt.

A call is begun and cancelled on the engine's thread. Its work may run on any thread, and finishes the call from there.
"""

from __future__ import annotations

import functools
import inspect
import logging
import threading
from concurrent.futures import Future
from typing import Any, Callable, Protocol

from auroraview_qt._noop import noop
from auroraview_qt.errors import CallCancelledError, ProtocolError, QueueFullError, TooManyCallsError
from auroraview_qt.ipc.calls.failures import ContainedExitError, report
from auroraview_qt.ipc.calls.runners import LOOP
from auroraview_qt.ipc.wire import protocol
from auroraview_qt.ipc.wire.limits import MAX_ANSWER_BYTES, MAX_CALLS, SMALL_ANSWER_BYTES

_log = logging.getLogger(__name__)


class CallContext:
    """A running command's connection to its call: annotate a parameter with it, and it is passed in.

    Thread: any.
    """

    def __init__(self, command: str, report: Callable[[float | None, str], object]) -> None:
        self.command = command
        self._report = report
        self._cancelled = threading.Event()

    @property
    def cancelled(self) -> bool:
        """Return whether the call was cancelled, has timed out, or its page is gone."""
        return self._cancelled.is_set()

    def check_cancelled(self) -> None:
        """Raise if the page no longer waits.

        Raises
        ------
        CallCancelledError
            If the call was cancelled.
        """
        if self._cancelled.is_set():
            raise CallCancelledError(f"command {self.command!r}: the call was cancelled")

    def wait_cancelled(self, timeout_s: float) -> bool:
        """Sleep until the time is over or the call is cancelled; return whether it is cancelled.

        Thread: any but the GUI's.
        """
        return self._cancelled.wait(timeout_s)

    def progress(self, fraction: float | None, message: str = "") -> None:
        """Report the progress of the command; only the newest waiting report is kept.

        Parameters
        ----------
        fraction : float or None
            From 0 to 1; None if it is unknown.
        message : str
            The current step.

        Raises
        ------
        ValueError
            If the fraction is not from 0 to 1.
        """
        if fraction is not None and not 0 <= fraction <= 1:
            raise ValueError(f"command {self.command!r}: progress({fraction!r}) has to be a number from 0 to 1, or None")
        self._report(fraction, str(message))

    def cancel(self) -> None:
        """Mark the call as cancelled."""
        self._cancelled.set()


class Call:
    """A call in progress.

    Attributes
    ----------
    on_cancel : callable
        Stops the work; called on the engine's thread, at most once.
    on_credit : callable
        For a stream: called with the number of further parts that the page takes.
    """

    __slots__ = ("context", "document", "id", "name", "on_cancel", "on_credit")

    def __init__(self, document: str, call_id: str, name: str, context: CallContext) -> None:
        self.document = document
        self.id = call_id
        self.name = name
        self.context = context
        self.on_cancel: Callable[[], object] = noop
        self.on_credit: Callable[[int], object] = noop

    def controlled_by(
        self, *, cancel: Callable[[], object] | None = None, grant: Callable[[int], object] | None = None
    ) -> None:
        """Set the functions that the work needs to learn of a cancellation, and of more parts."""
        if cancel is not None:
            self.on_cancel = cancel
        if grant is not None:
            self.on_credit = grant


class AnswerOutlet(Protocol):
    """The way of answers to the pages; an `Engine` is one."""

    def send_answer(self, message: protocol.Message) -> None:
        """Send a message to a page. Thread: any."""
        ...

    def is_gone(self, document: str) -> bool:
        """Return whether a document is gone; its messages may still arrive."""
        ...

    def has_room(self, size: int) -> bool:
        """Whether an answer of so many bytes may wait for the page. Thread: any."""
        ...


class NoOutlet:
    """Drops answers, because there is no page."""

    def send_answer(self, message: protocol.Message) -> None:
        """Send nothing."""

    def is_gone(self, document: str) -> bool:
        """Return False."""
        return False

    def has_room(self, size: int) -> bool:
        """Return True."""
        return True


class Calls:
    """The calls of a view's pages that are in progress.

    Parameters
    ----------
    fail : callable
        Turns ``(call id, command, error)`` into the payload of an answer.

    outlet : AnswerOutlet, optional
        The way of answers to the pages.

    Attributes
    ----------
    late : int
        Results that came after their call had ended otherwise.

    Notes
    -----
    Thread: `finish` and the contexts any, the rest the engine's
    """

    def __init__(self, fail: Callable[[str, str, BaseException], bytes], outlet: AnswerOutlet | None = None) -> None:
        self.fail = fail
        self._outlet = outlet or NoOutlet()
        self.late = 0
        self._lock = threading.Lock()
        self._open: dict[tuple[str, str], Call] = {}

    def __len__(self) -> int:
        return len(self._open)

    def begin(self, document: str, call_id: str, name: str) -> Call:
        """Open a call.

        Raises
        ------
        ProtocolError
            If the document has an open call of this id.
        TooManyCallsError
            `MAX_CALLS` are open.
        CallCancelledError
            If the document is gone, because nothing would end the call any more.
        """
        if self._outlet.is_gone(document):
            raise CallCancelledError(f"command {name!r}: the page that called it is gone")
        if len(self._open) >= MAX_CALLS:
            raise TooManyCallsError(f"command {name!r}: {MAX_CALLS:,} calls of this page wait for their answers already")
        call = Call(document, call_id, name, CallContext(name, functools.partial(self._report, (document, call_id))))
        with self._lock:
            if (document, call_id) in self._open:
                raise ProtocolError(f"a call with the id {call_id!r} is open already")
            self._open[document, call_id] = call
        return call

    def follow(self, call: Call, future: Future[Any]) -> None:
        """Answer a call with the result of a future, on the thread that completes it."""
        call.controlled_by(cancel=future.cancel)
        future.add_done_callback(functools.partial(self._completed, call))

    def _completed(self, call: Call, future: Future[Any]) -> None:
        if call.context.cancelled:
            if not future.cancelled() and future.exception() is None:
                with self._lock:
                    self.late += 1
            return
        try:
            if future.cancelled():
                raise CallCancelledError(f"command {call.name!r} was cancelled")
            payload = self.with_room(call.name, protocol.result_payload(call.id, future.result()))
        except BaseException as error:
            payload = self.fail(call.id, call.name, error.wish if isinstance(error, ContainedExitError) else error)
        self.finish(call, payload)

    def finish(self, call: Call, payload: bytes) -> bool:
        """Answer a call, unless it has ended already; then the answer is discarded and counted. Thread: any."""
        with self._lock:
            was_open = self._open.pop((call.document, call.id), None) is call
            if not was_open:
                self.late += 1
        if was_open:
            self._outlet.send_answer(protocol.answer_message(payload, call.document))
        return was_open

    def with_room(self, name: str, payload: bytes) -> bytes:
        """Return the payload of an answer; raise `QueueFullError` if too much waits for the page already. Thread: any."""
        if len(payload) > SMALL_ANSWER_BYTES and not self._outlet.has_room(len(payload)):
            raise QueueFullError(
                f"command {name!r}: its answer of {len(payload):,} bytes would wait for the page with more than "
                f"{MAX_ANSWER_BYTES:,} bytes of other answers"
            )
        return payload

    def give_part(self, call: Call, value: object) -> None:
        """Send a part of a stream; raises `SerializationError` and `QueueFullError`. Thread: any."""
        payload = self.with_room(call.name, protocol.part_payload(call.id, value))
        if not call.context.cancelled:
            self._outlet.send_answer(protocol.answer_message(payload, call.document))

    def _report(self, key: tuple[str, str], fraction: float | None, message: str) -> None:
        if key in self._open:
            self._outlet.send_answer(protocol.progress_message(key[1], fraction, message, key[0]))

    # Messages of the page about its calls, and the end of the page

    def grant(self, document: str, call_id: str, count: int) -> None:
        """Allow a stream to send more parts; an ended stream ignores it."""
        call = self._open.get((document, call_id))
        if call is not None:
            call.on_credit(count)

    def cancel(self, document: str, call_id: str) -> bool:
        """End a call that the page no longer waits for; return False if it had ended."""
        with self._lock:
            call = self._open.pop((document, call_id), None)
        if call is None:
            return False
        call.context.cancel()
        try:
            call.on_cancel()
        except BaseException as error:
            report(_log, error, "command %r failed while it was cancelled", call.name)
        return True

    def end_document(self, document: str) -> None:
        """Cancel all calls of a page that is gone."""
        for owner, call_id in list(self._open):
            if owner == document:
                self.cancel(owner, call_id)

    def close(self) -> None:
        """Cancel all calls."""
        for document, call_id in list(self._open):
            self.cancel(document, call_id)


def future_of(result: object) -> Future[Any] | None:
    """Return the future that a command has returned, or a future of its awaitable; None if the answer is there.

    Thread: any.
    """
    if isinstance(result, Future):
        return result
    return LOOP.run(_awaited(result)) if inspect.isawaitable(result) else None


async def _awaited(awaitable: Any) -> object:
    """Make a coroutine of any awaitable."""
    return await awaitable
