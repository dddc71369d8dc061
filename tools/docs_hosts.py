"""A hook of mkdocs: the page of a host stands in the navigation and in the list of hosts without a line in other files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

INDEX = "hosts/index.md"


def unlisted(folder: Path, text: str) -> dict[str, str]:
    """Return the pages of hosts whose names do not stand in a text: file name and title."""
    pages = [page for page in sorted(folder.glob("*.md")) if page.name != "index.md" and page.name not in text]
    return {page.name: page.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ") for page in pages}


def with_all_hosts(folder: Path, text: str) -> str:
    """Return the page with the list of hosts, and a sentence about the hosts it does not have."""
    links = ", ".join(f"[{title}]({name})" for name, title in unlisted(folder, text).items())
    head, line, rest = text.partition("\n## ")
    return f"{head}\nFurther hosts: {links}.\n{line}{rest}" if links else text


def on_config(config: Any) -> Any:
    """Add the pages of hosts that the navigation does not have."""
    hosts = next(section["Hosts"] for section in config["nav"] if "Hosts" in section)
    for name, title in unlisted(Path(config["docs_dir"], "hosts"), str(hosts)).items():
        hosts.append({title: f"hosts/{name}"})
    return config


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Complete the list of hosts."""
    return with_all_hosts(Path(config["docs_dir"], "hosts"), markdown) if page.file.src_uri == INDEX else markdown
