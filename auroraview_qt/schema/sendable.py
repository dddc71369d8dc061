"""Refuse annotations whose values can never travel, when a command is registered. Thread: any. No Qt."""

from __future__ import annotations

import collections.abc
import io
import re
import sys
import types
import typing
from typing import Any, Callable

from auroraview_qt.schema import encoders, signatures
from auroraview_qt.schema.shapes import Shape, shape_of
from auroraview_qt.schema.validation import shapes_in

#: Classes without a form, unless a program has an encoder for them.
_NEVER = (complex, type, slice, types.FunctionType, types.ModuleType, re.Pattern, re.Match, io.IOBase)
_CALLABLE: Any = collections.abc.Callable
#: Kinds of the keys of a dict that become texts.
_KEYS = (
    "any",
    "str",
    "int",
    "float",
    "bool",
    "enum",
    "literal",
    "date",
    "datetime",
    "time",
    "uuid",
    "foreign",
    "host",
    "scalar",
)


def check(description: signatures.Description, fn: Callable[..., object], label: str) -> None:
    """Raise TypeError if the result of a function, or a required parameter, can never be sent."""
    why = _reason(signatures.returned(fn, logs=False))
    if why:
        raise TypeError(f"{label}: its result can never be sent: {why}")
    for parameter in description.parameters:
        if parameter.default is signatures.EMPTY and (why := _reason(parameter.annotation)):
            raise TypeError(f"{label}: a page can never send the parameter {parameter.name!r}: {why}")


def _reason(annotation: Any) -> str:
    """Return why the values of an annotation cannot travel; empty if they can."""
    if shape_of(annotation).kind in ("any", "none", "str", "int", "bool", "float"):
        return ""
    for shape in shapes_in(annotation, {}):
        if shape.kind == "dict" and not _is_key(shape.items[0]):
            return f"the keys of a dict are texts, numbers, bools, enums, dates or UUIDs, not {shape.items[0]}"
        if _has_no_form(shape):
            return f"{getattr(shape.type, '__name__', shape.type)} has no form, see register_encoder()"
    return ""


def _is_key(annotation: Any) -> bool:
    shape = shape_of(annotation)
    if shape.kind == "union":
        return all(map(_is_key, shape.items))
    return shape.kind in _KEYS or shape.kind == "path"


def _has_no_form(shape: Shape) -> bool:
    if shape.kind in ("array", "scalar"):
        return shape.type is not None and sys.modules["numpy"].dtype(shape.type).kind == "c"
    cls: Any = typing.get_origin(shape.type) or shape.type
    if shape.kind != "foreign" or not isinstance(cls, type):
        return False
    return (cls is _CALLABLE or issubclass(cls, _NEVER)) and encoders.encoder_of(cls) is None
