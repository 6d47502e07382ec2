"""What stewards decided, told beside an explanation: it is no part of what is behind a figure.

Here: which decisions bear on a figure, and on one that is not there. Not here: their words (``versions.deliveries``,
``versions.not_counting``), the explanation (``explain``).
"""

from collections.abc import Container, Sequence

import polars as pl

from pipeline.jobs.lineage.lineage import LogLineage
from pipeline.jobs.projections import SOURCES_OF
from pipeline.versions.deliveries import letting_in
from pipeline.versions.explanation import Stated
from pipeline.versions.not_counting import Figure, not_counting
from schemas.catalogue import SOURCES
from schemas.source import Source
from schemas.table import Table
from schemas.tables.deliveries import DELIVERIES


def decided(lineage: LogLineage, figure: Figure, told: Container[Stated]) -> list[Stated]:
    """By which the deliveries that are named count, and others do not, unless it is told already; a table of deliveries
    tells it itself, column by column.
    """
    if figure.table == DELIVERIES:
        return []
    others = not_counting(lineage, figure, _sources_of(figure.table))
    return [*letting_in(lineage, figure.own), *(each for each in others if each not in told)]


def without_which_no_row(lineage: LogLineage, table: Table, key: Sequence[str]) -> list[Stated]:
    """Deliveries that do not count, where there is no such row: they were about it."""
    asked = dict(zip(table.key, key, strict=True))
    row = pl.select(_typed(value, table.polars_schema[name]).alias(name) for name, value in asked.items())
    return list(not_counting(lineage, Figure(table, row.row(0, named=True), ()), _sources_of(table)))


def _typed(value: str, kind: pl.DataType) -> pl.Expr:
    """Null where it is written otherwise."""
    text = pl.lit(value)
    return text.str.to_date(strict=False) if kind == pl.Date else text.cast(kind, strict=False)


def _sources_of(table: Table) -> dict[str, Source]:
    return {name: SOURCES[name] for name in SOURCES_OF[table.name]}
