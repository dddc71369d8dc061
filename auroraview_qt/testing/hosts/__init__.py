"""Fakes of hosts that need a licence, for tests of docking code: see `Aurora.host`.

They contain only the functions that the adapters of this package call. Their arguments are compared with the published types
of the hosts, name by name. They refuse calls that the vendors' documentation forbids: unknown flags, flags at the wrong
time, a wrong order, arguments of another type. Underneath they are real Qt, so that a page really is moved about. They prove
that an adapter follows the documentation, but only the real host can prove the effect.
"""
