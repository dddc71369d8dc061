"""Inspector: a panel with the messages of a view, live. GUI thread."""

from __future__ import annotations

import enum
import inspect
import json
from pathlib import Path
from typing import Any, Callable, cast

from auroraview_qt._resources import resource_path
from auroraview_qt.devtools.timeline import Timeline
from auroraview_qt.errors import AuroraViewError, PageGoneError
from auroraview_qt.ipc.wire import json_text
from auroraview_qt.ipc.wire.page_messages import PageMessage
from auroraview_qt.qt.support.binding import QtCore, QtGui, is_alive
from auroraview_qt.qt.support.guard import guarded
from auroraview_qt.qt.support.shown_text import title_text
from auroraview_qt.qt.view import WebView
from auroraview_qt.schema.shapes import shape_of
from auroraview_qt.schema.signatures import EMPTY

#: Pixels of the window when it is shown for the first time.
_SIZE_PX = (860, 600)
_NEWS = "inspector.news"


class Inspector(WebView):
    """A window, or the content of a dock, that shows the messages of a view. It observes while it is not closed.

    Parameters
    ----------
    view : WebView
        The view; it owns the inspector.

    Attributes
    ----------
    timeline : Timeline
        The rows.
    """

    _is_recorded = False

    def __init__(self, view: WebView) -> None:
        title = title_text(view.windowTitle() or view.page().title()) or "view"
        super().__init__(view, title=f"Inspector - {title}", keyboard="all")
        self.setWindowFlag(QtCore.Qt.WindowType.Window)
        self._view = view
        self._calls = 0
        self.timeline = Timeline(view._engine, self._tell)
        self.command("inspector.take", self.timeline.take, thread="pool")
        self.command("inspector.detail", self.timeline.detail, thread="pool")
        self.command("inspector.clear", self.timeline.clear)
        self.command("inspector.commands", self._commands)
        self.command("inspector.send", self._send)
        self.command("inspector.call", self._call)
        self.command("inspector.stats", self._stats)
        self.command("inspector.export", self._export, thread="pool")
        self.enable("dialog")
        self.enable("clipboard", read=False)
        self.load_app(resource_path("inspector"))
        self.resize(*_SIZE_PX)

    def _tell(self) -> None:
        """Tell the page that rows wait. Thread: any."""
        self._emit(_NEWS, None, coalesce=True)

    @guarded("messages may not be observed")
    def showEvent(self, event: QtGui.QShowEvent) -> None:
        """Observe while the panel is open."""
        self.timeline.attach()
        super().showEvent(event)

    @guarded("messages may still be observed")
    def closeEvent(self, event: QtGui.QCloseEvent) -> None:
        """Observe no more."""
        self.timeline.detach()
        super().closeEvent(event)

    def _stats(self) -> dict[str, Any]:
        if not is_alive(self._view):
            return {}
        return cast(dict[str, Any], self._view.stats())

    def _commands(self) -> list[dict[str, Any]]:
        """Return the commands of the view, with the fields of their forms."""
        return [
            {
                "name": name,
                "doc": inspect.getdoc(command.fn) or "",
                "streams": command.streams,
                "thread": command.thread,
                "fields": [_field_of(each) for each in command.description.parameters],
            }
            for name, command in sorted(self._view._engine.handler.commands().items())
        ]

    def _send(self, sender: str, name: str, data: Any) -> None:
        """Send an event again: to the page, or as the page sends it."""
        if sender == "python":
            self._view.emit(name, data)
        else:
            self._inject([PageMessage.EVENT, name, data])

    def _call(self, name: str, given: list[Any], streams: bool = False) -> None:
        """Call a command as the page does; the answer is a row, and the page ignores it."""
        self._calls += 1
        call_id = f"inspector{self._calls}"
        kind = [PageMessage.STREAM, call_id, name, 32] if streams else [PageMessage.CALL, call_id, name]
        self._inject([*kind, *given])

    def _inject(self, message: list[Any]) -> None:
        engine = self._view._engine
        session = engine.session
        if session is None:
            raise PageGoneError("the view has no page")
        envelope = json_text.dumps([session.document, session.acknowledged, 0, [message]], "message").decode()
        if not engine.receive(engine.secret + envelope, self._view.url().toString()):
            raise AuroraViewError("the message was refused; the log says why")
        self._view._connection._scheduler.schedule()

    def _export(self, path: str, numbers: list[int]) -> int:
        """Write rows to a file of JSON lines; return their number."""
        with Path(path).open("w", encoding="utf-8") as file:
            for number in numbers:
                file.write(json.dumps({"row": number, **self.timeline.detail(number)}, default=repr) + "\n")
        return len(numbers)


def _field_of(parameter: Any) -> dict[str, Any]:
    """Return the field of a form for a parameter."""
    shape = shape_of(parameter.annotation)
    items = [each.value for each in shape.type] if shape.kind == "enum" and issubclass(shape.type, enum.Enum) else []
    if shape.kind == "literal":
        items = list(shape.items)
    field: dict[str, Any] = {"name": parameter.name, "kind": shape.kind, "choices": items}
    if parameter.default is not EMPTY:
        try:
            field["default"] = json.loads(json.dumps(parameter.default))
        except (TypeError, ValueError):
            field["default"] = None
        field["optional"] = True
    return field


def show_inspector(view: WebView, made: Callable[[WebView], Inspector] = Inspector) -> Inspector:
    """Show the inspector of a view; a second call shows the same again."""
    inspector = vars(view).get("_inspector")
    if inspector is None or not is_alive(inspector):
        inspector = vars(view)["_inspector"] = made(view)
    inspector.show()
    inspector.raise_()
    return cast(Inspector, inspector)
