"""RuntimeScript: the scripts that each new document of a page starts with: the relay, and the runtime. GUI thread."""

from __future__ import annotations

import functools
import json
import secrets
from typing import Callable

import orjson

from auroraview_qt._resources import page_text, runtime_text
from auroraview_qt._version import __version__
from auroraview_qt.ipc.engine.engine import Engine
from auroraview_qt.ipc.engine.outgoing import target_of
from auroraview_qt.ipc.wire import limits, protocol
from auroraview_qt.qt.look.theme import host_css
from auroraview_qt.qt.page.closed_page import MAIN_WORLD, PROMPT_CRASHES
from auroraview_qt.qt.page.page import Page, document_script
from auroraview_qt.qt.support.binding import QWebEngineScript
from auroraview_qt.qt.transport.bridge import CHANNEL_NAME, RELAY_WORLD, Bridge

_runtime_source = functools.lru_cache(maxsize=1)(runtime_text)


@functools.lru_cache(maxsize=1)
def _relay_source() -> str:
    return page_text("relay.js")


class RuntimeScript:
    """The injected scripts of a page, and their configuration.

    Thread: GUI.

    Parameters
    ----------
    engine : Engine
        Has the secret, the trusted origins and the commands.
    page : Page
        Gets the scripts.
    bridge : Bridge
        The relay's end in Python.
    state_text : callable
        Returns the shared state for the next document.
    theme : dict or None
        The host's theme, for the first document.
    """

    def __init__(
        self, engine: Engine, page: Page, bridge: Bridge, state_text: Callable[[], str], theme: dict[str, object] | None
    ) -> None:
        self._engine = engine
        self._page = page
        self._bridge = bridge
        self._state_text = state_text
        self._theme = theme
        self._theme_changed = False  # since the last page was ready
        self._capabilities: list[str] = []  # for the next document, from its first script on
        self._scripts: dict[str, QWebEngineScript] = {}
        self._start_relay = ""  # in the script that the next document gets
        self._relay_token = secrets.token_hex(8)  # unlike the secret, both worlds have it, and no page does

    def hand_over(self) -> None:
        """Set commands, origins and state for the next document, and send new commands to the current document."""
        engine = self._engine
        relay = {
            "secret": engine.secret,
            "token": self._relay_token,
            "property": self._bridge.property_index(),
            "signal": self._bridge.signal_index(),
            "channel": CHANNEL_NAME,
            "trusted": engine.trust.prefixes,
            "unaskedChars": limits.MAX_UNASKED_CHARS,
        }
        config = {
            "protocol": protocol.PROTOCOL_VERSION,
            "version": __version__,
            "origin": engine.trust.prefixes[0][:-1],
            "commands": engine.handler.command_names(),
            "capabilities": self._capabilities,
            "eventPattern": protocol.EVENT_PATTERN,
            "namePattern": protocol.NAME_PATTERN,
            "answerPrompts": PROMPT_CRASHES,
            "state": self._state_text(),
            "limits": limits.for_page(),
            "dataUrl": self._page.data_url,
            "theme": self._theme,
            "css": host_css() if self._theme else "",
        }
        start_relay = f"auroraviewRelay({orjson.dumps(relay).decode()})"
        if start_relay != self._start_relay:
            self._start_relay = start_relay
            self._put_script("auroraview-relay", RELAY_WORLD, _relay_source(), start_relay)
        start = f"auroraviewLink('{self._relay_token}', (link) => auroraviewRuntime({orjson.dumps(config).decode()}, link))"
        self._put_script("auroraview", MAIN_WORLD, _runtime_source(), start)
        engine.announce_commands()

    def hand_over_again(self) -> None:
        """Hand both scripts to a renderer that may have started without them."""
        self._start_relay = ""
        self.hand_over()

    def _put_script(self, name: str, world: int, functions: str, start: str) -> None:
        """Run a script in each new document, in place of the last script of that name."""
        script = document_script(name, f"(function () {{{functions}\n{start};}})();", world)
        last = self._scripts.get(name)
        if last is not None:
            self._page.scripts().remove(last)
        self._page.scripts().insert(script)
        self._scripts[name] = script

    def set_capabilities(self, names: list[str]) -> None:
        """Set these capabilities for the next document."""
        self._capabilities = names
        self.hand_over()

    def set_theme(self, theme: dict[str, object]) -> None:
        """Set the host's theme for this and the next document; see `host_theme`."""
        self._theme = theme
        self._theme_changed = True
        self.hand_over()
        self._tell_theme()

    def tell_changed_theme(self) -> None:
        """Send a theme that has changed meanwhile to a document that has become ready."""
        if self._theme_changed:
            self._theme_changed = False
            self._tell_theme()

    def _tell_theme(self) -> None:
        """Send the theme to the current document, which may have begun with another theme."""
        session = self._engine.session
        if session is not None and self._theme is not None:
            theme = json.dumps(orjson.dumps(self._theme).decode())
            self._page.runJavaScript(f"{target_of(session.document)}.theme({theme})", RELAY_WORLD)
