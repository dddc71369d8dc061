from __future__ import annotations

import threading
import time
from concurrent.futures import CancelledError

import pytest

from auroraview_qt.capabilities.worker import Worker


def test_jobs_run_in_order_on_one_thread_that_is_not_ours() -> None:
    worker = Worker("files")
    threads: list[int] = []
    futures = [worker.submit(lambda n=n: (threads.append(threading.get_ident()), n)[1]) for n in range(50)]

    assert [future.result(5) for future in futures] == list(range(50))
    assert len(set(threads)) == 1
    assert threads[0] != threading.get_ident()
    worker.close()


def test_job_that_raises_is_the_future_s_error_and_the_next_one_runs() -> None:
    worker = Worker("files")
    bad = worker.submit(lambda: 1 / 0)

    assert worker.submit(lambda: 7).result(5) == 7
    with pytest.raises(ZeroDivisionError):
        bad.result(5)
    worker.close()


def test_cancelled_job_does_not_run() -> None:
    worker, gate, ran = Worker("files"), threading.Event(), []
    worker.submit(gate.wait)
    waiting = worker.submit(lambda: ran.append(1))

    assert waiting.cancel()
    gate.set()
    worker.submit(lambda: None).result(5)
    assert not ran
    worker.close()


def test_close_cancels_what_waits_and_ends_the_thread_after_its_job() -> None:
    worker, gate, names = Worker("files-closing"), threading.Event(), []
    running = worker.submit(lambda: (names.append(threading.current_thread()), gate.wait(5))[1])
    waiting = worker.submit(lambda: None)
    worker.close()

    with pytest.raises(CancelledError):
        waiting.result(5)
    gate.set()
    assert running.result(5)
    names[0].join(5)
    assert not names[0].is_alive()


def test_idle_thread_ends_and_the_next_job_begins_another() -> None:
    worker, threads = Worker("files-idle", idle_s=0.001), []
    worker.submit(lambda: threads.append(threading.current_thread())).result(5)
    threads[0].join(5)

    assert not threads[0].is_alive()
    assert worker.submit(lambda: 7).result(5) == 7
    worker.close()


def test_worker_without_work_has_no_thread() -> None:
    before = threading.active_count()
    worker = Worker("files")
    worker.close()

    assert threading.active_count() == before


def test_jobs_that_come_as_the_thread_ends_are_not_forgotten() -> None:
    worker = Worker("files-race", idle_s=0.0)
    deadline = time.monotonic() + 0.3
    while time.monotonic() < deadline:
        assert worker.submit(lambda: 7).result(5) == 7
    worker.close()
