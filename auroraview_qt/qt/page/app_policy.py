"""Apply the content security policy to a view's app, served or in development, and log its refusals. GUI thread."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from auroraview_qt._resources import page_text
from auroraview_qt.ipc.wire.json_text import guarded as bounded
from auroraview_qt.ipc.wire.json_text import loads
from auroraview_qt.policy import Policy, origin_of
from auroraview_qt.qt.page.closed_page import APPLICATION_WORLD
from auroraview_qt.qt.page.page import Page, document_script
from auroraview_qt.qt.page.panel_script import PanelScript
from auroraview_qt.qt.page.scheme import SCHEME
from auroraview_qt.qt.support.binding import BINDING, QtCore, QWebEngineScript
from auroraview_qt.sites.content_policy import content_policy, development_policy
from auroraview_qt.sites.local_sites import LOCAL_HOST

#: Whether the engine can allow WebAssembly without `eval`: Chromium 97 and later, so Qt 6.4.
HAS_WASM_SWITCH = tuple(map(int, BINDING[1].split(".")[:2])) >= (6, 4)

#: Directives that `Policy` has an argument for.
_ARGUMENTS = {
    "connect-src": "connect",
    "img-src": "connect",
    "media-src": "connect",
    "frame-src": "frame",
    "child-src": "frame",
    "form-action": "navigate",
}
_SCRIPTS = ("script-src", "script-src-elem", "script-src-attr")


class AppPolicy(QtCore.QObject):
    """The allowed loads of the pages of a view's app, with a log line for each refused kind.

    Thread: GUI.

    Parameters
    ----------
    page : Page
        Owner.
    policy : Policy
        The program's rules.
    """

    def __init__(self, page: Page, policy: Policy) -> None:
        super().__init__(page)
        self._page = page
        self._policy = policy
        self._server = ""  # origin of the development server
        self._script: QWebEngineScript | None = None
        self._violations = PanelScript(page, "violations.js", "auroraviewViolations", self._on_refused, from_creation=True)

    def text(self) -> str:
        """Return the policy of a served app."""
        return content_policy(self._policy, has_wasm_switch=HAS_WASM_SWITCH)

    def develop(self, url: str) -> None:
        """Apply the same policy to the pages of a development server, except for its hot reload.

        Parameters
        ----------
        url : str
            The origin of the server.
        """
        self._server = origin_of(url)
        local = (f"https://{LOCAL_HOST}", f"{SCHEME}:")
        text = development_policy(self._policy, url, local, has_wasm_switch=HAS_WASM_SWITCH)
        source = f"{page_text('panel', 'genuine.js')}\n{page_text('panel', 'development.js')}"
        start = f"auroraviewDevelopment({json.dumps(self._server)}, {json.dumps(text)});"
        script = document_script("auroraview-development", f"(function () {{{source}\n{start}}})();", APPLICATION_WORLD)
        if self._script is not None:
            self._page.scripts().remove(self._script)
        self._page.scripts().insert(script)
        self._script = script

    def _on_refused(self, text: str) -> None:
        """Log a refusal of the engine, and the argument that allows it."""
        told = loads(bounded(text, 3))
        page = self._page.document_url()
        if isinstance(told, dict) and told.get("directive") == "fullscreen":
            if not self._policy.fullscreen:
                self._page.refusals.tell("full screen for", page, "Policy(fullscreen=True) allows it")
        elif isinstance(told, dict) and (urlsplit(page).scheme == SCHEME or origin_of(page) == self._server):
            directive, blocked = str(told.get("directive")), str(told.get("blocked"))
            kind, why = _explained(directive, blocked)
            why = f"so says the app's Content Security Policy; {why}"
            self._page.refusals.tell(kind, blocked if "://" in blocked else page, why)


def _explained(directive: str, blocked: str) -> tuple[str, str]:
    """Return the refused part, and the way to allow it."""
    if blocked == "wasm-eval":
        return "WebAssembly on", "Policy(wasm=True) allows it"
    if blocked == "eval":
        further = "" if HAS_WASM_SWITCH else "; so does Policy(wasm=True), which WebAssembly needs"
        return "eval() on", f"Policy(script_eval=True) allows it{further}"
    if blocked == "inline":
        return "an inline script on", "put it into a file of the app"
    source = origin_of(blocked) if "://" in blocked else f"{blocked}:"
    argument = _ARGUMENTS.get(directive)
    if argument is not None and "://" in blocked:
        return f"{directive} access to", f'Policy({argument}=("{source}",)) allows it'
    name = "script-src" if directive in _SCRIPTS else directive.replace("-elem", "").replace("-attr", "")
    better = "put the script into the app's folder, or " if directive in _SCRIPTS else ""
    return f"{name} access to", f'{better}Policy(directives={{"{name}": ("{source}",)}}) allows it'
