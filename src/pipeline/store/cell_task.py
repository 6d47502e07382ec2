"""A piece of work for a cell: what it may take, and what became of it. Not here: doing it (``cells``, ``cluster``)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pipeline.errors import UitstroomError


class Cause(StrEnum):
    """Why a piece of work has no result."""

    MEMORY = "memory"
    TIME = "time"
    DIED = "died"
    """The process ended by itself."""
    STOPPED = "stopped"
    """It was ended from outside, or died while the machine was short of memory: that says nothing about the work."""
    ERROR = "error"
    """An error that nobody foresaw."""


@dataclass(frozen=True)
class Broke:
    """In place of a result. ``what`` names a signal, an exit code or a class of errors: never text of the error, which
    may quote what was read.
    """

    cause: Cause
    what: str = ""


@dataclass(frozen=True)
class Limits:
    """What one piece of work may take."""

    memory_bytes: int
    cpu_seconds: float
    seconds: float


@dataclass(eq=False)
class Task:
    """One piece of work, and what became of it."""

    work: Callable[[Any], object]
    argument: object
    limits: Limits
    is_done: bool = False
    result: object = None
    error: UitstroomError | None = None
