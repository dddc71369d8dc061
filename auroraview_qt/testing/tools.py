"""Handle the arguments of `Aurora.open`: make the tool, and load content that it does not load itself.

Thread: the view's.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

#: The content for a view; empty if the tool loads it.
Content = dict[str, Any]


def content_of(tool: Any) -> Content | None:
    """Return the content for a text or path; None for any other object. Thread: any."""
    if isinstance(tool, Path):
        return {"app_dir" if tool.is_dir() else "file": tool}
    if not isinstance(tool, str):
        return None
    return {"url": tool} if "://" in tool and "<" not in tool else {"html": tool}


def takes_view(tool: Callable[..., Any]) -> bool:
    """Return whether a function needs exactly one argument: the view that it sets up. Thread: any."""
    try:
        parameters = inspect.signature(tool).parameters.values()
    except (TypeError, ValueError):  # some classes of C++ have none
        return False
    needed = [
        each
        for each in parameters
        if each.default is each.empty and each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)
    ]
    return len(needed) == 1 and needed[0].kind is not needed[0].KEYWORD_ONLY


def made_of(tool: Any, make_view: Callable[[], Any], is_made: Callable[[Any], bool]) -> Any:
    """Return the object that a tool makes, or a view that it has set up; an existing object is returned itself.

    Parameters
    ----------
    tool : object
        As for `Aurora.open`, but no text or path.
    make_view : callable
        Makes an empty view.
    is_made : callable
        Return whether an object is a view or widget.

    Notes
    -----
    Thread: that of the view
    """
    if is_made(tool) or not callable(tool):
        return tool
    if not inspect.isclass(tool) and takes_view(tool):
        view = make_view()
        result = tool(view)
        return result if result is not None and is_made(result) else view
    return tool()


def load(view: Any, content: Content) -> None:
    """Load content into a view. Thread: that of the view."""
    for kind, value in content.items():
        loaders = {"html": view.load_html, "url": view.load_url, "app_dir": view.load_app, "file": view.load_file}
        loaders[kind](value)
