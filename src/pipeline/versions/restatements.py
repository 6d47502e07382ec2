"""The curated table ``restatements``: figures that a release changed. Made by the history of releases
(``jobs.release.release_history``), since it names the release it is part of; explained here.
"""

from collections.abc import Iterable

import polars as pl

from pipeline.versions.deliveries import whole_delivery
from pipeline.versions.explanation import Cell, Explained, Lineage, Row, Trace
from pipeline.versions.figure_diff import KEY_SEPARATOR
from pipeline.versions.projection import Projection
from schemas.catalogue import TABLES
from schemas.table import Table
from schemas.tables.deliveries import RESTATEMENTS


def _figures(_lineage: Lineage, row: Row, _column: str) -> Iterable[Cell]:
    """The figure in the release before and in this one, each with its rows then."""
    table = TABLES[row["table"]]
    key = _key(table, row["key"])
    if key is not None and row["column"] in table.columns:
        for part, release, value in (
            ("before", row["previous_release"], row["value_before"]),
            ("after", row["release"], row["value_after"]),
        ):
            if value is not None:
                yield Cell(part, table, key, row["column"], release=release)


def _cause(lineage: Lineage, row: Row, _column: str) -> Iterable[Trace]:
    """The delivery that caused the change."""
    return whole_delivery(lineage, row["cause"] or "", part=f"cause: {row['event']}")


def _key(table: Table, text: str) -> tuple[object, ...] | None:
    """The values of a key that was written as one text; None where an earlier version of the program had another."""
    parts = text.split(KEY_SEPARATOR)
    if len(parts) != len(table.key):
        return None
    values = dict(zip(table.key, parts, strict=True))
    kinds = table.polars_schema
    typed = [
        pl.col(name).str.to_date() if kinds[name] == pl.Date else pl.col(name).cast(kinds[name]) for name in table.key
    ]
    return pl.DataFrame([values]).select(typed).row(0)


_OF_FIGURES = ("kind", "value_before", "value_after", "previous_release", "published_at")

PROJECTION = Projection(
    table=RESTATEMENTS,
    inputs=(),
    project=None,
    explain=(
        Explained(_OF_FIGURES, _figures),
        Explained(tuple(name for name in RESTATEMENTS.not_key if name not in _OF_FIGURES), _cause, is_aside=True),
    ),
)
