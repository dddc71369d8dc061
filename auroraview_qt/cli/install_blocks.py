"""Add marked blocks and settings to files of others, and remove them again. Thread: any. No Qt.

Files are bytes here, because they may have any encoding. Their line ends stay.
"""

from __future__ import annotations

import re

_ANY_BLOCK = re.compile(rb"^# >>> (\w+) >>>\r?\n(?:.*\n)*?# <<< \1 <<<\r?(?:\n|\Z)", re.MULTILINE)


# Marked blocks


def with_block(text: bytes | None, name: str, lines: str) -> bytes:
    """Return a file's content with a block at its end, or in the place of the old block.

    Parameters
    ----------
    text : bytes or None
        The content of the file; its line ends are kept.
    name : str
        The name in the marks around the block.
    lines : str
        The lines between the marks.
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
        The content of the file.
    name : str
        The name in the marks around the block.
    before : bytes or None
        The file before the block was added, if known. It is returned if nothing else has changed since.
    """
    found = _block_at(text, name)
    if found is None:
        return text
    rest = text[: found[0]] + text[found[1] :]
    return before if before is not None and rest.rstrip(b"\r\n") == before.rstrip(b"\r\n") else rest


def without_blocks(text: bytes) -> bytes:
    """Return a file's content without all blocks: the part that others wrote."""
    return _ANY_BLOCK.sub(b"", text)


def _marks(name: str) -> tuple[bytes, bytes]:
    return f"# >>> {name} >>>".encode(), f"# <<< {name} <<<".encode()


def _block_at(text: bytes, name: str) -> tuple[int, int] | None:
    """Return the begin and end of a block, or None if a part of the block is missing."""
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
    """Return an INI file's content with a line in a section; add the section if necessary.

    The line replaces a line of the section with the same key.

    Parameters
    ----------
    text : bytes or None
        The content of the file.
    section, line : str
        The section without brackets, and ``key=value``.
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
    """Return whether a section has exactly this line."""
    inside = False
    for each in text.splitlines():
        if each.lstrip().startswith(b"["):
            inside = each.strip() == f"[{section}]".encode()
        if inside and each.strip() == line.encode():
            return True
    return False


def without_setting(text: bytes, section: str, line: str) -> bytes:
    """Return an INI file's content without the line of that key; remove the section if it becomes empty.

    Parameters
    ----------
    text : bytes
        The content of the file.
    section, line : str
        As for `with_setting`.
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
    # The section is the last and now empty: it was added for this line, with an empty line in front.
    if kept and kept[-1].strip() == head:
        kept.pop()
        if kept and not kept[-1].strip():
            kept.pop()
    return b"".join(kept)
