"""Hold the versions of the shared state, as the authority, and the part that the page lacks. No Qt.

Python decides the order of changes. A page applies its own writes at once and sends them; they are applied here in order of
arrival, among Python's writes. The page gets a list of patches in which numbers stand for its own writes. So its writes are
not sent back, and still have their place. The page applies the list to the last state from here, and then its newer writes.

To the page: ``[4, "", [version, applied, patches]]`` or ``[4, "", [version, applied, [], state]]``; `applied` is the number
of its last write that counts. From it: ``[4, number, ...patch]``.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, Callable, NamedTuple

from auroraview_qt._noop import noop
from auroraview_qt.errors import ProtocolError
from auroraview_qt.ipc.state.page_budget import PageBudget
from auroraview_qt.ipc.state.state_patches import Patch, PatchLog, Root, apply, decode_patch, encode, encode_patch
from auroraview_qt.ipc.wire.protocol import STATE_HEAD

#: Number of the page's writes after which Python confirms them with a separate message; otherwise any message confirms them.
_TELL_AFTER = 64


class Change(NamedTuple):
    """The result of a commit: the changed keys, in order, and the new state."""

    keys: list[str]
    root: Root


class StateStore:
    """State, version and the log of a view.

    Thread: any.

    Parameters
    ----------
    on_wake : callable
        Called without arguments on the writing thread, outside the lock, at Python's first change since `take_message` or
        `text`.

    Attributes
    ----------
    root : dict
        The state; never changed in place.
    version : int
        Number of changes so far.
    document : str or None
        The page that is kept up to date.
    """

    def __init__(self, on_wake: Callable[[], object] = noop) -> None:
        self.root: Root = {}
        self.version = 0
        self.document: str | None = None
        self.on_wake = on_wake
        self._lock = threading.Lock()
        self._awake = False
        self._log = PatchLog()
        self._has_news = False  # the log has patches of Python, too
        self._stale = False  # the page has another state than the base of its patches
        self._applied = 0  # the last confirmed write of the page, and the last confirmation sent
        self._reported = 0
        self._text = (0, "[0,{}]")
        self._budget = PageBudget()

    # Changes

    def commit(self, patches: Sequence[tuple[Patch, bytes]]) -> Change:
        """Make changes of Python, each with its value's JSON, all at once."""
        keys: dict[str, None] = {}
        with self._lock:
            root = self.root
            for patch, value in patches:
                before, root = root, apply(root, patch)
                if root is not before:
                    keys[str(patch.path[0])] = None
                    if len(patch.path) == 1:
                        self._budget.forget(str(patch.path[0]))
                    if self.document is not None:
                        self._log.add(patch, encode_patch(patch, value))
                        self._has_news = True
            wakes = root is not self.root and not self._awake
            if root is not self.root:
                self.root = root
                self.version += 1
                self._awake = True
        if wakes:
            self.on_wake()
        return Change(list(keys), root)

    def commit_of_page(self, document: str, message: Sequence[Any]) -> Change:
        """Apply a page's change: the items after the kind in its message, ``[number, ...patch]``.

        Raises
        ------
        ProtocolError
            If it is not a patch, or the state would become too large. The page may have applied it, so the page gets the
            whole state.
        """
        number, *items = message or (None,)
        with self._lock:
            is_present = document == self.document
            try:
                if type(number) is not int:
                    raise ProtocolError("a write of the state needs its number")
                patch = decode_patch(items)
                before, root = self.root, apply(self.root, patch)
                if root is not before:
                    self._budget.spend(before, root, patch)
            except ProtocolError:
                if is_present:
                    self._stale = True
                    self._applied = number if type(number) is int else self._applied
                raise
            if is_present:
                self._applied = number
            if root is before:
                return Change([], root)
            if is_present:
                self._log.add(patch, b"%d" % number)
            elif self.document is not None:
                self._log.add(patch, encode_patch(patch, encode(patch.value)))
                self._has_news = True
            self.root = root
            self.version += 1
        return Change([str(patch.path[0])], root)  # no wake-up, because the caller checks for due work itself

    # To the page

    def text(self) -> tuple[int, str]:
        """Return the version, and with it the JSON a new page starts with: ``[version, state]``."""
        with self._lock:
            self._awake = False
            version, root = self.version, self.root
        if self._text[0] != version:  # outside the lock, which a write may wait for: a root never changes
            self._text = (version, f"[{version},{encode(root).decode()}]")
        return self._text

    def attach(self, document: str, version: object) -> None:
        """Keep a page up to date that has started with this version, or none, which is the empty state."""
        with self._lock:
            self.document = document
            self._forget()
            self._stale = (version or 0) != self.version
            self._applied = self._reported = 0

    def detach(self) -> None:
        """Forget the page, which is gone."""
        with self._lock:
            self.document = None
            self._applied = self._reported = 0
            self._forget()

    def close(self) -> None:
        """Call no hook any more: the view is gone; the state can still be changed."""
        self.on_wake = noop

    def is_due(self) -> bool:
        """Return whether the page lacks a change."""
        return self._stale or self._has_news or self._applied - self._reported >= _TELL_AFTER

    def take_message(self) -> bytes:
        """Return the message that brings the page up to date, or empty text; the page has to get it as the next message."""
        with self._lock:
            self._awake = False
            if not (self._stale or self._has_news or self._applied != self._reported):
                return b""
            self._reported = self._applied
            head = STATE_HEAD + b"[%d,%d," % (self.version, self._applied)
            patches = None if self._stale else self._log.take_patches(self.root)
            root = self.root
            self._forget()
        return head + (b"[]," + encode(root) if patches is None else patches) + b"]]"

    def _forget(self) -> None:
        """Start over with a page that lacks nothing. Called under the lock."""
        self._log = PatchLog()
        self._has_news = self._stale = False
