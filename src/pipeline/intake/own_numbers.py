"""Texts with the number of the person whom their own row is about: VALUE-004, as any other number of a person.

Here: one batch, its columns read. Not here: numbers of others, which each column is searched for as it is read
(``column_values``), when a text holds its own (``schemas.own_numbers``).
"""

from collections.abc import Collection

import polars as pl

from pipeline.intake.findings import no_findings
from schemas.column import Column, Identifies
from schemas.number_columns import passes_eleven_test
from schemas.own_numbers import holds_own_number
from schemas.source import Source


def without_own_numbers(
    frame: pl.DataFrame, source: Source, searched: Collection[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The batch without such texts, and a finding for each; ``searched``: columns with digits enough to hold one."""
    persons = [_numbers(frame, each) for each in source.columns if each.identifies is not None]
    texts = [
        each.name
        for each in source.columns
        if each.name in searched and each.dtype == pl.String and not each.is_replaced
    ]
    holds = {name: holds_own_number(frame[name], persons) for name in texts if persons}
    held = {name: each for name, each in holds.items() if each.any()}
    rows = [
        frame.filter(each).select("row", pl.lit(name).alias("column"), pl.lit("VALUE-004").alias("rule"))
        for name, each in held.items()
    ]
    emptied = [pl.when(~each).then(pl.col(name)).alias(name) for name, each in held.items()]
    return frame.with_columns(emptied), pl.concat([no_findings(), *rows])


def _numbers(frame: pl.DataFrame, column: Column) -> pl.Series:
    """Numbers of persons in a column that says whom a row is about: whoever has no number of his own for a client may
    give that of the person in its place.
    """
    values = frame[column.name]
    if column.identifies is Identifies.PERSON:
        return values
    numbers = values.str.extract(_LONE).cast(pl.Int64).alias("number")
    is_one = numbers.to_frame().select(passes_eleven_test(pl.col("number"))).to_series()
    distinct = pl.DataFrame([numbers, is_one.alias("is_one")]).drop_nulls().unique()
    if distinct.is_empty() or distinct["is_one"].mean() <= _MOST_BY_CHANCE:  # type: ignore[operator]
        return pl.Series(column.name, [None], dtype=pl.Int64).new_from_index(0, frame.height)
    return numbers.zip_with(is_one.fill_null(value=False), pl.Series([None], dtype=pl.Int64))


_MOST_BY_CHANCE = 0.5
"""Of a provider's own numbers one in eleven passes the test."""
_LONE = "(?:^|[^0-9])([0-9]{8,9})(?:[^0-9]|$)"
