"""Bridge: the tiny QObject on the QWebChannel, with what a page's relay can reach of Python. GUI thread.

The channel is in a world of its own, where the relay (`resources/relay.js`) is the only script: QWebChannel's own protocol
invokes every method of a registered object, and sets every property, by name or number, so no page may speak it.

The relay uses one property and one signal. The bridge is never the widget: QWebChannel exports every slot and property of
what is registered. The relay writes the property, whose setter is the slot: the channel answers each call of a slot with a
message that the engine would have to carry back, and the write of a property with none.
"""

from __future__ import annotations

import logging
from typing import Callable

from auroraview_qt.qt.page.closed_page import APPLICATION_WORLD
from auroraview_qt.qt.support.binding import Property, QtCore, QWebChannel, QWebEnginePage, Signal, Slot
from auroraview_qt.qt.support.guard import contain, guarded

#: The name the relay speaks to.
CHANNEL_NAME = "auroraview"
#: The world of the relay and of nothing a page brings along. The panel's own scripts are there too: each world costs time.
RELAY_WORLD = APPLICATION_WORLD

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
        Text for the relay of a document: ``<document>:<batch number>:<batch>``.

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
        # Set once, and not taken from untrusted pages, whose scripts cannot reach it either. A channel that is set when a
        # trusted page is on its way is missing in three loads of four (measured on Qt 6.12).
        page.setWebChannel(channel, RELAY_WORLD)

    @guarded("an event was dropped", otherwise=False)
    def event(self, event: QtCore.QEvent) -> bool:
        """Survive `deleteLater`, which the channel can invoke: the bridge dies with its page and at no other time."""
        if event.type() == QtCore.QEvent.Type.DeferredDelete:
            return True
        return super().event(event)

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

    def _read_inbox(self) -> str:
        return ""

    inbox = Property(str, _read_inbox, receive, notify=_inbox_changed)
