"""Faults that fuzzing has found stay fixed: the corpus is tried again, with a few inputs of hypothesis."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="its tree has links and names that Windows does not have")


@pytest.fixture(autouse=True)
def _quiet_log() -> Iterator[None]:
    logger = logging.getLogger("auroraview_qt")
    before = logger.level
    yield
    logger.setLevel(before)


@pytest.mark.parametrize("name", TARGETS)
def test_input_of_the_corpus_breaks_nothing(name: str) -> None:
    target = TARGETS[name]()
    inputs = sorted((CORPUS / name).iterdir())
    assert inputs
    for path in inputs:
        target(path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_any_input_breaks_nothing(name: str) -> None:
    target = TARGETS[name]()

    @settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(st.binary(max_size=200))
    def try_one(data: bytes) -> None:
        target(data)

    try_one()
