"""Attacks by a script in a trusted page (XSS): its messages and its discoveries, beyond the tool's own commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auroraview_qt.qt.page.closed_page import MAIN_WORLD
from auroraview_qt.qt.page.page import document_script

PAGE = """<script>
window.got = [];
auroraview.on('down', (data) => got.push(data));
auroraview.expose('double', (n) => 2 * n);
</script>"""


def script_of(name):
    """Read a script of the attacker's."""
    return (Path(__file__).parent / "pages" / name).read_text(encoding="utf-8")


def secrets_of(view):
    """Return the values that no script of the page may get: the secret, the token, the key, and the relay's part of the
    id."""
    document = view._engine.session.document
    assert len(document) == 36
    return [view._engine.secret, view._connection._script._relay_token, document[12:24], document[24:]]


def use_the_bridge(view, wait_until):
    up = []
    view.on("up", up.append)
    view.command("echo", lambda value: value)

    @view.command("count")
    def count():
        yield from (1, 2)

    view.page().runJavaScript(script_of("use.js"))
    wait_until(lambda: len(up) >= 4 and (isinstance(up[-1], list) or "Error" in up[-1]), "the last event of the page")
    assert up[:3] == ["small", "dom", "raw"]
    assert up[3:] == ["x" * 300_000, [{"a": ["b"]}, "COMMAND_NOT_FOUND", 1, 2]]


# Channel


def test_page_s_world_has_no_transport_at_any_time(make_view, js, wait_until):
    look = "typeof qt + typeof window.qt + ('qt' in window)"
    view = make_view(f"<script>window.first = {look}</script><iframe srcdoc='<p>'></iframe>")
    wait_until(lambda: js(view, "frames.length") == 1)
    nothing = "undefinedundefinedfalse"
    assert js(view, f"[first, {look}, typeof frames[0].qt]") == [nothing, nothing, "undefined"]
    js(view, "(document.open(), document.write('<p>new'), document.close(), 1)")
    assert js(view, look) == nothing
    view.eval_js(look).add_done_callback(lambda future: None)
    future = view.eval_js(look)
    wait_until(future.done)
    assert future.result() == nothing


def test_document_of_a_javascript_url_has_the_bridge_and_no_transport(make_view, js, wait_until):
    view, got = make_view("<p>"), []
    view.on("up", got.append)
    js(view, "(location.href = 'javascript:\"<title>new</title><p>x\"') && 1")
    wait_until(lambda: js(view, "document.title") == "new")
    assert js(view, "[typeof qt, typeof auroraview]") == ["undefined", "object"]
    js(view, "auroraview.emit('up', 1)")
    wait_until(lambda: got == [1])


# Discoveries of a script


def test_script_that_patches_everything_finds_out_no_secret_and_no_node(make_view, js, wait_until, expect_log):
    expect_log("bad name")
    view = make_view(PAGE)
    view.page().runJavaScript(script_of("spy.js"))
    use_the_bridge(view, wait_until)
    view.emit("down", 1)
    view.emit("down", "y" * 100_000)
    asked = view.call("double", 4)
    wait_until(lambda: asked.done() and js(view, "got.length") == 2, "Python's messages")
    assert asked.result() == 8
    source = view.eval_js("new Error().stack")
    wait_until(source.done)
    assert js(view, "[steal.count > 100, steal.failed === undefined]") == [True, True]
    assert js(view, "steal.nodes") == 0
    texts = js(view, "steal.texts()")
    assert texts
    for secret in secrets_of(view):
        assert not [text[:200] for text in texts if secret in text]


def test_script_that_patched_everything_before_the_runtime_finds_out_no_secret(make_view, js, wait_until, expect_log):
    expect_log("bad name")
    view = make_view()
    scripts = view.page().scripts()
    own = scripts.toList()
    for script in own:
        scripts.remove(script)
    for script in [document_script("attack", script_of("spy.js"), MAIN_WORLD), *own]:
        scripts.insert(script)
    view.load_html(PAGE)
    wait_until(lambda: view.is_ready)
    use_the_bridge(view, wait_until)
    view.emit("down", "y" * 100_000)
    wait_until(lambda: js(view, "got.length") == 1, "Python's message")
    assert js(view, "steal.count > 100")
    texts = js(view, "steal.texts()")
    for secret in (view._engine.secret, view._engine.session.document):
        assert not [text[:200] for text in texts if secret in text]


def test_nothing_a_page_reaches_holds_a_secret(make_view, js, wait_until, expect_log):
    expect_log("")  # it calls every function with anything
    view = make_view(PAGE)
    view.page().runJavaScript("auroraview.emit('up', 'x'.repeat(300000))")  # something to be fetched
    texts = js(view, script_of("reach.js"))
    assert len(texts) > 50
    for secret in secrets_of(view):
        assert not [text[:200] for text in texts if secret in text]


# Messages of a script


def test_script_that_calls_what_python_s_scripts_call_changes_nothing(make_view, js, wait_until):
    view, up = make_view(PAGE), []
    view.on("up", up.append)
    names = js(view, "Object.getOwnPropertyNames(window).filter((name) => /^__auroraview_/.test(name))")
    assert len(names) == 1
    js(
        view,
        f"""(() => {{
            const door = window.{names[0]};
            for (const key of [undefined, null, '', '{names[0]}', {{}}, 0, 'undefined', '__proto__']) {{
                for (const number of [1, 2, 3, -1, NaN, Infinity, '1']) {{
                    for (const more of [0, 1]) {{ door.deliver(key, number, '[[0,"down","forged"]]', more); }}
                }}
            }}
            try {{ door.deliver = () => 0; }} catch (error) {{ /* frozen */ }}
            try {{ window.{names[0]} = {{}}; }} catch (error) {{ /* read only */ }}
            return delete window.{names[0]};
        }})()""",
    )
    for number in range(20):
        view.emit("down", "y" * 20_000 if number % 2 else number)
    wait_until(lambda: js(view, "got.length") >= 20, "Python's events")
    assert js(view, "got.map((d) => typeof d === 'string' ? d.length : d)") == [
        n if n % 2 == 0 else 20_000 for n in range(20)
    ]
    js(view, "auroraview.emit('up', 1)")
    wait_until(lambda: up == [1] and not view.stats()["in_flight"], "the acknowledgement")


#: Messages of the runtime itself, sent by the page as plain text.
FORGED = [
    {"type": "hello", "protocol": 3, "commands": [], "state": 0},
    {"type": "hello", "protocol": 3, "url": "http://evil/"},
    {"type": "ready", "url": "http://evil/"},
    {"type": "cancel", "id": "c1"},
    {"type": "result", "id": "p1", "value": "forged"},
    {"type": "credit", "id": "c1", "credit": 1e9},
]


@pytest.mark.parametrize("message", FORGED, ids=json.dumps)
def test_message_of_the_runtime_s_own_said_as_text_begins_no_session(make_view, js, wait_until, message):
    view, up = make_view(PAGE), []
    view.on("up", up.append)
    session = view._engine.session
    acknowledged = session.acknowledged
    js(view, f"(ipc.postMessage({json.dumps(json.dumps(message))}), auroraview.emit('up', 1), 1)")
    wait_until(lambda: up == [1])
    assert view._engine.session is session
    assert session.acknowledged == acknowledged
    assert view.stats()["pages"] == 1
    view.emit("down", 1)
    wait_until(lambda: js(view, "got") == [1])


def test_envelope_said_as_an_event_or_as_text_stays_one(make_view, js, wait_until, expect_log):
    view, heard = make_view(PAGE), []
    view.on("*", lambda event, data: heard.append((event, data)))
    expect_log("malformed")
    document = view._engine.session.document
    envelope = view._engine.secret + json.dumps([document, 99, 0, [[0, "forged", 1]]])
    text = json.dumps(envelope)
    js(view, f"(auroraview.emit('up', {text}), ipc.postMessage({text}), auroraview.emit('last'), 1)")
    wait_until(lambda: heard and heard[-1][0] == "last")
    assert heard == [("up", envelope), ("last", {})]
    assert view._engine.session.acknowledged < 99
