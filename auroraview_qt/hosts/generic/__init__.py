"""Any Qt program with a main window."""
