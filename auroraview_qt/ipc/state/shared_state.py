"""SharedState: the mapping behind `WebView.state` and `auroraview.state`. Thread: any. No Qt.

This module has the program's side of the state: reading, writing, batches, callbacks. The store handles the way of a write
to the page.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from typing import Any, Callable

from auroraview_qt.errors import MessageTooLargeError, SerializationError, StorageError
from auroraview_qt.ipc.calls.callbacks import Callbacks, Subscription
from auroraview_qt.ipc.state.state_file import StateFile
from auroraview_qt.ipc.state.state_patches import Patch, PatchKind, Root, Step, apply, copied, encode, has
from auroraview_qt.ipc.state.state_store import StateStore
from auroraview_qt.ipc.wire import json_text
from auroraview_qt.ipc.wire.limits import MAX_DEPTH

#: The name of a change in the registry of callbacks.
_CHANGE = "state-change"


class _Batch:
    """The writes of a thread inside `batch_update`: the patches, and the state that this thread sees."""

    __slots__ = ("patches", "root")

    def __init__(self, root: Root) -> None:
        self.patches: list[tuple[Patch, bytes]] = []
        self.root = root


class SharedState(MutableMapping[str, Any]):
    """Values that Python and the page share; either writes, both see it.

    Keys are strings, values are values that JSON can hold. Reading and writing copy a value. To change a part of a value,
    write the part (`set_path`) or write the whole value again. Of two writes the later wins. Python decides the order: a
    write of the page counts when it arrives.

    Parameters
    ----------
    store : StateStore
        Holds the values, and keeps the page up to date.
    """

    def __init__(self, store: StateStore) -> None:
        self._store = store
        self._callbacks = Callbacks()
        self._local = threading.local()
        self._file: StateFile | None = None
        self._persisted: set[str] = set()

    # Reading

    def __getitem__(self, key: str) -> Any:
        return copied(self._root()[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self._root())

    def __len__(self) -> int:
        return len(self._root())

    def __contains__(self, key: object) -> bool:
        return key in self._root()

    def __repr__(self) -> str:
        return f"<SharedState {self._root()!r}>"

    def to_dict(self) -> dict[str, Any]:
        """Return a copy of the whole state at a single moment."""
        return dict(copied(self._root()))

    def get_path(self, path: Sequence[Step]) -> Any:
        """Return a copy of a nested part; cheaper than reading the whole value.

        Parameters
        ----------
        path : sequence of str and int
            Keys and indexes, such as ``["scene", "nodes", 3, "name"]``; an index may count from the end.

        Raises
        ------
        KeyError, IndexError
            There is no such part; the message names the step.
        TypeError
            If the path is invalid.
        """
        root = self._root()
        steps = _resolved(root, path)
        return copied(_parent(root, [*steps, ""]))

    # Writing

    def __setitem__(self, key: str, value: Any) -> None:
        self._write(PatchKind.SET, [_checked(key)], value)

    def __delitem__(self, key: str) -> None:
        if key not in self._root():
            raise KeyError(key)
        self._write(PatchKind.DELETE, [key])

    def update(self, *args: Any, **values: Any) -> None:
        """Write several keys at once; see `dict.update` and `batch_update`."""
        with self.batch_update():
            super().update(*args, **values)

    def clear(self) -> None:
        """Delete all keys at once."""
        with self.batch_update():
            for key in self:
                del self[key]

    def set_path(self, path: Sequence[Step], value: Any) -> None:
        """Write a nested part: only this part travels.

        Parameters
        ----------
        path : sequence of str and int
            As for `get_path`. All of it but the last step has to exist; the last may be a new key, or the index behind the
            last item.
        value : object
            A value that JSON can hold.

        Raises
        ------
        KeyError, IndexError, TypeError
            If the path leads nowhere, or is invalid.
        SerializationError, MessageTooLargeError
            If JSON cannot hold the value, or it is nested too deeply or too large; the state does not change.
        """
        self._write(PatchKind.SET, _resolved(self._root(), path, may_be_new=True), value)

    def delete_path(self, path: Sequence[Step]) -> None:
        """Delete a nested part; the items behind a deleted item move up. Raises as `get_path`."""
        self._write(PatchKind.DELETE, _resolved(self._root(), path))

    def splice_path(self, path: Sequence[Step], start: int, count: int = 0, items: Sequence[Any] = ()) -> None:
        """Take `count` items out of an array from index `start` on, and put others in their place.

        Parameters
        ----------
        path : sequence of str and int
            Leads to the array.
        start : int
            Bounded by the array's length.
        count : int
            The number of items to remove.
        items : sequence
            The items to insert.

        Raises
        ------
        KeyError, IndexError, TypeError, SerializationError, MessageTooLargeError
            As for `set_path`; TypeError if there is no array.
        ValueError
            If a number is negative.
        """
        root = self._root()
        steps = _resolved(root, path)
        if start < 0 or count < 0:
            raise ValueError(f"splice_path({list(path)!r}, {start}, {count}): neither start nor count may be negative")
        if type(_parent(root, [*steps, ""])) is not list:
            raise TypeError(f"splice_path({list(path)!r}): there is no array")
        self._write(PatchKind.SPLICE, steps, list(items), start, count)

    @contextmanager
    def batch_update(self) -> Iterator[SharedState]:
        """Make all writes of the block at once: a single patch to the page, a single round of callbacks.

        The thread inside the block sees its writes, other threads see them at its end. An exception that leaves the block
        undoes all of them. A nested block belongs to the outer block.

        Notes
        -----
        Thread: any, each its own block
        """
        if getattr(self._local, "batch", None) is not None:
            yield self
            return
        batch = self._local.batch = _Batch(self._store.root)
        try:
            yield self
        finally:
            self._local.batch = None
        self._commit(batch.patches)

    def persist(self, *keys: str) -> None:
        """Keep top-level keys between sessions, in the storage that the view is named for.

        A key with a stored value gets it now. Each later change of the key, by Python or by the page, is written by a worker
        thread within milliseconds. Two processes may use the same storage name at once. Both keep their writes, and the
        later of two writes to a key wins.

        Parameters
        ----------
        *keys : str
            Keys of the state, such as ``"layout"``.

        Raises
        ------
        StorageError
            If the view has no storage name.
        """
        if self._file is None:
            raise StorageError(
                f'state.persist{keys!r} needs a storage name: make the view with WebView(storage="studio.tool")'
            )
        new = [key for key in map(_checked, keys) if key not in self._persisted]
        stored = self._file.read(new)
        self._commit([(Patch(PatchKind.SET, (key,), value), encode(value)) for key, value in stored.items()])
        self._persisted.update(new)
        root = self._root()
        for key in new:
            if key in root and key not in stored:
                self._file.enqueue(key, root[key])

    def attach_file(self, file: StateFile) -> None:
        """Set the file that `persist` keeps keys in."""
        self._file = file

    def on_change(self, fn: Callable[[str, Any, str], object]) -> Subscription:
        """Call ``fn(key, value, source)`` for each change.

        Parameters
        ----------
        fn : callable
            Takes the top-level key, a copy of its value (None if it was deleted), and the writing side: ``"python"`` or
            ``"javascript"``. Functions are held strongly, bound methods weakly. All callbacks of a change get the same copy.

        Returns
        -------
        Subscription
            Its ``cancel()`` removes the callback.

        Notes
        -----
        Thread: any. A change of the page is told on the GUI thread, one of Python on the thread that wrote, before
        the write returns.
        """
        return self._callbacks.on(_CHANGE, fn)

    @property
    def callback_errors(self) -> int:
        """Return the number of failed callbacks; each failure is logged, and stops no other callback."""
        return self._callbacks.errors

    def receive(self, document: str, message: Sequence[Any]) -> None:
        """Take in a write of a page; raises as `StateStore.commit_of_page`. Thread: GUI."""
        change = self._store.commit_of_page(document, message)
        self._tell(change.keys, change.root, "javascript")

    # Inside

    def _root(self) -> Root:
        """Return the state as this thread sees it."""
        batch: _Batch | None = getattr(self._local, "batch", None)
        return self._store.root if batch is None else batch.root

    def _write(self, kind: PatchKind, path: Sequence[Step], value: Any = None, start: int = 0, count: int = 0) -> None:
        """Make a change, or keep it for the end of the batch."""
        owner = f"state {'.'.join(map(str, path))!r}"
        json_text.dumps(path, owner)
        text = json_text.dumps(value, owner, "value")
        if len(text) > json_text.MAX_ENVELOPE_CHARS:
            raise MessageTooLargeError(
                f"{owner}: {len(text):,} bytes are above the limit of {json_text.MAX_ENVELOPE_CHARS:,}"
            )
        if json_text.depth_exceeds(text, MAX_DEPTH + 1 - len(path)):
            raise SerializationError(f"{owner}: nested deeper than {MAX_DEPTH} levels")
        patch = Patch(kind, tuple(path), json_text.loads(text), start, count)
        batch: _Batch | None = getattr(self._local, "batch", None)
        if batch is None:
            self._commit([(patch, text)])
        else:
            batch.patches.append((patch, text))
            batch.root = apply(batch.root, patch)

    def _commit(self, patches: list[tuple[Patch, bytes]]) -> None:
        change = self._store.commit(patches)
        self._tell(change.keys, change.root, "python")

    def _tell(self, keys: list[str], root: Root, source: str) -> None:
        if self._persisted:
            self._store_changes(keys, root)
        for key in keys if self._callbacks.is_heard(_CHANGE) else ():
            self._callbacks.run(_CHANGE, key, copied(root.get(key)), source)

    def _store_changes(self, keys: list[str], root: Root) -> None:
        assert self._file is not None
        for key in self._persisted.intersection(keys):
            if key in root:
                self._file.enqueue(key, root[key])
            else:
                self._file.delete(key)


def _checked(key: object) -> str:
    """Return a key of the state, after checking it."""
    if isinstance(key, str):
        return key
    raise TypeError(f"a key of the state has to be a string, not {type(key).__name__}: {key!r}")


def _parent(root: Root, steps: Sequence[Step]) -> Any:
    """Return the container a resolved path leads into."""
    node: Any = root
    for step in steps[:-1]:
        node = node[step]
    return node


def _resolved(root: Root, path: Sequence[Step], *, may_be_new: bool = False) -> list[Step]:
    """Return the path with indexes counted from the start, or raise with the step that leads nowhere."""
    if isinstance(path, (str, bytes)) or not path:
        raise TypeError(f"a path of the state is a list of keys and indexes, not {path!r}")
    _checked(path[0])
    node: Any = root
    steps: list[Step] = []
    for number, step in enumerate(path, start=1):
        if type(step) is int and type(node) is list and step < 0:
            step += len(node)
        new = may_be_new and number == len(path)
        if not (has(node, step) or (new and _can_append(node, step))):
            kind = IndexError if type(node) is list and type(step) is int else KeyError
            raise kind(f"the state has no {list(path[:number])!r}")
        steps.append(step)
        node = None if new else node[step]
    return steps


def _can_append(node: object, step: Step) -> bool:
    """Return whether a container may get a new member there."""
    return isinstance(step, str) if type(node) is dict else type(node) is list and type(step) is int and step == len(node)
