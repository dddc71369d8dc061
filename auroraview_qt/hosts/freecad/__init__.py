"""FreeCAD."""
