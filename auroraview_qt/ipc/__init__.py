"""The engine without Qt: the messages over the bridge, their order, and their receivers.

Nothing below this package imports Qt, starts a thread or reads a clock by itself. With a given transport it is
deterministic.
"""
