"""Callbacks, commands and calls in both directions. No Qt."""
