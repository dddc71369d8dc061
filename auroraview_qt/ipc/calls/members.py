"""Find the members of an object that become commands, without running anything of the object. No Qt."""

from __future__ import annotations

import functools
import logging
import types
from typing import Any, Callable

from auroraview_qt.ipc.calls.handler import IpcHandler

#: Packages whose classes give no commands: an object may inherit hundreds of methods from Qt.
_FOREIGN = frozenset(("builtins", "PySide6", "PySide2", "PyQt6", "PyQt5", "Shiboken", "shiboken6", "shiboken2", "sip"))
#: Types of signals, which some bindings make callable.
_SIGNALS = frozenset(("Signal", "SignalInstance", "pyqtSignal", "pyqtBoundSignal"))
#: Types of functions in a class that are bound to an object without a call of the program's code.
_BINDABLE = (types.FunctionType, functools.singledispatchmethod, type(functools.lru_cache(len)))
#: Types that have a ``__get__`` and are called without it.
_UNBOUND = (types.MethodType, types.BuiltinFunctionType, types.MethodWrapperType, functools.partial)
#: Types of members of classes that are written in C.
_OF_C = (
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
    types.ClassMethodDescriptorType,
    types.GetSetDescriptorType,
)

_log = logging.getLogger(__name__)
_module_of = type.__dict__["__module__"].__get__
_mro_of = type.__dict__["__mro__"].__get__
_members_of = type.__dict__["__dict__"].__get__


def public_functions(thing: object) -> tuple[dict[str, Callable[..., object]], dict[str, str]]:
    """Return the functions of an object that a page may call, and why other members are none.

    The result has methods, static and class methods, partials, functions and other callable objects. They may be on the
    object itself or on its classes, except Qt's own. Names that begin with an underscore are private. Plain data is neither
    found nor reported.

    Thread: any.

    Parameters
    ----------
    thing : object
        Any: an instance, a class, a module.

    Returns
    -------
    dict, dict
        The functions by name, and the reasons by name; both in alphabetical order.
    """
    inherited, own = _of_classes(type(thing)), _of_itself(thing)
    found: dict[str, Callable[..., object]] = {}
    left_out: dict[str, str] = {}
    for name in sorted(name for name in {**inherited, **own} if not name.startswith("_")):
        if name in own and not _has(inherited.get(name), "__set__"):  # as Python itself looks for it
            fn, reason = own[name], _reason(own[name])
        else:
            fn, reason = _bound(inherited[name], thing)
        if reason:
            left_out[name] = reason
        elif callable(fn):
            found[name] = fn
    return found, left_out


def register_public_functions(handler: IpcHandler, obj: object, namespace: str, *, allow_rebind: bool) -> list[str]:
    """Register the public functions of `obj` as commands ``<namespace>.<name>``; see `BridgeApi.bind_api`."""
    found, left_out = public_functions(obj)
    taken = sorted({f"{namespace}.{name}" for name in found}.intersection(handler.command_names()))
    title = f"bind_api({type(obj).__name__}, {namespace!r})"
    if taken and not allow_rebind:
        raise ValueError(f"{title}: registered already: {', '.join(taken)}")
    bound: list[str] = []
    for name, fn in found.items():
        try:
            handler.register_command(f"{namespace}.{name}", fn)
            bound.append(f"{namespace}.{name}")
        except Exception as error:  # a name no page can call, or a signature that cannot be read
            left_out[name] = str(error)
    if left_out or not bound:
        why = "; ".join(f"{name} is {reason}" for name, reason in left_out.items()) or "it has no public function"
        _log.log(logging.INFO if bound else logging.WARNING, "%s left out: %s", title, why)
    return bound


def _of_classes(kind: type) -> dict[str, Any]:
    """Return the members of a class and its bases by name, in their raw form."""
    held: dict[str, Any] = {}
    for cls in reversed(_mro_of(kind)):
        if str(_module_of(cls)).partition(".")[0] not in _FOREIGN:
            members = _members_of(cls)
            of_c = _OF_C if "__slots__" in members else (*_OF_C, types.MemberDescriptorType)
            held.update({name: raw for name, raw in members.items() if not issubclass(type(raw), of_c)})
    return held


def _of_itself(thing: object) -> dict[str, Any]:
    """Return the members of an object, a class or a module itself."""
    if issubclass(type(thing), type):
        return {name: _of_class(raw, thing) for name, raw in _of_classes(thing).items()}  # type: ignore[arg-type]
    try:
        return {name: value for name, value in object.__getattribute__(thing, "__dict__").items() if type(name) is str}
    except AttributeError:  # its class has slots only
        return {}


def _of_class(raw: Any, cls: type) -> Any:
    """Return the value of a class's own member."""
    kind = type(raw)
    if issubclass(kind, staticmethod):
        return raw.__func__
    if issubclass(kind, classmethod) and type(raw.__func__) is types.FunctionType:
        return types.MethodType(raw.__func__, cls)
    return raw


def _bound(raw: Any, thing: object) -> tuple[Any, str]:
    """Return an object's value for a member of its class, or the reason why that needs a call of the program's code."""
    kind, cls = type(raw), type(thing)
    of_class = _of_class(raw, cls)
    if of_class is not raw:
        return of_class, _reason(of_class)
    is_function_partial = issubclass(kind, functools.partialmethod) and type(raw.func) is types.FunctionType
    if is_function_partial or issubclass(kind, _BINDABLE):
        return raw.__get__(thing, cls), ""
    if kind is types.MemberDescriptorType:  # a slot
        try:
            value = raw.__get__(thing, cls)
        except AttributeError:  # it is empty
            return None, ""
        return value, _reason(value)
    return raw, _reason(raw)


def _reason(raw: Any) -> str:
    """Return the reason why a member is no command; empty if it is a command, or plain data."""
    kind = type(raw)
    if issubclass(kind, type):
        return "a class"
    if kind.__name__ in _SIGNALS:
        return "a signal"
    if _has(raw, "__get__") and not issubclass(kind, (*_UNBOUND, *_BINDABLE)):
        is_property = issubclass(kind, functools.cached_property) or _has(raw, "__set__")
        return "a property" if is_property else "a descriptor, which would have to be called: use bind_call()"
    return ""


def _has(thing: object, method: str) -> bool:
    """Return whether the class of an object has a method, without using the object."""
    return any(method in _members_of(cls) for cls in _mro_of(type(thing)))
