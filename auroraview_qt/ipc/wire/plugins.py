"""Plugin commands: the names AuroraView writes ``plugin:<name>|<command>``, as commands of the wire. Thread: any. No Qt.

A command named ``plugin:<name>/<command>`` belongs to plugin ``<name>``. The page calls it through ``auroraview.invoke``, or
with a message ``{type: "invoke", id, cmd, args}``. It is no method of the page's ``auroraview`` object.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from auroraview_qt._wording import short_repr, suggest
from auroraview_qt.errors import UnknownCommandError, UnknownPluginError

PREFIX = "plugin:"


def command_name(plugin: str, command: str) -> str:
    """Return the name a plugin's command is registered as."""
    return f"{PREFIX}{plugin}/{command}"


def as_call(message: Mapping[str, object]) -> dict[str, object]:
    """Turn a message of type ``invoke`` into its call: ``|`` is no character of command names."""
    name, args = message.get("cmd"), message.get("args")
    method = name.replace("|", "/", 1) if isinstance(name, str) else name
    return {"type": "call", "id": message.get("id"), "method": method, "params": {} if args is None else args}


def unknown_command(name: str, known: Iterable[str]) -> UnknownCommandError:
    """Return the error about a plugin command that does not exist: whether it is the plugin that is missing."""
    plugin, _, command = name[len(PREFIX) :].partition("/")
    plugins = {other[len(PREFIX) :].partition("/")[0] for other in known if other.startswith(PREFIX)}
    if plugin not in plugins:
        return UnknownPluginError(
            f"plugin {short_repr(plugin)} is not enabled in this view", data={"enabled": sorted(plugins)}
        )
    home = f"{PREFIX}{plugin}/"
    near = suggest(command, [other[len(home) :] for other in known if other.startswith(home)], count=3)
    hint = f": {near.text}" if near.names else ""
    return UnknownCommandError(f"plugin {plugin!r} has no command {short_repr(command)}{hint}", data={"nearest": near.names})
