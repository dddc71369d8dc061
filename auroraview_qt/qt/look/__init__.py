"""The look of the host, for the page. Thread: GUI."""
