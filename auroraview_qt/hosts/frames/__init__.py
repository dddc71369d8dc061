"""Frames that several hosts use: a dock widget, a window, a container for panels. Thread: GUI."""
