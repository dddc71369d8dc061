"""The Qt-free parts of the capabilities, which a program can give to its page beyond the bridge."""
