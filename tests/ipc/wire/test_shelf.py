"""Large data beside its message: held as long as the message, counted in the queue, and sent in the text if need be."""

from __future__ import annotations

import gc
import json
import os
import re

import pytest

from auroraview_qt.errors import QueueFullError
from auroraview_qt.ipc.engine.session import Session
from auroraview_qt.ipc.wire import json_text, protocol, shelf
from auroraview_qt.ipc.wire.message_queue import MessageQueue

LARGE = bytes(range(256)) * 200


def ids(text: bytes) -> list[str]:
    return re.findall('"#([0-9a-f]{32})"', text.decode())


@pytest.mark.parametrize(
    "make",
    [
        lambda value: protocol.event_payload("x", value),
        lambda value: protocol.result_payload("c1", value),
        lambda value: protocol.part_payload("c1", value),
        lambda value: protocol.call_message("p1", "fn", (value,)).payload,
        lambda value: protocol.coalesced_message("x", value).payload,
    ],
)
def test_large_data_is_held_as_long_as_its_message(make) -> None:
    text = make({"a": LARGE, "b": b"small", "n": [None, float("nan")]})
    assert len(text) < 300
    assert shelf.size_of(text) == len(text) + len(LARGE)
    (found,) = ids(text)
    held = shelf.find(found)
    assert held is not None
    assert held.data == LARGE
    assert held.open() is None
    del held
    value = json_text.loads(text)[-1]
    assert (value["a"], value["b"]) == (LARGE, b"small")
    whole = json_text.loads(shelf.inlined(text, shelf.held_by([text, b"1"])))[-1]
    assert whole["a"] == LARGE
    del text, value, whole
    gc.collect()
    assert shelf.find(found) is None
    assert shelf.held_by([b"1"]) == []


def test_small_data_is_in_the_text() -> None:
    for text in (protocol.event_payload("x", b"1"), protocol.call_message("p1", "fn", (b"1",)).payload):
        assert type(text) is bytes
        assert shelf.size_of(text) == len(text)


def test_state_and_errors_have_large_data_in_the_text() -> None:
    assert type(json_text.dumps([LARGE], "state 'a'")) is bytes
    assert type(protocol.error_payload("c1", {"data": LARGE})) is bytes


def test_queue_counts_large_data_and_frees_it() -> None:
    queue = MessageQueue(max_bytes=120_000)
    emit = queue.emitter()
    emit("x", 1)
    emit("x", LARGE)
    emit("x", [2, LARGE])
    assert queue.stats()["queued_bytes"] > 2 * len(LARGE)
    with pytest.raises(QueueFullError):
        emit("x", LARGE)
    emit("x", 3)
    sizes = [len(queue.drain(10, 60_000)) for _ in range(3)]
    assert sum(sizes) == 4
    gc.collect()
    assert not shelf._held


def test_session_sends_a_batch_again_with_the_data_the_page_lacks() -> None:
    queue = MessageQueue()
    session = Session(queue, "doc")
    session.ready = True
    queue.emitter()("x", LARGE)
    batch = session.next_batch(10, 10**6)
    assert batch is not None
    assert len(ids(batch.payload)) == 1
    assert session.inlined(7) is None
    again = session.inlined(batch.number)
    assert again is not None
    assert again.number == batch.number
    assert json.loads(again.payload)[0][2][:2] == [float("inf"), "bytes"]
    assert json_text.loads(again.payload)[0][2] == LARGE
    assert session.inlined(batch.number) is None
    queue.emitter()("x", LARGE)
    second = session.next_batch(10, 10**6)
    assert second is not None
    assert not ids(second.payload)
    session.acknowledge(second.number)
    del batch, again, second
    gc.collect()
    assert not shelf._held


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="the system has no memory files")
def test_much_data_is_in_a_memory_file_that_ends_with_its_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "_FILE_BYTES", 1_000)
    held = shelf.Held(memoryview(LARGE))
    assert held.data == LARGE
    first, second = held.open(), held.open()
    assert first is not None
    assert second is not None
    del held
    assert [os.read(file, 10**6) for file in (first, second)] == [LARGE, LARGE]
    for file in (first, second):
        os.close(file)
    monkeypatch.setattr(os, "open", lambda *_: os.close(-1))
    assert shelf.Held(LARGE).open() is None


def test_much_data_without_memory_files_is_held_as_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "_FILE_BYTES", 1_000)
    monkeypatch.delattr(os, "memfd_create", raising=False)
    held = shelf.Held(LARGE)
    assert held.data == LARGE
    assert held.open() is None


def test_recorded_text_has_the_data() -> None:
    text = protocol.event_payload("x", [LARGE, '"#no id"'])
    recorded = shelf.with_data(text.decode())
    assert shelf.with_data("[]") == "[]"
    assert json_text.loads(recorded.encode())[2] == [LARGE, '"#no id"']
    del text
    gc.collect()
    other = protocol.event_payload("x", LARGE)
    assert shelf.with_data('["#' + "0" * 32 + '"]') == '["#' + "0" * 32 + '"]'
    del other
    gc.collect()
    assert shelf.with_data(recorded) == recorded
