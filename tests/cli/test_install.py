"""`auroraview-qt install`: the files for each host, all or nothing, and a removal without traces."""

from __future__ import annotations

import ast
import configparser
import contextlib
import errno
import json
import os
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auroraview_qt.cli import install, install_files, install_hosts, install_panel, install_plan, main
from auroraview_qt.cli.install_files import Change, InstallError, carry_out
from auroraview_qt.cli.install_hosts import HOSTS
from auroraview_qt.cli.install_receipt import Request
from auroraview_qt.hosts import user_folders
from auroraview_qt.hosts.built_in import adapters

MENU = b"import nuke\nnuke.pluginAddPath('./gizmos')\n"


def tree(folder: Path) -> dict[str, bytes | None]:
    """All that is in a folder; None for folders."""
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
    }


def is_in_a_shared_file(host: str) -> bool:
    """Whether a start-up file of the host is a block in a file of the artist's, which is copied first."""
    return any(HOSTS[host].startup.rglob("*.block"))


def run(host: str, folder: Path, *options: str) -> int:
    return main(["install", "--host", host, "--folder", str(folder), *options])


def module_file(folder: Path, module: str) -> Path:
    """Find the file that has the panel's constants."""
    (found,) = (path for path in folder.rglob("*.py") if b"# auroraview-qt: {" in path.read_bytes())
    assert module in str(found)
    return found


def values(source: str) -> dict[str, object]:
    """Read the constants of a start-up file, and the literals it calls `startup.dock` with."""
    found: dict[str, object] = {}
    for node in ast.walk(ast.parse(source)):  # the outermost first
        named: list[tuple[str | None, ast.expr]] = []
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            named = [(node.targets[0].id.lower(), node.value)]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "startup.dock":
            named = [("panel", node.args[0]), *((word.arg, word.value) for word in node.keywords)]
        for name, value in named:
            with contextlib.suppress(ValueError):  # a name, not a literal
                found.setdefault(str(name), ast.literal_eval(value))
    return found


@pytest.fixture(scope="session")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder as ``pip install --target`` does, with the studio's tools beside the packages."""
    folder = tmp_path_factory.mktemp("libraries")
    sources = {
        "auroraview_qt/demo.py": "def panel(): ...",
        "studio/tools.py": "class Assets: ...",
        "mytool.py": "def make(): ...",
    }
    sources["studio/browser.py"] = "from studio.tools import Assets as make"
    for name in ("auroraview_qt/__init__.py", "qtpy/__init__.py", "orjson/__init__.py", "msgspec/__init__.py"):
        sources[name] = ""
    for name, source in sources.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(source)
    return folder


@pytest.fixture(autouse=True)
def installed_there(libraries: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the package be installed for this Python, whose own folders hold a binding."""
    find = install_panel._root_of
    in_libraries = ("auroraview_qt", "qtpy", "orjson", "msgspec", "studio", "mytool")
    monkeypatch.setattr(
        install_panel, "_root_of", lambda name, paths: libraries if name in in_libraries else find(name, paths)
    )


@pytest.fixture(params=sorted(HOSTS))
def host(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a home, and unset all variables of the hosts."""
    names = "MAYA_APP_DIR HOUDINI_USER_PREF_DIR FREECAD_USER_DATA BLENDER_USER_RESOURCES QGIS_CUSTOM_CONFIG_PATH"
    for name in (*names.split(), "APPDATA", "LOCALAPPDATA", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(user_folders.Path, "home", lambda: tmp_path)
    return tmp_path


# Written files


def test_install_writes_files_and_a_second_run_changes_nothing(host, tmp_path, capsys):
    assert run(host, tmp_path) == 0
    written = tree(tmp_path)
    assert sum(content is not None for content in written.values()) >= 1
    assert "is installed in" in capsys.readouterr().out
    assert run(host, tmp_path) == 0
    assert tree(tmp_path) == written
    printed = capsys.readouterr().out
    assert "create" not in printed
    assert "is already installed in" in printed


def test_install_files_compile_and_carry_the_values(host, tmp_path):
    options = [
        "--panel",
        "studio.tools:Assets.make",
        "--title",
        "Assets",
        "--object-name",
        "studio.assets",
        "--area",
        "left",
    ]
    assert run(host, tmp_path, *options, "--path", str(tmp_path), "--show") == 0
    for path in tmp_path.rglob("*.py"):
        compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
        assert b"panel_name" not in path.read_bytes()
    found = values(module_file(tmp_path, "panel_studio_assets").read_text(encoding="utf-8"))
    assert (found["panel"], found["title"], found["object_name"]) == ("studio.tools:Assets.make", "Assets", "studio.assets")
    assert (found["area"], found["show"]) == ("left", True)
    assert found["paths"][0] == str(tmp_path)


def test_install_again_with_other_options_changes_the_panel(host, tmp_path, capsys):
    assert run(host, tmp_path, "--title", "One") == 0
    before = tree(tmp_path)
    assert run(host, tmp_path, "--title", "Two") == 0
    assert values(module_file(tmp_path, "panel_").read_text(encoding="utf-8"))["title"] == "Two"
    assert set(tree(tmp_path)) == set(before)
    assert run(host, tmp_path, "--uninstall") == 0
    assert tree(tmp_path) == {}


LINES = st.text(
    st.one_of(st.sampled_from("\"'\\ @]>%&<$`{}#\t\u2028"), st.characters(exclude_categories=["Cs"])),
    min_size=1,
    max_size=30,
).filter(lambda text: install._is_line(text) and text.strip())


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=LINES, object_name=LINES)
def test_install_any_title_and_name_arrive_as_they_are(host, title, object_name, tmp_path_factory):
    folder = tmp_path_factory.mktemp("folder")
    request = Request("mytool:make", title, object_name, paths=(title,))
    assert request.module.isidentifier()
    carry_out(install_plan.install(HOSTS[host], request, folder, None).changes)
    found = values(module_file(folder, request.module).read_text(encoding="utf-8"))
    assert (found["title"], found["object_name"], found["paths"]) == (title, object_name, [title])
    for path in folder.rglob("*.json"):
        assert json.loads(path.read_text(encoding="utf-8"))
    for path in folder.rglob("*.pypanel"):
        (interface,) = ET.parse(path).getroot().findall("interface")
        assert interface.get("label") == title
        assert values(interface.findtext("script") or "")["object_name"] == object_name
    for path in folder.rglob("*.desktop"):
        (line,) = (line for line in path.read_text(encoding="utf-8").split("\n") if line.startswith("Name="))
        assert line.partition("=")[2].replace("\\\\", "\\") == title
    for path in folder.rglob("metadata.txt"):
        plugin = configparser.ConfigParser()
        plugin.read(path, encoding="utf-8")  # as QGIS reads it
        assert plugin["general"]["name"] == title.strip()
    assert not install_plan.install(HOSTS[host], request, folder, None).changes
    plan = install_plan.uninstall(HOSTS[host], request, folder)
    carry_out(plan.changes)
    install_files.clear_away(plan.removed, plan.folders)
    assert tree(folder) == {}


def test_install_long_name_is_cut_and_stays_one_of_its_own(host, tmp_path):
    names = [f"studio.{'department.' * 12}{last}" for last in ("assets", "shots")]
    modules = [Request("mytool:make", "Assets", name).module for name in names]
    assert len(set(modules)) == 2
    assert all(module.isidentifier() and len(f"wm.{module}") < 60 for module in modules)  # Blender's limit, seen in 3.4
    for name in names:
        assert run(host, tmp_path, "--object-name", name) == 0
    both = tree(tmp_path)
    for name in names:
        assert run(host, tmp_path, "--object-name", name) == 0
    assert tree(tmp_path) == both
    for name in names:
        assert run(host, tmp_path, "--object-name", name, "--uninstall") == 0
    assert tree(tmp_path) == {}


def test_install_two_panels_live_side_by_side(host, tmp_path):
    assert run(host, tmp_path, "--object-name", "one") == 0
    first = tree(tmp_path)
    assert run(host, tmp_path, "--object-name", "two") == 0
    assert run(host, tmp_path, "--object-name", "two", "--uninstall") == 0
    assert tree(tmp_path) == first


def test_install_dry_run_shows_all_content_and_writes_nothing(host, tmp_path, capsys):
    (tmp_path / "menu.py").write_bytes(MENU)
    before = tree(tmp_path)
    assert run(host, tmp_path, "--title", "Asset browser", "--dry-run") == 0
    assert tree(tmp_path) == before
    printed = capsys.readouterr().out
    assert 'itle = "Asset browser"' in printed.replace("TITLE", "title")
    assert "dry run" in printed
    assert run(host, tmp_path, "--title", "Asset browser") == 0
    for path in set(tree(tmp_path)).difference(before):
        assert not (tmp_path / path).is_file() or f"create {tmp_path / path}" in printed
    installed = tree(tmp_path)
    capsys.readouterr()
    assert run(host, tmp_path, "--uninstall", "--dry-run") == 0
    assert tree(tmp_path) == installed
    assert "remove " in capsys.readouterr().out


# Removal


def test_uninstall_leaves_what_was_there_before(host, tmp_path, capsys):
    for folder in ("Mod", "pykrita", "scripts/startup", "modules", "packages", "python_panels", "python/startup"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "menu.py").write_bytes(MENU)
    (tmp_path / "scripts" / "userSetup.py").write_bytes(b"print('mine')")
    before = tree(tmp_path)
    assert run(host, tmp_path) == 0
    for path in tmp_path.rglob("*.py"):  # with bytecode, as the host's Python leaves it
        (path.parent / "__pycache__").mkdir(exist_ok=True)
        if "panel_" in str(path):
            (path.parent / "__pycache__" / f"{path.stem}.cpython-311.pyc").write_bytes(b"")
    own = [path for path in tmp_path.rglob("__pycache__") if path.parent.relative_to(tmp_path).as_posix() in before]
    for path in [*own, tmp_path / "__pycache__"]:
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    assert run(host, tmp_path, "--uninstall") == 0
    assert tree(tmp_path) == before
    capsys.readouterr()
    assert run(host, tmp_path, "--uninstall") == 0
    assert "nothing to remove" in capsys.readouterr().out
    assert tree(tmp_path) == before


def test_uninstall_keeps_a_folder_in_which_something_else_is(tmp_path):
    assert run("freecad", tmp_path) == 0
    notes = tmp_path / "Mod" / "panel_auroraview_demo" / "notes.txt"
    notes.write_text("mine", encoding="utf-8")
    assert run("freecad", tmp_path, "--uninstall") == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [notes]


@pytest.mark.parametrize(
    "menu", [MENU, MENU.rstrip(), MENU.replace(b"\n", b"\r\n"), b"# caf\xe9\n", b"", b"\n\n# empty lines\n\n\n"]
)
def test_nuke_menu_gets_a_block_and_is_restored_to_the_byte(menu, tmp_path):
    file = tmp_path / "menu.py"
    file.write_bytes(menu)
    file.chmod(0o640)
    assert run("nuke", tmp_path) == 0
    changed = file.read_bytes()
    assert changed.startswith(menu)
    assert changed.count(b"panel_auroraview_demo.start()") == 1
    assert (b"\r\n" in changed) == (b"\r\n" in menu)
    assert (tmp_path / "menu.py.before_panel_auroraview_demo").read_bytes() == menu
    assert file.stat().st_mode & 0o777 == 0o640 or os.name == "nt"
    assert run("nuke", tmp_path, "--title", "Other") == 0
    assert file.read_bytes() == changed
    assert run("nuke", tmp_path, "--uninstall") == 0
    assert tree(tmp_path) == {"menu.py": menu}


def test_nuke_menu_changed_by_the_artist_keeps_the_change(tmp_path, capsys):
    file = tmp_path / "menu.py"
    file.write_bytes(MENU)
    assert run("nuke", tmp_path) == 0
    file.write_bytes(b"# above\n" + file.read_bytes() + b"# below\n")
    assert run("nuke", tmp_path, "--uninstall") == 0
    assert file.read_bytes() == b"# above\n" + MENU + b"# below\n"
    assert (tmp_path / "menu.py.before_panel_auroraview_demo").read_bytes() == MENU
    assert "has changed since" in capsys.readouterr().out
    kept = tree(tmp_path)
    assert run("nuke", tmp_path) == 0  # a kept copy is not overwritten
    assert run("nuke", tmp_path, "--uninstall") == 0
    assert tree(tmp_path) == kept


@pytest.mark.parametrize("menu", [None, MENU])
@pytest.mark.parametrize("first", ["one", "two"])
def test_nuke_menu_of_two_panels_is_restored_whichever_goes_first(menu, first, tmp_path, capsys):
    if menu is not None:
        (tmp_path / "menu.py").write_bytes(menu)
    before = tree(tmp_path)
    assert run("nuke", tmp_path, "--object-name", "one") == 0
    assert run("nuke", tmp_path, "--object-name", "two") == 0
    assert (tmp_path / "menu.py").read_bytes().count(b">>>\n") == 2
    for name in sorted(("one", "two"), key=lambda name: name != first):
        assert run("nuke", tmp_path, "--object-name", name, "--uninstall") == 0
    assert tree(tmp_path) == before
    assert "has changed since" not in capsys.readouterr().out


def test_nuke_menu_without_the_copy_loses_the_block_all_the_same(tmp_path):
    (tmp_path / "menu.py").write_bytes(MENU)
    assert run("nuke", tmp_path) == 0
    (tmp_path / "menu.py.before_panel_auroraview_demo").unlink()
    assert run("nuke", tmp_path) == 0
    assert run("nuke", tmp_path, "--uninstall") == 0
    assert tree(tmp_path) == {"menu.py": MENU}


@pytest.mark.skipif(os.name == "nt", reason="this system lets us make no symlinks")
def test_nuke_menu_that_is_a_link_stays_one(tmp_path):
    (tmp_path / "nuke").mkdir()
    kept = tmp_path / "dotfiles-menu.py"
    kept.write_bytes(MENU)
    link = tmp_path / "nuke" / "menu.py"
    link.symlink_to(kept)
    assert run("nuke", tmp_path / "nuke") == 0
    assert link.is_symlink()
    assert b"start()" in kept.read_bytes()
    assert run("nuke", tmp_path / "nuke", "--uninstall") == 0
    assert link.is_symlink()
    assert kept.read_bytes() == MENU


# Krita's settings


@pytest.mark.parametrize(
    "rc",
    [
        None,
        b"[python]\nenable_other=true\n\n[theme]\nTheme=Krita dark\n",
        b"a=1\n\n[theme]\nTheme=Krita dark\n",
        b"[python]\r\nenable_other=true\r\n",
        b"[theme]\nx=[python]\n",
    ],
)
def test_krita_enable_adds_one_line_and_uninstall_takes_it_out(rc, home):
    (home / ".local/share/krita").mkdir(parents=True)
    (home / ".config").mkdir()
    file = home / ".config" / "kritarc"
    if rc is not None:
        file.write_bytes(rc)
    before = tree(home)
    assert main(["install", "--host", "krita", "--enable"]) == 0
    section = (b"\n" + file.read_bytes().replace(b"\r\n", b"\n")).partition(b"\n[python]\n")[2].partition(b"\n[")[0]
    assert section.splitlines()[0] == b"enable_panel_auroraview_demo=true"
    enabled = file.read_bytes()
    assert main(["install", "--host", "krita"]) == 0  # a setting that is on stays on
    assert file.read_bytes() == enabled
    assert main(["install", "--host", "krita", "--uninstall"]) == 0
    assert tree(home) == before


def test_krita_settings_written_anew_by_krita_lose_the_line_only(home):
    (home / ".local/share/krita").mkdir(parents=True)
    (home / ".config").mkdir()
    assert main(["install", "--host", "krita", "--enable"]) == 0
    file = home / ".config" / "kritarc"
    file.write_bytes(b"[python]\nenable_a=true\nenable_panel_auroraview_demo=false\nenable_z=true\n[theme]\nx=1\n")
    assert main(["install", "--host", "krita", "--uninstall"]) == 0
    assert file.read_bytes() == b"[python]\nenable_a=true\nenable_z=true\n[theme]\nx=1\n"


def test_krita_without_enable_leaves_the_settings_alone(home, capsys):
    (home / ".local/share/krita").mkdir(parents=True)
    assert main(["install", "--host", "krita"]) == 0
    assert not (home / ".config").exists()
    assert "note: switch the plugin on in Krita" in capsys.readouterr().out
    assert main(["install", "--host", "krita", "--enable"]) == 0
    assert "switch the plugin on" not in capsys.readouterr().out


# Profiles of QGIS


def test_qgis_panel_goes_into_the_profile_that_qgis_opens_and_into_its_settings(home, monkeypatch):
    monkeypatch.setattr(user_folders.sys, "platform", "linux")
    profiles = home / ".local/share/QGIS/QGIS3/profiles"
    for name in ("default", "survey work"):
        (profiles / name / "QGIS").mkdir(parents=True)
    (profiles / "profiles.ini").write_text("[core]\nselectionPolicy=1\ndefaultProfile=survey work\n", encoding="utf-8")
    settings = profiles / "survey work" / "QGIS" / "QGIS3.ini"
    settings.write_bytes(b"[PythonPlugins]\nother=true\n\n[app]\nx=1\n")
    before = tree(home)
    assert main(["install", "--host", "qgis", "--enable"]) == 0
    assert settings.read_bytes() == b"[PythonPlugins]\npanel_auroraview_demo=true\nother=true\n\n[app]\nx=1\n"
    assert (profiles / "survey work/python/plugins/panel_auroraview_demo/metadata.txt").is_file()
    assert main(["install", "--host", "qgis", "--uninstall"]) == 0
    assert tree(home) == before


def test_qgis_enable_with_a_folder_changes_the_settings_in_that_folder(tmp_path, capsys):
    (tmp_path / "QGIS").mkdir()
    (tmp_path / "QGIS" / "QGIS4.ini").write_bytes(b"")
    assert run("qgis", tmp_path) == 0
    assert "note: switch the plugin on in QGIS" in capsys.readouterr().out
    assert run("qgis", tmp_path, "--enable") == 0
    assert b"panel_auroraview_demo=true" in (tmp_path / "QGIS" / "QGIS4.ini").read_bytes()
    assert "switch the plugin on" not in capsys.readouterr().out


# Refusals


def test_install_file_that_is_not_ours_is_refused_and_nothing_written(host, tmp_path, capsys):
    assert run(host, tmp_path) == 0
    names = [name for name, content in tree(tmp_path).items() if content is not None and name != "menu.py"]
    assert run(host, tmp_path, "--uninstall") == 0
    for name in names:
        foreign = tmp_path / name
        foreign.parent.mkdir(parents=True, exist_ok=True)
        foreign.write_bytes(b"mine")
        before = tree(tmp_path)
        capsys.readouterr()
        assert run(host, tmp_path) == 2
        assert f"{foreign} was not written by this command" in capsys.readouterr().err
        assert tree(tmp_path) == before
        foreign.unlink()


def test_uninstall_file_that_is_not_ours_is_refused(tmp_path, capsys):
    (tmp_path / "panel_auroraview_demo.py").write_bytes(b"mine")
    assert run("nuke", tmp_path, "--uninstall") == 2
    assert "was not written by this command" in capsys.readouterr().err
    assert tree(tmp_path) == {"panel_auroraview_demo.py": b"mine"}


@pytest.mark.parametrize("receipt", ["[]", "{}", '{"object_name": 1, "x": 2}', "{nonsense}"])
def test_install_receipt_that_cannot_be_read_is_not_ours(receipt, tmp_path, capsys):
    (tmp_path / "panel_auroraview_demo.py").write_text(f"# auroraview-qt: {receipt}\n", encoding="utf-8")
    assert run("nuke", tmp_path) == 2
    assert "was not written by this command" in capsys.readouterr().err


@pytest.mark.parametrize("stray", ["../outside.txt", "/etc/outside"])
def test_uninstall_receipt_that_names_a_file_outside_is_refused(stray, tmp_path, capsys):
    folder = tmp_path / "nuke"
    folder.mkdir()
    (tmp_path / "outside.txt").write_text("mine", encoding="utf-8")
    assert run("nuke", folder) == 0
    main_file = folder / "panel_auroraview_demo.py"
    main_file.write_text(
        main_file.read_text(encoding="utf-8").replace('"files": [', f'"files": ["{stray}", '), encoding="utf-8"
    )
    before = tree(tmp_path)
    assert run("nuke", folder, "--uninstall") == 2
    assert "changed by hand" in capsys.readouterr().err
    assert tree(tmp_path) == before


def test_install_name_that_differs_only_in_signs_is_refused(host, tmp_path, capsys):
    assert run(host, tmp_path, "--object-name", "studio.assets") == 0
    before = tree(tmp_path)
    assert run(host, tmp_path, "--object-name", "studio assets") == 2
    assert "is the panel 'studio.assets'" in capsys.readouterr().err
    assert tree(tmp_path) == before


def test_install_that_fails_midway_changes_nothing(host, tmp_path, capsys, monkeypatch):
    (tmp_path / "menu.py").write_bytes(MENU)
    before, plain, failures, left = tree(tmp_path), Path.replace, 0, 0

    def replace(self, target):
        nonlocal left
        if left == 0:
            raise OSError(errno.ENOSPC, "No space left on device", str(target))
        left -= 1
        return plain(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    while run(host, tmp_path) != 0:
        assert "No space left on device): nothing was changed" in capsys.readouterr().err
        assert tree(tmp_path) == before
        failures += 1
        left = failures
    assert failures == len([content for content in tree(tmp_path).values() if content is not None]) - (
        not is_in_a_shared_file(host)
    )


def test_carry_out_folder_that_cannot_be_written_is_an_error_and_nothing_is_left(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    before = tree(tmp_path)
    changes = [Change(tmp_path / "new" / "a", None, b"1"), Change(tmp_path / "file" / "b", None, b"2")]
    with pytest.raises(InstallError, match="nothing was changed"):
        carry_out(changes)
    assert tree(tmp_path) == before


def test_install_folder_in_the_place_of_a_file_is_refused(tmp_path, capsys):
    (tmp_path / "menu.py").mkdir()
    assert run("nuke", tmp_path) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_install_removes_files_an_earlier_version_wrote(tmp_path):
    assert run("nuke", tmp_path) == 0
    main_file = tmp_path / "panel_auroraview_demo.py"
    text = main_file.read_text(encoding="utf-8").replace('"files": [', '"files": ["old/helper.py", ')
    main_file.write_text(text.replace('"folders": [', '"folders": ["old"'), encoding="utf-8")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "helper.py").write_bytes(b"")
    assert run("nuke", tmp_path) == 0
    assert not (tmp_path / "old" / "helper.py").exists()
    assert run("nuke", tmp_path, "--uninstall") == 0
    assert tree(tmp_path) == {}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("kirta", "there is no host 'kirta': did you mean 'krita'?"),
        ("photoshop", "there is no host 'photoshop': there are 3dsmax, blender"),
        ("generic", "generic has no start-up files; call auroraview_qt.hosts.dock() in your own script"),
        ("Napari", "Napari has no start-up files"),
    ],
)
def test_install_unknown_host_is_told_the_nearest(name, why, tmp_path, capsys):
    assert run(name, tmp_path) == 2
    assert why in capsys.readouterr().err


@pytest.mark.parametrize(
    ("spelt", "name"),
    [
        ("3ds-max", "3dsmax"),
        ("3ds Max", "3dsmax"),
        ("FreeCAD", "freecad"),
        ("painter", "substance_painter"),
        ("Substance 3D Painter", "substance_painter"),
        ("substance-painter", "substance_painter"),
    ],
)
def test_find_host_takes_it_as_people_write_it(spelt, name):
    assert install_hosts.find_host(spelt).name == name


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--panel", "mytool"], "--panel='mytool': should be MODULE:FUNCTION, such as mytool:make_panel"),
        (["--panel", "my tool:make"], "should be MODULE:FUNCTION"),
        (["--title", "a\nb"], "--title 'a\\nb': should be a single line of text"),
        (["--title", " "], "--title ' ': should be a single line of text"),
        (["--object-name", "\udcff"], "--object-name '\\udcff': should be a single line of text"),
        (["--path", "/no/such/folder"], "/no/such/folder: there is no such folder"),
        (["--enable"], "--enable is for krita, qgis: Maya needs no switching on"),
    ],
)
def test_install_option_that_makes_no_sense_is_named(options, why, tmp_path, capsys):
    assert run("maya", tmp_path, *options) == 2
    assert why in capsys.readouterr().err
    assert tree(tmp_path) == {}


def test_install_folder_that_is_not_there_is_an_error(tmp_path, capsys):
    assert run("maya", tmp_path / "none") == 2
    assert "there is no such folder" in capsys.readouterr().err


# The hosts' folders for the user's files


@pytest.mark.parametrize(
    ("platform", "name", "folder"),
    [
        ("linux", "maya", "maya"),
        ("linux", "houdini", "houdini20.5"),
        ("linux", "nuke", ".nuke"),
        ("linux", "substance_painter", "Documents/Adobe/Adobe Substance 3D Painter"),
        ("linux", "freecad", ".local/share/FreeCAD"),
        ("linux", "krita", ".local/share/krita"),
        ("linux", "blender", ".config/blender/3.4"),
        ("linux", "qgis", ".local/share/QGIS/QGIS3/profiles/default"),
        ("darwin", "maya", "Library/Preferences/Autodesk/maya"),
        ("darwin", "houdini", "Library/Preferences/houdini/20.5"),
        ("darwin", "freecad", "Library/Application Support/FreeCAD"),
        ("darwin", "krita", "Library/Application Support/krita"),
        ("darwin", "qgis", "Library/Application Support/QGIS/QGIS3/profiles/default"),
        ("darwin", "blender", "Library/Application Support/Blender/4.2"),
        ("win32", "maya", "Documents/maya"),
        ("win32", "houdini", "Documents/houdini21.0"),
        ("win32", "3dsmax", "AppData/Local/Autodesk/3dsMax/2025 - 64bit/ENU"),
        ("win32", "freecad", "AppData/Roaming/FreeCAD"),
        ("win32", "krita", "AppData/Roaming/krita"),
        ("win32", "qgis", "AppData/Roaming/QGIS/QGIS4/profiles/default"),
        ("win32", "blender", "AppData/Roaming/Blender Foundation/Blender/4.10"),
    ],
)
def test_install_finds_the_folder_of_the_platform(platform, name, folder, home, monkeypatch, capsys):
    monkeypatch.setattr(user_folders.sys, "platform", platform)
    assert main(["install", "--host", name]) == 2
    assert "or pass --folder FOLDER" in capsys.readouterr().err
    (home / folder).mkdir(parents=True)
    assert main(["install", "--host", name]) == 0
    assert str(home / folder) in capsys.readouterr().out


def test_install_takes_the_newest_version_of_a_host(home, monkeypatch, capsys):
    monkeypatch.setattr(user_folders.sys, "platform", "linux")
    for version in ("3.6", "4.10", "4.2"):
        (home / ".config/blender" / version).mkdir(parents=True)
    assert main(["install", "--host", "blender"]) == 0
    assert str(home / ".config/blender/4.10/scripts") in capsys.readouterr().out


def test_install_asks_the_variables_of_the_host_first(home, monkeypatch, capsys):
    monkeypatch.setenv("HOUDINI_USER_PREF_DIR", str(home / "prefs21"))
    (home / "prefs21").mkdir()
    (home / "houdini20.5").mkdir()
    assert main(["install", "--host", "houdini"]) == 0
    assert str(home / "prefs21") in capsys.readouterr().out


# Folders for the host's Python


def test_install_paths_by_default_are_where_the_package_and_its_needs_are(tmp_path):
    assert run("nuke", tmp_path) == 0
    found = values((tmp_path / "panel_auroraview_demo.py").read_text(encoding="utf-8"))["paths"]
    assert all(Path(path).is_dir() for path in found)
    for name in ("auroraview_qt", "qtpy", "orjson", "msgspec"):
        assert any(Path(path, name).is_dir() for path in found), name


def test_install_path_with_the_package_in_it_is_enough(tmp_path, libraries, capsys):
    assert run("nuke", tmp_path, "--path", str(libraries)) == 0
    found = values((tmp_path / "panel_auroraview_demo.py").read_text(encoding="utf-8"))["paths"]
    assert found == [str(libraries)]
    assert "note" not in capsys.readouterr().out


@pytest.mark.parametrize("start", ["path", "current folder"])
def test_install_adds_the_folder_of_the_tool(start, tmp_path, libraries, monkeypatch):
    tools = tmp_path / "tools"
    (tools / "rig_tool").mkdir(parents=True)
    (tools / "rig_tool" / "panel.py").write_text("make = object")
    (tmp_path / "nuke").mkdir()
    if start == "path":
        monkeypatch.syspath_prepend(str(tools))
    else:
        monkeypatch.chdir(tools)
    assert run("nuke", tmp_path / "nuke", "--panel", "rig_tool.panel:make") == 0
    found = values((tmp_path / "nuke" / "panel_rig_tool_panel_make.py").read_text(encoding="utf-8"))["paths"]
    assert found == [str(libraries), str(tools)]


@pytest.mark.parametrize(
    ("panel", "why"),
    [
        ("no_such_tool:make", "there is no module 'no_such_tool' in {}: pass its folder with --path"),
        ("mytoool:make", "there is no module 'mytoool' in {}: did you mean 'mytool'?"),
        ("studio.tool:make", "there is no module 'studio.tool' in {}"),
        ("mytool.inner:make", "there is no module 'mytool.inner' in {}"),
        ("mytool:mak", "mytool.py has no 'mak': did you mean 'make'?"),
        ("studio.tools:panel", "tools.py has no 'panel': name the function that makes the widget, studio.tools:FUNCTION"),
    ],
)
def test_install_panel_that_the_host_would_not_find_is_refused(panel, why, host, tmp_path, libraries, capsys):
    assert run(host, tmp_path, "--panel", panel) == 2
    assert why.format(libraries) in capsys.readouterr().err
    assert tree(tmp_path) == {}
    assert run(host, tmp_path, "--panel", panel, "--no-check") == 0


@pytest.mark.parametrize(
    "source",
    [
        "from other import *",
        "def __getattr__(name): ...",
        "globals()['make'] = 1",
        "def (",
        "import other as make",
        "if True:\n    make: object = 1",
        "for make in []: ...",
        "async def make(): ...",
    ],
)
def test_install_panel_whose_source_may_make_it_is_taken(source, tmp_path, monkeypatch):
    (tmp_path / "odd_tool.py").write_text(source)
    (tmp_path / "nuke").mkdir()
    assert run("nuke", tmp_path / "nuke", "--panel", "odd_tool:make", "--path", str(tmp_path)) == 0


@pytest.mark.parametrize("binding", ["PySide6", "PyQt5"])
@pytest.mark.parametrize("place", ["the tool's folder", "the library's folder"])
def test_install_folder_with_a_binding_is_refused_with_the_fix(binding, place, host, tmp_path, monkeypatch, capsys):
    folder = tmp_path / "packages"
    (folder / binding).mkdir(parents=True)
    (folder / "auroraview_qt").mkdir()
    for name in ("mytool.py", "auroraview_qt/__init__.py"):
        (folder / name).write_text("def make(): ...")
    (tmp_path / "home").mkdir()
    if place == "the tool's folder":
        options = ["--path", str(folder)]
    else:
        monkeypatch.setattr(install_panel, "_root_of", lambda name, paths: folder)
        options = []
    code = run(host, tmp_path / "home", "--panel", "mytool:make", *options)
    printed = capsys.readouterr().err
    if HOSTS[host].has_qt:
        assert code == 2
        assert f"{folder} holds {binding}" in printed
        assert "pip install --target FOLDER auroraview-qt`, and pass --path FOLDER" in printed
        assert tree(tmp_path / "home") == {}
    else:
        assert code == 0, printed


def test_install_dry_run_works_without_the_host(host, home, capsys):
    assert main(["install", "--host", host, "--dry-run"]) == 0
    printed = capsys.readouterr().out
    assert "nothing was written: this was a dry run" in printed
    assert str(home) in printed
    assert tree(home) == {}
    assert run(host, home / "nowhere", "--dry-run") == 0
    assert tree(home) == {}


def test_uninstall_needs_no_panel(host, tmp_path):
    assert run(host, tmp_path, "--panel", "mytool:make") == 0
    assert run(host, tmp_path, "--panel", "mytool:make", "--path", str(tmp_path / "gone"), "--uninstall") == 0
    assert tree(tmp_path) == {}


# A host is a folder


def test_each_host_is_one_folder_a_page_and_a_fake_or_a_run(host):
    target = HOSTS[host]
    assert target.startup.is_dir()
    assert (target.startup.parent / "adapter.py").is_file()
    assert target.name in {adapter.name for adapter in adapters()}


def test_install_names_a_panel_after_its_module(tmp_path):
    assert run("nuke", tmp_path, "--panel", "studio.browser:make") == 0
    found = values((tmp_path / "panel_studio_browser_make.py").read_text(encoding="utf-8"))
    assert (found["title"], found["object_name"], found["show"]) == ("Browser", "studio.browser.make", False)
