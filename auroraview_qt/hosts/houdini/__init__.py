"""Houdini."""
