"""Types: annotations as TypeScript, and the named types they need. Runs on any thread.

Types for values from the page and types for values from Python are written separately. The page may leave out a field with a
default, but Python always sends it.
"""

from __future__ import annotations

import enum
import re
import sys
from typing import Any, Literal

import orjson

from auroraview_qt.schema import encoders, signatures
from auroraview_qt.schema.binary import dtype_name, typed_array
from auroraview_qt.schema.converters import decoded_from
from auroraview_qt.schema.shapes import Field, Shape, is_alias, shape_of
from auroraview_qt.typegen.docs import comment, parse

Direction = Literal["in", "out"]

#: An object without properties.
NOTHING = "{ [name: string]: never }"

_PLAIN = {
    "none": "null",
    "bool": "boolean",
    "int": "number",
    "float": "number",
    "timedelta": "number",
    "decimal": "number | string",
    **dict.fromkeys(("str", "datetime", "date", "time", "uuid", "path"), "string"),
}
_NAMED = ("dataclass", "typeddict", "namedtuple", "enum")
_NUMPY = {"b": "boolean", "U": "string"}
#: Names of TypeScript that a class of the program must not use.
_TAKEN = frozenset(
    {"Promise", "any", "boolean", "never", "null", "number", "object", "string", "symbol", "undefined", "unknown", "void"}
)


def key(name: str) -> str:
    """Return a property's name, in quotes if necessary. Thread: any."""
    return name if re.fullmatch(r"[A-Za-z_$][A-Za-z0-9_$]*", name) else orjson.dumps(name).decode()


class Types:
    """The TypeScript of annotations.

    First `collect` all annotations, each with its direction; names are given once all annotations are known. Then `text` and
    `declarations`.
    """

    def __init__(self) -> None:
        self._used: dict[Any, set[Direction]] = {}
        self._shapes: dict[Any, Shape] = {}
        self._names: dict[tuple[Any, Direction], str] = {}
        self._open: list[Any] = []  # types that may contain themselves and are being written

    # Names

    def collect(self, annotation: Any, direction: Direction) -> None:
        """Note the named types in an annotation."""
        shape = shape_of(annotation)
        if _may_recur(annotation, shape):
            used = self._used.setdefault(annotation, set())
            if direction in used:
                return
            used.add(direction)
        if shape.kind in _NAMED:
            self._shapes[annotation] = shape
            self._names.clear()
        for part in _parts(shape):
            self.collect(part, direction)

    def _differs(self, annotation: Any, seen: set[Any]) -> bool:
        """Return whether a type is written in two ways, because a part of it has a default."""
        shape = shape_of(annotation)
        if _may_recur(annotation, shape):
            if annotation in seen:
                return False
            seen.add(annotation)
        if shape.kind in ("dataclass", "namedtuple") and not all(field.required for field in shape.fields):
            return True
        return any(self._differs(part, seen) for part in _parts(shape))

    def _named(self) -> dict[tuple[Any, Direction], str]:
        """Give all named types their names, the same for the same program."""
        if self._names or not self._shapes:
            return self._names
        wishes: dict[str, list[Any]] = {}
        for annotation, shape in self._shapes.items():
            wishes.setdefault(_wish(annotation, shape), []).append(annotation)
        taken = set(_TAKEN)
        for wish, rivals in sorted(wishes.items()):
            rivals.sort(key=lambda one: _origin(self._shapes[one]))
            for annotation in rivals:
                name = wish
                if len(rivals) > 1:  # add the module to the name to distinguish them
                    module = self._shapes[annotation].type.__module__.rpartition(".")[2]
                    name = "".join(part.capitalize() for part in re.split(r"\W|_", module)) + wish
                self._give(annotation, name, taken)
        return self._names

    def _give(self, annotation: Any, wish: str, taken: set[str]) -> None:
        name, count = wish, 1
        while name in taken or f"{name}Input" in taken:
            count += 1
            name = f"{wish}{count}"
        taken.add(name)
        for direction in self._used[annotation]:
            self._names[annotation, direction] = name
        if len(self._used[annotation]) == 2 and self._differs(annotation, set()):
            taken.add(f"{name}Input")
            self._names[annotation, "in"] = f"{name}Input"

    # Text

    def text(self, annotation: Any, direction: Direction) -> str:
        """Return an annotation as TypeScript."""
        if is_alias(annotation):
            return self._once(annotation, shape_of(annotation), direction)
        return self._text(shape_of(annotation), annotation, direction)

    def _text(self, shape: Shape, annotation: Any, direction: Direction) -> str:
        if shape.kind in _PLAIN:
            return _PLAIN[shape.kind]
        if shape.kind in _NAMED:
            return self._named()[annotation, direction]
        if shape.kind == "any":
            return "unknown" if shape.type is object else "any"
        if shape.kind == "literal":
            return " | ".join(_json(item.value if isinstance(item, enum.Enum) else item) for item in shape.items)
        if shape.kind in ("host", "foreign"):
            return self._host(shape, direction)
        if shape.kind == "bytes":
            return "AuroraViewBytes" if direction == "in" else "Uint8Array"
        if shape.kind == "scalar":
            return _number_type(shape)
        if shape.kind == "array":
            return _array_type(shape, direction)
        return self._of_parts(shape, direction)

    def _of_parts(self, shape: Shape, direction: Direction) -> str:
        parts = [self.text(item, direction) for item in shape.items]
        if shape.kind == "union":
            members = list(dict.fromkeys(part for text in parts for part in _alternatives(text)))
            return " | ".join(member for member in members if member != "null") + " | null" * ("null" in members)
        if shape.kind == "tuple":
            return f"[{', '.join(parts)}]"
        if shape.kind == "dict":
            kind = shape_of(shape.items[0]).kind
            if kind in ("enum", "literal"):
                return f"{{ [key in {parts[0]}]?: {parts[1]} }}"
            return f"{{ [key: {'number' if kind in ('int', 'float') else 'string'}]: {parts[1]} }}"
        if shape.kind == "constrained":
            return parts[0]
        return f"({parts[0]})[]" if " | " in parts[0] else f"{parts[0]}[]"

    def _host(self, shape: Shape, direction: Direction) -> str:
        """Return the type that the encoder of a host's type produces, or that its decoder accepts."""
        encoder = encoders.encoder_of(shape.type) if isinstance(shape.type, type) else None
        if encoder is not None and encoder.typescript:
            return encoder.typescript
        travels = _form_of(shape)
        return "unknown" if travels is signatures.EMPTY else self._once(travels, shape_of(travels), direction)

    def _once(self, annotation: Any, shape: Shape, direction: Direction) -> str:
        """Return the text of a type that may contain itself; inside itself it is unknown."""
        if annotation in self._open:
            return "unknown"
        self._open.append(annotation)
        try:
            return self._text(shape, annotation, direction)
        finally:
            self._open.pop()

    def is_primitive(self, annotation: Any) -> bool:
        """Return whether a value is never an object or an array."""
        shape = shape_of(annotation)
        if shape.kind in ("union", "constrained"):
            return all(map(self.is_primitive, shape.items))
        return shape.kind in _PLAIN or shape.kind in ("enum", "literal", "scalar", "bytes")

    def declarations(self) -> list[str]:
        """Return the lines that declare the named types, by name."""
        lines: list[str] = []
        done: set[str] = set()
        for (annotation, direction), name in sorted(self._named().items(), key=lambda item: (item[1], item[0][1])):
            if name not in done:
                done.add(name)
                lines += ["", *self._declaration(name, self._shapes[annotation], direction)]
        return lines

    def _declaration(self, name: str, shape: Shape, direction: Direction) -> list[str]:
        doc = parse(_own_doc(shape.type))
        lines = comment(doc.text)
        if shape.kind == "enum":
            is_flag = issubclass(shape.type, enum.Flag)
            values = "number" if is_flag else " | ".join(dict.fromkeys(_json(member.value) for member in shape.type))
            return [*lines, f"export type {name} = {values or 'never'};"]
        if shape.kind == "namedtuple":
            items = ", ".join(self._field(field, shape, direction) for field in shape.fields)
            return [*lines, f"export type {name} = [{items}];"]
        return [*lines, f"export interface {name} {{", *self.fields(shape, doc.parameters, direction), "}"]

    def fields(self, shape: Shape, docs: dict[str, str], direction: Direction, indent: str = "  ") -> list[str]:
        """Return the lines of an object's fields."""
        lines = []
        for field in shape.fields:
            lines += comment(docs.get(field.name, ""), indent)
            lines.append(f"{indent}{self._field(field, shape, direction)};")
        return lines

    def _field(self, field: Field, shape: Shape, direction: Direction) -> str:
        may_lack = not field.required and (direction == "in" or shape.kind == "typeddict")
        return f"{key(field.name)}{'?' if may_lack else ''}: {self.text(field.annotation, direction)}"


def _may_recur(annotation: Any, shape: Shape) -> bool:
    """Return whether a type may be a part of itself."""
    is_class = shape.kind in ("host", "foreign") and isinstance(shape.type, type)
    return shape.kind in _NAMED or is_class or is_alias(annotation)


def _parts(shape: Shape) -> list[Any]:
    """Return the annotations inside a shape."""
    if shape.kind in ("host", "foreign"):
        return [_form_of(shape)]
    parts = [field.annotation for field in shape.fields]
    return parts if shape.kind in ("literal", "array") else [*parts, *shape.items]


def _form_of(shape: Shape) -> Any:
    """Return the annotation of a host type's JSON form."""
    encoder = encoders.encoder_of(shape.type) if isinstance(shape.type, type) else None
    if encoder is None:
        return signatures.EMPTY
    travels = signatures.returned(encoder.fn)
    if travels is signatures.EMPTY and encoder.decode is not None:
        travels = decoded_from(encoder.decode)
    return travels


def _number_type(shape: Shape) -> str:
    """Return the type of an item of a NumPy type."""
    numpy: Any = sys.modules["numpy"]
    kind = numpy.dtype(shape.type).kind if shape.type is not None else "f"
    return _NUMPY.get(kind, "number")


def _array_type(shape: Shape, direction: Direction) -> str:
    """Return the typed array of a NumPy array; the page may send nested arrays, too."""
    numpy: Any = sys.modules["numpy"]
    item = _number_type(shape)
    nested = item + "[]" * shape.items[0] if shape.items else f"AuroraViewArray<{item}>"
    dtype = None if shape.type is None else numpy.dtype(shape.type)
    name = None if dtype is None else dtype_name(dtype)
    if dtype is not None and name is None:
        return nested  # texts, half floats
    typed = "AuroraViewTypedArray" if name is None else typed_array(name)
    return f"{typed} | {nested}" if direction == "in" else f"AuroraViewNumbers<{typed}>"


def _wish(annotation: Any, shape: Shape) -> str:
    """Return the preferred name of a type; a generic type's name includes its arguments."""
    arguments = getattr(annotation, "__args__", ())
    names = [str(getattr(argument, "__name__", argument)) for argument in arguments]
    parts = [re.sub(r"\W", "", name) for name in names]
    return str(shape.type.__name__) + "".join(part[:1].upper() + part[1:] for part in parts)


def _origin(shape: Shape) -> tuple[str, str]:
    return shape.type.__module__, shape.type.__qualname__


def _own_doc(cls: type) -> str:
    """Return a class's own docstring, unless Python made it."""
    doc = cls.__dict__.get("__doc__") or ""
    is_generated = doc.startswith(f"{cls.__name__}(") or doc == "An enumeration."
    return "" if is_generated else doc


def _json(value: object) -> str:
    """Return a value as a literal type; a value without a form in JSON may be anything."""
    return orjson.dumps(value).decode() if isinstance(value, (str, int, float, bool, type(None))) else "unknown"


def _alternatives(text: str) -> list[str]:
    """Take a union apart that is nested in none; quotes and brackets are left alone."""
    return text.split(" | ") if not re.search(r"[\"{\[(]", text) else [text]
