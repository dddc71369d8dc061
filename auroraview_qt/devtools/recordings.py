"""Read recordings; see `recorder` for their lines. Thread: any. No Qt."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

from auroraview_qt.devtools.recorder import FORMAT
from auroraview_qt.errors import ProtocolError
from auroraview_qt.ipc.state.state_patches import Root, apply, decode_patch
from auroraview_qt.ipc.wire import json_text
from auroraview_qt.ipc.wire.page_messages import PageMessage
from auroraview_qt.ipc.wire.protocol import HostMessage

_log = logging.getLogger(__name__)


class RecordingError(ValueError):
    """The file is no recording; the message says why."""


class Entry(NamedTuple):
    """A line of a recording.

    Attributes
    ----------
    line : int
        Its number in the file.
    time_s : float
        Seconds since the start of the recording.
    kind : str
        The kind.
    items : list
        The items of that kind.
    """

    line: int
    time_s: float
    kind: str
    items: list[Any]


@dataclass
class RecordedCall:
    """A call of a command by the page, or of a function of the page.

    Attributes
    ----------
    name : str
        The name.
    given : list
        Nothing, or the params.
    caller : {"page", "python"}
        The calling side.
    line, end_line : int
        The lines of its begin and end; 0 without an end.
    is_stream : bool
        Whether it is a stream.
    state : {"open", "ok", "failed"}
        Its end.
    value : object
        Its result or error.
    parts, progress : list
        The parts of a stream; the progress reports.
    """

    name: str
    given: list[Any]
    caller: Literal["page", "python"]
    line: int
    is_stream: bool = False
    state: Literal["open", "ok", "failed"] = "open"
    value: Any = None
    end_line: int = 0
    parts: list[Any] = field(default_factory=list)
    progress: list[tuple[Any, Any]] = field(default_factory=list)

    def __str__(self) -> str:
        """Return it as a line of a report."""
        text = ", ".join(json.dumps(each, default=repr) for each in self.given)
        return f"{self.name}({text if len(text) < 80 else text[:77] + '...'})"


class PythonEvent(NamedTuple):
    """An event of Python."""

    line: int
    time_s: float
    name: str
    data: Any


class Recorded:
    """The content of a recording.

    Parameters
    ----------
    path : path
        The file.

    Attributes
    ----------
    header : dict
        Facts about the program, its commands, and its state at the start.
    entries : list of Entry
        The lines.
    calls : dict
        The calls by calling side, document and id.
    events : list of PythonEvent
        The events of Python.

    Raises
    ------
    OSError, RecordingError
        The file cannot be read, or is no recording.
    """

    def __init__(self, path: str | Path) -> None:
        with Path(path).open("rb") as file:
            self.header = _header(file.readline(), path)
            self.entries = list(_entries(file))
        self.calls: dict[tuple[str, int, str], RecordedCall] = {}
        self.events: list[PythonEvent] = []
        self.state: Root = self.header.get("state") or {}
        self.changes: list[tuple[float, str, Any]] = []
        """Times, keys and new values of Python's changes of the state."""
        self.touched: dict[str, int] = {}
        """The keys of the state that were changed, each with the last line."""
        self._writes: dict[tuple[int, int], list[Any]] = {}
        self._applied = (0, 0)
        for entry in self.entries:
            self._read(entry)
        for number, patch in self._writes.items():
            if number > self._applied:
                self._change(self.entries[-1], patch)

    def _read(self, entry: Entry) -> None:
        if entry.kind == "page":
            for message in entry.items[3]:
                self._read_page(entry, entry.items[0], *message)
        elif entry.kind == "python":
            for message in entry.items[2]:
                self._read_python(entry, entry.items[0], *message)

    def _read_page(self, entry: Entry, document: int, kind: int, first: Any = "", *rest: Any) -> None:
        if kind == PageMessage.CALL and rest:
            self.calls["page", document, str(first)] = RecordedCall(str(rest[0]), list(rest[1:]), "page", entry.line)
        elif kind == PageMessage.STREAM and len(rest) > 1:
            call = RecordedCall(str(rest[0]), list(rest[2:]), "page", entry.line, is_stream=True)
            self.calls["page", document, str(first)] = call
        elif kind == PageMessage.TEXT:
            message = _parsed(first)
            if message.get("type") in ("call", "invoke") and "id" in message:
                name, given = (
                    message.get("method", message.get("cmd")),
                    [message[key] for key in ("params", "args") if key in message],
                )
                self.calls["page", document, str(message["id"])] = RecordedCall(str(name), given, "page", entry.line)
        elif kind in (PageMessage.RESULT, PageMessage.ERROR) and rest:
            self._end("python", document, first, entry.line, "ok" if kind == PageMessage.RESULT else "failed", rest[0])
        elif kind == PageMessage.STATE and rest and type(first) is int:
            self._writes[document, first] = list(rest)

    def _read_python(self, entry: Entry, document: int, kind: int, first: Any = "", *rest: Any) -> None:
        if kind == HostMessage.EVENT:
            self.events += [PythonEvent(entry.line, entry.time_s, first, data) for data in rest]
        elif kind == HostMessage.CALL:
            self.calls["python", document, first] = RecordedCall(rest[0], list(rest[1:]), "python", entry.line)
        elif kind in (HostMessage.RESULT, HostMessage.ERROR) and rest:
            self._end("page", document, first, entry.line, "ok" if kind == HostMessage.RESULT else "failed", rest[0])
        elif kind == HostMessage.STATE:
            self._read_state(entry, document, *rest[0])
        else:
            call = self.calls.get(("page", document, first))
            if call is not None and kind == HostMessage.PART:
                call.parts.append(rest[0])
            elif call is not None and kind == HostMessage.PROGRESS:
                call.progress.append(tuple(rest[0]))

    def _end(self, caller: str, document: int, call_id: Any, line: int, state: Literal["ok", "failed"], value: Any) -> None:
        call = self.calls.get((caller, document, str(call_id)))
        if call is not None and not call.end_line:
            call.state, call.value, call.end_line = state, value, line

    def _read_state(self, entry: Entry, document: int, version: int, applied: int, patches: list[Any], *root: Root) -> None:
        self._applied = max(self._applied, (document, applied))
        if root:
            for key in {*self.state, *root[0]}:
                if key not in self.state or key not in root[0] or self.state[key] != root[0][key]:
                    self.touched[key] = entry.line
                    self.changes.append((entry.time_s, key, root[0].get(key)))
            self.state = root[0]
        for patch in patches:
            own = self._writes.get((document, patch)) if isinstance(patch, int) else patch
            if own is not None:
                self._change(entry, own)
                if own is patch:
                    self.changes.append((entry.time_s, own[1][0], self.state.get(own[1][0])))

    def _change(self, entry: Entry, patch: list[Any]) -> None:
        try:
            self.state = apply(self.state, decode_patch(patch))
        except ProtocolError:
            return
        self.touched[str(patch[1][0])] = entry.line


def _parsed(text: Any) -> dict[str, Any]:
    try:
        message = json.loads(text)
    except (TypeError, ValueError):
        return {}
    return message if isinstance(message, dict) else {}


def _header(line: bytes, path: str | Path) -> dict[str, Any]:
    try:
        header: Any = json_text.loads(line)
        known = header["auroraview_qt_recording"]
    except (ProtocolError, TypeError, KeyError):
        raise RecordingError(f"{path} is no recording: its first line is no header") from None
    if known != FORMAT:
        raise RecordingError(
            f"{path} has the format {known!r}; this version reads {FORMAT}: use the same version that wrote it"
        )
    checked: dict[str, Any] = header
    return checked


def _entries(lines: Iterator[bytes]) -> Iterator[Entry]:
    """Read the lines; a line that a crash has cut, or a page has garbled, is left out with a warning."""
    garbled = 0
    for number, line in enumerate(lines, 2):
        try:
            entry: Any = json_text.loads(line)
            time_s, kind, *items = entry
            if (kind == "page" and not _is_batch(items, 4)) or (kind == "python" and not _is_batch(items, 3)):
                raise ValueError(kind)
            if kind == "page":  # a page may send anything
                items[3] = [message for message in items[3] if type(message[0]) is int]
            yield Entry(number, float(time_s), str(kind), items)
        except (ProtocolError, ValueError, TypeError):
            garbled += 1
    if garbled:
        _log.warning("%d lines of the recording cannot be read, and are left out", garbled)


def _is_batch(items: list[Any], count: int) -> bool:
    return len(items) == count and type(items[0]) is int and all(type(each) is list and each for each in items[-1])


def difference(recorded: Any, live: Any, path: str = "") -> tuple[str, Any, Any] | None:
    """Return the path of the first difference between two JSON values, and both values there; None if they are equal."""
    if isinstance(recorded, dict) and isinstance(live, dict):
        for key in (*recorded, *(key for key in live if key not in recorded)):
            if key not in live or key not in recorded:
                return f"{path}.{key}", recorded.get(key, "nothing"), live.get(key, "nothing")
            found = difference(recorded[key], live[key], f"{path}.{key}")
            if found is not None:
                return found
        return None
    if isinstance(recorded, list) and isinstance(live, list) and len(recorded) == len(live):
        for index, (old, new) in enumerate(zip(recorded, live)):
            found = difference(old, new, f"{path}[{index}]")
            if found is not None:
                return found
        return None
    same = recorded == live and isinstance(recorded, bool) == isinstance(live, bool)
    if same or (recorded != recorded and live != live):  # NaN
        return None
    return path, recorded, live
