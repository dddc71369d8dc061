from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from auroraview_qt.errors import ChannelClosedError, InvalidNameError, QueueFullError, SerializationError
from auroraview_qt.ipc.calls.channels import CHANNEL_EVENT, Channel
from auroraview_qt.ipc.wire.message_queue import MessageQueue
from auroraview_qt.ipc.wire.protocol import payload_of


def sent(queue: MessageQueue) -> list[Any]:
    return [json.loads(payload_of(entry)) for entry in queue.drain(1000, 10**9)]


def test_channel_messages_keep_their_order_with_events() -> None:
    queue = MessageQueue()
    emit = queue.emitter()
    channel = Channel(emit, "progress")
    channel.send(1)
    emit("other", 2)
    channel.close()

    assert sent(queue) == [
        [0, CHANNEL_EVENT, {"id": "progress", "data": 1}],
        [0, "other", 2],
        [0, CHANNEL_EVENT, {"id": "progress", "closed": True}],
    ]


def test_channel_without_id_has_one_of_its_own() -> None:
    ids = {Channel(lambda *_: None).id for _ in range(50)}
    assert len(ids) == 50
    assert all(len(one) == 16 for one in ids)


@pytest.mark.parametrize("bad", ["", "a b", "ä", "x" * 129, 7])
def test_channel_id_is_a_name(bad: Any) -> None:
    with pytest.raises(InvalidNameError, match="channel name"):
        Channel(lambda *_: None, bad)


def test_closed_channel_says_so_and_closes_once() -> None:
    queue = MessageQueue()
    with Channel(queue.emitter(), "a") as channel:
        assert not channel.is_closed
    channel.close()

    assert channel.is_closed
    with pytest.raises(ChannelClosedError, match="'a'"):
        channel.send(1)
    assert len(sent(queue)) == 1


def test_channel_raises_what_an_emit_raises() -> None:
    channel = Channel(MessageQueue(max_events=1).emitter())
    with pytest.raises(SerializationError):
        channel.send(object())
    channel.send(1)
    with pytest.raises(QueueFullError):
        channel.close()
    assert not channel.is_closed


def test_nothing_is_sent_behind_the_end_from_whatever_thread() -> None:
    queue = MessageQueue()
    channel = Channel(queue.emitter(), "a")

    def send() -> None:
        try:
            for number in range(10_000):
                channel.send(number)
        except ChannelClosedError:
            pass

    workers = [threading.Thread(target=send) for _ in range(4)]
    for worker in workers:
        worker.start()
    channel.close()
    for worker in workers:
        worker.join()
    messages = sent_all(queue)
    assert "closed" in messages[-1][2]


def sent_all(queue: MessageQueue) -> list[Any]:
    found: list[Any] = []
    while queue:
        found += sent(queue)
    return found
