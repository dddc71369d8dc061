"""Compares the fakes of hosts with the hosts' published types: `dev.py lint` runs it with a folder of them.

A fake may have less than its host, never more. Its members must exist in the host. Its functions must take arguments of the
same names, in the same order, with the same optional arguments. Hosts without published types are compared with the types
beside this file. Types of arguments are not compared here; mypy compares them with the arguments of the adapters.

    python -m tests.typings.conformity FOLDER
"""

from __future__ import annotations

import ast
import inspect
import sys
import types
from pathlib import Path
from typing import NamedTuple

from auroraview_qt.testing.hosts import houdini, max3ds, maya, nuke, substance_painter

OURS = Path(__file__).parent
#: Objects that a host's functions return, and that modules() therefore lacks.
OBJECTS = {
    "hou.Desktop": houdini.HoudiniDesktop,
    "hou.Pane": houdini.HoudiniPane,
    "hou.PythonPanelInterface": houdini.HoudiniInterface,
    "nukescripts.panels.PythonPanel": nuke.NukePanel,
}
#: Members of fakes that the host does not have: by them tests look behind it.
BEHIND = {"has_toolbar", "place", "widget"}


class Parameter(NamedTuple):
    """A parameter of a function."""

    name: str
    kind: str  # "/" by place only, "" by place or name, "*" by name only
    is_optional: bool


class Function(NamedTuple):
    """The parameters of a function."""

    parameters: tuple[Parameter, ...]
    takes_any_place: bool
    takes_any_name: bool


class Stubs:
    """Types of modules from several folders, ``name-stubs`` or ``name``; the first folder that has a module wins."""

    def __init__(self, *folders: Path) -> None:
        self._folders = folders
        self._trees: dict[str, ast.Module] = {}

    def module(self, name: str) -> ast.Module:
        """Return a module's syntax tree."""
        if name not in self._trees:
            package, *rest = name.split(".")
            bases = [folder / top for folder in self._folders for top in (f"{package}-stubs", package)]
            files = [Path(*[base, *rest]) for base in bases]
            found = [path for file in files for path in (file.with_name(f"{file.name}.pyi"), file / "__init__.pyi")]
            self._trees[name] = ast.parse(next(path for path in found if path.is_file()).read_text(encoding="utf-8"))
        return self._trees[name]

    def members(self, module: str, owner: ast.Module | ast.ClassDef, name: str) -> list[ast.AST]:
        """Return the definitions of a name: several functions if it is overloaded; none if it does not exist."""
        found: list[ast.AST] = []
        for node in owner.body:
            targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
            if getattr(node, "name", None) == name or any(getattr(target, "id", None) == name for target in targets):
                found.append(node)
            elif isinstance(node, ast.ImportFrom) and not found:
                found += self._imported(module, node, name)
        if not found and isinstance(owner, ast.ClassDef):
            for base in owner.bases:
                for parent in self.members(module, self.module(module), getattr(base, "id", "")):
                    found += self.members(module, parent, name) if isinstance(parent, ast.ClassDef) else []
        return found

    def _imported(self, module: str, node: ast.ImportFrom, name: str) -> list[ast.AST]:
        source = node.module or ""
        if node.level:
            source = ".".join(filter(None, (module, source)))
        if not any(each.name in ("*", name) for each in node.names):
            return []
        try:
            return self.members(source, self.module(source), name)
        except StopIteration:  # a module without published types
            return []


def stub_function(node: ast.FunctionDef, is_method: bool) -> Function:
    """Return the parameters of a function in a stub, without self."""
    spec = node.args
    by_place = [(arg.arg, "/") for arg in spec.posonlyargs] + [(arg.arg, "") for arg in spec.args]
    required = len(by_place) - len(spec.defaults)
    parameters = [Parameter(name, kind, at >= required) for at, (name, kind) in enumerate(by_place)]
    parameters += [Parameter(arg.arg, "*", default is not None) for arg, default in zip(spec.kwonlyargs, spec.kw_defaults)]
    names = {decorator.id for decorator in node.decorator_list if isinstance(decorator, ast.Name)}
    skip = 1 if is_method and "staticmethod" not in names else 0
    return Function(tuple(parameters[skip:]), spec.vararg is not None, spec.kwarg is not None)


def fake_function(function: object, is_method: bool) -> Function:
    """Return the parameters of a function of a fake, without self."""
    kinds = {inspect.Parameter.POSITIONAL_ONLY: "/", inspect.Parameter.KEYWORD_ONLY: "*"}
    spec = list(inspect.signature(function).parameters.values())[1 if is_method else 0 :]  # type: ignore[arg-type]
    parameters = [Parameter(each.name, kinds.get(each.kind, ""), each.default is not each.empty) for each in spec]
    return Function(tuple(parameters), False, False)


def any_of(overloads: list[Function]) -> Function:
    """Return the parameters of an overloaded function: the union of all forms, required only if all forms require them."""
    seen: dict[str, Parameter] = {}
    for each in (parameter for function in overloads for parameter in function.parameters):
        seen.setdefault(each.name, each)
    needed = set.intersection(*({each.name for each in form.parameters if not each.is_optional} for form in overloads))
    parameters = tuple(each._replace(is_optional=each.name not in needed) for each in seen.values())
    return Function(
        parameters, any(form.takes_any_place for form in overloads), any(form.takes_any_name for form in overloads)
    )


def objection(fake: Function, overloads: list[Function]) -> str | None:
    """Return the difference between a fake's function and its host's, or None."""
    real = any_of(overloads)
    places = [each for each in real.parameters if each.kind != "*"]
    named = {each.name: each for each in real.parameters if each.kind != "/"}
    for at, own in enumerate(fake.parameters):
        theirs = named.get(own.name)
        if own.kind != "*" and at < len(places):
            theirs = places[at]
            if theirs.kind != "/" and theirs.name != own.name:
                return f"parameter {at + 1} is {theirs.name!r}, not {own.name!r}"
        if theirs is None:
            if real.takes_any_name or (real.takes_any_place and own.kind != "*"):
                continue
            return f"there is no parameter {own.name!r}"
        if theirs.is_optional != own.is_optional:
            return f"{own.name!r} {'may' if theirs.is_optional else 'must not'} be left out"
    missing = {each.name for each in places if not each.is_optional and each.kind != "/"}
    missing -= {each.name for each in fake.parameters}
    return f"{min(missing)!r} must not be left out" if missing else None


def compare(stubs: Stubs, module: str, path: str, fake: object, nodes: list[ast.AST], in_class: bool) -> list[str]:
    """Return the parts of a fake's member that its host lacks."""
    where = f"{module}.{path}"
    if not nodes:
        return [f"{where}: the host has no such name"]
    classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
    if isinstance(fake, (types.SimpleNamespace, type)):
        owner = classes[0] if classes else None
        if owner is None and isinstance(nodes[0], ast.AnnAssign) and isinstance(nodes[0].annotation, ast.Name):
            owner = next(iter(stubs.members(module, stubs.module(module), nodes[0].annotation.id)), None)  # type: ignore[assignment]
        return compare_all(stubs, module, path, fake, owner) if isinstance(owner, ast.ClassDef) else []
    if not callable(fake):
        return []
    functions = [stub_function(node, in_class) for node in nodes if isinstance(node, ast.FunctionDef)]
    for made in classes:  # a call makes an instance: the parameters of its __init__
        inits = stubs.members(module, made, "__init__")
        functions += [stub_function(node, True) for node in inits if isinstance(node, ast.FunctionDef)]
    wrong = objection(fake_function(fake, False), functions) if functions else "the host has no such function"
    return [f"{where}: {wrong}"] if wrong else []


def compare_all(stubs: Stubs, module: str, path: str, fake: object, owner: ast.Module | ast.ClassDef) -> list[str]:
    """Return the parts of a fake's module, class or namespace that the host's lacks."""
    wrong = []
    for name, member in vars(fake).items():
        if name.startswith("_") or name in BEHIND or isinstance(member, types.ModuleType):
            continue
        nodes = stubs.members(module, owner, name)
        if isinstance(fake, type) and callable(member):
            functions = [stub_function(node, True) for node in nodes if isinstance(node, ast.FunctionDef)]
            said = objection(fake_function(member, True), functions) if functions else "the host has no such method"
            wrong += [f"{module}.{path}.{name}: {said}"] if said else []
        else:
            inner = ".".join(filter(None, (path, name)))
            wrong += compare(stubs, module, inner, member, nodes, isinstance(owner, ast.ClassDef))
    return wrong


def differences(stubs: Stubs) -> list[str]:
    """Return the parts of the fakes that their hosts lack, a line each."""
    wrong = []
    folder = Path()
    hosts = (
        maya.Maya(None),
        houdini.Houdini(None, folder),
        nuke.Nuke(None),
        max3ds.Max(None),
        substance_painter.Painter(None),
    )
    for host in hosts:
        for name, module in host.modules().items():
            wrong += compare_all(stubs, name, "", module, stubs.module(name))
    for name, kind in OBJECTS.items():
        module, _, path = name.rpartition(".")
        owner = next(iter(stubs.members(module, stubs.module(module), path)))
        assert isinstance(owner, ast.ClassDef)
        wrong += compare_all(stubs, module, path, kind, owner)
    return wrong


if __name__ == "__main__":
    found = differences(Stubs(OURS, Path(sys.argv[1])))
    sys.exit("\n".join(found) or None)
