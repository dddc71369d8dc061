"""The inspector of a real page: rows, filter, details, form, resend, and the end."""

from __future__ import annotations

import json
from typing import Literal

from auroraview_qt.qt.support.binding import is_alive

PAGE = """<script>
auroraview.on('update', (data) => auroraview.emit('picked', data));
window.go = (value) => auroraview.call('scale', value);
</script>"""


def test_inspector_shows_filters_resends_and_calls(make_view, wait_until, js, tmp_path):
    def scale(value: int, mode: Literal["a", "b"] = "a") -> int:
        """Scale a value."""
        return 2 * value

    picked = []
    view = make_view(PAGE)
    view.command("scale", scale)
    view.on("picked", picked.append)
    inspector = view.open_inspector()
    assert view.open_inspector() is inspector
    make_view.adopt(inspector)
    wait_until(lambda: inspector.is_ready, "the inspector")
    view.emit("update", {"n": 7})
    view.page().runJavaScript("go(4)")

    def names():
        return js(inspector, "rows.map((row) => row[3] + ' ' + row[4])")

    wait_until(lambda: {"event update", "event picked", "call scale", "result scale"} <= set(names()), "the rows")
    js(inspector, "($('filter').value = 'from:page kind:event', $('filter').oninput(), 1)")
    assert js(inspector, "shown.map((row) => row[4])") == ["picked"]
    js(inspector, "(select(0), 1)")
    wait_until(lambda: js(inspector, "!$('detail').hidden"), "the details")
    assert "7" in js(inspector, "$('value').textContent")
    js(inspector, "(resend(), 1)")
    wait_until(lambda: picked == [{"n": 7}] * 2, "the event again")
    js(inspector, "(openForm(), 1)")
    wait_until(lambda: js(inspector, "!!document.querySelector('#fields input')"), "the form")
    assert js(inspector, "document.querySelector('#fields select').options.length") == 3
    js(
        inspector,
        "(document.querySelector('#fields input').value = '21', document.querySelector('#fields button').click(), 1)",
    )
    js(inspector, "($('filter').value = 'kind:result', $('filter').oninput(), 1)")
    wait_until(lambda: js(inspector, "shown.length") == 2, "the result of the form")
    js(inspector, "(select(1), 1)")
    wait_until(lambda: js(inspector, "$('value').textContent") == "42", "the value of the result")
    path = tmp_path / "rows.jsonl"
    assert inspector._export(str(path), [1, 2]) == 2
    assert json.loads(path.read_text().splitlines()[0])["row"] == 1


def test_closed_inspector_observes_nothing_and_ends_with_the_view(make_view, wait_until):
    view = make_view("<p>")
    inspector = view.open_inspector()
    wait_until(lambda: inspector.is_ready, "the inspector")
    assert inspector.timeline.is_attached
    inspector.close()
    assert not inspector.timeline.is_attached
    assert "receive" not in vars(view._engine)
    view.open_inspector()
    assert inspector.timeline.is_attached
    view.deleteLater()
    wait_until(lambda: not is_alive(inspector), "the end")
