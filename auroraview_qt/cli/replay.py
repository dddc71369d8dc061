"""Replay a recording: `auroraview-qt replay`. Thread: main, in a separate process. Qt is loaded for `--app` only."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from auroraview_qt.devtools.recordings import Recorded, RecordingError


def run(argv: Sequence[str]) -> int:
    """Run the verb.

    Returns
    -------
    int
        0; 1 if the tool differs from the recording, 2 if an input cannot be used.

    Raises
    ------
    SystemExit
        For `--help` and wrong arguments, as argparse does.
    """
    parser = _parser()
    options = parser.parse_args(argv)
    if options.tool and not options.check:
        parser.error("--tool needs --check: compare the tool with the recording")
    if options.check and not options.tool:
        parser.error("--check needs --tool module:view")
    try:
        recorded = Recorded(options.file)
        if options.tool:
            return _check(recorded, options.tool, options.ignore, options.timeout)
        if options.app:
            return _serve(recorded, options.app, options.screenshot)
    except (OSError, RecordingError) as error:
        sys.stderr.write(f"auroraview-qt replay: {error}\n")
        return 2
    sys.stdout.write(summary(recorded))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="auroraview-qt replay",
        description="Show a recording, replay it to a front-end or to a tool. Without an option, print a summary.",
    )
    parser.add_argument("file", type=Path, help="the recording, as view.record() or AURORAVIEW_QT_RECORD wrote it")
    parser.add_argument("--app", metavar="PAGE", help="open this folder, HTML file or URL with the recorded answers")
    parser.add_argument(
        "--screenshot", type=Path, metavar="PNG", help="with --app: write a picture after the replay, and end"
    )
    parser.add_argument("--tool", metavar="MODULE:VIEW", help="a view, or a function or class that makes it")
    parser.add_argument(
        "--check", action="store_true", help="replay the page's side to the tool, and name the first difference"
    )
    parser.add_argument(
        "--ignore", action="append", default=[], metavar="NAME", help="leave out an event or key, such as 'tick*'"
    )
    parser.add_argument("--timeout", type=float, default=10.0, metavar="S", help="seconds for each answer (default: 10)")
    return parser


def summary(recorded: Recorded) -> str:
    """Return the content of a recording on a few lines."""
    header = recorded.header
    facts = [
        str(header[key]) for key in ("started", "host", "platform", "python", "qt", "binding", "version") if key in header
    ]
    kinds = Counter(entry.kind for entry in recorded.entries)
    counts = Counter(call.name for call in recorded.calls.values() if call.caller == "page")
    failed = [
        f"line {c.line}: {c} failed: {json.dumps(c.value, default=repr)[:200]}"
        for c in recorded.calls.values()
        if c.state == "failed"
    ]
    logs = [f"line {e.line}: {str(e.items[2]).splitlines()[0]}" for e in recorded.entries if e.kind == "log" and e.items[2]]
    seconds = recorded.entries[-1].time_s if recorded.entries else 0.0
    lines = [
        ", ".join(facts),
        f"{seconds:.1f} s; " + ", ".join(f"{count} {kind}" for kind, count in kinds.most_common()),
        "commands: " + (", ".join(f"{name} ({count})" for name, count in counts.most_common(20)) or "none"),
        *failed[:10],
        *logs[:10],
    ]
    return "\n".join(lines) + "\n"


def _check(recorded: Recorded, target: str, ignore: Sequence[str], timeout_s: float) -> int:
    """Replay to the tool on the fake stage."""
    from auroraview_qt.testing import tools
    from auroraview_qt.testing.fake.replacement import replace_views
    from auroraview_qt.testing.fake.view import FakeView
    from auroraview_qt.testing.replaying import Player

    sys.path.insert(0, str(Path.cwd()))
    replace_views()
    module, _, path = target.partition(":")
    tool: Any = importlib.import_module(module)
    for part in filter(None, path.split(".")):
        tool = getattr(tool, part)
    made = tools.made_of(tool, FakeView, lambda thing: isinstance(thing, FakeView))
    view = made if isinstance(made, FakeView) else getattr(made, "view", None)
    if not isinstance(view, FakeView):
        sys.stderr.write(f"auroraview-qt replay: {target} is no WebView, makes none, and has none as its attribute 'view'\n")
        return 2
    differences = Player(view, recorded, ignore, timeout_s).run()
    count = sum(entry.kind in ("page", "python") for entry in recorded.entries)
    if differences:
        sys.stdout.write(f"{differences[0]}\n")
        if len(differences) > 1:
            sys.stdout.write(f"{len(differences) - 1} more differences follow\n")
        return 1
    sys.stdout.write(f"the tool answers as recorded: {count} batches, {len(recorded.calls)} calls\n")
    return 0


def _serve(recorded: Recorded, app: str, picture: Path | None) -> int:
    """Open the front-end with the recorded answers."""
    if picture is not None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from auroraview_qt import WebView
    from auroraview_qt.devtools.answers import Answers
    from auroraview_qt.qt.support.binding import QtCore, QtWidgets

    application = QtWidgets.QApplication.instance() or QtWidgets.QApplication(["replay"])
    view = WebView(title=f"Replay of {app}", devtools=True)
    answers = Answers(view, recorded)
    timer = QtCore.QTimer(view)
    timer.setSingleShot(True)
    waiting: list[Any] = []
    timer.timeout.connect(lambda: waiting.pop()())

    def later(seconds: float, run: Any) -> None:
        waiting.append(run)
        timer.start(max(0, int(seconds * 1000)))

    view.ready.connect(lambda: answers.play(later))
    if picture is not None:
        last_s = max((entry.time_s for entry in recorded.entries), default=0.0)
        ready_s = next((entry.time_s for entry in recorded.entries if entry.kind == "document"), 0.0)
        view.ready.connect(lambda: QtCore.QTimer.singleShot(int((last_s - ready_s) * 1000) + 1000, save))

    def save() -> None:
        view.grab().save(str(picture))
        application.quit()

    path = Path(app)
    if "://" in app:
        view.load_url(app)
    elif path.is_dir():
        view.load_app(path)
    else:
        view.load_file(path)
    view.resize(900, 640)
    view.show()
    return int(application.exec() if hasattr(application, "exec") else application.exec_())
