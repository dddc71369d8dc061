"""Switch capabilities on and off by name: the features that a view's program gives its page beyond the bridge.

GUI thread.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterable
from typing import Any, Callable, NamedTuple, get_type_hints

from auroraview_qt._wording import suggest, there_are
from auroraview_qt.capabilities.fs import MAX_BYTES, FileSystem
from auroraview_qt.capabilities.scopes import Scopes
from auroraview_qt.ipc.calls.handler import IpcHandler
from auroraview_qt.ipc.calls.runners import Pool
from auroraview_qt.ipc.wire import plugins
from auroraview_qt.qt.capabilities.clipboard import Clipboard, StandardClipboard
from auroraview_qt.qt.capabilities.dialogs import Dialogs
from auroraview_qt.qt.capabilities.external_opener import ExternalOpener
from auroraview_qt.qt.input.drag_out import DragOut
from auroraview_qt.qt.page.page import Page
from auroraview_qt.qt.page.permissions import CLIPBOARD
from auroraview_qt.qt.support.afterlife import when_destroyed
from auroraview_qt.qt.support.binding import QtCore

#: Tells the current page its capabilities; the next page gets them with its runtime.
CHANGED_EVENT = "__auroraview_capabilities"

Commands = dict[str, Callable[..., object]]


class EnabledCapability(NamedTuple):
    """A capability: its commands, its closing function, and its folders on disk."""

    commands: Commands
    close: Callable[[], object] = lambda: None
    scopes: Scopes = Scopes(())


class Capabilities(QtCore.QObject):
    """The capabilities of a page.

    Thread: GUI.

    Parameters
    ----------
    page : Page
        The owner. Dialogs stand before its window, and close when it moves to another window.
    handler : IpcHandler
        Gets their commands.
    changed : callable
        Called with the names of the enabled capabilities.
    """

    def __init__(self, page: Page, handler: IpcHandler, changed: Callable[[list[str]], object]) -> None:
        super().__init__(page)
        self._page = page
        self._handler = handler
        self._changed = changed
        self._enabled: dict[str, EnabledCapability] = {}
        self._makers: dict[str, Callable[..., EnabledCapability]] = {
            "fs": self._make_fs,
            "dialog": self._make_dialog,
            "clipboard": self._make_clipboard,
            "drag": self._make_drag,
            "shell": self._make_shell,
        }
        when_destroyed(page, self.close)

    @property
    def fs_scopes(self) -> Scopes:
        """Return the roots of "fs"; empty while it is off."""
        return self._enabled["fs"].scopes if "fs" in self._enabled else Scopes(())

    @property
    def drag_scopes(self) -> Scopes:
        """Return the roots of "drag"; empty while it is off."""
        return self._enabled["drag"].scopes if "drag" in self._enabled else Scopes(())

    def names(self) -> list[str]:
        """Return the names of the enabled capabilities."""
        return sorted(self._enabled)

    def enable(self, name: str, options: dict[str, Any]) -> None:
        """Switch a capability on, or on with other options.

        Raises
        ------
        ValueError
            There is no such capability, or an option has no possible value.
        TypeError
            If it has no such option, or a required option is missing.
        FileNotFoundError
            If a root does not exist.
        """
        self._put(name, options)
        self._changed(self.names())

    def enable_all(self, capabilities: dict[str, dict[str, Any]]) -> None:
        """Switch on the capabilities of a policy; raises as `enable`."""
        for name, options in capabilities.items():
            self._put(name, options)
        if capabilities:
            self._changed(self.names())

    def _put(self, name: str, options: dict[str, Any]) -> None:
        maker = self._maker(name)
        _check_options(name, maker, options)
        capability = maker(**options)
        self._remove(name)
        self._enabled[name] = capability
        for command, fn in capability.commands.items():
            self._handler.register_command(plugins.command_name(name, command), fn)

    def permit(self, permissions: Iterable[str]) -> None:
        """Grant the permissions for the standard clipboard that a policy names; reading includes writing."""
        if set(CLIPBOARD) & set(permissions):
            self._standard_clipboard = StandardClipboard(self._page, read=CLIPBOARD[0] in permissions, write=True)

    def disable(self, name: str) -> None:
        """Switch a capability off, and cancel its work. Raises ValueError as `enable`."""
        self._maker(name)
        if self._remove(name):
            self._changed(self.names())

    def close(self) -> None:
        """Cancel the work of all capabilities, because the page is gone."""
        for capability in list(self._enabled.values()):
            capability.close()

    def _maker(self, name: str) -> Callable[..., EnabledCapability]:
        maker = self._makers.get(name)
        if maker is None:
            hint = suggest(name, self._makers, there_are(self._makers)).text
            raise ValueError(f"there is no capability {name!r}: {hint}")
        return maker

    def _remove(self, name: str) -> bool:
        """Remove the enabled capability of a name; return False if there is none."""
        capability = self._enabled.pop(name, None)
        if capability is None:
            return False
        for command in capability.commands:
            self._handler.unregister_command(plugins.command_name(name, command))
        capability.close()
        return True

    # A function for each capability; its parameters are the options of `enable`.

    def _make_fs(self, *, roots: Any, write: bool = False, max_bytes: int = MAX_BYTES) -> EnabledCapability:
        scopes = Scopes(roots)
        files, worker = FileSystem(scopes, write=write, max_bytes=max_bytes), Pool(1, "auroraview-files")
        when_destroyed(self._page, worker.close)  # with threads that may work longer than everything else lives
        commands = {name: _in_background(worker, fn) for name, fn in files.commands().items()}
        return EnabledCapability(commands, worker.close, scopes)

    def _make_dialog(self, *, native: bool = True) -> EnabledCapability:
        dialogs = Dialogs(self._page, native=native)
        return EnabledCapability(dialogs.commands(), dialogs.close)

    def _make_clipboard(self, *, read: bool = True, write: bool = True) -> EnabledCapability:
        standard = StandardClipboard(self._page, read=read, write=write)
        return EnabledCapability(Clipboard(read=read, write=write).commands(), standard.close)

    def _make_drag(self, *, roots: Any = (), types: Any = ()) -> EnabledCapability:
        scopes = Scopes(roots)
        drags = DragOut(self._page, scopes, types)
        return EnabledCapability(drags.commands(), drags.close, scopes)

    def _make_shell(
        self, *, schemes: Any = ("https", "http", "mailto"), paths: Any = (), opener: Any = None
    ) -> EnabledCapability:
        return EnabledCapability(
            ExternalOpener(schemes, Scopes(paths), opener, self._page.gestures.take_for_command).commands()
        )


def _in_background(worker: Pool, command: Callable[..., object]) -> Callable[..., object]:
    """Return a command with the same signature that a worker answers."""

    def run(*args: object, **keywords: object) -> object:
        return worker.submit(functools.partial(command, *args, **keywords))

    # The signature is set explicitly, with types. Through functools.wraps Python 3.9 would find the function behind the
    # method, with its self, and would look up names of types in this module.
    signature, hints = inspect.signature(command), get_type_hints(command)
    parameters = [one.replace(annotation=hints.get(one.name, one.empty)) for one in signature.parameters.values()]
    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return run


def _check_options(name: str, maker: Callable[..., object], options: dict[str, Any]) -> None:
    """Raise the TypeError Python would, in words about the option."""
    known = inspect.signature(maker).parameters
    for option in options:
        if option not in known:
            hint = suggest(option, known, f"it has {', '.join(map(repr, known))}").text
            raise TypeError(f"capability {name!r} has no option {option!r}: {hint}")
    for option, parameter in known.items():
        if parameter.default is parameter.empty and option not in options:
            raise TypeError(f"capability {name!r} needs the option {option!r}")
