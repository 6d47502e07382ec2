"""The rows of the log that count in a state, also of sources that it holds as counts or by provider.

Here: reading no more than the deliveries that decide, from the files of the years that are asked about. Not here: which
of the rows a figure rests on (the projections).
"""

from collections.abc import Container, Mapping
from datetime import date

import polars as pl

from pipeline.jobs.as_of.as_of_state import AsOfState
from pipeline.jobs.as_of.log_contents import LogContents
from pipeline.jobs.projections import BY_PROVIDER
from pipeline.versions.status_by_day import READING
from pipeline.versions.supersede import winning
from schemas.source import ReadMode, Source


def counting_rows(state: AsOfState, source: Source, where: Mapping[str, object]) -> pl.DataFrame:
    """The rows that count with these values: which delivery wins is decided before values outside the scope are
    looked at.
    """
    of_scope = _filters({name: value for name, value in where.items() if name in source.scope})
    if source.read is ReadMode.WHOLE:
        ranks = state.contents.statuses.ranks(source.name, state.day)
        counting = winning(state.contents.rows(source).filter(of_scope), ranks, source.scope)
    elif source.read is ReadMode.COUNTED:
        counting = counting_scan(state, source, where).collect()
    else:
        counting = _of_providers(state, source, of_scope, _filters(where))
    return counting.filter(_filters(where)).sort("delivered_on", "delivery", "row")


def told_rows(state: AsOfState, source: Source, where: Mapping[str, object]) -> pl.DataFrame:
    """The rows of every delivery that counts with these values of the scope, also those that a later one replaced; with
    rank and day of the delivery.
    """
    ranks = state.contents.statuses.ranks(source.name, state.day)
    table = state.contents.workspace.log.sources[source.name]
    rows = table.rows(ranks["delivery"].to_list()).filter(_filters(where))
    own = ["delivered_on", "recorded_at"]
    return rows.drop(own).join(ranks.lazy(), on=READING).collect().sort("rank", "row")


def sharing(state: AsOfState, source: Source, delivery: str) -> pl.DataFrame:
    """The scopes of a delivery that counts, with every delivery that counts and is about one of them, itself included:
    delivery, rank, delivered_on and the scope.
    """
    ranks = state.contents.statuses.ranks(source.name, state.day).select(
        "delivery", *READING[1:], "rank", "delivered_on"
    )
    scope, table = list(source.scope), state.contents.workspace.log.sources[source.name]
    own = table.rows([delivery]).join(ranks.lazy(), on=READING, how="semi").select(scope).unique().collect()
    near, years = pl.lit(value=True), None
    if source.valid_on in scope:
        first, last = own[source.valid_on].min(), own[source.valid_on].max()
        near = pl.col(source.valid_on).is_between(first, last)
        if isinstance(first, date) and isinstance(last, date):
            years = range(first.year, last.year + 1)
    rows = table.rows(years=years).filter(near).select(*READING, *scope).unique()
    about = rows.join(own.lazy(), on=scope, how="semi", nulls_equal=True).join(ranks.lazy(), on=READING)
    return about.select("delivery", "rank", "delivered_on", *scope).unique().collect().sort("rank", *scope)


def _filters(where: Mapping[str, object]) -> pl.Expr:
    named = [pl.col(name).eq_missing(pl.lit(value)) for name, value in where.items()]
    return pl.all_horizontal(pl.lit(value=True), *named)


def counting_scan(state: AsOfState, source: Source, where: Mapping[str, object]) -> pl.LazyFrame:
    """The rows of a source that is held as counts, that count with these values of the scope: not read yet, so that who
    needs few columns reads few.
    """
    scope = {name: value for name, value in where.items() if name in source.scope}
    won, table = deciding(state, source, scope), state.contents.workspace.log.sources[source.name]
    rows = table.rows(won["delivery"].to_list(), years=_years(source, scope)).filter(_filters(scope))
    own = ["delivered_on", "recorded_at", "rules_version"]
    if won.height == 1:
        reading = [pl.col(name) == won[name][0] for name in READING]
        return rows.filter(reading).with_columns(pl.lit(won[name][0], won.schema[name]).alias(name) for name in own)
    of_reading = rows.join(won.lazy().select(*READING, *source.scope), on=[*READING, *source.scope], how="semi")
    days = won.lazy().select("delivery", *own).unique()
    return of_reading.drop(own).join(days, on="delivery")


def deciding(state: AsOfState, source: Source, scope: Mapping[str, object]) -> pl.DataFrame:
    """Of a source that is held as counts: which readings win which scopes with these values."""
    ranks = state.contents.statuses.ranks(source.name, state.day)
    return winning(_readings_about(state, source, scope), ranks, source.scope)


def _readings_about(state: AsOfState, source: Source, scope: Mapping[str, object]) -> pl.DataFrame:
    """Which readings that count are about which scopes. Once, for all days."""
    contents, asked = state.contents, (source.name, *scope.items())
    if asked not in contents.readings_about:
        contents.readings_about[asked] = _found_about(contents, source, scope)
    found = contents.readings_about[asked]
    reading = [name for name in READING if name in found.columns]
    return found.join(contents.statuses.ranks(source.name, state.day), on=reading, how="semi")


def _found_about(contents: LogContents, source: Source, scope: Mapping[str, object]) -> pl.DataFrame:
    """All readings about these scopes: by the counts where they have been read, and where many scopes are asked about;
    else, and where some are not counted yet by this version of the program, by the log.
    """
    if source.name in contents.read or contents.readings_about:
        about = contents.scopes_counted(source)
        if about is not None:
            return about.filter(_filters(scope))
    rows = contents.workspace.log.sources[source.name].rows(years=_years(source, scope)).filter(_filters(scope))
    return _each_once(rows.select(*READING, *source.scope))


def _each_once(rows: pl.LazyFrame) -> pl.DataFrame:
    """Rows of a delivery lie together: comparing each with the one before leaves few to hash."""
    is_other = [pl.col(name).ne_missing(pl.col(name).shift()) for name in rows.collect_schema().names()]
    is_first = pl.int_range(pl.len()) == 0
    return rows.filter(pl.any_horizontal(is_first, *is_other)).collect().unique()


def _years(source: Source, scope: Mapping[str, object]) -> Container[int] | None:
    """The years of the files that hold such rows; None where it may be any."""
    day = scope.get(source.valid_on)
    return (day.year,) if isinstance(day, date) else None


def _of_providers(state: AsOfState, source: Source, of_scope: pl.Expr, wanted: pl.Expr) -> pl.DataFrame:
    """All versions of what has these values in one of them; then the last of each."""
    ranks = state.contents.statuses.ranks(source.name, state.day)
    table = state.contents.workspace.log.sources[source.name]
    needed = [*dict.fromkeys((*READING, "row", *source.scope, *BY_PROVIDER[source.name].columns))]
    read = table.rows(ranks["delivery"].to_list()).filter(of_scope).select(needed)
    rows = read.join(ranks.lazy(), on=READING, how="semi")
    asked = rows.filter(wanted).select(source.scope).unique().collect()
    versions = rows.join(asked.lazy(), on=list(source.scope), how="semi").collect()
    return winning(versions, ranks, source.scope)
