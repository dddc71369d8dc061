"""Record the messages of a view to a file of JSON lines. No Qt.

The first line is an object, the header. Each other line is an array ``[seconds, kind, …]`` with these kinds:

- ``"document"``, number, url: a page, before its first message;
- ``"page"``, document, last batch run, flow, messages: an envelope of the page, as `page_messages` describes it;
- ``"python"``, document, number, messages: a batch for the page, as `protocol` describes it;
- ``"gone"``: the page has ended; ``"drop"``, name, reason; ``"local"``, name, data: an event of the host itself;
- ``"log"``, level, logger, text: a warning or error of the library, with its traceback;
- ``"gap"``, count: reports that the disk was too slow for; ``"end"``, reason: the last line.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import re
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from auroraview_qt.devtools.redaction import Redact, Redaction, as_function
from auroraview_qt.devtools.tap import Envelopes, Tap, document_name
from auroraview_qt.errors import ProtocolError, SerializationError
from auroraview_qt.ipc.engine.engine import Engine
from auroraview_qt.ipc.engine.outgoing import Delivery
from auroraview_qt.ipc.state.state_patches import encode
from auroraview_qt.ipc.wire import json_text

#: Version of the format.
FORMAT = 1
#: Default maximum size of a file, in bytes.
MAX_BYTES = 256 * 1024 * 1024
#: Characters that may wait for the disk.
_MAX_WAITING = 64 * 1024 * 1024
#: Seconds between two writes under load.
_PAUSE_S = 0.05
#: Assumed characters of a report without a text.
_SMALL = 200

_HEAD = re.compile(r'\[\s*"([^"\\]*)"\s*,\s*(\d{1,15})\s*,\s*([0-3])\s*,\s*')
_log = logging.getLogger(__name__)


class LogReports(logging.Handler):
    """Passes warnings and errors of the library to a recording."""

    def __init__(self, put: Callable[[str, str, str], object]) -> None:
        super().__init__(logging.WARNING)
        self._put = put
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Pass a record on; the developer tools do not report themselves."""
        if not record.name.startswith("auroraview_qt.devtools"):
            self._put(record.levelname, record.name, self.format(record))


class Recording:
    """A recording that runs until `stop`, the end of the view, or its maximum size. A context manager.

    Thread: GUI for the constructor, any for `stop`.

    Parameters
    ----------
    engine : Engine
        The view's.
    path : path
        The file; an existing file is replaced.
    redact : iterable of str, or callable, optional
        See `Redaction`.
    max_bytes : int
        Maximum size of the file; then the recording ends.
    header : dict
        Facts about the program.
    keeps_old : bool
        Number the file's name instead of replacing an existing file.

    Attributes
    ----------
    path : Path
        The file.
    error : OSError or None
        The reason why the file could not be written.
    is_running : bool
        Whether messages are recorded.
    """

    def __init__(
        self,
        engine: Engine,
        path: str | Path,
        *,
        redact: Redact = (),
        max_bytes: int = MAX_BYTES,
        header: dict[str, Any] | None = None,
        keeps_old: bool = False,
    ) -> None:
        self.path = Path(path).absolute()
        self.error: OSError | None = None
        self.is_running = True
        function = as_function(redact)
        self._redaction = Redaction(function) if callable(redact) or redact else None
        self._max_bytes = max_bytes
        self._keeps_old = keeps_old
        self._start_s = engine._clock()
        self._clock = engine._clock
        self._size = 0
        self._waiting: deque[tuple[Any, ...]] = deque()
        self._waiting_chars = self._written_chars = self._lost = 0
        self._wake = threading.Event()
        self._done = threading.Event()
        self._envelopes = Envelopes()
        self._batch = ""
        self._documents: dict[str, int] = {}
        root, commands = engine.store.root, engine.handler.command_names()
        self._header = {"auroraview_qt_recording": FORMAT, **(header or {}), "commands": commands}
        self._root = root
        self._reports = LogReports(lambda *items: self._observe("log", self._clock(), *items))
        logging.getLogger("auroraview_qt").addHandler(self._reports)
        atexit.register(self.stop)
        self._remove = Tap.of(engine).add(self._observe)
        threading.Thread(target=self._serve, name="auroraview-recorder", daemon=True).start()

    def __enter__(self) -> Recording:
        """Return the recording."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop."""
        self.stop()

    def stop(self, timeout_s: float = 10.0) -> bool:
        """End the recording, and wait until the file is complete; return whether it is. A second call only waits."""
        self._end("stopped")
        return self._done.wait(timeout_s) and self.error is None

    def _end(self, why: str) -> None:
        if self.is_running:
            self.is_running = False
            self._remove()
            logging.getLogger("auroraview_qt").removeHandler(self._reports)
            self._waiting.append((0, "end", self._clock(), why))
            self._wake.set()

    def _observe(self, kind: str, time_s: float, *items: Any) -> None:
        """Take a report of the tap. Thread: any."""
        if kind == "closed":
            self._end("the view has ended")
            return
        first = items[0] if items else ""
        chars = len(first.text) if isinstance(first, Delivery) else len(first) if isinstance(first, str) else _SMALL
        if self._waiting_chars - self._written_chars > _MAX_WAITING:
            self._lost += 1
            return
        self._waiting_chars += chars + _SMALL
        if self._lost:
            self._waiting.append((0, "gap", time_s, self._lost))
            self._lost = 0
        self._waiting.append((chars + _SMALL, kind, time_s, *items))
        if not self._wake.is_set():
            self._wake.set()

    # The worker

    def _serve(self) -> None:
        try:
            with self._opened() as file:
                self._write(file, [self._header_line()])
                while self._work(file):
                    self._wake.wait()
        except OSError as error:
            self.error = error
            _log.warning("the recording %s cannot be written: %s", self.path, error)
        finally:
            self._end("failed")
            self._waiting.clear()
            atexit.unregister(self.stop)
            self._done.set()

    def _opened(self) -> BinaryIO:
        """Open the file, for the user's eyes only."""
        flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0) | (os.O_EXCL if self._keeps_old else os.O_TRUNC)
        first, number = self.path, 1
        while True:
            try:
                return os.fdopen(os.open(self.path, flags, 0o600), "wb", buffering=0)
            except FileExistsError:
                number += 1
                self.path = first.with_name(f"{first.stem}-{number}{first.suffix}")

    def _work(self, file: BinaryIO) -> bool:
        """Write all that waits; return False after the last line."""
        self._wake.clear()
        while self._waiting:
            lines: list[bytes] = []
            size = 0
            while self._waiting and size < 1024 * 1024:
                chars, kind, time_s, *items = self._waiting.popleft()
                self._written_chars += chars
                line = self._line_of(kind, time_s, *items)
                length = sum(map(len, line))
                if self._size + size + length > self._max_bytes and kind != "end":
                    self._end("the maximum size")
                    kind, line = "end", self._line_of("end", time_s, "the maximum size")
                lines += line
                size += length
                if kind == "end":
                    self._write(file, lines)
                    return False
            self._write(file, lines)
            time.sleep(_PAUSE_S)
        return True

    def _write(self, file: BinaryIO, lines: list[bytes]) -> None:
        """Write complete lines at once, so that they survive a crash of the host."""
        view = memoryview(b"".join(lines))
        self._size += len(view)
        while view:
            view = view[file.write(view) :]

    def _header_line(self) -> bytes:
        state = encode(self._root)
        if self._redaction is not None:
            state = _json(self._redaction.state(json_text.loads(state)))
        return _json(self._header)[:-1] + b',"state":' + state + b"}\n"

    def _line_of(self, kind: str, time_s: float, *items: Any) -> list[bytes]:
        """Return the parts of the line of a report, which are copied once; none if other reports complete it."""
        head = b'[%.6f,"%s"' % (time_s - self._start_s, kind.encode())
        redaction = self._redaction
        if kind == "page":
            return self._page_lines(head, *items)
        if kind == "python":
            return self._python_line(head, *items)
        if redaction is not None and kind == "log":
            items = (*items[:2], redaction.value("log", items[2]))
        if redaction is not None and kind == "local":
            items = (items[0], redaction.value(items[0], json_text.loads(_json(items[1]))))
        if kind == "gone":
            self._envelopes.clear()
            self._batch = ""
        return [b",".join((head, *map(_json, items))), b"]\n"]

    def _python_line(self, head: bytes, delivery: Delivery) -> list[bytes]:
        self._batch += delivery.text
        if delivery.more:
            return []
        text, self._batch = self._batch, ""
        if self._redaction is not None:
            text = _json([self._redaction.to_page(message) for message in _values(text)]).decode()
        number = self._documents.get(document_name(delivery.document), 0)
        return [head, b",%d,%d," % (number, delivery.number), _encoded(text), b"]\n"]

    def _page_lines(self, head: bytes, text: str, url: str) -> list[bytes]:
        whole = self._envelopes.add(text)
        found = _HEAD.match(whole) if whole else None
        if whole is None or found is None or not whole.endswith("]"):
            return []
        name = document_name(found[1])
        lines = b""
        number = self._documents.get(name)
        if number is None:
            number = self._documents[name] = len(self._documents) + 1
            if self._redaction is not None:
                url = self._redaction.value("url", url.partition("?")[0].partition("#")[0])
            lines = head.replace(b'"page"', b'"document"') + b",%d," % number + _json(url) + b"]\n"
        messages = whole[found.end() : -1]
        if self._redaction is not None:
            try:
                messages = _json([self._redaction.from_page(message) for message in _values(messages)]).decode()
            except (ProtocolError, TypeError):
                return []
        position = b",%d,%s,%s," % (number, found[2].encode(), found[3].encode())
        return [lines, head, position, _encoded(messages), b"]\n"]


def _json(value: Any) -> bytes:
    """Encode any value: a value that JSON cannot hold becomes its repr."""
    try:
        return json_text.dumps(value, "recording")
    except SerializationError:
        return json.dumps(value, default=repr, skipkeys=True).encode()


def _values(text: str) -> list[Any]:
    values: Any = json_text.loads(text.encode("utf-8", "surrogatepass"))
    return values if isinstance(values, list) else []


def _encoded(text: str) -> bytes:
    """Encode JSON text as a part of a line."""
    if "\n" in text or "\r" in text:  # of the page's own
        text = text.replace("\n", " ").replace("\r", " ")
    return text.encode("utf-8", "backslashreplace")
