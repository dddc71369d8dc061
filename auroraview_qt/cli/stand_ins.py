"""Provide views without pages for `auroraview-qt types`: they keep registrations, and ignore all other calls.

They replace the public classes while the tool is loaded. So QtWebEngine is not loaded, and Qt only if the tool loads it.
Thread: main.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any, Callable

import auroraview_qt
from auroraview_qt.ipc.calls.handler import IpcHandler
from auroraview_qt.ipc.calls.members import public_functions
from auroraview_qt.ipc.state.shared_state import SharedState
from auroraview_qt.ipc.state.state_store import StateStore


class Silent:
    """An object that accepts any call and attribute, and is empty and false: a page, a signal, a setting."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # the object supports no protocols, such as pickling
            raise AttributeError(name)
        return self

    def __call__(self, *arguments: object, **keywords: object) -> Silent:
        """Do nothing."""
        return self

    def __bool__(self) -> bool:
        """Return False."""
        return False

    def __iter__(self) -> Iterator[object]:
        """Return an empty iterator."""
        return iter(())


#: The views that have been made.
made: list[Any] = []


class Registrations:
    """The registering methods of `WebView`, without a page."""

    def __init__(self, options: Mapping[str, object]) -> None:
        self.__dict__["_handler"] = IpcHandler()
        self.__dict__["options"] = options
        self.__dict__["enabled"] = {}
        made.append(self)
        self.__dict__["state"] = SharedState(StateStore())

    @property
    def ipc_handler(self) -> IpcHandler:
        """See `WebView.ipc_handler`."""
        handler: IpcHandler = self.__dict__["_handler"]
        return handler

    def enable(self, capability: str, **options: object) -> None:
        """See `WebView.enable`."""
        self.__dict__["enabled"][capability] = options

    def disable(self, capability: str) -> None:
        """See `WebView.disable`."""
        self.__dict__["enabled"].pop(capability, None)

    def on(self, event: str, fn: Any = None) -> Any:
        """See `WebView.on`."""
        return _registered(functools.partial(self.ipc_handler.on, event), fn)

    def once(self, event: str, fn: Any = None) -> Any:
        """See `WebView.once`."""
        return _registered(functools.partial(self.ipc_handler.on, event, once=True), fn)

    def off(self, event: str, fn: Any = None) -> int:
        """See `WebView.off`."""
        return self.ipc_handler.off(event, fn)

    def register_callback(self, event: str, fn: Any) -> Any:
        """See `WebView.register_callback`."""
        return self.ipc_handler.on(event, fn)

    def command(self, name: Any = None, fn: Any = None, *, thread: Any = "gui", **options: object) -> Any:
        """See `WebView.command`."""
        if callable(name):
            return self.bind_call(name.__name__, name, thread=thread)
        if fn is None:
            return lambda function: self.bind_call(name or function.__name__, function, thread=thread)
        return self.bind_call(name, fn, thread=thread)

    def bind_call(self, name: str, fn: Any = None, *, allow_rebind: bool = True, thread: Any = "gui") -> Any:
        """See `WebView.bind_call`."""
        if fn is None:
            return lambda function: self.bind_call(name, function, allow_rebind=allow_rebind, thread=thread)
        self.ipc_handler.register_command(name, fn, replace=allow_rebind, thread=thread)
        return fn

    def bind_api(self, obj: object, namespace: str = "api", *, allow_rebind: bool = True) -> list[str]:
        """See `WebView.bind_api`."""
        names = [f"{namespace}.{name}" for name in public_functions(obj)[0]]
        for name, fn in zip(names, public_functions(obj)[0].values()):
            self.bind_call(name, fn, allow_rebind=allow_rebind)
        return sorted(names)

    def declare_event(self, name: str, payload: Any = None, *, source: Any = "python", doc: str = "") -> None:
        """See `WebView.declare_event`."""
        self.ipc_handler.declarations.declare_event(name, payload, source, doc)

    def declare_state(self, kind: type) -> None:
        """See `WebView.declare_state`."""
        self.ipc_handler.declarations.state = kind

    def emit(self, *arguments: object, **keywords: object) -> None:
        """Send nothing."""

    @classmethod
    def create_deferred(cls, *arguments: Any, on_ready: Any = None, on_error: Any = None, **keywords: Any) -> Any:
        """Make the view at once; see `QtWebView.create_deferred`."""
        view = cls(*arguments, **keywords)
        if on_ready is not None:
            on_ready(view)
        return view

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Silent()


class View(Registrations):
    """A view that is not a widget."""

    def __init__(self, *arguments: object, **keywords: object) -> None:
        super().__init__(keywords)


def widget_view(kind: type[Any]) -> type[Any]:
    """Return a class of views that are widgets, for tools that lay them out.

    Parameters
    ----------
    kind : type
        ``QWidget``
    """

    class WidgetView(Registrations, kind):  # type: ignore[misc]
        def __init__(self, parent: Any = None, *arguments: object, **keywords: object) -> None:
            kind.__init__(self, *([parent] if isinstance(parent, kind) else []))
            Registrations.__init__(self, keywords)

    return WidgetView


def use(view: type[Any]) -> None:
    """Replace the views of this package by a class, for all later imports."""

    def create_view(parent: Any = None, **keywords: Any) -> Any:
        return view(parent, **keywords)

    def safe_view(factory: Callable[[], Any], *arguments: object, **keywords: object) -> Any:
        return factory()

    homes: dict[str, dict[str, object]] = {
        "qt.view": {"WebView": view},
        "qt.compat": {"QtWebView": view},
        "qt.placeholder": {"Placeholder": view, "create_view": create_view, "safe_view": safe_view},
        "qt.prewarm": {"prewarm": lambda delay_ms=0: False},
    }
    for home, values in homes.items():
        module = ModuleType(f"{auroraview_qt.__name__}.{home}")
        for name, value in values.items():
            setattr(module, name, value)
            setattr(auroraview_qt, name, value)
        sys.modules[module.__name__] = module
    auroraview_qt.register_scheme = lambda: False


def _registered(register: Callable[[Any], object], fn: Any) -> Any:
    if fn is not None:
        return register(fn)

    def decorate(function: Any) -> Any:
        register(function)
        return function

    return decorate
