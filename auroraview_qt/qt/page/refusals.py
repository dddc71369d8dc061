"""Log refusals for a page, once for each kind and origin. GUI thread."""

from __future__ import annotations

from auroraview_qt.policy import origin_of
from auroraview_qt.qt.support.deferred import DeferredLog
from auroraview_qt.qt.support.shown_text import shortened

#: Maximum number of different kinds and origins for a view, because a page could invent endlessly many.
MAX_TOLD = 100
#: Maximum characters of an address in the log.
_ADDRESS_CHARS = 300


class Refusals:
    """The refusals for the pages of a view.

    Thread: GUI.

    Parameters
    ----------
    log : DeferredLog
        Gets a warning for each.
    """

    def __init__(self, log: DeferredLog) -> None:
        self._log = log
        self._logged: set[tuple[str, str]] = set()

    def tell(self, kind: str, url: str, why: str) -> bool:
        """Log a refusal, unless the same was logged before; return whether it was logged.

        Parameters
        ----------
        kind : str
            The refused action, up to the address: ``"navigation to"``.
        url : str
            The address.
        why : str
            The reason, and the argument of `Policy` that would allow it.
        """
        key = (kind, origin_of(url))
        if key in self._logged or len(self._logged) > MAX_TOLD:
            return False
        self._logged.add(key)
        more = "" if len(self._logged) <= MAX_TOLD else "; further refusals are not logged"
        self._log.warning("%s %s refused: %s%s", kind, shortened(url, _ADDRESS_CHARS), why, more)
        return True
