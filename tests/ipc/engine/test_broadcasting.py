from __future__ import annotations

import gc

import pytest

from auroraview_qt.errors import SerializationError
from auroraview_qt.ipc.engine import broadcasting
from auroraview_qt.ipc.wire.message_queue import MessageQueue


def test_broadcast_reaches_the_queues_that_have_joined_and_live() -> None:
    own, left, gone = MessageQueue(), MessageQueue(), MessageQueue()
    for queue in (own, left, gone):
        broadcasting.join(queue)
    broadcasting.leave(left)
    gc.collect()
    before = broadcasting.broadcast("tick", 1)
    del gone, queue
    gc.collect()

    assert broadcasting.broadcast("tick", 2) == before - 1
    assert own.drain(10, 10_000) == [b'[0,"tick",1]', b'[0,"tick",2]']
    assert not left
    broadcasting.leave(own)


def test_broadcast_that_one_queue_refuses_reaches_the_others(caplog: pytest.LogCaptureFixture) -> None:
    full, other = MessageQueue(1), MessageQueue()
    full.push(b'[0,"x",1]')
    broadcasting.join(full)
    broadcasting.join(other)
    broadcasting.broadcast("tick", 1)

    assert len(full) == len(other) == 1
    assert "the queue towards the page is full" in caplog.text
    broadcasting.leave(full)
    broadcasting.leave(other)


def test_broadcast_of_what_json_cannot_hold_raises_before_anybody_gets_it() -> None:
    queue = MessageQueue()
    broadcasting.join(queue)
    with pytest.raises(SerializationError, match="event 'tick'"):
        broadcasting.broadcast("tick", object())
    assert not queue
    broadcasting.leave(queue)
