"""Encode values that JSON cannot hold, and decode them from the page. Global. Thread: any. No Qt.

Only values that plain JSON cannot hold take extra time. A registration replaces an immutable table; encoding needs no lock.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
import enum
import os
import pathlib
import sys
import threading
import uuid
from typing import Any, Callable, NamedTuple

Encode = Callable[[Any], object]
Decode = Callable[[Any], object]

#: Types that JSON holds unchanged, with subclasses; an encoder for these would never run.
_NATIVE = (str, int, dict, list, enum.Enum, dt.datetime, dt.date, dt.time, uuid.UUID)


class Encoder(NamedTuple):
    """The functions of a type: `fn` encodes, `decode` decodes if it is set; and its type in the page, if it is known."""

    fn: Encode
    decode: Decode | None = None
    typescript: str = ""


class EncoderError(TypeError):
    """An encoder raised; the text names the encoder. It is a TypeError, because orjson passes that on."""


class _Table:
    """All encoders at a moment, and the look-ups so far."""

    __slots__ = ("by_type", "found")

    def __init__(self, by_type: dict[type, Encoder]) -> None:
        self.by_type = by_type
        self.found: dict[type, Encoder | None] = {}

    def find(self, kind: type) -> Encoder | None:
        """Return the encoder of the nearest base class."""
        try:
            return self.found[kind]
        except KeyError:
            encoder = next((self.by_type[base] for base in kind.__mro__ if base in self.by_type), None)
            self.found[kind] = encoder
            return encoder


def _seconds(value: dt.timedelta) -> float:
    return value.total_seconds()


_BUILT_IN: dict[type, Encoder] = {
    pathlib.PurePath: Encoder(os.fspath),
    set: Encoder(list),
    frozenset: Encoder(list),
    tuple: Encoder(list),  # named tuples; orjson takes plain tuples itself
    float: Encoder(float),  # subclasses of it
    decimal.Decimal: Encoder(str),
    dt.timedelta: Encoder(_seconds),
}
_lock = threading.Lock()
_table = _Table(dict(_BUILT_IN))


def register_encoder(kind: Any, fn: Encode, decode: Decode | None = None, *, typescript: str = "") -> None:
    """Let values of a type travel to the page: in events, results and state, at any depth.

    Parameters
    ----------
    kind : type
        The type, such as a host's vector or node handle. Subclasses without their own encoder use this encoder. A later
        registration of the same type replaces this one.
    fn : callable
        Takes a value and returns a value for JSON or for another encoder. Its return annotation becomes the TypeScript type.
    decode : callable, optional
        Takes the page's value for a parameter annotated `kind` and returns the object. It raises ValueError or TypeError for
        unusable values. If its own parameter is annotated, that is validated first.
    typescript : str
        The TypeScript type of the value in the page, if the annotation of `fn` does not tell it.

    Raises
    ------
    TypeError
        If `kind` is not a class, or `fn` or `decode` is not callable. Also if JSON already has a form for `kind`: strings,
        integers, dicts, lists, dataclasses, enums, dates, UUIDs.

    Notes
    -----
    Thread: any; `fn` is called on the thread that emits.
    """
    global _table
    if not isinstance(kind, type):
        raise TypeError(f"register_encoder() needs a class, not {kind!r}")
    if not all(map(callable, (fn, decode or fn))):
        raise TypeError(f"register_encoder({kind.__name__}, …): encoder and decoder have to be callable")
    if issubclass(kind, _NATIVE) or kind in (float, tuple, type(None)) or dataclasses.is_dataclass(kind):
        raise TypeError(f"register_encoder({kind.__name__}, …): JSON has a form for it, so the encoder would never run")
    with _lock:
        _table = _Table({**_table.by_type, kind: Encoder(fn, decode, typescript)})


def encoder_of(kind: type) -> Encoder | None:
    """Return the encoder of a type or its nearest base, or None. Thread: any."""
    return _table.find(kind)


def registered(kind: type) -> Encoder | None:
    """Return the encoder that a program has registered for exactly this type. Thread: any."""
    encoder = _table.by_type.get(kind)
    return None if encoder is _BUILT_IN.get(kind) else encoder


def encode(value: object) -> object:
    """Return a JSON form of a value.

    Thread: any.

    Raises
    ------
    TypeError
        There is no encoder for it.
    EncoderError
        If its encoder raised.
    """
    kind = type(value)
    numpy: Any = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, (numpy.ndarray, numpy.generic)) and _table.find(kind) is None:
        return value.tolist()  # scalars, and arrays without a typed array in a page: strings, half floats
    encoder = _table.find(kind)
    if encoder is None:
        raise TypeError("there is no encoder for it, see register_encoder()")
    try:
        return encoder.fn(value)
    except BaseException as error:
        raise EncoderError(f"the encoder of {kind.__module__}.{kind.__qualname__} raised {error!r}") from error
