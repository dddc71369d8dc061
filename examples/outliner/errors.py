"""The errors of the demo, for its users and its page.

Owns the exception classes of `outliner`. Each message is a sentence that names the thing and the fix. It is shown unchanged:
in the panel, beside the edited name, or on the command line.
Thread: any. May not import Qt.
"""

from __future__ import annotations

from auroraview_qt.errors import AuroraViewError


class SceneFileError(AuroraViewError):
    """A scene file cannot be read; the message names the file and the remedy."""

    code = "SCENE_FILE"


class UnknownNodeError(AuroraViewError):
    """The scene has no node with this id."""

    code = "UNKNOWN_NODE"


class NodeNameError(AuroraViewError):
    """No node may have this name."""

    code = "NODE_NAME_INVALID"


class NodeNameTakenError(AuroraViewError):
    """Another child of the same parent has this name."""

    code = "NODE_NAME_TAKEN"
