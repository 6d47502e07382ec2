"""Where a curated figure comes from: rows of files, other figures with theirs, reference data.

Here: asking the declared explanations, and following each figure to those it comes from. Not here: what is behind a
figure (the projections), reading for it (``lineage``), printing.
"""

import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from pipeline.jobs.as_of.as_of_state import AsOfState
from pipeline.jobs.as_of.log_contents import LogContents
from pipeline.jobs.lineage.decided import decided, without_which_no_row
from pipeline.jobs.lineage.lineage import LogLineage
from pipeline.jobs.lineage.once_named import without_what_others_show
from pipeline.jobs.projections import PROJECTIONS
from pipeline.jobs.release.known_on import state_on
from pipeline.jobs.show import NothingToShow, current_release, declared, one_row, with_column
from pipeline.jobs.workspace import Workspace
from pipeline.store.releases.releases import Release
from pipeline.versions.explanation import Behind, Cell, Row, Stated, Trace
from pipeline.versions.not_counting import Figure
from schemas.table import Table


@dataclass(frozen=True)
class ExplainedCell:
    """A figure that another one comes from: which it is, and what is behind it."""

    part: str
    table: str
    key: tuple[str, ...]
    column: str
    known_on: date | None
    """The day as known on which it is meant; None is the release."""
    value: Any
    own: tuple[Trace, ...]
    """Rows that it is counted from; none where it comes from other figures alone."""
    cells: tuple["ExplainedCell", ...]
    stated: tuple[Stated, ...]
    release: str | None = None
    """The release in which it is meant, also where only a figure above it names one; None is the one that was asked
    about.
    """

    @property
    def traces(self) -> tuple[Trace, ...]:
        """All rows behind it, also of the figures that it comes from."""
        return _joined([*self.own, *(trace for cell in self.cells for trace in cell.traces)])

    def as_dict(self) -> dict[str, Any]:
        return {
            "part": self.part,
            "table": self.table,
            "key": list(self.key),
            "column": self.column,
            "known_on": self.known_on.isoformat() if self.known_on else None,
            "release": self.release,
            "value": self.value,
            "traces": [trace.as_dict() for trace in self.own],
            "cells": [cell.as_dict() for cell in self.cells],
            "stated": [{"part": each.part, "text": each.text} for each in self.stated],
        }


@dataclass(frozen=True)
class Explanation:
    """A row of a curated table, or one of its figures, and what is behind it."""

    table: str
    figure: dict[str, Any]
    """The row, by column."""
    own: tuple[Trace, ...]
    """Rows that are counted for it directly."""
    cells: tuple[ExplainedCell, ...] = ()
    """Other figures that it comes from, each with what is behind it."""
    stated: tuple[Stated, ...] = ()
    """What no delivery says, such as reference data."""
    column: str | None = None
    """The figure that was asked about; None where the whole row was."""
    known_on: date | None = None
    """The past day that was asked about; None is the release."""

    @property
    def traces(self) -> tuple[Trace, ...]:
        """One per delivery and part, with file name and row numbers: all rows behind it."""
        return _joined([*self.own, *(trace for cell in self.cells for trace in cell.traces)])

    @property
    def value(self) -> Any:
        """The figure that was asked about."""
        return None if self.column is None else self.figure[self.column]

    def as_dict(self) -> dict[str, Any]:
        return {
            "table": self.table,
            "column": self.column,
            "known_on": self.known_on.isoformat() if self.known_on else None,
            "value": self.value,
            "figure": self.figure,
            "own": [trace.as_dict() for trace in self.own],
            "traces": [trace.as_dict() for trace in self.traces],
            "cells": [cell.as_dict() for cell in self.cells],
            "stated": [{"part": each.part, "text": each.text} for each in self.stated],
        }


def explain_figure(
    workspace: Workspace, table: str, key: Sequence[str], *, column: str | None = None, known_on: date | None = None
) -> Explanation:
    """Follow one row of a curated table, or one figure in it, back to the files.

    ``key`` holds its key values in the order of the table's key; ``known_on`` asks as known on a past day.
    """
    declaration = declared(table)
    if column is not None:
        with_column(declaration, column)
    lineage = lineage_of(workspace, current_release(workspace.settings), declaration, known_on)
    try:
        row = one_row(lineage.scan(declaration), declaration, key, known_on)
    except NothingToShow as error:
        taken_back = " ".join(f"{each.text}." for each in without_which_no_row(lineage, declaration, key))
        raise NothingToShow(f"{error} {taken_back}".rstrip()) from error
    return explained(lineage, declaration, row, column)


def lineage_of(workspace: Workspace, release: Release, table: Table, known_on: date | None = None) -> LogLineage:
    """What explanations of a table may ask: of the log as it was when the release was made, or of a past day as
    ``show`` and ``path`` mean it.
    """
    projection = PROJECTIONS[table.name]
    if known_on is not None:
        return LogLineage(state_on(workspace, known_on, lambda _: None), projection)
    events = workspace.log.events().head(release.manifest["events"])
    contents = LogContents(workspace, events, lambda _: None, keeps=False)
    return LogLineage(AsOfState(contents), projection, release)


def explained(lineage: LogLineage, table: Table, row: Row, column: str | None = None) -> Explanation:
    """A row, one figure in it, or of a value of its key what shows that there is such a row."""
    follow = _Following(lineage)
    behind = list(_asked(follow, table, row, column))
    cells = follow.cells(behind)
    if column is None:
        behind += follow.beside_row(table, row, behind, cells)
    own = _together(each for each in behind if isinstance(each, Trace))
    behind += decided(lineage, Figure(table, row, own), _told(cells))
    return Explanation(table.name, dict(row), own, cells, _distinct(behind), column, lineage.day)


def _asked(follow: "_Following", table: Table, row: Row, column: str | None) -> Iterable[Behind]:
    if column is None:
        yield from _of_whole_row(follow, table, row)
    elif column in table.key:
        shows = PROJECTIONS[table.name].shows_row
        as_behind = "" if shows in table.key else f", as behind {shows}"
        yield Stated("part of the key", f"what shows that there is such a row{as_behind}")
        yield from follow.behind(table, row, shows)
    else:
        yield from follow.behind(table, row, column)


def _of_whole_row(follow: "_Following", table: Table, row: Row) -> Iterable[Behind]:
    """What its figures are counted from, and once each the figures of other rows that stand beside them."""
    columns, aside = _parts_of_row(table)
    key = tuple(row[name] for name in table.key)
    named, every = set(), [each for name in columns for each in follow.behind(table, row, name)]
    for each in without_what_others_show(every):
        if not isinstance(each, Cell):
            yield each
        elif (each.table, each.key, each.release) != (table, key, None) or each.known_on not in (None, follow.day):
            figure = replace(each, part="")
            if figure not in named:
                yield each
            named.add(figure)
    if aside:
        yield Stated("to be asked apart (--column)", ", ".join(aside))


def _parts_of_row(table: Table) -> tuple[list[str], list[str]]:
    """The columns that the answer about a whole row is about, and those that it leaves aside."""
    aside = {name for each in PROJECTIONS[table.name].explain if each.is_aside for name in each.columns}
    return [name for name in table.not_key if name not in aside], [name for name in table.not_key if name in aside]


class _Following:
    """From figure to figure, each of them once."""

    def __init__(self, lineage: LogLineage) -> None:
        self._lineage = lineage
        self._seen: dict[tuple[str | None, date | None, str, tuple[str, ...], str], ExplainedCell] = {}
        self._releases: dict[str, LogLineage] = {}

    @property
    def day(self) -> date | None:
        return self._lineage.day

    def behind(self, table: Table, row: Row, column: str, lineage: LogLineage | None = None) -> list[Behind]:
        of_table = (lineage or self._lineage).of(table)
        found = next(each for each in PROJECTIONS[table.name].explain if column in each.columns)
        return list(found.behind(of_table, row, column))

    def beside_row(
        self, table: Table, row: Row, behind: Iterable[Behind], cells: Iterable[ExplainedCell]
    ) -> list[Trace]:
        """What it takes beside what is behind the columns of a row, and behind the figures that they come from."""
        beside, own = PROJECTIONS[table.name].beside_row, [each for each in behind if isinstance(each, Trace)]
        named = [*own, *(trace for cell in cells for trace in cell.traces)]
        return [] if beside is None else list(beside(self._lineage.of(table), row, named))

    def cells(self, behind: Iterable[Behind], lineage: LogLineage | None = None) -> tuple[ExplainedCell, ...]:
        at = lineage or self._lineage
        return tuple(cell for each in dict.fromkeys(behind) if isinstance(each, Cell) for cell in self._cell(each, at))

    def _cell(self, cell: Cell, lineage: LogLineage) -> Iterable[ExplainedCell]:
        at = self._place(cell, lineage)
        name = (at.apart, at.day, cell.table.name, tuple(map(str, cell.key)), cell.column)
        if name not in self._seen:
            row = at.row(cell.table, cell.key)
            if row is None:
                return
            behind = self.behind(cell.table, row, cell.column, at)
            own = _together(each for each in behind if isinstance(each, Trace))
            below = self.cells(behind, at)
            behind += decided(at, Figure(cell.table, row, own), _told(below))
            self._seen[name] = ExplainedCell(
                cell.part, cell.table.name, name[3], cell.column, at.day, row[cell.column], own,
                below, _distinct(behind), at.apart,
            )  # fmt: skip
        yield replace(self._seen[name], part=cell.part)

    def _place(self, cell: Cell, lineage: LogLineage) -> LogLineage:
        """The state of the log in which a figure is meant; each is read once."""
        if cell.release is not None:
            if cell.release not in self._releases:
                self._releases[cell.release] = lineage.in_release(cell.release)
            return self._releases[cell.release]
        return lineage if cell.known_on is None or cell.known_on == lineage.day else lineage.on(cell.known_on)


def _told(cells: Iterable[ExplainedCell]) -> set[Stated]:
    """What is stated below."""
    return {each for cell in cells for each in (*cell.stated, *_told(cell.cells))}


def _distinct(behind: Iterable[Behind]) -> tuple[Stated, ...]:
    return tuple(each for each in dict.fromkeys(behind) if isinstance(each, Stated))


def _together(traces: Iterable[Trace]) -> tuple[Trace, ...]:
    """One trace per part and delivery, with all its rows in order."""
    return _joined(map(_in_order, traces))


def _joined(traces: Iterable[Trace]) -> tuple[Trace, ...]:
    """The same of traces whose rows are in order: nearly always there is one of a kind, which is as it should be."""
    found: dict[tuple[str, str, str, str], list[Trace]] = {}
    for trace in traces:
        found.setdefault((trace.part, trace.source, trace.delivery, trace.file_name), []).append(trace)
    return tuple(each[0] if len(each) == 1 else _as_one(each) for each in found.values())


def _in_order(trace: Trace) -> Trace:
    """Nearly always they are: hundreds of thousands are not sorted for nothing."""
    is_in_order = not any(map(operator.ge, trace.rows, islice(trace.rows, 1, None)))
    return trace if is_in_order else replace(trace, rows=tuple(sorted(set(trace.rows))))


def _as_one(traces: list[Trace]) -> Trace:
    return replace(traces[0], rows=tuple(sorted(set().union(*(trace.rows for trace in traces)))))
