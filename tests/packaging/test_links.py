"""The README's links work from the package page: they are absolute and name files of the checkout."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
LINKS = sorted(set(re.findall(r"\]\(([^)\s]+)\)", TEXT)))
REPOSITORY = re.compile(r'^Repository = "([^"]+)"$', re.MULTILINE)


@pytest.mark.parametrize("link", LINKS)
def test_readme_link_is_absolute_and_names_a_file(link: str) -> None:
    found = REPOSITORY.search((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert found
    prefixes = (f"{found[1]}/blob/main/", f"{found[1].replace('github.com', 'raw.githubusercontent.com')}/main/")
    prefix = next((prefix for prefix in prefixes if link.startswith(prefix)), None)
    assert prefix, f"{link} is not below {prefixes}"
    assert (ROOT / link[len(prefix) :].partition("#")[0]).exists()
