"""Calls of Python into the page: id -> future, deadline, progress, cancel.

Made on any thread, settled on a single thread. No Qt.
"""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Generator
from concurrent.futures import Future
from typing import Any, Callable

from auroraview_qt._log_limit import LogLimit
from auroraview_qt._noop import noop
from auroraview_qt._wording import shortened, suggest
from auroraview_qt.errors import (
    CallTimeoutError,
    PageError,
    PageGoneError,
    ProtocolError,
    UnknownCommandError,
    WrongThreadError,
)
from auroraview_qt.ipc.calls.deadlines import Deadlines, deadline_after
from auroraview_qt.ipc.calls.failures import name_of, report
from auroraview_qt.ipc.wire import protocol
from auroraview_qt.ipc.wire.limits import MAX_TEXT_CHARS
from auroraview_qt.ipc.wire.message_queue import MessageQueue

#: Default seconds of a call's timeout; the page's calls have the same default.
TIMEOUT_S = 30.0

#: Characters of a text in an error; the runtime's own texts are never longer, with the note that they were cut.
_MAX_TEXT_CHARS = MAX_TEXT_CHARS + 100

#: Params of a call that has none.
NO_PARAMS = object()

_log = logging.getLogger(__name__)

Progress = Callable[[Any, str], object]


class PageFuture(Future[Any]):
    """The page's answer: a `concurrent.futures.Future` that coroutines can also await.

    Its callbacks run on the GUI thread. It always ends: in a result, a `PageError`, a `CallTimeoutError`, a `PageGoneError`
    or an `UnknownCommandError`. It is cancelled when the view is closed. An error that the program never reads is logged.

    Thread: any.
    """

    def __init__(self, name: str, owner_thread: int, on_cancel: Callable[[], object]) -> None:
        super().__init__()
        self.name = name
        self._owner_thread = owner_thread
        self._on_cancel = on_cancel
        self._is_heard = False

    @classmethod
    def failed(cls, name: str, error: Exception) -> PageFuture:
        """Return a future that has ended in an error; this error is not logged if the program never reads it."""
        future = cls(name, threading.get_ident(), noop)
        future._is_heard = True
        future.set_exception(error)
        return future

    def result(self, timeout: float | None = None) -> Any:
        """Return the page's answer; wait for it at most `timeout` seconds.

        Raises
        ------
        WrongThreadError
            On the GUI thread, while there is no answer: it would freeze the host, and the page could never answer.
        AuroraViewError
            Return the end of the call; see the class.
        """
        self._check_thread("result")
        return super().result(timeout)

    def exception(self, timeout: float | None = None) -> BaseException | None:
        """Return the error the call ended in, None for a result; waits and raises as `result`."""
        self._check_thread("exception")
        return super().exception(timeout)

    def _check_thread(self, method: str) -> None:
        self._is_heard = True
        if not self.done() and threading.get_ident() == self._owner_thread:
            raise WrongThreadError(
                f"{method}() of {self.name!r} would wait on the GUI thread for ever, since the answer comes there: "
                "use add_done_callback(), await it, or wait on another thread"
            )

    def add_done_callback(self, fn: Callable[[Future[Any]], object]) -> None:
        """Call ``fn(future)`` on the GUI thread once the call has ended; at once if it has ended already."""
        self._is_heard = True

        def contained(future: Future[Any]) -> None:
            try:
                fn(future)
            except BaseException as error:  # otherwise the other callbacks would not be called
                report(_log, error, "callback %s of %s failed", name_of(fn), self.name)

        super().add_done_callback(contained)

    def cancel(self) -> bool:
        """End the call: the page's function sees its signal aborted. Return False if it had ended."""
        if self.done() or not super().cancel():
            return False
        self._on_cancel()
        return True

    def __await__(self) -> Generator[Any, None, Any]:
        import asyncio

        return asyncio.wrap_future(self).__await__()

    def __del__(self) -> None:
        if not self._is_heard and self.done() and not self.cancelled():
            error = super().exception()
            if error is not None:
                _log.error("%s failed, and the program did not read its error: %s", self.name, error)


class _Asked:
    """An open call."""

    __slots__ = ("deadline_s", "document", "future", "name", "on_progress", "source")

    def __init__(self, future: PageFuture, name: str, deadline_s: float, on_progress: Progress | None) -> None:
        self.future = future
        self.name = name
        self.deadline_s = deadline_s
        self.on_progress = on_progress
        self.document: str | None = None  # the asked document
        self.source: str | None = None


class PageCalls:
    """The calls of Python that the pages of a view have to answer.

    Parameters
    ----------
    queue : MessageQueue
        The queue in which calls wait for the page, in order with events.
    clock : callable
        Seconds, monotonic.
    on_asked : callable
        Called on the asking thread when there is a new deadline to watch.

    Notes
    -----
    Thread: `call`, `evaluate` and the futures any; the rest the engine's, where this is made
    """

    def __init__(self, queue: MessageQueue, clock: Callable[[], float], on_asked: Callable[[], object] = noop) -> None:
        self.on_asked = on_asked
        self._queue = queue
        self._clock = clock
        self._owner_thread = threading.get_ident()
        self._ids = itertools.count(1)
        self._asked: dict[str, _Asked] = {}
        self._deadlines = Deadlines(self._asked)
        self.next_deadline_s = self._deadlines.next_s  # when `expire` is due
        self._closed = False
        self._log_limit = LogLimit()

    def __len__(self) -> int:
        return len(self._asked)

    def call(self, name: str, params: object, timeout_s: float | None, on_progress: Progress | None) -> PageFuture:
        """Call the page's exposed function `name`; see `WebView.call`. Thread: any."""
        call_id = f"p{next(self._ids)}"
        message = protocol.call_message(call_id, name, () if params is NO_PARAMS else (params,))
        return self._ask(call_id, f"call of {name!r}", name, message, timeout_s, on_progress)

    def evaluate(self, source: str, timeout_s: float | None) -> PageFuture:
        """Evaluate JavaScript; see `WebView.eval_js`. Thread: any."""
        call_id = f"p{next(self._ids)}"
        text = source.strip().rstrip(";")
        return self._ask(
            call_id, f"eval_js({_shortened(text)!r})", "", protocol.evaluate_message(call_id), timeout_s, None, text
        )

    def _ask(
        self,
        call_id: str,
        title: str,
        name: str,
        message: protocol.Message,
        timeout_s: float | None,
        on_progress: Progress | None,
        source: str | None = None,
    ) -> PageFuture:
        deadline_s = deadline_after(self._clock(), timeout_s, title)
        future = PageFuture(title, self._owner_thread, lambda: self._cancelled(call_id))
        asked = _Asked(future, name, deadline_s, on_progress)
        asked.source = source
        if self._closed:
            self._queue.push(message)  # which counts it as dropped
            future.cancel()
            return future
        self._asked[call_id] = asked
        self._deadlines.add(deadline_s, call_id)
        try:
            self._queue.push(message)
        except BaseException:
            self._asked.pop(call_id, None)
            raise
        if self.is_closed():  # meanwhile, by another thread: no future may be left pending
            future.cancel()
        self.on_asked()
        return future

    def is_closed(self) -> bool:
        """Return whether `close` has been called. Thread: any."""
        return self._closed

    def _cancelled(self, call_id: str) -> None:
        """Withdraw a call whose future was cancelled; the future calls this, on any thread."""
        asked = self._asked.pop(call_id, None)
        if asked is not None:
            self._notify_abandoned(call_id, asked)

    def _notify_abandoned(self, call_id: str, asked: _Asked) -> None:
        """Tell the page that its answer is no longer wanted, if it was asked at all."""
        if asked.document is not None:
            self._queue.push(protocol.cancel_message(call_id, asked.document), force=True)

    # Sent calls

    def is_wanted(self, call_id: str) -> bool:
        """Return whether a call in the queue still waits for an answer."""
        return call_id in self._asked

    def mark_sent(self, call_id: str, document: str) -> str | None:
        """Note the asked page; return the source for it, for `evaluate`."""
        asked = self._asked.get(call_id)
        if asked is None:
            return None
        asked.document = document
        return asked.source

    # Ends of calls

    def resolve(self, document: str, call_id: str, result: object, error: object = None) -> bool:
        """End a call with the page's answer; return False if it had ended, or another page was asked."""
        asked = self._asked.get(call_id)
        if asked is None or asked.document != document:
            return False
        self._finish(call_id, result, None if error is None else _error_of(asked.name, error))
        return True

    def progress(self, document: str, call_id: str, fraction: object, message: object) -> None:
        """Pass on how far the page's function is.

        Raises
        ------
        ProtocolError
            If the fraction is neither a number from 0 to 1 nor None, or the message is not a string.
        """
        is_fraction = fraction is None or (type(fraction) in (int, float) and 0 <= fraction <= 1)  # type: ignore[operator]
        if not is_fraction or not isinstance(message, str):
            raise ProtocolError("progress of a call needs a number from 0 to 1 or null, and a text")
        asked = self._asked.get(call_id)
        if asked is None or asked.document != document or asked.on_progress is None:
            return
        try:
            asked.on_progress(fraction, shortened(message, _MAX_TEXT_CHARS))
        except BaseException as raised:
            report(_log, raised, "on_progress of %s failed", asked.future.name, limit=self._log_limit)

    def expire(self) -> None:
        """End the calls that waited too long."""
        now_s = self._clock()
        for call_id, asked in list(self._asked.items()):
            if asked.deadline_s <= now_s:
                self._notify_abandoned(call_id, asked)
                why = "the page did not answer in time" if asked.document else "no page was ready to answer in time"
                self._finish(call_id, None, CallTimeoutError(f"{asked.future.name}: {why}"))

    def page_gone(self, document: str) -> None:
        """End the calls of a page that is gone; calls that wait for a page stay."""
        for call_id, asked in list(self._asked.items()):
            if asked.document == document:
                self._finish(call_id, None, PageGoneError(f"{asked.future.name}: the page went before it answered"))

    def close(self) -> None:
        """Cancel all calls."""
        self._closed = True
        self.on_asked = noop
        asked = list(self._asked.values())
        self._asked.clear()
        for waiting in asked:  # a thread that adds a call meanwhile cancels it itself
            waiting.future.cancel()

    def _finish(self, call_id: str, result: object, error: BaseException | None) -> None:
        asked = self._asked.pop(call_id, None)
        # Running futures cannot be cancelled: from here on, cancel() on another thread is too late and returns False.
        if asked is None or not asked.future.set_running_or_notify_cancel():
            return
        if error is None:
            asked.future.set_result(result)
        else:
            asked.future.set_exception(error)


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def _error_of(name: str, raw: object) -> Exception:
    """Make an exception of the error a page sent."""
    error = raw if isinstance(raw, dict) else {}
    data = error.get("data")
    if error.get("code") == UnknownCommandError.code and isinstance(data, dict) and isinstance(data.get("exposed"), list):
        near = suggest(name, data["exposed"], "nothing with a similar name is exposed", count=3)
        return UnknownCommandError(f"the page exposes no function {name!r}: {near.text}", data={"nearest": near.names})
    texts = (error.get(key) for key in ("name", "message", "code", "stack"))
    js_name, message, code, stack = (shortened(text, _MAX_TEXT_CHARS) if isinstance(text, str) else "" for text in texts)
    return PageError(f"{js_name or 'Error'}: {message}", data=data, name=js_name or "Error", code=code, stack=stack)
