"""Guides: links lead somewhere, and docs/hosts has the start-up files that the command writes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from auroraview_qt.cli import install_plan
from auroraview_qt.cli.install_hosts import HOSTS
from auroraview_qt.cli.install_receipt import Request
from tools.docs_hosts import on_config, with_all_hosts

DOCS = Path(__file__).resolve().parents[2] / "docs"
BLOCK = re.compile(r"^`([^`\n]+)`:\n\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)


def page_of(host: str) -> str:
    return (DOCS / "hosts" / f"{host}.md").read_text(encoding="utf-8")


def formatted(source: str) -> str:
    """Return the text without the formatter's line breaks, since names of panels differ in length."""
    return re.sub(r"[\s(),]+", "", source)


@pytest.mark.parametrize("host", sorted(HOSTS))
def test_hosts_page_has_the_files_the_command_writes(host: str, tmp_path: Path) -> None:
    request = Request("mytool:make_panel", "Assets", "studio.assets", show=host == "3dsmax", paths=("/studio/libraries",))
    written = {
        change.path.relative_to(tmp_path).as_posix(): (change.after or b"").decode()
        for change in install_plan.install(HOSTS[host], request, tmp_path, None).changes
    }
    shown = dict(BLOCK.findall(page_of(host)))
    same = {name for name in written if "/python3." in name and "/python3.11libs/" not in name}  # one for each Python
    assert set(shown) == set(written) - same
    for name, text in shown.items():
        wanted = re.sub(rf'"{re.escape(tmp_path.as_posix())}/', '"/home/ana/houdini20.5/', written[name])
        assert formatted(text) == formatted(wanted), name


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda path: path.stem)
def test_guide_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (page.parent / link.partition("#")[0]).exists()]
    assert not missing


def test_hosts_guide_lists_every_page() -> None:
    guide = with_all_hosts(DOCS / "hosts", (DOCS / "hosts" / "index.md").read_text(encoding="utf-8"))
    for page in set(DOCS.glob("hosts/*.md")) - {DOCS / "hosts" / "index.md"}:
        assert f"({page.name})" in guide


#: Hosts of `dev.py hosts`.
RUN = ("freecad", "krita", "blender", "qgis", "napari")


@pytest.mark.parametrize("host", sorted({*HOSTS, *RUN}))
def test_hosts_page_says_whether_it_was_run(host: str) -> None:
    ran = host in RUN
    assert ("**Run for real**" if ran else "**Never run by us**") in page_of(host)
    assert (DOCS / "images" / "hosts" / f"{host}.png").exists() == ran


def test_page_of_a_host_is_listed_without_a_line_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "hosts").mkdir()
    for name in ("index", "maya", "lightbox"):
        (tmp_path / "hosts" / f"{name}.md").write_text(f"# {name.capitalize()}\n\nText\n", encoding="utf-8")
    listed = with_all_hosts(tmp_path / "hosts", "# Hosts\n\n[Maya](maya.md)\n\n## Install\n")
    assert listed == "# Hosts\n\n[Maya](maya.md)\n\nFurther hosts: [Lightbox](lightbox.md).\n\n## Install\n"
    config = {
        "nav": [{"Home": "index.md"}, {"Hosts": ["hosts/index.md", {"Maya": "hosts/maya.md"}]}],
        "docs_dir": str(tmp_path),
    }
    assert on_config(config)["nav"][1]["Hosts"][-1] == {"Lightbox": "hosts/lightbox.md"}
