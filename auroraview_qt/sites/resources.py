"""Answer paths by functions of the program: ``@view.resource("/thumb/{asset}")``. Thread: any. No Qt."""

from __future__ import annotations

import inspect
import math
import os
import re
import threading
import time
from collections import OrderedDict
from logging import getLogger
from pathlib import Path
from typing import Any, Callable, NamedTuple, TypeVar, Union, overload

from auroraview_qt._log_limit import LogLimit
from auroraview_qt._noop import noop
from auroraview_qt._wording import short_repr
from auroraview_qt.ipc.calls.decorators import as_decorator
from auroraview_qt.ipc.calls.failures import report
from auroraview_qt.ipc.calls.runners import LOOP
from auroraview_qt.ipc.calls.running import CallContext
from auroraview_qt.sites import inert
from auroraview_qt.sites.app_sites import (
    Content,
    Refusal,
    Reply,
    Status,
    Use,
    content_of,
    decoded,
    mime_of,
)
from auroraview_qt.sites.routes import Found, Route, arguments_of, route_of

F = TypeVar("F", bound=Callable[..., Any])

#: Bytes of answers with a `max_age_s` that a view keeps.
MAX_KEPT_BYTES = 32 * 1024 * 1024

#: Characters of an encoded path; the GUI thread looks for its function.
MAX_PATH_CHARS = 8192

#: The first bytes of pictures.
_MAGIC = (
    (re.compile(rb"\x89PNG"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
)

_log = getLogger(__name__)

#: Encodes a picture object as a MIME type; returns None for any other object, or without that type's encoder.
PictureEncoder = Callable[[object, str], Union["tuple[str, bytes]", None]]


class Resource(NamedTuple):
    """The answer of a function of `WebView.resource`, with more than its content.

    Attributes
    ----------
    content : bytes, path-like, QImage or array
        Bytes, a file, or a picture. An array of uint8 with the shape ``(height, width)`` or ``(height, width, 3 or 4)`` is a
        picture; other arrays are sent as their bytes.
    mime : str
        The type; by default that of the picture or of the name. A type that is given here is trusted: only so does an answer
        run as a script, or show as a page.
    max_age_s : float
        Seconds for which the page and the view use this answer again, without a call of the function.
    """

    content: Any
    mime: str = ""
    max_age_s: float = 0.0


class _Cancellation:
    """Tells a `CallContext` that nobody waits any more, in place of its event."""

    def __init__(self, is_set: Callable[[], bool]) -> None:
        self.is_set = is_set

    def wait(self, timeout_s: float) -> bool:
        """Wait at most so many seconds."""
        end_s = time.monotonic() + timeout_s
        while not self.is_set() and time.monotonic() < end_s:
            time.sleep(0.02)
        return self.is_set()


class Resources:
    """The functions of a view for paths.

    Thread: any.

    Parameters
    ----------
    encode : callable, optional
        Encodes pictures.
    """

    def __init__(self, encode: PictureEncoder = lambda content, mime: None) -> None:
        self._encode = encode
        self._routes: tuple[Route, ...] = ()
        self._kept = _Kept()
        self._log_limit = LogLimit()
        self._lock = threading.Lock()

    def add(self, pattern: str, fn: Callable[..., object]) -> None:
        """Register a function; it replaces the function of the same pattern. Raises as `ResourceApi.resource`."""
        route = route_of(pattern, fn)
        with self._lock:
            others = tuple(each for each in self._routes if each.pattern != pattern)
            self._routes = (*others, route)
        self._kept.clear()

    @property
    def content(self) -> object:
        """Return the functions, to compare them."""
        return [(route.pattern, route.fn) for route in self._routes]

    def find(self, path: str) -> Found | None:
        """Return the function for an encoded path; of several the first."""
        if not self._routes or len(path) > MAX_PATH_CHARS:
            return None
        try:
            text = "\0".join(decoded(part) for part in path.split("/"))
        except ValueError:
            return None
        for route in self._routes:
            texts = route.texts_of(text)
            if texts is not None:
                return Found(route, {name: value.replace("\0", "/") for name, value in texts.items()})
        return None

    def make(self, found: Found, path: str, query: str, use: Use, is_cancelled: Callable[[], bool]) -> Reply | Refusal:
        """Run a function and return its answer. Thread: a worker."""
        key = path, query, use
        kept = self._kept.get(key)
        if kept is not None:
            return kept
        try:
            arguments = arguments_of(found, query)
        except ValueError as error:
            return Refusal(Status.NOT_FOUND, str(error))
        for name in found.route.injected:
            arguments[name] = context = CallContext(found.route.pattern, noop)
            context._cancelled = _Cancellation(is_cancelled)  # type: ignore[assignment]
        try:
            result = found.route.fn(**arguments)
            if inspect.iscoroutine(result):
                result = LOOP.run(result).result()
            answer = self._reply(result, path, use)
        except (FileNotFoundError, LookupError) as error:
            return Refusal(Status.NOT_FOUND, f"resource {found.route.pattern!r}: {error!r:.200}")
        except PermissionError as error:
            return Refusal(Status.DENIED, f"resource {found.route.pattern!r}: {error!r:.200}")
        except BaseException as error:
            if not is_cancelled():
                report(_log, error, "resource %r failed", found.route.pattern, limit=self._log_limit)
            return Refusal(Status.FAILED, "")
        if isinstance(answer, Reply) and answer.max_age_s:
            self._kept.add(key, answer)
        return answer

    def _reply(self, result: object, path: str, use: Use) -> Reply | Refusal:
        given = result if isinstance(result, Resource) else Resource(result)
        if given.content is None:
            return Refusal(Status.NOT_FOUND, "")
        mime, body = self._content(given.content, given.mime, path)
        if given.mime:
            return Reply(given.mime, body, max_age_s=given.max_age_s)
        if not inert.may_have(path, use):
            return Refusal(Status.DENIED, "a script; a function that makes scripts gives their type: Resource(…, mime=…)")
        make = inert.as_resource(mime, body) if use is Use.RESOURCE else inert.as_document(mime, body, shows_pages=False)
        return make._replace(max_age_s=given.max_age_s)

    def _content(self, content: Any, mime: str, path: str) -> tuple[str, Content]:
        if isinstance(content, os.PathLike):
            file = Path(content)
            kind = mime or mime_of(file)
            return kind, content_of(file.open("rb"), kind)
        picture = self._encode(content, mime)
        if picture is not None:
            return picture
        try:
            body = memoryview(content).tobytes()
        except TypeError:
            raise TypeError(
                f"a resource is bytes, a Path, a QImage, an array or a Resource, not {type(content).__name__}: "
                f"{short_repr(content)}"
            ) from None
        return next((kind for magic, kind in _MAGIC if magic.match(body)), None) or mime_of(Path(decoded(path))), body


class _Kept:
    """Answers that stay fresh for a while; the least used make room."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._replies: OrderedDict[object, tuple[float, Reply]] = OrderedDict()
        self._bytes = 0

    def add(self, key: object, reply: Reply) -> None:
        if isinstance(reply.body, bytes) and len(reply.body) <= MAX_KEPT_BYTES // 4:
            with self._lock:
                self._remove(key)
                self._replies[key] = time.monotonic() + reply.max_age_s, reply
                self._bytes += len(reply.body)
                while self._bytes > MAX_KEPT_BYTES:
                    self._remove(next(iter(self._replies)))

    def get(self, key: object) -> Reply | None:
        with self._lock:
            ends_s, reply = self._replies.get(key, (-math.inf, None))
            if reply is not None and ends_s > time.monotonic():
                self._replies.move_to_end(key)
                return reply
            self._remove(key)
            return None

    def clear(self) -> None:
        with self._lock:
            self._replies.clear()
            self._bytes = 0

    def _remove(self, key: object) -> None:
        _, reply = self._replies.pop(key, (0.0, None))
        if reply is not None:
            self._bytes -= len(reply.body)  # type: ignore[arg-type]  # bytes, see add()


class ResourceApi:
    """The method of a view that registers resources."""

    _resources: Resources

    @overload
    def resource(self, pattern: str) -> Callable[[F], F]: ...

    @overload
    def resource(self, pattern: str, fn: Callable[..., object]) -> None: ...

    def resource(self, pattern: str, fn: Callable[..., object] | None = None) -> Any:
        """Answer the page's URLs of a pattern by a function: ``<img src="/thumb/pCube1">``, ``auroraview.resource(path)``.

        The function runs on a worker thread, and not at all once the page has stopped to wait. It returns bytes, a `Path`, a
        `QImage`, a NumPy array or a `Resource`. None, `FileNotFoundError` and `LookupError` are the status 404,
        `PermissionError` is 403, another exception 400.

        Parameters
        ----------
        pattern : str
            ``"/thumb/{asset}"``: a name in braces is a parameter, which matches all but a slash. ``{name:path}`` at the end
            matches slashes, too. Of several patterns that match, the first counts.
        fn : callable
            Gets the parameters, converted by their annotations: str, int, float or bool. A text that does not fit is the
            status 404. Its further parameters come from the URL's query. A `CallContext` tells whether it is cancelled.
            Without a function the method is a decorator.

        Raises
        ------
        ValueError
            If the pattern is malformed, or the function has no such parameter.
        TypeError
            If a parameter has another annotation.
        """
        if fn is None:
            return as_decorator(lambda given: self._resources.add(pattern, given))
        return self._resources.add(pattern, fn)
