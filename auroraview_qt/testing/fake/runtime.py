"""FakeRuntime: the page's end of the protocol, as `resources/bridge.js` implements it, without JavaScript.

Thread: the test's; only `woken` and the futures of exposed functions are of any thread. No Qt.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any

from auroraview_qt.errors import AuroraViewError, CallCancelledError, UnknownCommandError
from auroraview_qt.ipc.calls.running import future_of
from auroraview_qt.ipc.engine.engine import Engine
from auroraview_qt.ipc.engine.outgoing import DOCUMENT_CHARS, Delivery
from auroraview_qt.ipc.state.state_patches import Patch, PatchKind, Root, apply, decode_patch
from auroraview_qt.ipc.wire import json_text, protocol
from auroraview_qt.ipc.wire.limits import MAX_DEPTH
from auroraview_qt.ipc.wire.page_messages import PageMessage
from auroraview_qt.ipc.wire.protocol import HostMessage

#: Parts of a stream that the tool may send before the page has taken any.
_WINDOW = 32


def as_received(value: Any) -> Any:
    """Return a value as it comes out of a message; raise as the page would if it cannot be sent, or is nested too deeply."""
    text = json_text.dumps(value, "value of the page")
    return json_text.loads(json_text.guarded(text.decode("utf-8", "surrogatepass"), MAX_DEPTH))


def _read(text: str) -> Any:
    return json_text.loads(text.encode("utf-8", "surrogatepass"))


class Stream:
    """A stream that the page reads, up to `limit` parts."""

    def __init__(self, limit: int | None) -> None:
        self.limit = limit
        self.parts: list[Any] = []

    @property
    def is_full(self) -> bool:
        """Return whether the page wants no more parts."""
        return self.limit is not None and len(self.parts) >= self.limit


class FakeRuntime:
    """A document.

    Parameters
    ----------
    engine : Engine
        The other end.
    url : str
        The address of the document.
    wake : callable
        Called on any thread when the document has something to say.

    Attributes
    ----------
    functions : dict
        The functions that Python may call, by name.
    is_frozen : bool
        The document neither runs messages nor sends any.
    state : dict
        The shared state as the page sees it.
    """

    def __init__(self, engine: Engine, url: str, wake: Callable[[], object]) -> None:
        self.functions: dict[str, Callable[..., Any]] = {}
        self.is_frozen = False
        self._engine = engine
        self._url = url
        self._wake = wake
        self._document = secrets.token_hex(DOCUMENT_CHARS // 2)
        self._ran = self._told = 0
        self._calls = 0
        self._streams: dict[str, Stream] = {}
        self._running: dict[str, Future[Any]] = {}
        self._deliveries: deque[Delivery] = deque()
        self._pieces = ""
        self._messages: deque[list[Any]] = deque()  # for Python; answers come on any thread
        version, text = engine.store.text()
        self._base: Root = _read(text)[1]
        self._pending: list[tuple[int, Patch]] = []
        self._writes = 0
        self.state = self._base
        life = {"type": "hello", "protocol": protocol.PROTOCOL_VERSION, "state": version}
        self._messages.append([PageMessage.LIFE, {**life, "commands": engine.handler.command_names()}])
        self._messages.append([PageMessage.LIFE, {"type": "ready", "timestamp": 0, "url": url}])

    def say(self, *message: Any) -> None:
        """Send a message to Python with the next turn."""
        self._messages.append(list(message))
        self._wake()

    def has_work(self) -> bool:
        """Return whether `turn` would do something."""
        return not self.is_frozen and bool(self._deliveries or self._messages or self._ran > self._told)

    def take(self, delivery: Delivery) -> None:
        """Take a batch, or a piece of a batch; it runs with the next turn."""
        self._deliveries.append(delivery)

    def turn(self) -> None:
        """Run the batches, and send the waiting messages in one envelope."""
        while self._deliveries:
            delivery = self._deliveries.popleft()
            self._pieces += delivery.text
            if not delivery.more:
                text, self._pieces = self._pieces, ""
                self._ran = delivery.number
                for message in _read(text):
                    self._run(*message)
        messages = [self._messages.popleft() for _ in range(len(self._messages))]
        if messages or self._ran > self._told:
            self._told = self._ran
            envelope = json_text.dumps([self._document, self._ran, 0, messages], "envelope")
            self._engine.receive(self._engine.secret + envelope.decode("utf-8", "surrogatepass"), self._url)

    # Messages of Python

    def _run(self, kind: int, name: str, *items: Any) -> None:
        if kind == HostMessage.CALL:
            self._run_function(name, *items)
        elif kind == HostMessage.EVALUATE:
            self._fail(name, AuroraViewError("the fake stage runs no JavaScript"))
        elif kind == HostMessage.CANCEL:
            running = self._running.pop(name, None)
            if running is not None:
                running.cancel()
        elif kind == HostMessage.STATE:
            self._receive_state(*items[0][1:])
        elif kind == HostMessage.PART and name in self._streams:
            self._take_part(name, items[0])
        elif kind in (HostMessage.RESULT, HostMessage.ERROR):
            self._streams.pop(name, None)

    def _run_function(self, call_id: str, name: str, *params: Any) -> None:
        fn = self.functions.get(name)
        if fn is None:
            message = f'the page exposes no function "{name}"'
            self._fail(call_id, UnknownCommandError(message, data={"exposed": list(self.functions)}))
            return
        try:
            result = fn(*params)
            future = future_of(result)
        except Exception as error:
            self._fail(call_id, error)
            return
        if future is None:
            self._answer(call_id, result)
        else:
            self._running[call_id] = future
            future.add_done_callback(partial(self._on_done, call_id))

    def _on_done(self, call_id: str, future: Future[Any]) -> None:
        """Answer a call whose function has answered later. Thread: any."""
        if self._running.pop(call_id, None) is None:
            return  # Python does not wait any more
        if future.cancelled():
            self._fail(call_id, CallCancelledError("the function was cancelled"))
            return
        error = future.exception()
        if error is None:
            self._answer(call_id, future.result())
        else:
            self._fail(call_id, error)

    def _answer(self, call_id: str, value: Any) -> None:
        try:
            self.say(PageMessage.RESULT, call_id, as_received(value))
        except Exception as error:
            self._fail(call_id, error)

    def _fail(self, call_id: str, error: BaseException) -> None:
        told = {"name": type(error).__name__, "message": str(error), "code": getattr(error, "code", "")}
        self.say(PageMessage.ERROR, call_id, {**told, "stack": "", "data": getattr(error, "data", None)})

    def _take_part(self, call_id: str, part: Any) -> None:
        stream = self._streams[call_id]
        stream.parts.append(part)
        if stream.is_full:
            self.cancel(call_id)
        elif len(stream.parts) % (_WINDOW // 2) == 0:
            self.say(PageMessage.CREDIT, call_id, _WINDOW // 2)

    def _receive_state(self, applied: int, patches: list[Any], *whole: Any) -> None:
        if whole:
            self._base = whole[0]
        writes = dict(self._pending)
        for patch in patches:
            own = writes.get(patch) if isinstance(patch, int) else decode_patch(patch)
            self._base = self._base if own is None else apply(self._base, own)
        self._pending = [write for write in self._pending if write[0] > applied]
        self.state = self._base
        for _, patch in self._pending:
            self.state = apply(self.state, patch)

    # Actions of the page

    def call(self, name: str, params: tuple[Any, ...]) -> str:
        """Call a command; return the id of the call."""
        call_id = self._new_id()
        self.say(PageMessage.CALL, call_id, protocol.check_name(name), *params)
        return call_id

    def stream(self, name: str, params: tuple[Any, ...], limit: int | None) -> Stream:
        """Open a stream."""
        call_id = self._new_id()
        stream = self._streams[call_id] = Stream(limit)
        self.say(PageMessage.STREAM, call_id, protocol.check_name(name), _WINDOW, *params)
        return stream

    def _new_id(self) -> str:
        self._calls += 1
        return f"c{self._calls}"

    def cancel(self, call_id: str) -> None:
        """Tell Python that the page no longer waits for a call or stream."""
        self._streams.pop(call_id, None)
        self.say(PageMessage.CANCEL, call_id)

    def write(self, key: str, *value: Any) -> None:
        """Set a key of the state to a value, or delete it."""
        patch = Patch(PatchKind.SET, (key,), value[0]) if value else Patch(PatchKind.DELETE, (key,))
        self._writes += 1
        self._pending.append((self._writes, patch))
        self.state = apply(self.state, patch)
        self.say(PageMessage.STATE, self._writes, patch.kind, [key], *value)
