"""Convert JSON values to annotated types, or raise a `MismatchError` with place and reason. No Qt.

Converters decide which values are accepted. `validation` adds faster checks in front of them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any, Callable

import orjson

from auroraview_qt.schema import encoders
from auroraview_qt.schema.mismatch import MismatchError
from auroraview_qt.schema.scalar_converters import MAKERS, SIMPLE, Converter, alternatives
from auroraview_qt.schema.shapes import Shape, is_alias, shape_of
from auroraview_qt.schema.signatures import EMPTY, describe


class Converters:
    """Makes the converters of annotations, each class with fields once.

    Attributes
    ----------
    foreign : list
        Unknown classes that were found: their values pass unchanged until a decoder is registered.
    """

    def __init__(self) -> None:
        self.foreign: list[Any] = []
        self._known: dict[Any, Converter] = {}
        self._makers: dict[str, Callable[[Shape], Converter]] = {
            **MAKERS,
            "union": self._union,
            "list": self._list,
            "set": self._set,
            "tuple": self._tuple,
            "dict": self._dict,
            "typeddict": self._object,
            "dataclass": self._object,
            "namedtuple": self._namedtuple,
            "constrained": self._constrained,
            "host": self._host,
            "foreign": self._foreign,
        }

    def of(self, annotation: Any) -> Converter:
        """Return the converter of an annotation."""
        shape = shape_of(annotation)
        if shape.kind in SIMPLE:
            return SIMPLE[shape.kind]
        if not shape.fields and not is_alias(annotation):
            return self._makers[shape.kind](shape)
        if annotation not in self._known:
            # A class may contain itself, so its converter is looked up at the time of use.
            self._known[annotation] = lambda value: self._known[annotation](value)
            self._known[annotation] = self._makers[shape.kind](shape)
        return self._known[annotation]

    def _foreign(self, shape: Shape) -> Converter:
        self.foreign.append(shape.type)
        return self._host(shape)

    def _host(self, shape: Shape) -> Converter:
        """Call the registered decoder when a value comes; without a decoder the value passes."""

        def convert(value: Any) -> Any:
            encoder = encoders.registered(shape.type) if isinstance(shape.type, type) else None
            if encoder is None or encoder.decode is None:
                return value
            value = self.of(decoded_from(encoder.decode))(value)
            try:
                return encoder.decode(value)
            except Exception as error:  # every exception of a decoder means that the page's value is wrong
                raise MismatchError(f"{shape.type.__name__} ({type(error).__name__}: {error})", value) from error

        return convert

    def _constrained(self, shape: Shape) -> Converter:
        inner = self.of(shape.items[0])

        def convert(value: Any) -> Any:
            import msgspec

            result = inner(value)
            try:
                return msgspec.convert(result, shape.type)
            except msgspec.ValidationError as error:
                raise MismatchError(str(error).replace("`", "").replace("Expected ", ""), value) from None

        return convert

    def _union(self, shape: Shape) -> Converter:
        shapes = [shape_of(item) for item in shape.items]
        members = [self.of(item) for item in shape.items]
        wanted = " | ".join(dict.fromkeys(map(wanted_by, shapes)))
        records = [
            ({field.name for field in member.fields}, convert)
            for member, convert in zip(shapes, members)
            if member.kind in ("typeddict", "dataclass")
        ]
        is_optional = len([member for member in shapes if member.kind != "none"]) == 1

        def tried(value: Any) -> Any:
            # An object first goes to members that have all its keys; otherwise a member with few fields would take it.
            nearest = [
                convert_member for names, convert_member in records if isinstance(value, dict) and names >= value.keys()
            ]
            for convert_member in (*nearest, *members):
                try:
                    return convert_member(value)
                except MismatchError as mismatch:
                    if is_optional and mismatch.path != "$":
                        raise  # it is more exact than the list of members
            raise MismatchError(wanted, value)

        return _once_each(tried)

    # Containers

    def _list(self, shape: Shape) -> Converter:
        item = self.of(shape.items[0])

        def convert(value: Any) -> Any:
            result = each(item, _list_of(value, "list"))
            return result if shape.type is list else shape.type(result)

        return convert

    def _set(self, shape: Shape) -> Converter:
        item = self.of(shape.items[0])

        def convert(value: Any) -> Any:
            result = each(item, _list_of(value, "list"))
            try:
                return shape.type(result)
            except TypeError:
                raise MismatchError("list of hashable values", value) from None

        return convert

    def _tuple(self, shape: Shape) -> Converter:
        items = [self.of(item) for item in shape.items]

        def convert(value: Any) -> Any:
            return tuple(_items(items, len(items), f"list of {len(items)}", value))

        return convert

    def _namedtuple(self, shape: Shape) -> Converter:
        items = [self.of(field.annotation) for field in shape.fields]
        least = sum(field.required for field in shape.fields)
        size = str(least) if least == len(items) else f"{least} to {len(items)}"
        wanted = f"{shape.type.__name__} (a list of {size})"
        return lambda value: shape.type(*_items(items, least, wanted, value))

    def _dict(self, shape: Shape) -> Converter:
        key_of, value_of = _of_key(self.of(shape.items[0])), self.of(shape.items[1])

        def convert(value: Any) -> Any:
            if not isinstance(value, dict):
                raise MismatchError("dict", value)
            result = {}
            for key, item in value.items():
                try:
                    result[key_of(key)] = value_of(item)
                except MismatchError as mismatch:
                    mismatch.within(key)
                    raise
            return result if shape.type is dict else shape.type(result)

        return convert

    def _object(self, shape: Shape) -> Converter:
        """Convert the fields an object has; keys that are no fields are left out."""
        name = shape.type.__name__
        fields = [(field, self.of(field.annotation)) for field in shape.fields]

        def convert(value: Any) -> Any:
            if not isinstance(value, dict):
                raise MismatchError(f"{name} (a dict)", value)
            result = {}
            for field, part in fields:
                if field.name in value:
                    try:
                        result[field.name] = part(value[field.name])
                    except MismatchError as mismatch:
                        mismatch.within(field.name)
                        raise
                elif field.required:
                    raise MismatchError(f"{name} with {field.name!r}", value)
            try:
                return shape.type(**result)
            except (TypeError, ValueError) as error:  # an exception of __post_init__ describes the misfit
                raise MismatchError(f"{name} ({error})", value) from error

        return convert


class _Outcomes(threading.local):
    """Results of unions inside unions for each list and dict, while the outermost union runs.

    Without it, each member with an inner union would try the same value again: twice as often with each level.
    """

    def __init__(self) -> None:
        self.level = 0
        self.found: dict[tuple[int, int], tuple[Any, Any]] = {}  # the value, so that its id stays its own, and the outcome


_outcomes = _Outcomes()


def _once_each(convert: Converter) -> Converter:
    """Convert each list and dict once while an outer union is at work."""

    def convert_once(value: Any) -> Any:
        if type(value) not in (dict, list):
            return convert(value)
        key, found = (id(convert_once), id(value)), _outcomes.found
        if key in found:
            outcome = found[key][1]
            if isinstance(outcome, MismatchError):
                raise outcome.copy()
            return outcome
        _outcomes.level += 1
        try:
            result = convert(value)
            found[key] = value, result
            return result
        except MismatchError as mismatch:
            found[key] = value, mismatch.copy()
            raise
        finally:
            _outcomes.level -= 1
            if not _outcomes.level:
                found.clear()

    return convert_once


def decoded_from(decode: Callable[..., object]) -> Any:
    """Return the annotation of a decoder's parameter. Thread: any."""
    parameters = describe(decode).parameters
    return parameters[0].annotation if parameters else EMPTY


def wanted_by(shape: Shape) -> str:
    """Name a shape in a list of alternatives. Thread: any."""
    if shape.kind == "none":
        return "null"
    if shape.kind == "literal":
        return alternatives(shape.items)
    if shape.kind in ("list", "set", "tuple", "array"):
        return "list"
    if shape.kind == "constrained":
        return wanted_by(shape_of(shape.items[0]))
    if shape.kind == "union":
        return " | ".join(wanted_by(shape_of(item)) for item in shape.items)
    return str(getattr(shape.type, "__name__", shape.type))


def _list_of(value: Any, wanted: str) -> list[Any]:
    if isinstance(value, list):
        return value
    raise MismatchError(wanted, value)


def each(item: Converter, values: Iterable[Any]) -> list[Any]:
    """Convert each value; a mismatch names the index. Thread: any."""
    result: list[Any] = []
    try:
        for value in values:
            result.append(item(value))  # noqa: PERF401 - its length tells where it stopped
    except MismatchError as mismatch:
        mismatch.within(len(result))
        raise
    return result


def _items(items: list[Converter], least: int, wanted: str, value: Any) -> list[Any]:
    values = _list_of(value, wanted)
    if not least <= len(values) <= len(items):
        raise MismatchError(wanted, value)
    turns = iter(items)
    return each(lambda part: next(turns)(part), values)


def _of_key(convert: Converter) -> Converter:
    """Convert the key of an object; JSON writes every key as a string, also numbers."""

    def convert_key(key: str) -> Any:
        try:
            return convert(key)
        except MismatchError as mismatch:
            try:
                number = orjson.loads(key)
            except orjson.JSONDecodeError:
                number = None
            if type(number) is bool:
                try:
                    return convert(number)
                except MismatchError:
                    raise mismatch from None
            if type(number) not in (int, float):
                raise
            return convert(number)

    return convert_key
