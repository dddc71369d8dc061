"""The glTF reader: its data from good files, and its message for each broken file."""

from __future__ import annotations

import base64
import json
import struct
from pathlib import Path
from typing import Any, Callable

import pytest
from outliner import gltf, gltf_container
from outliner.errors import SceneFileError

Write = Callable[..., Path]

BINARY = struct.pack("<2f6f", 0.0, 2.0, 0.0, 0.0, 0.0, 4.0, 0.0, 0.0)


def document_of(path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    length = struct.unpack_from("<I", data, 12)[0]
    document: dict[str, Any] = json.loads(data[20 : 20 + length])
    return document


def sentence_for(path: Path) -> str:
    with pytest.raises(SceneFileError) as caught:
        gltf.load(path)
    sentence = str(caught.value)
    assert sentence.startswith(path.name)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert caught.value.code == "SCENE_FILE"
    return sentence


# -- good files ------------------------------------------------------------------------------------


def test_load_of_a_glb_gives_nodes_with_parents_and_kinds(write_glb: Write) -> None:
    scene = gltf.load(write_glb())
    assert [(n.name, n.kind, n.parent) for n in scene.nodes] == [
        ("root", "group", -1),
        ("cube", "mesh", 0),
        ("lamp", "light", 0),
    ]


def test_load_of_a_glb_counts_its_meshes(write_glb: Write) -> None:
    mesh = gltf.load(write_glb()).meshes[0]
    assert (mesh.vertices, mesh.triangles, mesh.materials) == (8, 12, [0])
    assert mesh.bounds == ((-1.0, -1.0, -1.0), (1.0, 1.0, 1.0))


def test_load_of_a_glb_reads_its_animation(write_glb: Write) -> None:
    (channel,) = gltf.load(write_glb()).channels
    assert (channel.node, channel.path, channel.times) == (1, "translation", [0.0, 2.0])
    assert channel.values == [(0.0, 0.0, 0.0), (4.0, 0.0, 0.0)]


def test_load_of_json_with_a_buffer_beside_it_reads_both(write_glb: Write, write_bytes: Write) -> None:
    document = document_of(write_glb((("buffers", 0, "uri"), "my%20data.bin")))
    write_bytes(BINARY, "my data.bin")
    path = write_bytes(json.dumps(document).encode(), "scene.gltf")
    assert gltf.load(path).channels[0].times == [0.0, 2.0]


def test_load_of_json_with_an_embedded_buffer_reads_it(write_glb: Write, write_bytes: Write) -> None:
    uri = "data:application/octet-stream;base64," + base64.b64encode(BINARY).decode()
    document = document_of(write_glb((("buffers", 0, "uri"), uri)))
    path = write_bytes(json.dumps(document).encode(), "scene.gltf")
    assert gltf.load(path).channels[0].times == [0.0, 2.0]


def test_load_of_json_with_a_byte_order_mark_reads_it(write_glb: Write, write_bytes: Write) -> None:
    document = document_of(write_glb((("animations",), [])))
    path = write_bytes(b"\xef\xbb\xbf" + json.dumps(document).encode(), "scene.gltf")
    assert len(gltf.load(path).nodes) == 3


def test_load_of_a_glb_named_gltf_goes_by_its_content(write_glb: Write, write_bytes: Write) -> None:
    assert len(gltf.load(write_bytes(write_glb().read_bytes(), "scene.gltf")).nodes) == 3


def test_load_of_a_matrix_gives_translation_rotation_and_scale(write_glb: Write) -> None:
    # A quarter turn about z, scaled by 2, moved.
    matrix = [0, 2, 0, 0, -2, 0, 0, 0, 0, 0, 2, 0, 5, 6, 7, 1]
    node = gltf.load(write_glb((("nodes", 1), {"matrix": matrix}))).nodes[1]
    assert node.translation == (5.0, 6.0, 7.0)
    assert node.scale == pytest.approx((2.0, 2.0, 2.0))
    assert node.rotation == pytest.approx((0.0, 0.0, 0.5**0.5, 0.5**0.5))


def test_load_of_nodes_without_names_gives_them_some(write_glb: Write) -> None:
    scene = gltf.load(write_glb((("nodes", 1, "name"), None), (("nodes", 2, "name"), "  ")))
    assert [node.name for node in scene.nodes] == ["root", "node_1", "node_2"]


def test_load_of_joints_knows_them_from_the_skin(write_glb: Write) -> None:
    scene = gltf.load(write_glb((("skins",), [{"joints": [0]}])))
    assert scene.nodes[0].kind == "joint"


def test_load_of_a_name_with_a_lone_surrogate_makes_it_writable(write_glb: Write) -> None:
    name = gltf.load(write_glb((("nodes", 0, "name"), "a\ud800b"))).nodes[0].name
    assert name.encode("utf-8")


def test_load_of_a_file_without_nodes_gives_an_empty_scene(write_bytes: Write) -> None:
    path = write_bytes(b'{"asset": {"version": "2.0"}}', "scene.gltf")
    assert gltf.load(path).nodes == []


# -- broken files: the shell -----------------------------------------------------------------------


def test_load_of_a_missing_file_says_so(tmp_path: Path) -> None:
    assert "does not exist" in sentence_for(tmp_path / "nowhere.glb")


def test_load_of_a_folder_says_so(tmp_path: Path) -> None:
    assert "is a folder" in sentence_for(tmp_path)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n", "neither glTF (JSON) nor GLB"),
        (b"glTF", "ends within its GLB header"),
        (struct.pack("<4sIII4s", b"glTF", 1, 20, 0, b"JSON"), "version 1"),
        (struct.pack("<4sIII4s", b"glTF", 2, 999, 0, b"JSON"), "is truncated: 20 of 999 bytes"),
        (struct.pack("<4sIII4s", b"glTF", 2, 3, 0, b"JSON"), "its own length as 3"),
        (struct.pack("<4sIII4s", b"glTF", 2, 20, 500, b"JSON"), "chunk of 500 bytes where 0 are left"),
        (struct.pack("<4sIII4s", b"glTF", 2, 20, 0, b"BIN\0"), "does not begin with its JSON chunk"),
        (struct.pack("<4sIII4s", b"glTF", 2, 20, 0, b"JSON"), "not valid JSON"),
        (b'{"asset":\n oops', "not valid JSON at line 2, column 2"),
        (b'{"asset": "\xff"}', "is not UTF-8"),
        (b'{"asset": {"version": NaN}}', "holds NaN"),
        (b'{"a": ' + b"[" * 200_000, "nests its JSON too deeply"),
        (b"{}", "only 2.x is read"),
        (b'{"asset": {"version": "1.0"}}', "is glTF version 1.0"),
        (b'{"asset": []}', "only 2.x is read"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_load_of_a_broken_shell_says_what_is_wrong(write_bytes: Write, data: bytes, expected: str) -> None:
    assert expected in sentence_for(write_bytes(data))


def test_load_of_a_file_cut_anywhere_never_raises_anything_else(write_glb: Write, write_bytes: Write) -> None:
    data = write_glb().read_bytes()
    for length in range(0, len(data), 7):
        sentence_for(write_bytes(data[:length], "cut.glb"))


def test_load_of_too_large_a_file_says_so(write_glb: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gltf_container, "MAX_FILE_BYTES", 100)
    assert "is larger than" in sentence_for(write_glb())


def test_load_of_too_much_json_says_so(write_glb: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gltf_container, "MAX_JSON_BYTES", 100)
    assert "MB of JSON" in sentence_for(write_glb())


def test_load_of_too_many_nodes_says_so(write_glb: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gltf, "MAX_NODES", 2)
    assert "3 nodes" in sentence_for(write_glb())


# -- broken files: the document --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "value", "expected"),
    [
        (("nodes", 1, "children"), [0], "node 0 its own ancestor"),
        (("nodes", 2, "children"), [2], "node 2 two parents"),
        (("nodes", 0, "children"), [1, 1], "node 1 two parents"),
        (("nodes", 0, "children"), [9], "number 9 of its 3 nodes in node 0"),
        (("nodes", 0, "children"), [-1], "number -1 of its 3 nodes"),
        (("nodes", 0, "children"), [True], "number True of its 3 nodes"),
        (("nodes", 0, "children"), {}, "other than a list as children"),
        (("nodes",), {}, "other than a list of objects as nodes"),
        (("nodes", 1), 7, "other than a list of objects as nodes"),
        (("nodes", 1, "mesh"), 4, "number 4 of its 1 meshes"),
        (("nodes", 1, "translation"), [1, 2], "other than 3 numbers in node 1"),
        (("nodes", 1, "translation"), [1, 2, "x"], "has x for a number"),
        (("nodes", 1, "translation"), [1, 2, 1e300], "for a number in node 1"),
        (("nodes", 1, "matrix"), [1], "other than 16 numbers"),
        (("skins",), [{"joints": [44]}], "number 44 of its 3 nodes in skin 0"),
        (("meshes", 0, "primitives"), [3], "primitive in mesh 0 that is no object"),
        (("meshes", 0, "primitives", 0, "attributes", "POSITION"), 99, "number 99 of its 4 accessors"),
        (("meshes", 0, "primitives", 0, "material"), 5, "number 5 of its 1 materials"),
        (("accessors", 0, "count"), -1, "a size of -1"),
        (("accessors", 0, "count"), 10**13, "a size of 10000000000000"),
        (("animations", 0, "channels", 0, "sampler"), 3, "channel without target or sampler"),
        (("animations", 0, "channels", 0, "target"), None, "channel without target or sampler"),
        (("animations", 0, "samplers", 0), "x", "sampler that is no object"),
        (("animations", 0, "samplers", 0, "input"), 77, "number 77 of its 4 accessors"),
        (("animations", 0, "samplers", 0, "output"), 2, "times and values do not match"),
        (("bufferViews", 0, "buffer"), 3, "number 3 of its 1 buffers"),
        (("bufferViews", 1, "byteOffset"), 16, "past the end of its buffer"),
        (("accessors", 2, "count"), 200_000_000, "the most that is read"),
        (("buffers", 0, "byteLength"), 4000, "says buffer 0 has 4000 bytes, but there are 32"),
        (("buffers", 0, "byteLength"), None, "no length for buffer 0"),
        (("buffers", 0, "uri"), "gone.bin", "needs gone.bin, which is not there"),
        (("buffers", 0, "uri"), "https://example.org/a.bin", "only files beside it"),
        (("buffers", 0, "uri"), "/etc/passwd", "only files beside it"),
        (("buffers", 0, "uri"), "a%00b", "cannot be read"),
        (("buffers", 0, "uri"), 5, "something that is no text"),
        (("buffers", 0, "uri"), "data:,plain", "other than base64"),
        (("buffers", 0, "uri"), "data:;base64,@@@", "broken base64"),
    ],
)
def test_load_of_a_broken_document_says_what_is_wrong(
    write_glb: Write, place: tuple[Any, ...], value: Any, expected: str
) -> None:
    assert expected in sentence_for(write_glb((place, value)))


def test_load_of_a_cycle_beside_a_good_tree_says_so(write_glb: Write) -> None:
    cycle = [{"name": "root"}, {"children": [2]}, {"children": [1]}]
    assert "node 1 its own ancestor" in sentence_for(write_glb((("nodes",), cycle)))


def test_load_of_a_glb_without_its_binary_chunk_says_so(write_glb: Write) -> None:
    assert "no data for buffer 0" in sentence_for(write_glb(binary=b""))


def test_load_of_times_that_do_not_increase_says_so(write_glb: Write) -> None:
    binary = struct.pack("<2f6f", 2.0, 2.0, 0, 0, 0, 0, 0, 0)
    assert "times do not increase" in sentence_for(write_glb(binary=binary))


def test_load_of_an_animation_that_is_not_finite_says_so(write_glb: Write) -> None:
    binary = struct.pack("<2f6f", 0.0, 2.0, 0, 0, 0, float("nan"), 0, 0)
    assert "not finite" in sentence_for(write_glb(binary=binary))
