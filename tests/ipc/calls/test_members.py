"""The members of an object that become commands; nothing of the object is called."""

from __future__ import annotations

import functools
import sys
import types
from typing import Any, Callable

import pytest

from auroraview_qt.ipc.calls.members import public_functions


def forbidden(*_: object) -> Any:
    raise AssertionError("code of the program was called")


class Wild:
    """A class whose hooks all fail if they are called."""

    __dir__ = forbidden
    __getattribute__ = forbidden
    __getattr__ = forbidden

    def work(self) -> int:
        return 1


class Descriptor:
    __get__ = forbidden

    def __call__(self) -> None: ...


class Data:
    __get__ = __set__ = forbidden


class Caller:
    def __call__(self, a: int) -> int:
        return a + 1


class Proxy:
    """Properties as in web frameworks, which fail outside of a request."""

    @property
    def __class__(self) -> Any:  # type: ignore[override]
        return forbidden()


class Base:
    def inherited(self) -> str:
        return "base"

    def hidden(self) -> None: ...


class Tools(Base):
    Nested = type("Nested", (), {})
    caller = Caller()
    part = functools.partial(max, 3)
    wrapped = Descriptor()
    data = Data()
    proxy = Proxy()
    hidden = None  # type: ignore[assignment]  # a subclass takes it away
    limit = 7

    def __init__(self) -> None:
        self.own = lambda: "own"
        self.own_part = functools.partial(min, 3)
        self.printer = print
        self.method = self.inherited
        self.kind = Caller
        self.title = "Tools"
        self._private = forbidden
        self.__dict__[3] = forbidden  # type: ignore[index]

    def plain(self) -> object:
        return self

    @staticmethod
    def static() -> str:
        return "static"

    builtin = staticmethod(len)

    @classmethod
    def of_class(cls) -> type:
        return cls

    @functools.lru_cache(maxsize=1)  # noqa: B019
    def cached(self) -> str:
        return "cached"

    half = functools.partialmethod(plain)

    @functools.singledispatchmethod
    def dispatched(self, value: object) -> str:
        return "object"

    @property
    def scene(self) -> Any:
        return forbidden()

    @functools.cached_property
    def costly(self) -> Any:
        return forbidden()

    def _hidden(self) -> None: ...


def test_functions_of_every_kind_are_found_and_called_as_python_would() -> None:
    tools = Tools()
    found, left_out = public_functions(tools)
    calls: dict[str, tuple[Any, ...]] = {
        "caller": (1,),
        "part": (5,),
        "own_part": (1,),
        "builtin": ("ab",),
        "dispatched": (1,),
    }
    results = {name: fn(*calls.get(name, ())) for name, fn in found.items() if name != "printer"}

    assert found["printer"] is print
    assert list(found) == sorted(found)
    assert results == {
        "builtin": 2,
        "cached": "cached",
        "caller": 2,
        "dispatched": "object",
        "half": tools,
        "inherited": "base",
        "method": "base",
        "of_class": Tools,
        "own": "own",
        "own_part": 1,
        "part": 5,
        "plain": tools,
        "static": "static",
    }
    assert left_out == {
        "Nested": "a class",
        "costly": "a property",
        "data": "a property",
        "kind": "a class",
        "scene": "a property",
        "wrapped": "a descriptor, which would have to be called: use bind_call()",
    }


def test_hooks_of_a_wild_class_are_never_asked() -> None:
    found, left_out = public_functions(Wild())
    assert list(found) == ["work"]
    assert not left_out


def test_class_method_of_something_else_than_a_function_is_left_out() -> None:
    class Odd:
        of_class = classmethod(Descriptor())  # type: ignore[arg-type]
        half = functools.partialmethod(Descriptor())  # type: ignore[arg-type]

    found, left_out = public_functions(Odd())
    assert not found
    assert set(left_out) == {"of_class", "half"}


def test_slots_are_read_and_empty_ones_left_out() -> None:
    class Slotted:
        __slots__ = ("empty", "fn", "value")

    thing = Slotted()
    thing.fn, thing.value = (lambda: 1), 3  # type: ignore[attr-defined]

    assert list(public_functions(thing)[0]) == ["fn"]


def test_property_of_the_class_hides_what_stands_in_the_instance() -> None:
    tools = Tools()
    tools.__dict__["scene"] = lambda: 1

    assert "scene" not in public_functions(tools)[0]


def test_class_gives_its_functions_and_module_its_own() -> None:
    class Api:
        def plain(self) -> None: ...

        @staticmethod
        def static() -> str:
            return "static"

        @classmethod
        def of_class(cls) -> type:
            return cls

    found, _ = public_functions(Api)
    assert found["of_class"]() is Api
    assert found["static"]() == "static"
    assert found["plain"] is Api.plain

    module = types.ModuleType("tool")
    exec("import json\nclass C: ...\ndef bake(): return 1\nstop = bake\nbake.x = 1", module.__dict__)
    found, left_out = public_functions(module)
    assert list(found) == ["bake", "stop"]
    assert left_out == {"C": "a class"}


@pytest.mark.parametrize(
    "thing", [object(), functools.partial(print), 3, {"a": print}, sys.exit, type("Sub", (dict,), {})()]
)
def test_object_without_functions_of_its_own_gives_none(thing: object) -> None:
    assert public_functions(thing) == ({}, {})


def test_methods_of_qt_and_signals_are_left_out() -> None:
    qt = type("QObject", (), {"__module__": "PySide6.QtCore", "deleteLater": forbidden, "Ownership": int})
    signal: type[Callable[[], None]] = type("Signal", (), {"__call__": forbidden})
    tool = type("Tool", (qt,), {"saved": signal(), "bake": lambda self: 1, "__module__": "tool"})

    found, left_out = public_functions(tool())
    assert list(found) == ["bake"]
    assert left_out == {"saved": "a signal"}
