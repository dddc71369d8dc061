"""Define Bridge: the small QObject on the QWebChannel that a page's relay can reach. Thread: GUI.

The channel is in a separate world, where the relay (`resources/relay.js`) is the only script. QWebChannel's own protocol can
invoke every method and set every property of a registered object, by name or number, so no page may use it.

The relay uses a single property and a single signal. The bridge is never the widget, because QWebChannel exports every slot
and property of a registered object. The relay writes the property, whose setter is the slot. The channel answers a call of a
slot with a message, which takes time, but does not answer the write of a property.
"""

from __future__ import annotations

import logging
from typing import Callable

from auroraview_qt.qt.page.closed_page import APPLICATION_WORLD
from auroraview_qt.qt.support import pictures
from auroraview_qt.qt.support.binding import Property, QtCore, QWebChannel, QWebEnginePage, Signal, Slot
from auroraview_qt.qt.support.guard import contain, guarded

#: The name of the bridge on the channel.
CHANNEL_NAME = "auroraview"
#: The world of the relay, without any script of the page. The panel's own scripts run there, too, because each world costs
#: time.
RELAY_WORLD = APPLICATION_WORLD

_log = logging.getLogger(__name__)

pictures.register()


class Bridge(QtCore.QObject):
    """The receiving end of a page.

    Parameters
    ----------
    page : QWebEnginePage
        Gets a channel with this object on it; owns both.
    receive : callable
        Takes the text of a message.

    Signals
    -------
    delivered(str)
        Text for the relay of a document: ``<document>:<batch number>:<batch>``.
    """

    delivered = Signal(str)
    _inbox_changed = Signal()  # never emitted, but QWebChannel warns about properties without a notify signal

    def __init__(self, page: QWebEnginePage, receive: Callable[[str], object]) -> None:
        super().__init__(page)
        self._receive = receive
        channel = QWebChannel(page)
        channel.registerObject(CHANNEL_NAME, self)
        # It is set once, and stays for untrusted pages, whose scripts cannot reach it either. If a channel is set while a
        # trusted page is loading, it is missing in three loads of four (measured on Qt 6.12).
        page.setWebChannel(channel, RELAY_WORLD)

    @guarded("an event was dropped", otherwise=False)
    def event(self, event: QtCore.QEvent) -> bool:
        """Survive `deleteLater`, which the channel can invoke: the bridge dies with its page and at no other time."""
        if event.type() == QtCore.QEvent.Type.DeferredDelete:
            return True
        return super().event(event)

    def property_index(self) -> int:
        """Return the property's index, which the channel has for its name."""
        return int(self.metaObject().indexOfProperty("inbox"))

    def signal_index(self) -> int:
        """Return the signal's index, which the channel has for its name."""
        return int(self.metaObject().indexOfMethod("delivered(QString)"))

    @Slot(str)
    def receive(self, text: str) -> None:
        """Take a message of the page; QWebChannel calls this, also for a write of `inbox`."""
        try:
            self._receive(text)
        except BaseException as error:
            contain(_log, error, "a message of the page failed", self)

    def _read_inbox(self) -> str:
        return ""

    inbox = Property(str, _read_inbox, receive, notify=_inbox_changed)
