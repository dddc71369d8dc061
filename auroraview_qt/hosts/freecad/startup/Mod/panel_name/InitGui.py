"""Run by FreeCAD at its start, inside a function: what is defined here would be out of reach later."""

import panel_name

panel_name.start()
