"""The fuzzed code: each target takes bytes, and raises if a promise does not hold. No Qt.

A target is a class: made once, called for each input. ``python3 dev.py fuzz`` feeds them with atheris, and the normal tests
with the corpus and with hypothesis.
"""

from __future__ import annotations

import contextlib
import json
import logging
import math
import os
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from auroraview_qt.capabilities.scopes import Scopes
from auroraview_qt.errors import AuroraViewError, ProtocolError
from auroraview_qt.ipc.calls.running import CallContext
from auroraview_qt.ipc.engine.engine import Engine
from auroraview_qt.ipc.state import state_patches
from auroraview_qt.ipc.trust import TrustPolicy
from auroraview_qt.ipc.wire import escapes, json_text, protocol, slices
from auroraview_qt.schema.binary import FORMATS
from auroraview_qt.schema.mismatch import MismatchError
from auroraview_qt.schema.validation import converter
from auroraview_qt.sites.app_sites import FolderSite, Use
from auroraview_qt.sites.disk_files import DiskFiles, DiskSite
from auroraview_qt.sites.local_sites import ViewSite
from tests.fuzz.annotations import ANNOTATIONS
from tests.fuzz.source import Source

LONG_S = 10.0**9
SECRET_TEXT = b"CONFIDENTIAL"


class Target(Protocol):
    """Something that is fuzzed."""

    def __call__(self, data: bytes) -> None:
        """Try an input."""


class JsonText:
    """JSON text of a page: refused by name, or read as the standard library reads it, and never nested too deeply."""

    def __call__(self, data: bytes) -> None:
        limit = 3
        text = data.decode("utf-8", "surrogatepass") if _is_utf8(data) else data.decode("latin-1")
        deep = json_text.depth_exceeds(text.encode("utf-8", "surrogatepass"), limit)
        try:
            value = json_text.loads(json_text.guarded(text, 32))
        except AuroraViewError:
            return
        assert _depth(value) <= 32
        # This is right for JSON only: other text with more brackets than levels may count as too deep.
        assert deep == (_depth(value) > limit), text
        if not escapes.has_escapes(text.encode("utf-8", "surrogatepass")):
            assert _alike(value, json.loads(text, parse_int=_number, parse_float=_number)), text


class Slices:
    """A text that is decoded in slices: the same value as at once, or refused as at once."""

    def __call__(self, data: bytes) -> None:
        source = Source(data)
        size = 24 + source.number(60)
        kind = source.byte()
        text = json.dumps(source.json(5), ensure_ascii=kind % 2 == 0).encode("utf-8", "surrogatepass")
        if kind > 100:  # break it somewhere
            place = source.number(1 + len(text))
            text = text[:place] + source.rest()[: 1 + kind % 7] + text[place + kind % 3 :]
        elif kind > 90:
            text = source.rest()
        whole: list[object] = []
        with contextlib.suppress(AuroraViewError, UnicodeDecodeError):
            text.decode("utf-8", "surrogatepass")
            if not json_text.depth_exceeds(text, 32):
                whole.append(json_text.loads(text))
        before, slices.SLICE_BYTES = slices.SLICE_BYTES, size
        try:
            cut = source.number(50) + 1
            decoder = slices.SlicedJson([text[at : at + cut] for at in range(0, len(text), cut)], 32, 100_000)
            while not decoder.step():
                pass
            refusal = ""
        except AuroraViewError as error:
            refusal = str(error)
        finally:
            slices.SLICE_BYTES = before
        if not refusal:
            assert whole, text
            assert _alike(decoder.value, whole[0]), text
        # With slices as short as these, whitespace and names may be longer than a slice.
        elif not any(part in refusal for part in ("without a comma", "a name of more than")):
            assert not whole or _names_twice(text), (text, refusal)


class Wire:
    """Messages of a page: no exception leaves the engine, and the next good message arrives."""

    def __init__(self) -> None:
        logging.getLogger("auroraview_qt").setLevel(logging.CRITICAL)
        self._kinds = [*range(12), -1, 0.0, 5.0, True, "1", None]
        self._ids = ["c1", "c2", "p1", "", "x" * 100, 1, None]
        self._names = ["echo", "typed", "stream", "later", "event", "*", "", "toString", "a b", 3, None]

    def __call__(self, data: bytes) -> None:
        source = Source(data)
        engine = Engine(TrustPolicy("http://app"))
        handler = engine.handler
        heard: list[object] = []
        handler.on("event", lambda detail: None)
        handler.on("*", lambda name, detail: None)
        handler.on("last", heard.append)
        handler.register_command("echo", lambda *args, **kw: [args, kw])
        handler.register_command("typed", _typed)
        handler.register_command("stream", _stream)
        engine.state.on_change(lambda *change: None)
        documents = ["d1", "d2"]
        self._send(engine, ["d1", 0, 0, [[2, {"type": "hello", "protocol": protocol.PROTOCOL_VERSION}]]])
        self._send(engine, ["d1", 0, 0, [[2, {"type": "ready", "url": "http://app/"}]]])
        engine.page_calls.call("pick", None, 5.0, None)
        while source:
            what = source.byte()
            if what < 20:
                self._send_text(engine, source.text() if what < 10 else source.rest().decode("latin-1"))
            elif what < 40:
                engine.next_delivery()
            elif what < 50:
                engine.work(LONG_S)
            elif what < 60:
                self._send(engine, source.json())
            else:
                document = "d1" if what < 220 else source.choice(documents)
                ack = source.number(4) if what < 250 else source.json(1)
                flow = 0 if what < 200 else source.choice([0, 1, 2, 3, "0"])
                messages = [self._message(source) for _ in range(source.number(4))]
                self._send(engine, [document, ack, flow, messages])
        _work(engine)
        hello = {"type": "hello", "protocol": protocol.PROTOCOL_VERSION}
        assert self._send(engine, ["fresh", 0, 0, [[2, hello], [2, {"type": "ready", "url": "http://app/"}]]])
        assert self._send(engine, ["fresh", 0, 0, [[0, "last", 1]]])
        _work(engine)
        assert heard[-1:] == [1], "the last event did not arrive"
        stats = engine.stats()
        assert stats["callback_errors"] == 0
        engine.close()
        assert len(handler.calls) == 0

    def _message(self, source: Source) -> Any:
        what = source.byte()
        if what < 30:
            return source.json()
        kind = source.choice(self._kinds)
        if what < 60:
            return [kind, *(source.json(2) for _ in range(source.number(5)))]
        if kind == 2:
            return [2, {**source.json_object(2), "type": source.choice(["ready", "listen", "state", "hello", "x"])}]
        if kind == 4:  # a write of the state
            return [4, source.number(5), *(source.json(2) for _ in range(source.number(4)))]
        if kind == 3:
            body = source.json(2)
            with contextlib.suppress(ValueError):
                return [3, json.dumps(body)]
        head = source.choice(self._ids) if kind not in (0,) else source.choice(self._names)
        second = [source.choice(self._names)] if kind in (1, 6) else []
        return [kind, head, *second, *(source.json(2) for _ in range(source.number(3)))]

    def _send(self, engine: Engine, envelope: object) -> bool:
        return self._send_text(engine, json.dumps(envelope))

    @staticmethod
    def _send_text(engine: Engine, text: str) -> bool:
        return engine.receive(engine.secret + text, "http://app/")


class Escapes(Wire):
    """Values in the escape form in any place of a message: as `Wire`, and what is read is written and read again."""

    def _message(self, source: Source) -> Any:
        message = self._changed(source, super()._message(source))
        text = self._text(message).encode("utf-8", "surrogatepass")
        with contextlib.suppress(ProtocolError):
            written = state_patches.encode(json_text.loads(text))
            assert state_patches.encode(json_text.loads(written)) == written, text
        return message

    def _changed(self, source: Source, node: Any) -> Any:
        if source.byte() < 50:
            return self._escape(source)
        if isinstance(node, list):
            return [self._changed(source, item) for item in node]
        return {key: self._changed(source, item) for key, item in node.items()} if isinstance(node, dict) else node

    def _escape(self, source: Source) -> Any:
        kind = source.choice(["number", "bytes", "array", "image"])
        text = source.choice(["", "AAAA", "AAAAAAAA8H8=", "NaN", "-0", "#", "\ud800", None])
        extents = [0, 1, 3, 8, -1, 0.5, True, None, 2**63, 2**63 - 1, "a", [1]]
        shape = [source.choice(extents) for _ in range(source.number(4))]
        items: dict[str, list[Any]] = {
            "array": [source.choice([*FORMATS, None, "complex64", []]), source.choice([shape, shape, None, {}])],
            "image": [source.choice(extents), source.choice(extents)],
        }
        escape = [SECRET_TEXT.decode(), kind, *items.get(kind, []), text]
        if source.byte() < 60:
            escape[source.number(len(escape) - 1) + 1] = source.json(2)
        return escape[: 1 + source.number(8)] if source.byte() < 40 else escape

    def _send(self, engine: Engine, envelope: object) -> bool:
        return self._send_text(engine, self._text(envelope))

    @staticmethod
    def _text(value: object) -> str:
        return json.dumps(value).replace(f'["{SECRET_TEXT.decode()}"', "[" + escapes.MARK.decode())


class Patches:
    """Patches of a page: the state stays JSON, the messages to the next page lead to the same state, nothing is raised."""

    def __call__(self, data: bytes) -> None:
        source = Source(data)
        mirror: dict[str, Any] = {}
        log = state_patches.PatchLog()
        root: dict[str, Any] = {}
        while source:
            items = self._items(source)
            try:
                patch = state_patches.decode_patch(items)
            except ProtocolError:
                continue
            changed = state_patches.apply(root, patch)
            if changed is not root:
                log.add(patch, state_patches.encode_patch(patch, state_patches.encode(patch.value)))
            root = changed
            if source.byte() < 40:
                mirror = self._replay(mirror, log.take_patches(root))
                assert _alike(mirror, root), (mirror, root)
        mirror = self._replay(mirror, log.take_patches(root))
        assert _alike(mirror, root), (mirror, root)

    @staticmethod
    def _replay(root: dict[str, Any], texts: bytes) -> dict[str, Any]:
        for items in json.loads(texts):
            root = state_patches.apply(root, state_patches.decode_patch(items))
        return root

    @staticmethod
    def _items(source: Source) -> list[Any]:
        if source.byte() < 20:
            value = source.json(2)
            return value if isinstance(value, list) else [value]
        path = [source.choice(["a", "b", "__proto__"])]
        path += [source.choice(["a", "b", 0, 1, 2, -1, True, "0"]) for _ in range(source.number(4))]
        kind = source.number(3)
        if kind == 0:
            return [0, path, source.json(3)]
        if kind == 1:
            return [1, path]
        return [2, path, source.number(5), source.number(4), [source.json(1) for _ in range(source.number(3))]]


class Conversion:
    """Values of a page for annotated parameters: converted, or refused by a message that can be shown."""

    def __init__(self) -> None:
        self._converters = [(name, converter(annotation)) for name, annotation in ANNOTATIONS.items()]

    def __call__(self, data: bytes) -> None:
        source = Source(data)
        _, convert = source.choice(self._converters)
        value = source.json(3)
        before = json.dumps(value)
        told = ""
        try:
            convert(value)
        except MismatchError as error:
            told = str(error)
        assert len(told) < 5_000
        assert json.dumps(value) == before, "the page's value was changed"


class Tree:
    """A folder with links in and out, beside secrets that must not be read; it is deleted with its last reference."""

    def __init__(self) -> None:
        base = Path(tempfile.mkdtemp(prefix="fuzz-")).resolve()
        weakref.finalize(self, shutil.rmtree, base)
        self.root = base / "root"
        (self.root / "sub").mkdir(parents=True)
        (base / "root-other").mkdir()
        (base / "secret.txt").write_bytes(SECRET_TEXT)
        (base / "root-other" / "secret.txt").write_bytes(SECRET_TEXT)
        (self.root / "index.html").write_bytes(b"<p>inside")
        (self.root / "sub" / "b.js").write_bytes(b"inside")
        os.close(os.open(os.fsencode(self.root) + b"/caf\xe9", os.O_CREAT))
        links = {"in": "sub", "out": "..", "leak": "../secret.txt", "loop": "loop", "self": ".", "up": "sub/../.."}
        for name, target in links.items():
            (self.root / name).symlink_to(target)


_STEPS = (
    *(
        "sub",
        "in",
        "out",
        "leak",
        "loop",
        "self",
        "up",
        "b.js",
        "secret.txt",
        "index.html",
        "root",
        "root-other",
        "caf\udce9",
    ),
    *("..", ".", "", "/", "//", "\\", "..\\", ":", "C:", "~", "\0", "\ufffd", "text", "nul", "a" * 300),
)
_ENCODED = (*_STEPS, "%2e%2e", "%2f", "%5c", "%00", "%", "%ff", "%25", "..%2f", "?", "#", ";", "%u002e")


class Served:
    """URL paths of a view's site: nothing outside its folders is ever returned."""

    def __init__(self) -> None:
        self._tree = Tree()
        root = self._tree.root
        files = DiskFiles([Scopes([root])])
        view = ViewSite(files, lambda origin: True, ["https://auroraview.localhost"])
        view.main = FolderSite(root)
        view.open_page(root / "index.html")
        view.enter(f"{view.files_path}{root}/index.html")
        self._prefixes = ["/", "", view.files_path, view.scripts_path, f"{view.files_path[:-1]}{root}/"]
        self._prefixes += [f"{view.scripts_path[:-1]}{root}/", f"{root}/", f"/{root}/"]
        disk = DiskSite(files, lambda origin: True)
        self._sites = [view, disk]

    def __call__(self, data: bytes) -> None:
        source = Source(data)
        path = source.choice(self._prefixes) + "/".join(source.text(_ENCODED) for _ in range(source.number(6)))
        if source.byte() % 2:
            path = quote(path.encode("utf-8", "surrogateescape"), safe="/%")
        for site in self._sites:
            for use in Use:
                reply = site.get(path, use)
                assert reply is None or SECRET_TEXT not in reply.body, path
                # A route of the app is a document that no file is behind.
                assert reply is None or site.has(path) or (use is Use.DOCUMENT and reply.body == b"<p>inside"), path
            site.why_not(path)


class FileScopes:
    """Paths of a page for the ``fs`` capability: nothing outside its roots is read, written, listed or removed."""

    def __init__(self) -> None:
        self._tree = Tree()
        self._scopes = Scopes([self._tree.root])

    def __call__(self, data: bytes) -> None:
        source = Source(data)
        start = source.choice([f"{self._tree.root}/", "", "/", f"{self._tree.root}-other/", f"{self._tree.root.parent}/"])
        path = start + "/".join(source.text(_STEPS) for _ in range(source.number(7)))
        base = os.path.realpath(self._tree.root)
        for resolve in (self._scopes.resolve, self._scopes.resolve_entry):
            try:
                resolved = resolve(path)
            except AuroraViewError:
                continue
            folder = os.path.realpath(resolved.parent if resolve == self._scopes.resolve_entry else resolved)
            assert folder == base or f"{folder}/".startswith(f"{base}/") or Path(base) == resolved, path
        with contextlib.suppress(AuroraViewError, OSError), self._scopes.open_for_reading(path) as file:
            assert SECRET_TEXT not in file.read(), path


TARGETS: dict[str, type[Target]] = {
    "json_text": JsonText,
    "slices": Slices,
    "wire": Wire,
    "escapes": Escapes,
    "patches": Patches,
    "conversion": Conversion,
    "served": Served,
    "scopes": FileScopes,
}


def _typed(count: int, names: list[str], ctx: CallContext, when: dict[str, float] | None = None) -> Any:
    ctx.progress(0.5, "half")
    return [count, names, when]


def _stream(count: int = 2) -> Any:
    yield from range(min(count, 10))


def _work(engine: Engine) -> None:
    while engine.work(LONG_S):
        pass


def _names_twice(text: bytes) -> bool:
    """Whether an object of the text has a name twice."""
    found: list[bool] = []
    json.loads(
        text.decode("utf-8", "surrogatepass"), object_pairs_hook=lambda pairs: found.append(len(dict(pairs)) < len(pairs))
    )
    return any(found)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _number(text: str) -> object:
    value = float(text)
    return value if value == math.inf or "." in text or "e" in text.lower() else _integer(text, value)


def _integer(text: str, value: float) -> object:
    return int(text) if -(2**63) <= int(text) < 2**64 else value


def _depth(value: object) -> int:
    depth, level = 0, [value]
    while any(isinstance(one, (dict, list)) for one in level):
        depth += 1
        level = [
            item
            for one in level
            if isinstance(one, (dict, list))
            for item in (one.values() if isinstance(one, dict) else one)
        ]
    return depth


def _alike(one: object, other: object) -> bool:
    """Return whether two JSON values are the same, including types of numbers and signs of zero."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    return type(one) is type(other) and repr(one) == repr(other)
