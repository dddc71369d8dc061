"""Context: the views and the worker that several measures share, made when first wanted, and the size of the run."""

from __future__ import annotations

import contextlib

from harness import BenchError
from ours import Ours
from pywebview_peer import PyWebView
from raw import Raw


class Context:
    """The shared views and options of a measure.

    Parameters
    ----------
    rounds : int
        Number of rounds in which the sides of a comparison take turns.
    quick : bool
        Small counts, for a trial: the numbers mean little.
    """

    def __init__(self, rounds: int, quick: bool) -> None:
        self.rounds = rounds
        self.quick = quick
        self._ours: Ours | None = None
        self._raw: Raw | None = None
        self._floor: Raw | None = None
        self._pywebview: PyWebView | None = None
        self.no_pywebview = ""

    def count(self, full: int) -> int:
        """Return the number of units, scaled down from the number of a full run."""
        return max(20, full // 20) if self.quick else full

    @property
    def ours(self) -> Ours:
        """Return our view."""
        if self._ours is None:
            self._ours = Ours()
        return self._ours

    @property
    def raw(self) -> Raw:
        """Return a bare view with a channel."""
        if self._raw is None:
            self._raw = Raw()
        return self._raw

    @property
    def floor(self) -> Raw:
        """Return a bare view without a bridge."""
        if self._floor is None:
            self._floor = Raw(bridge=False)
        return self._floor

    @property
    def pywebview(self) -> PyWebView | None:
        """Return pywebview's worker, or None if it does not start; `no_pywebview` has the reason."""
        if self._pywebview is None and not self.no_pywebview:
            try:
                self._pywebview = PyWebView()
            except (BenchError, OSError) as error:
                self.no_pywebview = str(error)
        return self._pywebview

    def discard(self) -> None:
        """Close all shared views, because their state is unknown after an error."""
        for shared in (self._ours, self._raw, self._floor, self._pywebview):
            if shared is not None:
                with contextlib.suppress(BenchError):  # a frozen view cannot be closed properly either
                    shared.close()
        self._ours = self._raw = self._floor = self._pywebview = None
