"""Arrays: NumPy arrays and scalars from nested lists of JSON. Thread: any. No Qt.

NumPy is no requirement of this package, and never imported by it: who has annotated something with it has done so.
"""

from __future__ import annotations

import sys
from itertools import chain
from typing import Any

#: Limit in bytes for an array of texts, and bytes of a character in it.
MAX_TEXT_BYTES, _CHAR_BYTES = 64 * 1024 * 1024, 4
#: Kinds of dtypes of values that may become another kind without loss; integers from floats are looked at.
_SOURCES = {"b": "b", "i": "iuf", "u": "iuf", "f": "iuf", "U": "U"}
_NAMES = {"b": "booleans", "i": "integers", "u": "integers", "f": "numbers", "U": "strings"}


def array(value: object, dtype: type | None, ndim: int | None = None) -> Any:
    """Make an array from a list, from a view, or from an existing array.

    Thread: any.

    Parameters
    ----------
    value : object
        Nested lists of equal lengths, with values of the same type; or a view of binary data.
    dtype : type or None
        A concrete NumPy scalar type; None for the type that fits.
    ndim : int, optional
        The required number of dimensions.

    Raises
    ------
    ValueError
        If the value does not fit; the text says what was expected.
    """
    numpy: Any = sys.modules["numpy"]

    wanted = _wanted(dtype, ndim)
    if isinstance(value, list):
        _refuse_texts(value, dtype, wanted)
    elif isinstance(value, memoryview):
        value = numpy.asarray(value)  # without a copy, and read-only
    elif not isinstance(value, numpy.ndarray):
        raise ValueError(wanted)
    try:
        result = numpy.asarray(value)
    except ValueError:  # lists of different lengths
        raise ValueError(wanted) from None
    if result.dtype.kind not in "biufU":
        raise ValueError(wanted)  # None, dicts
    if ndim is not None and result.ndim < ndim and not result.size:
        result = result.reshape(result.shape + (0,) * (ndim - result.ndim))  # the depth of an empty list is unknown
    if ndim is not None and result.ndim != ndim:
        raise ValueError(wanted)
    if dtype is None:
        return result
    return result.astype(dtype) if not result.size else _cast(result, numpy.dtype(dtype), wanted)


def scalar(value: object, dtype: type) -> Any:
    """Make a NumPy scalar of a JSON value; raises ValueError as `array`. Thread: any."""
    numpy: Any = sys.modules["numpy"]

    kind = numpy.dtype(dtype)
    if not isinstance(value, (bool, int, float, str)) or (isinstance(value, str) and kind.kind != "U"):
        raise ValueError(dtype.__name__)
    return _cast(numpy.array(value), kind, dtype.__name__)[()]


def _wanted(dtype: type | None, ndim: int | None) -> str:
    """Return the description of the expected value."""
    numpy: Any = sys.modules["numpy"]

    what = "values of the same type" if dtype is None else _NAMES.get(numpy.dtype(dtype).kind, "values")
    named = "" if dtype is None else f" ({dtype.__name__})"
    depth = "nested lists" if ndim is None else f"lists nested {ndim} deep" if ndim > 1 else "a list"
    return f"{depth} of {what}{named}"


def _refuse_texts(value: list[Any], dtype: type | None, wanted: str) -> None:
    """Raise ValueError for unwanted texts, or for texts that would need too much memory in NumPy.

    NumPy converts numbers beside texts to texts, and gives each text the size of the longest text.
    """
    numpy: Any = sys.modules["numpy"]

    level: Any = value
    kinds = set(map(type, level))
    while kinds == {list}:
        level = list(chain.from_iterable(level))
        kinds = set(map(type, level))
    if list in kinds:
        raise ValueError(wanted)
    if str in kinds:
        if kinds != {str} or (dtype is not None and numpy.dtype(dtype).kind != "U"):
            raise ValueError(wanted)
        size = len(level) * max(map(len, level)) * _CHAR_BYTES
        if size > MAX_TEXT_BYTES:
            raise ValueError(f"{wanted} that take at most {MAX_TEXT_BYTES:,} bytes (these take {size:,})")


def _cast(result: Any, dtype: Any, wanted: str) -> Any:
    """Convert without losing anything but the precision of floats."""
    numpy: Any = sys.modules["numpy"]

    if result.dtype == dtype:
        return result
    if result.dtype.kind not in _SOURCES.get(dtype.kind, ""):
        raise ValueError(wanted)
    if dtype.kind in "iu":
        limits = numpy.iinfo(dtype)
        if (result.dtype.kind == "f" and not (result == numpy.floor(result)).all()) or not (
            limits.min <= result.min() and result.max() <= limits.max
        ):
            raise ValueError(f"{wanted} from {limits.min} to {limits.max}")
    return result.astype(dtype)
