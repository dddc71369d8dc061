from __future__ import annotations

from pathlib import Path

import pytest

from auroraview_qt.capabilities.scopes import Scopes
from auroraview_qt.sites.app_sites import APP_POLICY, FolderSite, HtmlSite
from auroraview_qt.sites.local_sites import ASSET_POLICY, DISK_POLICY, AssetSite, DiskSite, ViewSite, path_of


def trusts(origin: str) -> bool:
    return origin == "http://app/"


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    folder = tmp_path / "disk"
    folder.mkdir()
    for name in ("a.txt", "a.html", "a.svg", "a.xml", "a.xhtml"):
        (folder / name).write_text(name)
    (tmp_path / "secret.txt").write_text("secret")
    return folder


def url_path(path: Path) -> str:
    return "/" + path.as_posix().lstrip("/")


def test_disk_site_gives_files_in_its_scopes_only(disk: Path) -> None:
    scopes: list[Scopes] = []
    site = DiskSite(scopes, trusts, documents=True)
    path = url_path(disk / "a.txt")
    assert (site.has(path), site.get(path)) == (False, None)

    scopes[:] = [Scopes(()), Scopes(disk)]
    reply = site.get(path)
    assert reply is not None
    assert (site.has(path), reply.mime, reply.body, reply.policy) == (True, "text/plain", b"a.txt", "")
    for other in (disk, disk / "..", disk / ".." / "secret.txt", disk / "nothing"):
        assert (site.has(url_path(other)), site.get(url_path(other))) == (False, None)
    assert site.get("/%00") is None


@pytest.mark.parametrize("name", ["a.html", "a.xml", "a.xhtml"])
def test_document_is_served_as_such_only_where_documents_are(disk: Path, name: str) -> None:
    path = url_path(disk / name)
    shown, fetched = (DiskSite([Scopes(disk)], trusts, documents=documents).get(path) for documents in (True, False))
    assert shown is not None
    assert fetched is not None
    assert shown.policy == DISK_POLICY
    assert shown.mime != "text/plain"
    assert (fetched.mime, fetched.policy) == ("text/plain", "")


def test_file_over_the_cap_is_nothing(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auroraview_qt.sites.local_sites.MAX_FILE_BYTES", 4)
    site = DiskSite([Scopes(disk)], trusts, documents=True)
    assert (site.has(url_path(disk / "a.txt")), site.get(url_path(disk / "a.txt"))) == (False, None)


@pytest.mark.parametrize(
    ("origin", "documents", "fetched"),
    [
        ("", True, False),
        ("http://app", True, True),
        ("http://app/", True, True),
        ("file://", True, True),
        ("http://evil", False, False),
    ],
)
def test_who_may_ask_for_files_on_disk(origin: str, documents: bool, fetched: bool) -> None:
    assert DiskSite([], trusts, documents=True).may_ask("/a", origin) is documents
    site = ViewSite(DiskSite([], trusts, documents=False), ())
    assert site.may_ask(site.files_path + "a", origin) is fetched
    assert site.may_ask("/index.html", origin) is True


def test_view_site_gives_what_is_shown_then_assets_then_files(disk: Path) -> None:
    site = ViewSite(DiskSite([Scopes(disk)], trusts, documents=False), ("https://x", "y://z"))
    assert (site.has("/"), site.get("/")) == (False, None)
    site.assets = AssetSite(disk)
    site.main = HtmlSite("<p>")
    page, asset, file = (site.get(path) for path in ("/", "/a.txt", site.files_path + url_path(disk / "a.txt")[1:]))
    assert page is not None
    assert page.body == b"<p>"
    assert asset == file
    assert site.has("/a.txt")
    assert site.has(site.files_path + url_path(disk / "a.txt")[1:])
    assert not site.has(site.files_path + "nothing")


def test_policy_of_a_page_names_the_further_sources(disk: Path) -> None:
    (disk / "index.html").write_text("<p>")
    site = ViewSite(DiskSite([], trusts, documents=False), ("https://x", "y://z"))
    site.main = FolderSite(disk)
    reply = site.get("/")
    assert reply is not None
    assert "script-src https://x y://z 'self';" in reply.policy
    assert "object-src 'none'; base-uri 'none'" in reply.policy
    assert reply.policy.count("https://x") == APP_POLICY.count("-src") - 1


def test_asset_site_needs_no_index_but_a_folder(disk: Path, tmp_path: Path) -> None:
    reply = AssetSite(disk).get("/a.html")
    assert reply is not None
    assert reply.policy == ASSET_POLICY
    for wrong in (tmp_path / "nowhere", disk / "a.txt"):
        with pytest.raises(FileNotFoundError, match="no folder"):
            AssetSite(wrong)


def test_policies_let_no_page_be_embedded_with_plugins_or_another_base() -> None:
    for policy in (ASSET_POLICY, DISK_POLICY):
        assert "object-src 'none'" in policy
        assert "form-action 'none'" in policy


@pytest.mark.parametrize(
    ("url", "windows", "path"),
    [
        ("/usr/a%20b", False, "/usr/a b"),
        ("//usr/a", False, "/usr/a"),
        ("/C:/a", True, "C:/a"),
        ("//C:/a", True, "C:/a"),
        ("/C%3A/a", True, "C:/a"),
        ("//server/share/a", True, "//server/share/a"),
    ],
)
def test_path_of_a_url(url: str, windows: bool, path: str) -> None:
    assert path_of(url, windows) == path
