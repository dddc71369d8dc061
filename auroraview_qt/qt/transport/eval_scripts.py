"""Evaluator: hands the sources of `eval_js` to the page's runtime. GUI thread."""

from __future__ import annotations

import functools
from typing import Callable

from auroraview_qt.ipc.calls import evaluation
from auroraview_qt.ipc.engine.outgoing import Delivery
from auroraview_qt.qt.page.closed_page import APPLICATION_WORLD, MAIN_WORLD
from auroraview_qt.qt.page.page import Page
from auroraview_qt.qt.support.binding import is_alive
from auroraview_qt.qt.support.guard import guarded


class Evaluator:
    """Hands each source to its document, as an expression or as statements.

    Thread: GUI.

    Parameters
    ----------
    page : Page
        Runs the scripts.
    refuse : callable
        Called as ``refuse(document, call_id, why)`` for a source that is no JavaScript.
    """

    def __init__(self, page: Page, refuse: Callable[[str, str, str], object]) -> None:
        self._page = page
        self._refuse = refuse

    def hand_over(self, delivery: Delivery, call_id: str, source: str) -> None:
        """Hand a source over before the batch that starts it; if it has to be parsed first, later."""
        form = evaluation.form_of(source)
        if form is None:
            self._ask(delivery, call_id, source)
        else:
            script = evaluation.hand_over_script(delivery.target(), call_id, source, form)
            self._page.runJavaScript(script, MAIN_WORLD, functools.partial(self._handed_over, delivery, call_id, source))

    def _ask(self, delivery: Delivery, call_id: str, source: str) -> None:
        """Parse a source in a world whose content security policy does not forbid it."""
        script = evaluation.probe_script(source)
        self._page.runJavaScript(script, APPLICATION_WORLD, functools.partial(self._probed, delivery, call_id, source))

    @guarded("a source could not be evaluated")
    def _handed_over(self, delivery: Delivery, call_id: str, source: str, parsed: object) -> None:
        """Find out why a source was not taken; called by the page, even while it is being deleted."""
        if not parsed and is_alive(self._page):
            self._ask(delivery, call_id, source)

    @guarded("a source could not be evaluated")
    def _probed(self, delivery: Delivery, call_id: str, source: str, found: object) -> None:
        if not is_alive(self._page) or not isinstance(found, str):
            return  # the page is gone, and its calls have ended
        if found in ("expression", "body"):
            script = evaluation.hand_over_script(delivery.target(), call_id, source, found)  # type: ignore[arg-type]
            self._page.runJavaScript(script)
        else:
            self._refuse(delivery.document, call_id, found)
