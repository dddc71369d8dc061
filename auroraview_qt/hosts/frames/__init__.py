"""Frames that more than one host uses: a dock widget, a window, a container for panels. Thread: GUI."""
