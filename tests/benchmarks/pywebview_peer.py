"""pywebview's side: a worker process that stays for the whole run, so that its rounds interleave with ours."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from importlib import metadata
from pathlib import Path
from typing import IO, Any

import pages
from harness import LIMIT_S, BenchError, expect
from ours import answered, chunk_of

_START_S = 40.0


class PyWebView:
    """Drives the worker; while it works, this process waits without turning its event loop."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("pywebview_worker.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if os.environ.get("BENCH_VERBOSE") else subprocess.DEVNULL,
            text=True,
            env={**os.environ, "QT_API": "pyside6", "PYWEBVIEW_GUI": "qt"},
        )
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True).start()
        self._answer(_START_S)

    def _read(self, pipe: IO[str]) -> None:
        for line in pipe:
            self._lines.put(line)
        self._lines.put("")

    def _answer(self, limit_s: float) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=limit_s)
        except queue.Empty:
            self.close()
            raise BenchError(f"pywebview said nothing within {limit_s:g} s") from None
        if not line:
            raise BenchError("pywebview's process ended; BENCH_VERBOSE=1 shows what it wrote")
        return dict(json.loads(line))

    def _ask(self, **command: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        return self._answer(LIMIT_S)

    def emits(self, count: int) -> float:
        """Return a side: an evaluate_js per event."""
        answer = self._ask(do="emits", count=count)
        expect("pywebview's evaluate_js", answer["report"], pages.seen(count))
        return float(answer["seconds"])

    def sequential(self, count: int) -> float:
        """Return a side: calls of its js_api in sequence."""
        how = f"sequential({count}, {chunk_of(count)}, call)"
        return answered(self._ask(do="calls", how=how)["report"], count)

    def parallel(self, count: int) -> float:
        """Return a side: calls of its js_api all in flight at once."""
        return answered(self._ask(do="calls", how=f"parallel({count}, call)")["report"], 1)

    def close(self) -> None:
        """End the worker: by its stdin, or by force if that fails."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def version() -> str:
    """pywebview's version, or why there is none."""
    try:
        return metadata.version("pywebview")
    except metadata.PackageNotFoundError:
        return "not installed"
