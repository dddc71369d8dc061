"""The scenes of real hosts behind the outliner's page, one module each; host imports inside functions. GUI thread."""
