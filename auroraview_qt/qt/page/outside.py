"""Open or refuse addresses that lead out of the panel. GUI thread.

The engine calls this in the middle of its work. The program is called from the event loop, since it may delete the view.
"""

from __future__ import annotations

from typing import Callable

from auroraview_qt.capabilities.external_urls import LINK_SCHEMES, check_external
from auroraview_qt.errors import PermissionDeniedError
from auroraview_qt.policy import Policy, origin_of
from auroraview_qt.qt.input.gestures import Gestures
from auroraview_qt.qt.page.refusals import Refusals
from auroraview_qt.qt.support.binding import QtCore
from auroraview_qt.qt.support.deferred import DeferredLog, run_later

Opener = Callable[[QtCore.QUrl], object]

_log = DeferredLog(__name__)


class OutsideLinks:
    """Opens addresses outside of the panel, if the policy, the artist's gestures and the address itself allow it.

    Thread: GUI.

    Parameters
    ----------
    policy : Policy
        The policy; its `popups` decides.
    gestures : Gestures
        The gestures of the view.
    refusals : Refusals
        Logs refusals.
    """

    def __init__(self, policy: Policy, gestures: Gestures, refusals: Refusals) -> None:
        self._popups = policy.popups
        self._gestures = gestures
        self._refusals = refusals

    def follow(self, kind: str, url: QtCore.QUrl, opener: Opener) -> None:
        """Open an address soon, or log the reason against it.

        Parameters
        ----------
        kind : str
            A phrase for the log: ``"navigation to"``, ``"a new window to"``.
        url : QUrl
            The address.
        opener : callable
            Opens it in the system's browser or mail program.
        """
        text = url.toString(QtCore.QUrl.ComponentFormattingOption.FullyEncoded)
        why = self._why_not(url.scheme().lower(), text)
        if why:
            self._refusals.tell(kind, text, why)
        elif callable(self._popups):
            run_later(self._ask_program, kind, url, text, opener)
        else:
            run_later(_open, url, opener)

    def _why_not(self, scheme: str, text: str) -> str:
        """Return why an address is not opened; empty if it is."""
        if scheme not in LINK_SCHEMES:
            return "a page opens addresses of http, https and mailto only"
        if self._popups == "refuse":
            return 'Policy(popups="browser") opens it in the browser'
        try:
            check_external(text)
        except PermissionDeniedError as error:
            return str(error)
        why = self._gestures.take_gesture()
        if why and scheme != "mailto":
            return f'{why}; Policy(navigate=("{origin_of(text)}",)) shows it in the panel'
        return why

    def _ask_program(self, kind: str, url: QtCore.QUrl, text: str, opener: Opener) -> None:
        assert callable(self._popups)
        answer = self._popups(text)
        if answer == "browser":
            _open(url, opener)
        elif answer is not None:
            why = "the program's function for popups refused it"
            if answer != "refuse":
                why = f"the program's function for popups returned {answer!r:.50}: return 'browser', 'refuse' or None"
            self._refusals.tell(kind, text, why)


def _open(url: QtCore.QUrl, opener: Opener) -> None:
    _log.info("%s opens outside the panel", url.toString())
    opener(url)
