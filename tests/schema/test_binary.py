"""Names of typed arrays."""

from __future__ import annotations

from auroraview_qt.schema.binary import FORMATS, typed_array


def test_typed_array_each_type_has_one() -> None:
    assert [typed_array(name).replace("Array", "") for name in FORMATS] == [
        "Uint8", "Int8", "Uint8", "Int16", "Uint16", "Int32", "Uint32", "BigInt64", "BigUint64", "Float32", "Float64",
    ]  # fmt: skip
