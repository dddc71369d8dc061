"""The kinds of messages are the same numbers in Python and in the page's runtime."""

from __future__ import annotations

import enum
import re

import pytest

from auroraview_qt._resources import resource_path
from auroraview_qt.ipc.wire.page_messages import Flow, PageMessage, decode_message
from auroraview_qt.ipc.wire.protocol import HostMessage

RUNTIME = [*sorted(resource_path("bridge").glob("*.js")), resource_path("bridge.js")]
MESSAGES = resource_path("bridge", "messages.js").read_text(encoding="utf-8")


def constants(name: str) -> dict[str, int]:
    """Return the numbers of one object of constants in the runtime."""
    found = re.search(rf"const {name} = Object\.freeze\(\{{(.*?)\}}\);", MESSAGES, re.DOTALL)
    assert found is not None
    return {key: int(number) for key, number in re.findall(r"(\w+): (?:'\[)?(\d+)(?:,')?", found[1])}


@pytest.mark.parametrize("kinds", [PageMessage, HostMessage, Flow])
def test_runtime_has_the_same_kinds(kinds: type[enum.IntEnum]) -> None:
    assert constants(f"auroraview{kinds.__name__}") == {kind.name: kind.value for kind in kinds}


def test_runtime_sends_each_kind_of_its_messages_and_no_bare_number() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in RUNTIME if path.name != "messages.js")
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", source, flags=re.DOTALL)
    sent = set(re.findall(r"auroraviewPageMessage\.(\w+)", code)) | {"EVENT"}  # which the outbox sends
    assert "{ EVENT } = auroraviewPageMessage" in code
    assert sent == {kind.name for kind in PageMessage}
    assert not re.search(r"'\[\d+,", code)


def test_runtime_does_something_with_each_kind_of_message() -> None:
    source = resource_path("bridge.js").read_text(encoding="utf-8")
    received = set(re.findall(r"receivers\[kinds\.(\w+)\] =", source)) | {"EVENT"}  # which is in a hurry
    assert "message[0] === EVENT" in source
    assert received == {kind.name for kind in HostMessage}


@pytest.mark.parametrize("kind", PageMessage)
def test_page_message_of_each_kind_is_decoded(kind: PageMessage) -> None:
    items = {
        PageMessage.EVENT: ["name", 1],
        PageMessage.CALL: ["id", "method"],
        PageMessage.LIFE: [{"type": "ready"}],
        PageMessage.TEXT: ['{"type":"event","event":"a"}'],
        PageMessage.CANCEL: ["id"],
        PageMessage.STREAM: ["id", "method", 1],
        PageMessage.CREDIT: ["id", 1],
        PageMessage.RESULT: ["id", 1],
        PageMessage.ERROR: ["id", {}],
        PageMessage.PROGRESS: ["id", 0.5, "text"],
    }
    if kind is PageMessage.STATE:  # its store decodes the patch
        return
    assert isinstance(decode_message([kind.value, *items[kind]])["type"], str)
