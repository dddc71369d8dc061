"""Bridge: the tiny QObject on the QWebChannel, with the one slot and the one signal a page can reach. GUI thread.

It is never the widget: QWebChannel exports every slot and property of what is registered.
"""

from __future__ import annotations

import logging
from typing import Callable

from auroraview_qt.qt.binding import QtCore, QWebChannel, QWebEnginePage, Signal, Slot

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

    def __init__(self, page: QWebEnginePage, receive: Callable[[str], object]) -> None:
        super().__init__(page)
        self._receive = receive
        channel = QWebChannel(page)
        channel.registerObject(CHANNEL_NAME, self)
        page.setWebChannel(channel)

    def method_index(self) -> int:
        """Return the slot's index, by which the runtime calls it: names work from Qt 6 on only. Thread: GUI."""
        return int(self.metaObject().indexOfMethod("receive(QString)"))

    def signal_index(self) -> int:
        """Return the signal's index, which the channel has for its name. Thread: GUI."""
        return int(self.metaObject().indexOfMethod("delivered(QString)"))

    @Slot(str)
    def receive(self, text: str) -> None:
        """Take one message of the page; called by QWebChannel."""
        try:
            self._receive(text)
        except Exception:  # nothing may leave a slot: PyQt would abort the host
            _log.exception("a message of the page failed")
