"""What is put into files that are somebody else's, and taken out again: marked blocks, lines of settings. Any thread; no Qt.

Files are bytes here: they may have any encoding, and their line ends stay.
"""

from __future__ import annotations

import re

_ANY_BLOCK = re.compile(rb"^# >>> (\w+) >>>\r?\n(?:.*\n)*?# <<< \1 <<<\r?(?:\n|\Z)", re.MULTILINE)


# Marked blocks


def with_block(text: bytes | None, name: str, lines: str) -> bytes:
    """Return a file's content with a block at its end, or in the place of the block it has.

    Parameters
    ----------
    text : bytes or None
        What is in the file; its line ends are kept.
    name : str
        Stands in the marks around the block.
    lines : str
        What is between them.

    Notes
    -----
    Thread: any
    """
    text = text or b""
    end = b"\r\n" if b"\r\n" in text else b"\n"
    begin, close = _marks(name)
    block = b"".join(line + end for line in [begin, *lines.encode().splitlines(), close])
    found = _block_at(text, name)
    if found is not None:
        return text[: found[0]] + block + text[found[1] :]
    return text + (end if text and not text.endswith(b"\n") else b"") + block


def without_block(text: bytes, name: str, before: bytes | None) -> bytes:
    """Return a file's content without the block.

    Parameters
    ----------
    text : bytes
        What is in the file.
    name : str
        Stands in the marks around the block.
    before : bytes or None
        The file before the block was put in, if that is known: returned where nothing else has changed since.

    Notes
    -----
    Thread: any
    """
    found = _block_at(text, name)
    if found is None:
        return text
    rest = text[: found[0]] + text[found[1] :]
    return before if before is not None and rest.rstrip(b"\r\n") == before.rstrip(b"\r\n") else rest


def without_blocks(text: bytes) -> bytes:
    """Return a file's content without any block of any name: what is somebody else's.  Thread: any."""
    return _ANY_BLOCK.sub(b"", text)


def _marks(name: str) -> tuple[bytes, bytes]:
    return f"# >>> {name} >>>".encode(), f"# <<< {name} <<<".encode()


def _block_at(text: bytes, name: str) -> tuple[int, int] | None:
    """Find where a block begins and ends; None where there is none, or not all of it."""
    begin, close = _marks(name)
    place, start, started = 0, 0, False
    for line in text.splitlines(keepends=True):
        if line.strip() == begin:
            start, started = place, True
        place += len(line)
        if started and line.strip() == close:
            return start, place
    return None


# Settings


def with_setting(text: bytes | None, section: str, line: str) -> bytes:
    """Return an INI file's content with a line in a section, which is added where it is missing.

    A line of the section that has the same key is replaced.

    Parameters
    ----------
    text : bytes or None
        What is in the file.
    section, line : str
        Without brackets; ``key=value``.

    Notes
    -----
    Thread: any
    """
    text = text or b""
    if _has_line(text, section, line):
        return text
    text = without_setting(text, section, line)
    head, lines = f"[{section}]".encode(), text.splitlines(keepends=True)
    for number, each in enumerate(lines):
        if each.strip() == head:
            end = each[len(each.rstrip(b"\r\n")) :] or b"\n"
            return b"".join([*lines[:number], head + end, line.encode() + end, *lines[number + 1 :]])
    gap = b"" if not text else b"\n" if text.endswith(b"\n") else b"\n\n"
    return text + gap + head + b"\n" + line.encode() + b"\n"


def _has_line(text: bytes, section: str, line: str) -> bool:
    """Whether a section has exactly this line."""
    inside = False
    for each in text.splitlines():
        if each.lstrip().startswith(b"["):
            inside = each.strip() == f"[{section}]".encode()
        if inside and each.strip() == line.encode():
            return True
    return False


def without_setting(text: bytes, section: str, line: str) -> bytes:
    """Return an INI file's content without the line of that key; a section that has nothing else goes with it.

    Parameters
    ----------
    text : bytes
        What is in the file.
    section, line : str
        As for `with_setting`.

    Notes
    -----
    Thread: any
    """
    key, head = line.partition("=")[0].encode(), f"[{section}]".encode()
    kept: list[bytes] = []
    inside = removed = False
    for each in text.splitlines(keepends=True):
        if each.lstrip().startswith(b"["):
            inside = each.strip() == head
        if inside and each.partition(b"=")[0].strip() == key:
            removed = True
        else:
            kept.append(each)
    if not removed:
        return text
    # The section is the last one and empty: it was added for the line, with an empty line before it.
    if kept and kept[-1].strip() == head:
        kept.pop()
        if kept and not kept[-1].strip():
            kept.pop()
    return b"".join(kept)
