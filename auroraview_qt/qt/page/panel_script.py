"""Run scripts of resources/panel/, which the panel needs in any page, in a separate world. GUI thread.

They run beside the bridge and independently of it: in untrusted pages, and in frames. They report through the console, with
a random prefix that the page's own scripts do not have.
"""

from __future__ import annotations

import functools
import secrets
from typing import Any, Callable

from auroraview_qt._resources import page_text
from auroraview_qt.qt.page.closed_page import APPLICATION_WORLD
from auroraview_qt.qt.page.page import Page, document_script
from auroraview_qt.qt.support.binding import QtCore, QWebEngineScript, is_alive
from auroraview_qt.qt.support.guard import guarded


@functools.cache
def _source_of(file: str) -> str:
    return page_text("panel", file)


class PanelScript(QtCore.QObject):
    """A script of `resources/panel/` on a page.

    Thread: GUI.

    Parameters
    ----------
    page : Page
        Gets the script; owns this object.
    file : str
        The script's file.
    function : str
        Its function, which is called with the prefix and returns the function that `ask` calls.
    heard : callable
        Gets the reports of the script.
    from_creation : bool
        Run it in the top frame alone and before the page's first script, instead of in every frame once that is parsed.
    """

    def __init__(
        self, page: Page, file: str, function: str, heard: Callable[[str], object], *, from_creation: bool = False
    ) -> None:
        super().__init__(page)
        self._page = page
        prefix = f"auroraview-{secrets.token_hex(12)}:"
        self._function = function
        source = f"{_source_of('genuine.js')}\n{_source_of(file)}"
        # Under a symbol: elements with a name or an id hide properties that have a name.
        self._place = f"window[Symbol.for('auroraview.{function}')]"
        self._source = f"{self._place} || ({self._place} = (function () {{{source}\nreturn {function}('{prefix}');}})());"
        page.listen(prefix, heard)
        script = document_script(function, self._source, APPLICATION_WORLD)
        if not from_creation:
            script.setRunsOnSubFrames(True)
            # After the page's own scripts: a world takes the renderer 2 ms, and the page's first paint need not wait for
            # that.
            script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentReady)
        page.scripts().insert(script)

    def ask(self, arguments: str, answered: Callable[[str], object]) -> None:
        """Call the script's function in the top frame, and `answered` with the text it returns.

        A document that came without the script gets it now; a deleted page answers with an empty text.

        Parameters
        ----------
        arguments : str
            JavaScript.
        answered : callable
            Is called with text, unless the page is gone.
        """

        @guarded(f"an answer of {self._function} was lost")
        def tell(result: Any) -> None:
            if is_alive(self):
                answered(result if isinstance(result, str) else "")

        if is_alive(self._page):
            self._page.runJavaScript(f"{self._source} String({self._place}({arguments}))", APPLICATION_WORLD, tell)
