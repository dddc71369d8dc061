"""Start the panel. FreeCAD runs this file inside a function, so names defined here would be lost."""

import panel_name

panel_name.start()
