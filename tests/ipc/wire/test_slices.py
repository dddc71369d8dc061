"""Large JSON, decoded a slice at a time: the outcome is that of decoding it whole, wherever it is cut."""

from __future__ import annotations

import contextlib
import gc
import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from auroraview_qt.errors import MessageTooLargeError, ProtocolError
from auroraview_qt.ipc.wire import slices
from auroraview_qt.ipc.wire.slices import SlicedJson
from tests.ipc.json_values import JSON


def decoded(*pieces: bytes, size: int = slices.SLICE_BYTES, depth: int = 64, values: int = 10**6) -> Any:
    """Decode a text in slices of so many bytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slices, "SLICE_BYTES", size)
        text = SlicedJson(pieces, depth, values)
        while not text.step():
            pass
    return text.value


SIZES = st.sampled_from([96, 97, 101, 128, 200])
#: Values whose slices begin and end in every kind of place.
TREES = st.recursive(
    st.none()
    | st.integers(-5, 5)
    | st.text(max_size=8)
    | st.text('a",[]{}:\\\u00e9\U0001f3ac\ud83d', min_size=90, max_size=500),
    lambda inner: st.lists(inner, max_size=30) | st.dictionaries(st.text(max_size=3), inner, max_size=30),
    max_leaves=60,
)


@settings(max_examples=300)
@given(value=TREES, size=SIZES, ascii_only=st.booleans(), indent=st.sampled_from([None, 1]))
@example(value={"a": {"b": ["x" * 100, "y" * 100], "c": {}}, "d": [[[]]]}, size=96, ascii_only=True, indent=None)
@example(value=["\U0001f3ac" * 100, "\ud83d" * 100, '\\"' * 100], size=96, ascii_only=True, indent=None)
@example(value=["\U0001f3ac" * 100, "\u00e9" * 100], size=97, ascii_only=False, indent=1)
def test_slices_any_value_is_as_if_decoded_whole(value: object, size: int, ascii_only: bool, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)

    assert decoded(text.encode("utf-8", "surrogatepass"), size=size) == json.loads(text)


@given(value=JSON, cut=st.integers(0, 100))
def test_slices_pieces_are_joined(value: object, cut: int) -> None:
    text = json.dumps(value).encode()

    assert decoded(text[:cut], text[cut:]) == value


@given(text=st.text('[]{},:"\\ 1a', max_size=300), size=SIZES)
@example(text='["a",]' + " " * 300, size=96)
@example(text="[[1,2}]", size=96)
def test_slices_what_is_no_json_is_refused(text: str, size: int) -> None:
    try:
        expected = json.loads(text)
    except ValueError:
        with pytest.raises(ProtocolError):
            decoded(text.encode(), size=size)
    else:
        with contextlib.suppress(ProtocolError):
            assert decoded(text.encode(), size=size) == expected


def test_slices_order_of_members_is_kept() -> None:
    value = {f"k{n}": {"x": n, "y": [n, {}]} for n in range(200)}

    assert list(decoded(json.dumps(value).encode(), size=96)) == list(value)


@pytest.mark.parametrize(
    "text",
    [
        b'{"a":1,"b":[],"a":[' + b"1," * 100 + b"1]}",
        b'{"a":1,"b":{},"a":{' + b'"x":1,' * 100 + b'"y":1}}',
        b'{"a":1,"b":2,"a":[' + b"1," * 100 + b"1]}",
        b'{"a":1,"b":"s","a":"' + b"x" * 500 + b'"}',
        b'[{"a":1,"b":2,"a":{"c":"' + b"x" * 500 + b'"}}]',
    ],
)
def test_slices_name_that_stands_twice_is_refused_or_counts_last(text: bytes) -> None:
    with contextlib.suppress(ProtocolError):
        assert decoded(text, size=96) == json.loads(text)


def test_slices_name_that_stands_twice_is_told() -> None:
    with pytest.raises(ProtocolError, match="a name stands twice"):
        decoded(b'{"a":1,"b":[],"a":[' + b"1," * 100 + b"1]}", size=96)


def test_slices_name_that_is_very_long_is_refused() -> None:
    with pytest.raises(MessageTooLargeError, match="a name of more than"):
        decoded(b'{"' + b"k" * 500 + b'" : 1}', size=96)


@pytest.mark.parametrize(
    "text", [b"1" * 1000, b"[" + b" " * 1000 + b"1]", b'["' + b"x" * 1000, b"[[" + b"1," * 1000, b"", b"1,2", b"1]"]
)
def test_slices_odd_texts_are_refused(text: bytes) -> None:
    with pytest.raises(ProtocolError, match="not JSON"):
        decoded(text, size=96)


@pytest.mark.parametrize(
    "text", [b"[" * 5000, b"[" * 90 + b"]" * 90, b'{"a":' * 90 + b"1" + b"}" * 90, b"[1," * 90 + b"1" + b"]" * 90]
)
def test_slices_too_deep_is_refused(text: bytes) -> None:
    for size in (96, 100_000):
        with pytest.raises(ProtocolError, match=r"deeper than 64|without a comma"):
            decoded(text, size=size)


def test_slices_depth_is_counted_as_when_whole() -> None:
    value = json.loads("[" * 64 + "1" + "]" * 64)

    assert decoded(json.dumps(value).encode(), size=96) == value


def test_slices_too_many_values_are_refused() -> None:
    text = json.dumps([[n] for n in range(1000)]).encode()

    assert len(decoded(text, size=96, values=2_002)) == 1000
    with pytest.raises(MessageTooLargeError, match="more than 1,000 values"):
        decoded(text, size=96, values=1_000)


def test_slices_collector_stays_as_the_program_has_it() -> None:
    for enable, is_enabled in ((gc.disable, False), (gc.enable, True)):
        enable()
        assert decoded(b"[1,2,3]") == [1, 2, 3]
        assert gc.isenabled() is is_enabled


def test_slices_array_that_hides_the_last_member_is_refused() -> None:
    with pytest.raises(ProtocolError, match="a name stands twice"):
        decoded(b'{"a":1,"b":[1],"a":[' + b"1," * 100 + b"1]}", size=96)
