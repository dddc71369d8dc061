"""Validation: a call's arguments against the annotations of its command, before it runs. No Qt; any thread.

Converters are made at the first call, so that decoders may be registered after the command. Builtin scalars are compared by
type alone. For the rest msgspec goes first: it is many times faster, and what it accepts is accepted. What it refuses, or
cannot be asked, is for `converters` to decide, whose messages name the parameter, the place and the value.
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

#: What is compared by type alone.
_EXACT = (bool, int, float, str)
#: What msgspec does not read, or reads in another way.
_NOT_NATIVE = {"timedelta", "decimal", "array", "scalar", "host", "foreign"}

_log = logging.getLogger(__name__)


class Validator:
    """The annotated parameters of one command.

    Parameters
    ----------
    description : Description
        What the command's signature says; at least one parameter has an annotation.
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
        """Whether these are all the arguments, and each is exactly of the builtin type its parameter is annotated with."""
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
        """Whether these are names of parameters, and all that have to be given. Of use where all parameters have names."""
        return self._required <= keywords.keys() <= self._names

    def convert(self, command: str, arguments: dict[str, Any]) -> None:
        """Put what the annotations ask for in the place of what came.

        Thread: any.

        Parameters
        ----------
        command : str
            The name of the command, for messages.
        arguments : dict
            By parameter; for ``*args`` a tuple, for ``**keywords`` a dict. Defaults that are not given are not in it.

        Raises
        ------
        InvalidArgumentsError
            The first that does not fit, with ``data={"parameter": "start", "path": "$.x[2]"}``.
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
        """Make the converters; classes nothing is known about are told once."""
        result = {}
        for parameter in self._parameters:
            convert, foreign = _converter(accepted(parameter))
            if foreign:
                names = ", ".join(str(getattr(kind, "__qualname__", kind)) for kind in foreign)
                _log.warning(
                    "%s: parameter %r takes any value where %s is expected: JSON has no form for it, "
                    "call register_encoder(…, decode=…) to say how it is read",
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
    """Give the validator of a command, None where nothing is annotated. Thread: any."""
    annotated = any(shape_of(parameter.annotation).kind != "any" for parameter in description.parameters)
    return Validator(description, label) if annotated else None


def converter(annotation: Any) -> Converter:
    """Give what converts a JSON value to what an annotation asks for, or raises `MismatchError`. Thread: any."""
    return _converter(annotation)[0]


def _converter(annotation: Any) -> tuple[Converter, list[Any]]:
    """Give the converter of an annotation, and the classes nothing is known about in it."""
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
        except Exception:  # its refusals, and what __post_init__ raises
            return exact(value)

    return convert


def _is_native(annotation: Any) -> bool:
    """Whether msgspec reads all of an annotation, and reads it as we do."""
    if any(map(_reads_differently, _tree(annotation, {}))):
        return False
    import msgspec

    try:
        msgspec.json.Decoder(annotation, dec_hook=_hook)
    except Exception:  # unions it cannot tell apart, annotations it cannot resolve
        return False
    return True


def _tree(annotation: Any, seen: dict[Any, Shape]) -> list[Shape]:
    """Give the shapes of an annotation and all its parts."""
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
        shapes += _tree(part, seen)
    return shapes


def _reads_differently(shape: Shape) -> bool:
    """Whether msgspec does not read a shape, or makes something else of it."""
    if shape.kind == "dict":
        # Keys that are paths, which it does not ask its hook about, and floats, where it takes "nan" and "infinity".
        return any(key.kind in ("path", "float") for key in _tree(shape.items[0], {}))
    if shape.kind == "dataclass":
        # A default that is an attribute of the class it leaves there, and orjson, which looks at the instance, misses it.
        return any(hasattr(shape.type, field.name) for field in shape.fields)
    return shape.kind in _NOT_NATIVE


def _hook(kind: type, value: Any) -> Any:
    """Read what msgspec does not know but we do."""
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
