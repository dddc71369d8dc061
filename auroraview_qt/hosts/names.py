"""Change names to the form that hosts accept. No Qt, any thread."""

from __future__ import annotations


def identifier_from(object_name: str) -> str:
    """Return the name with only letters, digits and underscores.  Thread: any."""
    return "".join(c if c.isascii() and c.isalnum() else "_" for c in object_name)
