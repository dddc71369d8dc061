"""Support a program without a main window."""
