"""Fills in the files of a host's folder `startup`. No Qt, any thread.

Each is a file as the host gets it, but for what differs from panel to panel: ``"@title@"``, quotes included, is a place for
a value in the words of the file's language.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Union

Value = Union[str, bool, list[str]]

_PLACE = re.compile(r'"@(\w+)@"')


def fill_in(template: str, texts: Mapping[str, str]) -> str:
    """Put texts into the places of a template.

    Thread: any.

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
    """
    return _PLACE.sub(lambda place: texts[place[1]], template)


def python_literal(value: Value) -> str:
    """Write a value as a Python literal, in double quotes as the files around it are.  Thread: any."""
    return repr(value) if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)
