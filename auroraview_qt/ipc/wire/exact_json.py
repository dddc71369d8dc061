"""Write values as JSON with escapes, exactly or not at all. Thread: any. No Qt.

orjson writes nearly all values unchanged, and refuses most others. It writes ``null`` for NaN and infinities, so only a text
with ``null`` needs a look at its value. Values that orjson does not hold are written by a slower way.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import functools
import json
import marshal
import re
import uuid
from typing import Any

import orjson

from auroraview_qt._wording import short_repr
from auroraview_qt.errors import SerializationError
from auroraview_qt.ipc.wire import escapes
from auroraview_qt.ipc.wire.shelf import Held, Laden
from auroraview_qt.schema import encoders
from auroraview_qt.schema.binary import Binary, binary_of

#: Option of orjson on the fast path: it refuses integers that a page's numbers cannot hold.
STRICT = orjson.OPT_STRICT_INTEGER
#: A letter of ``null``: looking for a single byte first is many times faster than looking for the word.
LETTER = ord("l")
#: The largest integer of a page, and levels of a value.
MAX_INTEGER, MAX_LEVELS = 2**53 - 1, 250

#: NaN or an infinity as `marshal` writes it.
_NOT_FINITE = re.compile(rb"g.{6}[\xf0-\xff][\x7f\xff]", re.DOTALL)
_MARSHAL_VERSION = 2
_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
#: Characters of a key in a path.
_KEY_CHARS = 100
_TEXTS = (dt.datetime, dt.date, dt.time, uuid.UUID)


def is_finite(value: Any) -> bool:
    """Return whether a value certainly has no NaN and no infinity. It is about as fast as orjson."""
    try:
        return value is None or not _NOT_FINITE.search(marshal.dumps(value, _MARSHAL_VERSION))
    except ValueError:  # an object that needs a closer look
        return False


def dumps(value: object, root: str, *, holds: bool = False) -> bytes:
    """Encode a value as JSON with escapes.

    Parameters
    ----------
    value : object
        Any value of the table in ``docs/guides/data.md``, and values with an encoder.
    root : str
        The name of the value, with which the path in an error begins.
    holds : bool
        Whether the text may be a `Laden`.

    Raises
    ------
    SerializationError
        If a part has no exact form; the message begins with the path to the part.
    EncoderError
        If an encoder raised; it has the attribute `path`.
    """
    try:
        text = orjson.dumps(value, None, STRICT)
        if LETTER not in text or b"null" not in text or is_finite(value):
            return text
    except TypeError:
        held: list[Held] | None = [] if holds else None
        try:
            text = orjson.dumps(value, functools.partial(_default, held), STRICT)
            if b"null" not in text:
                return Laden.of(escapes.written(text), held or [])
        except TypeError:
            pass
    return _write(value, root, True, holds)


def dumps_from_page(value: object) -> bytes:
    """Encode a value that came from a page; integers of any size are allowed."""
    try:
        text = orjson.dumps(value)
        if b"null" not in text or is_finite(value):
            return text
    except TypeError:  # binary data, lone surrogates
        pass
    return _write(value, "value", False, False)


def _write(value: object, root: str, is_strict: bool, holds: bool) -> bytes:
    held: list[Held] | None = [] if holds else None
    writer = _Tree(is_strict, held)
    try:
        tree = writer.of(value)
    except (_UnfitError, encoders.EncoderError, RecursionError) as error:
        cause = error.__cause__
        if isinstance(cause, (SystemExit, KeyboardInterrupt)):
            raise cause from None  # the wish of the program, and no word about the value
        why = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise SerializationError(f"{path_text(root, writer.path)}: {why}") from cause
    try:
        text = orjson.dumps(tree)
    except TypeError:  # lone surrogates, which orjson refuses
        text = json.dumps(tree, separators=(",", ":")).encode("ascii")
    return Laden.of(escapes.written(text), held or [])


def path_text(root: str, path: list[str | int]) -> str:
    """Return the path to a part of a value: ``detail.rows[3].matrix``."""
    steps = [root]
    for step in path:
        if isinstance(step, int):
            steps.append(f"[{step}]")
        elif _IDENTIFIER.fullmatch(step) and len(step) <= _KEY_CHARS:
            steps.append(f".{step}")
        else:
            steps.append(f"[{json.dumps(step[:_KEY_CHARS])}]")
    return "".join(steps)


def _form(value: object) -> object:
    """Return the form of a value that JSON does not hold: another value, or binary data."""
    if isinstance(value, Binary):
        return value
    form = None if encoders.encoder_of(type(value)) else binary_of(value)
    return encoders.encode(value) if form is None else form


def _default(held: list[Held] | None, value: object) -> object:
    """Return a form that orjson holds."""
    form = _form(value)
    return escapes.binary(form, held) if isinstance(form, Binary) else form


class _UnfitError(Exception):
    """A part of a value has no exact form."""


class _Tree:
    """Copies a value into the types that every encoder of JSON holds, with place holders for escapes.

    Attributes
    ----------
    path : list of str and int
        The way to the part at work; after an error, to the part that has no form.
    """

    def __init__(self, is_strict: bool, held: list[Held] | None) -> None:
        self._held = held
        self.path: list[str | int] = []
        self._is_strict = is_strict
        self._above: dict[int, object] = {}  # the containers around the part at work

    def of(self, value: Any) -> Any:
        kind = type(value)
        if value is None or kind is str or kind is bool:
            return value
        if kind is float:
            return value if value - value == 0 else escapes.number(value)
        if kind is int:
            return self._integer(value)
        if id(value) in self._above:
            raise _UnfitError("it contains itself")
        if len(self._above) >= MAX_LEVELS:
            raise _UnfitError(f"nested deeper than {MAX_LEVELS} levels")
        self._above[id(value)] = value
        result = self._container(value)
        del self._above[id(value)]
        return result

    def _container(self, value: Any) -> Any:
        if isinstance(value, enum.Enum):
            return self.of(value.value)
        if isinstance(value, dict):
            return self._object(value.items())
        if isinstance(value, (list, tuple)) and encoders.registered(type(value)) is None:
            return [self._part(index, item) for index, item in enumerate(value)]
        if isinstance(value, str):
            return str.__str__(value)
        if isinstance(value, int):
            return self._integer(int(value))
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            names = [field.name for field in dataclasses.fields(value) if not field.name.startswith("_")]
            return self._object((name, getattr(value, name)) for name in names)
        if isinstance(value, _TEXTS):
            return _text_of(value)
        try:
            form = _form(value)
        except encoders.EncoderError:
            raise
        except TypeError as error:
            raise _UnfitError(f"{kind_of(value)}: {error}") from None
        return escapes.binary(form, self._held) if isinstance(form, Binary) else self.of(form)

    def _object(self, items: Any) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, item in items:
            name = key if type(key) is str else self._key(key)
            if name in result:
                raise _UnfitError(f"two keys are {name!r} as text")
            result[name] = self._part(name, item)
        return result

    def _part(self, step: str | int, value: Any) -> Any:
        self.path.append(step)
        result = self.of(value)
        self.path.pop()
        return result

    def _key(self, key: Any) -> str:
        """Return the text of a key; `_of_key` of the converters reads it."""
        if isinstance(key, enum.Enum):
            return self._key(key.value)
        if isinstance(key, str):
            return str.__str__(key)
        if isinstance(key, bool):
            return "true" if key else "false"
        if isinstance(key, int):
            return int.__repr__(key)
        if isinstance(key, float):
            return float.__repr__(key)
        if isinstance(key, _TEXTS):
            return _text_of(key)
        if type(key).__module__ == "numpy":
            return self._key(encoders.encode(key))
        allowed = "a text, number, bool, enum, date or UUID"
        raise _UnfitError(f"its key {short_repr(key)} is {kind_of(key)}: a key has to be {allowed}")

    def _integer(self, value: int) -> int:
        if self._is_strict and not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise _UnfitError(f"{short_repr(value)} is beyond the integers of a page (±(2**53-1)): send a string")
        return value


def _text_of(value: object) -> str:
    try:
        return str(orjson.loads(orjson.dumps(value)))
    except TypeError as error:  # a time with a zone
        raise _UnfitError(str(error)) from None


def kind_of(value: object) -> str:
    """Return the name of a value's type."""
    return type(value).__qualname__
