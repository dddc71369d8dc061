"""The guard of slots and Qt virtuals: no exception leaves them, and a program's exit ends its event loop."""

from __future__ import annotations

import logging
import textwrap

import pytest

from auroraview_qt.qt.support import guard
from auroraview_qt.qt.support.binding import QtCore, Signal, delete_now
from auroraview_qt.qt.support.guard import guarded
from tests.qt.programs import run_python

ODD = [SystemExit(3), KeyboardInterrupt(), GeneratorExit(), type("Odd", (BaseException,), {})(), ValueError("plain")]

START = """
import logging, sys
from auroraview_qt.qt.support.binding import QtCore, QtWidgets
from auroraview_qt.qt.support.guard import guarded
logging.basicConfig(level=logging.INFO, stream=sys.stdout)
app = QtWidgets.QApplication(sys.argv)

def run(loop):
    return (getattr(loop, "exec", None) or loop.exec_)()

class Owner(QtCore.QObject):
    def __init__(self):
        super().__init__()
        self.timer = QtCore.QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.timeout.connect(self.ring)
        self.timer.start(0)

    @guarded("the owner did not ring")
    def ring(self):
        raise WISH
"""


def run_program(wish, body):
    return run_python(START.replace("WISH", wish) + textwrap.dedent(body))


@pytest.mark.parametrize("error", ODD, ids=lambda error: type(error).__name__)
def test_guarded_function_that_raises_anything_returns_its_other_value_and_logs(error, caplog):
    @guarded("the key stays in the page", otherwise=True)
    def fails(a, *, b):
        raise error

    assert fails(1, b=2) is True
    (record,) = caplog.records
    assert record.getMessage() == "the key stays in the page"
    assert record.name == __name__
    assert record.exc_info[1] is error


def test_guarded_function_that_returns_gives_its_value(caplog):
    assert guarded("nothing")(lambda a: a + 1)(2) == 3
    assert not caplog.records


class _Raises(logging.Handler):
    def emit(self, record):
        raise SystemExit("a log handler that exits")


def test_log_handler_that_raises_leaves_no_slot(capsys):
    log = logging.getLogger(__name__)
    handler = _Raises()
    log.addHandler(handler)
    try:
        assert guarded("a slot failed")(lambda: 1 / 0)() is None
    finally:
        log.removeHandler(handler)
    assert "ZeroDivisionError" in capsys.readouterr().err


class _Sender(QtCore.QObject):
    sent = Signal(int)

    def __init__(self):
        super().__init__()
        self.got = []
        self.sent.connect(self.receive)

    @guarded("a number was lost")
    def receive(self, number):
        self.got.append(number)
        delete_now(self)
        self.objectName()


def test_object_that_is_deleted_in_its_own_slot_is_no_failure(qapp, caplog):
    sender = _Sender()
    sender.sent.emit(7)
    assert sender.got == [7]
    assert not caplog.records


@pytest.mark.parametrize(
    ("wish", "code"),
    [("SystemExit(3)", 3), ("SystemExit", 0), ("SystemExit('why')", 1), ("KeyboardInterrupt", 130)],
)
def test_wish_to_exit_ends_the_event_loop_of_the_program_with_its_code(wish, code):
    found, output = run_program(wish, "owner = Owner()\nprint('ended with', run(app))\nsys.exit(0)\n")
    assert found == 0, output
    assert f"ended with {code}" in output
    assert "the owner did not ring" in output


def test_wish_to_exit_in_a_nested_loop_ends_all_loops_of_the_program():
    found, output = run_program(
        "SystemExit(4)",
        """
        def nest():
            owner.nested = QtCore.QEventLoop()
            owner.timer.start(0)
            print("nested ended with", run(owner.nested))

        owner = Owner()
        owner.timer.stop()
        QtCore.QTimer.singleShot(0, nest)
        print("ended with", run(app))
        """,
    )
    assert found == 0, output
    assert "nested ended with 4" in output
    assert "ended with 4" in output.replace("nested ended with 4", "")


def test_wish_to_exit_in_a_program_of_local_loops_leaves_later_loops_alone():
    """After an exit without ``app.exec()``, Qt would end every later loop at once."""
    found, output = run_program(
        "SystemExit(4)",
        """
        owner = Owner()
        for _ in range(2):
            loop, turns = QtCore.QEventLoop(), []
            QtCore.QTimer.singleShot(100, lambda: (turns.append(1), loop.quit()))
            run(loop)
            print("turned", turns)
        """,
    )
    assert found == 0, output
    assert output.count("turned [1]") == 2
    assert "app.exec() is not running" in output


def test_wish_to_exit_in_a_host_ends_the_function_only():
    found, output = run_program(
        "SystemExit(4)",
        """
        from auroraview_qt.qt.support import guard
        guard.made_by_python = lambda thing: False  # as in a host, whose application is made in C++
        owner = Owner()
        QtCore.QTimer.singleShot(200, lambda: app.exit(7))
        print("ended with", run(app))
        """,
    )
    assert found == 0, output
    assert "ended with 7" in output
    assert "not the host" in output


def test_wish_to_exit_on_a_worker_ends_no_event_loop():
    found, output = run_program(
        "SystemExit(4)",
        """
        import threading

        owner = Owner()
        owner.timer.stop()
        worker = threading.Thread(target=owner.ring)
        worker.start()
        worker.join()
        QtCore.QTimer.singleShot(200, lambda: app.exit(7))
        print("ended with", run(app))
        """,
    )
    assert found == 0, output
    assert "ended with 7" in output


def test_exit_codes_are_those_of_the_interpreter():
    assert [guard._code_of(wish) for wish in (SystemExit(), SystemExit(2), SystemExit("text"))] == [0, 2, 1]
