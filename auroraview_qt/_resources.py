"""Where the files of `resources/` are: the page runtime, its types, the pages of the package itself.

Owns nothing but the answer to that question. Runs on any thread; imports nothing of this package and no Qt.
"""

from __future__ import annotations

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
        The way to it below `resources/`, such as ``"bridge.js"`` or ``"outliner", "index.html"``. Without
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
