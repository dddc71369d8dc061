"""A program without a main window."""
