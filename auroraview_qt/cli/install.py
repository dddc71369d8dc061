"""Write start-up files that dock a panel in a host, or remove them: `auroraview-qt install`.

Owns the options and the output. Thread: main, in a separate process. Loads no Qt and no host.
"""

from __future__ import annotations

import argparse
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from auroraview_qt.cli import install_plan
from auroraview_qt.cli.install_files import InstallError, carry_out, clear_away, describe_changes
from auroraview_qt.cli.install_hosts import HOSTS, find_folder, find_host
from auroraview_qt.cli.install_panel import check_bindings, check_panel, host_paths
from auroraview_qt.cli.install_receipt import Request
from auroraview_qt.host.protocol import Area
from auroraview_qt.hosts.install_target import InstallTarget
from auroraview_qt.hosts.startup import split_panel_name

#: Default panel: the built-in panel, as a quick test.
DEMO = "auroraview_qt.demo:panel"
_DEMO_TITLE, _DEMO_NAME = "AuroraView", "auroraview.demo"


def run(argv: Sequence[str]) -> int:
    """Install a panel in a host, or remove it.

    Thread: any.

    Returns
    -------
    int
        0 for success; 2 if nothing was done, with the reason printed.

    Raises
    ------
    SystemExit
        For `--help` and wrong arguments, as argparse does.
    """
    options = _parser().parse_args(argv)
    try:
        host = find_host(options.host)
        request = _request(options, host)
        folder = find_folder(host, options.folder, must_exist=not options.dry_run)
        if options.uninstall:
            plan = install_plan.uninstall(host, request, folder)
        else:
            plan = install_plan.install(host, request, folder, _settings(options, host, folder))
        if not options.dry_run:
            carry_out(plan.changes)
            clear_away(plan.removed, plan.folders if options.uninstall else [])
    except InstallError as error:
        sys.stderr.write(f"auroraview-qt install: {error}\n")
        return 2
    for line in describe_changes(plan.changes):
        if not options.dry_run and line[0] == " ":
            continue
        print(line)
    for note in plan.notes:
        print(f"note: {note}")
    print(_summary(options, host, request, folder, bool(plan.changes)))
    return 0


def _summary(options: argparse.Namespace, host: InstallTarget, request: Request, folder: Path, changed: bool) -> str:
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
        description="Write the start-up files that dock a panel in a host. Another run updates the files; "
        "--uninstall removes exactly the written files.",
    )
    parser.add_argument("--host", required=True, help=f"one of {', '.join(HOSTS)}")
    parser.add_argument("--panel", metavar="MODULE:FUNCTION", help=f"makes the panel's widget (default: {DEMO})")
    parser.add_argument("--title", help="title of the panel (default: from the module's name)")
    parser.add_argument(
        "--object-name", metavar="NAME", help="name of the panel in the host's layout, such as studio.assets"
    )
    parser.add_argument("--area", choices=get_args(Area), default="right", help="first side of the panel (default: right)")
    parser.add_argument("--show", action="store_true", help="show the panel at each start, regardless of the host's layout")
    parser.add_argument(
        "--path",
        action="append",
        default=[],
        metavar="FOLDER",
        help="folder of auroraview_qt or the panel for the host's Python; may be repeated (default: their folders here)",
    )
    parser.add_argument("--no-check", action="store_true", help="install a panel that is on none of these folders")
    parser.add_argument("--folder", type=Path, help="the host's folder of the user (default: found by host and platform)")
    parser.add_argument(
        "--enable",
        action="store_true",
        help="krita, qgis: switch the plugin on in its settings too; the host must not be running",
    )
    parser.add_argument(
        "--uninstall", action="store_true", help="remove the files that were written for this --object-name or --panel"
    )
    parser.add_argument("--dry-run", action="store_true", help="print the changes, and write nothing")
    return parser


def _request(options: argparse.Namespace, host: InstallTarget) -> Request:
    try:
        module, path = split_panel_name(options.panel or DEMO)
    except ValueError as error:
        raise InstallError(f"--{error}") from None
    own = options.panel is not None
    title = options.title if options.title is not None else module.rpartition(".")[2].capitalize() if own else _DEMO_TITLE
    name = options.object_name if options.object_name is not None else f"{module}.{path}" if own else _DEMO_NAME
    for option, text in (("--title", title), ("--object-name", name)):
        if not text.strip() or not _is_line(text):
            raise InstallError(f"{option} {text!r}: should be a single line of text")
    panel = f"{module}:{path}"
    paths = () if options.uninstall else tuple(_paths(options, host, panel))
    return Request(panel, title, name, options.area, options.show or host.always_shows, paths)


def _is_line(text: str) -> bool:
    """Return whether a value is a single line of text that XML and UTF-8 can hold."""
    return not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c in "\ufffe\uffff" for c in text)


def _settings(options: argparse.Namespace, host: InstallTarget, folder: Path) -> Path | None:
    if not options.enable:
        return None
    if host.switch is None:
        switched = ", ".join(name for name, each in HOSTS.items() if each.switch is not None)
        raise InstallError(f"--enable is for {switched}: {host.label} needs no switching on")
    return host.switch.file(folder)


def _paths(options: argparse.Namespace, host: InstallTarget, panel: str) -> list[str]:
    """Return the folders for the host's Python; refuse harmful folders, and a missing panel."""
    named = [Path(path).absolute() for path in options.path]
    for path in named:
        if not path.is_dir():
            raise InstallError(f"--path {path}: there is no such folder")
        if not _is_line(str(path)):
            raise InstallError(f"--path {str(path)!r}: its name is no text that could be written into a file")
    paths = host_paths(named, panel)
    if not options.no_check:
        check_panel(paths, panel)
    check_bindings(paths, host)
    return [str(path) for path in paths]
