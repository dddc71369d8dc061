"""`auroraview-qt install`: start-up files that dock a panel in a host, and their removal.

Owns the options and what is printed. Runs on the main thread of a process of its own; loads no Qt and no host.
"""

from __future__ import annotations

import argparse
import importlib.machinery
import importlib.util
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

from auroraview_qt.cli import install_plan
from auroraview_qt.cli.install_files import InstallError, carry_out, clear_away, shown
from auroraview_qt.cli.install_hosts import HOSTS, HostFiles, find_folder, find_host, kritarc
from auroraview_qt.cli.install_receipt import Request
from auroraview_qt.host.protocol import Area
from auroraview_qt.hosts.startup import checked

#: The panel that is installed if none is named: the built-in one, so that one command shows something.
DEMO = "auroraview_qt.demo:panel"
_DEMO_TITLE, _DEMO_NAME = "AuroraView", "auroraview.demo"

_NEEDED = ("qtpy", "orjson", "msgspec")
_BINDINGS = ("PySide6", "PySide2", "PyQt6", "PyQt5")


def run(argv: Sequence[str]) -> int:
    """Install a panel in a host, or remove it.

    Returns
    -------
    int
        0 when all went well; 2 when nothing was done, for a reason that is printed.

    Raises
    ------
    SystemExit
        For `--help` and arguments that make no sense, as argparse does.

    Notes
    -----
    Thread: any
    """
    options = _parser().parse_args(argv)
    try:
        host = find_host(options.host)
        request = _request(options, host)
        folder = find_folder(host, options.folder)
        if options.uninstall:
            plan = install_plan.uninstall(host, request, folder)
        else:
            plan = install_plan.install(host, request, folder, _settings(options, host))
            plan.notes += _notes(request)
        if not options.dry_run:
            carry_out(plan.changes)
            clear_away(plan.removed, plan.folders if options.uninstall else [])
    except InstallError as error:
        sys.stderr.write(f"auroraview-qt install: {error}\n")
        return 2
    for line in shown(plan.changes) if options.dry_run else (line for line in shown(plan.changes) if line[0] != " "):
        print(line)
    for note in plan.notes:
        print(f"note: {note}")
    print(_summary(options, host, request, folder, bool(plan.changes)))
    return 0


def _summary(options: argparse.Namespace, host: HostFiles, request: Request, folder: Path, changed: bool) -> str:
    what = f"{request.title!r} ({request.object_name})"
    if options.dry_run and changed:
        return "nothing was written: this was a dry run"
    if options.uninstall:
        return (
            f"{what} is removed from {host.label}" if changed else f"{what} is not installed in {folder}: nothing to remove"
        )
    return (
        f"{what} is {'installed' if changed else 'already installed'} in {host.label}, from its next start on: {host.hint}"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="auroraview-qt install",
        description="Write the start-up files that dock a panel in a host. Run again it changes what has changed; "
        "--uninstall removes what was written and nothing else.",
    )
    parser.add_argument("--host", required=True, help=f"one of {', '.join(HOSTS)}")
    parser.add_argument("--panel", metavar="MODULE:FUNCTION", help=f"makes the panel's widget (default: {DEMO})")
    parser.add_argument("--title", help="what the artist reads on it (default: from the module's name)")
    parser.add_argument("--object-name", metavar="NAME", help="what the host's layout knows it by, such as studio.assets")
    parser.add_argument(
        "--area", choices=get_args(Area), default="right", help="where it is docked at first (default: right)"
    )
    parser.add_argument("--show", action="store_true", help="show it at each start, whatever the host's layout says")
    parser.add_argument(
        "--path",
        action="append",
        default=[],
        metavar="FOLDER",
        help="where the host's Python finds auroraview_qt and the panel; may be repeated (default: where they are here)",
    )
    parser.add_argument("--folder", type=Path, help="the host's folder of the user (default: found by host and platform)")
    parser.add_argument(
        "--enable", action="store_true", help="krita: switch the plugin on in kritarc too; Krita must not be running"
    )
    parser.add_argument("--uninstall", action="store_true", help="remove what was written for this --object-name or --panel")
    parser.add_argument("--dry-run", action="store_true", help="print what would be written, and write nothing")
    return parser


def _request(options: argparse.Namespace, host: HostFiles) -> Request:
    try:
        module, path = checked(options.panel or DEMO)
    except ValueError as error:
        raise InstallError(f"--{error}") from None
    own = options.panel is not None
    title = options.title if options.title is not None else module.rpartition(".")[2].capitalize() if own else _DEMO_TITLE
    name = options.object_name if options.object_name is not None else f"{module}.{path}" if own else _DEMO_NAME
    for option, text in (("--title", title), ("--object-name", name)):
        if not text.strip() or not _is_line(text):
            raise InstallError(f"{option} {text!r}: should be one line of text")
    # 3ds Max neither restores nor lists the docks of scripts: what is not shown at the start cannot be found.
    show = options.show or host.name == "3dsmax"
    return Request(f"{module}:{path}", title, name, options.area, show, tuple(_paths(options.path)))


def _is_line(text: str) -> bool:
    """Whether it is text, with no breaks and nothing that XML or UTF-8 cannot have."""
    return not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c in "\ufffe\uffff" for c in text)


def _settings(options: argparse.Namespace, host: HostFiles) -> Path | None:
    if options.enable and host.name != "krita":
        raise InstallError(f"--enable is for krita: {host.label} needs no switching on")
    return kritarc() if options.enable else None


def _paths(given: Sequence[str]) -> Iterator[str]:
    """Give the folders for the host's Python: those named, and where this package is unless it is in one of them."""
    named = [Path(path).absolute() for path in given]
    for path in named:
        if not path.is_dir():
            raise InstallError(f"--path {path}: there is no such folder")
        if not _is_line(str(path)):
            raise InstallError(f"--path {str(path)!r}: its name is no text that could be written into a file")
    found = [] if any((path / "auroraview_qt" / "__init__.py").is_file() for path in named) else _own_paths()
    yield from dict.fromkeys(str(path) for path in [*named, *found])


def _own_paths() -> list[Path]:
    """Return where this package is, and what it needs: elsewhere, where this is a checkout."""
    specs = [importlib.util.find_spec(name) for name in ("auroraview_qt", *_NEEDED)]
    return [Path(spec.origin).parent.parent for spec in specs if spec is not None and spec.origin is not None]


def _notes(request: Request) -> Iterator[str]:
    top = request.panel.partition(":")[0].partition(".")[0]
    if importlib.machinery.PathFinder.find_spec(top, list(request.paths)) is None:
        yield f"{top} is in none of {', '.join(request.paths)}: say --path, unless the host's Python finds it by itself"
    for path in request.paths:
        bindings = [name for name in _BINDINGS if Path(path, name).is_dir()]
        if bindings:
            version = ".".join(str(part) for part in sys.version_info[:2])
            yield (
                f"{path} is for Python {version} and holds {bindings[0]}: for a host with another Python, install the "
                "package with pip install --target FOLDER and say --path FOLDER"
            )
