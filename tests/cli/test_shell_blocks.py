"""Shell blocks of the docs: their verbs, options, extras and files exist."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from auroraview_qt.cli import main
from auroraview_qt.cli.install_hosts import HOSTS
from dev import VERBS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXTRA = re.compile(r"auroraview-qt\[(\w+)\]")


def commands(page: Path) -> list[list[str]]:
    """Return the commands of a page as lists of words, without comments."""
    text = "\n".join(BLOCK.findall(page.read_text(encoding="utf-8")))
    lines = [part for line in text.splitlines() for part in line.partition("#")[0].split("&&")]
    return [words for words in map(shlex.split, lines) if words]


def help_of(verb: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        main([verb, "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


def check(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    while re.fullmatch(r"[A-Z_]+=.*", words[0]):  # a variable for the command
        words = words[1:]
    words = words[2:] if words[1:3] == ["-m", "pip"] else words
    program, *rest = words
    if words[:2] == ["python3", "dev.py"]:
        assert rest[1:2] == [] or rest[1] in VERBS
    elif program == "auroraview-qt":
        text = help_of(rest[0], capsys)
        options = [word for word in rest if word.startswith("--")]
        assert [option for option in options if option not in text] == []
        hosts = [rest[at + 1] for at, word in enumerate(rest) if word == "--host"]
        assert set(hosts) <= set(HOSTS)
    elif program == "pip":
        extras = EXTRA.findall(" ".join(rest))
        assert set(extras) <= set(re.findall(r"^(\w+) = \[", (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE))
    elif program == "python":
        assert (ROOT / "examples" / "04_react" / rest[0]).exists()
    elif program == "cd":
        assert rest == ["auroraview-qt"] or (ROOT / rest[0]).is_dir()
    elif program == "npm":
        assert rest in (["ci"], ["run", "build"])
    else:
        assert program in {"git", "nox", "pyinstaller"}


@pytest.mark.parametrize("page", [page for page in PAGES if commands(page)], ids=lambda page: page.stem)
def test_shell_block_commands_exist(page, capsys):
    for words in commands(page):
        check(words, capsys)


def test_shell_block_check_finds_wrong_commands(capsys):
    for words in (
        "python3 dev.py benchmark",
        "auroraview-qt install --hots maya",
        'pip install "auroraview-qt[qt]"',
        "make",
    ):
        with pytest.raises(AssertionError):
            check(shlex.split(words), capsys)


def test_dev_help_lists_each_verb():
    done = subprocess.run([sys.executable, str(ROOT / "dev.py"), "--help"], check=True, text=True, capture_output=True)
    assert set(re.findall(r"^ +python3 dev\.py (\w+)", done.stdout, re.MULTILINE)) == set(VERBS)
