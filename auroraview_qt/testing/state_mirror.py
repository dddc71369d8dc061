"""StateMirror: the shared state as a test reads and writes it on the page's side. Thread: the page's. No Qt."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auroraview_qt.testing.bridge_page import BridgePage


class StateMirror(MutableMapping[str, Any]):
    """``auroraview.state`` of a page, as a dict.

    Parameters
    ----------
    page : BridgePage
        Whose state it is.
    """

    def __init__(self, page: BridgePage) -> None:
        self._page = page

    def __getitem__(self, key: str) -> Any:
        return self._page.read_state()[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self._page.write_state(key, value)

    def __delitem__(self, key: str) -> None:
        if key not in self:
            raise KeyError(key)
        self._page.delete_state(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._page.read_state())

    def __len__(self) -> int:
        return len(self._page.read_state())

    def __repr__(self) -> str:
        return repr(self._page.read_state())
