"""glTF files for tests: a small document with a change, written as JSON or GLB."""

from __future__ import annotations

import copy
import json
import struct
from pathlib import Path
from typing import Any, Callable

import pytest

Write = Callable[..., Path]

DOCUMENT: dict[str, Any] = {
    "asset": {"version": "2.0", "generator": "tests"},
    "nodes": [
        {"name": "root", "children": [1, 2]},
        {"name": "cube", "mesh": 0, "translation": [1, 2, 3]},
        {"name": "lamp", "extensions": {"KHR_lights_punctual": {"light": 0}}},
    ],
    "meshes": [{"name": "cube_mesh", "primitives": [{"attributes": {"POSITION": 0}, "indices": 1, "material": 0}]}],
    "materials": [{"name": "red", "pbrMetallicRoughness": {"baseColorFactor": [1, 0, 0, 1]}}],
    "accessors": [
        {"componentType": 5126, "type": "VEC3", "count": 8, "min": [-1, -1, -1], "max": [1, 1, 1]},
        {"componentType": 5123, "type": "SCALAR", "count": 36},
        {"componentType": 5126, "type": "SCALAR", "count": 2, "bufferView": 0},
        {"componentType": 5126, "type": "VEC3", "count": 2, "bufferView": 1},
    ],
    "bufferViews": [
        {"buffer": 0, "byteOffset": 0, "byteLength": 8},
        {"buffer": 0, "byteOffset": 8, "byteLength": 24},
    ],
    "buffers": [{"byteLength": 32}],
    "animations": [
        {
            "name": "slide",
            "channels": [{"sampler": 0, "target": {"node": 1, "path": "translation"}}],
            "samplers": [{"input": 2, "output": 3}],
        }
    ],
}
BINARY = struct.pack("<2f6f", 0.0, 2.0, 0.0, 0.0, 0.0, 4.0, 0.0, 0.0)


def glb(document: dict[str, Any], binary: bytes = BINARY) -> bytes:
    """Return the bytes of a GLB file."""
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text
    if binary:
        chunks += struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def changed(*changes: tuple[tuple[Any, ...], Any]) -> dict[str, Any]:
    """Return a copy of the document with some values replaced."""
    document = copy.deepcopy(DOCUMENT)
    for (*way, last), value in changes:
        place: Any = document
        for step in way:
            place = place[step]
        place[last] = value
    return document


@pytest.fixture
def write_glb(tmp_path: Path) -> Write:
    """Write the document, changed, as a GLB file."""

    def write(*changes: tuple[tuple[Any, ...], Any], binary: bytes = BINARY) -> Path:
        path = tmp_path / "scene.glb"
        path.write_bytes(glb(changed(*changes), binary))
        return path

    return write


@pytest.fixture
def write_bytes(tmp_path: Path) -> Write:
    """Write any bytes to a file."""

    def write(data: bytes, name: str = "scene.glb") -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write
