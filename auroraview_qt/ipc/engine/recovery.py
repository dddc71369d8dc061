"""Decide whether, and how soon, a page is loaded again after its renderer died. Thread: the owner's. No Qt, no clock."""

from __future__ import annotations

#: Seconds before each attempt in a row for a page that died before it had done anything; after these it is given up.
BACKOFF_S = (0.0, 0.5, 2.0, 5.0)
#: Seconds after which a living page makes earlier deaths irrelevant.
STABLE_S = 60.0
#: Deaths without such a long life after which even a page that gets some work done is given up.
MAX_DEATHS = 100


class Recovery:
    """The history of a view's renderers."""

    def __init__(self) -> None:
        self._in_a_row = 0
        self._deaths = 0
        self._since_s = 0.0

    def page_ready(self, now_s: float) -> None:
        """Note that a page listens, from this time in seconds on."""
        self._since_s = now_s

    def page_died(self, now_s: float, *, worked: bool) -> float | None:
        """Return the seconds until the next load, or None to give the page up.

        Parameters
        ----------
        now_s : float
            The time, in seconds.
        worked : bool
            Whether the page had run any message.
        """
        if now_s - self._since_s >= STABLE_S:
            self.forgive()
        self._since_s = now_s
        self._deaths += 1
        self._in_a_row = 1 if worked else self._in_a_row + 1
        if self._in_a_row > len(BACKOFF_S) or self._deaths > MAX_DEATHS:
            return None
        return BACKOFF_S[self._in_a_row - 1]

    def forgive(self) -> None:
        """Start over, because the user asked for another try."""
        self._in_a_row = self._deaths = 0
