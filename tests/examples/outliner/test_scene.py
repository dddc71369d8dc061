"""The scene model: changes, refusals, and subscribers."""

from __future__ import annotations

from typing import Any

import pytest
from outliner import sources
from outliner.agreement import differences
from outliner.errors import NodeNameError, NodeNameTakenError, UnknownNodeError
from outliner.pose import Pose
from outliner.sample import build
from outliner.scene import Channel, SceneModel, SceneNode, SceneSource


class Listener:
    """Keeps the reports of a model."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, kind: str, data: dict[str, Any]) -> None:
        self.heard.append((kind, data))


@pytest.fixture
def model() -> SceneModel:
    return SceneModel(
        "test",
        [
            SceneNode("a", "arm", "group", children=["b", "c"]),
            SceneNode("b", "bone", "joint", parent="a", translation=(1.0, 0.0, 0.0)),
            SceneNode("c", "claw", "mesh", parent="a", mesh="claw_mesh"),
        ],
        channels=[Channel("a", "translation", [0.0, 10.0], [(0.0, 0.0, 0.0), (0.0, 5.0, 0.0)])],
    )


@pytest.fixture
def listener(model: SceneModel) -> Listener:
    heard = Listener()
    model.subscribe(heard)
    return heard


def test_model_is_a_scene_source(model: SceneModel) -> None:
    source: SceneSource = model
    assert [node["id"] for node in source.snapshot()["nodes"]] == ["a", "b", "c"]


def test_select_of_nodes_tells_once_and_keeps_the_order(model: SceneModel, listener: Listener) -> None:
    assert model.select(["c", "b", "c"]) == ["c", "b"]
    model.select(["c", "b"])
    assert listener.heard == [("selection_changed", {"ids": ["c", "b"]})]


def test_select_of_an_unknown_node_changes_nothing(model: SceneModel, listener: Listener) -> None:
    with pytest.raises(UnknownNodeError, match="'x'"):
        model.select(["a", "x"])
    assert model.selection == []
    assert listener.heard == []


def test_rename_to_a_free_name_tells(model: SceneModel, listener: Listener) -> None:
    assert model.rename("b", "  femur ") == "femur"
    assert listener.heard == [("node_changed", {"nodes": [{"id": "b", "name": "femur", "visible": True}]})]


@pytest.mark.parametrize("name", ["", "   ", "x" * 129, "a\nb", "a\x00b"])
def test_rename_to_an_impossible_name_is_refused(model: SceneModel, listener: Listener, name: str) -> None:
    with pytest.raises(NodeNameError):
        model.rename("b", name)
    assert model.nodes["b"].name == "bone"
    assert listener.heard == []


def test_rename_to_a_siblings_name_is_refused(model: SceneModel) -> None:
    with pytest.raises(NodeNameTakenError, match="claw"):
        model.rename("b", "claw")
    assert model.nodes["b"].name == "bone"


def test_rename_to_the_parents_name_is_allowed(model: SceneModel) -> None:
    assert model.rename("b", "arm") == "arm"


def test_rename_to_the_same_name_tells_nobody(model: SceneModel, listener: Listener) -> None:
    model.rename("b", "bone")
    assert listener.heard == []


def test_set_visible_tells_only_of_nodes_that_change(model: SceneModel, listener: Listener) -> None:
    model.set_visible(["b"], False)
    model.set_visible(["b", "c"], False)
    assert [[n["id"] for n in data["nodes"]] for _, data in listener.heard] == [["b"], ["c"]]


def test_subscribe_after_its_end_hears_nothing(model: SceneModel) -> None:
    heard = Listener()
    unsubscribe = model.subscribe(heard)
    unsubscribe()
    unsubscribe()
    model.select(["a"])
    assert heard.heard == []


def test_listener_that_raises_is_logged_and_stops_no_other(model: SceneModel, caplog: pytest.LogCaptureFixture) -> None:
    def broken(kind: str, data: dict[str, Any]) -> None:
        raise RuntimeError("broken listener")

    after = Listener()
    model.subscribe(broken)
    model.subscribe(after)
    model.select(["a"])
    assert len(after.heard) == 1
    assert "broken listener" in caplog.text
    caplog.clear()


def test_describe_names_the_way_and_what_is_animated(model: SceneModel) -> None:
    assert model.describe("b")["path"] == ["arm"]
    assert model.describe("a")["animated"] == ["translation"]
    assert model.describe("c")["mesh"]["name"] == "claw_mesh"


@pytest.mark.parametrize(("frame", "height"), [(-5, 0.0), (0, 0.0), (5, 2.5), (10, 5.0), (50, 5.0)])
def test_pose_at_a_frame_moves_children_with_their_parent(model: SceneModel, frame: float, height: float) -> None:
    assert Pose(model).at(frame)["b"][3::4] == pytest.approx((1.0, height, 0.0))


def test_bundled_scene_is_what_its_generator_writes() -> None:
    assert sources.bundled_path().read_bytes() == build()


def test_bundled_scene_has_levels_kinds_and_an_animation() -> None:
    scene = sources.open_scene(sources.bundled_path())
    assert {node.kind for node in scene.nodes.values()} == {"group", "mesh", "joint", "light", "camera"}
    assert max(len(scene.describe(node_id)["path"]) for node_id in scene.nodes) >= 5
    assert scene.timeline.end == 240
    assert Pose(scene).moves


@pytest.mark.parametrize("count", [1, 2, 7, 1000])
def test_generated_scene_has_the_nodes_asked_for(count: int) -> None:
    scene = sources.generated(count)
    assert len(scene.nodes) == count
    assert [n.id for n in scene.nodes.values() if n.parent is None] == ["n0"]


def test_differences_of_equal_snapshots_are_none() -> None:
    nodes = [{"id": "a", "parent": None, "name": "x", "visible": True}]
    assert differences({"nodes": nodes, "selection": ["a"]}, {"nodes": nodes, "selection": ["a"]}) == []


def test_differences_of_snapshots_name_each_of_them() -> None:
    left = {"nodes": [{"id": "a", "parent": None, "name": "x", "visible": True}], "selection": []}
    right = {
        "nodes": [
            {"id": "a", "parent": None, "name": "y", "visible": True},
            {"id": "b", "parent": None, "name": "z", "visible": True},
        ],
        "selection": ["b"],
    }
    assert differences(left, right) == [
        "b is only in the Qt tree",
        "name of a is 'x' in the page and 'y' in the Qt tree",
        "[] are selected in the page and ['b'] in the Qt tree",
    ]
