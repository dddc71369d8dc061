"""The command line: what it understands and who carries it out.

Owns the argument parser. Runs on the main thread of a process of its own; loads no Qt itself, a command loads
what it needs when it is run.
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
    # These parse their own arguments, --help among them.
    commands.add_parser("demo", add_help=False, help="open the built-in panel: a visual self-test of this installation")
    commands.add_parser("install", add_help=False, help="write the start-up files that dock a panel in a host")
    commands.add_parser("types", add_help=False, help="write TypeScript for the commands, events and state of a tool")
    commands.add_parser("doctor", add_help=False, help="say what this Python has and what a panel would lack")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command of the command line.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments after the program's name; those of this process when left out.

    Returns
    -------
    int
        The exit code: 0 when all went well, 1 when the command found a fault, 2 for input it could not use.

    Raises
    ------
    SystemExit
        For `--help`, `--version` (code 0) and arguments that make no sense (code 2), as argparse does.

    Notes
    -----
    Thread: GUI
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
    from auroraview_qt.cli import doctor

    return doctor.run(rest)
