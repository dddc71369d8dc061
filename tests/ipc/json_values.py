"""Values of JSON, and how deep they are."""

from __future__ import annotations

from hypothesis import strategies as st

TEXT = st.text(alphabet=st.sampled_from('[]{}"\\,:ab\u2028é\n')) | st.text()
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


def depth_of(value: object) -> int:
    """Count the levels in the slow and obvious way."""
    if isinstance(value, dict):
        return 1 + max(map(depth_of, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth_of, value), default=0)
    return 0


def nested(levels: int) -> str:
    return "[" * levels + "]" * levels
