"""Answer the requests of pages for large data of their messages. Thread: GUI."""

from __future__ import annotations

from auroraview_qt.ipc.wire import shelf
from auroraview_qt.qt.support.binding import QtCore, QWebEngineUrlRequestJob

#: The path of the data; its id follows.
DATA_PATH = "/__auroraview_data__/"

_MIME = QtCore.QByteArray(b"application/octet-stream")
_READ_ONLY = QtCore.QIODevice.OpenModeFlag.ReadOnly
_CLOSES_FILE = QtCore.QFileDevice.FileHandleFlag.AutoCloseHandle


def answer(job: QWebEngineUrlRequestJob, path: str) -> bool:
    """Answer a request with data; return False if the path names none."""
    held = shelf.find(path[len(DATA_PATH) :]) if path.startswith(DATA_PATH) else None
    if held is None:
        return False
    descriptor = held.open()
    # The engine reads on another thread until the job is gone, so the job owns the device.
    if descriptor is not None:
        file = QtCore.QFile(job)
        file.open(descriptor, _READ_ONLY, _CLOSES_FILE)
        job.reply(_MIME, file)
    else:
        buffer = QtCore.QBuffer(job)
        buffer.setData(held.data)
        buffer.open(_READ_ONLY)
        job.reply(_MIME, buffer)
    return True
