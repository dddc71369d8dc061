"""Answer requests of the scheme: worker threads make the answers, and the GUI thread hands them to the engine.

The engine reads the device of a reply on a thread of its own, so every device is a C++ object that the job owns.
"""

from __future__ import annotations

import codecs
import functools
import itertools
import logging
import os
import re
import time
from collections import deque
from typing import Callable, Union, cast

from auroraview_qt.ipc.calls.runners import Pool
from auroraview_qt.qt.support.binding import QtCore, QWebEngineUrlRequestJob, Signal, forget, is_alive
from auroraview_qt.qt.support.guard import contain, guarded
from auroraview_qt.sites.app_sites import InertReply, LargeFile, Refusal, Reply, Status

#: Threads that open files. They are many, because a drive that hangs holds a thread for each request.
FILES = Pool(64, "auroraview-files")
#: Threads that run the functions of resources.
FUNCTIONS = Pool((os.cpu_count() or 1) + 2, "auroraview-resources")

#: Seconds of the GUI thread for answers in a row; then the host works.
_BUDGET_S = 0.002

#: The bytes that may stand before a page's first element without quirks mode.
_DOCTYPE = re.compile(rb"\s*(<!doctype[^>]*>)?", re.IGNORECASE)

#: The file of a reply is closed with its request.
_CLOSES_FILE = QtCore.QFileDevice.FileHandleFlag.AutoCloseHandle

#: Whether replies have headers: Qt 6.6.
HAS_HEADERS = hasattr(QWebEngineUrlRequestJob, "setAdditionalResponseHeaders")

_errors = QWebEngineUrlRequestJob.Error
#: The page reads these as the statuses 404, 403 and 400; Qt has no error for 500.
_ERRORS = {
    Status.NOT_FOUND: _errors.UrlNotFound,
    Status.DENIED: _errors.RequestDenied,
    Status.FAILED: _errors.RequestFailed,
}

_log = logging.getLogger(__name__)

#: Returns whether nobody waits for an answer any more. Thread: any.
IsCancelled = Callable[[], bool]
#: Makes an answer on a worker thread.
Make = Callable[[IsCancelled], Union[Reply, Refusal]]
#: Runs a function on a worker thread, now or later; it may leave out a function that is cancelled.
Submit = Callable[[Callable[[], object], IsCancelled], object]
#: Requests above which the list is searched for requests that were cancelled before they ran.
_MANY = 64


def on_pool(pool: Pool) -> Submit:
    """Return a function that runs functions on a pool. Thread: any."""
    return lambda make, is_cancelled: pool.submit(make)


class Replies(QtCore.QObject):
    """The requests that wait for their answers.

    Thread: GUI.

    Parameters
    ----------
    parent : QObject
        Owner.
    policy_here : callable
        Returns a content security policy as this process needs it.
    refused : callable
        Gets the URL and the reason of a refusal.
    """

    _made = Signal()

    def __init__(
        self, parent: QtCore.QObject, policy_here: Callable[[str], str], refused: Callable[[QtCore.QUrl, str], object]
    ) -> None:
        super().__init__(parent)
        self._policy_here = policy_here
        self._refused = refused
        self._numbers = itertools.count()
        self._many = _MANY
        # The worker threads hold numbers only, so no object of Qt dies there.
        self._jobs: dict[int, QtCore.QBuffer] = {}
        self._answers: deque[tuple[int, Reply | Refusal | BaseException | None]] = deque()
        self._made.connect(self._hand_over, QtCore.Qt.ConnectionType.QueuedConnection)

    def answer(self, job: QWebEngineUrlRequestJob, submit: Submit, make: Make) -> None:
        """Answer a request by a function on a worker thread; a request that is cancelled before that costs nothing."""
        if len(self._jobs) > self._many:
            self._jobs = {number: entry for number, entry in self._jobs.items() if is_alive(entry)}
            self._many = max(_MANY, 2 * len(self._jobs))
        number = next(self._numbers)
        # Only the buffer is kept, and dies with the job. PySide crashes if the wrapper of a dead job is kept, and a new job
        # gets the same address.
        self._jobs[number] = QtCore.QBuffer(job)
        submit(functools.partial(self._make, number, make), functools.partial(self._is_cancelled, number))

    def _make(self, number: int, make: Make) -> None:
        """Make an answer. Thread: a worker."""
        answer: Reply | Refusal | BaseException | None = None
        try:
            if not self._is_cancelled(number):
                answer = make(functools.partial(self._is_cancelled, number))
        except BaseException as error:
            answer = error
        self._answers.append((number, answer))
        try:
            self._made.emit()
        except RuntimeError:  # the profile is gone, and its jobs with it
            _log.debug("an answer came after its profile's end")

    def _is_cancelled(self, number: int) -> bool:
        entry = self._jobs.get(number)
        return entry is None or not is_alive(entry)

    @guarded("answers were not handed over")
    def _hand_over(self) -> None:
        end_s = time.perf_counter() + _BUDGET_S
        while self._answers:
            number, answer = self._answers.popleft()
            buffer = self._jobs.pop(number, None)
            if answer is not None and buffer is not None and is_alive(buffer):
                job = cast(QWebEngineUrlRequestJob, buffer.parent())
                try:
                    self._reply(job, buffer, answer)
                except Exception as error:  # a type or max_age_s of the program that is none
                    contain(_log, error, f"a request for {job.requestUrl().toString()} failed")
                    job.fail(_errors.RequestFailed)
                finally:
                    forget(job)
            if self._answers and time.perf_counter() > end_s:
                self._made.emit()
                return

    def _reply(self, job: QWebEngineUrlRequestJob, buffer: QtCore.QBuffer, answer: Reply | Refusal | BaseException) -> None:
        if isinstance(answer, BaseException):
            contain(_log, answer, f"a request for {job.requestUrl().toString()} failed")
            job.fail(_errors.RequestFailed)
            return
        if isinstance(answer, Refusal):
            if answer.why:
                self._refused(job.requestUrl(), answer.why)
            job.fail(_ERRORS[answer.status])
            return
        mime, body = QtCore.QByteArray(answer.mime.encode()), answer.body
        policy = self._policy_here(answer.policy)
        if HAS_HEADERS:
            _set_headers(job, answer, policy)
        elif policy and answer.mime == "text/html" and not isinstance(body, LargeFile):
            body = _with_meta(body, policy, isinstance(answer, InertReply))
        if isinstance(body, LargeFile):
            file = QtCore.QFile(job)
            file.open(body.descriptor(), QtCore.QIODevice.OpenModeFlag.ReadOnly, _CLOSES_FILE)
            job.reply(mime, file)
            return
        # Qt 5.15 shows "text/html;charset=utf-8" as plain text; scripts and styles use their page's encoding.
        buffer.setData(codecs.BOM_UTF8 + body if answer.mime == "text/html" else body)
        buffer.open(QtCore.QIODevice.OpenModeFlag.ReadOnly)
        job.reply(mime, buffer)


def _set_headers(job: QWebEngineUrlRequestJob, reply: Reply, policy: str) -> None:
    """Set the headers of a reply; from Qt 6.6 on. Qt 6.6 writes their values in lower case."""
    headers = {"Cache-Control": f"max-age={reply.max_age_s:.0f}" if reply.max_age_s else "no-cache"}
    if isinstance(reply, InertReply):
        headers["X-Content-Type-Options"] = "nosniff"
    if policy:
        headers["Content-Security-Policy"] = policy
    encoded = {QtCore.QByteArray(name.encode()): [QtCore.QByteArray(value.encode())] for name, value in headers.items()}
    # PySide's stub has the wrong values for this multi-map: it takes a list of them.
    job.setAdditionalResponseHeaders(encoded)  # type: ignore[arg-type]


def _with_meta(body: bytes, policy: str, is_inert: bool) -> bytes:
    """Put the policy into a page: in a page from disk after its doctype, otherwise into its head."""
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'.encode()
    body = body[len(codecs.BOM_UTF8) :] if body.startswith(codecs.BOM_UTF8) else body
    head = -1 if is_inert else body[:1024].lower().find(b"<head>")
    cut = head + len(b"<head>") if head >= 0 else _DOCTYPE.match(body).end()  # type: ignore[union-attr]  # matches nothing, too
    return body[:cut] + meta + body[cut:]
