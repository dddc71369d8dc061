"""Fakes of hosts that need a licence, for tests of docking code: see `Aurora.host`.

They hold no more than what the adapters of this package call. What they take is compared with the published types of the
hosts, name for name; and they refuse what the vendors' documentation forbids: unknown flags, a flag where it cannot be set,
an order, arguments of another type. Underneath they are real Qt, so that a page really is moved about. They prove that an
adapter says what the documentation says; that the host then does it, only the host can prove.
"""
