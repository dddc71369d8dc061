"""Krita."""
