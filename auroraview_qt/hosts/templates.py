"""Fills in the files of a host's folder `startup`. No Qt, any thread.

A template is ready for the host, except for its placeholders. ``"@title@"``, quotes included, is replaced by a value in the
syntax of the file's language.
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
        The text with placeholders.
    texts : mapping
        Name of a placeholder, and the text that replaces it.

    Raises
    ------
    KeyError
        If the template has an unknown placeholder.
    """
    return _PLACE.sub(lambda place: texts[place[1]], template)


def python_literal(value: Value) -> str:
    """Write a value as a Python literal, in double quotes as the files around it are.  Thread: any."""
    return repr(value) if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)
