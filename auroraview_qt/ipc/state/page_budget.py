"""Bound the keys and bytes that pages write into the shared state. No Qt; the owner's thread."""

from __future__ import annotations

from auroraview_qt.errors import MessageTooLargeError
from auroraview_qt.ipc.state.state_patches import Patch, PatchKind, Root, encode
from auroraview_qt.ipc.wire.limits import MAX_STATE_BYTES, MAX_STATE_KEYS

#: Bytes of writes below a key after which its size is measured again, instead of summed up.
_MEASURE_AFTER_BYTES = 1024 * 1024


class PageBudget:
    """Sums up the sizes of the keys that pages have written.

    A write below a key adds its size, although it may replace something. So a sum is an upper bound, and is measured again
    before a write is refused, at most once for each megabyte of writes.
    """

    def __init__(self) -> None:
        self._sizes: dict[str, int] = {}
        self._unmeasured: dict[str, int] = {}
        self._total = 0

    def spend(self, before: Root, after: Root, patch: Patch) -> None:
        """Count a page's write that leads from a state to another.

        Raises
        ------
        MessageTooLargeError
            The state would have too many keys or bytes; nothing is counted.
        """
        key = str(patch.path[0])
        if key not in before and len(before) >= MAX_STATE_KEYS:
            raise MessageTooLargeError(f"the state has {MAX_STATE_KEYS:,} keys: a page may add no more")
        if key not in after:
            self.forget(key)
            return
        size = 0 if patch.kind == PatchKind.DELETE else len(encode(patch.value))
        is_whole = len(patch.path) == 1 and patch.kind == PatchKind.SET
        old = self._sizes.get(key, 0)
        new = size if is_whole else old + size
        unmeasured = 0 if is_whole else self._unmeasured.get(key, 0) + size
        if self._total - old + new > MAX_STATE_BYTES and unmeasured > _MEASURE_AFTER_BYTES:
            new, unmeasured = len(encode(after[key])), 0
        if self._total - old + new > MAX_STATE_BYTES:
            raise MessageTooLargeError(f"the state's keys from pages have {MAX_STATE_BYTES:,} bytes: a page may add no more")
        self._sizes[key], self._unmeasured[key] = new, unmeasured
        self._total += new - old

    def forget(self, key: str) -> None:
        """Count a key no more: it was deleted, or the program has replaced its value."""
        self._total -= self._sizes.pop(key, 0)
        self._unmeasured.pop(key, None)
