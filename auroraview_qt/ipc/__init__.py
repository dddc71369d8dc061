"""The engine without Qt: what is said over the bridge, in which order, and to whom.

Nothing below this package imports Qt, starts a thread or reads a clock of its own; given a transport it is deterministic.
"""
