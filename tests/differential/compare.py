"""One spoilt file through our reader and through the slow one: every difference is told.

Here: what must be alike. A file that is rejected loses nothing unseen; a row with the number of a person is allowed to
have been read otherwise. Not here: the ways of spoiling (``mutations``), the slow reader (``reference``).
"""

import math
import random
import re
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.errors import Rejected
from pipeline.intake.column_names import resolve
from pipeline.intake.file_name_facts import facts
from pipeline.intake.findings import quarantined_rows
from pipeline.intake.parse import Typed, parse
from pipeline.intake.validate import judge
from pipeline.store.formats.open_table import open_table
from schemas import reference as lists
from schemas.catalogue import SOURCES
from schemas.column import Kind
from schemas.vocabulary import A_MOMENT
from tests.differential import mutations, reference
from tests.differential.samples import SOURCES as NAMES
from tests.differential.samples import sample

FORMATS = ("csv",) * 12 + ("jsonl",) * 3 + ("xlsx",) * 2 + ("parquet",)


@dataclass(frozen=True)
class Outcome:
    """What became of one file. ``differences`` must be empty."""

    kind: str
    status: str
    rows: int
    cells: int
    differences: tuple[str, ...]


@dataclass(frozen=True)
class Spoilt:
    """A file, its source, how it was spoilt, and how its rows began before."""

    path: Path
    source: str
    kind: str
    beginnings: frozenset[str]

    def rows_begun(self) -> int:
        """How many lines begin as a row: so many rows have to be accounted for, at least."""
        lines = re.split(r"[\r\n]", reference.decoded(self.path.read_bytes()))
        return sum(_beginning(line) in self.beginnings for line in lines)


def _beginning(line: str) -> str:
    return line.replace('"', "")[:14]


def spoilt(seed: int, folder: Path) -> Spoilt:
    """The same file for the same seed."""
    rng = random.Random(seed)
    table = sample(rng.choice(NAMES), rng)
    change = rng.choice(mutations.TABLES)
    table, form = change(table, rng), rng.choice(FORMATS)
    path, how, beginnings = folder / f"{table.name}.{form}", change.__name__, frozenset[str]()
    if form == "xlsx":
        mutations.write_excel(path, table, rng)
    elif form == "parquet":
        mutations.write_parquet(path, table, rng)
    else:
        data = mutations.as_csv(table, rng) if form == "csv" else mutations.as_jsonl(table, rng)
        if form == "csv":
            beginnings = frozenset(_beginning(table.separator.join(row)) for row in table.rows)
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            spoil = rng.choice(mutations.BYTES)
            data, how = (spoil(data, rng) or data), f"{how}+{spoil.__name__}"
        if form == "csv" and rng.random() < 0.1:
            data, how = mutations.line_added(data, rng), f"{how}+line_added"
        path.write_bytes(data)
    return Spoilt(path, table.source, f"{form}:{how}", beginnings - {""})


def tried(seed: int, folder: Path, *, has_values: bool = True) -> Outcome:
    """One file, made, read twice and compared; ``has_values``: also what its cells mean."""
    made = spoilt(seed, folder)
    path, source, kind = made.path, made.source, made.kind
    try:
        table = open_table(path)
        batches = list(table.batches)
    except Rejected as refusal:
        return Outcome(kind, refusal.rule, 0, 0, ())
    slow = _slowly(path)
    rows = sum(batch.frame.height + batch.misshapen.height for batch in batches)
    expected = made.rows_begun() if path.suffix == ".csv" else slow.lines
    differences = [f"rows: {rows} read, {expected} begun"] if rows < expected else []
    differences += _shape(table.header, batches, slow)
    cells = rows * len(table.header)
    for batch in batches if has_values else ():
        resolution = resolve(table.header, SOURCES[source], lists.aliases())
        if resolution.missing or resolution.doubled:
            return Outcome(kind, "FILE-020", rows, cells, tuple(differences))
        constants = facts(path.name, None, lists.cbs_tables())
        parsed = parse(
            batch.frame,
            SOURCES[source],
            resolution.cells,
            constants=constants,
            typed=Typed(batch.numbers, table.is_excel, table.is_1904, batch.codes, batch.moments),
        )
        judged = judge(parsed, SOURCES[source])
        gone = set(batch.frame["row"]) - set(judged.good["row"])
        if not gone <= set(quarantined_rows(judged.findings)):
            differences.append("rows: some left without a finding")
        differences += _values(parsed, slow, SOURCES[source].columns, resolution.cells)
    return Outcome(kind, "read", rows, cells, tuple(differences))


def several(seeds: range, values: int) -> list[tuple[int, Outcome]]:
    """One file for each seed; in every ``values`` of them also what the cells mean."""
    warnings.simplefilter("ignore")  # openpyxl about days that are none
    with tempfile.TemporaryDirectory() as folder:
        return [(seed, tried(seed, Path(folder), has_values=seed % values == 0)) for seed in seeds]


def _slowly(path: Path) -> reference.Table:
    if path.suffix == ".xlsx":
        return reference.read_excel(path)
    if path.suffix == ".parquet":
        return reference.read_parquet(path)
    return reference.read_csv(path.read_bytes()) if path.suffix == ".csv" else reference.read_jsonl(path.read_bytes())


def _shape(header: tuple[str, ...], batches: list[Any], slow: reference.Table) -> Iterator[str]:
    if list(header) != slow.header:
        yield f"header: {header} and {slow.header}"
        return
    found = {row[0]: list(row[1:]) for batch in batches for row in batch.frame.rows()}
    misshapen = {row for batch in batches for row in batch.misshapen["row"]}
    sources = {row for batch in batches for row in batch.source_lines}
    if sources != slow.sources:
        yield f"lines that name the source: {sorted(sources)} and {sorted(slow.sources)}"
    if misshapen != slow.misshapen:
        yield f"misshapen rows: {sorted(misshapen)[:9]} and {sorted(slow.misshapen)[:9]}"
    if set(found) != set(slow.rows):
        yield f"rows: {sorted(set(found) ^ set(slow.rows))[:9]} in one of the two"
    for row in found.keys() & slow.rows.keys():
        for text, (other, _) in zip(found[row], slow.rows[row], strict=True):
            if _bare(text) != _bare(other) and not _is_same_moment(text, other):
                yield f"row {row}: {text!r} and {other!r}"


def _bare(text: str | None) -> str:
    """Without space around it, and without the mark of a byte order: a reader takes it away where its block begins."""
    return (text or "").strip().removeprefix("\ufeff").strip()


def _is_same_moment(text: str | None, other: str | None) -> bool:
    """A day that one shows as a day and the other as its midnight; a number of 17 digits of which one shows 15."""
    if text is None or other is None or other == reference.UNKNOWN:
        return other == reference.UNKNOWN
    return other.startswith(f"{text} 00:00:00") or ("." in text and len(other) > 15 and text[:8] == other[:8])


def _values(parsed: Any, slow: reference.Table, columns: Any, cells: dict[str, str]) -> Iterator[str]:
    rules: dict[tuple[int, str], str] = {(row, column): rule for row, column, rule in parsed.findings.rows()}
    unit = next((column.name for column in columns if column.name == "unit"), "")
    for column in columns:
        at = int(cells[column.name][1:]) if column.name in cells else -1
        if at < 0 or column.kind is Kind.THOUSANDS:
            continue
        for row, value in zip(parsed.frame["row"].to_list(), parsed.frame[column.name].to_list(), strict=True):
            if (
                row not in slow.rows
                or slow.rows[row][at][0] == reference.UNKNOWN
                or rules.get((row, column.name)) == "VALUE-004"
            ):
                continue
            of_unit = reference.seen(slow.rows[row][int(cells[unit][1:])][0] or "") if unit in cells else None
            cell = slow.rows[row][at]
            if column.kind in (Kind.TEXT, Kind.CODE, Kind.IDENTIFIER):
                cell = slow.codes.get((row, at), cell[0]), cell[1] and (row, at) not in slow.codes
                if (row, at) in slow.moments and not column.is_prose:
                    cell = A_MOMENT, False
            what, expected = reference.value_of(column, cell, of_unit, slow.first_day)
            found = (
                ("value", value)
                if value is not None
                else (reference.BAD if (row, column.name) in rules else reference.EMPTY, None)
            )
            is_close = isinstance(expected, float) and isinstance(value, float) and math.isclose(expected, value)
            if found != (what, expected) and not is_close:
                yield f"row {row} {column.header}: {slow.rows[row][at]!r} is {found} and {(what, expected)}"


def frame_of(outcomes: list[Outcome]) -> pl.DataFrame:
    """Grain: one way of spoiling; how many files, rejected, rows, cells and files with a difference."""
    rows = [
        (each.kind.split("+")[-1], each.status != "read", each.rows, each.cells, bool(each.differences))
        for each in outcomes
    ]
    frame = pl.DataFrame(rows, schema=["kind", "rejected", "rows", "cells", "different"], orient="row")
    return (
        frame.group_by("kind")
        .agg(pl.len().alias("files"), pl.col("rejected", "rows", "cells", "different").sum())
        .sort("kind")
    )
