"""Nights in which the same bytes come under several names, with what a person does between, and what they come to."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from pipeline.jobs.delivery_decisions import decide
from schemas.vocabulary import Decision
from tests.jobs.folder import Folder
from tests.jobs.state import states_of, tables_of

Step = str | Callable[[Folder], object]
"""The name of a file that comes, or something that happens before the night."""
State = Mapping[tuple[str, date | None], Sequence[tuple[object, ...]]]

_OF_THE_CLOCK = ("recorded_at", "first_recorded_at", "processing")
_OF_THE_FOLDER = ("restatements", "releases")


def nights(at: Path, files: Mapping[str, str], *each: Sequence[Step]) -> Folder:
    """A folder after these nights; ``files`` holds the content of every name."""
    folder = Folder.at(at, publishes=False)
    for steps in each:
        for step in steps:
            if isinstance(step, str):
                folder.put(step, files[step])
            else:
                step(folder)
        folder.run()
    return folder


def decides(decision: Decision, file_name: str) -> Step:
    """A person decides about the delivery that came under a name."""
    return lambda folder: decide(folder.writer(), decision, file_name, by="A. Steward", why="the sender wrote so")


def takes_away(file_name: str) -> Step:
    return lambda folder: (folder.settings.raw / file_name).unlink()


def state(folder: Folder, *days: date) -> State:
    """All tables as known now and on some days, but for when and how often something was read."""
    found: dict[tuple[str, date | None], Sequence[tuple[object, ...]]] = {}
    for day, known in zip((None, *days), states_of(folder, None, *days, afresh=True, keeps=False), strict=True):
        for name, table in tables_of(known).items():
            if name not in _OF_THE_FOLDER:
                found[name, day] = sorted(table.drop(_OF_THE_CLOCK, strict=False).rows(), key=repr)
    return found


def unlike(one: State, other: State) -> list[tuple[str, date | None, object, object]]:
    """The first row of each table that is not the same."""
    return [
        (*key, next((row for row in one[key] if row not in other[key]), None),
         next((row for row in other[key] if row not in one[key]), None))
        for key in one if one[key] != other[key]
    ]  # fmt: skip


def is_at_rest(folder: Folder) -> bool:
    """Whether a further night does nothing, and nothing is wrong."""
    before = folder.events().height
    return (folder.run().receipts, folder.problems(), folder.events().height) == ((), (), before)


def statuses(folder: Folder) -> dict[str, tuple[str, date]]:
    """Status and day of delivery by name."""
    table = folder.table("deliveries").select("file_name", pl.struct("status", "delivered_on").alias("is"))
    return {name: (each["status"], each["delivered_on"]) for name, each in table.iter_rows()}
