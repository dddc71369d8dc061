"""Connection: an engine joined to a page. Injects the runtime, carries messages both ways. GUI thread."""

from __future__ import annotations

import functools
import logging
import threading
import time
from typing import Callable

from auroraview_qt.ipc.engine.engine import Engine
from auroraview_qt.ipc.engine.outgoing import Delivery
from auroraview_qt.ipc.engine.pacer import FLUSH_BUDGET_S
from auroraview_qt.ipc.engine.session import Session
from auroraview_qt.ipc.engine.stalls import STALL_MS, WATCH
from auroraview_qt.ipc.engine.unheard import GRACE_S
from auroraview_qt.ipc.trust import TrustPolicy
from auroraview_qt.ipc.wire.message_queue import Overflow
from auroraview_qt.qt.page.closed_page import MAIN_WORLD
from auroraview_qt.qt.page.page import Page
from auroraview_qt.qt.support.afterlife import when_destroyed
from auroraview_qt.qt.support.binding import QtCore, QWebEnginePage, Signal, is_alive
from auroraview_qt.qt.support.deferred import run_later
from auroraview_qt.qt.support.guard import guarded
from auroraview_qt.qt.support.lazy_timer import LazyTimer
from auroraview_qt.qt.transport.bridge import RELAY_WORLD, Bridge
from auroraview_qt.qt.transport.call_deadlines import CallDeadlines
from auroraview_qt.qt.transport.eval_scripts import Evaluator
from auroraview_qt.qt.transport.runtime_script import RuntimeScript
from auroraview_qt.qt.transport.state_refresh import StateRefresh
from auroraview_qt.qt.transport.watchdog import Watchdog
from auroraview_qt.qt.transport.work_scheduler import WorkScheduler

#: Seconds of the GUI thread for a piece of dispatching; then the host works. A single callback is never cut short. The other
#: half of a flush's budget is for sending.
WORK_BUDGET_S = FLUSH_BUDGET_S / 2
#: Maximum characters of a batch on the channel's signal: a signal is faster than a script, but its text is parsed twice.
SIGNAL_CHARS = 4_096

#: Messages of a page that wait for the URL of the first document. On a busy machine Qt 6.12 tells it after the page's hello.
MAX_EARLY_MESSAGES = 100

#: Maximum loads in a row of a page that came without the runtime.
MAX_RELOADS = 3

_log = logging.getLogger(__name__)


class Connection(QtCore.QObject):
    """Connects an engine to a page.

    Thread: GUI.

    Parameters
    ----------
    page : Page
        Carries the engine's messages; owns the connection.
    trust : TrustPolicy
        Which pages may use the bridge.
    devtools : bool
        Whether the page gets tracebacks of failing commands.
    max_events, max_bytes, overflow
        Limits of the queue; see `MessageQueue`.
    flush_interval_ms : int
        Least time between two deliveries; 0 sends as soon as the event loop turns.
    theme : dict or None
        The host's theme for the first document; see `set_theme`.
    unresponsive_after_s : float
        Seconds in which the page has to answer; 0 for ever.
    stall_warning_ms : float
        See `WebView`.

    Attributes
    ----------
    engine : Engine
        Decides about messages; reports to this object, its `EngineOwner`.

    Signals
    -------
    ready()
        The page's listeners are set; emitted after each load.
    event_received(str, object)
        An event of the page, after its callbacks; only after a call of `signal_events`.
    message_dropped(str, str)
        Name and reason of an event that will not be delivered.
    renderer_crashed(str, int)
        Status and exit code of the page's process.
    renderer_died(str, int, bool)
        Status, exit code, and whether the page had run anything that was sent to it.
    unresponsive(), responsive()
        The page has not answered in time; it has answered late, or is gone.
    """

    ready = Signal()
    event_received = Signal(str, object)
    message_dropped = Signal(str, str)
    renderer_crashed = Signal(str, int)
    renderer_died = Signal(str, int, bool)
    unresponsive = Signal()
    responsive = Signal()

    def __init__(
        self,
        page: Page,
        trust: TrustPolicy,
        *,
        devtools: bool = False,
        max_events: int = 200_000,
        max_bytes: int = 64 * 1024 * 1024,
        overflow: Overflow = "error",
        theme: dict[str, object] | None = None,
        flush_interval_ms: int = 0,
        unresponsive_after_s: float = 0.0,
        stall_warning_ms: float = STALL_MS,
    ) -> None:
        super().__init__(page)
        self._stall_s = stall_warning_ms / 1000
        self._page = page
        self._gui_thread = threading.get_ident()
        self.engine = self._engine = engine = Engine(
            trust, self, max_events=max_events, max_bytes=max_bytes, overflow=overflow, tracebacks=devtools
        )
        self._new_renderer = False
        self._reloads_left = MAX_RELOADS
        self._session_before = engine.session  # of the page before the loading page
        self._heard = False  # from the page, since the last report to the watchdog
        self._sends_amid_bursts = not flush_interval_ms
        self._early_messages: list[str] = []
        self._bridge = Bridge(page, self._receive)
        self._scheduler = WorkScheduler(
            self._measured_work,
            engine.is_due,
            self._runs_user_code,
            lambda: engine.is_closed,
            self,
            interval_ms=flush_interval_ms,
        )
        self._watchdog = Watchdog(self, unresponsive_after_s, self.unresponsive.emit, self.responsive.emit)
        self._deadlines = CallDeadlines(
            self, engine.page_calls, functools.partial(self._measured, "a callback of a late call")
        )
        self._grace = LazyTimer(self, self._on_grace_over)  # of events without a listener
        self._evaluator = Evaluator(page, self._source_refused)
        self._state_refresh = StateRefresh(self, engine.store, self.refresh_script)
        self._script = RuntimeScript(engine, page, self._bridge, self._state_refresh.text, theme)
        page.leaving_trust.connect(self._on_leaving_trust)
        page.navigating.connect(self._state_refresh.refresh)
        page.urlChanged.connect(self._on_url_changed)
        page.loadFinished.connect(self._on_load_finished)
        page.renderer_died.connect(self._on_renderer_died)
        page.loadStarted.connect(self._on_load_started)
        page.navigation_refused.connect(self._on_navigation_refused)
        # Calls may still be worked on or waited for when the engine itself is garbage.
        when_destroyed(page, engine.close, engine.handler.calls.close, engine.page_calls.close)
        self.refresh_script()

    def refresh_script(self) -> None:
        """Hand the injected scripts over again; see `RuntimeScript.hand_over`."""
        self._script.hand_over()

    def set_theme(self, theme: dict[str, object]) -> None:
        """Set the host's theme for this and the next document; see `host_theme`."""
        self._script.set_theme(theme)

    def set_capabilities(self, names: list[str]) -> None:
        """Set these capabilities for the next document, from its first script on."""
        self._script.set_capabilities(names)

    def enqueue_step(self, step: Callable[[], object]) -> None:
        """Run a function after the received messages, from the timer; not without a trusted page."""
        if self._engine.session is not None:
            self._engine.dispatcher.enqueue_step(self._engine.session.document, step)
            self._scheduler.schedule()

    def signal_events(self) -> None:
        """Emit a signal for each event from now on; for each event the signal is the most expensive part."""
        self._engine.dispatcher.watch_events(self.event_received.emit)

    def is_idle(self) -> bool:
        """Return whether no timer runs."""
        return bool(self._scheduler.is_idle())

    def _receive(self, text: str) -> None:
        """Take a message of the channel in; called by the bridge.

        Nothing is dispatched here. A callback that opens a dialog would nest its event loop inside a task of the engine.
        Until the dialog closed, the page could neither paint nor answer (measured on Qt 5.15.2 and 6.12).
        """
        url = self._page.document_url()
        if not url and len(self._early_messages) < MAX_EARLY_MESSAGES:
            self._early_messages.append(text)
        elif self._engine.receive(text, url):
            self._answered()

    def _receive_early_messages(self) -> None:
        """Take in the messages that came before Qt told the URL of the first document, by that URL."""
        texts, self._early_messages = self._early_messages, []
        for text in texts:
            self._receive(text)

    @guarded("messages of the page were lost")
    def _on_pulled(self, document: str, result: object) -> None:
        """Handle the result of a pull script; the page calls this, even while it is being deleted."""
        if is_alive(self._page):
            if self._engine.pulled(document, result, self._page.document_url()):
                self._answered()
            else:
                self._fetch()

    def _answered(self) -> None:
        """Handle a message of the page: dispatch it soon, and fetch announced messages."""
        self._heard = True
        self._scheduler.schedule()
        if self._engine.pull_due:
            self._fetch()

    def _fetch(self) -> None:
        """Fetch what the page keeps, if it does and the program keeps up."""
        pull = self._engine.next_pull()
        if pull is not None:
            document, script = pull
            self._page.runJavaScript(script, RELAY_WORLD, functools.partial(self._on_pulled, document))

    def _measured(self, title: str, work: Callable[[], None]) -> None:
        """Run work that calls the program, and report it if it holds the thread too long."""
        WATCH.run(work, self._stall_s, lambda: title)

    def _measured_work(self) -> bool:
        return WATCH.run(self._work, self._stall_s, self._title)

    def _title(self) -> str:
        return self._engine.dispatcher.title or "a flush"

    def _work(self) -> bool:
        """Do a limited piece of work: some callbacks, at most a single delivery; the scheduler calls this."""
        engine = self._engine
        more = engine.work(WORK_BUDGET_S)
        if engine.is_closed:  # a callback deleted the view
            return False
        self._flush()
        if engine.pull_due:
            self._fetch()
        self._state_refresh.update()
        self._watchdog.update(waiting=engine.is_waiting(), answered=self._heard)
        self._heard = False
        self._deadlines.update()
        if engine.has_unheard() and not self._grace.is_set():
            self._grace.set(int(GRACE_S * 1000))
        return more

    @guarded("events without a listener could not be reported")
    def _on_grace_over(self) -> None:
        """Report events without a listener, and keep fewer of them."""
        if self._engine.has_unheard():
            self._engine.unheard.end_grace()
        if self._engine.has_unheard() and not self._engine.is_closed:
            self._grace.set(0)

    def _runs_user_code(self) -> bool:
        """Return whether the due work calls the program: callbacks, commands, or waiting futures after a hang."""
        return self._engine.has_received() or self._watchdog.has_expired

    def _flush(self) -> None:
        """Send a batch or piece, if allowed, and note its duration."""
        wall_s, cpu_s = time.perf_counter(), time.thread_time()
        delivery = self._engine.next_delivery()
        if delivery is not None:
            self._send(delivery)
            self._engine.note_flush(time.perf_counter() - wall_s, time.thread_time() - cpu_s, len(delivery.text))

    def _send(self, delivery: Delivery) -> None:
        for call_id, source in delivery.scripts:
            self._evaluator.hand_over(delivery, call_id, source)
        if len(delivery.text) <= SIGNAL_CHARS and not delivery.more and not delivery.scripts:
            self._bridge.delivered.emit(delivery.line())
        else:
            self._page.runJavaScript(delivery.script())

    def _source_refused(self, document: str, call_id: str, why: str) -> None:
        """End a call of `eval_js` from the scheduler's timer, since that calls the program."""
        error = {"name": "SyntaxError", "message": why}
        self._engine.dispatcher.enqueue_step(
            document, lambda: self._engine.page_calls.resolve(document, call_id, None, error)
        )
        self._scheduler.schedule()

    @guarded("the death of the renderer was not dealt with")
    def _on_renderer_died(self, status: str, code: int, from_outside: bool) -> None:
        self._engine.suspend()
        self._new_renderer = True
        run_later(self._end_dead_session, self._engine.session, status, code, from_outside)

    def _end_dead_session(self, session: Session | None, status: str, code: int, from_outside: bool) -> None:
        """End the session of a renderer that died, and signal the death.

        Runs in the event loop and not in Qt's signal, since it calls the program, which may delete the view.
        """
        if self._engine.is_closed or not is_alive(self):
            return
        if self._engine.session is session:
            self._engine.end_session(died=True, killed=from_outside)
        if not is_alive(self):
            return
        self._watchdog.update(waiting=False, answered=True)
        self._measured("a slot of renderer_crashed", lambda: self.renderer_crashed.emit(status, code))
        if is_alive(self):
            self.renderer_died.emit(status, code, session is not None and session.acknowledged > 0)

    @guarded("a page that leaves may still be sent to")
    def _on_leaving_trust(self) -> None:
        self._engine.suspend()

    @guarded("a refused navigation was not noted")
    def _on_navigation_refused(self) -> None:
        """Expect a new renderer: the renderer of a refused navigation takes the next load, and has no scripts on Qt 6.11."""
        self._new_renderer = True

    @guarded("the page may have to do without its runtime")
    def _on_load_started(self) -> None:
        """Hand the script to a new renderer again.

        Qt gives it the page's scripts when it starts, but the load after a crash may be faster. On 6.11 and 6.12 a tenth of
        the documents came without them. On a busy machine this is not enough; see `_on_runtime_checked`.
        """
        self._session_before = self._engine.session
        if self._new_renderer:
            self._new_renderer = False
            self._script.hand_over_again()

    @guarded("the session of a page that is gone was not ended")
    def _on_url_changed(self, _: QtCore.QUrl) -> None:
        """End the session after an untrusted page has replaced the page."""
        self._receive_early_messages()
        if not self._is_trusted():
            self.page_lost()

    @guarded("the session of a page that is gone was not ended")
    def page_lost(self) -> None:
        """Stop sending to a page that was replaced, and end its session soon.

        Not in here: the end of a session calls the program, and the engine is in the middle of a navigation.
        """
        session = self._engine.session
        if session is not None:
            self._engine.suspend()
            self.enqueue_step(functools.partial(self._end_session, session))

    def _end_session(self, session: Session) -> None:
        if self._engine.session is session:
            self._engine.end_session()

    def _is_trusted(self) -> bool:
        return self._engine.trust.trusts(self._page.document_url())

    @guarded("the end of a load was not dealt with")
    def _on_load_finished(self, ok: bool) -> None:
        """Go on after a navigation that ended at its start, and check that a trusted page has its runtime."""
        if not self._is_trusted():
            return
        self._engine.resume()
        self._scheduler.wake()
        if ok and self._engine.session is self._session_before:
            self._page.runJavaScript("typeof window.auroraview", MAIN_WORLD, self._on_runtime_checked)

    @guarded("the page may have to do without its runtime")
    def _on_runtime_checked(self, found: object) -> None:
        """Load a page once more that came without the runtime, rather than leave the artist a dead panel."""
        is_mute = found == "undefined" and is_alive(self) and self._engine.session is self._session_before
        if is_mute and self._reloads_left:
            self._reloads_left -= 1
            _log.info("%s came without the runtime: loading it again", self._page.url().toString())
            self._script.hand_over_again()
            self._page.triggerAction(QWebEnginePage.WebAction.Reload)

    # Reports of the engine; see `EngineOwner`

    def wake(self) -> None:
        """Work soon. Thread: any."""
        self._scheduler.wake()

    @guarded("a flush failed")
    def backlog_grew(self) -> None:
        """Send while a burst on the GUI thread is still being made: the page begins on it. Thread: any."""
        if self._sends_amid_bursts and threading.get_ident() == self._gui_thread:
            self._flush()

    def event_dropped(self, name: str, reason: str) -> None:
        """Signal a drop. Thread: the emitting one."""
        _log.warning("event %r was dropped: %s", name, reason)
        try:
            self.message_dropped.emit(name, reason)
        except RuntimeError:  # the view is gone
            _log.debug("drop of %r after deletion", name)

    def page_is_ready(self, url: str) -> None:
        """Signal that the page listens."""
        self._reloads_left = MAX_RELOADS
        self._grace.cancel()  # of the page before
        self._script.tell_changed_theme()
        self.ready.emit()
