from __future__ import annotations

import errno
import gc
import os
import weakref
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from auroraview_qt.capabilities.scopes import Scopes
from auroraview_qt.sites.app_sites import APP_POLICY, FolderSite, HtmlSite, InertReply, LargeFile, Reply, Use
from auroraview_qt.sites.disk_files import DiskFiles, DiskSite, path_of, quoted
from auroraview_qt.sites.inert import DISK_POLICY
from auroraview_qt.sites.local_sites import ASSET_POLICY, AssetSite, ViewSite


def trusts(origin: str) -> bool:
    return origin == "http://app"


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    folder = tmp_path / "disk"
    folder.mkdir()
    for name in ("a.txt", "a.html", "a.svg", "a.xml", "a.xhtml", "a.js"):
        (folder / name).write_text(name)
    (tmp_path / "secret.txt").write_text("secret")
    return folder


def view_site(*folders: Path) -> ViewSite:
    return ViewSite(DiskFiles([Scopes(folders)]), trusts, ("https://x", "y://z"))


def body_of(site: ViewSite, path: str, use: Use = Use.RESOURCE) -> bytes | None:
    reply = site.get(path, use)
    assert (reply is not None) == site.has(path)
    return None if reply is None else reply.body


def test_disk_site_gives_files_in_its_scopes_only(disk: Path) -> None:
    scopes: list[Scopes] = []
    site = DiskSite(DiskFiles(scopes), trusts)
    path = quoted(disk / "a.txt")
    assert (site.has(path), site.get(path, Use.DOCUMENT)) == (False, None)

    scopes[:] = [Scopes(()), Scopes(disk)]
    assert site.has(path)
    for use in (Use.DOCUMENT, Use.RESOURCE):
        assert site.get(path, use) == Reply("text/plain", b"a.txt", "")
    for other in (disk, disk.parent / "secret.txt", disk / "nothing"):
        assert (site.has(quoted(other)), site.get(quoted(other), Use.RESOURCE)) == (False, None)
    for tail in ("/..", "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%00", "/a.txt%00", "/%E9", "/\ud800"):
        assert site.get(quoted(disk) + tail, Use.RESOURCE) is None


@pytest.mark.parametrize("name", ["a.js", "b.JS", "c.mjs", "d.txt.js"])
def test_disk_site_gives_no_script_to_what_could_run_it(disk: Path, name: str) -> None:
    (disk / name).write_text("x")
    site = DiskSite(DiskFiles([Scopes(disk)]), trusts)
    assert site.get(quoted(disk / name), Use.RESOURCE) is None
    assert site.get(quoted(disk / name), Use.DOCUMENT) == Reply("text/plain", b"x", "")


def test_disk_site_says_why_and_nothing_of_what_is_outside(disk: Path) -> None:
    site = DiskSite(DiskFiles([Scopes(disk)]), trusts)
    assert "not there" in site.why_not(quoted(disk / "nothing"))
    for outside in (disk.parent / "secret.txt", disk.parent / "nothing"):
        assert "allow_files" in site.why_not(quoted(outside))
        assert "not there" not in site.why_not(quoted(outside))


def test_large_page_is_refused_and_every_other_large_file_is_not(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auroraview_qt.sites.app_sites.MAX_CHANGED_BYTES", 4)
    site = DiskSite(DiskFiles([Scopes(disk)]), trusts)
    with (disk / "film.mp4").open("wb") as file:
        file.truncate(3 * 1024**3)
    assert isinstance(site.get(quoted(disk / "film.mp4"), Use.RESOURCE).body, LargeFile)  # type: ignore[union-attr]
    with pytest.raises(OSError, match="too large: 6 bytes of text/html"):
        site.get(quoted(disk / "a.html"), Use.DOCUMENT)


def test_refusal_tells_why(disk: Path) -> None:
    site = view_site(disk)
    files = DiskFiles([Scopes(disk)])
    (disk / "folder").mkdir()
    assert files.why_not(quoted(disk / "nothing")) == "not there"
    assert "outside" in files.why_not(quoted(disk.parent))
    assert "not readable" in files.why_not(quoted(disk / "folder"))
    assert files.why_not(quoted(disk / "a.txt")) == "there by now"
    assert site.why_not("/x") == "not there: nothing was loaded"
    site.main = HtmlSite("<p>")
    assert "load_html() serves no files" in site.why_not("/x")
    site.assets = AssetSite(disk)
    assert site.why_not("/x") == "not there"
    assert site.why_not("/..%2Fx") == "outside the folder"


def test_unreadable_file_tells_so(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: object, path: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Scopes, "open_for_reading", refuse)
    assert DiskFiles([Scopes(disk)]).why_not(quoted(disk / "a.txt")) == "not readable: Permission denied"


@pytest.mark.parametrize(
    ("origin", "is_answered"),
    [
        ("", True),  # the program
        ("http://app", True),
        ("http://app/", False),
        ("http://app.evil", False),
        ("http://evil", False),
        ("null", False),
        ("file:", False),
        ("file://", False),
        ("data:", False),
        ("auroraview://view-2", False),
        ("auroraview:", False),
    ],
)
def test_who_may_ask_a_host(origin: str, is_answered: bool) -> None:
    assert DiskSite(DiskFiles([]), trusts).may_ask(origin) is is_answered
    assert view_site().may_ask(origin) is is_answered


def test_view_site_gives_what_is_shown_then_assets_then_files(disk: Path) -> None:
    site = view_site(disk)
    assert (site.has("/"), site.get("/", Use.DOCUMENT)) == (False, None)
    site.assets = AssetSite(disk)
    site.main = HtmlSite("<p>")
    assert body_of(site, "/") == b"<p>"
    assert body_of(site, "/a.txt") == b"a.txt"
    assert body_of(site, site.files_path + quoted(disk / "a.txt")[1:]) == b"a.txt"
    assert body_of(site, site.files_path + "nothing") is None
    assert "allow_files" in site.why_not(site.files_path + "nothing")
    assert site.why_not("/nothing") == "not there"


def test_view_site_gives_no_page_and_no_script_of_a_scope(disk: Path) -> None:
    site = view_site(disk)
    script = quoted(disk / "a.js")
    assert site.data_path(script) == f"{site.files_path[:-1]}{script}/text"
    assert site.get(site.files_path[:-1] + script, Use.RESOURCE) is None
    assert body_of(site, site.data_path(script)) == b"a.js"
    assert site.data_path(quoted(disk / "a.txt")) == site.files_path[:-1] + quoted(disk / "a.txt")
    for name in ("a.html", "a.xhtml", "a.js/text"):
        for use in (Use.DOCUMENT, Use.RESOURCE):
            reply = site.get(site.files_path[:-1] + quoted(disk / name), use)
            assert reply == Reply("text/plain", name.partition("/")[0].encode(), "")
            assert isinstance(reply, InertReply)
    assert site.get(site.scripts_path[:-1] + script, Use.RESOURCE) == Reply("text/javascript", b"a.js", "")
    assert site.get("/__auroraview_script__/" + "0" * 32 + quoted(disk / "a.js"), Use.RESOURCE) is None


def test_file_of_a_scope_is_no_worker_and_one_beside_the_page_is(disk: Path) -> None:
    site = view_site(disk)
    for name in ("a.js", "a.js/text", "a.txt", "a.svg", "a.html"):
        assert site.get(site.files_path[:-1] + quoted(disk / name), Use.WORKER) is None
        assert DiskSite(DiskFiles([Scopes(disk)]), trusts).get(quoted(disk / name), Use.WORKER) is None
    site.enter(site.open_page(disk / "a.html"))
    worker = site.get(site.files_path[:-1] + quoted(disk / "a.js"), Use.WORKER)
    assert worker == Reply("text/javascript", b"a.js", "")
    site.main = HtmlSite("<p>")
    assert site.get("/", Use.WORKER) is not None


def test_page_on_disk_has_its_own_folder_while_it_is_shown(disk: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.html").write_text("other")
    site = view_site()
    first, other = site.open_page(disk / "a.html"), site.open_page(tmp_path / "other" / "a.html")
    assert (body_of(site, first), body_of(site, other)) == (None, None)
    for shown, hidden in ((first, other), (other, first), (first, other)):
        site.enter(shown)
        reply = site.get(shown, Use.DOCUMENT)
        assert reply is not None
        assert (reply.mime, "'unsafe-inline'" in reply.policy, "https://x" in reply.policy) == ("text/html", True, True)
        assert (site.runnable(shown, page_runs_files=False), site.runnable(hidden, page_runs_files=False)) == (shown, None)
        assert body_of(site, hidden) is None
    for tail in ("/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/../other/a.html"):
        assert body_of(site, first.rpartition("/")[0] + tail) is None
    site.enter("/")
    assert body_of(site, first) is None


def test_page_on_disk_runs_its_own_scripts_and_no_other_markup(disk: Path) -> None:
    site = view_site()
    folder = site.open_page(disk / "a.html").rpartition("/")[0]
    site.enter(f"{folder}/a.html")
    assert site.get(f"{folder}/a.js", Use.RESOURCE) == Reply("text/javascript", b"a.js", "")
    assert site.get(f"{folder}/a.svg", Use.RESOURCE) == Reply("image/svg+xml", b"a.svg", "")
    for name in ("a.svg", "a.xml"):
        assert isinstance(site.get(f"{folder}/{name}", Use.DOCUMENT), InertReply)


def test_page_on_disk_does_not_follow_symlinks_out_of_its_folder(disk: Path) -> None:
    for name, target in (("leak.txt", disk.parent / "secret.txt"), ("out", disk.parent), ("loop", disk / "loop")):
        try:
            (disk / name).symlink_to(target)
        except OSError:
            pytest.skip("this system lets us make no symlinks")
    site = view_site()
    folder = site.open_page(disk / "a.html").rpartition("/")[0]
    site.enter(f"{folder}/a.html")
    for path in ("/leak.txt", "/out/secret.txt", "/loop/..%2f..%2fsecret.txt", "/loop/../../secret.txt"):
        assert body_of(site, folder + path) is None


def test_page_on_disk_below_the_assets_is_one_of_them(disk: Path, tmp_path: Path) -> None:
    site = view_site()
    site.assets = AssetSite(disk)
    assert site.open_page(disk / "a.html") == "/a.html"
    assert site.open_page(tmp_path / "disk2" / ".." / "secret.txt") != "/secret.txt"
    site.main = FolderSite(app_folder(tmp_path / "app"))
    assert site.open_page(disk / "a.html") == "/a.html"
    (tmp_path / "app" / "a.html").write_text("another")  # it would be answered in the place of the asset
    assert site.open_page(disk / "a.html") == site.files_path[:-1] + quoted(disk / "a.html")


def test_files_run_as_scripts_on_all_pages_but_those_of_an_app(disk: Path, tmp_path: Path) -> None:
    site = view_site()
    site.assets = AssetSite(disk)
    page = site.open_page(tmp_path / "secret.txt")
    for main in (None, HtmlSite("<p>")):
        site.main = main
        assert all(site.runs_files(path) for path in ("/", "/a.html", page))
    site.main = FolderSite(app_folder(tmp_path / "app"))
    assert [site.runs_files(path) for path in ("/", "/index.html", "/a.html", page)] == [False, False, True, True]


def test_file_on_disk_is_a_script_at_a_place_nobody_can_guess(disk: Path) -> None:
    site = view_site(disk)
    file = site.files_path[:-1] + quoted(disk / "a.js")
    script = site.runnable(site.data_path(quoted(disk / "a.js")), page_runs_files=True)
    assert script == site.runnable(file, page_runs_files=True)
    assert script is not None
    assert script.startswith(site.scripts_path)
    assert body_of(site, script) == b"a.js"
    assert site.runnable(file, page_runs_files=False) is None
    assert site.runnable(script, page_runs_files=False) is None
    assert site.runnable(script, page_runs_files=True) == script
    assert [site.runnable("/app.js", page_runs_files=runs) for runs in (True, False)] == ["/app.js", "/app.js"]


def app_folder(folder: Path) -> Path:
    folder.mkdir()
    (folder / "index.html").write_text("<p>")
    return folder


@pytest.mark.skipif(os.name == "nt", reason="names are texts there")
def test_name_with_the_sign_for_lost_bytes_is_not_taken_from_pages(disk: Path) -> None:
    for name in ("caf\udce9.txt", "caf\ufffd.txt"):
        (disk / name).write_text(ascii(name))
    site = view_site(disk)
    folder = site.files_path[:-1] + quoted(disk)
    assert body_of(site, f"{folder}/caf%E9.txt") == ascii("caf\udce9.txt").encode()
    assert body_of(site, f"{folder}/caf%EF%BF%BD.txt") is None
    site.enter(site.open_page(disk / "caf\ufffd.txt"))  # the program has named its file
    assert body_of(site, f"{folder}/caf%EF%BF%BD.txt") == ascii("caf\ufffd.txt").encode()


def test_policy_of_a_page_names_the_further_sources(disk: Path) -> None:
    (disk / "index.html").write_text("<p>")
    site = view_site()
    site.main = FolderSite(disk)
    reply = site.get("/", Use.DOCUMENT)
    assert reply is not None
    assert "script-src https://x 'self';" in reply.policy
    assert "img-src https://x y://z 'self'" in reply.policy
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


@pytest.mark.parametrize(
    ("path", "url"),
    [
        (PurePosixPath("/usr/a b#?%.html"), "/usr/a%20b%23%3F%25.html"),
        (PurePosixPath("/\u30d7\u30ed/\udce9"), "/%E3%83%97%E3%83%AD/%E9"),
        (PureWindowsPath("C:\\a b\\c.html"), "/C:/a%20b/c.html"),
        (PureWindowsPath("\\\\server\\my share\\c.html"), "//server/my%20share/c.html"),
    ],
)
def test_path_of_a_file_becomes_that_of_a_url_and_comes_back(path: PurePosixPath, url: str) -> None:
    assert quoted(path) == url
    assert path_of(url, windows=isinstance(path, PureWindowsPath)) == path.as_posix()


@pytest.mark.parametrize("path", ["/\ud800", "/%ED%A0%80"] if os.name == "nt" else ["/\ud800"])
def test_path_no_file_can_have_is_none(path: str) -> None:
    assert path_of(path) == ""


@pytest.fixture
def app(tmp_path: Path) -> ViewSite:
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "index.html").write_text("index")
    (folder / "app.js").write_text("script")
    site = view_site()
    site.main = FolderSite(folder)
    return site


@pytest.mark.parametrize("path", ["/shots/010", "/shots", "/a/b/c/", "/shots/v1.2", "/%C3%A9", "/..%2f"])
def test_route_of_an_app_is_its_index_and_runs_no_files_from_disk(app: ViewSite, path: str) -> None:
    reply = app.get(path, Use.DOCUMENT)
    assert reply is not None
    assert (reply.body, reply.mime) == (b"index", "text/html")
    assert reply.policy == app.get("/", Use.DOCUMENT).policy  # type: ignore[union-attr]
    assert not app.runs_files(path)
    assert app.get(path, Use.RESOURCE) is None
    assert app.get(path, Use.WORKER) is None


@pytest.mark.parametrize("path", ["/missing.js", "/help.html", "/a/logo.png", "/data.json", "/style.css"])
def test_missing_file_of_an_app_is_no_route(app: ViewSite, path: str) -> None:
    assert app.get(path, Use.DOCUMENT) is None


def test_page_without_an_app_has_no_routes(disk: Path) -> None:
    site = view_site()
    assert site.get("/shots/010", Use.DOCUMENT) is None
    site.main = HtmlSite("page")
    assert site.get("/shots/010", Use.DOCUMENT) is None


def test_refused_file_keeps_no_caller_alive(disk: Path) -> None:
    class Request:
        pass

    files = DiskFiles([Scopes(disk)])

    def ask() -> weakref.ref[Request]:
        request = Request()
        assert not files.has(quoted(disk / "nothing"))
        return weakref.ref(request)

    gc.disable()
    try:
        assert ask()() is None
    finally:
        gc.enable()
