"""Binary: bytes and arrays of numbers on their way to a page, without JSON. Thread: any. No Qt.

NumPy is never imported here: a program with an array has imported it.
"""

from __future__ import annotations

import sys
from typing import Any

#: Formats of memory views by the name of a data type, as `struct` writes them.
FORMATS = {
    "bool": "?", "int8": "b", "uint8": "B", "int16": "h", "uint16": "H", "int32": "i", "uint32": "I", "int64": "q",
    "uint64": "Q", "float32": "f", "float64": "d",
}  # fmt: skip
#: Beginnings of these names by NumPy's kind of a data type, and by the format of a memory view, whose sizes differ.
_KINDS = {"b": "bool", "i": "int", "u": "uint", "f": "float"}
_LETTERS = {**dict.fromkeys("bhilq", "int"), **dict.fromkeys("BHILQc", "uint"), "f": "float", "d": "float", "?": "bool"}


class Binary:
    """Binary data for a page.

    Attributes
    ----------
    kind : str
        ``"bytes"``, ``"array"`` or ``"image"``.
    describing : tuple
        Data type and shape of an array, width and height of an image.
    data : bytes-like
        The data, contiguous.
    """

    __slots__ = ("data", "describing", "kind")

    def __init__(self, kind: str, describing: tuple[object, ...], data: Any) -> None:
        self.kind = kind
        self.describing = describing
        self.data = data


def binary_of(value: object) -> Binary | None:
    """Return bytes, a memory view or a NumPy array of numbers as binary data; None for any other value."""
    if isinstance(value, (bytes, bytearray)):
        return Binary("bytes", (), value)
    if isinstance(value, memoryview):
        return _of_view(value)
    numpy: Any = sys.modules.get("numpy")
    if numpy is None or not isinstance(value, numpy.ndarray) or isinstance(value, numpy.ma.MaskedArray):
        return None
    dtype = value.dtype
    name = dtype_name(dtype)
    if name is None:
        return None
    data = numpy.ascontiguousarray(value, dtype.newbyteorder("<"))
    return Binary("array", (name, list(value.shape)), data.reshape(-1).view("u1").data)


def dtype_name(dtype: Any) -> str | None:
    """Return the name of a NumPy data type that a page has a typed array for, else None."""
    return _sized(_KINDS.get(dtype.kind), dtype.itemsize)


def typed_array(name: str) -> str:
    """Return the name of JavaScript's typed array for the name of a data type."""
    if name == "bool":
        return "Uint8Array"
    big = "Big" if name.endswith("64") and "int" in name else ""
    return f"{big}{name[:2].title() + name[2:] if name[0] == 'u' else name.title()}Array"


def _sized(kind: str | None, itemsize: int) -> str | None:
    name = kind if kind == "bool" else f"{kind}{8 * itemsize}"
    return name if name in FORMATS else None


def _of_view(view: memoryview) -> Binary | None:
    name = _sized(_LETTERS.get(view.format.lstrip("@=<")), view.itemsize)
    if name is None:
        return None
    data = view if view.c_contiguous else view.tobytes()
    if name == "uint8" and view.ndim == 1:
        return Binary("bytes", (), data)
    return Binary("array", (name, list(view.shape or ())), data)
