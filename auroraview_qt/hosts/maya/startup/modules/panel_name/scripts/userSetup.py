"""Start the panel. Maya runs the userSetup.py of each module, beside the artist's own."""

import maya.utils
import panel_name

maya.utils.executeDeferred(panel_name.start)  # once Maya has a window
