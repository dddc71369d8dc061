"""Signatures: annotations resolved or reported, injected parameters left out, and the visible form."""

from __future__ import annotations

import functools
import logging
from typing import TYPE_CHECKING, Any, Optional

import pytest

from auroraview_qt.ipc.calls.commands import Command
from auroraview_qt.ipc.calls.handler import IpcHandler
from auroraview_qt.schema import signatures
from auroraview_qt.schema.signatures import EMPTY, describe

if TYPE_CHECKING:
    from nowhere import Context, Missing, Quoted


class Ticket:
    """A type that the library would fill in."""


class Context2(Ticket):
    """A subclass is not filled in."""


@pytest.fixture
def injecting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signatures, "injected_types", {Ticket, type("Context", (), {}), type("Quoted", (), {})})


def annotations_of(fn: Any) -> dict[str, Any]:
    return {p.name: p.annotation for p in describe(fn).parameters}


class Api:
    def rename(self, node: str, name: Optional[str] = None) -> int: ...

    @classmethod
    def made(cls, n: int) -> None: ...

    @staticmethod
    def plain(n: float) -> None: ...

    def __call__(self, n: bytes) -> None: ...

    def __init__(self, size: int = 0) -> None: ...


def decorated(fn: Any) -> Any:
    @functools.wraps(fn)
    def wrapper(*args: Any, **keywords: Any) -> Any:
        return fn(*args, **keywords)

    return wrapper


def free(a: int, b: Optional[int] = 3, *rest: str, **more: float) -> str: ...


@pytest.mark.parametrize(
    ("fn", "expected"),
    [
        (free, {"a": int, "b": Optional[int], "rest": str, "more": float}),
        (decorated(free), {"a": int, "b": Optional[int], "rest": str, "more": float}),
        (functools.partial(free, 1), {"b": Optional[int], "rest": str, "more": float}),
        (Api().rename, {"node": str, "name": Optional[str]}),
        (Api.made, {"n": int}),
        (Api.plain, {"n": float}),
        (Api(), {"n": bytes}),
        (Api, {"size": int}),
        (lambda a, b: None, {"a": EMPTY, "b": EMPTY}),
    ],
)
def test_describe_callable_of_any_kind_resolves_its_annotations(fn: Any, expected: dict[str, Any]) -> None:
    assert annotations_of(fn) == expected


def test_describe_builtin_without_signature_tells_nothing() -> None:
    description = describe(min)
    assert description.visible is None
    assert str(description) == "(…)"
    assert signatures.returned(min) is EMPTY


def test_describe_annotation_of_the_function_around_is_found() -> None:
    class Local:
        pass

    def command(value: Local) -> Local:
        return Local()

    assert annotations_of(command) == {"value": Local}
    assert signatures.returned(command) is Local


def test_describe_cell_that_is_not_filled_yet_is_skipped() -> None:
    def command(value: int) -> object:
        return late

    assert annotations_of(command) == {"value": int}
    late = 1


def test_describe_unresolved_annotation_is_told_once_at_registration_and_not_validated(caplog: Any) -> None:
    def bake(start: int, node: Missing, end: int) -> Missing: ...

    handler = IpcHandler()
    with caplog.at_level(logging.WARNING):
        handler.register_command("bake", bake)
        handler.call("c1", "bake", ([1, {"a": 1}, 2],))
        handler.call("c2", "bake", ([1, {"a": 1}, 2],))
    told = [r.getMessage() for r in caplog.records]
    assert len(told) == 1
    assert "bake: parameter 'node' is not validated" in told[0]
    assert "Missing cannot be resolved: name 'Missing' is not defined" in told[0]
    assert b'"INVALID_ARGS"' in handler.call("c3", "bake", (["x", 1, 2],))


def test_returned_unresolved_is_unknown(caplog: Any) -> None:
    def bake() -> Missing: ...

    assert signatures.returned(bake) is EMPTY
    assert "its result is not typed" in caplog.text
    assert signatures.returned(lambda: None) is EMPTY
    assert signatures.returned(free) is str


@pytest.mark.usefixtures("injecting")
def test_injected_parameters_are_neither_shown_nor_bound_nor_validated() -> None:
    def bake(ticket: Ticket, start: int, *rest: int, other: Ticket = None, late: Context2 = None) -> list[object]:  # type: ignore[assignment]
        return [ticket, start, rest, other]

    command = Command(bake)
    assert command.description.injected == ("ticket", "other")
    assert [p.name for p in command.description.parameters] == ["start", "rest", "late"]
    args, keywords = command._bind("bake", [1, 2, 3], {}, {"ticket": "T", "other": "O"})
    assert bake(*args, **keywords) == ["T", 1, (2, 3), "O"]
    with pytest.raises(TypeError, match=r"command 'bake'\(start: int, \*rest: int, late: .*Context2 = None\): missing"):
        command._bind("bake", [], {}, {})


@pytest.mark.usefixtures("injecting")
def test_injected_parameter_with_a_real_annotation_is_known_too() -> None:
    def bake(ticket: object, start: object) -> None: ...

    bake.__annotations__.update(ticket=Ticket, start=int)
    assert describe(bake).injected == ("ticket",)


@pytest.mark.usefixtures("injecting")
def test_injected_parameter_imported_for_type_checkers_only_is_known_by_name(caplog: Any) -> None:
    def bake(start: int, context: Context, other: "Quoted") -> None: ...  # noqa: UP037

    assert describe(bake).injected == ("context", "other")
    assert not caplog.records


def test_name_of_says_where_a_function_is_from() -> None:
    assert signatures.name_of(free) == f"{__name__}.free"
    assert signatures.name_of(functools.partial(free)) == f"{__name__}.free"
    assert signatures.name_of(Api()) == f"{__name__}.Api"


def test_describe_unannotated_function_loads_no_validation_library() -> None:
    import subprocess
    import sys

    code = (
        "import sys, auroraview_qt, auroraview_qt.ipc.calls.handler as h\n"
        "handler = h.IpcHandler()\n"
        "handler.register_command('plain', lambda a, b=1: a)\n"
        "def typed(a: int, b: str = '', c: bool = False, d: float = 1.0): pass\n"
        "handler.register_command('typed', typed)\n"
        "handler.call('c1', 'typed', ([1, 'b'],))\n"
        "print({'msgspec', 'numpy'} & set(sys.modules))\n"
        "def more(a: list[int]): pass\n"
        "handler.register_command('more', more)\n"
        "print('msgspec' in sys.modules)\n"
        "handler.call('c2', 'more', ([[1]],))\n"
        "print('msgspec' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, text=True, capture_output=True, timeout=60)
    assert done.stdout.split() == ["set()", "False", "True"]
