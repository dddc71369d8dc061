"""Calls of the page to Python: results, errors, arguments, the api object."""

from __future__ import annotations

import functools
import logging
import threading

import pytest

from auroraview_qt import AuroraViewError


def outcome(view, js, wait_until, source):
    """Await a promise in the page; return ["ok", value] or ["error", name, code, message, data]."""
    js(
        view,
        f"""(window.outcome = null, Promise.resolve().then(() => {source}).then(
            (v) => {{ outcome = ['ok', v]; }},
            (e) => {{ outcome = ['error', e.name, e.code, e.message, e.data]; }}), 1)""",
    )
    wait_until(lambda: js(view, "outcome") is not None, source)
    return js(view, "outcome")


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ("", [[], {}]),
        (", {a: 1, b: 2}", [[], {"a": 1, "b": 2}]),
        (", [1, 2]", [[1, 2], {}]),
        (", 'x'", [["x"], {}]),
        (", null", [[None], {}]),
        (", undefined", [[], {}]),
    ],
)
def test_params_become_arguments(make_view, js, wait_until, params, expected):
    view = make_view("<p>")
    view.command("probe", lambda *args, **keywords: [args, keywords])
    assert outcome(view, js, wait_until, f"auroraview.call('probe'{params})") == ["ok", expected]


def test_none_result_is_null(make_view, js, wait_until):
    view = make_view("<p>")
    view.command("nothing", lambda: None)
    assert outcome(view, js, wait_until, "auroraview.call('nothing')") == ["ok", None]


def test_raised_error_of_ours_keeps_code_and_data(make_view, js, wait_until, expect_log):
    class LayerLockedError(AuroraViewError):
        code = "LAYER_LOCKED"

    view = make_view("<p>")
    expect_log("command 'paint' failed")

    @view.command
    def paint():
        raise LayerLockedError("layer 'base' is locked", data={"layer": "base"})

    assert outcome(view, js, wait_until, "auroraview.call('paint')") == [
        "error",
        "LayerLockedError",
        "LAYER_LOCKED",
        "layer 'base' is locked",
        {"layer": "base"},
    ]


@pytest.mark.parametrize("devtools", [False, True])
def test_traceback_reaches_the_page_only_in_development(make_view, js, wait_until, expect_log, devtools):
    view = make_view("<p>", devtools=devtools)
    expect_log("command 'bad' failed")

    @view.command
    def bad():
        raise KeyError("x")

    found = outcome(view, js, wait_until, "auroraview.call('bad').catch((e) => [e.name, e.code, 'traceback' in e])")
    assert found == ["ok", ["KeyError", "CALL_FAILED", devtools]]


def test_unknown_command_is_answered_at_once_with_the_nearest_name(make_view, js, wait_until):
    view = make_view("<p>")
    view.command("export_scene", lambda: None)
    kind, name, code, message, data = outcome(view, js, wait_until, "auroraview.call('exportscene')")
    assert (kind, name, code) == ("error", "UnknownCommandError", "COMMAND_NOT_FOUND")
    assert "export_scene" in message
    assert data == {"nearest": ["export_scene"]}


def test_wrong_arguments_are_refused_before_the_function_runs(make_view, js, wait_until):
    view, ran = make_view("<p>"), []
    view.command("bake", lambda start, end: ran.append(1))
    kind, name, code, message, _ = outcome(view, js, wait_until, "auroraview.call('bake', {start: 1, finish: 2})")
    assert (kind, name, code) == ("error", "InvalidArgumentsError", "INVALID_ARGS")
    assert "bake" in message
    assert not ran


def test_result_json_cannot_hold_is_an_error(make_view, js, wait_until, expect_log):
    view = make_view("<p>")
    expect_log("command 'node' failed")
    view.command("node", lambda: object())
    assert outcome(view, js, wait_until, "auroraview.call('node')")[2] == "SERIALIZATION"


def test_raw_call_of_another_type_is_answered_where_it_has_an_id(make_view, js, wait_until):
    view = make_view("<p>")
    js(view, "ipc.postMessage(JSON.stringify({type: 'invoke', id: 'mine', cmd: 'plugin:fs|read'}))")
    wait_until(lambda: view.stats()["sent"] == 1)
    assert view.stats()["malformed"] == 0


class Api:
    """An object that a TD would bind."""

    def add(self, a, b):
        return a + b

    def echo(self, value):
        return value

    def _private(self):
        raise AssertionError("reached from a page")


def test_bind_api_is_there_before_the_first_script_and_after_a_reload(make_view, js, wait_until):
    api, found = Api(), []
    view = make_view(
        "<script>const names = Object.keys(auroraview.api);"
        "auroraview.api.add(1, 2).then((sum) => auroraview.emit('found', [names, sum]));</script>",
        wait=False,
    )
    assert view.bind_api(api) == ["api.add", "api.echo"]
    view.on("found", found.append)
    wait_until(lambda: len(found) == 1)
    view.reload()
    wait_until(lambda: len(found) == 2)
    assert found == [[["add", "echo"], 3]] * 2


def test_late_bind_reaches_the_page_and_is_announced(make_view, js, wait_until):
    view = make_view("<script>window.told = 0; addEventListener('auroraview-api-ready', () => { told += 1; })</script>")
    before = js(view, "told")
    view.bind_call("ns.greet", lambda who: f"hello {who}")
    wait_until(lambda: js(view, "told") == before + 1)
    assert js(view, "[auroraview.isMethodBound('ns.greet'), auroraview.getBoundMethods()]") == [True, ["ns.greet"]]
    assert outcome(view, js, wait_until, "auroraview.ns.greet('Ada')") == ["ok", "hello Ada"]


def test_bind_api_of_a_taken_name_replaces_it_unless_told_otherwise(make_view, js, wait_until):
    view = make_view("<p>")
    view.command("api.echo", lambda value: "old")
    with pytest.raises(ValueError, match=r"registered already: api\.echo"):
        view.bind_api(Api(), allow_rebind=False)
    assert view._handler.command_names() == ["api.echo"]
    assert outcome(view, js, wait_until, "auroraview.call('api.echo', 1)") == ["ok", "old"]
    assert view.bind_api(Api()) == ["api.add", "api.echo"]
    assert outcome(view, js, wait_until, "auroraview.call('api.echo', 1)") == ["ok", 1]


def test_command_bound_again_replaces_the_first_and_calls_that_run_keep_theirs(make_view, js, wait_until):
    view, gate = make_view("<p>"), threading.Event()

    def slow():
        gate.wait(20)
        return "first"

    assert view.command("bake", slow, thread="pool") is slow
    view.page().runJavaScript("window.early = null; auroraview.call('bake').then((v) => { early = v; })")
    wait_until(lambda: view.stats()["calls_running"] == 1)
    second = view.bind_call("bake", lambda: "second")
    assert second() == "second"
    assert outcome(view, js, wait_until, "auroraview.call('bake')") == ["ok", "second"]
    gate.set()
    wait_until(lambda: js(view, "early") == "first")


def test_bind_api_calls_nothing_and_names_what_it_leaves_out(make_view, js, wait_until, caplog):
    class Tools:
        @functools.cached_property
        def scene(self):
            raise SystemExit("no scene is open")

        Result = type("Result", (), {})

        def __init__(self):
            self.shout = functools.partial(str.upper, "hello")

        @staticmethod
        def größe():
            return 1

        @classmethod
        def kind(cls):
            return cls.__name__

    view = make_view("<p>")
    with caplog.at_level(logging.INFO, "auroraview_qt"):
        assert view.bind_api(Tools(), "tools") == ["tools.kind", "tools.shout"]
    assert outcome(view, js, wait_until, "auroraview.call('tools.kind')") == ["ok", "Tools"]
    assert outcome(view, js, wait_until, "auroraview.call('tools.shout')") == ["ok", "HELLO"]
    assert "bind_api(Tools, 'tools') left out: Result is a class; scene is a property; größe is" in caplog.text


def test_bind_api_of_an_object_without_functions_binds_nothing_and_says_so(make_view, expect_log):
    expect_log("it has no public function")
    assert make_view("<p>").bind_api(object()) == []


def test_call_rejects_when_the_page_unloads(make_view, js, wait_until):
    view, got = make_view("<p>"), []
    view.on("rejected", got.append)

    @view.command
    def reload_now():
        view.reload()

    js(
        view,
        "addEventListener('pagehide', () => sessionStorage.setItem('pending', 'seen'))"
        " || auroraview.call('reload_now') && 1",
    )
    wait_until(lambda: view.stats()["pages"] == 2 and view.is_ready)
    assert js(view, "auroraview.isReady()") is True


def test_thousand_calls_in_flight_all_settle(make_view, js, wait_until):
    view = make_view("<p>")
    view.command("double", lambda n: n * 2)
    source = "Promise.all(Array.from({length: 1000}, (_, i) => auroraview.call('double', i)))"
    assert outcome(view, js, wait_until, source) == ["ok", [n * 2 for n in range(1000)]]


def test_timeout_of_a_call_rejects_with_its_code(make_view, js, wait_until):
    view = make_view("<p>")
    view.command("slow", lambda: wait_until(lambda: js(view, "window.timedOut === true")))
    source = "auroraview.call('slow', undefined, {timeout: 20}).catch((e) => { window.timedOut = true; throw e; })"
    assert outcome(view, js, wait_until, source)[1:3] == ["TimeoutError", "TIMEOUT"]
