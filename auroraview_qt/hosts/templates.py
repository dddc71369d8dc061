"""The files of ``resources/startup``: read, and filled in. No Qt, any thread.

Each is a file as the host gets it, but for what differs from panel to panel: ``"@title@"``, quotes included, is a place for
a value in the words of the file's language.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Union
from xml.sax.saxutils import quoteattr

from auroraview_qt._resources import resource_path
from auroraview_qt.hosts.names import plain_name

Value = Union[str, bool, list[str]]

_PLACE = re.compile(r'"@(\w+)@"')


def fill_in(template: str, texts: Mapping[str, str]) -> str:
    """Put texts into the places of a template.

    Parameters
    ----------
    template : str
        The text with places.
    texts : mapping
        Name of a place to what takes it, as it is to stand there.

    Raises
    ------
    KeyError
        The template has a place that is not among them.

    Notes
    -----
    Thread: any
    """
    return _PLACE.sub(lambda place: texts[place[1]], template)


def python_literal(value: Value) -> str:
    """Write a value as a Python literal, in double quotes as the files around it are.  Thread: any."""
    return repr(value) if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)


def pypanel(object_name: str, title: str) -> str:
    """Return Houdini's ``.pypanel`` file of a panel, the same from `hosts.dock` and from `auroraview-qt install`.

    Parameters
    ----------
    object_name, title : str
        As given to `hosts.dock`.

    Notes
    -----
    Thread: any
    """
    texts = {
        "name": quoteattr(plain_name(object_name)),
        "label": quoteattr(title),
        # Nothing in a CDATA section may look like its end.
        "object_name": python_literal(object_name).replace("]]>", "]]\\x3e"),
    }
    template = resource_path("startup", "houdini", "python_panels", "object_name.pypanel")
    return fill_in(template.read_text(encoding="utf-8"), texts)
