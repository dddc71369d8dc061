#!/usr/bin/env python3
"""Run the demo, the tests and the other tools of a checkout. You need Python 3.9 or later.

    python3 dev.py demo [FILE]          run the scene outliner on FILE (a .gltf or .glb) or on the bundled scene
    python3 dev.py test [PYTEST ARGS]   run every test; arguments select tests and turn the coverage gate off
    python3 dev.py lint                 run ruff, mypy, and the checks of layers, words and the page runtime's types
    python3 dev.py matrix [LEGS]        run every test on each Qt binding
    python3 dev.py hosts [NAMES]        run the panel in real hosts, such as freecad; all by default
    python3 dev.py fuzz [TARGETS]       fuzz the code that reads a page's messages; `fuzz --help` lists the targets
    python3 dev.py docs [serve]         build the documentation site in build/site
    python3 dev.py bench [OPTIONS]      compare the bridge with its alternatives; `bench --help` lists the options

The tools live in .venv beside this file. dev.py makes .venv with the Python that runs dev.py, and renews it when
pyproject.toml changes. On Debian and Ubuntu, dev.py installs the system libraries of Qt with apt-get if it may.
`--no-system` forbids that; dev.py then prints the command to run.
"""

from __future__ import annotations

import platform
import sys

from tools.benchmarks import bench
from tools.checks import demo, lint, test
from tools.documentation import docs
from tools.fuzzing import fuzz
from tools.matrix import matrix
from tools.real_hosts import hosts

VERBS = {
    "demo": demo,
    "test": test,
    "lint": lint,
    "matrix": matrix,
    "hosts": hosts,
    "fuzz": fuzz,
    "docs": docs,
    "bench": bench,
}


def main(arguments: list[str]) -> int:
    """Carry out one verb and return the exit code."""
    if sys.version_info < (3, 9):  # noqa: UP036 - users of an older Python read a sentence
        raise SystemExit("dev.py: it needs Python 3.9 or later, this is " + platform.python_version())
    system = "--no-system" not in arguments
    arguments = [argument for argument in arguments if argument != "--no-system"]
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(__doc__)
        return 0
    if arguments[0] not in VERBS:
        print(f"dev.py: there is no verb {arguments[0]!r}; there are: {', '.join(VERBS)}", file=sys.stderr)
        return 2
    try:
        return VERBS[arguments[0]](arguments[1:], system)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
