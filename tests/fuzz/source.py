"""Turn bytes of a fuzzer into values, so that a small change of the bytes is a small change of the values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

T = TypeVar("T")

_NUMBERS = (0, 1, -1, 2, 5, 127, 2**31, 2**53 + 1, 2**63, 2**64, -(2**63), 0.0, -0.0, 0.5, 1.0, 1e300, 5e-324)
_TEXTS = (
    "",
    "a",
    "x",
    "1",
    "0",
    "__proto__",
    "constructor",
    "type",
    "id",
    "*",
    "a.b",
    "é",
    "\ud800",
    "\u0000",
    '"',
    "\\",
    "\n",
)


class Source:
    """Bytes that are used up; when there are none left, everything is small.

    Parameters
    ----------
    data : bytes
        The fuzzer's bytes.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    def __bool__(self) -> bool:
        return self._place < len(self._data)

    def byte(self) -> int:
        """Return the next byte, 0 at the end."""
        self._place += 1
        return self._data[self._place - 1] if self._place <= len(self._data) else 0

    def number(self, limit: int) -> int:
        """Return a number below a limit of at most 65,536."""
        return (self.byte() if limit <= 256 else self.byte() << 8 | self.byte()) % limit

    def choice(self, items: Sequence[T]) -> T:
        """Return one of the items."""
        return items[self.number(len(items))]

    def text(self, parts: Sequence[str] = _TEXTS) -> str:
        """Return a text of these parts, of single characters, or of raw bytes, surrogates included."""
        kind = self.byte()
        if kind < 160:
            return "".join(self.choice(parts) for _ in range(1 + kind % 4))
        raw = bytes(self.byte() for _ in range(kind % 24))
        return raw.decode("utf-8", "surrogateescape") if kind < 210 else raw.decode("latin-1")

    def rest(self) -> bytes:
        """Return all bytes that are left."""
        rest, self._place = self._data[self._place :], len(self._data)
        return rest

    def json(self, depth: int = 4) -> Any:
        """Return a JSON value."""
        kind = self.byte() % 10
        if kind == 0:
            return None
        if kind == 1:
            return self.byte() % 2 == 1
        if kind in (2, 3):
            return self.choice(_NUMBERS)
        if kind in (4, 5) or depth == 0 or not self:
            return self.text()
        if kind in (6, 7, 8):
            return [self.json(depth - 1) for _ in range(self.number(5))]
        return self.json_object(depth)

    def json_object(self, depth: int = 4) -> dict[str, Any]:
        """Return a JSON object."""
        return {self.text(): self.json(depth - 1) for _ in range(self.number(5))}
