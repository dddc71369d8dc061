from __future__ import annotations

import json
from typing import Any

import pytest

from auroraview_qt.errors import PermissionDeniedError
from auroraview_qt.ipc.calls.handler import IpcHandler
from auroraview_qt.ipc.wire import plugins
from auroraview_qt.ipc.wire.page_messages import decode_message


def invoke(handler: IpcHandler, **message: object) -> Any:
    payload = handler.handle(decode_message([3, json.dumps({"type": "invoke", "id": "i1", **message})]))
    assert isinstance(payload, bytes)
    return json.loads(payload)


@pytest.fixture
def handler() -> IpcHandler:
    handler = IpcHandler()
    handler.register_command(plugins.command_name("fs", "read_file"), lambda **arguments: arguments)
    handler.register_command("greet", lambda who="you": f"hello {who}")
    return handler


def test_invoke_runs_the_command_of_the_plugin_with_the_arguments_as_keywords(handler: IpcHandler) -> None:
    assert invoke(handler, cmd="plugin:fs|read_file", args={"path": "/a"}) == [1, "i1", {"path": "/a"}]


@pytest.mark.parametrize("message", [{}, {"args": None}, {"args": {}}])
def test_invoke_without_arguments_passes_none(handler: IpcHandler, message: dict[str, object]) -> None:
    assert invoke(handler, cmd="plugin:fs|read_file", **message) == [1, "i1", {}]


def test_invoke_of_a_plain_name_runs_that_command(handler: IpcHandler) -> None:
    assert invoke(handler, cmd="greet", args={"who": "Ada"}) == [1, "i1", "hello Ada"]


def test_invoke_of_a_plugin_nobody_enabled_says_so(handler: IpcHandler) -> None:
    kind, _, error = invoke(handler, cmd="plugin:shell|open")
    assert (kind, error["name"], error["code"]) == (2, "UnknownPluginError", "PLUGIN_NOT_FOUND")
    assert error["data"] == {"enabled": ["fs"]}


@pytest.mark.parametrize(("command", "near"), [("readfile", ["read_file"]), ("zzz", []), ("", [])])
def test_invoke_of_an_unknown_command_names_the_nearest_of_its_plugin(
    handler: IpcHandler, command: str, near: list[str]
) -> None:
    _, _, error = invoke(handler, cmd=f"plugin:fs|{command}")
    assert (error["code"], error["data"]) == ("COMMAND_NOT_FOUND", {"nearest": near})
    assert ("did you mean" in error["message"]) == bool(near)


def test_invoke_without_a_command_is_an_error_with_an_answer(handler: IpcHandler) -> None:
    assert invoke(handler, cmd=7)[2]["code"] == "PROTOCOL"


def test_plugin_commands_are_no_methods_of_the_page(handler: IpcHandler) -> None:
    assert handler.command_names() == ["greet"]


def test_refusal_of_a_capability_is_told_the_page_and_no_traceback_is_logged(
    handler: IpcHandler, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse() -> None:
        raise PermissionDeniedError("no")

    handler.register_command("plugin:fs/write_file", refuse)

    assert invoke(handler, cmd="plugin:fs|write_file")[2]["code"] == "PERMISSION_DENIED"
    assert not caplog.records
