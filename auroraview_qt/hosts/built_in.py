"""The host adapters of this package, in the order they are asked. Imports neither Qt nor a host. Thread: any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auroraview_qt.hosts.blender.adapter import BlenderHost
from auroraview_qt.hosts.freecad.adapter import FreeCADHost
from auroraview_qt.hosts.generic.adapter import GenericHost
from auroraview_qt.hosts.houdini.adapter import HoudiniHost
from auroraview_qt.hosts.krita.adapter import KritaHost
from auroraview_qt.hosts.max3ds.adapter import MaxHost
from auroraview_qt.hosts.maya.adapter import MayaHost
from auroraview_qt.hosts.nuke.adapter import NukeHost
from auroraview_qt.hosts.standalone.adapter import StandaloneHost
from auroraview_qt.hosts.substance_painter.adapter import PainterHost

if TYPE_CHECKING:
    from auroraview_qt.host.protocol import Host

ADAPTERS: tuple[type[Host], ...] = (
    MayaHost,
    HoudiniHost,
    NukeHost,
    MaxHost,
    PainterHost,
    FreeCADHost,
    KritaHost,
    BlenderHost,
    GenericHost,
    StandaloneHost,
)
