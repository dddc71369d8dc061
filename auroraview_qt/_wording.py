"""Word messages at a bounded cost: short forms of huge values, and the nearest existing names.

Every message stays short, and making it takes milliseconds at most. Thread: any. No Qt.
"""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from itertools import islice
from typing import NamedTuple

#: Names that are looked at, characters of each that are compared, and names that are compared in full.
_LOOKED_AT, _COMPARED_CHARS, _COMPARED = 2_000, 40, 8
#: Names that are compared by their letters alone.
_COUNTED = 200
#: How alike two names have to be, from 0 to 1; the default of `difflib`.
_CUTOFF = 0.6

_repr = reprlib.Repr()
_repr.maxstring = _repr.maxother = 200
_repr.maxlong = 40
_repr.maxlevel = 3


def short_repr(value: object) -> str:
    """Return the `repr` of a value; shorten a long `repr` to its beginning and end. Thread: any."""
    return _repr.repr(value)


def shortened(text: str, max_chars: int) -> str:
    """Return a text of about `max_chars` characters at most, with the number of missing characters. Thread: any."""
    left_out = len(text) - max_chars
    return text if left_out <= 0 else f"{text[:max_chars]}… ({left_out:,} more characters)"


def nearest(name: str, known: Iterable[object], count: int = 3, cutoff: float = _CUTOFF) -> list[str]:
    """Return the names most alike to `name`, the best first.

    The result is the same as from `difflib.get_close_matches`, but only some thousand names are considered, and few of them
    are fully compared. Anything that is no string is left out.

    Thread: any.

    Parameters
    ----------
    name : str
        The name that does not exist.
    known : iterable
        The names that exist.
    count : int
        How many to return at the most.
    cutoff : float
        How alike they have to be, from 0 to 1.
    """
    word = name[:_COMPARED_CHARS]
    matcher = SequenceMatcher()
    matcher.set_seq2(word)
    counted: list[tuple[float, str]] = []
    for other in islice(known, _LOOKED_AT):
        if isinstance(other, str):
            start = other[:_COMPARED_CHARS]
            matcher.set_seq1(start)
            if matcher.real_quick_ratio() >= cutoff:  # compares lengths
                counted.append((matcher.quick_ratio(), other))  # compares the letters regardless of their order
                if len(counted) == _COUNTED:
                    break
    counted.sort(key=lambda one: one[0], reverse=True)
    compared: list[tuple[float, str]] = []
    for likeness, other in counted[:_COMPARED]:
        if likeness >= cutoff:
            matcher.set_seq1(other[:_COMPARED_CHARS])
            compared.append((matcher.ratio(), other))
    compared.sort(reverse=True)
    return [other for likeness, other in compared[:count] if likeness >= cutoff]


class Suggestion(NamedTuple):
    """The hint for a name that does not exist, and the names it suggests."""

    text: str
    names: list[str]


def suggest(
    name: object,
    known: Iterable[object],
    otherwise: str = "",
    *,
    count: int = 1,
    cutoff: float = _CUTOFF,
    spelled: Callable[[str], str] = str,
) -> Suggestion:
    """Suggest the nearest names to one that does not exist.

    Parameters
    ----------
    name, known, count, cutoff
        As `nearest` takes them.
    otherwise : str
        The text if no name is near.
    spelled : callable
        Returns how a known name is written in the text.

    Notes
    -----
    Thread: any
    """
    names = list(map(spelled, nearest(str(name), known, count, cutoff)))
    return Suggestion(f"did you mean {' or '.join(map(short_repr, names))}?" if names else otherwise, names)


def there_are(known: Iterable[object]) -> str:
    """Return the list of all names, for `suggest`. Thread: any."""
    return f"there are {', '.join(map(repr, known))}"


def refuse_unknown(keywords: Iterable[str], name: str, known: Iterable[str]) -> None:
    """Raise the TypeError that Python would for the first of these keywords, with the nearest name. Thread: any."""
    for keyword in keywords:
        near = suggest(keyword, [each for each in known if each not in ("self", "unknown", "others")])
        hint = f": {near.text}" if near.names else ""
        raise TypeError(f"{name}() got an unexpected keyword argument {keyword!r}{hint}")
