"""Write the module that stands in for Python in tests of a front-end: `auroraview-qt mock`.

Thread: main, in a separate process. No Qt.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from auroraview_qt._resources import page_text, resource_path, runtime_text
from auroraview_qt._version import __version__
from auroraview_qt.ipc.wire import limits, protocol

FILE = Path("auroraview-mock.js")

_MODULE = """\
// Written by `auroraview-qt mock`, version {version}. Do not edit: write it again after an update.
/* eslint-disable */
{runtime}
{mock}
export function installMock(options = {{}}) {{
  const key = Symbol.for('auroraview.mock');
  if (window[key]) {{
    return window[key].reset(options);
  }}
  if (window.auroraview) {{
    throw new Error('this panel has the real Python: call installMock() only if window.auroraview is missing');
  }}
  window[key] = auroraviewMock({config}, options);
  return window[key];
}}
"""


def module_text() -> str:
    """Return the module's source."""
    config = {
        "protocol": protocol.PROTOCOL_VERSION,
        "version": __version__,
        "eventPattern": protocol.EVENT_PATTERN,
        "namePattern": protocol.NAME_PATTERN,
        "limits": limits.for_page(),
    }
    mock = page_text("mock.js") + page_text("mock-replay.js")
    return _MODULE.format(version=__version__, runtime=runtime_text(), mock=mock, config=json.dumps(config))


def run(argv: Sequence[str]) -> int:
    """Write the module and its types.

    Returns
    -------
    int
        0; or 2 if a file cannot be written.

    Raises
    ------
    SystemExit
        For `--help` and wrong arguments, as argparse does.
    """
    parser = argparse.ArgumentParser(
        prog="auroraview-qt mock",
        description="Write the module that runs a front-end without Python: in Vitest, Storybook or a plain browser.",
    )
    parser.add_argument("file", nargs="?", type=Path, default=FILE, help=f"the module to write (default: {FILE})")
    file: Path = parser.parse_args(argv).file
    types = file.with_suffix(".d.ts")
    try:
        file.write_text(module_text(), encoding="utf-8")
        types.write_text(resource_path("mock.d.ts").read_text(encoding="utf-8"), encoding="utf-8")
    except OSError as error:
        sys.stderr.write(f"auroraview-qt mock: {error}\n")
        return 2
    sys.stdout.write(f"wrote {file} and {types}\n")
    return 0
