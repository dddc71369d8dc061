"""FakeView: a view without Qt. Its bridge is the real engine, its page a `FakeRuntime`. Thread: the test's."""

from __future__ import annotations

import itertools
import logging
import re
import threading
import time
import weakref
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, ClassVar, cast

from auroraview_qt._noop import noop
from auroraview_qt.devtools.api import DevtoolsApi
from auroraview_qt.ipc.api import BridgeApi
from auroraview_qt.ipc.engine import broadcasting
from auroraview_qt.ipc.engine.engine import Engine
from auroraview_qt.ipc.state.state_file import StateFile
from auroraview_qt.ipc.trust import TrustPolicy
from auroraview_qt.ipc.wire.message_queue import Overflow
from auroraview_qt.sites.live_images import ImageApi, ImageSources, NoCodec
from auroraview_qt.sites.resources import ResourceApi, Resources
from auroraview_qt.testing.fake.runtime import FakeRuntime
from auroraview_qt.testing.fake.storage import MemoryStorage

#: Seconds of a turn for the callbacks and commands of the page's messages.
_BUDGET_S = 0.002
#: Methods of the widget that have no effect here.
_WITHOUT_EFFECT = re.compile(
    "activateWindow|allow_files|disable|enable|hide|open_devtools|raise_|resize|serve_assets|set[A-Z].*|show|stop"
)

_numbers = itertools.count(1)
_log = logging.getLogger(__name__)


class Signal:
    """A signal of `FakeView`."""

    def __init__(self) -> None:
        self._slots: list[Callable[..., object]] = []

    def connect(self, slot: Callable[..., object] | Signal, *_: object) -> None:
        """Call a function or emit another signal at each `emit`."""
        self._slots.append(slot.emit if isinstance(slot, Signal) else slot)

    def disconnect(self, slot: Callable[..., object] | None = None) -> None:
        """Remove a function, or all."""
        self._slots = [] if slot is None else [each for each in self._slots if each != slot]

    def emit(self, *values: object) -> None:
        """Call the functions; a failing function is logged."""
        for slot in list(self._slots):
            try:
                slot(*values)
            except Exception:
                _log.exception("a slot failed")


class FakeView(BridgeApi, ImageApi, ResourceApi, DevtoolsApi):
    """Has the bridge and the signals of `WebView`; other methods of the widget do nothing, or do not exist.

    The keywords are those of `WebView`; those about Qt are ignored.

    Attributes
    ----------
    made : WeakSet of FakeView
        The views that are not closed.
    woken : threading.Event
        Set when a view has something to do; all views share it.
    storages : dict
        The storages of this test by name.
    """

    made: ClassVar[weakref.WeakSet[FakeView]] = weakref.WeakSet()
    woken = threading.Event()
    storages: ClassVar[dict[str, MemoryStorage]] = {}

    def __init__(
        self,
        parent: object = None,
        *,
        title: str = "",
        url: str | None = None,
        html: str | None = None,
        app_dir: str | Path | None = None,
        storage: str | None = None,
        trusted_origins: Iterable[str] = (),
        devtools: bool = False,
        max_events: int = 200_000,
        max_bytes: int = 64 * 1024 * 1024,
        overflow: Overflow = "error",
        auto_reload: bool = True,
        **others: Any,
    ) -> None:
        content = [source for source in (url, html, app_dir) if source is not None]
        if len(content) > 1:
            raise TypeError("WebView() takes one of url, html and app_dir, not several")
        self.ready = Signal()
        self.event_received = Signal()
        self.renderer_crashed = Signal()
        self.message_dropped = Signal()
        self.unresponsive = Signal()
        self.responsive = Signal()
        self.files_dropped = Signal()
        self.download_changed = Signal()
        self.runtime: FakeRuntime | None = None
        self._resources, self._images = Resources(), ImageSources(NoCodec())
        self._title = title
        self._reloads = auto_reload
        self._url = f"auroraview://view-{next(_numbers)}/"
        self._has_content = self._is_loading = False
        self._engine = engine = Engine(
            TrustPolicy(self._url, *trusted_origins),
            self,
            max_events=max_events,
            max_bytes=max_bytes,
            overflow=overflow,
            tracebacks=devtools,
        )
        engine.dispatcher.watch_events(self.event_received.emit)
        self._init_api(engine, lambda fn, name, thread: fn, engine.announce_commands, devtools=devtools)
        if storage is not None:
            self.state.attach_file(cast(StateFile, self.storages.setdefault(storage, MemoryStorage())))
        broadcasting.join(engine.queue)
        self.made.add(self)
        if content:
            self._load()

    def __getattr__(self, name: str) -> Callable[..., None]:
        if _WITHOUT_EFFECT.fullmatch(name):
            return lambda *arguments, **keywords: None
        raise AttributeError(
            f"{name!r} of the widget does not exist on the fake stage: mark the test "
            'with @pytest.mark.aurora(stage="page") if it needs Qt'
        )

    # Loading

    def _load(self, *_: object, **__: object) -> None:
        self._has_content = self._is_loading = True
        self.woken.set()

    load_url = load_html = load_file = load_app = _load

    def reload(self) -> None:
        """Replace the document."""
        if self._has_content:
            self._load()

    def windowTitle(self) -> str:  # noqa: N802
        """Return the title."""
        return self._title

    def setWindowTitle(self, title: str) -> None:  # noqa: N802
        """Set the title."""
        self._title = title

    title = windowTitle

    @property
    def has_content(self) -> bool:
        """Return whether a page was loaded."""
        return self._has_content

    # The event loop

    def has_work(self) -> bool:
        """Return whether `turn` would do something."""
        runtime = self.runtime
        if self._engine.is_closed:
            return False
        if self._is_loading or (runtime is not None and runtime.has_work()):
            return True
        return self._engine.is_due() or self._engine.page_calls.next_deadline_s() <= time.perf_counter()

    def turn(self) -> None:
        """Do a piece of the work of both ends, as a turn of the event loop does."""
        engine = self._engine
        if self._is_loading:
            self._is_loading = False
            if self.runtime is not None and not self.runtime.is_frozen:
                self.runtime.turn()  # its last messages
            self.runtime = FakeRuntime(engine, self._url, self.woken.set)
        if self.runtime is not None and not self.runtime.is_frozen:
            self.runtime.turn()
        if engine.has_received():
            engine.work(_BUDGET_S)
        if engine.page_calls.next_deadline_s() <= time.perf_counter():
            engine.page_calls.expire()
        delivery = None if engine.is_closed or self._is_loading else engine.next_delivery()
        if delivery is not None and self.runtime is not None:
            self.runtime.take(delivery)

    def terminate_page(self) -> bool:
        """Let the page die, and load it again."""
        if self.runtime is None:
            return False
        self.runtime = None
        self._engine.end_session(died=True, killed=True)
        self.renderer_crashed.emit("killed", 9)
        if self._reloads:
            self.reload()
        return True

    def close(self) -> bool:
        """Do nothing: a hidden view keeps its page."""
        return True

    def deleteLater(self) -> None:  # noqa: N802
        """End the view."""
        self.made.discard(self)
        self.runtime = None
        self._engine.close()

    # Reports of the engine; see `EngineOwner`

    def wake(self) -> None:
        """Let the test's loop turn. Thread: any."""
        self.woken.set()

    backlog_grew = noop

    def event_dropped(self, name: str, reason: str) -> None:
        """Log and signal a drop. Thread: the emitting thread."""
        _log.warning("event %r was dropped: %s", name, reason)
        self.message_dropped.emit(name, reason)

    def page_is_ready(self, url: str) -> None:
        """Signal that the page listens."""
        self.ready.emit()
