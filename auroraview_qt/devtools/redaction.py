"""Redaction: take values out of messages before they are recorded. Thread: the recorder's. No Qt."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, Union

from auroraview_qt.ipc.wire import json_text
from auroraview_qt.ipc.wire.page_messages import PageMessage
from auroraview_qt.ipc.wire.protocol import HostMessage

#: Names whose values are left out; or a function ``redact(name, value)`` that returns the value to record.
Redact = Union[Iterable[str], Callable[[str, Any], Any]]

#: Stands for a value that is left out.
REDACTED = "<redacted>"
#: Calls whose names are remembered for their answers.
_MAX_CALLS = 100_000


def as_function(redact: Redact) -> Callable[[str, Any], Any]:
    """Return the function for names: it leaves out values under these keys, and all data of these events and commands.

    Raises
    ------
    TypeError
        `redact` is a single text, or no iterable of texts.
    """
    if callable(redact):
        return redact
    if isinstance(redact, (str, bytes)):
        raise TypeError(f"redact={redact!r}: give a list of names, or a function")
    names = frozenset(redact)
    if not all(isinstance(name, str) for name in names):
        raise TypeError("redact: each name has to be a text")

    def clean(name: str, value: Any) -> Any:
        if name in names or name == "log":
            return REDACTED
        if isinstance(value, dict):
            return {key: clean(key, item) for key, item in value.items()}
        return [clean("", item) for item in value] if isinstance(value, list) else value

    return clean


class Redaction:
    """Redacts the messages of a view.

    Parameters
    ----------
    redact : callable
        ``redact(name, value)``, with the name of the event, command, function or key of the state. The name is ``"log"`` for
        a line of the log, and ``"url"`` for the address of a page. If it raises, the value is left out.
    """

    def __init__(self, redact: Callable[[str, Any], Any]) -> None:
        self._redact = redact
        self._calls: dict[tuple[bool, str], str] = {}

    def value(self, name: str, value: Any) -> Any:
        """Return the value to record."""
        try:
            result = self._redact(name, value)
            json_text.dumps(result, name)
        except Exception:  # a value is rather lost than told
            return REDACTED
        return result

    def state(self, root: Any) -> dict[str, Any]:
        """Return the state to record."""
        return {key: self.value(key, value) for key, value in root.items()}

    def _of_call(self, by_page: bool, call_id: Any, value: Any) -> Any:
        return self.value(self._calls.get((by_page, str(call_id)), "result"), value)

    def _begin(self, by_page: bool, call_id: Any, name: Any) -> None:
        if len(self._calls) >= _MAX_CALLS:
            self._calls.clear()
        self._calls[by_page, str(call_id)] = str(name)

    def _patch(self, items: list[Any]) -> list[Any]:
        """Redact ``[kind, path, …, value]``: the value as the last step of its path, in the value of its key."""
        path, value = items[1], items[-1]
        if len(items) < 3:
            return items
        for step in reversed(path[1:]):
            value = {str(step): value}
        value = self.value(str(path[0]), value)
        for step in path[1:]:
            value = value.get(str(step), REDACTED) if isinstance(value, dict) else REDACTED
        return [*items[:-1], [value] if items[0] == 2 and not isinstance(value, list) else value]

    def from_page(self, message: Any) -> Any:
        """Return a message of the page to record."""
        if not isinstance(message, list) or len(message) < 2:
            return message
        kind, first, *rest = message
        if kind == PageMessage.EVENT:
            return [kind, first, *(self.value(str(first), detail) for detail in rest)]
        if kind in (PageMessage.CALL, PageMessage.STREAM) and rest:
            self._begin(True, first, rest[0])
            at = 1 if kind == PageMessage.CALL else 2
            return [kind, first, *rest[:at], *(self.value(str(rest[0]), item) for item in rest[at:])]
        if kind == PageMessage.TEXT:
            return [kind, json.dumps(self._text(first))]
        if kind == PageMessage.STATE and len(rest) > 1:
            return [kind, first, *self._patch(rest)]
        if kind in (PageMessage.RESULT, PageMessage.ERROR, PageMessage.PROGRESS):
            return [kind, first, *(self._of_call(False, first, item) for item in rest)]
        return message

    def _text(self, text: Any) -> Any:
        try:
            message = json.loads(text)
        except (TypeError, ValueError):
            return REDACTED
        if not isinstance(message, dict):
            return REDACTED
        name = str(message.get("event", message.get("method", message.get("cmd", ""))))
        if "id" in message:
            self._begin(True, message["id"], name)
        return {
            key: self.value(name, item) if key in ("detail", "params", "args") else item for key, item in message.items()
        }

    def to_page(self, message: Any) -> Any:
        """Return a message to the page to record."""
        if not isinstance(message, list) or len(message) < 3:
            return message
        kind, name, *items = message
        if kind == HostMessage.EVENT:
            return [kind, name, *(self.value(str(name), item) for item in items)]
        if kind in (HostMessage.RESULT, HostMessage.ERROR, HostMessage.PART, HostMessage.PROGRESS):
            return [kind, name, *(self._of_call(True, name, item) for item in items)]
        if kind == HostMessage.CALL:
            self._begin(False, name, items[0])
            return [kind, name, items[0], *(self.value(str(items[0]), item) for item in items[1:])]
        if kind == HostMessage.STATE:
            version, applied, patches, *root = items[0]
            patches = [self._patch(patch) if isinstance(patch, list) else patch for patch in patches]
            return [kind, name, [version, applied, patches, *map(self.state, root)]]
        return message
