"""Recovery: whether, and how soon, a page whose renderer died is loaded again. No Qt, no clock; the thread of its owner."""

from __future__ import annotations

#: Seconds before each attempt in a row for a page that died before it had done anything; after these it is given up.
BACKOFF_S = (0.0, 0.5, 2.0, 5.0)
#: A page that lived this long, in seconds, starts with a clean slate.
STABLE_S = 60.0
#: Deaths without such a long life after which even a page that gets some work done is given up.
MAX_DEATHS = 100


class Recovery:
    """The history of one view's renderers."""

    def __init__(self) -> None:
        self._in_a_row = 0
        self._deaths = 0
        self._since_s = 0.0

    def page_ready(self, now_s: float) -> None:
        """A page listens, from this time in seconds on."""
        self._since_s = now_s

    def page_died(self, now_s: float, *, worked: bool) -> float | None:
        """Give the seconds to wait before it is loaded again, None to give it up.

        Parameters
        ----------
        now_s : float
            The time, in seconds.
        worked : bool
            The page had run something that was sent to it.
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
        """Begin anew: the user asked for another try."""
        self._in_a_row = self._deaths = 0
