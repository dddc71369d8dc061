"""Run by Maya at its start: each module's own, beside the artist's userSetup.py."""

import maya.utils
import panel_name

maya.utils.executeDeferred(panel_name.start)  # once Maya has a window
