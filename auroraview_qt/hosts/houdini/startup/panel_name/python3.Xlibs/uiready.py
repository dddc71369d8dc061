"""Run by Houdini once its interface is there; Houdini runs those of all its folders."""

import panel_name

panel_name.dock(show=panel_name.SHOW)
