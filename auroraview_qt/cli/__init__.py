"""Parse the command line and run a verb.

Owns the argument parser. Thread: main, in a separate process. The module loads no Qt; a verb loads the modules it needs.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from auroraview_qt._version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="auroraview-qt", description="Web panels for DCC applications, over QtWebEngine.")
    parser.add_argument("--version", action="version", version=f"auroraview-qt {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    # These verbs parse their own arguments, also --help.
    commands.add_parser("demo", add_help=False, help="open the built-in panel: a visual self-test of this installation")
    commands.add_parser("install", add_help=False, help="write the start-up files that dock a panel in a host")
    commands.add_parser("types", add_help=False, help="write TypeScript for the commands, events and state of a tool")
    commands.add_parser("mock", add_help=False, help="write the module that stands in for Python in tests of a front-end")
    commands.add_parser("replay", add_help=False, help="show a recording, or replay it to a front-end or a tool")
    commands.add_parser("doctor", add_help=False, help="check this Python and its Qt for panels")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run a verb of the command line.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments after the program's name; by default the arguments of this process.

    Returns
    -------
    int
        The exit code: 0 for success, 1 if the verb found a fault, 2 for unusable input.

    Raises
    ------
    SystemExit
        For `--help`, `--version` (code 0) and wrong arguments (code 2), as argparse does.
    """
    parser = _parser()
    options, rest = parser.parse_known_args(argv)
    if options.command == "demo":
        from auroraview_qt.cli import demo

        return demo.run(rest)
    if options.command == "install":
        from auroraview_qt.cli import install

        return install.run(rest)
    if options.command == "types":
        from auroraview_qt.cli import generate_types

        return generate_types.run(rest)
    if options.command == "mock":
        from auroraview_qt.cli import mock

        return mock.run(rest)
    if options.command == "replay":
        from auroraview_qt.cli import replay

        return replay.run(rest)
    from auroraview_qt.cli import doctor

    return doctor.run(rest)
