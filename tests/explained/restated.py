"""Figures that a release changed, tried: what is named before and after gives the figure, from the log as it was then.

Not here: figures of the last state of the log (``trial``).
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from pipeline.jobs.as_of.as_of_state import AsOfState
from pipeline.jobs.as_of.log_contents import LogContents
from pipeline.jobs.lineage.explain import ExplainedCell, explained, lineage_of
from pipeline.jobs.release.release_history import ReleaseHistory
from pipeline.jobs.show import current_release
from schemas.catalogue import TABLES
from schemas.tables.deliveries import RESTATEMENTS
from tests.explained.trial import Asked, Lived, Tried, faults, names_of
from tests.jobs.folder import Folder


@dataclass(frozen=True)
class Released:
    """The log as it was when a release was made."""

    log: Lived

    @cached_property
    def whole(self) -> LogContents:
        return self.log.whole()

    def asked(self, cell: ExplainedCell) -> Asked:
        """The figure of a restatement, asked of the log."""
        table = TABLES[cell.table]
        rows = AsOfState(self.whole).table(cell.table)
        row = next(each for each in rows.iter_rows(named=True) if _written(table.key, each) == cell.key)
        return Asked(table, row, cell.column, None)


def _written(key: tuple[str, ...], row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in key)


def try_restated(folder: Folder, chance: random.Random, count: int, most: int) -> Tried:
    """So many restatements of a folder that published releases, the figures before and after of each."""
    workspace = folder.writer()
    lineage = lineage_of(workspace, current_release(workspace.settings), RESTATEMENTS)
    rows = lineage.scan(RESTATEMENTS).collect().to_dicts()
    releases, tried = _releases(Lived.of(workspace)), Tried()
    for row in chance.sample(rows, min(count, len(rows))):
        found = explained(lineage, RESTATEMENTS, row, "value_after")
        tried.cells += 1
        tried.rows += len({*names_of(found.traces)})
        told = {cell.part: cell.value for cell in found.cells}
        wanted = {"before": row["value_before"], "after": row["value_after"]}
        if told != {part: value for part, value in wanted.items() if value is not None}:
            tried.insufficient.append(f"{row}: {told}")
        for cell in found.cells:
            for kind, fault in _faults(releases[str(cell.release)], cell, chance, most):
                (tried.insufficient if kind == "insufficient" else tried.unneeded).append(f"{cell.part}: {fault}")
            tried.left_out += min(most, len({*names_of(cell.traces)}))
    return tried


def _releases(log: Lived) -> dict[str, Released]:
    published = ReleaseHistory.of(log.workspace).published.select("release", "events")
    return {name: Released(replace(log, events=log.events.head(events))) for name, events in published.iter_rows()}


def _faults(then: Released, cell: ExplainedCell, chance: random.Random, most: int) -> Iterator[tuple[str, str]]:
    """Whether the rows that explain the figure in its release are those of the log of then, and give it."""
    asked = then.asked(cell)
    if asked.row[asked.column] != cell.value or asked.names(then.whole) != frozenset(names_of(cell.traces)):
        yield "insufficient", f"{asked}: explained by other rows in its release than in the log"
    yield from faults(then.log, then.whole, asked, chance, most)
