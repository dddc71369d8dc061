from __future__ import annotations

import os
from pathlib import Path

import pytest

from auroraview_qt.sites import app_sites
from auroraview_qt.sites.app_sites import APP_POLICY, FolderSite, HtmlSite, Reply


@pytest.fixture
def site(tmp_path: Path) -> FolderSite:
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "app-other").mkdir()
    (tmp_path / "app-other" / "x.txt").write_text("secret")
    app = tmp_path / "app"
    (app / "sub dir").mkdir(parents=True)
    (app / "index.html").write_text("<p>index")
    (app / "sub dir" / "ä.txt").write_text("inner")
    return FolderSite(app)


def link(link_path: Path, target: Path) -> None:
    try:
        link_path.symlink_to(target)
    except OSError:
        pytest.skip("this system lets us make no symlinks")


def test_folder_site_missing_index_raises_and_names_the_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"has no index\.html") as caught:
        FolderSite(tmp_path)
    assert str(tmp_path) in str(caught.value)


def test_folder_site_missing_folder_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FolderSite(str(tmp_path / "nowhere"))


@pytest.mark.parametrize("path", ["", "/", "/index.html", "//index.html", "/index%2Ehtml", "/sub%20dir/../index.html"])
def test_folder_site_index_is_served_with_the_policy(site: FolderSite, path: str) -> None:
    reply = site.get(path)

    assert reply == Reply("text/html", b"<p>index", APP_POLICY)


def test_folder_site_encoded_names_are_found(site: FolderSite) -> None:
    reply = site.get("/sub%20dir/%C3%A4.txt")

    assert reply is not None
    assert reply == Reply("text/plain", b"inner", "")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/sub%20dir/../../secret.txt",
        "/../app-other/x.txt",
        "/..\\secret.txt",
        "/..%5csecret.txt",
        "/index.html%00.png",
        "/C:/windows/win.ini",
        "/C%3A/windows/win.ini",
        "/index.html::$DATA",
        "/",
        "/sub%20dir/",
        "/nothing.js",
        "/index.html/x",
        "/.",
        "/..",
        "/" + "a" * 5000,
        "/\ud800",
    ],
)
def test_folder_site_path_that_names_no_file_inside_is_nothing(site: FolderSite, path: str) -> None:
    reply = site.get(path)

    assert reply is None or (path == "/" and reply.body == b"<p>index")


def test_folder_site_absolute_path_of_a_file_outside_is_nothing(site: FolderSite, tmp_path: Path) -> None:
    assert site.get("/" + str(tmp_path / "secret.txt")) is None


def test_folder_site_symlink_out_is_nothing(site: FolderSite, tmp_path: Path) -> None:
    link(site.root / "leak.txt", tmp_path / "secret.txt")
    link(site.root / "out", tmp_path)

    assert site.get("/leak.txt") is None
    assert site.get("/out/secret.txt") is None


def test_folder_site_symlink_inside_is_served(site: FolderSite) -> None:
    link(site.root / "again.html", site.root / "index.html")

    assert site.get("/again.html") == site.get("/index.html")


def test_folder_site_loop_of_symlinks_is_nothing(site: FolderSite) -> None:
    link(site.root / "a", site.root / "b")
    link(site.root / "b", site.root / "a")

    assert site.get("/a") is None


def test_folder_site_reached_through_a_symlink_serves(site: FolderSite, tmp_path: Path) -> None:
    link(tmp_path / "alias", site.root)

    assert FolderSite(tmp_path / "alias").get("/") == site.get("/")


def test_folder_site_unreadable_file_is_nothing(site: FolderSite, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise PermissionError(os.strerror(13))

    monkeypatch.setattr(os, "open", refuse)

    assert site.get("/index.html") is None
    assert not site.has("/index.html")


@pytest.mark.parametrize(
    "path",
    [
        "/loop/..%2f..%2fsecret.txt",
        "/loop/../../secret.txt",
        "/loop/%2e%2e/%2e%2e/secret.txt",
        "/loop/x/..%2f..%2f..%2fsecret.txt",
    ],
)
def test_folder_site_loop_of_symlinks_leads_nowhere(site: FolderSite, path: str) -> None:
    link(site.root / "loop", site.root / "loop")

    assert site.get(path) is None
    assert not site.has(path)


@pytest.mark.skipif(os.name == "nt", reason="names are texts there")
def test_folder_site_bytes_of_a_name_name_their_own_file(site: FolderSite) -> None:
    for name in ("\udce9.txt", "\udce8.txt", "\ufffd.txt", "\u00e9.txt", "e\u0301.txt"):
        (site.root / name).write_text(ascii(name))

    bodies = [site.get(path) for path in ("/%E9.txt", "/%e8.txt", "/%C3%A9.txt", "/e%CC%81.txt")]

    assert [reply and reply.body for reply in bodies] == [
        ascii(name).encode() for name in ("\udce9.txt", "\udce8.txt", "\u00e9.txt", "e\u0301.txt")
    ]
    assert site.get("/%EF%BF%BD.txt") is None  # a page turns the first two into this


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no names here")
def test_folder_site_pipe_is_nothing(site: FolderSite) -> None:
    os.mkfifo(site.root / "pipe")

    assert site.get("/pipe") is None


@pytest.mark.parametrize(
    ("name", "mime"),
    [
        ("a.js", "text/javascript"),
        ("A.MJS", "text/javascript"),
        ("a.css", "text/css"),
        ("a.wasm", "application/wasm"),
        ("a.woff2", "font/woff2"),
        ("a.svg", "image/svg+xml"),
        ("a.glb", "model/gltf-binary"),
        ("a.png", "image/png"),
        ("a.unheard-of", "application/octet-stream"),
        ("plain", "application/octet-stream"),
    ],
)
def test_folder_site_type_is_what_pages_need(site: FolderSite, name: str, mime: str) -> None:
    (site.root / name).write_bytes(b"x")

    assert site.get("/" + name) == Reply(mime, b"x")


def test_html_site_root_gives_the_document_without_policy() -> None:
    assert HtmlSite("<p>ä\ud800").get("/") == Reply("text/html", "<p>ä?".encode(), "")
    assert HtmlSite("x").get("") == Reply("text/html", b"x", "")


def test_html_site_any_other_path_is_nothing() -> None:
    assert HtmlSite("x").get("/index.html") is None


def test_large_file_is_not_read_but_open(tmp_path: Path) -> None:
    for name in ("index.html", "small.bin"):
        (tmp_path / name).write_bytes(b"<p>")
    for name in ("large.bin", "large.html"):
        (tmp_path / name).write_bytes(b"x" * app_sites.LARGE_BYTES)
    site = app_sites.FolderSite(tmp_path)
    large = site.get("/large.bin")
    assert large is not None
    assert isinstance(large.body, app_sites.LargeFile)
    with os.fdopen(large.body.descriptor(), "rb") as file:
        assert len(file.read()) == app_sites.LARGE_BYTES
    for path in ("/small.bin", "/large.html"):
        reply = site.get(path)
        assert reply is not None
        assert isinstance(reply.body, bytes)
