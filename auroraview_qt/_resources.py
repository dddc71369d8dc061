"""Find the files of `resources/`: the page runtime, its types, and the package's own pages.

Thread: any. Imports nothing of this package and no Qt.
"""

from __future__ import annotations

import atexit
import functools
import re
import shutil
import tempfile
import zipfile
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _root() -> Path:
    """Return the folder: inside the package if it was installed from a wheel, beside the package in a checkout."""
    checkout = _PACKAGE.parent
    # An installed package stands in site-packages, where a folder `resources` may belong to another package.
    if (checkout / "pyproject.toml").is_file() and (checkout / "resources").is_dir():
        return checkout / "resources"
    folder = _PACKAGE / "resources"
    return folder if folder.is_dir() else _unpacked(_PACKAGE)


@functools.lru_cache(maxsize=1)
def _unpacked(package: Path) -> Path:
    """Return the folder, unpacked until the process ends if the package is imported from a zip file."""
    archive = next((parent for parent in package.parents if parent.is_file()), None)
    if archive is None:
        return package / "resources"
    place = tempfile.mkdtemp(prefix="auroraview_qt-")
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    inside = f"{package.relative_to(archive).as_posix()}/resources/"
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(place, [name for name in packed.namelist() if name.startswith(inside)])
    return Path(place, inside)


def resource_path(*parts: str) -> Path:
    """Find a file or folder of `resources/`, in a checkout, an editable install and a wheel alike.

    Parameters
    ----------
    *parts : str
        The path below `resources/`, such as ``"bridge.js"`` or ``"demo", "index.html"``. Without parts, the folder itself.

    Returns
    -------
    pathlib.Path
        An absolute path that exists.

    Raises
    ------
    FileNotFoundError
        If this installation lacks the file.
    """
    path = _root().joinpath(*parts)
    if not path.exists():
        name = "/".join(("resources", *parts))
        raise FileNotFoundError(
            f"auroraview_qt lacks its own file {name} (looked for {path}): the installation is damaged; "
            "reinstall it with `pip install --force-reinstall --no-deps auroraview-qt`"
        )
    return path


_STRING = r"""\"(?:\\.|[^"\\\n])*\"|'(?:\\.|[^'\\\n])*'"""
#: Matches template literals; an expression inside may hold a plain template, and braces of one level.
_TEMPLATE = r"`(?:\\.|\$\{(?:[^`{}]|`(?:\\.|[^`\\])*`|\{[^{}`]*\})*\}|[^`\\])*`"
#: Matches regular expressions by the operator or keyword in front, which tells them from divisions.
_REGEX = r"(?:[(,=:\[!&|?{};>]|\breturn)\s*/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/"
_COMMENT = r"/\*.*?\*/"
_SCRIPT_COMMENT = rf"//[^\n]*|{_COMMENT}"
#: Match a text that stays, or a run of comments and line ends.
_SCRIPT = re.compile(
    rf"(?P<kept>{_STRING}|{_TEMPLATE}|{_REGEX})|[ \t]*(?:\n|{_SCRIPT_COMMENT})(?:\s|{_SCRIPT_COMMENT})*", re.DOTALL
)
_STYLE = re.compile(rf"(?P<kept>{_STRING})|[ \t]*(?:\n|{_COMMENT})(?:\s|{_COMMENT})*", re.DOTALL)


def _without_gap(match: re.Match[str]) -> str:
    return match["kept"] or ("\n" if "\n" in match[0] else " ")


@functools.lru_cache(maxsize=64)
def page_text(*parts: str) -> str:
    """Read a script or style sheet without its comments and indents, so that pages load faster.

    Strings, templates and regular expressions stay as they are.

    Parameters
    ----------
    *parts : str
        As `resource_path`.
    """
    path = resource_path(*parts)
    pattern = _STYLE if path.suffix == ".css" else _SCRIPT
    return pattern.sub(_without_gap, "\n" + path.read_text(encoding="utf-8")).lstrip("\n")


def runtime_text() -> str:
    """Return the source of the page's runtime: functions, the last of which starts it."""
    parts = [page_text("bridge", path.name) for path in sorted(resource_path("bridge").glob("*.js"))]
    return "\n".join([*parts, page_text("bridge.js")])
