"""Find the panel for the host's Python, without importing it. Thread: any. No Qt and no host."""

from __future__ import annotations

import ast
import importlib.machinery
import importlib.util
import pkgutil
import sys
import sysconfig
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

from auroraview_qt._wording import suggest
from auroraview_qt.cli.install_files import InstallError
from auroraview_qt.hosts.install_target import InstallTarget
from auroraview_qt.qt.support.preflight import BINDINGS

_REQUIRED = ("auroraview_qt", "qtpy", "orjson", "msgspec")


def host_paths(given: Sequence[Path], panel: str) -> list[Path]:
    """Return the folders for the host's Python: the given folders, and added folders for missing packages.

    If none of the given folders has this package, its folder and the folders of its requirements are added. If none has the
    panel's module, its folder is added, as this Python or the current folder has it.

    Parameters
    ----------
    given : sequence of Path
        The folders that the user passed.
    panel : str
        ``"module:function"``.
    """
    paths = list(given)
    if not any((path / "auroraview_qt" / "__init__.py").is_file() for path in paths):
        paths += [root for name in _REQUIRED for root in [_root_of(name, sys.path)] if root is not None]
    top = panel.partition(":")[0].partition(".")[0]
    if PathFinder.find_spec(top, _texts(paths)) is None:
        root = _root_of(top, [str(Path.cwd()), *sys.path])
        if root is not None and root != Path(sysconfig.get_path("stdlib")):
            paths.append(root)
    return list(dict.fromkeys(path.absolute() for path in paths))


def _root_of(name: str, paths: Sequence[str]) -> Path | None:
    """Return the folder that a top-level module or package is imported from."""
    if name in sys.modules and name == __name__.partition(".")[0]:
        return Path(__file__).resolve().parents[2]  # an editable installation is not on a path
    spec = PathFinder.find_spec(name, list(paths)) or importlib.util.find_spec(name)
    if spec is None:
        return None
    if spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations))).parent
    return Path(spec.origin).parent if spec.origin and spec.has_location else None


def check_bindings(paths: Sequence[Path], host: InstallTarget) -> None:
    """Refuse folders with a Qt binding, because a second binding crashes the host.

    Raises
    ------
    InstallError
        If a folder has a binding; the text names the remedy.
    """
    if not host.has_qt:
        return
    for path in paths:
        found = [name for name in BINDINGS if (path / name).is_dir()]
        if found:
            raise InstallError(
                f"{path} holds {found[0]}, and a second Qt in the process crashes {host.label}: install the library without "
                f"a binding, `{sys.executable} -m pip install --target FOLDER auroraview-qt`, and pass --path FOLDER, and "
                "--path for the folder of the panel's module"
            )


def check_panel(paths: Sequence[Path], panel: str) -> None:
    """Refuse a panel that the host would not find.

    Raises
    ------
    InstallError
        If these paths lack the module, or its source lacks the name.
    """
    module, _, path = panel.partition(":")
    spec = _find(module, _texts(paths))
    if spec is None:
        known = [found.name for found in pkgutil.iter_modules(_texts(paths))]
        hint = suggest(module, known, "pass its folder with --path").text
        where = ", ".join(_texts(paths))
        raise InstallError(f"there is no module {module!r} in {where}: {hint} (--no-check installs it all the same)")
    names = _names_in(spec)
    name = path.partition(".")[0]
    if names is not None and name not in names:
        hint = suggest(name, names, f"name the function that makes the widget, {module}:FUNCTION").text
        raise InstallError(f"{spec.origin} has no {name!r}: {hint} (--no-check installs it all the same)")


def _find(module: str, paths: list[str]) -> ModuleSpec | None:
    """Find a module by its dotted name, without importing the packages above it."""
    parts = module.split(".")
    locations: list[str] = paths
    for at in range(len(parts)):
        spec = PathFinder.find_spec(".".join(parts[: at + 1]), locations)
        if spec is None or at == len(parts) - 1:
            return spec
        locations = list(spec.submodule_search_locations or ())
    return None


def _names_in(spec: ModuleSpec) -> set[str] | None:
    """Return the names that a module's source defines at its top, or None if they are unknown."""
    if not isinstance(spec.loader, importlib.machinery.SourceFileLoader) or spec.origin is None:
        return None
    try:
        tree = ast.parse(Path(spec.origin).read_bytes())
    except (OSError, SyntaxError, ValueError):  # the panel shows the syntax error, from the Python of the host
        return None
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    return None if {"*", "__getattr__"} & names or _sets_globals(tree) else names


def _sets_globals(tree: ast.AST) -> bool:
    """Return whether a module makes names that its source does not show."""
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return any(isinstance(func, ast.Name) and func.id in ("globals", "setattr", "exec") for func in calls)


def _texts(paths: Sequence[Path]) -> list[str]:
    return [str(path) for path in paths]
