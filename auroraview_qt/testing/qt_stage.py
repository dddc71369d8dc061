"""QtStage: pages in QtWebEngine, in windows that are shown. GUI thread."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from auroraview_qt import hosts
from auroraview_qt.errors import QueueFullError
from auroraview_qt.qt.placeholder import Placeholder
from auroraview_qt.qt.support.binding import QtCore, QtWidgets, is_alive
from auroraview_qt.qt.view import WebView
from auroraview_qt.testing import tools
from auroraview_qt.testing.errors import KitError, WaitError
from auroraview_qt.testing.hosts.installing import HostFakes
from auroraview_qt.testing.page import Page
from auroraview_qt.testing.qt_page import QtPage
from auroraview_qt.testing.waiting import run_until, wait_until

if TYPE_CHECKING:
    from auroraview_qt.testing.kit import Aurora

_SIZE = (640, 480)
#: A property that marks views and windows from before, since Python may have several objects for a widget.
_KNOWN = "auroraviewKitKnown"
#: Seconds for the last messages of a page after a test; a hanging page sends none.
_LAST_WORD_S = 1.0
#: Seconds that a page gets to load beyond the kit's own limit.
_LOAD_S = 30.0


class QtStage:
    """The page stage.

    Thread: GUI.
    """

    name = "page"

    def __init__(self) -> None:
        self._made: list[Any] = []
        self._hidden: list[WebView] = []
        self._hosts = HostFakes()
        for view in _views():
            view.setProperty(_KNOWN, True)

    def surroundings(self) -> contextlib.AbstractContextManager[None]:
        """See `Stage`."""
        return contextlib.nullcontext()

    def open(self, kit: Aurora, tool: Any, content: dict[str, Any], size: tuple[int, int] | None, ready: bool) -> Page:
        """See `Stage`."""
        __tracebackhide__ = True
        told = tools.content_of(tool)
        result = self._make(WebView if told is not None else tool)
        view = _view_in(result)
        view.setProperty(_KNOWN, True)
        window = _outermost(view)
        if not window.isVisible():
            if size is not None or not window.testAttribute(QtCore.Qt.WidgetAttribute.WA_Resized):
                window.resize(*(size or _SIZE))
            window.show()
        elif size is not None:
            window.resize(*size)
        page = self._page(kit, view, window)
        kit.pages.append(page)
        tools.load(view, told or content)
        if ready:
            self._wait_ready(page, view)
        return page

    def _page(self, kit: Aurora, view: WebView, window: QtWidgets.QWidget) -> QtPage:
        return QtPage(kit, view, window)

    def _make(self, tool: Any) -> Any:
        result = tools.made_of(tool, WebView, lambda thing: isinstance(thing, QtWidgets.QWidget))
        self._made.append(result)
        return result

    @staticmethod
    def _wait_ready(page: QtPage, view: WebView) -> None:
        __tracebackhide__ = True
        if not run_until(lambda: view.is_ready, page.timeout_s):
            url = view.page().requestedUrl().toString()
            if not url:
                raise WaitError("nothing was loaded: give open() html=, url= or app_dir=, or ready=False")
            # An engine that has just started is slower than any later page.
            if not run_until(lambda: view.is_ready, _LOAD_S):
                raise WaitError(f"{url} is not ready: is it trusted? ready=False does not wait for its bridge")

    def view_of(self, tool: Any) -> WebView:
        """See `Stage`."""
        view = getattr(tool, "view", None) if isinstance(tool, Page) else None
        if isinstance(view, WebView):
            return view
        view = _view_in(self._make(tool))
        view.setProperty(_KNOWN, True)
        self._hidden.append(view)
        return view

    def wait(self, condition: Callable[[], Any], timeout_s: float) -> bool:
        """See `Stage`."""
        __tracebackhide__ = True
        return run_until(condition, timeout_s)

    def let_page_finish(self, page: Page) -> None:
        """See `Stage`."""
        view = page.view
        if not is_alive(view) or not view.is_ready:
            return
        try:
            future = view.eval_js("new Promise((done) => setTimeout(done, 0))", timeout_s=_LAST_WORD_S)
        except QueueFullError:  # the test's own flood
            return
        run_until(lambda: future.done() or not is_alive(view), _LAST_WORD_S)
        future.cancel()

    def host(self, name: str) -> Any:
        """See `Stage`."""
        return self._hosts.install(name)

    def playwright(self, page: Any) -> Any:
        """See `Stage`."""
        raise KitError(
            "Playwright needs a port that is opened before the first view is made: "
            'mark the test with @pytest.mark.aurora(stage="playwright"), or run pytest with --aurora-stage=playwright'
        )

    # Afterwards

    def begin_test(self) -> None:
        """See `Stage`."""
        for window in QtWidgets.QApplication.topLevelWidgets():
            window.setProperty(_KNOWN, True)

    def leaks(self, *, at_the_end: bool) -> list[str]:
        """See `Stage`."""

        def left() -> list[WebView]:
            docked = [panel.widget for panel in hosts.panels().values()]
            views = [view for view in _views() if not view.property(_KNOWN)]
            if at_the_end:
                return views
            return [v for v in views if not _outermost(v).property(_KNOWN) and not any(_holds(one, v) for one in docked)]

        if not left():
            return []
        gc.collect()
        lines = []
        for view in left():
            title = view.windowTitle() or view.title()
            url = view.page().requestedUrl().toString() or "no page"
            lines.append(
                f"a view was left open: {type(view).__name__} {title!r} at {url}; "
                "close it (deleteLater), or pass it to aurora.open(), which closes it"
            )
            view.setProperty(_KNOWN, True)
            view.deleteLater()
        return lines

    def close(self, pages: Sequence[Page]) -> None:
        """See `Stage`."""
        views = [*(page.view for page in pages), *self._hidden]
        for result in reversed(self._made):
            if isinstance(result, QtWidgets.QWidget):
                if is_alive(result):
                    result.deleteLater()
            elif hasattr(result, "destroy"):  # a panel
                result.destroy()
        for view in views:
            if is_alive(view):
                view.deleteLater()
        self._made.clear()
        self._hidden.clear()
        wait_until(lambda: not any(is_alive(view) for view in views), "the end of the test's views")
        self._hosts.close()


def _views() -> Iterator[WebView]:
    """Return all views of the process that live."""
    for window in QtWidgets.QApplication.topLevelWidgets():
        if isinstance(window, WebView):
            yield window
        yield from window.findChildren(WebView)


def _outermost(widget: QtWidgets.QWidget) -> QtWidgets.QWidget:
    """Return the outermost widget around another widget."""
    parent = widget.parentWidget()
    return widget if parent is None else _outermost(parent)


def _holds(outer: QtWidgets.QWidget | None, inner: QtWidgets.QWidget) -> bool:
    return outer is not None and is_alive(outer) and (outer is inner or outer.isAncestorOf(inner))


def _view_in(result: Any) -> WebView:
    """Find the single view in the object of a tool."""
    if isinstance(result, Placeholder):
        raise KitError(f"there is no page, since QtWebEngine cannot run here: {result.problem}")
    if isinstance(result, QtWidgets.QWidget) and not is_alive(result):
        raise KitError("the tool has returned a deleted widget, which it keeps from an earlier test")
    if isinstance(result, WebView):
        return result
    own = getattr(result, "view", None)
    if isinstance(own, WebView):
        return own
    found = result.findChildren(WebView) if isinstance(result, QtWidgets.QWidget) else []
    if len(found) != 1:
        raise TypeError(f"the tool has to make exactly one WebView, and {result!r} has {len(found)}")
    view: WebView = found[0]
    return view
