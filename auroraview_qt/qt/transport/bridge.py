"""Bridge: the tiny QObject on the QWebChannel, with what a page can reach of Python. GUI thread.

A page reaches one slot, one property and one signal. It is never the widget: QWebChannel exports every slot and property of
what is registered. The runtime writes the property, whose setter is the slot: the channel answers each call of a slot with a
message that the engine would have to carry back, and the write of a property with none.
"""

from __future__ import annotations

import logging
from typing import Callable

from auroraview_qt.qt.support.binding import Property, QtCore, QWebChannel, QWebEnginePage, Signal, Slot
from auroraview_qt.qt.support.guard import contain

#: The name the runtime speaks to.
CHANNEL_NAME = "auroraview"

_log = logging.getLogger(__name__)


class Bridge(QtCore.QObject):
    """The receiving end of a page.

    Parameters
    ----------
    page : QWebEnginePage
        Gets a channel with this object on it; owns both.
    receive : callable
        Takes the text of one message.

    Signals
    -------
    delivered(str)
        Text for the runtime of a document: ``<document>:<batch number>:<batch>``.

    Notes
    -----
    Thread: GUI
    """

    delivered = Signal(str)
    _inbox_changed = Signal()  # never emitted; QWebChannel complains about properties without one

    def __init__(self, page: QWebEnginePage, receive: Callable[[str], object]) -> None:
        super().__init__(page)
        self._receive = receive
        channel = QWebChannel(page)
        channel.registerObject(CHANNEL_NAME, self)
        page.setWebChannel(channel)

    def property_index(self) -> int:
        """Return the property's index, which the channel has for its name. Thread: GUI."""
        return int(self.metaObject().indexOfProperty("inbox"))

    def signal_index(self) -> int:
        """Return the signal's index, which the channel has for its name. Thread: GUI."""
        return int(self.metaObject().indexOfMethod("delivered(QString)"))

    @Slot(str)
    def receive(self, text: str) -> None:
        """Take one message of the page; called by QWebChannel, for a write of `inbox` too."""
        try:
            self._receive(text)
        except BaseException as error:
            contain(_log, error, "a message of the page failed", self)

    def _nothing(self) -> str:
        return ""

    inbox = Property(str, _nothing, receive, notify=_inbox_changed)
