"""The developer's tools behind dev.py. Standard library only."""
