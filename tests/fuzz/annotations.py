"""Annotations of commands' parameters, an example for each converted kind."""

# ruff: noqa: UP006, UP035 - the old spellings are what Python 3.9 has
from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import decimal
import enum
import uuid
from pathlib import Path
from typing import Any, Dict, List, Literal, NamedTuple, Optional, Set, Tuple, TypedDict, Union


class Colour(enum.Enum):
    RED = "red"
    ONE = 1
    NOTHING = None


class Access(enum.IntFlag):
    READ = 1
    WRITE = 2


@dataclasses.dataclass
class Range:
    start: int
    end: int = 24

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError("it ends before it starts")


@dataclasses.dataclass
class Node:
    a: str
    x: List[Node] = dataclasses.field(default_factory=list)
    id: Optional[Union[Point, Node]] = None


class Point(NamedTuple):
    x: float
    y: float = 0.0


class Options(TypedDict, total=False):
    a: Path
    x: List[str]
    type: Required


class Required(TypedDict):
    id: int


ANNOTATIONS: dict[str, Any] = {
    str(annotation): annotation
    for annotation in (
        *(int, float, bool, str, bytes, Any, list, dict, tuple, set, Path, uuid.UUID, decimal.Decimal, None),
        *(dt.datetime, dt.date, dt.time, dt.timedelta, collections.deque, Colour, Access, Range, Node, Point, Options),
        *(List[int], List[float], Dict[str, int], Dict[int, str], Dict[Colour, int], Dict[float, List[int]], Set[int]),
        *(Tuple[int, str], Tuple[int, ...], Optional[int], Union[int, str, List[int]], Union[Range, Node, Options]),
        *(Literal["a", 1, True, None], List[Node], Dict[str, Point], Union[Path, int], Union[bool, float, None]),
    )
}
