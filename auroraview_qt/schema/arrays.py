"""Arrays: NumPy arrays and scalars from nested lists of JSON. No Qt; any thread.

NumPy is no requirement of this package, and never imported by it: who has annotated something with it has done so.
"""

from __future__ import annotations

import sys
from itertools import chain
from typing import Any

#: Bytes that an array of texts may take, and bytes of one character in it.
MAX_TEXT_BYTES, _CHAR_BYTES = 64 * 1024 * 1024, 4
#: Kinds of dtypes of values that may become another kind without loss; integers from floats are looked at.
_SOURCES = {"b": "b", "i": "iuf", "u": "iuf", "f": "iuf", "U": "U"}
_NAMES = {"b": "booleans", "i": "integers", "u": "integers", "f": "numbers", "U": "strings"}


def array(value: object, dtype: type | None, ndim: int | None = None) -> Any:
    """Make an array of a list, or of an array that has come another way.

    Thread: any.

    Parameters
    ----------
    value : object
        Nested lists of one kind of values, all of a level equally long.
    dtype : type or None
        A concrete NumPy scalar type, None for what fits.
    ndim : int, optional
        The number of dimensions it has to have.

    Raises
    ------
    ValueError
        It is none of that; the text says what was expected.
    """
    numpy: Any = sys.modules["numpy"]

    wanted = _wanted(dtype, ndim)
    if isinstance(value, list):
        _refuse_texts(value, dtype, wanted)
    elif not isinstance(value, numpy.ndarray):
        raise ValueError(wanted)
    try:
        result = numpy.array(value)
    except ValueError:  # lists of different lengths
        raise ValueError(wanted) from None
    if result.dtype.kind not in "biufU":
        raise ValueError(wanted)  # None, dicts
    if ndim is not None and result.ndim < ndim and not result.size:
        result = result.reshape(
            result.shape + (0,) * (ndim - result.ndim)
        )  # an empty list has not said how deep it would be
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
    """Say what is expected."""
    numpy: Any = sys.modules["numpy"]

    what = "values of one kind" if dtype is None else _NAMES.get(numpy.dtype(dtype).kind, "values")
    named = "" if dtype is None else f" ({dtype.__name__})"
    depth = "nested lists" if ndim is None else f"lists nested {ndim} deep" if ndim > 1 else "a list"
    return f"{depth} of {what}{named}"


def _refuse_texts(value: list[Any], dtype: type | None, wanted: str) -> None:
    """Raise ValueError for texts that are not wanted, or that NumPy would take too much memory for.

    NumPy makes texts of numbers beside them, and gives each text of an array the room of the longest.
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
