#!/usr/bin/env python3
"""The developer's shell of a checkout. It needs Python 3.9 or later and makes everything else itself.

    python3 dev.py demo [FILE]          the scene outliner on FILE (a .gltf or .glb), or on the bundled scene
    python3 dev.py test [PYTEST ARGS]   every test; with arguments, what they select and no coverage gate
    python3 dev.py lint                 ruff, mypy also against the types of hosts, the layers, the types of the page runtime
    python3 dev.py matrix [LEGS]        every test on each Qt binding there is
    python3 dev.py hosts [NAMES]        the panel in real hosts: freecad, krita, blender; all when none is named
    python3 dev.py docs [serve]         the documentation site, in build/site
    python3 dev.py bench [OPTIONS]      the bridge side by side with its alternatives; `bench --help` lists the options

The tools live in .venv beside this file, made with the Python that runs it and renewed when pyproject.toml
changes. On Debian and Ubuntu the system libraries Qt needs are installed with apt-get where that is
allowed; `--no-system` forbids it, and the command to run is printed instead.
"""

from __future__ import annotations

import platform
import sys

from tools.benchmarks import bench
from tools.checks import demo, lint, test
from tools.documentation import docs
from tools.matrix import matrix
from tools.real_hosts import hosts

VERBS = {
    "demo": demo,
    "test": test,
    "lint": lint,
    "matrix": matrix,
    "hosts": hosts,
    "docs": docs,
    "bench": bench,
}


def main(arguments: list[str]) -> int:
    """Carry out one verb and return the exit code."""
    if sys.version_info < (3, 9):  # noqa: UP036 - whoever has an older one should read a sentence
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
