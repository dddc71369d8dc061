from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from auroraview_qt.capabilities.scopes import Scopes, windows_objection
from auroraview_qt.errors import (
    AuroraViewError,
    FileAccessError,
    FileMissingError,
    InvalidArgumentsError,
    ScopeViolationError,
)


def link(place: Path, target: Path) -> None:
    try:
        place.symlink_to(target)
    except OSError:
        pytest.skip("this system lets us make no symlinks")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A root with a file, a folder and symlinks in and out; a secret, and a neighbour whose name begins like the root."""
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "root-other").mkdir()
    (tmp_path / "root-other" / "x.txt").write_text("secret")
    root = tmp_path / "root"
    (root / "sub").mkdir(parents=True)
    (root / "a.txt").write_text("a")
    (root / "sub" / "b.txt").write_text("b")
    link(root / "in", root / "sub")
    link(root / "out", tmp_path)
    link(root / "leak.txt", tmp_path / "secret.txt")
    link(root / "dangling", tmp_path / "nothing-yet")
    link(root / "loop", root / "loop")
    return root


@pytest.fixture
def scopes(tree: Path) -> Scopes:
    return Scopes([tree])


def test_path_inside_resolves_to_itself(scopes: Scopes, tree: Path) -> None:
    assert scopes.resolve(str(tree / "sub" / "b.txt")) == tree / "sub" / "b.txt"
    assert scopes.resolve(str(tree / "new" / "c.txt")) == tree / "new" / "c.txt"
    assert scopes.resolve(str(tree)) == tree


def test_path_through_a_symlink_inside_resolves_to_where_it_leads(scopes: Scopes, tree: Path) -> None:
    assert scopes.resolve(str(tree / "in" / "b.txt")) == tree / "sub" / "b.txt"
    assert scopes.resolve_entry(str(tree / "in")) == tree / "in"


@pytest.mark.parametrize(
    "relative",
    [
        "..",
        "../secret.txt",
        "sub/../../secret.txt",
        "../root-other/x.txt",
        "out",
        "out/secret.txt",
        "leak.txt",
        "dangling",
        "in/../../secret.txt",
        "nothing/../../secret.txt",
    ],
)
def test_path_that_leads_outside_is_refused(scopes: Scopes, tree: Path, relative: str) -> None:
    with pytest.raises(ScopeViolationError, match="outside"):
        scopes.resolve(f"{tree}/{relative}")


@pytest.mark.parametrize(
    "path", ["a.txt", "./a.txt", "~/a.txt", "file:///etc/passwd", "\0", "/a\0b", "/\ud800", "/" + "a" * 40_000]
)
def test_path_that_is_none_is_refused(scopes: Scopes, path: str) -> None:
    with pytest.raises(ScopeViolationError):
        scopes.resolve(path)


@pytest.mark.parametrize("path", ["", None, 7, ["/a"], {"path": "/a"}, b"/a"])
def test_path_that_is_no_text_is_a_wrong_argument(scopes: Scopes, path: object) -> None:
    with pytest.raises(InvalidArgumentsError, match="a path has to be a text"):
        scopes.resolve(path)


def test_entry_is_the_symlink_itself_and_its_folder_is_checked(scopes: Scopes, tree: Path) -> None:
    assert scopes.resolve_entry(str(tree / "leak.txt")) == tree / "leak.txt"
    assert scopes.resolve_entry(f"{tree}/out/") == tree / "out"
    for path in (f"{tree}/out/secret.txt", f"{tree}/..", f"{tree}/sub/../..", "/"):
        with pytest.raises(ScopeViolationError):
            scopes.resolve_entry(path)
    assert scopes.resolve_entry(f"{tree}/sub/..") == tree


def test_root_that_is_a_symlink_means_where_it_leads(tree: Path, tmp_path: Path) -> None:
    link(tmp_path / "alias", tree)
    scopes = Scopes([tmp_path / "alias"])
    assert scopes.resolve(str(tmp_path / "alias" / "a.txt")) == tree / "a.txt"
    assert scopes.resolve(str(tree / "a.txt")) == tree / "a.txt"


def test_root_may_be_one_file_or_the_whole_disk(tree: Path) -> None:
    only = Scopes([tree / "a.txt"])
    assert only.resolve(str(tree / "a.txt"))
    with pytest.raises(ScopeViolationError):
        only.resolve(str(tree / "a.txt2"))
    assert Scopes([tree.anchor]).resolve(str(tree / "a.txt"))


def test_roots_given_as_one_text_are_one_root(tree: Path) -> None:
    assert Scopes(str(tree)).roots == (tree,)
    assert Scopes(tree).roots == (tree,)


def test_root_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        Scopes([tmp_path / "nowhere"])


def test_no_roots_hold_nothing(tree: Path) -> None:
    with pytest.raises(ScopeViolationError):
        Scopes([]).resolve(str(tree))


def test_root_and_what_holds_it_are_known(tree: Path) -> None:
    nested = Scopes([tree, tree / "sub"])
    assert nested.carries_root(tree)
    assert nested.carries_root(tree / "sub")
    assert nested.carries_root(tree.parent)
    assert not nested.carries_root(tree / "a.txt")
    assert not nested.carries_root(tree.parent / "root-other")


def test_existing_of_nothing_is_missing(scopes: Scopes, tree: Path) -> None:
    with pytest.raises(FileMissingError):
        scopes.existing(str(tree / "nothing"))
    with pytest.raises(FileMissingError):
        scopes.existing(str(tree / "loop" / "x"))


def test_open_gives_the_content_and_refuses_what_is_no_file(scopes: Scopes, tree: Path) -> None:
    with scopes.open_for_reading(str(tree / "in" / "b.txt")) as file:
        assert file.read() == b"b"
    with pytest.raises(FileAccessError, match="is a folder"):
        scopes.open_for_reading(str(tree / "sub"))
    with pytest.raises((OSError, FileAccessError)):
        scopes.open_for_reading(str(tree / "loop"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no names here")
def test_open_of_a_pipe_does_not_wait(scopes: Scopes, tree: Path) -> None:
    os.mkfifo(tree / "pipe")
    with pytest.raises(FileAccessError, match="no ordinary file"):
        scopes.open_for_reading(str(tree / "pipe"))


def test_open_while_a_folder_is_exchanged_for_a_symlink_reads_nothing_else(
    scopes: Scopes, tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "b.txt").write_text("secret")
    real_open, calls = os.open, [0]

    def swap(*args: Any, **keywords: Any) -> int:
        calls[0] += 1
        if calls[0] == 2:  # the root is open, the folder in it not yet
            (tree / "sub").rename(tree / "gone")
            (tree / "sub").symlink_to(tmp_path)
        return real_open(*args, **keywords)

    monkeypatch.setattr(os, "open", swap)
    with pytest.raises((OSError, ScopeViolationError)):
        scopes.open_for_reading(str(tree / "sub" / "b.txt"))


def test_open_in_many_races_never_reads_what_is_outside(scopes: Scopes, tree: Path, tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("secret")
    over = threading.Event()

    def exchange() -> None:
        while not over.is_set():
            (tree / "sub").rename(tree / "gone")
            (tree / "sub").symlink_to(tmp_path)
            (tree / "sub").unlink()
            (tree / "gone").rename(tree / "sub")

    other = threading.Thread(target=exchange)
    other.start()
    try:
        for _ in range(3000):
            try:
                with scopes.open_for_reading(str(tree / "sub" / "b.txt")) as file:
                    assert file.read() == b"b"
            except (OSError, AuroraViewError):
                pass
    finally:
        over.set()
        other.join()


def test_open_of_a_file_that_is_replaced_meanwhile_gives_either(scopes: Scopes, tree: Path) -> None:
    with scopes.open_for_reading(str(tree / "a.txt")) as file:
        (tree / "new").write_text("another")
        (tree / "new").replace(tree / "a.txt")
        assert file.read() == b"a"


def test_root_that_became_a_symlink_is_not_followed(scopes: Scopes, tree: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.txt").write_text("secret")
    tree.rename(tmp_path / "gone")
    link(tree, tmp_path / "elsewhere")
    with pytest.raises((OSError, ScopeViolationError)):
        scopes.open_for_reading(str(tree / "a.txt"))


@pytest.mark.skipif(os.name == "nt", reason="names are texts there")
def test_path_of_bytes_spelled_in_two_ways_is_one_path(scopes: Scopes, tree: Path) -> None:
    assert scopes.resolve(f"{tree}/\udcc3\udca9") == scopes.resolve(f"{tree}/\u00e9")


def test_root_found_by_another_spelling_is_a_root_still(tree: Path, tmp_path: Path) -> None:
    alias = tmp_path / "alias"
    alias.mkdir()
    scopes = Scopes([tmp_path, alias])
    # As on a file system that ignores case: another name of the same folder.
    link(tmp_path / "ALIAS", alias)
    assert scopes.carries_root(alias)
    assert not scopes.carries_root(tmp_path / "ALIAS")  # a symlink is a separate entry


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("C:\\a\\nul", "device"),
        ("C:\\a\\NUL.txt", "device"),
        ("C:\\con", "device"),
        ("C:\\COM1\\x", "device"),
        ("C:\\a\\lpt¹.log", "device"),
        ("C:\\a\\aux .txt", "device"),
        ("\\\\.\\C:\\a", "device"),
        ("\\\\?\\C:\\a", "device"),
        ("//./pipe/x", "device"),
        ("C:\\a.txt:stream", "stream"),
        ("C:\\a.txt::$DATA", "stream"),
        ("C:\\a.\\b", "dot or space"),
        ("C:\\a \\b", "dot or space"),
        ("C:\\...\\b", "dot or space"),
    ],
)
def test_windows_would_read_something_else_into_the_path(path: str, why: str) -> None:
    assert why in str(windows_objection(path))


@pytest.mark.parametrize(
    "path", ["C:\\a\\b.txt", "C:/a/../console.txt", "\\\\server\\share\\a", "C:\\null\\comma.txt", "D:\\"]
)
def test_windows_has_nothing_against_the_path(path: str) -> None:
    assert windows_objection(path) is None


def test_windows_objection_refuses_the_path_there(scopes: Scopes, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr("auroraview_qt.capabilities.scopes.windows_objection", lambda path: seen.append(path) or "no")
    if os.name == "nt":
        with pytest.raises(ScopeViolationError, match="refused: no"):
            scopes.resolve("C:\\a")
    else:
        scopes.resolve(str(scopes.roots[0]))
        assert not seen  # elsewhere a file may be named nul


parts = st.sampled_from(
    ["..", ".", "", "sub", "a.txt", "b.txt", "in", "out", "leak.txt", "loop", "root", "root-other", "new", "dangling"]
)


@given(st.lists(parts, max_size=8), st.sampled_from(["", "/", "root", "secret"]))
@example(["out", "root", "..", "secret.txt"], "")
@example(["loop", "..", "out", ".."], "root")  # after a link to itself, the remaining path is unresolved
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
def test_no_path_escapes(scopes: Scopes, tree: Path, names: list[str], tail: str) -> None:
    path = "/".join([str(tree), *names]) + tail
    for resolve in (scopes.resolve, scopes.resolve_entry):
        try:
            resolved = resolve(path)
        except ScopeViolationError:
            continue
        assert resolved == tree or tree in resolved.parents
        # Where the system itself would be led: an entry's folder, and a file's whole way.
        real = Path(os.path.realpath(path if resolve == scopes.resolve else resolved.parent))
        assert real == tree or tree in real.parents or resolved == tree
    try:
        with scopes.open_for_reading(path) as file:
            assert file.read() in (b"a", b"b")
    except (ScopeViolationError, FileAccessError, OSError):
        pass


@given(st.text(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
def test_any_text_is_refused_or_inside(scopes: Scopes, tree: Path, text: str) -> None:
    for path in (text, f"{tree}/{text}"):
        try:
            resolved = scopes.resolve(path)
        except (ScopeViolationError, InvalidArgumentsError):
            continue
        assert resolved == tree or tree in resolved.parents
