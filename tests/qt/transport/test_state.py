"""The shared state on real pages: before the first script, both ways, in order with events, over reloads and deaths."""

from __future__ import annotations

import os
import random
import signal
import sys
import threading

import pytest

from auroraview_qt import errors
from auroraview_qt.qt.support.binding import QtCore, is_alive
from auroraview_qt.qt.transport.state_refresh import StateRefresh

FIRST = "<script>window.first = JSON.stringify(auroraview.state)</script>"
WATCHING = """<script>
window.changes = [];
auroraview.state.onChange((key, value, source) => changes.push([key, value === undefined ? 'gone' : value, source]));
</script>"""


@pytest.fixture
def wait_settled(js, wait_until):
    """Wait until both ends hold the same values, and no message is on its way."""

    def settled(view):
        stats = view.stats()
        quiet = not (stats["queued"] or stats["in_flight"] or stats["inbox"])
        return view.is_ready and quiet and js(view, "auroraview.state.toJSON()") == view.state.to_dict()

    return lambda view: wait_until(lambda: settled(view), "agreement")


@pytest.fixture
def reload(wait_until):
    """Reload a view and wait for its new page."""

    def reload(view, how=None):
        pages = view.stats()["pages"]
        (how or view.reload)()
        wait_until(lambda: view.stats()["pages"] > pages and view.is_ready, "the reload")

    return reload


@pytest.fixture
def pause(wait_until):
    """Let the event loop run for so many milliseconds."""

    def pause(duration_ms):
        passed = []
        QtCore.QTimer.singleShot(duration_ms, lambda: passed.append(True))
        wait_until(lambda: passed)

    return pause


def active_timers(view):
    return [timer for timer in view.findChildren(QtCore.QTimer) if timer.isActive()]


def test_state_set_before_load_is_there_before_the_first_script(make_view, js, wait_until):
    view = make_view()
    view.state["selection"] = ["pCube1", "ä 🎬", "\u2028'\\"]
    view.state["__proto__"] = {"polluted": True}
    view.load_html(FIRST)
    wait_until(lambda: view.is_ready)
    expected = '{"selection":["pCube1","ä 🎬","\u2028\'\\\\"],"__proto__":{"polluted":true}}'
    assert js(view, "[first, ({}).polluted === undefined]") == [expected, True]


def test_state_is_mirrored_both_ways(make_view, js, wait_until, wait_settled):
    view = make_view(WATCHING)
    told = []
    view.state.on_change(lambda *change: told.append((*change, threading.current_thread() is threading.main_thread())))
    view.state["frame"] = 12
    wait_until(lambda: js(view, "changes.length") == 1)
    assert js(view, "[auroraview.state.frame, changes]") == [12, [["frame", 12, "python"]]]
    js(view, "(auroraview.state.frame = 13, auroraview.state.scene = {nodes: [{name: 'a'}]}, delete auroraview.state.frame)")
    wait_until(lambda: "scene" in view.state)
    wait_settled(view)
    assert view.state == {"scene": {"nodes": [{"name": "a"}]}}
    assert told == [
        ("frame", 12, "python", True),
        ("frame", 13, "javascript", True),
        ("scene", {"nodes": [{"name": "a"}]}, "javascript", True),
        ("frame", None, "javascript", True),
    ]
    assert [source for _, _, source in js(view, "changes")] == ["python", *["javascript"] * 3]


def test_state_nested_writes_travel_both_ways(make_view, js, wait_until, wait_settled):
    view = make_view(WATCHING)
    view.state["scene"] = {"nodes": [{"name": "a"}, {"name": "b"}]}
    wait_settled(view)
    js(view, "(auroraview.state.scene.nodes[1].name = 'c', auroraview.state.scene.nodes.push({name: 'd'}))")
    wait_until(lambda: len(view.state["scene"]["nodes"]) == 3)
    view.state.set_path(["scene", "nodes", 0, "name"], "z")
    view.state.splice_path(["scene", "nodes"], 1, 1)
    view.state.delete_path(["scene", "nodes", 1, "name"])
    wait_settled(view)
    assert view.state == {"scene": {"nodes": [{"name": "z"}, {}]}}


def test_batch_is_one_round_of_changes_in_the_page(make_view, js, wait_settled):
    view = make_view(WATCHING + "<script>auroraview.state.onChange(() => changes.push(auroraview.state.b))</script>")
    with view.state.batch_update():
        view.state["a"] = 1
        view.state["a"] = 2
        view.state["b"] = 3
    wait_settled(view)
    assert js(view, "changes") == [["a", 2, "python"], 3, ["b", 3, "python"], 3]


@pytest.mark.parametrize("how", ["program", "page", "link"])
def test_state_survives_a_reload_and_is_there_before_the_first_script(make_view, js, reload, wait_settled, how):
    view = make_view(FIRST + "<a id=again href='?again'></a>")
    view.state["python"] = 1
    js(view, "auroraview.state.page = 1")
    wait_settled(view)
    view.state["last"] = 1
    ways = {
        "program": view.reload,
        "page": lambda: view.page().runJavaScript("location.reload()"),
        "link": lambda: view.page().runJavaScript("again.click()"),
    }
    reload(view, ways[how])
    assert js(view, "JSON.parse(first)") == {"python": 1, "page": 1, "last": 1}
    wait_settled(view)


def test_state_of_a_page_whose_script_was_stale_is_repaired(make_view, js, wait_settled, reload, monkeypatch):
    view = make_view(FIRST + WATCHING)
    monkeypatch.setattr(StateRefresh, "text", lambda self: '[0,{"old":1}]')
    view.state["a"] = 1
    reload(view)
    wait_settled(view)
    if js(view, "JSON.parse(first)") == {"old": 1}:  # on Qt 5.15 the repair may be faster than the first script
        assert js(view, "changes") == [["a", 1, "python"], ["old", "gone", "python"]]


def test_events_after_a_write_find_it_there_in_both_directions(make_view, js, wait_until):
    view = make_view("""<script>
        window.late = [];
        window.ran = 0;
        auroraview.on('tick', ({thread, n}) => {
          ran += 1;
          if (!(auroraview.state['t' + thread] >= n)) { late.push([thread, n]); }
          auroraview.state['p' + thread] = n;
          auroraview.emit('tock', {thread, n});
        });
    </script>""")
    late, count = [], 2_000
    view.on("tock", lambda data: late.append(data) if view.state[f"p{data['thread']}"] < data["n"] else None)

    def work(thread):
        for n in range(count):
            view.state[f"t{thread}"] = n
            view.emit("tick", {"thread": thread, "n": n})

    workers = [threading.Thread(target=work, args=(thread,)) for thread in range(3)]
    for worker in workers:
        worker.start()
    wait_until(lambda: js(view, "ran") == 3 * count, "arrival")
    for worker in workers:
        worker.join()
    wait_until(lambda: view.stats()["inbox"] == 0 and view.state.get("p2") == count - 1)
    assert js(view, "late") == late == []


def test_answer_of_a_command_comes_after_what_it_wrote(make_view, js, wait_until):
    view = make_view("<p>")

    @view.command
    def bump():
        view.state["n"] = view.state.get("n", 0) + 1
        return view.state["n"]

    js(
        view,
        "(async () => { window.pairs = [];"
        " for (let i = 0; i < 50; i += 1) { pairs.push([await auroraview.call('bump'), auroraview.state.n]); } })() && 1",
    )
    wait_until(lambda: js(view, "pairs.length") == 50)
    assert js(view, "pairs") == [[n, n] for n in range(1, 51)]


def test_many_writes_from_a_thread_take_no_room_in_the_queue_and_few_messages(make_view, js, wait_until, wait_settled):
    view = make_view("<p>", max_events=10)
    batches = view.stats()["batches"]
    queued = []

    def work():
        for n in range(20_000):
            view.state["frame"] = n
            queued.append(view.stats()["queued"] if n % 1000 == 0 else 0)

    worker = threading.Thread(target=work)
    worker.start()
    wait_until(lambda: not worker.is_alive() and js(view, "auroraview.state.frame") == 19_999, "the last value")
    wait_settled(view)
    assert max(queued) == 0
    assert view.stats()["batches"] - batches < 10_000


def test_large_state_arrives_in_pieces_and_with_a_new_page(make_view, js, wait_settled, reload):
    view = make_view(FIRST)
    view.state["mesh"] = {f"node{n}": {"name": f"ä {n}", "matrix": list(range(16))} for n in range(10_000)}
    wait_settled(view)
    reload(view)
    assert js(view, "Object.keys(JSON.parse(first).mesh).length") == 10_000


def test_writes_json_cannot_hold_are_named_on_both_ends_and_change_nothing(make_view, js, wait_settled, caplog):
    view = make_view("<p>")
    with pytest.raises(errors.SerializationError, match="state 'bad'"):
        view.state["bad"] = object()
    js(view, "(auroraview.state.bad = document.body, auroraview.state.good = 1)")
    wait_settled(view)
    assert view.state == {"good": 1}
    assert 'state "bad": value is a DOM HTMLBodyElement' in caplog.text


@pytest.fixture(autouse=True)
def _told_on_purpose(expect_log):
    expect_log('state "bad"')


def test_quiet_state_costs_no_timer(make_view, js, wait_until, wait_settled):
    view = make_view("<p>")
    view.state["a"] = 1
    wait_settled(view)
    wait_until(lambda: not active_timers(view), "rest")
    version, _ = view._engine.store.text()
    assert view._connection._state_refresh._version == version == 1


def test_script_is_refreshed_for_at_most_a_twentieth_of_the_time(make_view, monkeypatch, pause):
    view = make_view("<p>")
    spent = []
    refresh = view._connection._state_refresh
    hand_over = refresh._hand_over

    def slow():
        hand_over()
        clock = QtCore.QElapsedTimer()
        clock.start()
        while clock.elapsed() < 3:
            pass
        spent.append(clock.elapsed())

    monkeypatch.setattr(refresh, "_hand_over", slow)
    timer = QtCore.QTimer()
    timer.timeout.connect(lambda: view.state.update(n=len(spent)))
    whole = QtCore.QElapsedTimer()
    whole.start()
    timer.start(1)
    pause(1500)
    timer.stop()
    assert spent
    assert sum(spent) <= whole.elapsed() / 20 + 3, f"{len(spent)} times in {whole.elapsed()} ms"


def test_script_of_a_large_state_is_not_refreshed_but_for_a_new_page(make_view, js, reload, pause, monkeypatch):
    view = make_view(FIRST)
    monkeypatch.setattr(view._connection._state_refresh, "_cost_s", 0.1)
    view.state["a"] = 1
    pause(300)
    assert view._connection._state_refresh._version == 0
    reload(view)
    assert js(view, "first") == '{"a":1}'


def test_view_may_be_deleted_from_a_change(make_view, js, wait_until):
    view = make_view("<p>")
    state = view.state
    subscription = state.on_change(lambda *_: view.deleteLater())
    view.page().runJavaScript("auroraview.state.x = 1; auroraview.state.y = 2")
    wait_until(lambda: not is_alive(view), "deletion")
    subscription.cancel()
    state["z"] = 3
    assert (state["x"], state["z"]) == (1, 3)


def test_both_ends_writing_at_random_agree_in_the_end(make_view, js, wait_until, wait_settled, reload):
    view = make_view("""<script>
        window.step = (seed) => {
          let at = seed;
          const pick = (below) => {
            at = (Math.imul(at, 1664525) + 1013904223) >>> 0;
            return Math.floor(at / 2 ** 32 * below);
          };
          const s = auroraview.state;
          const all = [() => { s.list = [pick(9)]; }, () => s.list && s.list.push(pick(9)), () => s.list && s.list.shift(),
            () => { s.o = {}; }, () => s.o && (s.o['k' + pick(3)] = pick(9)), () => { delete s.o; },
            () => { s.n = pick(9); }, () => s.list && s.list.sort()];
          all[pick(all.length)]();
        };
        auroraview.on('step', (seed) => { step(seed); step(seed + 1); });
        </script>""")
    chance = random.Random(7)
    state = view.state
    moves = [
        lambda: state.update(list=[1]),
        lambda: "list" in state and state.splice_path(["list"], 0, 1, ["p"]),
        lambda: state.update(o={"k1": "p"}),
        lambda: "o" in state and state.set_path(["o", "k2"], "p"),
        lambda: state.pop("o", None),
        lambda: state.update(n="p"),
    ]
    for round_ in range(15):
        for _ in range(40):
            view.page().runJavaScript(f"step({chance.randrange(2**31)})")
            view.emit("step", chance.randrange(2**31))
            chance.choice(moves)()
        if round_ % 5 == 4:
            reload(view)
        wait_settled(view)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="its signals are those of Linux")
def test_state_survives_killed_renderers_under_traffic_both_ways(make_view, js, wait_until, wait_settled, expect_log):
    expect_log("the renderer of")
    expect_log("auroraview is not defined")
    view = make_view(
        FIRST + "<script>setInterval(() => { auroraview.state.page = (auroraview.state.page || 0) + 1; }, 2)</script>"
    )
    told = []
    view.state.on_change(lambda key, value, source: told.append(value) if source == "javascript" else None)
    crashes = []
    view.renderer_crashed.connect(lambda *_: crashes.append(True))
    stop = threading.Event()

    def work():
        n = 0
        while not stop.wait(0.001):
            n += 1
            view.state["python"] = n

    worker = threading.Thread(target=work)
    worker.start()
    for kill in range(10):
        wait_until(lambda: view.is_ready, "ready")
        heard = len(told)
        wait_until(lambda heard=heard: len(told) > heard + 5, "writes of the page")
        os.kill(int(view.page().property("renderProcessPid")), signal.SIGKILL)
        wait_until(lambda kill=kill: len(crashes) == kill + 1, "the crash")
    stop.set()
    worker.join()
    known = view.state["page"]
    wait_until(lambda: view.is_ready and view.state["page"] > known + 5, "the last page")
    assert js(view, "JSON.parse(first).page") >= known
    assert js(view, "auroraview.state.python") == view.state["python"]
    assert told == sorted(told)
