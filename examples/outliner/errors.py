"""The errors of the demo that a user reads or the page receives.

Owns: the exception classes of `outliner`. Each message is one sentence that names the thing and
the fix, because it is shown as it stands: in the panel, beside the name being edited, or on the command
line.
Thread: any. May not import Qt.
"""

from __future__ import annotations

from auroraview_qt.errors import AuroraViewError


class SceneFileError(AuroraViewError):
    """A scene file cannot be read; the message names the file and what to do."""

    code = "SCENE_FILE"


class UnknownNodeError(AuroraViewError):
    """A node id that the scene does not have."""

    code = "UNKNOWN_NODE"


class NodeNameError(AuroraViewError):
    """A name that no node may carry."""

    code = "NODE_NAME_INVALID"


class NodeNameTakenError(AuroraViewError):
    """A name that another child of the same parent carries."""

    code = "NODE_NAME_TAKEN"
