"""Run the demo: in a window for a user, or as a scripted tour without a screen.

Owns the application object and its event loop. Closing the window ends the demo in this order: the window stops its playback
thread, and Qt deletes the window with its view. Then the loop returns, and the application is deleted last.
Thread: GUI (main).
"""

from __future__ import annotations

import sys
from pathlib import Path

from auroraview_qt.qt.support.binding import QtWidgets
from outliner.page_driver import ScriptRunner
from outliner.scene import SceneModel
from outliner.tour import Tour
from outliner.window import DemoWindow, apply_palette


def show(model: SceneModel | None, error: str) -> int:
    """Show the window until it is closed.

    Parameters
    ----------
    model
        The scene, or None.
    error
        Why there is none.

    Returns
    -------
    int
        The exit code.
    """
    app = _application()
    window = DemoWindow(model, error)
    window.show()
    return _loop(app)


def tour(model: SceneModel | None, error: str, picture: Path) -> int:
    """Play the scripted session, write the picture, and print the result.

    Parameters
    ----------
    model
        The scene, or None.
    error
        Why there is none.
    picture
        The path of the picture.

    Returns
    -------
    int
        0, or 1 if the session failed.
    """
    app = _application()
    window = DemoWindow(model, error)
    session = Tour(window, picture)
    problems: list[str] = []

    def finished(problem: str | None) -> None:
        if problem:
            problems.append(problem)
        window.close()

    runner = ScriptRunner(window.view, session.script(), finished, window)
    window.show()
    runner.start()
    code = _loop(app)
    for note in session.notes:
        sys.stdout.write(f"{note}\n")
    for problem in problems:
        sys.stderr.write(f"outliner: {problem}\n")
    return 1 if problems else code


def _application() -> QtWidgets.QApplication:
    app = QtWidgets.QApplication(sys.argv[:1])
    apply_palette(app)
    return app


def _loop(app: QtWidgets.QApplication) -> int:
    run = getattr(app, "exec", None) or app.exec_  # PySide2 has only the latter
    return int(run())
