"""Checked access to the JSON of a glTF document.

Owns: the rule that no list, index, size, number or name leaves the document unchecked. Every failure is a single sentence.
Thread: any. May not import Qt.
"""

from __future__ import annotations

from typing import Any

from outliner.gltf_container import GltfContainer
from outliner.transforms import Vector

_AGAIN = "export it again from the program that wrote it"


def is_index(value: object, count: int) -> bool:
    """Return whether `value` is an integer index into a list of `count` entries.

    Parameters
    ----------
    value
        Any JSON value.
    count
        The length of the list.

    Returns
    -------
    bool
        False for booleans, which JSON keeps apart from numbers and Python does not.
    """
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < count


class GltfDocument:
    """The document of an open file; each method returns a checked value or raises `SceneFileError`.

    `where` is always the place the error names, as "node 7".

    Parameters
    ----------
    container
        The open file.
    """

    def __init__(self, container: GltfContainer) -> None:
        self._document = container.document
        self._fail = container.fail
        self._entries: dict[str, list[dict[str, Any]]] = {}

    def entries(self, key: str) -> list[dict[str, Any]]:
        """Return the top-level list `key` of objects; empty if the document has none."""
        if key not in self._entries:
            found = self._document.get(key, [])
            if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
                self._fail(f"holds something other than a list of objects as {key}: {_AGAIN}")
            self._entries[key] = found
        return self._entries[key]

    def sequence(self, entry: dict[str, Any], key: str, where: str) -> list[Any]:
        """Return the list `key` of an object; empty if it has none."""
        value = entry.get(key, [])
        if not isinstance(value, list):
            self._fail(f"holds something other than a list as {key} of {where}: {_AGAIN}")
        return value

    def index(self, value: object, kind: str, where: str) -> int:
        """Return an index into the top-level list `kind`."""
        count = len(self.entries(kind))
        if not isinstance(value, int) or not is_index(value, count):
            self._fail(f"refers to number {str(value)[:24]} of its {count} {kind} in {where}: {_AGAIN}")
        return value

    def count(self, accessor: dict[str, Any], where: str) -> int:
        """Return the number of elements of an accessor."""
        return self.size(accessor.get("count"), where)

    def size(self, value: object, where: str) -> int:
        """Return a length or offset."""
        if not isinstance(value, int) or not is_index(value, 1 << 40):
            self._fail(f"gives a size of {str(value)[:24]} in {where}: {_AGAIN}")
        return value

    def number(self, value: object, where: str) -> float:
        """Return a finite number."""
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 1e30:
            self._fail(f"has {str(value)[:24]} for a number in {where}: {_AGAIN}")
        return float(value)

    def vector(self, value: object, length: int, where: str) -> Vector:
        """Return a list of `length` finite numbers."""
        if not isinstance(value, (list, tuple)) or len(value) != length:
            self._fail(f"has something other than {length} numbers in {where}: {_AGAIN}")
        return tuple(self.number(number, where) for number in value)

    @staticmethod
    def name(entry: dict[str, Any], otherwise: str) -> str:
        """Return the name of an object, or `otherwise` if it has none."""
        name = entry.get("name")
        if not isinstance(name, str) or not name.strip():
            return otherwise
        # A lone surrogate is legal in JSON text, but later steps cannot handle it.
        return name.encode("utf-8", "replace").decode("utf-8")[:256]
