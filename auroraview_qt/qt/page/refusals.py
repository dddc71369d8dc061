"""Refusals: tells the log what a page was refused, once for each kind and origin. GUI thread."""

from __future__ import annotations

from auroraview_qt.policy import origin_of
from auroraview_qt.qt.support.deferred import DeferredLog
from auroraview_qt.qt.support.shown_text import shortened

#: Kinds and origins that are told apart for one view; a page could make up more without an end.
MAX_TOLD = 100
#: What is logged of an address, in characters.
_ADDRESS_CHARS = 300


class Refusals:
    """What the pages of one view were refused.

    Parameters
    ----------
    log : DeferredLog
        Gets a warning for each.

    Notes
    -----
    Thread: GUI
    """

    def __init__(self, log: DeferredLog) -> None:
        self._log = log
        self._logged: set[tuple[str, str]] = set()

    def tell(self, kind: str, url: str, why: str) -> None:
        """Log that something was refused, unless the same was logged before.

        Parameters
        ----------
        kind : str
            What was refused, up to the address: ``"navigation to"``.
        url : str
            The address.
        why : str
            The reason, and the argument of `Policy` that would allow it.

        Notes
        -----
        Thread: GUI
        """
        key = (kind, origin_of(url))
        if key in self._logged or len(self._logged) > MAX_TOLD:
            return
        self._logged.add(key)
        more = "" if len(self._logged) <= MAX_TOLD else "; what is refused from now on is not logged any more"
        self._log.warning("%s %s refused: %s%s", kind, shortened(url, _ADDRESS_CHARS), why, more)
