"""QGIS."""
