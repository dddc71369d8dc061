"""Annotations that can never travel are refused when a command is registered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Optional, Union

import numpy as np
import numpy.typing as npt
import pytest

from auroraview_qt.ipc.calls.handler import IpcHandler
from auroraview_qt.schema.encoders import register_encoder


@dataclass
class Curve:
    keys: dict[tuple[int, int], float]


NEVER = [
    complex, list[complex], Optional[complex], re.Pattern, "re.Pattern[str]", type, Callable[[int], int], Curve,
    dict[tuple[int, int], str], dict[Union[int, tuple[int]], str], npt.NDArray[np.complex64], np.complex128,
]  # fmt: skip


@pytest.mark.parametrize("annotation", NEVER)
def test_register_result_that_can_never_be_sent_is_refused(annotation: Any) -> None:
    def run() -> Any: ...

    run.__annotations__["return"] = annotation
    with pytest.raises(TypeError, match=r"run: its result can never be sent: "):
        IpcHandler().register_command("run", run)


@pytest.mark.parametrize("annotation", NEVER)
def test_register_required_parameter_that_can_never_be_sent_is_refused(annotation: Any) -> None:
    def run(one: Any) -> None: ...

    run.__annotations__["one"] = annotation
    with pytest.raises(TypeError, match=r"run: a page can never send the parameter 'one'"):
        IpcHandler().register_command("run", run)


class Missing:
    pass


@pytest.mark.parametrize(
    "annotation",
    [bytes, bytearray, memoryview, npt.NDArray[np.float32], np.ndarray, np.float32, dict[int, list[float]], dict[Any, int],
     dict[Union[int, str], bytes], Iterator[int], Missing, "NotThere", Optional[dict[str, Any]]],
)  # fmt: skip
def test_register_result_that_may_be_sent_is_taken_without_a_word(annotation: Any, caplog: pytest.LogCaptureFixture) -> None:
    def run(done: Optional[Callable[[], None]] = None) -> Any: ...

    run.__annotations__["return"] = annotation
    IpcHandler().register_command("run", run)
    assert not caplog.records


def test_register_result_of_a_class_with_an_encoder_is_taken() -> None:
    register_encoder(re.Match, lambda match: match[0])

    def run() -> re.Match[str]: ...

    IpcHandler().register_command("run", run)
