"""Find sentences that are hard to read, in Markdown files and in the docstrings and comments of Python files.

    python3 -m tools.words [FILES OR FOLDERS]

A sentence is reported if it has over 25 words. It is also reported if it begins with "What", "Whoever" or "Whatever" and is
not a question. A code span counts as a single word. A list item, a table cell and a heading are separate sentences.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tools.shell import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MOST_WORDS = 25

#: Checked without arguments, relative to the checkout: all Markdown and Python of the project.
CHECKED = (
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "RELEASING.md",
    "CHANGELOG.md",
    "dev.py",
    "noxfile.py",
    "auroraview_qt",
    "docs",
    "examples",
    "tests",
    "tools",
)

_FENCE = re.compile(r"\s*(?:>\s*)?(`{3,}|~{3,})")
_ITEM = re.compile(r"\s*(?:>\s?)*(?:[-*+]|\d+[.)])\s+")
_HEADING = re.compile(r"\s*#{1,6}\s+")
_COLUMN = re.compile(r"(?<=\S) {2,}(?=\S)")
_RULE = re.compile(r"\s*[-=|: ]{3,}$")
_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
_LINK = re.compile(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_ADDRESS = re.compile(r"https?://\S+")
_END = re.compile(r"(?<=[.!?])[\"'*_)\]]*\s+(?=[\"'(*_\[`]*\w)")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|etc|vs|cf|[A-Z])\.[\"')\]]*$")
_NOUN = re.compile(r"[\"'(*_]*(?:What|Whoever|Whatever)\b")
_WORD = re.compile(r"\w")
_DIRECTIVE = re.compile(r"#[:!]?\s*(?:noqa|type:|pragma:|ruff:|mypy:|fmt:|!/|-\*-)")
_FIELD = re.compile(r"[*\w, ]+ : \S|Thread: ")


class Finding(NamedTuple):
    """A sentence to rewrite."""

    line: int
    problem: str
    sentence: str


class _Line(NamedTuple):
    number: int
    text: str


def sentences_of(lines: Sequence[_Line]) -> Iterator[_Line]:
    """Split a paragraph into sentences, each with the number of the line on which it begins."""
    if not lines:
        return
    text, starts = "", list[tuple[int, int]]()
    for line in lines:
        starts.append((len(text), line.number))
        text += line.text.strip() + " "
    text = _CODE.sub(lambda match: "`" + "x" * (len(match[0]) - 2) + "`", text)
    begin = 0
    for end in [*(match.end() for match in _END.finditer(text)), len(text)]:
        if end < len(text) and _ABBREVIATION.search(text[begin:end].rstrip()):
            continue
        number = [number for start, number in starts if start <= begin][-1]
        yield _Line(number, text[begin:end].strip())
        begin = end


def problem_of(sentence: str) -> str | None:
    """Return the reason why a sentence is hard to read, or None."""
    text = _ADDRESS.sub("x", _LINK.sub(lambda match: match[1] or "x", sentence))
    words = sum(1 for word in text.split() if _WORD.search(word))
    if words > MOST_WORDS:
        return f"{words} words, at most {MOST_WORDS}"
    noun = _NOUN.match(text)
    if noun and not text.rstrip("\"'*_)").endswith("?"):
        return f'"{noun[0].strip()}" as a noun'
    return None


def _markdown_blocks(text: str) -> Iterator[list[_Line]]:
    """Return the paragraphs, list items, headings and table cells of a Markdown file, without blocks of code."""
    fence, block = "", list[_Line]()
    for number, line in enumerate(text.splitlines(), 1):
        mark = _FENCE.match(line)
        if fence or mark:
            if mark and not fence:
                fence = mark[1]
            elif mark and mark[1].startswith(fence):
                fence = ""
            yield block
            block = []
            continue
        plain = line.lstrip("> ")
        item, heading = _ITEM.match(line), _HEADING.match(line)
        if not plain or item or heading or plain.startswith(("|", "<", "!!!", ":::")) or _RULE.match(line):
            yield block
            block = []
        if _RULE.match(line) or plain.startswith(("<", ":::")):
            continue
        if plain.startswith("|"):
            cells = re.split(r"(?<!\\)\|", _CODE.sub(lambda match: match[0].replace("|", "x"), plain))
            yield from ([_Line(number, cell)] for cell in cells)
        elif heading:
            yield [_Line(number, line[heading.end() :])]
        elif plain:
            block.append(_Line(number, line[item.end() :] if item else plain))
    yield block


def _docstring_blocks(text: str, first: int) -> Iterator[list[_Line]]:
    """Return the paragraphs of a docstring: a change of indentation begins another."""
    block, indent, literal = list[_Line](), 0, False
    for number, line in enumerate(text.expandtabs().splitlines(), first):
        body = line.lstrip()
        here = len(line) - len(body)
        if not body:
            yield block
            block = []
            continue
        if literal and here > indent:
            continue
        item = _ITEM.match(line)
        if here != indent or item or _FIELD.match(body) or _RULE.match(body) or body.startswith(">>>"):
            yield block
            block = []
        literal = body.endswith("::")
        indent = here
        if _RULE.match(body) or _FIELD.match(body) or body.startswith((">>>", "...")):
            continue
        columns = _COLUMN.split(body[item.end() - here :] if item else body)
        if len(columns) > 1:
            yield from ([_Line(number, column)] for column in columns)
        else:
            block.append(_Line(number, columns[0]))
    yield block


def _docstrings(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Return each docstring, also those after assignments, with the number of its first line."""
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant) and isinstance(child.value.value, str):
                yield child.value.value, child.value.lineno


def _comment_blocks(text: str) -> Iterator[list[_Line]]:
    """Return the comments: adjacent comment lines form a paragraph."""
    block, column, rows = list[_Line](), -1, text.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT or _DIRECTIVE.match(token.string):
            continue
        row, start = token.start
        alone = not rows[row - 1][:start].strip()
        follows = block and alone and start == column and block[-1].number == row - 1
        if not follows:
            yield block
            block = []
        block.append(_Line(row, token.string.lstrip("#:! ").partition(" # noqa")[0]))
        column = start if alone else -1
    yield block


def blocks_of(path: Path) -> Iterator[list[_Line]]:
    """Return the paragraphs of a file, each a list of lines."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        yield from _markdown_blocks(text)
        return
    for docstring, first in _docstrings(ast.parse(text)):
        yield from _docstring_blocks(docstring, first)
    yield from _comment_blocks(text)


def findings_of(path: Path) -> list[Finding]:
    """Return the sentences of a file that are hard to read, in the order of their lines."""
    found = []
    for block in blocks_of(path):
        for sentence in sentences_of(block):
            problem = problem_of(sentence.text)
            if problem:
                found.append(Finding(sentence.number, problem, sentence.text))
    return sorted(found)


def files_in(places: Iterable[str | Path], root: Path = ROOT) -> Iterator[Path]:
    """Return the Markdown and Python files in the places, without generated files."""
    for place in places:
        path = root / place
        if path.is_file():
            yield path
        elif not path.is_dir():
            raise FileNotFoundError(path)
        else:
            for file in sorted(path.rglob("*")):
                made = any(part in {"node_modules", "__pycache__", "build"} for part in file.parts)
                if file.suffix in {".md", ".py"} and not made:
                    yield file


def main(arguments: Sequence[str]) -> int:
    """Print each finding as file:line, and return 1 if there are any."""
    count = 0
    for path in files_in(arguments or CHECKED):
        for finding in findings_of(path):
            name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
            print(f"{name}:{finding.line}: {finding.problem}: {finding.sentence}")
            count += 1
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
