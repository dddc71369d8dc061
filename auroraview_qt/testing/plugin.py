"""The pytest plugin: options, the marker, the fixture `aurora`, and the rules for failing a test.

pytest loads this module in every project of an environment the package is installed in. So it imports no Qt, and nothing of
the library, until a test uses the fixture.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import socket
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from auroraview_qt.testing.kit import Aurora, Stage

#: Places of a test's pages; see the testing guide.
STAGES = ("fake", "page", "playwright")
_BINDINGS = ("PySide6", "PyQt6", "PySide2", "PyQt5")

_kit_key: pytest.StashKey[Aurora] = pytest.StashKey()
_stage_key: pytest.StashKey[str] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and settings of the kit."""
    group = parser.getgroup("auroraview", "tests of web panels (auroraview_qt)")
    group.addoption(
        "--aurora-stage",
        metavar="STAGES",
        help="place of pages: fake (no Qt), page (QtWebEngine), playwright, several of them with commas, or all",
    )
    group.addoption(
        "--aurora-output", metavar="DIR", help="folder for pictures and consoles of failing tests (default: test-results)"
    )
    parser.addini("aurora_stage", "default of --aurora-stage", default="page")
    parser.addini("aurora_output", "default of --aurora-output", default="test-results")
    parser.addini("aurora_timeout_s", "seconds that actions and expectations of pages wait", default="10")
    parser.addini("aurora_log_level_fail", "a log record of the library from this level on fails a test", default="WARNING")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Replace `WebView` before tools are imported, if no test of this run needs Qt."""
    stages = getattr(early_config.known_args_namespace, "aurora_stage", None) or early_config.getini("aurora_stage")
    if stages == "fake":
        from auroraview_qt.testing.fake.replacement import replace_views

        replace_views()


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest of the marker."""
    config.addinivalue_line(
        "markers",
        "aurora(stage=None, expect_errors=()): stage: the stages a test of a web panel can run on, one or several; "
        "expect_errors: parts of the errors it causes on purpose",
    )


# Stages


def _wanted(config: pytest.Config) -> list[str]:
    """Return the stages this run is about."""
    text = config.getoption("--aurora-stage") or config.getini("aurora_stage")
    names = list(STAGES) if text == "all" else [name.strip() for name in text.split(",")]
    for name in names:
        if name not in STAGES:
            raise pytest.UsageError(f"--aurora-stage={text}: use one or several of {', '.join(STAGES)}, or all")
    return names


def _marked(item: Any) -> tuple[str, ...]:
    """Return the stages a test can run on; of the markers on it, the nearest counts."""
    for marker in item.iter_markers("aurora"):
        stage = marker.kwargs.get("stage")
        if stage is not None:
            stages = (stage,) if isinstance(stage, str) else tuple(stage)
            for name in stages:
                if name not in STAGES:
                    raise pytest.UsageError(f"aurora(stage={stage!r}): use one or several of {', '.join(STAGES)}")
            return stages
    return STAGES


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test once on each stage, if several are selected."""
    if "aurora" in metafunc.fixturenames:
        wanted = _wanted(metafunc.config)
        if len(wanted) > 1:
            metafunc.parametrize("aurora", wanted, indirect=True, scope="function")


def _stage_of(item: pytest.Item) -> str:
    """Return the stage of a test; empty if this run has no stage for it."""
    callspec = getattr(item, "callspec", None)
    wanted = [callspec.params["aurora"]] if callspec and "aurora" in callspec.params else _wanted(item.config)
    marked = _marked(item)
    fitting = [name for name in wanted if name in marked]
    if fitting:
        return fitting[0]
    was_chosen = item.config.getoption("--aurora-stage") is not None
    return "" if was_chosen else marked[0]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Set environment variables and import modules that the first application and view need."""
    stages = set()
    for item in items:
        if "aurora" in getattr(item, "fixturenames", ()):
            item.stash[_stage_key] = _stage_of(item)
            stages.add(item.stash[_stage_key])
    if stages & {"page", "playwright"} and not config.getoption("collectonly"):
        _prepare_platform()
        if "playwright" in stages:
            _open_port()
        _import_engine()


def _prepare_platform() -> None:
    """Let Qt run without a screen, and Chromium as root: containers of a CI."""
    if sys.platform.startswith("linux"):
        if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        if os.geteuid() == 0:
            os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")


def _open_port() -> None:
    """Let the engine listen for Playwright at a free port; it reads the variable when the first view is made."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        os.environ.setdefault("QTWEBENGINE_REMOTE_DEBUGGING", f"127.0.0.1:{probe.getsockname()[1]}")


def _import_engine() -> None:
    """Import QtWebEngine before there is an application, as it requires; each test reports a problem with it."""
    from auroraview_qt.errors import EngineUnavailableError

    with contextlib.suppress(EngineUnavailableError):
        import auroraview_qt.qt.view  # noqa: F401


def _has_pytest_qt(config: pytest.Config) -> bool:
    return config.pluginmanager.hasplugin("pytest-qt") or config.pluginmanager.hasplugin("pytestqt.plugin")


def _no_engine(config: pytest.Config) -> str:
    """Return the reason why a page cannot be shown, or an empty text."""
    if not _has_pytest_qt(config):
        return 'pages need pytest-qt: pip install "auroraview-qt[testing]"'
    from auroraview_qt.errors import EngineUnavailableError
    from auroraview_qt.qt.support.preflight import find_problem

    problem = find_problem()
    if problem is not None:
        return f"pages cannot be shown here: {problem}"
    try:
        from auroraview_qt.qt.support.binding import BINDING
    except EngineUnavailableError as error:
        return f"pages cannot be shown here: {error}"
    version = tuple(map(int, BINDING[1].split(".")[:2]))
    if version < (6, 8) and os.environ.get("QT_QPA_PLATFORM") == "offscreen" and sys.platform.startswith("linux"):
        return f"Qt {BINDING[1]} has no OpenGL without a screen: start a virtual screen, with xvfb-run -a pytest"
    return ""


def _make_stage(request: pytest.FixtureRequest, name: str) -> Stage:
    if name == "fake":
        return _make_fake_stage(request)
    why = _no_engine(request.config)
    if why:
        pytest.fail(why, pytrace=False)
    request.getfixturevalue("qapp")
    if name == "playwright":
        return _make_playwright_stage()
    from auroraview_qt.testing.qt_stage import QtStage

    return QtStage()


def _make_playwright_stage() -> Stage:
    from auroraview_qt.testing.playwright.stage import PlaywrightStage, find_problem

    why = find_problem()
    if why:
        pytest.skip(why)
    return PlaywrightStage()


def pytest_sessionfinish() -> None:
    """Leave the browser, if Playwright was used."""
    module = sys.modules.get("auroraview_qt.testing.playwright.browser")
    if module is not None:
        module.BROWSER.stop()


def _make_fake_stage(request: pytest.FixtureRequest) -> Stage:
    from auroraview_qt.testing.fake.stage import FakeStage

    if any(f"{name}.QtWidgets" in sys.modules for name in _BINDINGS) and _has_pytest_qt(request.config):
        # A tool may make widgets, and without an application they would end the process.
        _prepare_platform()
        request.getfixturevalue("qapp")
    return FakeStage(skips=not any("stage" in marker.kwargs for marker in request.node.iter_markers("aurora")))


# Fixture


def _folder(item: pytest.Item) -> Path:
    """Return the folder of a test."""
    config = item.config
    output = Path(config.getoption("--aurora-output") or config.getini("aurora_output"))
    name = re.sub(r"[^\w.-]+", "-", item.nodeid.replace(".py", "")).strip("-.")
    return config.rootpath / output / name[-180:]


@pytest.fixture
def aurora(request: pytest.FixtureRequest) -> Iterator[Aurora]:
    """Open web panels, use them as an artist does, and fail the test if an error occurs in them."""
    from auroraview_qt.testing.failures import Failures
    from auroraview_qt.testing.kit import Aurora

    name = request.node.stash.get(_stage_key, None)
    if name is None:
        name = _stage_of(request.node)
    if not name:
        pytest.skip(f"it runs on the stages {', '.join(_marked(request.node))}")
    level = str(request.config.getini("aurora_log_level_fail")).upper()
    failures = Failures(logging.getLevelName(level))
    failures.open()
    try:
        stage = _make_stage(request, name)
    except BaseException:
        failures.end()
        raise
    kit = Aurora(stage, _folder(request.node), timeout_s=float(request.config.getini("aurora_timeout_s")), failures=failures)
    for marker in request.node.iter_markers("aurora"):
        for pattern in marker.kwargs.get("expect_errors", ()):
            kit.expect_error(pattern)
    request.node.stash[_kit_key] = kit
    yield kit
    del request.node.stash[_kit_key]
    trouble = kit.close()
    if trouble:
        pytest.fail(f"after the test:{trouble}", pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that has passed if an error occurred in its pages."""
    kit = item.stash.get(_kit_key, None)
    if kit is not None:
        kit.stage.begin_test()
    result = yield
    if kit is not None:
        trouble = kit.check()
        if trouble:
            pytest.fail(f"the test's own checks passed, but:{trouble}", pytrace=False)
    return result


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Save a picture and the console of a failed test."""
    report = yield
    kit = item.stash.get(_kit_key, None)
    if kit is not None and report.failed and report.when in ("setup", "call"):
        report.sections += [(f"auroraview: {title}", text) for title, text in kit.leave_traces()]
    return report
