"""The promise about the tables: within a major version nothing goes away or changes type, and what is new is a step.

``schemas/frozen_shape.csv`` is the shape of the last version that was given out. It is written anew when a version is:
``python -m tests.schemas.test_schema_version``, with the new version first in ``schemas/schema_version.py``.
"""

import csv
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from schemas.catalogue import TABLES
from schemas.schema_version import SCHEMA_VERSION, STEPS

FROZEN = Path(__file__).parents[2] / "schemas" / "frozen_shape.csv"
Shape = dict[str, tuple[str, str, str, str]]
"""table.column: type, unit, whether it may be empty, place in the key."""


def shape_now() -> Shape:
    return {
        f"{table.name}.{field.name}": (
            str(field.dtype),
            field.unit,
            "may be empty" if field.nullable else "",
            str(table.key.index(field.name) + 1) if field.name in table.key else "",
        )
        for table in TABLES.values()
        for field in table.fields
    }


def frozen() -> tuple[str, Shape]:
    version, _, *rows = list(csv.reader(FROZEN.read_text("utf-8").splitlines()))
    return version[1], {row[0]: (row[1], row[2], row[3], row[4]) for row in rows}


def step_needed(before: Mapping[str, object], after: Mapping[str, object]) -> str:
    """The least step of the version that the change of shape asks for."""
    if any(after.get(name) != told for name, told in before.items()):
        return "major"
    return "minor" if set(after) - set(before) else "none"


def step_made(before: str, after: str) -> str:
    old, new = ([int(part) for part in version.split(".")] for version in (before, after))
    if new[0] > old[0]:
        return "major"
    return "minor" if new[:2] > old[:2] else "none"


ORDER = ("none", "minor", "major")


def test_the_version_makes_the_step_that_the_tables_ask_for() -> None:
    version, before = frozen()
    needed, made = step_needed(before, shape_now()), step_made(version, SCHEMA_VERSION)
    assert ORDER.index(made) >= ORDER.index(needed), (
        f"the tables changed since {version} so that a {needed} step is needed: add it to schemas/schema_version.py, "
        "with what changed and what a reader has to do"
    )


@pytest.mark.parametrize(
    ("after", "step"),
    [
        ({"a.x": 1, "a.y": 2}, "none"),
        ({"a.x": 1, "a.y": 2, "a.z": 3}, "minor"),
        ({"a.x": 1, "a.y": 2, "b.x": 3}, "minor"),
        ({"a.x": 1}, "major"),
        ({"a.x": 1, "a.y": 3, "a.z": 3}, "major"),
    ],
)
def test_what_goes_away_or_changes_is_major_and_what_is_new_minor(after: dict[str, int], step: str) -> None:
    assert step_needed({"a.x": 1, "a.y": 2}, after) == step


def test_versions_are_semantic_and_fall() -> None:
    versions = [tuple(map(int, each.version.split("."))) for each in STEPS]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", each.version) for each in STEPS)
    assert versions == sorted(set(versions), reverse=True)
    assert all(each.changes for each in STEPS)


def write() -> None:
    with FROZEN.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["version", SCHEMA_VERSION])
        rows.writerow(["column", "type", "unit", "may_be_empty", "key"])
        rows.writerows([name, *told] for name, told in shape_now().items())


if __name__ == "__main__":
    write()
