"""Dock the panel. Houdini runs the uiready.py of all its folders once its interface is there."""

import panel_name

panel_name.dock(show=panel_name.SHOW)
