"""Where the files of `resources/` are: the page runtime, its types, the pages of the package itself.

Owns nothing but the answer to that question, and what a page gets of a text there. Runs on any thread; imports nothing of
this package and no Qt.
"""

from __future__ import annotations

import re
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _root() -> Path:
    """Return the folder: inside the package when installed from a wheel, beside it in a checkout."""
    checkout = _PACKAGE.parent
    # Beside an installed package stands all of site-packages, where `resources` may be anybody's.
    if (checkout / "pyproject.toml").is_file() and (checkout / "resources").is_dir():
        return checkout / "resources"
    return _PACKAGE / "resources"


def resource_path(*parts: str) -> Path:
    """Find a file or folder of `resources/`, in a checkout, an editable install and a wheel alike.

    Parameters
    ----------
    *parts : str
        The way to it below `resources/`, such as ``"bridge.js"`` or ``"demo", "index.html"``. Without
        parts the folder itself is meant.

    Returns
    -------
    pathlib.Path
        An absolute path that exists.

    Raises
    ------
    FileNotFoundError
        When this installation lacks it.

    Notes
    -----
    Thread: any
    """
    path = _root().joinpath(*parts)
    if not path.exists():
        name = "/".join(("resources", *parts))
        raise FileNotFoundError(
            f"auroraview_qt lacks its own file {name} (looked for {path}): the installation is damaged; "
            "reinstall it with `pip install --force-reinstall --no-deps auroraview-qt`"
        )
    return path


#: Of the scripts and style sheets of this package: comments stand before code or behind it, and in no text.
_COMMENT = re.compile(r"/\*.*?\*/[ \t]*|(?:^|(?<=\s))// .*?$", re.DOTALL | re.MULTILINE)
_BLANK = re.compile(r"\s*\n\s*")


def page_text(*parts: str) -> str:
    """Read a script or style sheet without its comments and indents, which every new page would have to go through.

    Parameters
    ----------
    *parts : str
        As `resource_path`.

    Notes
    -----
    Thread: any
    """
    text = resource_path(*parts).read_text(encoding="utf-8")
    return _BLANK.sub("\n", _COMMENT.sub("", text))
