"""Write Houdini's file of a Python Panel, for `hosts.dock` and for `auroraview-qt install`. No Qt. Thread: any."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import quoteattr

from auroraview_qt.hosts.names import identifier_from
from auroraview_qt.hosts.templates import fill_in, python_literal

_TEMPLATE = Path(__file__).with_name("startup") / "python_panels" / "object_name.pypanel"


def pypanel(object_name: str, title: str) -> str:
    """Return the text of the ``.pypanel`` file of a panel.

    Parameters
    ----------
    object_name, title : str
        The name given to `hosts.dock`.
    """
    texts = {
        "name": quoteattr(identifier_from(object_name)),
        "label": quoteattr(title),
        # A CDATA section must not contain its own end mark.
        "object_name": python_literal(object_name).replace("]]>", "]]\\x3e"),
    }
    return fill_in(_TEMPLATE.read_text(encoding="utf-8"), texts)
