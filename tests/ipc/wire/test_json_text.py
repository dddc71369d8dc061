from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auroraview_qt.errors import MessageTooLargeError, ProtocolError
from auroraview_qt.ipc.wire import json_text
from tests.ipc.json_values import JSON, TEXT, depth_of

# Depth


@given(value=JSON, limit=st.integers(0, 8), ascii_only=st.booleans())
@example(value=['\\"[[[['], limit=1, ascii_only=True)
@example(value={"\\": "\\\\", "]": []}, limit=2, ascii_only=False)
def test_depth_exceeds_any_json_agrees_with_counting(value: object, limit: int, ascii_only: bool) -> None:
    data = json.dumps(value, ensure_ascii=ascii_only).encode()

    assert json_text.depth_exceeds(data, limit) == (depth_of(value) > limit)


@given(TEXT)
def test_depth_exceeds_any_string_counts_no_bracket_inside_it(text: str) -> None:
    assert not json_text.depth_exceeds(json.dumps([text]).encode(), 1)


@pytest.mark.parametrize("data", [b"[" * 3, b"[]" * 3 + b"]", b"[]" * 3 + b"}", b"[[]]][", b"[" * 100_000])
def test_depth_exceeds_unmatched_brackets_is_too_deep(data: bytes) -> None:
    assert json_text.depth_exceeds(data, 2)


@given(st.binary())
def test_depth_exceeds_any_bytes_returns(data: bytes) -> None:
    assert json_text.depth_exceeds(data, 4) in (True, False)


# Text in


@given(JSON)
def test_loads_any_json_agrees_with_the_standard_library(value: object) -> None:
    assert json_text.loads(json.dumps(value).encode()) == value


def test_loads_lone_surrogate_is_kept() -> None:
    assert json_text.loads(b'{"file": "shot\\udcff.exr"}') == {"file": "shot\udcff.exr"}


@pytest.mark.parametrize("data", [b"", b"{", b"nope", b"\xff", b"[" * 100_000])
def test_loads_not_json_raises_protocol_error(data: bytes) -> None:
    with pytest.raises(ProtocolError, match="not JSON"):
        json_text.loads(data)


def test_guarded_over_the_size_cap_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "MAX_ENVELOPE_CHARS", 1_000)

    with pytest.raises(MessageTooLargeError, match="1,001 characters is above the limit of 1,000"):
        json_text.guarded("[" * 1_001, 64)
