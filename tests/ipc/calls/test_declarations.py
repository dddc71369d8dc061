"""Declarations: messages of the page are checked; events of Python are checked in development."""

from __future__ import annotations

import dataclasses
import json
import logging
from pathlib import Path
from typing import Any

import pytest

from auroraview_qt.errors import InvalidNameError, ProtocolError, SerializationError
from auroraview_qt.ipc.calls.declarations import Declarations
from auroraview_qt.ipc.calls.handler import IpcHandler
from auroraview_qt.ipc.engine.engine import Engine
from auroraview_qt.ipc.trust import TrustPolicy
from auroraview_qt.ipc.wire.message_queue import MessageQueue


@dataclasses.dataclass
class Export:
    path: Path
    frames: int = 1


def test_declared_event_of_the_page_reaches_callbacks_as_declared() -> None:
    handler, got = IpcHandler(), []
    handler.declarations.declare_event("export", Export, source="page")
    handler.on("export", got.append)
    handler.on("*", lambda event, data: got.append(data))
    assert handler.handle_event("export", {"path": "a"}) == Export(Path("a"))
    assert got == [Export(Path("a"))] * 2


def test_declared_event_of_the_page_that_does_not_fit_reaches_nobody() -> None:
    handler, got = IpcHandler(), []
    handler.declarations.declare_event("export", Export, source="page")
    handler.on("export", got.append)
    with pytest.raises(ProtocolError, match=r"event 'export': expected int, got str \"1\" at \$\.frames"):
        handler.handle_event("export", {"path": "a", "frames": "1"})
    with pytest.raises(ProtocolError, match=r"expected Export with 'path', got empty dict"):
        handler.handle_event("export", None)
    assert not got


@pytest.mark.parametrize("raw", [[0, "export", {"path": 3}], [3, '{"type": "event", "event": "export", "detail": 3}']])
def test_declared_event_that_does_not_fit_is_logged_and_counted_as_malformed(raw: Any, caplog: Any) -> None:
    engine = Engine(TrustPolicy("http://app"))
    handler = engine.handler
    handler.declarations.declare_event("export", Export, source="page")
    events: list[Any] = []
    engine.dispatcher.watch_events(lambda event, data: events.append(data))
    hello = {"type": "hello", "protocol": 3, "commands": []}
    good = json.dumps({"type": "event", "event": "export", "detail": {"path": "b"}})
    envelope = ["doc1", 0, 0, [[2, hello], raw, [0, "export", {"path": "a"}], [3, good]]]
    assert engine.receive(engine.secret + json.dumps(envelope), "http://app/")
    with caplog.at_level(logging.WARNING):
        while engine.work(1.0):
            pass
    assert events == [Export(Path("a")), Export(Path("b"))]
    assert engine.stats()["malformed"] == 1
    assert "event 'export': expected" in caplog.text


def test_declared_event_without_payload_is_not_validated() -> None:
    handler = IpcHandler()
    handler.declarations.declare_event("export", Export, source="page")
    handler.declarations.declare_event("export", source="page")
    assert handler.handle_event("export", 3) == 3


def test_declare_event_refuses_what_is_no_name_or_source() -> None:
    declarations = Declarations()
    with pytest.raises(InvalidNameError):
        declarations.declare_event("a\nb")
    with pytest.raises(ValueError, match=r"declare_event\('a', source='js'\): use 'python' or 'page'"):
        declarations.declare_event("a", source="js")  # type: ignore[arg-type]


def test_checked_emit_sends_everything_and_tells_each_complaint_once(caplog: Any) -> None:
    declarations, queue = Declarations(), MessageQueue()
    declarations.declare_event("export", Export)
    emit = declarations.check_emits(queue.emitter())
    with caplog.at_level(logging.WARNING):
        emit("export", Export(Path("a")))
        emit("export", {"path": Path("a")}, coalesce=True)
        emit("other")
        assert not caplog.records
        emit("export", {"path": 3})
        emit("export", {"path": 3})
        emit("export")
    told = [record.getMessage() for record in caplog.records]
    assert told == [
        "event 'export' is not as declared: expected Path (a string), got int 3 at $.path",
        "event 'export' is not as declared: expected Export with 'path', got empty dict",
    ]
    assert len(queue) == 6
    with pytest.raises(SerializationError):
        emit("export", object())


def test_checked_emit_of_an_event_the_page_sends_is_not_looked_at(caplog: Any) -> None:
    declarations = Declarations()
    declarations.declare_event("export", Export, source="page")
    declarations.check_emits(MessageQueue().emitter())("export", 3)
    assert not caplog.records
