"""Validation: a call's arguments against the annotations of its command, before it runs. Thread: any. No Qt.

Converters are made at the first call, so that decoders may be registered after the command. Builtin scalars are compared by
type alone. Otherwise msgspec checks first, because it is many times faster. Every value that msgspec accepts is accepted.
For refused values and for types that msgspec cannot read, `converters` decides. Its messages name the parameter, the place
and the value.
"""

from __future__ import annotations

import logging
import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

from auroraview_qt.errors import InvalidArgumentsError
from auroraview_qt.schema.converters import Converters, each
from auroraview_qt.schema.mismatch import MismatchError
from auroraview_qt.schema.scalar_converters import Converter
from auroraview_qt.schema.shapes import Shape, is_alias, shape_of
from auroraview_qt.schema.signatures import EMPTY, Description, accepted

#: Types that are compared directly.
_EXACT = (bool, int, float, str)
#: Types that msgspec does not read, or reads differently.
_NOT_NATIVE = {"timedelta", "decimal", "array", "scalar", "host", "foreign"}

_log = logging.getLogger(__name__)


class Validator:
    """The annotated parameters of a command.

    Parameters
    ----------
    description : Description
        The description of the command; at least one parameter has an annotation.
    label : str
        The function's name, for the log.

    Notes
    -----
    Thread: any; two threads that call first both make the converters, and one keeps its own.
    """

    __slots__ = ("_converters", "_exact", "_label", "_names", "_parameters", "_required")

    def __init__(self, description: Description, label: str) -> None:
        self._label = label
        self._parameters = tuple(p for p in description.parameters if p.annotation is not EMPTY)
        self._converters: dict[str, Converter] | None = None
        self._names = {p.name for p in description.parameters}
        self._required = {p.name for p in description.parameters if p.default is EMPTY}
        exact = all(p.annotation in _EXACT for p in description.parameters)
        self._exact = {p.name: p.annotation for p in description.parameters} if exact else {}

    def accepts_keywords(self, keywords: Mapping[str, object]) -> bool:
        """Return whether these are all arguments, each of exactly the annotated builtin type."""
        exact = self._exact
        if keywords.keys() != exact.keys():
            return False
        for name, value in keywords.items():
            if type(value) is not exact[name]:
                return False
        return bool(exact)

    def accepts_positionals(self, args: Sequence[object]) -> bool:
        """As `accepts_keywords`, for arguments without names."""
        exact = self._exact
        if len(args) != len(exact):
            return False
        for value, kind in zip(args, exact.values()):
            if type(value) is not kind:
                return False
        return bool(exact)

    def takes(self, keywords: Mapping[str, object]) -> bool:
        """Return whether these are names of parameters, and include all required parameters.

        This is useful only if all parameters have names.
        """
        return self._required <= keywords.keys() <= self._names

    def convert(self, command: str, arguments: dict[str, Any]) -> None:
        """Replace the arguments by converted values.

        Thread: any.

        Parameters
        ----------
        command : str
            The name of the command, for messages.
        arguments : dict
            Arguments by parameter; for ``*args`` a tuple, for ``**keywords`` a dict. Defaults that are not given are not in
            it.

        Raises
        ------
        InvalidArgumentsError
            For the first misfit, with ``data={"parameter": "start", "path": "$.x[2]"}``.
        """
        converters = self._converters
        if converters is None:
            converters = self._converters = self._made()
        for name, convert in converters.items():
            if name in arguments:
                try:
                    arguments[name] = convert(arguments[name])
                except MismatchError as mismatch:
                    text = f"command {command!r}: parameter {name!r}: {mismatch}"
                    data = {"parameter": name, "path": mismatch.path}
                    raise InvalidArgumentsError(text, data=data) from mismatch.__cause__

    def _made(self) -> dict[str, Converter]:
        """Make the converters; log unknown classes once."""
        result = {}
        for parameter in self._parameters:
            convert, foreign = _converter(accepted(parameter))
            if foreign:
                names = ", ".join(str(getattr(kind, "__qualname__", kind)) for kind in foreign)
                _log.warning(
                    "%s: parameter %r takes any value where %s is expected: JSON has no form for it, "
                    "call register_encoder(…, decode=…) to define how it is read",
                    self._label,
                    parameter.name,
                    names,
                )
            if parameter.kind is parameter.kind.VAR_POSITIONAL:
                result[parameter.name] = _every_positional(convert)
            elif parameter.kind is parameter.kind.VAR_KEYWORD:
                result[parameter.name] = _every_keyword(convert)
            else:
                result[parameter.name] = convert
        return result


def validator_of(description: Description, label: str) -> Validator | None:
    """Return the validator of a command, or None without annotations. Thread: any."""
    annotated = any(shape_of(parameter.annotation).kind != "any" for parameter in description.parameters)
    return Validator(description, label) if annotated else None


def converter(annotation: Any) -> Converter:
    """Return a function that converts a JSON value to an annotated type, or raises `MismatchError`. Thread: any."""
    return _converter(annotation)[0]


def _converter(annotation: Any) -> tuple[Converter, list[Any]]:
    """Return the converter of an annotation, and the unknown classes in it."""
    shape, converters = shape_of(annotation), Converters()
    exact = converters.of(annotation)
    if shape.kind in ("any", "none", "bool", "int", "float", "str", "literal", "enum", "path") or not _is_native(annotation):
        return exact, converters.foreign
    return _fast(annotation, exact), converters.foreign


def _fast(annotation: Any, exact: Converter) -> Converter:
    """Let msgspec try first."""
    import msgspec

    def convert(value: Any) -> Any:
        try:
            return msgspec.convert(value, annotation, str_keys=True, dec_hook=_hook)
        except Exception:  # refusals of msgspec, and exceptions of __post_init__
            return exact(value)

    return convert


def _is_native(annotation: Any) -> bool:
    """Return whether msgspec reads the whole annotation, in the same way as the converters."""
    if any(map(_reads_differently, shapes_in(annotation, {}))):
        return False
    import msgspec

    try:
        msgspec.json.Decoder(annotation, dec_hook=_hook)
    except Exception:  # unions that msgspec cannot distinguish, annotations that it cannot resolve
        return False
    return True


def shapes_in(annotation: Any, seen: dict[Any, Shape]) -> list[Shape]:
    """Return the shapes of an annotation and all its parts. Thread: any."""
    shape = shape_of(annotation)
    if shape.fields or is_alias(annotation):
        if annotation in seen:
            return []
        seen[annotation] = shape
    shapes = [shape]
    parts = [field.annotation for field in shape.fields]
    if shape.kind not in ("literal", "array"):
        parts += shape.items
    for part in parts:
        shapes += shapes_in(part, seen)
    return shapes


def _reads_differently(shape: Shape) -> bool:
    """Return whether msgspec does not read a shape, or reads it differently."""
    if shape.kind == "dict":
        # These are keys that are paths, because msgspec does not call its hook for keys, and floats, because msgspec accepts
        # "nan" and "infinity".
        return any(key.kind in ("path", "float") for key in shapes_in(shape.items[0], {}))
    if shape.kind == "dataclass":
        # msgspec leaves a default on the class, but orjson reads only the instance and misses it.
        return any(hasattr(shape.type, field.name) for field in shape.fields)
    return shape.kind in _NOT_NATIVE


def _hook(kind: type, value: Any) -> Any:
    """Convert types that only the converters support."""
    if issubclass(kind, pathlib.PurePath) and type(value) is str:
        return kind(value)
    raise TypeError


def _every_positional(convert: Converter) -> Converter:
    return lambda values: tuple(each(convert, values))


def _every_keyword(convert: Converter) -> Converter:
    def convert_all(values: dict[str, Any]) -> dict[str, Any]:
        result = {}
        for name, value in values.items():
            try:
                result[name] = convert(value)
            except MismatchError as mismatch:
                mismatch.within(name)
                raise
        return result

    return convert_all
