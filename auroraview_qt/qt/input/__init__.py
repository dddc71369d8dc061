"""Keyboard, drag and drop between the page, the host and the desktop. Thread: GUI."""
