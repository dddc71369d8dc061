"""Define MemoryStorage, the storage of fake views. Thread: the test's."""

from __future__ import annotations

from collections.abc import Iterable


class MemoryStorage:
    """Keeps the state of a storage name in memory, in place of a `StateFile`."""

    def __init__(self) -> None:
        self._values: dict[str, object] = {}

    def read(self, keys: Iterable[str]) -> dict[str, object]:
        """Return the stored values."""
        return {key: self._values[key] for key in keys if key in self._values}

    def enqueue(self, key: str, value: object) -> None:
        """Store a value."""
        self._values[key] = value

    def delete(self, key: str) -> None:
        """Forget a value."""
        self._values.pop(key, None)
