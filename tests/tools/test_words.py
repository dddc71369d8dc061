"""The word lint finds long sentences and clauses as nouns, at their lines, and little else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tools.words import files_in, findings_of, main

if TYPE_CHECKING:
    from pathlib import Path

LONG = " ".join(["word"] * 26) + "."
FITS = " ".join(["word"] * 25) + "."


def found(tmp_path: Path, name: str, text: str) -> list[tuple[int, str]]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return [(finding.line, finding.problem) for finding in findings_of(path)]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"{FITS}\n", []),
        (f"{LONG}\n", [1]),
        (f"# Title\n\nShort. {LONG}\n", [3]),
        ("Short words\nand more. " + LONG.capitalize().replace(" ", "\n"), [2]),
        (f"- {FITS}\n- {FITS}\n  {LONG.capitalize()}\n", [3]),
        (f"* one\n* {LONG}\n1. {LONG}\n", [2, 3]),
        (f"| {FITS[:-1]} | {FITS[:-1]} |\n|---|---|\n| a | {LONG} |\n", [3]),
        (f"```text\n{LONG}\n```\n\n~~~\n{LONG}\n~~~\n", []),
        (f"````md\n```\n{LONG}\n```\n{LONG}\n````\n{LONG}\n", [7]),
        (f"{FITS[:-6]} `{LONG}`\n", []),
        (f"{FITS[:-6]} [`{LONG}`](a.md)\n", []),
        (f"{FITS[:-1]} (https://a.b/c?d=e) – &\n", [1]),
        (f"{FITS[:-1]}, e.g. Qt.\n", [1]),
        (f"{FITS[:-1]} – – = ,\n", []),
        (f"> {LONG}\n", [1]),
        (f"<p>{LONG}</p>\n", []),
    ],
)
def test_words_markdown_counts_words_of_sentences(tmp_path, text, lines):
    assert [line for line, problem in found(tmp_path, "a.md", text) if "words" in problem] == lines


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("What waits is sent.", '"What" as a noun'),
        ("Good. Whoever asks is answered.", '"Whoever" as a noun'),
        ("# What it does", '"What" as a noun'),
        ("| a | Whatever fits |", '"Whatever" as a noun'),
        ("**What fits** is taken.", '"**What" as a noun'),
        ("What waits?", None),
        ("What does a page see? It sees its folder.", None),
        ("It knows what to do.", None),
        ("Whatsoever.", None),
        ("`What` is a name.", None),
    ],
)
def test_words_nouns_are_found_at_the_beginning_only(tmp_path, text, problem):
    assert [said for _, said in found(tmp_path, "a.md", text + "\n")] == ([problem] if problem else [])


def test_words_python_reads_docstrings_and_comments_alone(tmp_path):
    source = f'''"""{FITS}

    command --option    {FITS}
    command --other     {FITS}

Example ::

    {LONG}
"""

import os  # {LONG}

TEXT = "{LONG}"  # noqa: {LONG}
#: {FITS[:-6]}
#: word. What follows is another block.

# {FITS}
def f(a):
    """Return it.

    Parameters
    ----------
    a : int, what is no sentence but a type
        {LONG}

    >>> {LONG}
    """
    # {FITS[:60]}
    # {LONG[60:]}
    return a  # What is returned


class C:
    attribute = 1
    """{LONG}"""
'''
    assert [line for line, _ in found(tmp_path, "a.py", source)] == [11, 15, 24, 28, 30, 35]
    assert [said for _, said in found(tmp_path, "a.py", source)][1:5:3] == ['"What" as a noun'] * 2


def test_words_folders_are_searched_without_made_files(tmp_path):
    for name in ("a/b.md", "a/c.py", "a/d.js", "a/node_modules/e.md", "a/__pycache__/f.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    assert [path.name for path in files_in(["a"], tmp_path)] == ["b.md", "c.py"]
    with pytest.raises(FileNotFoundError):
        list(files_in(["missing"], tmp_path))


def test_words_main_prints_place_and_sentence(tmp_path, capsys):
    (tmp_path / "a.md").write_text(f"Fine.\n\n{LONG}\n", encoding="utf-8")
    assert main([str(tmp_path)]) == 1
    assert capsys.readouterr().out == f"{tmp_path / 'a.md'}:3: 26 words, at most 25: {LONG}\n"
    (tmp_path / "a.md").write_text("Fine.\n", encoding="utf-8")
    assert main([str(tmp_path)]) == 0


def test_words_project_is_clean(capsys):
    assert main([]) == 0, capsys.readouterr().out
