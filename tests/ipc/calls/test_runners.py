from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time

import pytest

from auroraview_qt.ipc.calls import runners
from auroraview_qt.ipc.calls.runners import Loop, Pool
from tests.ipc.waiting import DEADLINE_S, wait_until


def test_pool_runs_each_job_and_keeps_to_its_limit() -> None:
    pool = Pool(max_threads=3)
    running, most = [0], [0]
    lock = threading.Lock()

    def job(n: int) -> int:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.001)
        with lock:
            running[0] -= 1
        return n * n

    futures = [pool.submit(lambda n=n: job(n)) for n in range(60)]

    assert [future.result(DEADLINE_S) for future in futures] == [n * n for n in range(60)]
    assert 1 <= most[0] <= 3
    assert pool.threads <= 3


def test_pool_threads_are_used_again_and_go_when_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = Pool()
    first = pool.submit(threading.get_ident).result(DEADLINE_S)
    wait_until(lambda: pool._idle == 1)
    assert pool.submit(threading.get_ident).result(DEADLINE_S) == first
    monkeypatch.setattr(runners, "IDLE_S", 0.0)
    pool.submit(threading.get_ident).result(DEADLINE_S)

    wait_until(lambda: pool.threads == 0)


def test_pool_job_that_is_cancelled_before_its_turn_is_never_run() -> None:
    pool, gate, ran = Pool(max_threads=1), threading.Event(), []
    blocker = pool.submit(lambda: gate.wait(DEADLINE_S))
    doomed = pool.submit(lambda: ran.append(1))
    assert doomed.cancel()
    last = pool.submit(lambda: "last")
    gate.set()

    assert last.result(DEADLINE_S) == "last"
    assert blocker.result(DEADLINE_S)
    assert not ran


def test_pool_job_that_exits_ends_itself_only() -> None:
    pool = Pool(max_threads=1)

    assert isinstance(pool.submit(sys.exit).exception(DEADLINE_S), SystemExit)
    assert pool.submit(lambda: 1).result(DEADLINE_S) == 1


def test_pool_of_one_thread_keeps_the_order_and_close_cancels_what_waits() -> None:
    pool, begun, gate, ran = Pool(1, "files"), threading.Event(), threading.Event(), []
    running = pool.submit(lambda: (begun.set(), gate.wait(DEADLINE_S), threading.current_thread().name)[2])
    assert begun.wait(DEADLINE_S)
    doomed = pool.submit(lambda: ran.append(0))
    pool.close()
    later = [pool.submit(lambda n=n: ran.append(n)) for n in range(1, 20)]
    gate.set()

    assert doomed.cancelled()
    assert running.result(DEADLINE_S) == "files"
    later[-1].result(DEADLINE_S)
    assert ran == list(range(1, 20))


def test_pool_never_holds_up_the_end_of_the_process() -> None:
    source = "from auroraview_qt.ipc.calls.runners import POOL; import time; POOL.submit(lambda: time.sleep(3600))"
    assert subprocess.run([sys.executable, "-c", source], timeout=60, check=False).returncode == 0


def test_loop_runs_coroutines_on_one_thread_of_its_own() -> None:
    loop = Loop()

    async def where() -> int:
        await asyncio.sleep(0)
        return threading.get_ident()

    first, second = loop.run(where()).result(DEADLINE_S), loop.run(where()).result(DEADLINE_S)
    assert first == second != threading.get_ident()


def test_loop_prefers_the_one_that_runs() -> None:
    async def program() -> int:
        async def where() -> int:
            return threading.get_ident()

        return int(await asyncio.wrap_future(Loop().run(where())))

    assert asyncio.run(program()) == threading.get_ident()
