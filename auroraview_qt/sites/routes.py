"""Read the patterns of resources, ``"/thumb/{asset}"``, and convert the texts that a path and a query have for them.

Thread: any. No Qt.
"""

from __future__ import annotations

import math
import re
import types
from typing import Any, Callable, NamedTuple, Union, get_args, get_origin
from urllib.parse import parse_qsl

from auroraview_qt._wording import short_repr
from auroraview_qt.ipc.calls import commands  # noqa: F401  # makes `CallContext` an injected type
from auroraview_qt.schema.signatures import EMPTY, Parameter, describe

#: Paths that belong to the library.
_RESERVED = "/__auroraview"
_PLACE = re.compile(r"\{([^{}]*)\}")
#: The origins of ``Optional[int]`` and ``int | None``.
_UNIONS = (Union, getattr(types, "UnionType", Union))
_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


class Route(NamedTuple):
    """A pattern and its function."""

    pattern: str
    matches: re.Pattern[str]
    further: dict[str, list[tuple[str, str]]]
    fn: Callable[..., object]
    parameters: dict[str, Parameter]
    injected: tuple[str, ...]

    def texts_of(self, path: str) -> dict[str, str] | None:
        """Return the parameters from a path whose slashes are NUL; None if it does not fit. Its time is linear."""
        match = self.matches.fullmatch(path)
        if match is None:
            return None
        texts = match.groupdict()
        for first, others in self.further.items():
            for text, name in reversed(others):
                whole = texts[first]
                end = whole.rfind(text, 1, len(whole) - 1)
                if end < 0:
                    return None
                texts[first], texts[name] = whole[:end], whole[end + len(text) :]
        return texts


class Found(NamedTuple):
    """The function for a path, and the texts from the path."""

    route: Route
    texts: dict[str, str]


def route_of(pattern: str, fn: Callable[..., object]) -> Route:
    """Return the route of a pattern. Raises as `ResourceApi.resource`."""
    what = f"resource({pattern!r})"
    if not callable(fn):
        raise TypeError(f"{what}: {fn!r} is no function")
    if not str(pattern).startswith("/") or pattern.startswith(_RESERVED) or pattern == "/":
        raise ValueError(f"{what}: a pattern is a path such as '/thumb/{{asset}}', not '/' alone or below {_RESERVED!r}")
    description = describe(fn)
    by_name = {p.name: p for p in description.parameters if p.kind not in (p.kind.VAR_POSITIONAL, p.kind.VAR_KEYWORD)}
    source, names, further = _expression(what, _PLACE.split(pattern))
    takes_all = description.full is None or any(p.kind == p.kind.VAR_KEYWORD for p in description.parameters)
    for name in names:
        if name not in by_name and not takes_all:
            raise ValueError(f"{what}: {fn!r} has no parameter {name!r}, only {list(by_name)}")
    for name, parameter in by_name.items():
        if parameter.kind == parameter.kind.POSITIONAL_ONLY:
            raise TypeError(f"{what}: the parameter {name!r} is positional only; parameters are given by name")
        if _kind_of(parameter) not in (str, int, float, bool):
            raise TypeError(f"{what}: the parameter {name!r} is {parameter.annotation!r}: use str, int, float or bool")
    return Route(pattern, re.compile(source, re.DOTALL), further, fn, by_name, description.injected)


def _expression(what: str, parts: list[str]) -> tuple[str, list[str], dict[str, list[tuple[str, str]]]]:
    """Return a regular expression for the parts of a pattern, texts and names in turn, and the names.

    Of the parameters between two slashes only the first is in the expression, which so never searches for long. The third
    result has the others, with the texts before them.
    """
    source, names, first = "", [], ""
    further: dict[str, list[tuple[str, str]]] = {}
    for number, part in enumerate(parts):
        if number % 2 == 0:
            if re.search(r"[{}?#\0]|//", part):
                raise ValueError(f"{what}: {part!r} has a brace without its partner, or a character no path has")
            continue
        name, _, kind = part.partition(":")
        if not name.isidentifier() or kind not in ("", "path") or name in names:
            raise ValueError(f"{what}: {{{part}}} is no name that is used once, or has an unknown kind")
        if kind and (number < len(parts) - 2 or parts[-1]):
            raise ValueError(f"{what}: {{{part}}} has to be the end of the pattern")
        if number > 1 and not parts[number - 1]:
            raise ValueError(f"{what}: nothing separates {{{part}}} from the parameter before it")
        names.append(name)
        before = parts[number - 1]
        if first and not kind and "/" not in before:
            further.setdefault(first, []).append((before, name))
            continue
        first = name
        source += re.escape(before.replace("/", "\0")) + (f"(?P<{name}>.+)" if kind else f"(?P<{name}>[^\0]+)")
    return source + re.escape(parts[-1].replace("/", "\0")), names, further


def _kind_of(parameter: Parameter | None) -> Any:
    """Return the type of a parameter; of ``int | None`` int."""
    if parameter is None or parameter.annotation is EMPTY:
        return str
    if get_origin(parameter.annotation) not in _UNIONS:
        return parameter.annotation
    kinds = [each for each in get_args(parameter.annotation) if each is not type(None)]
    return kinds[0] if len(kinds) == 1 else None


def arguments_of(found: Found, query: str) -> dict[str, Any]:
    """Return the converted arguments.

    Raises
    ------
    ValueError
        If a text does not fit its parameter, or an argument is missing.
    """
    parameters = found.route.parameters
    asked = dict(parse_qsl(query, keep_blank_values=True, errors="surrogateescape")) if query else {}
    texts = {**{name: text for name, text in asked.items() if name in parameters}, **found.texts}
    for name, parameter in parameters.items():
        if name not in texts and parameter.default is EMPTY:
            raise ValueError(f"resource {found.route.pattern!r}: the query has no {name!r}")
    return {name: _converted(name, text, parameters.get(name)) for name, text in texts.items()}


def _converted(name: str, text: str, parameter: Parameter | None) -> object:
    kind = _kind_of(parameter)
    if kind is str:
        return text
    value: object = None
    if kind is bool:
        value = _BOOLEANS.get(text)
    elif kind is int:
        value = int(text) if _INTEGER.fullmatch(text) else None
    elif text.isascii() and "_" not in text and len(text) < 40:
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        value = number if math.isfinite(number) else None
    if value is None:
        raise ValueError(f"{name}={short_repr(text)} is no {kind.__name__}")
    return value
