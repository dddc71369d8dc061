"""Register callbacks by event name, and run them; a failing callback stops no other. No Qt."""

from __future__ import annotations

import inspect
import logging
import threading
import weakref
from typing import Callable

from auroraview_qt._log_limit import LogLimit
from auroraview_qt.ipc.calls.failures import name_of, report
from auroraview_qt.ipc.wire import protocol

Callback = Callable[..., object]

_log = logging.getLogger(__name__)


class Subscription:
    """A callback for an event; `cancel` removes it.

    Thread: any.

    Attributes
    ----------
    event : str
        The event's name, or ``"*"``.
    once, cancelled : bool
        Whether it ends with the next event, and whether it has ended.
    strong : callable or None
        The function, if it is not a bound method.
    """

    __slots__ = ("_owner", "_weak", "cancelled", "event", "once", "strong")

    def __init__(self, owner: Callbacks, event: str, fn: Callback, once: bool) -> None:
        self.event = event
        self.once = once
        self._owner = weakref.ref(owner)
        self.cancelled = False
        self.strong: Callback | None = None
        self._weak: Callable[[], Callback | None] = lambda: None
        if inspect.ismethod(fn):
            # A panel that subscribes its own method must still be collectable.
            self._weak = weakref.WeakMethod(fn, lambda _: self.cancel())
        else:
            self.strong = fn

    @property
    def active(self) -> bool:
        """Return whether the callback is still registered."""
        return not self.cancelled

    def callback(self) -> Callback | None:
        """Return the callback, or None if its object is gone."""
        return self._weak() if self.strong is None else self.strong

    def cancel(self) -> None:
        """Remove the callback; a second call does nothing. A running dispatch skips it, too."""
        owner = self._owner()
        if owner is None:
            self.retire()
        else:
            owner.remove(self)

    def retire(self) -> bool:
        """Mark as cancelled; False when it already was. Its owner calls it under a lock."""
        was_active = not self.cancelled
        self.cancelled = True
        return was_active


class Callbacks:
    """A registry of callbacks by event.

    Attributes
    ----------
    subscriptions : dict
        Callbacks by event. Lists are replaced as a whole, so a running dispatch keeps the list of its start.
    direct : dict
        The single function of an event, by event, if it is permanent and there is no listener for ``"*"``. Nearly all events
        have such an entry, and a burst of a page spends its time here.
    errors : int
        Number of failed callbacks.

    Notes
    -----
    Thread: any; callbacks run on the thread that dispatches.
    """

    def __init__(self) -> None:
        self.subscriptions: dict[str, tuple[Subscription, ...]] = {}
        self.direct: dict[str, Callback] = {}
        self.errors = 0
        self._log_limit = LogLimit()
        self._lock = threading.RLock()  # re-entrant: a weak method may die, and cancel itself, anywhere

    def on(self, event: str, fn: Callback, *, once: bool = False) -> Subscription:
        """Call ``fn(data)`` for each `event`; for ``"*"`` ``fn(event, data)`` for all of them, after the others.

        Functions are held strongly, bound methods weakly.

        Raises
        ------
        InvalidNameError
            `event` is neither ``"*"`` nor a valid name.
        TypeError
            `fn` cannot be called.

        Notes
        -----
        Thread: any, also from within a callback; a dispatch under way does not see the newcomer.
        """
        if event != "*":
            protocol.check_event(event)
        if not callable(fn):
            raise TypeError(f"on({event!r}, …) needs a callable, not {type(fn).__name__}")
        subscription = Subscription(self, event, fn, once)
        with self._lock:
            self.subscriptions[event] = (*self.subscriptions.get(event, ()), subscription)
            self._index(event)
        return subscription

    def off(self, event: str, fn: Callback | None = None) -> int:
        """Remove `fn`, or all callbacks, from `event`; return how many were removed. Thread: any."""
        doomed = [s for s in self.subscriptions.get(event, ()) if fn is None or s.callback() == fn]
        return sum(self.remove(subscription) for subscription in doomed)

    def remove(self, subscription: Subscription) -> bool:
        """Remove a subscription; return False if it was already removed. Thread: any."""
        with self._lock:
            if not subscription.retire():
                return False
            left = tuple(s for s in self.subscriptions[subscription.event] if s is not subscription)
            if left:
                self.subscriptions[subscription.event] = left
            else:
                del self.subscriptions[subscription.event]
            self._index(subscription.event)
            return True

    def _index(self, event: str) -> None:
        """Update `direct` after a change of an event. Called under the lock."""
        alone = "*" not in self.subscriptions
        for name in list(self.subscriptions) if event == "*" else [event]:
            found = self.subscriptions.get(name, ())
            fn = found[0].strong if alone and len(found) == 1 and not found[0].once else None
            if fn is None:
                self.direct.pop(name, None)
            else:
                self.direct[name] = fn

    def dispatch(self, event: str, data: object) -> int:
        """Run the callbacks of `event` in the order of registration, then the callbacks of ``"*"``.

        A failing callback is logged with its name and traceback, counted, and stops no other.

        Returns
        -------
        int
            The number of callbacks that ran.

        Notes
        -----
        Thread: the caller's; callbacks run on it.
        """
        named, every = self.subscriptions.get(event, ()), self.subscriptions.get("*", ())
        count = self._run(named, event, (data,))
        if every:
            count += self._run(every, event, (event, data))
        return count

    def is_heard(self, event: str) -> bool:
        """Return whether `event` itself has callbacks. Thread: any."""
        return event in self.subscriptions

    def run(self, event: str, *args: object) -> int:
        """Run the callbacks of `event` alone, with these arguments; otherwise the same as `dispatch`.

        Thread: the caller's.
        """
        return self._run(self.subscriptions.get(event, ()), event, args)

    def _run(self, subscriptions: tuple[Subscription, ...], event: str, args: tuple[object, ...]) -> int:
        """Run the callbacks that are still due; return how many were."""
        count = 0
        for subscription in subscriptions:
            fn = subscription.callback()
            if fn is None or subscription.cancelled:
                continue
            if subscription.once and not self.remove(subscription):
                continue  # another thread was faster
            count += 1
            try:
                fn(*args)
            except BaseException as error:
                self.note_failure(event, fn, error)
        return count

    def note_failure(self, event: str, fn: Callback, error: BaseException) -> None:
        """Count and log an exception of a callback. Thread: the caller's."""
        self.errors += 1
        report(_log, error, "callback %s of event %r failed", name_of(fn), event, limit=self._log_limit)
