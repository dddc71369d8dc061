"""Leaves: converters of single JSON values, by shape.

Thread: any. No Qt. msgspec is loaded by the first converter that needs it.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Any, Callable

import orjson

from auroraview_qt.schema import arrays
from auroraview_qt.schema.mismatch import MismatchError
from auroraview_qt.schema.shapes import Shape

Converter = Callable[[Any], Any]

#: Formats of the types that msgspec reads, for messages.
_TEXTS = {
    "datetime": "a string such as 2026-01-31T12:00:00Z",
    "date": "a string such as 2026-01-31",
    "time": "a string such as 12:00:00",
    "uuid": "a string of 32 hexadecimal digits",
    "decimal": "a number, or a string of one",
    "bytes": "binary data, or a string of base64",
}


def accept_any(value: Any) -> Any:
    """Take anything."""
    return value


def take_none(value: Any) -> None:
    """Take null."""
    if value is not None:
        raise MismatchError("null", value)


def take_bool(value: Any) -> bool:
    """Accept booleans only, not values that are merely true or false."""
    if type(value) is bool:
        return value
    raise MismatchError("bool", value)


def take_int(value: Any) -> int:
    """Accept an integer, or a float without a fraction, since pages have only numbers."""
    if type(value) is int:
        return value
    if type(value) is float and value.is_integer():
        return int(value)
    raise MismatchError("int", value)


def take_float(value: Any) -> float:
    """Accept any number that a float can hold."""
    if type(value) is float:
        return value
    if type(value) is int:
        try:
            return float(value)
        except OverflowError:
            pass
    raise MismatchError("float", value)


def take_str(value: Any) -> str:
    """Take a string."""
    if type(value) is str:
        return value
    raise MismatchError("str", value)


def take_timedelta(value: Any) -> Any:
    """Take a number of seconds."""
    import datetime as dt

    try:
        return dt.timedelta(seconds=take_float(value))
    except (MismatchError, OverflowError, ValueError):
        raise MismatchError("timedelta (a number of seconds)", value) from None


def _read(shape: Shape) -> Converter:
    """Convert types that msgspec reads."""
    kinds = (str, int, float) if shape.kind == "decimal" else (str,)
    wanted = f"{shape.type.__name__} ({_TEXTS[shape.kind]})"

    def convert(value: Any) -> Any:
        import msgspec

        if type(value) in kinds:
            try:
                result = msgspec.convert(value, shape.type)
            except (msgspec.ValidationError, UnicodeEncodeError):  # the second for a lone surrogate
                pass
            else:
                if shape.kind != "decimal" or result.is_finite():  # "NaN" is a text of Decimal, and no number
                    return result
        raise MismatchError(wanted, value)

    return convert


def _bytes(shape: Shape) -> Converter:
    """Take binary data, or a text of base64."""
    from_text = _read(shape)

    def convert(value: Any) -> Any:
        if type(value) is memoryview:
            return value if shape.type is memoryview else shape.type(value)
        return from_text(value)

    return convert


def _path(shape: Shape) -> Converter:
    def convert(value: Any) -> Any:
        if type(value) is str:
            return shape.type(value)
        raise MismatchError(f"{shape.type.__name__} (a string)", value)

    return convert


def _enum(shape: Shape) -> Converter:
    cls: type[enum.Enum] = shape.type
    wanted = f"{cls.__name__} ({alternatives(member.value for member in cls)})"

    def convert(value: Any) -> Any:
        for member in cls:
            if type(value) is type(member.value) and value == member.value:
                return member
        if issubclass(cls, enum.Flag) and type(value) is int:
            try:
                return cls(value)
            except ValueError:
                pass
        raise MismatchError(wanted, value)

    return convert


def _literal(shape: Shape) -> Converter:
    values = [(item.value if isinstance(item, enum.Enum) else item, item) for item in shape.items]
    wanted = alternatives(key for key, _ in values)

    def convert(value: Any) -> Any:
        for key, item in values:
            if type(value) is type(key) and value == key:
                return item
        raise MismatchError(wanted, value)

    return convert


def _of_numpy(make: Callable[..., Any]) -> Callable[[Shape], Converter]:
    def of_shape(shape: Shape) -> Converter:
        def convert(value: Any) -> Any:
            try:
                return make(value, shape.type, *shape.items)
            except ValueError as error:
                raise MismatchError(str(error), value) from None

        return convert

    return of_shape


def alternatives(values: Iterable[object]) -> str:
    """List values as JSON writes them: ``"a" | "b"``. Thread: any."""
    return " | ".join(orjson.dumps(value, default=repr).decode() for value in values)


#: Converters that do not depend on the annotation.
SIMPLE: dict[str, Converter] = {
    "any": accept_any,
    "none": take_none,
    "bool": take_bool,
    "int": take_int,
    "float": take_float,
    "str": take_str,
    "timedelta": take_timedelta,
}
#: Functions that make the other converters.
MAKERS: dict[str, Callable[[Shape], Converter]] = {
    **dict.fromkeys(_TEXTS, _read),
    "bytes": _bytes,
    "path": _path,
    "enum": _enum,
    "literal": _literal,
    "array": _of_numpy(arrays.array),
    "scalar": _of_numpy(arrays.scalar),
}
