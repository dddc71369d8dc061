"""Capabilities on a real page: switching them on and off, and their refusals."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from auroraview_qt.capabilities.scopes import Scopes
from auroraview_qt.errors import (
    FileAccessError,
    FileMissingError,
    InvalidArgumentsError,
    PermissionDeniedError,
    ScopeViolationError,
)
from auroraview_qt.qt.capabilities.clipboard import Clipboard
from auroraview_qt.qt.capabilities.external_opener import ExternalOpener, SystemOpener
from auroraview_qt.qt.support.binding import QtCore, QtGui, is_alive


def settled(view, js, wait_until, source):
    """Await a promise of the page: its value, or the code of its error."""
    js(view, f"(window.settled = null, {source}.then((v) => {{ settled = [v]; }}, (e) => {{ settled = [e.code]; }}), 1)")
    wait_until(lambda: js(view, "settled") is not None, source)
    return js(view, "settled")[0]


# Switching


@pytest.mark.parametrize(
    ("name", "options", "error", "message"),
    [
        ("clipbord", {}, ValueError, "did you mean 'clipboard'"),
        ("zzz", {}, ValueError, "there are 'fs', 'dialog', 'clipboard', 'drag', 'shell'"),
        ("fs", {}, TypeError, "needs the option 'roots'"),
        ("fs", {"root": "/"}, TypeError, "'root': did you mean 'roots'"),
        ("clipboard", {"zzz": 1}, TypeError, "it has 'read', 'write'"),
        ("fs", {"roots": ["/nowhere/at/all"]}, FileNotFoundError, "nowhere"),
        ("shell", {"schemes": ["https", "file"]}, ValueError, "file are never opened"),
        ("shell", {"schemes": ["JavaScript:"]}, ValueError, "javascript"),
    ],
)
def test_enable_of_what_does_not_exist_names_what_does(make_view, name, options, error, message):
    view = make_view()
    with pytest.raises(error, match=message):
        view.enable(name, **options)
    assert view._capabilities.names() == []


def test_disable_of_an_unknown_name_is_an_error_and_of_what_is_off_none(make_view):
    view = make_view()
    with pytest.raises(ValueError, match="did you mean 'dialog'"):
        view.disable("dialogs")
    view.disable("dialog")
    assert view.stats()["queued"] == 0


def test_capability_that_failed_to_change_stays_as_it_was(make_view, tmp_path):
    view = make_view()
    view.enable("fs", roots=[tmp_path])
    with pytest.raises(FileNotFoundError):
        view.enable("fs", roots=["/nowhere/at/all"])
    assert view._capabilities.fs_scopes.roots == (tmp_path.resolve(),)


def test_disabled_capability_answers_no_more(make_view, js, wait_until, tmp_path):
    (tmp_path / "a.txt").write_text("a")
    view = make_view(f"<script>path = {json.dumps(str(tmp_path / 'a.txt'))}</script>")
    view.enable("fs", roots=tmp_path)
    source = "auroraview.invoke('plugin:fs|read_file', {path})"
    assert settled(view, js, wait_until, source) == "a"
    view.disable("fs")
    assert settled(view, js, wait_until, source) == "PLUGIN_NOT_FOUND"


def test_enable_again_replaces_the_options(make_view, js, wait_until, tmp_path):
    view = make_view(f"<script>path = {json.dumps(str(tmp_path / 'a.txt'))}</script>")
    source = "auroraview.invoke('plugin:fs|write_file', {path, contents: 'x'})"
    view.enable("fs", roots=[tmp_path])
    assert settled(view, js, wait_until, source) == "PERMISSION_DENIED"
    view.enable("fs", roots=[tmp_path], write=True, max_bytes=1)
    assert settled(view, js, wait_until, source) is None
    assert settled(view, js, wait_until, source.replace("'x'", "'xx'")) == "IO_ERROR"


def test_capabilities_of_one_view_are_none_of_another(make_view, js, wait_until):
    one, other = make_view("<p>"), make_view("<p>")
    one.enable("clipboard")
    assert settled(other, js, wait_until, "auroraview.invoke('plugin:clipboard|read_text')") == "PLUGIN_NOT_FOUND"


# Files


def test_slow_disk_does_not_hold_the_host_and_order_is_kept(make_view, js, wait_until, tmp_path, monkeypatch):
    view = make_view("<script>seen = []</script>")
    gate, begun = threading.Event(), threading.Event()
    real = Scopes.open_for_reading

    def slow(self, path):
        begun.set()
        gate.wait(20)
        return real(self, path)

    monkeypatch.setattr(Scopes, "open_for_reading", slow)
    (tmp_path / "a.txt").write_text("a")
    view.enable("fs", roots=[tmp_path], write=True)
    wait_until(lambda: js(view, "'fs' in auroraview"))
    path = json.dumps(str(tmp_path / "a.txt"))
    js(
        view,
        f"(auroraview.fs.readFile({path}).then((t) => seen.push('read ' + t)),"
        f"auroraview.fs.writeFile({path}, 'b').then(() => seen.push('written')), 1)",
    )
    wait_until(begun.is_set)
    view.command("ping", lambda: "pong")
    assert settled(view, js, wait_until, "auroraview.call('ping')") == "pong"
    gate.set()
    wait_until(lambda: len(js(view, "seen")) == 2)
    assert js(view, "seen") == ["read a", "written"]


def test_thread_of_the_files_ends_with_the_view(make_view, js, wait_until, tmp_path):
    view = make_view("<p>")
    view.enable("fs", roots=[tmp_path])
    assert settled(view, js, wait_until, "auroraview.invoke('plugin:fs|exists', {path: '/x'})") == {"exists": False}
    thread = next(one for one in threading.enumerate() if one.name == "auroraview-files")
    view.deleteLater()
    wait_until(lambda: not is_alive(view) and not thread.is_alive())


def test_answer_of_the_files_may_come_after_the_view_is_gone(make_view, js, wait_until, tmp_path, monkeypatch):
    gate, begun = threading.Event(), threading.Event()
    monkeypatch.setattr(Scopes, "resolve", lambda self, path: (begun.set(), gate.wait(20), Path("/x"))[2])
    view = make_view("<p>")
    view.enable("fs", roots=[tmp_path])
    js(view, "(auroraview.invoke('plugin:fs|exists', {path: '/x'}).catch(() => 1), 1)")
    wait_until(begun.is_set)
    thread = next(one for one in threading.enumerate() if one.name == "auroraview-files")
    view.deleteLater()
    wait_until(lambda: not is_alive(view))
    gate.set()
    thread.join(20)
    assert not thread.is_alive()


# The clipboard


@pytest.mark.parametrize(("may_read", "may_write"), [(True, False), (False, True)])
def test_clipboard_gives_what_it_may(qapp, may_read, may_write):
    commands = Clipboard(read=may_read, write=may_write).commands()
    for names, arguments, allowed in ((("read_text", "has_text"), (), may_read), (("clear",), (), may_write)):
        for name in names:
            if allowed:
                commands[name](*arguments)
            else:
                with pytest.raises(PermissionDeniedError):
                    commands[name](*arguments)
    if may_write:
        with pytest.raises(InvalidArgumentsError):
            commands["write_text"](7)
        commands["write_text"]("x")
        assert QtGui.QGuiApplication.clipboard().text() == "x"
    else:
        with pytest.raises(PermissionDeniedError, match="write=False"):
            commands["write_text"]("x")


# The shell


class Opener:
    """Takes requests to the system."""

    def __init__(self, takes=True):
        self.takes, self.got = takes, []

    def open_url(self, url):
        self.got.append(url.toString())
        return self.takes

    def show(self, path):
        self.got.append(path)
        return self.takes


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://a/b",
        "ms-settings:x",
        "auroraview://view-1/",
        "mailto:a@b?attach=/etc/passwd",
    ],
)
def test_shell_opens_no_url_of_another_scheme(qapp, url):
    opener = Opener()
    with pytest.raises(PermissionDeniedError):
        ExternalOpener(("https", "http", "mailto"), Scopes(()), opener).open(url)
    assert not opener.got


@pytest.mark.parametrize(
    "url", ["", "example.com", "/etc/passwd", "C:/a", 7, None, "https://", "https:///path", "http://[", "//a/b"]
)
def test_shell_opens_nothing_that_is_no_url(qapp, url):
    opener = Opener()
    with pytest.raises((InvalidArgumentsError, PermissionDeniedError)):
        ExternalOpener("https", Scopes(()), opener).open(url)
    assert not opener.got


def test_shell_tells_that_the_system_took_nothing(qapp, tmp_path):
    shell = ExternalOpener("https", Scopes(tmp_path), Opener(takes=False))
    with pytest.raises(FileAccessError, match="nothing to open"):
        shell.open("https://example.com")
    for command in (shell.open_path, shell.show_in_folder):
        with pytest.raises(FileAccessError, match="nothing to open"):
            command(str(tmp_path))


def test_shell_opens_files_inside_its_paths_only_and_no_programs(qapp, tmp_path):
    for name in ("a.PNG", "tool.exe", "run.SH", "x.desktop", "y.py", "b.chm", "c.msix", "d.dmg", "e.rb", "none"):
        (tmp_path / name).touch()
    opener = Opener()
    shell = ExternalOpener((), Scopes(tmp_path), opener)
    shell.open_path(str(tmp_path / "a.PNG"))
    for name in ("tool.exe", "run.SH", "x.desktop", "y.py", "b.chm", "c.msix", "d.dmg", "e.rb", "none"):
        with pytest.raises(PermissionDeniedError, match="program"):
            shell.open_path(str(tmp_path / name))
        shell.show_in_folder(str(tmp_path / name))
    for command in (shell.open_path, shell.show_in_folder):
        with pytest.raises(ScopeViolationError):
            command(str(tmp_path.parent))
        with pytest.raises(FileMissingError):
            command(str(tmp_path / "nothing"))
    assert len(opener.got) == 10


def test_shell_of_the_system_hands_over_to_it(qapp, tmp_path, monkeypatch):
    opened, started = [], []
    monkeypatch.setattr(QtGui.QDesktopServices, "openUrl", lambda url: opened.append(url.toString()) or True)
    monkeypatch.setattr(QtCore.QProcess, "startDetached", lambda *command: started.append(command) or (True, 7))
    opener = SystemOpener()
    assert opener.open_url(QtCore.QUrl("https://example.com"))
    for platform, count in (("linux", 0), ("win32", 1), ("darwin", 2)):
        monkeypatch.setattr("auroraview_qt.qt.capabilities.external_opener.sys.platform", platform)
        assert opener.show(tmp_path / "a b.txt")
        assert len(started) == count
    assert opened[1] == QtCore.QUrl.fromLocalFile(str(tmp_path)).toString()
    assert [str(tmp_path / "a b.txt") in command[1] for command in started] == [True, True]
