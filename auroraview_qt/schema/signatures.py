"""Signatures: what a function says about its parameters, read once. No Qt, no validation library; any thread.

Validation and the TypeScript generator both work from the `Description` made here: they agree on what a command takes.
"""

from __future__ import annotations

import functools
import inspect
import logging
import types
import typing
from typing import Any, Callable, NamedTuple

#: Stands for an annotation or a default that is not there.
EMPTY: Any = inspect.Parameter.empty

#: Parameters annotated with one of these are filled in by the library: pages neither see nor send them.
injected_types: set[type] = set()

_log = logging.getLogger(__name__)


class Parameter(NamedTuple):
    """One parameter a page can give.

    Attributes
    ----------
    name : str
        Its name.
    annotation : object
        What it is annotated with, strings resolved; `EMPTY` where there is nothing, or nothing that could be resolved.
    default : object
        `EMPTY` for one that has to be given.
    kind : inspect._ParameterKind
        As `inspect.Parameter` has it.
    """

    name: str
    annotation: Any
    default: Any
    kind: Any


class Description(NamedTuple):
    """What a function says about itself.

    Attributes
    ----------
    full : inspect.Signature or None
        Its signature; None where it tells nothing, as some builtins.
    visible : inspect.Signature or None
        The same without the injected parameters: what a page may give, and what messages show.
    parameters : tuple of Parameter
        Those of `visible`.
    injected : tuple of str
        Names of the parameters that are filled in by the library.
    """

    full: inspect.Signature | None
    visible: inspect.Signature | None
    parameters: tuple[Parameter, ...]
    injected: tuple[str, ...]

    def __str__(self) -> str:
        """Give the visible signature as messages show it: annotations as they were resolved, and no result."""
        if self.visible is None:
            return "(…)"
        parameters = zip(self.visible.parameters.values(), self.parameters)
        shown = [parameter.replace(annotation=resolved.annotation) for parameter, resolved in parameters]
        return str(self.visible.replace(parameters=shown, return_annotation=EMPTY))


def describe(fn: Callable[..., object]) -> Description:
    """Read the signature of a function and resolve its annotations.

    An annotation that cannot be resolved, such as a name imported for type checkers only, is logged and counts as none.

    Thread: any.
    """
    try:
        full = inspect.signature(fn)
    except (TypeError, ValueError):  # some builtins tell nothing
        return Description(None, None, (), ())
    described, injected = [], []
    scope: dict[str, Any] | None = None
    for parameter in full.parameters.values():
        annotation = parameter.annotation
        if annotation is not EMPTY:
            if _names_injected(annotation):
                injected.append(parameter.name)
                continue
            scope = _scope_of(fn) if scope is None else scope
            annotation = resolve(annotation, scope, f"{name_of(fn)}: parameter {parameter.name!r} is not validated")
            if _is_injected(annotation):
                injected.append(parameter.name)
                continue
        described.append(Parameter(parameter.name, annotation, parameter.default, parameter.kind))
    if not injected:
        return Description(full, full, tuple(described), ())
    visible = full.replace(parameters=[p for name, p in full.parameters.items() if name not in injected])
    return Description(full, visible, tuple(described), tuple(injected))


def accepted(parameter: Parameter) -> Any:
    """Give what a parameter takes; a default of None has always meant that None may be given. Thread: any."""
    if parameter.default is not None or parameter.annotation is EMPTY:
        return parameter.annotation
    try:
        return typing.Optional[parameter.annotation]
    except TypeError:  # an annotation that is no type
        return parameter.annotation


def returned(fn: Callable[..., object]) -> Any:
    """Give what a function is annotated to return, `EMPTY` where that is unknown. Thread: any."""
    try:
        annotation = inspect.signature(fn).return_annotation
    except (TypeError, ValueError):
        return EMPTY
    if annotation is EMPTY:
        return EMPTY
    return resolve(annotation, _scope_of(fn), f"{name_of(fn)}: its result is not typed")


def name_of(fn: object) -> str:
    """Name a callable as a reader of a log would look for it. Thread: any."""
    inner = fn.func if isinstance(fn, functools.partial) else fn
    module = getattr(inner, "__module__", None) or type(inner).__module__
    return f"{module}.{getattr(inner, '__qualname__', type(inner).__qualname__)}"


def resolve(annotation: Any, scope: dict[str, Any], consequence: str) -> Any:
    """Resolve the strings in an annotation, or log what follows from it that they cannot be. Thread: any."""
    holder = types.SimpleNamespace(__annotations__={"it": annotation})
    try:
        return typing.get_type_hints(holder, scope, scope, include_extras=True)["it"]
    except Exception as error:  # an annotation may be any expression
        _log.warning("%s, its annotation %s cannot be resolved: %s", consequence, annotation, error)
        return EMPTY


def _names_injected(annotation: object) -> bool:
    """Whether a postponed annotation names an injected type: it may have been imported for type checkers only."""
    if not isinstance(annotation, str):
        return False
    name = annotation.strip("'\"").rpartition(".")[2]  # an annotation in quotes, where all are postponed, has them twice
    return any(kind.__name__ == name for kind in injected_types)


def _is_injected(annotation: object) -> bool:
    return isinstance(annotation, type) and annotation in injected_types


def _innermost(fn: Any) -> Any:
    """Give the Python function that is run in the end."""
    while isinstance(fn, functools.partial):
        fn = fn.func
    fn = inspect.unwrap(fn)
    if inspect.isclass(fn):
        fn = fn.__init__
    elif not inspect.isroutine(fn):
        fn = type(fn).__call__
    return getattr(fn, "__func__", fn)


def _scope_of(fn: Callable[..., object]) -> dict[str, Any]:
    """Give the names a function's annotations may use: its module's, and those of the functions around it that it uses."""
    inner = _innermost(fn)
    scope = dict(getattr(inner, "__globals__", {}))
    cells = getattr(inner, "__closure__", None) or ()
    for name, cell in zip(inner.__code__.co_freevars if cells else (), cells):
        try:
            scope[name] = cell.cell_contents
        except ValueError:  # not filled yet
            continue
    return scope
