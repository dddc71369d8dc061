"""Define MismatchError: a value that does not fit, with its place in the whole value. Thread: any. No Qt."""

from __future__ import annotations

from itertools import islice

import orjson

_SHOWN_CHARS = 60


class MismatchError(Exception):
    """A value that a converter refuses.

    Parameters
    ----------
    expected : str
        The expected value.
    value : object
        The actual value.
    """

    def __init__(self, expected: str, value: object) -> None:
        super().__init__(expected)
        self.expected = expected
        self.value = value
        self._steps: list[str] = []

    def within(self, step: object) -> None:
        """Add a step to the place: the key of an object, or the index of an array."""
        if isinstance(step, int):
            self._steps.append(f"[{step}]")
        elif len(name := str(step)) <= _SHOWN_CHARS and name.isidentifier():
            self._steps.append(f".{name}")
        else:
            self._steps.append(f"[{_start(name)!a}]")

    def copy(self) -> MismatchError:
        """Return an equal error that can get further steps."""
        other = MismatchError(self.expected, self.value)
        other._steps = self._steps.copy()
        return other

    @property
    def path(self) -> str:
        """Return the place of the value; ``$`` is the whole: ``$.x[2]``."""
        return "$" + "".join(reversed(self._steps))

    def __str__(self) -> str:
        where = f" at {self.path}" if self._steps else ""
        return f"expected {self.expected}, got {describe_value(self.value)}{where}"


def describe_value(value: object) -> str:
    """Return a JSON value as a message shows it: ``str "1"``, ``null``, ``list of 3``. Thread: any."""
    if value is None:
        return "null"
    kind = type(value).__name__
    if isinstance(value, list):
        return f"list of {len(value)}"
    if isinstance(value, dict):
        names = ", ".join([ascii(_start(name))[1:-1] for name in islice(value, 5)]) + (", …" if len(value) > 5 else "")
        return f"dict with {names}" if value else "empty dict"
    if isinstance(value, memoryview):
        return f"{value.nbytes:,} bytes"
    if isinstance(value, float):
        return f"float {value!r}"
    start = value[: _SHOWN_CHARS + 1] if isinstance(value, str) else value
    try:
        text = orjson.dumps(start).decode()
    except TypeError:  # lone surrogates, large integers
        text = ascii(start)
    return f"{kind} {text if len(text) <= _SHOWN_CHARS else text[:_SHOWN_CHARS] + '…'}"


def _start(name: object) -> str:
    """Return a name; shorten a long name to its beginning."""
    text = str(name)
    return text if len(text) <= _SHOWN_CHARS else text[:_SHOWN_CHARS] + "…"
