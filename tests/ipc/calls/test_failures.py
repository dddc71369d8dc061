"""Failures of the program's code are logged with their names, whatever they and the log do."""

from __future__ import annotations

import logging

import pytest

from auroraview_qt.ipc.calls import failures

log = logging.getLogger(__name__)


@pytest.fixture
def wishes(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    passed: list[BaseException] = []
    monkeypatch.setattr(failures, "_pass_on", None)
    failures.pass_exit_wishes_to(passed.append)
    return passed


@pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt])
def test_wish_to_exit_is_logged_and_passed_on(
    kind: type[BaseException], wishes: list[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    wish = kind("bye")
    failures.report(log, wish, "callback %s failed", "tool.leave")
    assert wishes == [wish]
    assert "callback tool.leave failed" in caplog.text
    assert kind.__name__ in caplog.text


@pytest.mark.parametrize("error", [ValueError("plain"), GeneratorExit(), BaseException("odd")])
def test_other_exceptions_are_logged_only(
    error: BaseException, wishes: list[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    failures.report(log, error, "callback failed")
    assert not wishes
    assert type(error).__name__ in caplog.text


def test_wish_without_anybody_to_take_it_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(failures, "_pass_on", None)
    failures.report(log, SystemExit(1), "callback failed")
    assert "SystemExit" in caplog.text


class _Broken(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        raise KeyboardInterrupt


def test_log_handler_that_raises_does_not_hide_the_error(capsys: pytest.CaptureFixture[str]) -> None:
    handler = _Broken()
    log.addHandler(handler)
    try:
        failures.report(log, ValueError("the first"), "callback failed")
    finally:
        log.removeHandler(handler)
    assert "ValueError: the first" in capsys.readouterr().err


class _Odd:
    def __call__(self) -> None: ...

    def __getattr__(self, name: str) -> object:
        raise SystemExit(name)


def test_name_of_a_callable_is_given_whatever_its_attributes_do() -> None:
    assert failures.name_of(failures.report) == "auroraview_qt.ipc.calls.failures.report"
    assert failures.name_of(len) == "builtins.len"
    assert "_Odd object at" in failures.name_of(_Odd())
