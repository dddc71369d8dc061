"""Events in both directions, on a real page."""

from __future__ import annotations

import gc
import weakref

import pytest

from auroraview_qt import errors

LISTENING = """<script>
window.got = [];
window.addEventListener('update', (e) => got.push(['dom', e.detail]));
auroraview.on('update', (detail) => got.push(['on', detail]));
</script>"""


def test_dispatch_event_custom_event_reaches_python(make_view, js, wait_until):
    view, got = make_view("<p>"), []

    @view.on("export_scene")
    def export(data):
        got.append(data)

    js(view, "window.dispatchEvent(new CustomEvent('export_scene', {detail: {path: 'scenes/ä.mb', n: [1, 2.5]}}))")
    wait_until(lambda: got)
    assert got == [{"path": "scenes/ä.mb", "n": [1, 2.5]}]


@pytest.mark.parametrize("source", ["new CustomEvent('x')", "new CustomEvent('x', {detail: null})"])
def test_dispatch_event_without_detail_arrives_as_empty_dict(make_view, js, wait_until, source):
    view, got = make_view("<p>"), []
    view.on("x", got.append)
    js(view, f"window.dispatchEvent({source})")
    wait_until(lambda: got)
    assert got == [{}]


def test_emit_reaches_dom_listener_and_on_handler(make_view, js, wait_until):
    view = make_view(LISTENING)
    data = {"frame": 120}
    view.emit("update", data)
    data["frame"] = 121  # serialised at the emit
    wait_until(lambda: len(js(view, "got")) == 2)
    assert js(view, "got") == [["on", {"frame": 120}], ["dom", {"frame": 120}]]


def test_emit_event_is_not_sent_back_to_python(make_view, js, wait_until):
    view, got = make_view(LISTENING), []
    view.on("*", lambda event, data: got.append(event))
    view.emit("update", {})
    js(view, "window.addEventListener('update', (e) => setTimeout(() => window.dispatchEvent(e)))")
    view.emit("update", {})
    wait_until(lambda: js(view, "got.length") >= 5)
    js(view, "auroraview.emit('last')")
    wait_until(lambda: "last" in got)
    assert got == ["last"]


def test_other_events_and_targets_are_untouched(make_view, js, wait_until):
    view, got = make_view("<p id='p'>"), []
    view.on("*", lambda event, data: got.append(event))
    seen = js(
        view,
        """(() => {
            const seen = [];
            const note = (e) => seen.push(e.type);
            window.addEventListener('plain', note);
            document.addEventListener('on-document', note);
            document.getElementById('p').addEventListener('on-element', note);
            window.dispatchEvent(new Event('plain'));
            document.dispatchEvent(new CustomEvent('on-document', {detail: 1}));
            document.getElementById('p').dispatchEvent(new CustomEvent('on-element', {detail: 1}));
            window.addEventListener('veto', (e) => e.preventDefault());
            const allowed = window.dispatchEvent(new CustomEvent('veto', {cancelable: true}));
            return seen.concat(String(allowed));
        })()""",
    )
    assert seen == ["plain", "on-document", "on-element", "false"]
    wait_until(lambda: "veto" in got)
    assert got == ["veto"]


def test_ipc_post_message_event_reaches_python(make_view, js, wait_until):
    view, got = make_view("<p>"), []
    view.on("x", got.append)
    js(view, "window.ipc.postMessage(JSON.stringify({type: 'event', event: 'x', detail: {a: 1}}))")
    wait_until(lambda: got)
    assert got == [{"a": 1}]


def test_ipc_post_message_nonsense_is_counted_and_the_next_message_goes_on(make_view, js, wait_until, expect_log):
    view, got = make_view("<p>"), []
    view.on("x", got.append)
    expect_log("malformed message from the page")
    js(view, "[ipc.postMessage('{nonsense'), auroraview.emit('x', 1)]")
    wait_until(lambda: got)
    assert got == [1]
    assert view.stats()["malformed"] == 1


@pytest.mark.parametrize(
    ("detail", "reason"),
    [
        ("(() => { const c = {}; c.c = c; return c; })()", "contains itself"),
        ("{n: 10n}", "BigInt"),
        ("document.body", "DOM"),
        ("{list: [document.body]}", "DOM"),
        ("() => 1", "function"),
    ],
)
def test_detail_json_cannot_hold_is_a_console_error_and_the_page_goes_on(
    make_view, js, wait_until, expect_log, caplog, detail, reason
):
    view, got = make_view("<p>"), []
    view.on("*", lambda event, data: got.append(event))
    expect_log('event "broken"')
    js(view, f"[window.dispatchEvent(new CustomEvent('broken', {{detail: {detail}}})), auroraview.emit('fine')]")
    wait_until(lambda: got)
    assert got == ["fine"]

    def lines():  # they take another way than the event, and may arrive after it
        return [r.getMessage() for r in caplog.records if r.name == "auroraview_qt.page"]

    wait_until(lambda: any('event "broken"' in line and reason in line for line in lines()), "the complaint")


def test_emit_of_a_value_json_cannot_hold_names_event_and_part(make_view):
    view = make_view("<p>")
    with pytest.raises(errors.SerializationError, match=r"event 'update': detail\.node\[1\]: object"):
        view.emit("update", {"node": [1, object()]})


def test_raising_callback_is_logged_and_stops_no_other(make_view, js, wait_until, expect_log, caplog):
    view, got = make_view("<p>"), []

    def bad(data):
        raise RuntimeError("boom")

    view.on("x", bad)
    view.on("x", got.append)
    expect_log("bad of event 'x' failed")
    js(view, "auroraview.emit('x', 1)")
    wait_until(lambda: got)
    record = next(r for r in caplog.records if "bad of event 'x'" in r.getMessage())
    assert "boom" in str(record.exc_info[1])


def test_once_off_and_cancel_end_a_subscription(make_view, js, wait_until):
    view, got = make_view("<p>"), []

    @view.once("x")
    def first(data):
        got.append("once")

    def second(data):
        got.append("off")

    view.register_callback("x", second)
    subscription = view.on("x", lambda data: got.append("cancelled"))
    view.on("end", got.append)
    js(view, "auroraview.emit('x')")
    wait_until(lambda: len(got) == 3)
    subscription.cancel()
    assert view.off("x", second) == 1
    js(view, "[auroraview.emit('x'), auroraview.emit('end')]")
    wait_until(lambda: len(got) == 4)
    assert got == ["once", "off", "cancelled", {}]


def test_event_received_signal_carries_name_and_data(make_view, js, wait_until):
    view, got = make_view("<p>"), []
    view.event_received.connect(lambda event, data: got.append((event, data)))
    js(view, "auroraview.send_event('x', {a: 1})")
    wait_until(lambda: got)
    assert got == [("x", {"a": 1})]


def test_bound_method_callback_does_not_keep_its_object(make_view):
    view = make_view("<p>")

    class Panel:
        def update(self, data):
            raise AssertionError("called after death")

    panel = Panel()
    subscription = view.on("x", panel.update)
    gone = weakref.ref(panel)
    del panel
    gc.collect()
    assert gone() is None
    assert not subscription.active


def test_page_handler_that_raises_stops_no_other(make_view, js, wait_until, expect_log):
    view = make_view(
        "<script>window.n = 0; auroraview.on('x', () => { throw new Error('boom'); });"
        "auroraview.on('x', () => { n += 1; });</script>"
    )
    expect_log('handler of "x" failed')
    view.emit("x")
    wait_until(lambda: js(view, "n") == 1)


def test_lone_surrogates_and_control_characters_survive_from_the_page(make_view, js, wait_until):
    view, got = make_view("<p>"), []
    view.on("x", got.append)
    js(view, r"auroraview.emit('x', {name: 'a\ud800b', nul: '\u0000', line: '\u2028'})")
    wait_until(lambda: got)
    assert got == [{"name": "a\ud800b", "nul": "\0", "line": "\u2028"}]


def test_text_survives_to_the_page(make_view, js, wait_until):
    view = make_view(LISTENING)
    text = "ä € 🎬 \u2028 \0 </script> \\ ' \" ` ${x}"
    view.emit("update", {"text": text, "__proto__": {"polluted": True}})
    wait_until(lambda: js(view, "got.length") == 2)
    assert js(view, "got[0][1].text") == text
    assert js(view, "got[0][1].polluted === undefined && ({}).polluted === undefined") is True


def test_detail_nested_too_deeply_takes_no_other_event_of_its_task_along(make_view, js, wait_until, expect_log):
    view, got = make_view("<p>"), []
    view.on("*", lambda event, data: got.append(event))
    expect_log('event "deep": nested deeper than 64')
    deep = "JSON.parse('['.repeat(65) + ']'.repeat(65))"
    js(view, f"[auroraview.emit('before'), auroraview.emit('deep', {deep}), auroraview.emit('after')]")
    wait_until(lambda: "after" in got)
    assert got == ["before", "after"]
    assert view.stats()["malformed"] == 0
