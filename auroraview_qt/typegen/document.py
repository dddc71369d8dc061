"""Document: the generated file as a whole. Thread: any. Reads the registry of a view and changes nothing."""

from __future__ import annotations

import collections.abc
import typing
from collections.abc import Iterable
from typing import Any, Callable

from auroraview_qt.ipc.calls.commands import Command
from auroraview_qt.ipc.calls.declarations import EventDeclaration
from auroraview_qt.ipc.calls.handler import IpcHandler
from auroraview_qt.schema import signatures
from auroraview_qt.schema.shapes import shape_of
from auroraview_qt.schema.signatures import EMPTY, Parameter, accepted
from auroraview_qt.typegen.docs import Doc, comment, parse
from auroraview_qt.typegen.type_text import NOTHING, Types, key

#: Keys of `window.auroraview` that the runtime itself uses, so that no namespace can have them.
RUNTIME_KEYS = frozenset(
    {"version", "call", "send_event", "emit", "on", "once", "off", "trigger", "_boundMethods", "isMethodBound", "_ready"}
    | {
        "getBoundMethods",
        "isReady",
        "whenReady",
        "setConfig",
        "state",
        "stream",
        "expose",
        "channel",
        "invoke",
        "utils",
        "startDrag",
        "resource",
        "image",
    }
)
_AWAITED = {"Awaitable": 0, "Coroutine": 2, "Future": 0, "Task": 0}
_MAX_COLUMNS = 110
_RESERVED = frozenset(
    {"arguments", "case", "catch", "const", "debugger", "default", "delete", "do", "enum", "eval", "export", "extends"}
    | {"false", "function", "implements", "instanceof", "interface", "let", "new", "null", "package", "private", "protected"}
    | {"public", "static", "super", "switch", "this", "throw", "true", "typeof", "var", "void"}
)


def generate(handler: IpcHandler, target: str, file_name: str = "api.d.ts") -> str:
    """Write the TypeScript of a view's commands, events and state.

    Thread: any.

    Parameters
    ----------
    handler : IpcHandler
        The registered commands and declarations.
    target : str
        The source, such as ``mytool:view``, for the comment that shows the command to make the file again.
    file_name : str
        The file's name, for the same comment.

    Returns
    -------
    str
        The text, the same for the same program.
    """
    return _Document(handler).text(target, file_name)


class _Function:
    """A command: its parameters, its result, and its docstring."""

    def __init__(self, name: str, command: Command) -> None:
        self.name = name
        self.description = command.description
        self.streams = command.streams
        self.doc: Doc = parse(getattr(command.fn, "__doc__", None))
        self.result = _result_of(command.fn, self.streams)
        kinds = [parameter.kind for parameter in self.parameters]
        #: Return whether it can be called with an object; positional-only parameters need an array.
        self.by_name = not any(kind in (kind.POSITIONAL_ONLY, kind.VAR_POSITIONAL) for kind in kinds)
        self.by_position = not any(p.kind is p.kind.KEYWORD_ONLY and p.default is EMPTY for p in self.parameters)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        return self.description.parameters

    @property
    def positionals(self) -> list[Parameter]:
        return [p for p in self.parameters if p.kind in (p.kind.POSITIONAL_ONLY, p.kind.POSITIONAL_OR_KEYWORD)]


class _Document:
    def __init__(self, handler: IpcHandler) -> None:
        self._functions = [_Function(name, command) for name, command in handler.commands().items()]
        self._declared = handler.declarations
        self._types = types = Types()
        for function in self._functions:
            types.collect(function.result, "out")
            for parameter in function.parameters:
                types.collect(accepted(parameter), "in")
        for event in self._declared.emitted.values():
            types.collect(event.payload, "out")
        for event in self._declared.received.values():
            types.collect(event.payload, "in")
        if self._declared.state is not None:
            for field in shape_of(self._declared.state).fields:
                types.collect(field.annotation, "out")

    def text(self, target: str, file_name: str) -> str:
        functions = sorted(self._functions, key=lambda function: function.name)
        sections = [
            ("AuroraViewCommands", self._map(f for f in functions if not f.streams)),
            ("AuroraViewStreams", self._map(f for f in functions if f.streams)),
            ("AuroraViewApi", self._api()),
            ("AuroraViewNamespaces", self._namespaces()),
            ("AuroraViewEvents", self._events(self._declared.emitted, "out")),
            ("AuroraViewPageEvents", self._events(self._declared.received, "in")),
            ("AuroraViewState", self._state()),
        ]
        body = []
        for name, lines in sections:
            if lines:
                body += ["", f"  interface {name} {{", *lines, "  }"]
        lines = [
            f"// The commands, events and state of {target}. Made from its annotations; make it again, do not edit it:",
            "//",
            f"//     auroraview-qt types {target} -o {file_name}",
            "",
            '/// <reference path="./auroraview.d.ts" />',
            *self._types.declarations(),
            "",
            *(["declare global {", *body[1:], "}"] if body else []),
            "",
            "export {};",
        ]
        return "\n".join(lines) + "\n"

    # Commands

    def _map(self, functions: Iterable[_Function]) -> list[str]:
        lines = []
        for function in functions:
            given = "item" if function.streams else "result"
            lines += comment(function.doc.text, "    ")
            lines.append(f"    {key(function.name)}: {{")
            lines += self._params(function)
            lines += [f"      {given}: {self._types.text(function.result, 'out')};", "    };"]
        return lines

    def _params(self, function: _Function) -> list[str]:
        """Return the params of a command: an object on a single line, or a line for each described parameter."""
        if not function.by_name:
            return [f"      params: {self._tuple(function)};"]
        lines = []
        for parameter in function.parameters:
            lines += comment(function.doc.parameters.get(parameter.name, ""), "        ")
            lines.append(f"        {self._property(function, parameter)};")
        flat = f"      params: {self._object(function)};"
        if len(lines) > len(function.parameters) or len(flat) > _MAX_COLUMNS:
            return ["      params: {", *lines, "      };"]
        return [flat]

    def _object(self, function: _Function) -> str:
        if function.description.visible is None:
            return "any"
        if not function.parameters:
            return NOTHING
        return "{ " + "; ".join(self._property(function, parameter) for parameter in function.parameters) + " }"

    def _property(self, function: _Function, parameter: Parameter) -> str:
        text = self._types.text(accepted(parameter), "in")
        if parameter.kind is parameter.kind.VAR_KEYWORD:
            # In TypeScript every named property has to fit this type too.
            return f"[name: string]: {text if len(function.parameters) == 1 else 'any'}"
        return f"{key(parameter.name)}{'' if parameter.default is EMPTY else '?'}: {text}"

    def _tuple(self, function: _Function) -> str:
        return f"[{', '.join(self._places(function, 0))}]"

    def _places(self, function: _Function, needed: int) -> list[str]:
        """Return parameters by position, the first `needed` of which have to be there."""
        places = []
        for index, parameter in enumerate(function.positionals):
            text = self._types.text(accepted(parameter), "in")
            mark = "" if parameter.default is EMPTY or index < needed else "?"
            places.append(f"{_argument(parameter)}{mark}: {text}")
        for parameter in function.parameters:
            if parameter.kind is parameter.kind.VAR_POSITIONAL:
                text = self._types.text(accepted(parameter), "in")
                places.append(f"...{_argument(parameter)}: {f'({text})' if ' | ' in text else text}[]")
        return places

    # The functions of the object `api`

    def _tree(self) -> dict[str, Any]:
        """Return the functions as the runtime hangs them up: those without a namespace below `api`."""
        tree: dict[str, Any] = {}
        for function in self._functions:
            path = function.name.split(".")
            if len(path) == 1:
                path.insert(0, "api")
            if path[0] in RUNTIME_KEYS or "__proto__" in path or function.streams:
                continue
            home = tree
            for part in path:
                home = home.setdefault(part, {})
            home[""] = function
        return tree

    def _api(self) -> list[str]:
        return self._members(self._tree().get("api", {}), "    ")

    def _namespaces(self) -> list[str]:
        return self._members({name: home for name, home in self._tree().items() if name != "api"}, "    ")

    def _members(self, home: dict[str, Any], indent: str) -> list[str]:
        lines = []
        for name, below in sorted(home.items()):
            if not name:
                continue  # the function the namespace itself is
            function, inner = below.get(""), self._members(below, indent + "  ")
            if function is not None and not inner:
                lines += self._overloads(function, key(name), indent)
            else:
                calls = self._overloads(function, "", indent + "  ") if function is not None else []
                lines += [f"{indent}{key(name)}: {{", *calls, *inner, f"{indent}}};"]
        return lines

    def _overloads(self, function: _Function, name: str, indent: str) -> list[str]:
        """Return the ways to call a function of the page's object.

        A single argument counts as the params: an object gives keywords, an array gives positional arguments. So a function
        with a single argument is offered only if the argument's type is neither, and it is passed on unchanged.
        """
        result = f"Promise<{self._types.text(function.result, 'out')}>"
        parameters, positionals = function.parameters, function.positionals
        ways = []
        if function.by_name and parameters:
            mark = "" if any(p.default is EMPTY and p.kind is not p.kind.VAR_KEYWORD for p in parameters) else "?"
            ways.append(f"params{mark}: {self._object(function)}")
        elif not function.by_name:
            ways.append(f"params: {self._tuple(function)}")
        first_is_safe = not positionals or self._types.is_primitive(accepted(positionals[0]))
        needed = 0 if first_is_safe else 2
        if function.description.visible is None:
            ways = ["...args: any[]"]
        elif (function.by_position and len(positionals) >= max(needed, 1)) or not parameters:
            ways.append(", ".join(self._places(function, needed)))
        docs = function.doc.parameters
        said = [f"@param {_argument(p)} {docs[p.name]}" for p in positionals if p.name in docs]
        lines = []
        for way in dict.fromkeys(ways):
            text = function.doc.text
            if said and not way.startswith("params"):
                text = "\n".join([*text.splitlines(), *([""] if text else []), *said])
            lines += [*comment(text, indent), f"{indent}{name}({way}): {result};"]
        return lines

    # Events and state

    def _events(self, events: dict[str, EventDeclaration], direction: Any) -> list[str]:
        lines = []
        for name, event in sorted(events.items()):
            text = NOTHING if event.payload is None else self._types.text(event.payload, direction)
            lines += [*comment(event.doc, "    "), f"    {key(name)}: {text};"]
        return lines

    def _state(self) -> list[str]:
        if self._declared.state is None:
            return []
        docs = parse(self._declared.state.__doc__).parameters
        return self._types.fields(shape_of(self._declared.state), docs, "out", "    ")


def _argument(parameter: Parameter) -> str:
    """Return the name of an argument; words TypeScript keeps for itself, such as ``new``, get an underscore."""
    return f"{parameter.name}_" if parameter.name in _RESERVED else parameter.name


def _result_of(fn: Callable[..., object], streams: bool) -> Any:
    """Return the type that the page gets: an item of a generator function, the awaited result of a coroutine."""
    annotation = signatures.returned(fn)
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if streams:
        return args[0] if args and isinstance(origin, type) and issubclass(origin, _ITERATED) else EMPTY
    place = _AWAITED.get(getattr(origin, "__name__", ""))
    return annotation if place is None or place >= len(args) else args[place]


_ITERATED = (collections.abc.Iterable, collections.abc.AsyncIterable)
