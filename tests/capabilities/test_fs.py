from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import stat
from pathlib import Path
from typing import Any, Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auroraview_qt.capabilities import fs as fs_module
from auroraview_qt.capabilities.folder import ANCHORED
from auroraview_qt.capabilities.fs import FileSystem
from auroraview_qt.capabilities.scopes import Scopes
from auroraview_qt.errors import (
    AuroraViewError,
    CapabilityError,
    FileAccessError,
    FileMissingError,
    InvalidArgumentsError,
    PermissionDeniedError,
    ScopeViolationError,
)
from auroraview_qt.ipc.wire.json_text import dumps


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.txt").write_text("secret")
    root = tmp_path / "root"
    (root / "sub").mkdir(parents=True)
    (root / "a.txt").write_bytes("ä\r\n".encode())
    (root / "sub" / "b.bin").write_bytes(b"\xff\x00")
    try:
        (root / "out").symlink_to(tmp_path / "outside")
    except OSError:
        pytest.skip("this system lets us make no symlinks")
    return root


@pytest.fixture
def fs(root: Path) -> FileSystem:
    return FileSystem(Scopes([root]), write=True, max_bytes=1000)


def temporary_files(root: Path) -> list[Path]:
    return list(root.rglob("*.tmp"))


def test_read_gives_text_as_it_stands_there(fs: FileSystem, root: Path) -> None:
    assert fs.read_file(str(root / "a.txt")) == "ä\r\n"
    assert fs.read_file(str(root / "a.txt"), "UTF-8") == "ä\r\n"


def test_read_of_bytes_gives_base64(fs: FileSystem, root: Path) -> None:
    path = str(root / "sub" / "b.bin")
    assert fs.read_file_binary(path) == fs.read_file(path, "base64") == fs.read_file(path, "binary") == "/wA="


def test_read_of_bytes_as_text_says_how_to_read_them(fs: FileSystem, root: Path) -> None:
    with pytest.raises(FileAccessError, match="base64"):
        fs.read_file(str(root / "sub" / "b.bin"))


def test_read_in_an_unknown_encoding_is_a_wrong_argument(fs: FileSystem, root: Path) -> None:
    with pytest.raises(InvalidArgumentsError, match="latin"):
        fs.read_file(str(root / "a.txt"), "latin-1")


def test_read_over_the_cap_names_size_and_cap(fs: FileSystem, root: Path) -> None:
    (root / "large").write_bytes(b"x" * 1001)
    with pytest.raises(FileAccessError, match=r"1,001 bytes .* limit of 1,000"):
        fs.read_file(str(root / "large"))
    (root / "large").write_bytes(b"x" * 1000)
    assert len(fs.read_file(str(root / "large"))) == 1000


@pytest.mark.parametrize("command", ["read_file", "read_file_binary", "read_dir", "stat", "remove"])
def test_what_is_missing_is_file_not_found(fs: FileSystem, root: Path, command: str) -> None:
    with pytest.raises(FileMissingError, match="nothing"):
        fs.commands()[command](str(root / "nothing"))


@pytest.mark.parametrize("command", ["read_file", "read_file_binary", "read_dir", "stat", "create_dir", "remove"])
@pytest.mark.parametrize("path", ["{0}/../outside/secret.txt", "{0}/out/secret.txt", "/etc/passwd", "a.txt"])
def test_what_is_outside_is_a_scope_violation(fs: FileSystem, root: Path, command: str, path: str) -> None:
    with pytest.raises(ScopeViolationError) as caught:
        fs.commands()[command](path.format(root))
    assert caught.value.code == "SCOPE_VIOLATION"
    assert (root.parent / "outside" / "secret.txt").read_text() == "secret"


def test_read_dir_lists_by_name_and_says_what_each_is(fs: FileSystem, root: Path) -> None:
    entries = fs.read_dir(str(root))
    assert [entry["name"] for entry in entries] == ["a.txt", "out", "sub"]
    assert [(e["isFile"], e["isDir"], e["isSymlink"]) for e in entries] == [
        (True, False, False),
        (False, False, True),
        (False, True, False),
    ]
    assert entries[0]["path"] == str(root / "a.txt")
    assert entries[0]["size"] == 4
    assert entries[2]["isDirectory"] is True


def test_read_dir_recursive_does_not_follow_symlinks(fs: FileSystem, root: Path) -> None:
    names = [entry["name"] for entry in fs.read_dir(str(root), recursive=True)]
    assert names == ["a.txt", "out", "sub", "b.bin"]


def test_read_dir_of_a_file_is_an_error(fs: FileSystem, root: Path) -> None:
    with pytest.raises(FileAccessError, match="no folder"):
        fs.read_dir(str(root / "a.txt"))


def test_read_dir_over_the_cap_is_an_error(fs: FileSystem, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fs_module, "MAX_ENTRIES", 2)
    with pytest.raises(FileAccessError, match="more than 2 entries"):
        fs.read_dir(str(root))


def names_in(folder: Path) -> list[bytes]:
    return sorted(os.fsencode(path.name) for path in folder.iterdir())


#: Names that programs confuse: bytes that are not UTF-8 and their displayed forms, composed and decomposed letters, endings.
TWINS = [
    [b"caf\xe9.abc", b"caf\xe8.abc", "caf\ufffd.abc".encode(), "caf\u00e9.abc".encode()],
    ["\u00e9.txt".encode(), "e\u0301.txt".encode()],
    [b"a", b"a.", b"a ", b" a", b"A", b"a\n", b"a\r", b"a\t", b"a\x01", b"a\\b", b"a%20", b"a#", b"-a", b"..a", b"a\x7f"],
    [b"\xc3\xa9", b"\xc3", b"\xa9", b"\xff\xfe", b"\xed\xa0\x80"],  # the last: a surrogate as bytes
]


@pytest.mark.skipif(os.name == "nt", reason="names are texts there")
@pytest.mark.parametrize("twins", TWINS)
def test_entry_of_a_listing_reads_moves_and_removes_its_own_file(fs: FileSystem, root: Path, twins: list[bytes]) -> None:
    folder = os.fsencode(root / "sub")
    (root / "sub" / "b.bin").unlink()
    for name in twins:
        Path(os.fsdecode(folder + b"/" + name)).write_bytes(name.hex().encode())
    entries = json.loads(dumps(fs.read_dir(str(root / "sub")), "result"))  # as the page gets them
    assert sorted(os.fsencode(entry["name"]) for entry in entries) == sorted(twins)
    for entry in entries:
        name = os.fsencode(entry["name"])
        assert fs.read_file(entry["path"]) == name.hex()
        fs.write_file(entry["path"], "written " + name.hex())
        fs.rename(**{"from": entry["path"], "to": entry["path"] + ".moved"})
        assert fs.exists(entry["path"]) == {"exists": False}
        assert fs.stat(entry["path"] + ".moved")["size"] == len("written ") + 2 * len(name)
    assert names_in(root / "sub") == sorted(name + b".moved" for name in twins)
    fs.copy(**{"from": str(root / "sub"), "to": str(root / "copied")})
    for entry in fs.read_dir(str(root / "copied")):
        fs.remove(str(entry["path"]))
    assert names_in(root / "sub") == sorted(name + b".moved" for name in twins)
    assert not names_in(root / "copied")


@pytest.mark.skipif(os.name == "nt", reason="names are texts there")
def test_name_of_bytes_in_a_recursive_listing_leads_to_its_own_content(fs: FileSystem, root: Path) -> None:
    for name in ("\udce9", "\ufffd"):
        (root / "sub" / name).mkdir()
        (root / "sub" / name / "x").write_text(ascii(name))
    files = [str(entry["path"]) for entry in fs.read_dir(str(root / "sub"), recursive=True) if entry["name"] == "x"]
    assert [fs.read_file(path) for path in files] == [ascii(Path(path).parent.name) for path in files]
    assert len(files) == 2


@pytest.mark.skipif(os.name == "nt", reason="names are texts there")
def test_root_spelled_by_its_bytes_is_not_removed(root: Path) -> None:
    protected = root / "\u00e9"
    protected.mkdir()
    fs = FileSystem(Scopes([root, protected]), write=True)
    with pytest.raises(ScopeViolationError, match="cannot be removed"):
        fs.remove(f"{root}/\udcc3\udca9", recursive=True)
    assert protected.is_dir()


def test_exists_tells_nothing_about_what_is_out_of_reach(fs: FileSystem, root: Path) -> None:
    assert fs.exists(str(root / "a.txt")) == {"exists": True}
    assert fs.exists(str(root / "nothing")) == {"exists": False}
    assert fs.exists(str(root / "out" / "secret.txt")) == {"exists": False}
    assert fs.exists("a.txt") == {"exists": False}


def test_stat_has_sizes_and_times(fs: FileSystem, root: Path) -> None:
    os.utime(root / "a.txt", (1000, 2000))
    found = fs.stat(str(root / "a.txt"))
    assert (found["size"], found["isFile"], found["isDir"], found["isSymlink"]) == (4, True, False, False)
    assert (found["modified"], found["accessed"], found["readonly"]) == (2_000_000, 1_000_000, False)
    (root / "in").symlink_to(root / "sub")
    assert (fs.stat(str(root / "in"))["isSymlink"], fs.stat(str(root / "in"))["isDir"]) == (True, True)


def test_write_makes_folders_and_leaves_no_temporary_file(fs: FileSystem, root: Path) -> None:
    assert fs.write_file(str(root / "new" / "deep" / "x.txt"), "ä\n") is None
    assert (root / "new" / "deep" / "x.txt").read_bytes() == "ä\n".encode()
    assert not temporary_files(root)


def test_write_replaces_the_file_and_keeps_its_mode(fs: FileSystem, root: Path) -> None:
    (root / "a.txt").chmod(0o640)
    before = (root / "a.txt").stat().st_ino
    fs.write_file(str(root / "a.txt"), "new")
    assert (root / "a.txt").read_text() == "new"
    assert stat.S_IMODE((root / "a.txt").stat().st_mode) == 0o640
    assert (root / "a.txt").stat().st_ino != before  # moved there, not written over


def test_write_that_fails_leaves_the_old_file_alone(fs: FileSystem, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileAccessError, match="No space left"):
        fs.write_file(str(root / "a.txt"), "new")
    assert (root / "a.txt").read_bytes() == "ä\r\n".encode()
    assert not temporary_files(root)


def test_write_through_a_symlink_inside_writes_where_it_leads(fs: FileSystem, root: Path) -> None:
    (root / "alias.txt").symlink_to(root / "a.txt")
    fs.write_file(str(root / "alias.txt"), "new")
    assert (root / "alias.txt").is_symlink()
    assert (root / "a.txt").read_text() == "new"


def test_append_adds_to_a_file_and_makes_one(fs: FileSystem, root: Path) -> None:
    fs.write_file(str(root / "log" / "x.txt"), "one\n", append=True)
    fs.write_file(str(root / "log" / "x.txt"), "two\n", append=True)
    assert (root / "log" / "x.txt").read_text() == "one\ntwo\n"


@pytest.mark.parametrize("contents", ["/wA=", [255, 0]])
def test_write_binary_takes_base64_and_numbers(fs: FileSystem, root: Path, contents: object) -> None:
    fs.write_file_binary(str(root / "x.bin"), contents)
    fs.write_file(str(root / "y.bin"), "/wA=", encoding="base64")
    assert (root / "x.bin").read_bytes() == (root / "y.bin").read_bytes() == b"\xff\x00"


@pytest.mark.parametrize("contents", [None, 7, "no base64!", [256], ["a"], {"a": 1}])
def test_write_binary_of_anything_else_is_a_wrong_argument(fs: FileSystem, root: Path, contents: object) -> None:
    with pytest.raises(InvalidArgumentsError):
        fs.write_file_binary(str(root / "x.bin"), contents)
    assert not (root / "x.bin").exists()


def test_write_of_what_is_no_text_is_a_wrong_argument(fs: FileSystem, root: Path) -> None:
    for contents in (7, "\ud800"):
        with pytest.raises(InvalidArgumentsError):
            fs.write_file(str(root / "x.txt"), contents)  # type: ignore[arg-type]


def test_write_over_the_cap_names_size_and_cap(fs: FileSystem, root: Path) -> None:
    with pytest.raises(FileAccessError, match=r"1,001 bytes .* limit of 1,000"):
        fs.write_file(str(root / "a.txt"), "x" * 1001)


def test_write_to_a_folder_is_an_error(fs: FileSystem, root: Path) -> None:
    for path in (root / "sub", root):
        with pytest.raises(FileAccessError):
            fs.write_file(str(path), "x")
        with pytest.raises(FileAccessError):
            fs.write_file(str(path), "x", append=True)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no names here")
def test_append_to_a_pipe_does_not_wait(fs: FileSystem, root: Path) -> None:
    os.mkfifo(root / "pipe")
    with pytest.raises(FileAccessError):
        fs.write_file(str(root / "pipe"), "x", append=True)


def test_create_dir_makes_those_on_the_way_unless_told_not_to(fs: FileSystem, root: Path) -> None:
    fs.create_dir(str(root / "x" / "y"))
    fs.create_dir(str(root / "x" / "y"))
    assert (root / "x" / "y").is_dir()
    with pytest.raises(FileAccessError):
        fs.create_dir(str(root / "x"), recursive=False)
    with pytest.raises(FileMissingError):
        fs.create_dir(str(root / "p" / "q"), recursive=False)


def test_remove_takes_a_folder_with_content_only_where_recursive(fs: FileSystem, root: Path) -> None:
    fs.remove(str(root / "a.txt"))
    with pytest.raises(FileAccessError):
        fs.remove(str(root / "sub"))
    fs.remove(str(root / "sub"), recursive=True)
    assert sorted(path.name for path in root.iterdir()) == ["out"]


def test_remove_of_a_symlink_leaves_where_it_leads(fs: FileSystem, root: Path) -> None:
    fs.remove(str(root / "out"), recursive=True)
    assert not (root / "out").exists()
    assert (root.parent / "outside" / "secret.txt").exists()


def test_remove_recursive_does_not_follow_symlinks_below(fs: FileSystem, root: Path) -> None:
    (root / "sub" / "out").symlink_to(root.parent / "outside")
    fs.remove(str(root / "sub"), recursive=True)
    assert (root.parent / "outside" / "secret.txt").exists()


@pytest.mark.parametrize("path", ["{0}", "{0}/", "{0}/sub/..", "{0}/."])
def test_root_is_not_removed_moved_or_replaced(fs: FileSystem, root: Path, path: str) -> None:
    path = path.format(root)
    with pytest.raises(ScopeViolationError):
        fs.remove(path, recursive=True)
    with pytest.raises(ScopeViolationError):
        fs.rename(**{"from": path, "to": str(root / "x")})
    with pytest.raises(ScopeViolationError):
        fs.rename(**{"from": str(root / "sub"), "to": path})
    assert (root / "a.txt").exists()


def test_folder_that_holds_a_root_is_not_removed(root: Path) -> None:
    (root / "sub" / "inner").mkdir()
    fs = FileSystem(Scopes([root, root / "sub" / "inner"]), write=True)
    with pytest.raises(ScopeViolationError):
        fs.remove(str(root / "sub"), recursive=True)


def test_copy_of_a_file_replaces_and_makes_folders(fs: FileSystem, root: Path) -> None:
    fs.copy(**{"from": str(root / "a.txt"), "to": str(root / "n" / "c.txt")})
    fs.copy(**{"from": str(root / "sub" / "b.bin"), "to": str(root / "n" / "c.txt")})
    assert (root / "n" / "c.txt").read_bytes() == b"\xff\x00"
    assert not temporary_files(root)


def test_copy_of_a_folder_keeps_symlinks_as_such(fs: FileSystem, root: Path) -> None:
    (root / "sub" / "link").symlink_to(root.parent / "outside")
    fs.copy(**{"from": str(root / "sub"), "to": str(root / "copy")})
    assert (root / "copy" / "b.bin").read_bytes() == b"\xff\x00"
    assert (root / "copy" / "link").is_symlink()


@pytest.mark.parametrize(("source", "target"), [("sub", "sub"), ("sub", "sub/x"), ("sub/in", "sub")])
def test_copy_of_a_folder_into_itself_is_refused(fs: FileSystem, root: Path, source: str, target: str) -> None:
    (root / "sub" / "in").mkdir()
    with pytest.raises(FileAccessError):
        fs.copy(**{"from": str(root / source), "to": str(root / target)})


def test_rename_replaces_and_makes_folders(fs: FileSystem, root: Path) -> None:
    fs.rename(**{"from": str(root / "a.txt"), "to": str(root / "n" / "c.txt")})
    assert (root / "n" / "c.txt").exists()
    assert not (root / "a.txt").exists()
    fs.rename(**{"from": str(root / "out"), "to": str(root / "n" / "link")})
    assert (root / "n" / "link").is_symlink()
    with pytest.raises(FileMissingError):
        fs.rename(**{"from": str(root / "a.txt"), "to": str(root / "z")})


@pytest.mark.parametrize("command", ["copy", "rename"])
def test_copy_and_rename_stay_inside_at_both_ends(fs: FileSystem, root: Path, command: str) -> None:
    run = fs.commands()[command]
    outside = str(root / "out" / "secret.txt")
    with pytest.raises(ScopeViolationError):
        run(**{"from": outside, "to": str(root / "x")})
    with pytest.raises(ScopeViolationError):
        run(**{"from": str(root / "a.txt"), "to": outside})
    with pytest.raises(InvalidArgumentsError, match="'from' and 'to'"):
        run(source="x")


#: Commands, and the harm to the neighbours of the root if they followed an exchanged folder.
RACERS: list[tuple[str, dict[str, Any]]] = [
    ("read_file", {"path": "{0}/sub/secret.txt"}),
    ("read_dir", {"path": "{0}/sub"}),
    ("read_dir", {"path": "{0}/sub", "recursive": True}),
    ("stat", {"path": "{0}/sub/secret.txt"}),
    ("exists", {"path": "{0}/sub/secret.txt"}),
    ("write_file", {"path": "{0}/sub/secret.txt", "contents": "overwritten"}),
    ("write_file", {"path": "{0}/sub/secret.txt", "contents": "more", "append": True}),
    ("write_file", {"path": "{0}/sub/new/x.txt", "contents": ""}),
    ("create_dir", {"path": "{0}/sub/new"}),
    ("create_dir", {"path": "{0}/sub/new", "recursive": False}),
    ("remove", {"path": "{0}/sub/secret.txt"}),
    ("remove", {"path": "{0}/sub/deep", "recursive": True}),
    ("remove", {"path": "{0}/sub/deep"}),
    ("copy", {"from": "{0}/sub/secret.txt", "to": "{0}/x"}),
    ("copy", {"from": "{0}/sub", "to": "{0}/x"}),
    ("copy", {"from": "{0}/a.txt", "to": "{0}/sub/secret.txt"}),
    ("rename", {"from": "{0}/sub/secret.txt", "to": "{0}/x"}),
    ("rename", {"from": "{0}/a.txt", "to": "{0}/sub/secret.txt"}),
]


@pytest.mark.skipif(not ANCHORED, reason="this system opens files by their paths only")
@pytest.mark.parametrize("moment", range(1, 30, 2))
@pytest.mark.parametrize(("command", "arguments"), RACERS)
def test_folder_exchanged_for_a_symlink_at_any_moment_leads_nowhere(
    root: Path, monkeypatch: pytest.MonkeyPatch, command: str, arguments: dict[str, Any], moment: int
) -> None:
    outside = root.parent / "outside"
    (outside / "deep").mkdir()
    (outside / "deep" / "x.txt").write_text("secret")
    for name in ("sub", "sub/deep"):
        (root / name).mkdir(exist_ok=True)
        (root / name / "secret.txt").write_text("mine")
    fs, calls = FileSystem(Scopes([root]), write=True), [0]

    def exchanging(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **keywords: Any) -> Any:
            calls[0] += 1
            if calls[0] == moment:
                (root / "sub").rename(root / "gone")
                (root / "sub").symlink_to(outside)
            return real(*args, **keywords)

        return call

    filled = {key: value.format(root) if isinstance(value, str) else value for key, value in arguments.items()}
    answer = ""
    with monkeypatch.context() as patched, contextlib.suppress(CapabilityError):
        for name in ("open", "stat", "scandir", "unlink", "mkdir", "replace", "rmdir", "lstat"):
            patched.setattr(os, name, exchanging(getattr(os, name)))
        answer = str(fs.commands()[command](**filled))
    assert "secret" not in answer.replace("secret.txt", "")
    assert "x.txt" not in answer
    assert sorted(path.name for path in outside.rglob("*")) == ["deep", "secret.txt", "x.txt"]
    assert (outside / "secret.txt").read_text() == (outside / "deep" / "x.txt").read_text() == "secret"
    copied = [path.read_bytes() for path in (root / "x", *(root / "x").rglob("*")) if path.is_file()]
    assert b"secret" not in copied


def test_copy_of_a_folder_over_one_with_symlinks_replaces_them(fs: FileSystem, root: Path) -> None:
    (root / "new").mkdir()
    (root / "new" / "secret.txt").write_text("mine")
    (root / "target").mkdir()
    (root / "target" / "secret.txt").symlink_to(root.parent / "outside" / "secret.txt")
    fs.copy(**{"from": str(root / "new"), "to": str(root / "target")})
    assert (root.parent / "outside" / "secret.txt").read_text() == "secret"
    assert (root / "target" / "secret.txt").read_text() == "mine"
    (root / "target" / "secret.txt").unlink()
    (root / "new" / "secret.txt").unlink()
    (root / "new" / "deep").mkdir()
    (root / "target" / "deep").symlink_to(root.parent / "outside")
    with pytest.raises(FileAccessError):
        fs.copy(**{"from": str(root / "new"), "to": str(root / "target")})


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no names here")
def test_pipe_is_neither_read_nor_copied(fs: FileSystem, root: Path) -> None:
    os.mkfifo(root / "sub" / "pipe")
    for run in (
        lambda: fs.read_file(str(root / "sub" / "pipe")),
        lambda: fs.copy(**{"from": str(root / "sub"), "to": str(root / "x")}),
        lambda: fs.write_file(str(root / "sub" / "pipe"), "x"),
    ):
        with pytest.raises(FileAccessError, match="no ordinary file"):
            run()


def test_copy_of_a_folder_keeps_modes_and_times(fs: FileSystem, root: Path) -> None:
    (root / "sub" / "b.bin").chmod(0o640)
    os.utime(root / "sub" / "b.bin", (1_000_000, 1_000_000))
    os.utime(root / "sub", (2_000_000, 2_000_000))
    fs.copy(**{"from": str(root / "sub"), "to": str(root / "x")})
    assert (root / "x").stat().st_mtime == 2_000_000
    assert (root / "x" / "b.bin").stat().st_mtime == 1_000_000
    assert os.name == "nt" or stat.S_IMODE((root / "x" / "b.bin").stat().st_mode) == 0o640


WRITERS: list[tuple[str, dict[str, Any]]] = [
    ("write_file", {"path": "{0}/x", "contents": ""}),
    ("write_file_binary", {"path": "{0}/x", "contents": ""}),
    ("create_dir", {"path": "{0}/x"}),
    ("remove", {"path": "{0}/a.txt"}),
    ("copy", {"from": "{0}/a.txt", "to": "{0}/x"}),
    ("rename", {"from": "{0}/a.txt", "to": "{0}/x"}),
]


@pytest.mark.parametrize(("command", "arguments"), WRITERS)
def test_without_write_nothing_is_changed(root: Path, command: str, arguments: dict[str, str]) -> None:
    fs = FileSystem(Scopes([root]))
    with pytest.raises(PermissionDeniedError, match="write=True"):
        fs.commands()[command](**{key: value.format(root) for key, value in arguments.items()})
    assert sorted(path.name for path in root.iterdir()) == ["a.txt", "out", "sub"]


@pytest.mark.parametrize("command", ["read_file", "read_dir", "exists", "stat", "remove", "create_dir"])
@pytest.mark.parametrize("path", [None, 7, [], {}])
def test_path_that_is_no_text_is_a_wrong_argument(fs: FileSystem, command: str, path: object) -> None:
    with pytest.raises(InvalidArgumentsError):
        fs.commands()[command](path)


names = st.lists(
    st.sampled_from(["..", ".", "", "sub", "a.txt", "b.bin", "out", "secret.txt", "root", "outside", "new"]), max_size=5
)
steps = st.tuples(
    st.sampled_from(["write_file", "append", "create_dir", "remove", "copy", "rename", "read_file", "read_dir"]),
    names,
    names,
)


@given(st.lists(steps, max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
def test_no_sequence_of_commands_reads_or_changes_anything_outside(fs: FileSystem, root: Path, steps: list[Any]) -> None:
    shutil.rmtree(root)  # an earlier example may have changed anything inside
    (root / "sub").mkdir(parents=True)
    (root / "a.txt").write_text("a")
    (root / "out").symlink_to(root.parent / "outside")
    commands = fs.commands()
    for name, first, second in steps:
        one, two = ("/".join([str(root), *names]) for names in (first, second))
        try:
            if name in ("copy", "rename"):
                commands[name](**{"from": one, "to": two})
            elif name == "append":
                fs.write_file(one, "x", append=True)
            elif name == "write_file":
                fs.write_file(one, "x")
            elif name == "remove":
                fs.remove(one, recursive=True)
            else:
                assert "secret" not in str(commands[name](one)).replace("secret.txt", "")
        except CapabilityError:
            pass
    assert root.is_dir()
    assert [path.name for path in (root.parent / "outside").iterdir()] == ["secret.txt"]
    assert (root.parent / "outside" / "secret.txt").read_text() == "secret"
    assert sorted(path.name for path in root.parent.iterdir()) == ["outside", "root"]


@given(st.binary(max_size=900))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
def test_bytes_come_back_as_they_were_written(fs: FileSystem, root: Path, data: bytes) -> None:
    fs.write_file_binary(str(root / "x"), base64.b64encode(data).decode())
    assert base64.b64decode(fs.read_file_binary(str(root / "x"))) == data


def test_every_error_of_a_command_has_a_code_of_the_contract() -> None:
    codes = {one.code for one in (*CapabilityError.__subclasses__(), InvalidArgumentsError)}
    assert codes == {"PERMISSION_DENIED", "SCOPE_VIOLATION", "FILE_NOT_FOUND", "IO_ERROR", "INVALID_ARGS"}
    assert all(issubclass(one, AuroraViewError) for one in CapabilityError.__subclasses__())
