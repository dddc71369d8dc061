"""Substance 3D Painter."""
