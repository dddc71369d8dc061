"""Scenes of real hosts for the outliner's page, a module for each host; host imports are inside functions. GUI thread."""
