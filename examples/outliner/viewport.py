"""The placeholder viewport: the scene as shaded bounding boxes over a grid, drawn with QPainter.

Owns: the camera, the projection, the painting. A host would have its real viewport here.
Thread: GUI.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable

from auroraview_qt.qt.support.binding import QtCore, QtGui, QtWidgets
from outliner.pose import Pose
from outliner.scene import SceneModel, SceneNode
from outliner.transforms import Affine, Vector, apply

MAX_BOXES = 400

_BACKGROUND = QtGui.QColor("#3a3a3a")
_GRID = QtGui.QColor("#464646")
_AXIS_X, _AXIS_Z = QtGui.QColor("#7a4a4a"), QtGui.QColor("#4a5f7a")
_MARK = QtGui.QColor("#8c8c8c")
_ACCENT = QtGui.QColor("#6fa8dc")
_TEXT = QtGui.QColor("#a3a3a3")

# Corner i of a box has x, y, z at their maximum where bits 0, 1, 2 of i are set.
_FACES = ((1, 3, 7, 5), (0, 4, 6, 2), (2, 6, 7, 3), (0, 1, 5, 4), (4, 5, 7, 6), (0, 2, 3, 1))
_SHADES = (0.80, 0.62, 1.0, 0.40, 0.90, 0.55)
_EDGES = tuple((a, a | bit) for a in range(8) for bit in (1, 2, 4) if not a & bit)


class Viewport(QtWidgets.QWidget):
    """Shows the boxes of a scene model; drag to orbit, use the wheel to zoom.

    Parameters
    ----------
    parent
        The Qt parent.
    """

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: SceneModel | None = None
        self._pose: Pose | None = None
        self._boxes: list[SceneNode] = []
        self._message = ""
        self._frame = 0
        self._yaw, self._pitch, self._distance = math.radians(38), math.radians(24), 6.0
        self._target: Vector = (0.0, 0.8, 0.0)
        self._dragged_from = QtCore.QPointF()
        self._picture: QtGui.QPixmap | None = None  # the last painted scene, as long as it is valid
        self._pause = QtCore.QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self.update)
        self.setMinimumSize(160, 120)
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def show_model(self, model: SceneModel | None, message: str = "") -> None:
        """Show a scene, or a message in its place.

        Parameters
        ----------
        model
            The scene.
        message
            The text that is shown without a scene.
        """
        self._model, self._message, self._frame = model, message, 0
        self._pose = Pose(model) if model else None
        self._boxes = [n for n in model.nodes.values() if n.bounds is not None] if model else []
        self._aim()
        self.repaint_scene()

    def repaint_scene(self) -> None:
        """Paint again, because the model or the camera has changed."""
        self._picture = None
        self.update()

    def show_frame(self, frame: int) -> None:
        """Show the scene at a frame.

        Parameters
        ----------
        frame
            The frame.
        """
        if frame == self._frame:
            return
        self._frame = frame
        if self._pose is not None and self._pose.moves:
            self._picture = None
        if not self._pause.isActive():
            self.update()

    # -- camera ------------------------------------------------------------------------------------

    def _aim(self) -> None:
        """Look at the middle of the scene, from a distance that shows all of it."""
        if self._pose is None or not self._boxes:
            return
        world = self._pose.at(0)
        points = [p for node in self._boxes for p in _corners(node, world[node.id])]
        low = tuple(min(column) for column in zip(*points))
        high = tuple(max(column) for column in zip(*points))
        self._target = tuple((a + b) / 2 for a, b in zip(low, high))
        self._distance = max(0.01, 0.92 * math.dist(low, high))

    def _camera(self) -> Affine:
        """From world to camera space: x right, y up, z away from the viewer."""
        cy, sy, cp, sp = (
            math.cos(self._yaw),
            math.sin(self._yaw),
            math.cos(self._pitch),
            math.sin(self._pitch),
        )
        right = (cy, 0.0, -sy)
        up = (-sy * sp, cp, -cy * sp)
        away = (-sy * cp, -sp, -cy * cp)
        rows: list[float] = []
        for axis, offset in ((right, 0.0), (up, 0.0), (away, self._distance)):
            rows += [*axis, offset - sum(a * t for a, t in zip(axis, self._target))]
        return tuple(rows)

    def _project(self, seen: Vector) -> QtCore.QPointF | None:
        x, y, z = seen
        if z < 0.01 * self._distance:
            return None
        scale = 1.25 * min(self.width(), 1.4 * self.height()) / z
        return QtCore.QPointF(self.width() / 2 + x * scale, self.height() / 2 - y * scale)

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:
        """Begin to orbit."""
        self._dragged_from = QtCore.QPointF(event.pos())

    def mouseMoveEvent(self, event: QtGui.QMouseEvent) -> None:
        """Orbit."""
        moved = QtCore.QPointF(event.pos()) - self._dragged_from
        self._dragged_from = QtCore.QPointF(event.pos())
        self._yaw -= moved.x() * 0.008
        self._pitch = max(-1.5, min(1.5, self._pitch + moved.y() * 0.008))
        self.repaint_scene()

    def wheelEvent(self, event: QtGui.QWheelEvent) -> None:
        """Come nearer, or go away."""
        self._distance *= 0.999 ** event.angleDelta().y()
        self.repaint_scene()

    # -- painting ----------------------------------------------------------------------------------

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Have room for another picture."""
        self.repaint_scene()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw everything."""
        if self._picture is None:
            began_s = time.perf_counter()
            self._picture = self._paint_picture()
            # Frames may take a third of the GUI thread here; the panel needs the other part.
            self._pause.start(int(2000 * (time.perf_counter() - began_s)))
        painter = QtGui.QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        painter.setPen(_TEXT)
        if self._model is not None:
            self._paint_labels(painter, self._model)
        else:
            self._text(painter, QtCore.Qt.AlignmentFlag.AlignCenter, self._message)
        painter.end()

    def _paint_picture(self) -> QtGui.QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QtGui.QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(_BACKGROUND)
        painter = QtGui.QPainter(picture)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        camera = self._camera()
        self._paint_grid(painter, camera)
        if self._model is not None and self._pose is not None:
            self._paint_scene(painter, camera, self._pose.at(self._frame), self._model)
        painter.end()
        return picture

    def _paint_grid(self, painter: QtGui.QPainter, camera: Affine) -> None:
        step = 10 ** math.floor(math.log10(max(0.01, self._distance) / 4))
        reach = 10 * step
        for i in range(-10, 11):
            at = i * step
            for a, b, axis in (
                ((at, 0, -reach), (at, 0, reach), _AXIS_Z),
                ((-reach, 0, at), (reach, 0, at), _AXIS_X),
            ):
                painter.setPen(QtGui.QPen(axis if i == 0 else _GRID, 1))
                self._line(painter, apply(camera, a), apply(camera, b))

    def _paint_scene(self, painter: QtGui.QPainter, camera: Affine, world: dict[str, Affine], model: SceneModel) -> None:
        selected = _with_descendants(model, model.selection)
        shown = self._shown(model)
        faces: list[tuple[float, QtGui.QPolygonF, QtGui.QColor]] = []
        outlines: list[list[Vector]] = []
        for node in self._boxes[:MAX_BOXES]:
            if not shown[node.id]:
                continue
            corners = [apply(camera, point) for point in _corners(node, world[node.id])]
            faces += self._faces(corners, self._color(node, model))
            if node.id in selected:
                outlines.append(corners)
        faces.sort(key=lambda face: -face[0])
        for _, polygon, color in faces:
            painter.setBrush(color)
            painter.setPen(QtGui.QPen(color.darker(135), 1))
            painter.drawPolygon(polygon)
        self._paint_marks(painter, camera, world, model, selected, shown)
        painter.setPen(QtGui.QPen(_ACCENT, 1.4))
        for corners in outlines:
            for a, b in _EDGES:
                self._line(painter, corners[a], corners[b])

    def _faces(self, corners: list[Vector], color: QtGui.QColor) -> Iterable[tuple[float, QtGui.QPolygonF, QtGui.QColor]]:
        points = [self._project(corner) for corner in corners]
        if any(point is None for point in points):
            return
        for face, shade in zip(_FACES, _SHADES):
            polygon = [p for p in (points[i] for i in face) if p is not None]
            (ax, ay), (bx, by), (cx, cy) = ((p.x(), p.y()) for p in polygon[:3])
            if (bx - ax) * (cy - ay) - (by - ay) * (cx - ax) >= 0:
                continue  # it faces away
            lit = QtGui.QColor.fromRgbF(color.redF() * shade, color.greenF() * shade, color.blueF() * shade, color.alphaF())
            # The farther half of a face decides, so a floor lies under the objects on it.
            depth = sum(sorted(corners[i][2] for i in face)[1:]) / 3
            yield depth, QtGui.QPolygonF(polygon), lit

    def _paint_marks(
        self,
        painter: QtGui.QPainter,
        camera: Affine,
        world: dict[str, Affine],
        model: SceneModel,
        selected: set[str],
        shown: dict[str, bool],
    ) -> None:
        """Joints as bones, lights and cameras as rings."""
        painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
        for node in model.nodes.values():
            if node.kind not in ("joint", "light", "camera") or not shown[node.id]:
                continue
            painter.setPen(QtGui.QPen(_ACCENT if node.id in selected else _MARK, 1.4))
            place = apply(camera, world[node.id][3::4])
            centre = self._project(place)
            if centre is not None:
                radius = 3.0 if node.kind == "joint" else 6.0
                painter.drawEllipse(centre, radius, radius)
            if node.kind == "joint" and node.parent is not None and model.nodes[node.parent].kind == "joint":
                self._line(painter, apply(camera, world[node.parent][3::4]), place)

    def _paint_labels(self, painter: QtGui.QPainter, model: SceneModel) -> None:
        align = QtCore.Qt.AlignmentFlag
        self._text(painter, align.AlignLeft | align.AlignTop, "Perspective · bounding boxes")
        self._text(painter, align.AlignRight | align.AlignTop, f"frame {self._frame}")
        if len(self._boxes) > MAX_BOXES:
            text = f"{MAX_BOXES} of {len(self._boxes):,} boxes drawn"
            self._text(painter, align.AlignLeft | align.AlignBottom, text)

    def _text(self, painter: QtGui.QPainter, alignment: QtCore.Qt.AlignmentFlag, text: str) -> None:
        option = QtGui.QTextOption(alignment)
        option.setWrapMode(QtGui.QTextOption.WrapMode.WordWrap)
        painter.drawText(QtCore.QRectF(self.rect().adjusted(10, 8, -10, -8)), text, option)

    def _line(self, painter: QtGui.QPainter, a: Vector, b: Vector) -> None:
        near = 0.02 * self._distance
        if a[2] < near and b[2] < near:
            return
        if a[2] < near or b[2] < near:  # cut off the part behind the viewer
            front, back = (a, b) if a[2] > b[2] else (b, a)
            t = (front[2] - near) / (front[2] - back[2])
            a, b = front, tuple(f + (k - f) * t for f, k in zip(front, back))
        start, end = self._project(a), self._project(b)
        if start is not None and end is not None:
            painter.drawLine(start, end)

    @staticmethod
    def _shown(model: SceneModel) -> dict[str, bool]:
        shown: dict[str, bool] = {}
        for node in model.nodes.values():
            shown[node.id] = node.visible and (node.parent is None or shown[node.parent])
        return shown

    @staticmethod
    def _color(node: SceneNode, model: SceneModel) -> QtGui.QColor:
        if not node.materials:
            return QtGui.QColor("#8a8a8a")
        material = model.materials[node.materials[0]]
        color = QtGui.QColor(material.color)
        color.setAlphaF(material.opacity)
        return color


def _corners(node: SceneNode, world: Affine) -> list[Vector]:
    low, high = node.bounds or ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
    return [apply(world, tuple((high if i >> k & 1 else low)[k] for k in range(3))) for i in range(8)]


def _with_descendants(model: SceneModel, ids: list[str]) -> set[str]:
    found: set[str] = set()
    waiting = list(ids)
    while waiting:
        node_id = waiting.pop()
        if node_id not in found:
            found.add(node_id)
            waiting.extend(model.nodes[node_id].children)
    return found
