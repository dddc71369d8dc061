"""Define patches of the shared state: their effect, their JSON, and the merging of waiting patches. No Qt.

Values are JSON values, and are never changed in place. A patch makes a new root that shares everything beside its path with
the old root. Both ends apply patches by the same rules, so equal states stay equal. A patch whose path leads nowhere changes
nothing.

In a message a patch is ``[0, path, value]`` (set), ``[1, path]`` (delete) or ``[2, path, start, count, items]`` (splice).
Its path is an array of keys and indexes that begins with a key of the state. All functions are pure; a `PatchLog` has one
owner.
"""

from __future__ import annotations

import enum
from typing import Any, NamedTuple, Union

from auroraview_qt.errors import ProtocolError
from auroraview_qt.ipc.wire import exact_json
from auroraview_qt.ipc.wire.limits import MAX_DEPTH

#: A key of an object, or an index of an array.
Step = Union[str, int]
Path = tuple[Step, ...]
Root = dict[str, Any]

#: Bytes of patches below one key that may wait before its whole value is sent instead.
MAX_KEY_BYTES = 1024 * 1024
#: Bytes that a waiting patch counts for beside its JSON.
_OVERHEAD_BYTES = 64


class PatchKind(enum.IntEnum):
    """The effect of a patch at its path."""

    SET = 0
    DELETE = 1
    SPLICE = 2


class Patch(NamedTuple):
    """A write.

    Attributes
    ----------
    kind : PatchKind
        The kind of the patch.
    path : tuple
        The place; for a splice, the array.
    value : object
        The new value, or the items that a splice inserts.
    start, removed : int
        For a splice: the first index, and the number of removed items.
    """

    kind: PatchKind
    path: Path
    value: Any = None
    start: int = 0
    removed: int = 0


def apply(root: Root, patch: Patch) -> Root:
    """Return the state after a patch: a new root, or the same root if the path leads nowhere. Thread: any."""
    path = patch.path if patch.kind == PatchKind.SPLICE else patch.path[:-1]
    nodes: list[Any] = [root]
    for step in path:
        if not has(nodes[-1], step):
            return root
        nodes.append(nodes[-1][step])
    node = _spliced(nodes[-1], patch) if patch.kind == PatchKind.SPLICE else _stepped(nodes[-1], patch)
    if node is nodes[-1]:
        return root
    for parent, step in zip(reversed(nodes[:-1]), reversed(path)):
        copy = parent.copy()
        copy[step] = node
        node = copy
    return node  # type: ignore[no-any-return]  # the root is an object, and so is what replaces it


def has(node: object, step: Step) -> bool:
    """Return whether an object has this key, or an array this index. Thread: any."""
    if type(node) is dict:
        return type(step) is str and step in node
    return type(node) is list and type(step) is int and 0 <= step < len(node)


def _stepped(node: Any, patch: Patch) -> Any:
    """Set or delete in a container; return the same container if it has no such place."""
    step = patch.path[-1]
    appends = type(node) is list and type(step) is int and step == len(node)
    new_key = type(node) is dict and type(step) is str
    if patch.kind == PatchKind.DELETE:
        if not has(node, step):
            return node
        copy = node.copy()
        del copy[step]
    elif appends:
        copy = [*node, patch.value]
    elif new_key or has(node, step):
        copy = node.copy()
        copy[step] = patch.value
    else:
        return node
    return copy


def _spliced(node: Any, patch: Patch) -> Any:
    """Remove items of an array and insert others; a value that is not an array stays unchanged."""
    if type(node) is not list:
        return node
    start = min(patch.start, len(node))
    return [*node[:start], *patch.value, *node[start + patch.removed :]]


def copied(value: Any) -> Any:
    """Copy a JSON value; the caller may change the copy. Thread: any."""
    if type(value) is dict:
        return {key: copied(item) for key, item in value.items()}
    if type(value) is list:
        return [copied(item) for item in value]
    return value


def encode(value: object) -> bytes:
    """Encode a value that came out of JSON. Thread: any."""
    return exact_json.dumps_from_page(value)


def encode_patch(patch: Patch, value: bytes) -> bytes:
    """Encode a patch whose value is encoded already. Thread: any."""
    head = b"[%d,%b" % (patch.kind, encode(patch.path))
    if patch.kind == PatchKind.SET:
        return b"%b,%b]" % (head, value)
    if patch.kind == PatchKind.DELETE:
        return head + b"]"
    return b"%b,%d,%d,%b]" % (head, patch.start, patch.removed, value)


def decode_patch(items: list[Any]) -> Patch:
    """Read a patch as a page has sent it.

    Thread: any.

    Raises
    ------
    ProtocolError
        If it has none of the shapes in this module's docstring, or more than `MAX_DEPTH` levels.
    """
    kind, path = items[:2] if len(items) > 1 else (None, None)
    if type(kind) is int and type(path) is list and _is_path(path):
        if kind == PatchKind.SET and len(items) == 3:
            return Patch(PatchKind.SET, tuple(path), items[2])
        if kind == PatchKind.DELETE and len(items) == 2:
            return Patch(PatchKind.DELETE, tuple(path))
        if kind == PatchKind.SPLICE and len(items) == 5:
            start, count, added = items[2:]
            if type(start) is int and type(count) is int and start >= 0 and count >= 0 and type(added) is list:
                return Patch(PatchKind.SPLICE, tuple(path), added, start, count)
    raise ProtocolError("a patch of the state has to be [0, path, value], [1, path] or [2, path, start, count, items]")


def _is_path(path: list[Any]) -> bool:
    """Return whether this is a valid path in the state."""
    return 0 < len(path) <= MAX_DEPTH and type(path[0]) is str and all(type(step) in (str, int) for step in path)


class _KeyLog:
    """The waiting patches below a key.

    Sets at paths of the same length concern the same place, or have no common part. So a later set replaces an earlier set
    of the same path. Any other patch ends such a run.
    """

    __slots__ = ("done", "run", "run_steps", "size", "whole")

    def __init__(self) -> None:
        self.done: list[bytes] = []
        self.run: dict[Path, bytes] = {}
        self.run_steps = 0
        self.size = 0
        self.whole = False

    def add(self, patch: Patch, text: bytes) -> None:
        """Append a patch, or replace a patch that it makes needless."""
        if len(patch.path) == 1 and patch.kind != PatchKind.SPLICE:  # it replaces all earlier patches below the key
            self.done, self.run, self.size, self.whole = [text], {}, 0, False
            return
        if self.whole:
            return
        if patch.kind == PatchKind.SET:
            if len(patch.path) != self.run_steps:
                self.end_run()
                self.run_steps = len(patch.path)
            self.size += len(text) - len(self.run.get(patch.path, b"")) + (patch.path not in self.run) * _OVERHEAD_BYTES
            self.run[patch.path] = text
        else:
            self.end_run()
            self.done.append(text)
            self.size += len(text) + _OVERHEAD_BYTES
        if self.size > MAX_KEY_BYTES:
            self.done, self.run, self.whole = [], {}, True

    def end_run(self) -> None:
        """Keep the present patches: no later patch may replace them."""
        self.done.extend(self.run.values())
        self.run = {}
        self.run_steps = 0


class PatchLog:
    """Patches that wait for a page, merged so that they never take much more than the state itself.

    Patches below different keys are independent, and may change their order; patches below the same key keep it. Writes of
    the page itself are in it as their numbers.

    Notes
    -----
    Thread: the owner's
    """

    def __init__(self) -> None:
        self._keys: dict[str, _KeyLog] = {}

    def __bool__(self) -> bool:
        return bool(self._keys)

    def add(self, patch: Patch, text: bytes) -> None:
        """Append a patch; `text` is its JSON, or its number if the page has made it."""
        key = str(patch.path[0])
        log = self._keys.get(key)
        if log is None:
            log = self._keys[key] = _KeyLog()
        log.add(patch, text)

    def take_patches(self, root: Root) -> bytes:
        """Return the waiting patches as a JSON array, and forget them; `root` is the state after them."""
        texts: list[bytes] = []
        for key, log in self._keys.items():
            if log.whole:
                texts.append(encode_patch(Patch(PatchKind.SET, (key,)), encode(root[key])))
            else:
                log.end_run()
                texts += log.done
        self._keys = {}
        return b"[" + b",".join(texts) + b"]"
