"""Keys of the state in a file: one process, several, killed, damaged, locked."""

from __future__ import annotations

import contextlib
import logging
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from auroraview_qt.errors import StorageError
from auroraview_qt.ipc.state import state_file
from auroraview_qt.ipc.state.shared_state import SharedState
from auroraview_qt.ipc.state.state_file import StateFile
from auroraview_qt.ipc.state.state_store import StateStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "studio.assets" / "state.sqlite"


def state_on(path: Path) -> SharedState:
    state = SharedState(StateStore())
    state.attach_file(StateFile(path))
    return state


def flush(state: SharedState) -> None:
    assert state._file is not None
    assert state._file.flush()


def test_persisted_key_is_there_for_the_next_session(path: Path) -> None:
    state = state_on(path)
    state.persist("layout", "recent")
    state["layout"] = {"left": 200, "nodes": [1, 2]}
    state["other"] = 1
    state.set_path(["layout", "left"], 250)
    flush(state)
    later = state_on(path)
    later.persist("layout", "recent", "other")
    assert later.to_dict() == {"layout": {"left": 250, "nodes": [1, 2]}}


def test_persist_of_a_key_with_a_value_stores_it_and_the_stored_one_wins(path: Path) -> None:
    state = state_on(path)
    state["layout"] = "default"
    state.persist("layout")
    flush(state)
    later = state_on(path)
    later["layout"] = "other default"
    later.persist("layout")
    later.persist("layout")
    assert later["layout"] == "default"


def test_deleted_key_is_gone_in_the_next_session(path: Path) -> None:
    state = state_on(path)
    state.persist("layout")
    state["layout"] = 1
    flush(state)
    del state["layout"]
    flush(state)
    later = state_on(path)
    later.persist("layout")
    assert "layout" not in later


def test_change_of_a_page_is_stored(path: Path) -> None:
    state = state_on(path)
    state.persist("layout")
    state.receive("page", [1, 0, ["layout"], "\ud800 wide"])
    flush(state)
    later = state_on(path)
    later.persist("layout")
    assert later["layout"] == "\ud800 wide"


def test_persist_without_a_storage_name_says_how_to_give_one() -> None:
    with pytest.raises(StorageError, match="storage="):
        SharedState(StateStore()).persist("layout")


def test_persist_reads_before_it_writes(path: Path) -> None:
    """A second process must not write back an older value that it has just read."""
    first = state_on(path)
    first.persist("layout")
    first["layout"] = "old"
    flush(first)
    second = state_on(path)
    second.persist("layout")
    assert second._file is not None
    assert second._file.flush()
    with contextlib.closing(sqlite3.connect(str(path))) as database:
        (changed,) = database.execute("SELECT changed FROM state").fetchone()
    first["layout"] = "new"
    flush(first)
    with contextlib.closing(sqlite3.connect(str(path))) as database:
        assert database.execute("SELECT changed > ? FROM state", (changed,)).fetchone() == (1,)


def test_damaged_file_is_put_aside_and_replaced(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database" * 1000)
    state = state_on(path)
    state.persist("layout")
    assert "cannot be read" in caplog.text
    assert (path.parent / "state.sqlite.damaged").exists()
    state["layout"] = 1
    flush(state)
    assert StateFile(path).read(["layout"]) == {"layout": 1}


def test_file_that_is_damaged_while_it_is_used_is_replaced_at_the_next_write(path: Path) -> None:
    file = StateFile(path)
    file.enqueue("a", 1)
    assert file.flush()
    path.write_bytes(b"no database" * 1000)
    file.enqueue("b", 2)
    assert file.flush()
    assert StateFile(path).read(["a", "b"]) == {"b": 2}


def test_file_without_a_table_yet_reads_as_empty(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.touch()
    assert StateFile(path).read(["a"]) == {}


def test_folder_that_cannot_be_written_loses_nothing_and_is_told_once(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.parent.write_text("in the way")
    file = StateFile(path)
    with caplog.at_level(logging.WARNING):
        file.enqueue("a", 1)
        assert not file.flush()
        file.enqueue("b", 2)
        assert not file.flush()
    assert len(caplog.records) == 1
    path.parent.unlink()
    assert file.flush()
    assert StateFile(path).read(["a", "b"]) == {"a": 1, "b": 2}


def test_read_of_a_locked_file_gives_up_and_keeps_the_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_file, "READ_S", 0.01)
    file = StateFile(path)
    file.enqueue("a", 1)
    assert file.flush()
    database = sqlite3.connect(str(path), isolation_level=None)
    database.execute("BEGIN EXCLUSIVE")
    assert file.read(["a"]) == {}
    database.close()
    assert file.read(["a"]) == {"a": 1}


def test_change_while_the_worker_writes_is_written_too(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = StateFile(path)
    entered, go = threading.Event(), threading.Event()
    write = file._write_batch

    def slow(batch: dict[str, object]) -> None:
        entered.set()
        assert go.wait(20)
        write(batch)

    monkeypatch.setattr(file, "_write_batch", slow)
    file.enqueue("a", 1)
    assert entered.wait(20)
    file.enqueue("a", 2)
    assert not file.flush(0.0)
    go.set()
    assert file.flush()
    assert file.read(["a"]) == {"a": 2}


def test_state_file_is_one_for_each_path(path: Path) -> None:
    file = state_file.state_file(path)
    assert state_file.state_file(path) is file
    file.enqueue("a", 1)
    state_file.flush_all()
    assert file.read(["a"]) == {"a": 1}


WRITER = """
import sys
from pathlib import Path
from auroraview_qt.ipc.state.shared_state import SharedState
from auroraview_qt.ipc.state.state_file import StateFile
from auroraview_qt.ipc.state.state_store import StateStore
name, count = sys.argv[2], int(sys.argv[3])
file = StateFile(Path(sys.argv[1]))
state = SharedState(StateStore())
state.attach_file(file)
state.persist(name)
for number in range(count):
    state[name] = {"number": number, "pad": "x" * 200}
    if number % 10 == 0:
        assert file.flush(30)
        print(number, flush=True)
print("end", flush=True)
if count > 10**6:
    sys.stdin.read()
"""


def test_two_processes_one_killed_lose_nothing_that_was_written(path: Path) -> None:
    def start(name: str, count: int) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", WRITER, str(path), name, str(count)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    survivor, victim = start("first", 400), start("second", 10**9)
    assert victim.stdout is not None
    for _ in range(5):
        last = int(victim.stdout.readline())
    victim.send_signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    told, _ = victim.communicate(timeout=30)
    last = int(told.split()[-1]) if told else last
    out, _ = survivor.communicate(timeout=60)
    assert survivor.returncode == 0
    assert out.split()[-1] == "end"
    found = StateFile(path).read(["first", "second"])
    assert found["first"]["number"] == 399
    assert found["second"]["number"] >= last
    with contextlib.closing(sqlite3.connect(str(path))) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
