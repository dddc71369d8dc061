"""Capabilities that need Qt: dialogs, clipboard, opening files and URLs; and their registry. Thread: GUI."""
