"""The curated table ``restatements``: figures that a release changed. Made by the history of releases
(``jobs.release.release_history``), since it names the release it is part of; explained here.
"""

from collections.abc import Iterable

import polars as pl

from pipeline.versions.deliveries import whole_delivery
from pipeline.versions.explanation import Behind, Cell, Lineage, Row, every_column
from pipeline.versions.figure_diff import KEY_SEPARATOR
from pipeline.versions.projection import Projection
from schemas.catalogue import TABLES
from schemas.table import Table
from schemas.tables.deliveries import RESTATEMENTS


def explain(lineage: Lineage, row: Row) -> Iterable[Behind]:
    """The figure in the release before and in this one, each with its rows then; and the delivery that caused it."""
    table = TABLES[row["table"]]
    key = _key(table, row["key"])
    if key is not None and row["column"] in table.columns:
        for part, release, value in (
            ("before", row["previous_release"], row["value_before"]),
            ("after", row["release"], row["value_after"]),
        ):
            if value is not None:
                yield Cell(part, table, key, row["column"], release=release)
    yield from whole_delivery(lineage, row["cause"] or "", part=f"cause: {row['event']}")


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


PROJECTION = Projection(table=RESTATEMENTS, inputs=(), project=None, explain=every_column(RESTATEMENTS, explain))
