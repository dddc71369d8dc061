"""Turn type annotations into shapes, their form in JSON. Thread: any. No Qt, no validation library.

Converters (`validation`) and TypeScript (`typegen`) are both made from shapes, so they always agree.
"""

from __future__ import annotations

import collections
import collections.abc
import dataclasses
import datetime as dt
import decimal
import enum
import pathlib
import sys
import typing
import uuid
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, Union

from auroraview_qt.schema import encoders
from auroraview_qt.schema.signatures import EMPTY

ShapeKind = Literal[
    "any", "none", "bool", "int", "float", "str", "bytes", "datetime", "date", "time", "timedelta", "uuid",
    "decimal", "path", "enum", "literal", "union", "list", "set", "tuple", "dict", "dataclass", "typeddict",
    "namedtuple", "constrained", "array", "scalar", "host", "foreign",
]  # fmt: skip


class Field(NamedTuple):
    """A named part of an object or a named tuple."""

    name: str
    annotation: Any
    required: bool


class Shape(NamedTuple):
    """The form of an annotation in JSON.

    Attributes
    ----------
    kind : str
        One of `ShapeKind`.
    type : object
        The class, if there is one; the annotation itself for ``"constrained"``.
    items : tuple
        Annotations of the parts: members of a union, items of a list, key and value of a dict. For a literal, its values.
        For an array, its number of dimensions, if known.
    fields : tuple of Field
        The fields of a dataclass, a TypedDict or a named tuple.
    """

    kind: ShapeKind
    type: Any = None
    items: tuple[Any, ...] = ()
    fields: tuple[Field, ...] = ()


ANY = Shape("any", Any)

_LEAVES: dict[Any, ShapeKind] = {
    type(None): "none",
    bool: "bool",
    int: "int",
    float: "float",
    str: "str",
    bytes: "bytes",
    bytearray: "bytes",
    memoryview: "bytes",
    dt.datetime: "datetime",
    dt.date: "date",
    dt.time: "time",
    dt.timedelta: "timedelta",
    uuid.UUID: "uuid",
    decimal.Decimal: "decimal",
}
_ABC = collections.abc
#: Annotated container type, and the type of the converted container; plain builtins for abstract types.
_LISTS: dict[Any, Any] = {
    **dict.fromkeys((list, _ABC.Sequence, _ABC.MutableSequence, _ABC.Collection, _ABC.Iterable), list),
    collections.deque: collections.deque,
}
_SETS: dict[Any, Any] = {set: set, frozenset: frozenset, _ABC.Set: set, _ABC.MutableSet: set}
_DICTS: dict[Any, Any] = {
    **dict.fromkeys((dict, _ABC.Mapping, _ABC.MutableMapping), dict),
    collections.OrderedDict: collections.OrderedDict,
}
_WRAPPERS = ("Required", "NotRequired", "ReadOnly", "Final", "ClassVar")


def shape_of(annotation: Any) -> Shape:
    """Return the shape of an annotation whose strings have been resolved.

    Thread: any.

    Returns
    -------
    Shape
        The kind is ``"foreign"`` for an unknown class, or a class with unresolvable annotations.
    """
    if annotation is EMPTY or annotation is Any or isinstance(annotation, TypeVar):
        return ANY
    if annotation is object:
        return Shape("any", object)
    if annotation is None:
        return Shape("none", type(None))
    if hasattr(annotation, "__supertype__"):  # a NewType
        return shape_of(annotation.__supertype__)
    if is_alias(annotation):
        known = dict(zip(annotation.__type_params__, typing.get_args(annotation)))
        return shape_of(_substituted(annotation.__value__, known))
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is None:
        return _shape_of_class(annotation, annotation, ())
    if origin is Annotated:
        if any(type(extra).__module__.startswith("msgspec") for extra in args[1:]):
            return Shape("constrained", annotation, (args[0],))
        return shape_of(args[0])
    if origin is Union or type(annotation).__name__ == "UnionType":
        return Shape("union", None, args)
    if str(getattr(origin, "_name", None)) in _WRAPPERS:
        return shape_of(args[0])
    if origin is Literal or getattr(origin, "_name", None) == "Literal":  # typing_extensions has another class for it
        return Shape("literal", None, args)
    return _shape_of_class(annotation, origin, args)


def is_alias(annotation: Any) -> bool:
    """Return whether an annotation was made with ``type X = …``, and so may contain itself. Thread: any."""
    return not isinstance(annotation, type) and hasattr(annotation, "__value__")


def _shape_of_class(annotation: Any, cls: Any, args: tuple[Any, ...]) -> Shape:
    """Return the shape of a class, or of a class with type arguments."""
    if not isinstance(cls, type):
        return Shape("foreign", annotation)
    encoder = encoders.registered(cls)
    if encoder is not None and encoder.decode is not None:
        return Shape("host", cls)
    if cls in _LEAVES:
        return Shape(_LEAVES[cls], cls)
    if issubclass(cls, pathlib.PurePath):
        return Shape("path", cls)
    if issubclass(cls, enum.Enum):
        return Shape("enum", cls)
    return _array(cls, args) or _container(annotation, cls, args) or _record(annotation, cls, args) or Shape("foreign", cls)


def _array(cls: type, args: tuple[Any, ...]) -> Shape | None:
    """Return the shape of a NumPy type; such an annotation means that NumPy is imported."""
    numpy: Any = sys.modules.get("numpy")
    if numpy is None or not issubclass(cls, (numpy.ndarray, numpy.generic)):
        return None
    if issubclass(cls, numpy.generic):
        return Shape("scalar", cls)
    dtype = (typing.get_args(args[1]) or (Any,))[0] if len(args) > 1 else Any
    extents = typing.get_args(args[0]) if args else ()
    known = typing.get_origin(args[0]) is tuple and Ellipsis not in extents if args else False
    is_dtype = isinstance(dtype, type) and not dtype.__subclasses__() and issubclass(dtype, numpy.generic)
    return Shape("array", dtype if is_dtype else None, (len(extents),) if known else ())


def _container(annotation: Any, cls: type, args: tuple[Any, ...]) -> Shape | None:
    if cls is tuple:
        if len(args) == 2 and args[1] is Ellipsis:
            return Shape("list", tuple, (args[0],))
        if annotation in (tuple, typing.Tuple):  # noqa: UP006 - the bare one, which has no arguments either
            return Shape("list", tuple, (Any,))
        return Shape("tuple", tuple, () if args == ((),) else args)
    if cls in _LISTS:
        return Shape("list", _LISTS[cls], args or (Any,))
    if cls in _SETS:
        return Shape("set", _SETS[cls], args or (Any,))
    if cls in _DICTS:
        return Shape("dict", _DICTS[cls], args or (str, Any))
    return None


def _record(annotation: Any, cls: type, args: tuple[Any, ...]) -> Shape | None:
    """Return the shape of a class with named parts."""
    is_typed_dict = issubclass(cls, dict) and hasattr(cls, "__total__")
    is_named_tuple = issubclass(cls, tuple) and hasattr(cls, "_fields")
    if not (is_typed_dict or is_named_tuple or dataclasses.is_dataclass(cls)):
        return None
    try:
        hints = typing.get_type_hints(cls, include_extras=True)
    except Exception:  # an annotation may be any expression
        return Shape("foreign", annotation)
    known = dict(zip(getattr(cls, "__parameters__", ()), args))
    hints = {name: _substituted(hint, known) for name, hint in hints.items()}
    if is_typed_dict:
        required = cls.__required_keys__  # type: ignore[attr-defined]
        fields = [Field(name, hint, _is_required(hint, name in required)) for name, hint in hints.items()]
        return Shape("typeddict", cls, (), tuple(fields))
    if is_named_tuple:
        names, defaults = cls._fields, cls._field_defaults  # type: ignore[attr-defined]
        return Shape("namedtuple", cls, (), tuple(Field(n, hints.get(n, Any), n not in defaults) for n in names))
    missing = dataclasses.MISSING
    fields = [
        Field(f.name, hints[f.name], f.default is missing and f.default_factory is missing)
        for f in dataclasses.fields(cls)
        if f.init
    ]
    return Shape("dataclass", cls, (), tuple(fields))


def _substituted(hint: Any, known: dict[Any, Any]) -> Any:
    """Put the arguments of a generic class in the place of its type variables."""
    if not known:
        return hint
    if isinstance(hint, TypeVar):
        return known.get(hint, Any)
    parameters = getattr(hint, "__parameters__", ())
    return hint[tuple(known.get(p, Any) for p in parameters)] if parameters else hint


def _is_required(hint: Any, otherwise: bool) -> bool:
    """Return whether a key is required; if annotations are strings, only the resolved annotation shows NotRequired."""
    name = str(getattr(typing.get_origin(hint), "_name", None))
    return {"Required": True, "NotRequired": False}.get(name, otherwise)
