"""The look of the host, as a page gets it. Thread: GUI."""
