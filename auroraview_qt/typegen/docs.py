"""Read the parts of a docstring that a reader of TypeScript needs: its text and its parameters. Runs on any thread."""

from __future__ import annotations

import inspect
import re
from typing import NamedTuple

_NUMPY_HEAD = re.compile(r"^(?P<title>[A-Z][\w ]*)\n-{3,} *$", re.MULTILINE)
_GOOGLE_HEAD = re.compile(r"^(?P<title>[A-Z][\w ]*):[ ]*\n(?=[ ]+\S)", re.MULTILINE)
_FIELD = re.compile(r"^:(?P<kind>param|parameter|arg|returns?)\b(?P<name>[^:]*):", re.MULTILINE)
_PARAMETERS = ("Parameters", "Other Parameters", "Args", "Arguments", "Keyword Args", "Attributes")
_RETURNS = ("Returns", "Yields")
#: Headings of sections; any other line that ends with a colon is text.
_TITLES = (*_PARAMETERS, *_RETURNS, "Raises", "Notes", "Note", "Example", "Examples", "See Also", "References", "Warnings")


class Doc(NamedTuple):
    """The parts of a docstring.

    Attributes
    ----------
    text : str
        Summary and description, without sections.
    parameters : dict
        The description of each parameter or attribute.
    """

    text: str
    parameters: dict[str, str]


def parse(docstring: str | None) -> Doc:
    """Take a docstring apart: numpy's style, Google's or Sphinx's. Thread: any."""
    doc = inspect.cleandoc(docstring or "").replace("``", "`")
    heads = [*_NUMPY_HEAD.finditer(doc), *(m for m in _GOOGLE_HEAD.finditer(doc) if m["title"] in _TITLES)]
    heads.sort(key=lambda match: match.start())
    fields = list(_FIELD.finditer(doc))
    first = min((match.start() for match in (*heads, *fields)), default=len(doc))
    parameters: dict[str, str] = {}
    for match, end in zip(heads, [head.start() for head in heads[1:]] + [len(doc)]):
        if match["title"] in _PARAMETERS:
            parameters.update(_entries(doc[match.end() : end]))
    for match, end in zip(fields, [field.start() for field in fields[1:]] + [len(doc)]):
        if match["kind"].startswith(("param", "arg")):
            words = match["name"].split()
            parameters[words[-1] if words else ""] = _joined(doc[match.end() : end].split("\n\n")[0])
    return Doc(doc[:first].strip(), {name: text for name, text in parameters.items() if text})


def comment(text: str, indent: str = "") -> list[str]:
    """Return lines of a JSDoc comment, none for no text. Thread: any."""
    lines = text.replace("*/", "*\\/").strip().splitlines()
    if not lines:
        return []
    if len(lines) == 1:
        return [f"{indent}/** {lines[0]} */"]
    return [f"{indent}/**", *(f"{indent} * {line}".rstrip() for line in lines), f"{indent} */"]


def _entries(section: str) -> dict[str, str]:
    """Read ``name : type`` and the indented lines below it, or ``name (type): text``."""
    entries: dict[str, str] = {}
    body = inspect.cleandoc("\n" + section)
    for chunk in re.split(r"\n(?=\S)", body):
        head, _, below = chunk.partition("\n")
        google = re.match(r"\*{0,2}(\w+) *(\([^)]*\))?: +(.*)", head)
        if google and " : " not in head:
            entries[google[1]] = _joined(f"{google[3]} {below}")
        else:
            names = head.partition(" : ")[0].partition(":")[0]
            for name in names.split(","):
                entries[name.strip().lstrip("*")] = _joined(below)
    return entries


def _joined(text: str) -> str:
    return " ".join(text.split())
