"""A script in a trusted page sends and throws insane values: only those are lost, and each call ends."""

from __future__ import annotations

import math

import pytest

from auroraview_qt.errors import PageError

#: Values that throw when they are looked at, as source.
ODD = {
    "no prototype": "Object.create(null)",
    "throwing toString": "({toString() { throw new Error('no'); }})",
    "throwing getters": "Object.defineProperties({}, Object.fromEntries(['name', 'message', 'code', 'stack', 'data', "
    "'then', 'toJSON', 'toString'].map((key) => [key, {enumerable: true, get() { throw new TypeError('getter'); }}])))",
    "error with throwing getters": "Object.defineProperties(new Error('x'), Object.fromEntries(['name', 'message', 'code', "
    "'stack', 'data'].map((key) => [key, {get() { throw new TypeError('getter'); }}])))",
    "frozen error": "Object.freeze(new Error('frozen'))",
    "symbol": "Symbol('s')",
    "throwing proxy": "new Proxy({}, new Proxy({}, {get() { throw new Error('trap'); }}))",
    "revoked proxy": "(() => { const {proxy, revoke} = Proxy.revocable({}, {}); revoke(); return proxy; })()",
    "revoked function": "(() => { const {proxy, revoke} = Proxy.revocable(() => 1, {}); revoke(); return proxy; })()",
    "DOM exception": "new DOMException('dom', 'AbortError')",
    "window": "window",
    "cycle": "(() => { const error = new Error('x'); error.data = error; return error; })()",
    "null": "null",
    "undefined": "undefined",
}


@pytest.mark.parametrize("kind", ODD)
def test_function_that_throws_anything_ends_its_call_and_no_other(make_view, wait_until, expect_log, kind):
    expect_log("auroraview: ")  # parts of an error that the runtime leaves out, and a handler that failed
    expect_log("Uncaught")
    view, heard = (
        make_view(
            f"""<script>const odd = {ODD[kind]};
        auroraview.expose('bad', () => {{ throw odd; }});
        auroraview.expose('rejects', () => Promise.reject(odd));
        auroraview.expose('returns', () => odd);
        auroraview.expose('progress', (_, context) => {{ context.progress(odd, odd); return 1; }});
        auroraview.expose('good', () => 7);
        auroraview.on('tick', () => {{ throw odd; }});
        auroraview.on('tick', () => {{ auroraview.emit('odd', odd); auroraview.emit('inside', {{odd}}); }});
        auroraview.on('tick', () => {{ auroraview.emit('heard', 1); }});
        </script>"""
        ),
        [],
    )
    view.on("heard", heard.append)
    futures = {name: view.call(name) for name in ("bad", "rejects", "returns", "progress")}
    view.emit("tick")
    good = view.call("good")
    wait_until(lambda: good.done() and all(future.done() for future in futures.values()) and heard, "the end of each call")
    assert good.result() == 7
    assert isinstance(futures["bad"].exception(), PageError)
    assert isinstance(futures["rejects"].exception(), PageError)
    assert futures["progress"].result() == 1
    futures["returns"].exception()


def test_everything_over_the_limit_is_refused_with_its_name_and_later_messages_arrive(make_view, js, wait_until, expect_log):
    view, heard = make_view("<script>window.told = []</script>"), []
    view.on("later", heard.append)
    view.page().runJavaScript("""
        const huge = 'x'.repeat(34e6), control = '\\u0001'.repeat(6e6);
        const error = console.error;
        console.error = (...args) => { told.push(args.join(' ')); };
        for (const send of [
          () => auroraview.emit('detail', huge), () => auroraview.emit('escaped', control), () => auroraview.emit(huge, 1),
          () => auroraview.send_event('old', huge), () => window.dispatchEvent(new CustomEvent('dom', {detail: huge})),
          () => ipc.postMessage(huge), () => ipc.postMessage(control), () => { auroraview.state[huge] = 1; },
          () => { auroraview.state.value = huge; }, () => { auroraview.state.escaped = control; },
          () => auroraview.call('params', huge).catch((e) => told.push(e.code + e.message)),
          () => auroraview.call(huge).catch((e) => told.push(e.code + e.message)),
          () => auroraview.stream('items', huge)]) {
          try { send(); } catch (e) { told.push(e.code + e.message); }
          auroraview.emit('later', told.length);
        }""")
    expect_log("auroraview: ")
    wait_until(lambda: len(heard) == 13, "later events")
    wait_until(lambda: js(view, "told.length") >= 3)
    assert all(len(text) < 12_000 for text in js(view, "told"))
    assert view.stats()["malformed"] == 0


def test_huge_answers_of_functions_end_their_calls_with_their_names(make_view, wait_until, expect_log):
    expect_log("data of the error of")
    view = make_view("""<script>const huge = 'x'.repeat(34e6);
        auroraview.expose('result', () => huge);
        auroraview.expose('error', () => { throw Object.assign(new Error(huge), {data: huge, code: huge, name: huge}); });
        auroraview.expose('progress', (_, context) => { context.progress(0.5, huge); return 1; });
        auroraview.expose('good', () => 7);</script>""")
    told = []
    futures = {
        name: view.call(name, on_progress=lambda *report: told.append(report))
        for name in ("result", "error", "progress", "good")
    }
    wait_until(lambda: all(future.done() for future in futures.values()), "answers")
    assert futures["result"].exception().code == "MESSAGE_TOO_LARGE"
    assert "result of" in str(futures["result"].exception())
    assert len(str(futures["error"].exception())) < 100_000
    assert (futures["progress"].result(), futures["good"].result()) == (1, 7)
    assert len(told) == 1
    assert len(told[0][1]) < 11_000


def test_error_with_very_many_names_is_short(make_view, wait_until):
    view = make_view("""<script>const names = Array.from({length: 300000}, (_, n) => 'pickColo' + n);
        const forged = Object.assign(new Error('x'), {code: 'COMMAND_NOT_FOUND', data: {exposed: names}});
        auroraview.expose('pickColor', () => { throw forged; });
        names.slice(0, 5000).forEach((name) => auroraview.expose(name, () => 1));</script>""")
    forged, unknown = view.call("pickColor"), view.call("pickColour")
    wait_until(lambda: forged.done() and unknown.done(), "answers")
    assert len(forged.exception().data["nearest"]) == len(unknown.exception().data["nearest"]) == 3
    assert len(str(unknown.exception())) < 300


def test_malformed_storm_is_logged_a_few_times_with_a_count(make_view, wait_until, expect_log, caplog):
    expect_log("a malformed message from the page was dropped")
    view, heard = make_view("<p>"), []
    view.on("later", heard.append)
    view.page().runJavaScript("for (let n = 0; n < 20000; n += 1) ipc.postMessage('nonsense'); auroraview.emit('later', 1)")
    wait_until(lambda: heard == [1], "the event behind them")
    lines = [record for record in caplog.records if "malformed" in record.getMessage()]
    assert len(lines) <= 20
    assert any("counted" in record.getMessage() for record in lines)
    assert view.stats()["malformed"] == 20_000


@pytest.mark.parametrize("timeout_s", [math.nan, -1, "5"])
def test_timeout_of_python_that_is_no_number_is_refused_at_once(make_view, wait_until, timeout_s):
    view = make_view("<script>auroraview.expose('f', () => 7)</script>")
    for call in (lambda: view.call("f", timeout_s=timeout_s), lambda: view.eval_js("1", timeout_s=timeout_s)):
        with pytest.raises((ValueError, TypeError), match="timeout_s"):
            call()
    later = view.call("f")
    wait_until(later.done, "an answer")
    assert later.result() == 7
