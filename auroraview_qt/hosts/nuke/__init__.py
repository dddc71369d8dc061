"""Nuke."""
