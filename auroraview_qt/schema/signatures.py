"""Read the parameters of a function once. Thread: any. No Qt, no validation library.

Validation and the TypeScript generator both use the `Description` made here, so they agree about a command's parameters.
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

#: The library fills in parameters annotated with these types; pages neither see nor send them.
injected_types: set[type] = set()

_log = logging.getLogger(__name__)


class Parameter(NamedTuple):
    """A parameter for the page.

    Attributes
    ----------
    name : str
        Its name.
    annotation : object
        Its annotation, with strings resolved; `EMPTY` without an annotation or if it cannot be resolved.
    default : object
        The default; `EMPTY` for a required parameter.
    kind : inspect._ParameterKind
        The same as `inspect.Parameter.kind`.
    """

    name: str
    annotation: Any
    default: Any
    kind: Any


class Description(NamedTuple):
    """The signature and the parameters of a function.

    Attributes
    ----------
    full : inspect.Signature or None
        Its signature; None if it has none, as some builtins.
    visible : inspect.Signature or None
        The signature without injected parameters, for pages and messages.
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
        """Return the visible signature for messages: with resolved annotations, and without the result."""
        if self.visible is None:
            return "(…)"
        parameters = zip(self.visible.parameters.values(), self.parameters)
        shown = [parameter.replace(annotation=resolved.annotation) for parameter, resolved in parameters]
        return str(self.visible.replace(parameters=shown, return_annotation=EMPTY))


def describe(fn: Callable[..., object]) -> Description:
    """Read the signature of a function and resolve its annotations.

    An annotation that cannot be resolved, such as a name imported for type checkers only, is logged and ignored.

    Thread: any.
    """
    try:
        full = inspect.signature(fn)
    except (TypeError, ValueError):  # some builtins have no signature
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
    """Return the annotation of a parameter; a default of None allows None, too. Thread: any."""
    if parameter.default is not None or parameter.annotation is EMPTY:
        return parameter.annotation
    try:
        return typing.Optional[parameter.annotation]
    except TypeError:  # an annotation that is no type
        return parameter.annotation


def returned(fn: Callable[..., object], *, logs: bool = True) -> Any:
    """Return the annotation of a function's result, or `EMPTY`; log if it cannot be resolved. Thread: any."""
    try:
        annotation = inspect.signature(fn).return_annotation
    except (TypeError, ValueError):
        return EMPTY
    if annotation is EMPTY:
        return EMPTY
    return resolve(annotation, _scope_of(fn), f"{name_of(fn)}: its result is not typed" if logs else "")


def name_of(fn: object) -> str:
    """Name a callable as a reader of a log would look for it. Thread: any."""
    inner = fn.func if isinstance(fn, functools.partial) else fn
    module = getattr(inner, "__module__", None) or type(inner).__module__
    return f"{module}.{getattr(inner, '__qualname__', type(inner).__qualname__)}"


def resolve(annotation: Any, scope: dict[str, Any], consequence: str) -> Any:
    """Resolve the strings in an annotation, or log the consequence of the failure. Thread: any."""
    holder = types.SimpleNamespace(__annotations__={"it": annotation})
    try:
        return typing.get_type_hints(holder, scope, scope, include_extras=True)["it"]
    except Exception as error:  # an annotation may be any expression
        if consequence:
            _log.warning("%s, its annotation %s cannot be resolved: %s", consequence, annotation, error)
        return EMPTY


def _names_injected(annotation: object) -> bool:
    """Return whether a postponed annotation names an injected type, which may be imported for type checkers only."""
    if not isinstance(annotation, str):
        return False
    name = annotation.strip("'\"").rpartition(".")[2]  # postponed annotations in quotes are quoted twice
    return any(kind.__name__ == name for kind in injected_types)


def _is_injected(annotation: object) -> bool:
    return isinstance(annotation, type) and annotation in injected_types


def _innermost(fn: Any) -> Any:
    """Return the Python function that is run in the end."""
    while isinstance(fn, functools.partial):
        fn = fn.func
    fn = inspect.unwrap(fn)
    if inspect.isclass(fn):
        fn = fn.__init__
    elif not inspect.isroutine(fn):
        fn = type(fn).__call__
    return getattr(fn, "__func__", fn)


def _scope_of(fn: Callable[..., object]) -> dict[str, Any]:
    """Return the names that a function's annotations may use: from its module, and from functions around it."""
    inner = _innermost(fn)
    scope = dict(getattr(inner, "__globals__", {}))
    cells = getattr(inner, "__closure__", None) or ()
    for name, cell in zip(inner.__code__.co_freevars if cells else (), cells):
        try:
            scope[name] = cell.cell_contents
        except ValueError:  # not filled yet
            continue
    return scope
