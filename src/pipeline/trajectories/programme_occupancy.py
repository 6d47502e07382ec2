"""The curated table ``programme_occupancy``: how full programmes are, day by day.

Here: averages over days, peaks, durations. Not here: who was placed when (``progress``).
"""

from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl

from pipeline.trajectories.history import THE_ROW, Figure, History, Until, history, of_nobody
from pipeline.trajectories.horizon import KNOWN_UNTIL
from pipeline.trajectories.maximum_duration import with_maximum
from pipeline.trajectories.numbers import counted
from pipeline.trajectories.people import MEMBER, People, everybody
from pipeline.trajectories.progress import placements_of
from pipeline.trajectories.standing import COUNTS_FROM, STAY, placed_first, started_only, stays
from pipeline.trajectories.steps import TRAJECTORY
from pipeline.trajectories.whole_row import BesideRow
from pipeline.versions.explanation import Behind, Cell, Explained, Lineage, Row, Stated, Trace
from pipeline.versions.projection import Known, Projection
from schemas.sources import trajectory_events
from schemas.tables.trajectories import PROGRAMME_OCCUPANCY
from schemas.vocabulary import ALL_PROVIDERS


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    return programme_occupancy(known.once(everybody))


def programme_occupancy(people: People) -> pl.DataFrame:
    """Average and peak of stays that had started and not ended, over the days of each month."""
    daily = daily_occupancy(people)
    monthly = daily.group_by("programme_code", month=pl.col("day").dt.truncate("1mo")).agg(
        average_active=pl.col("open").mean(),
        peak_active=pl.col("open").max(),
        open_days=pl.col("open").sum(),
        days=pl.len(),
    )
    joined = monthly.join(_placements(people), on=["programme_code", "month"], how="left").sort(
        "programme_code", "month"
    )
    over = _over_maximum(people, monthly.select("programme_code", "month"))
    year = pl.col("days").rolling_sum(12).over("programme_code")
    average = pl.col("open_days").rolling_sum(12).over("programme_code") / year
    in_year = pl.col("placed").fill_null(0).rolling_sum(12, min_samples=1).over("programme_code")
    result = joined.join(over, on=["programme_code", "month"], how="left").with_columns(
        over_maximum_duration=pl.col("over_maximum_duration").fill_null(0),
        placed_in_last_12_months=in_year,
        share_to_work_pct=pl.when(average > 0).then(100.0 * in_year / average),
    )
    return PROGRAMME_OCCUPANCY.shaped(result)


def daily_occupancy(people: People) -> pl.DataFrame:
    """(programme_code, day, open) for every day of the months from the first start to the last day known."""
    stays, number = people.stays, people.number
    ended = stays.drop_nulls("ended_on").select(number, day=pl.max_horizontal("started_on", "ended_on"))
    parts = [
        counted(stays.select(number, day="started_on"), ["number", "day"]).with_columns(sign=1),
        counted(ended, ["number", "day"]).with_columns(sign=-1),
    ]
    change = (pl.col("len").cast(pl.Int64) * pl.col("sign")).sum()
    changes = people.named(pl.concat(parts)).group_by("programme_code", "day").agg(change=change)
    days = (
        changes.join(_last_days(people), on="programme_code")
        .filter(pl.col("day") <= pl.col(KNOWN_UNTIL))
        .group_by("programme_code")
        .agg(pl.col("day").min(), pl.col(KNOWN_UNTIL).first())
        .select("programme_code", day=pl.date_ranges(pl.col("day").dt.month_start(), KNOWN_UNTIL))
        .explode("day")
    )
    return (
        days.join(changes, on=["programme_code", "day"], how="left")
        .sort("programme_code", "day")
        .with_columns(open=pl.col("change").fill_null(0).cum_sum().over("programme_code"))
        .drop("change")
    )


def _last_days(people: People) -> pl.DataFrame:
    """(programme_code, known_until): the last day of which anything is known of a programme."""
    return people.last_days.filter(provider_code=ALL_PROVIDERS).drop("provider_code")


def _placements(people: People) -> pl.DataFrame:
    days = placements_of(people)
    return days.group_by("programme_code", month=pl.col("day").dt.truncate("1mo")).agg(placed=pl.len())


def _over_maximum(people: People, months: pl.DataFrame) -> pl.DataFrame:
    inside = _over(people, months)
    return inside.group_by("programme_code", "month").agg(over_maximum_duration=pl.len())


def _over(people: People, months: pl.DataFrame) -> pl.DataFrame:
    """Stays that are too long at the end of each month: where their own provider is known to that day, whatever is
    known of others.
    """
    dated = with_maximum(people.named(people.stays.with_columns(people.number)))
    late = dated.filter(pl.col("ended_on").fill_null(date.max) > pl.col("latest_end"))
    late = late.with_columns(people.client_keys(late[MEMBER]))
    last = pl.min_horizontal(pl.col("month").dt.month_end(), f"{KNOWN_UNTIL}_programme")
    return (
        months.join(late.select(*STAY, "latest_end", "ended_on", KNOWN_UNTIL), on="programme_code")
        .join(_last_days(people), on="programme_code", suffix="_programme")
        .filter(
            (pl.col("latest_end") <= pl.min_horizontal(last, KNOWN_UNTIL))
            & (pl.col("ended_on").is_null() | (pl.col("ended_on") > last))
        )
    )


def _figure(row: Row, column: str) -> Figure:
    return Figure(PROGRAMME_OCCUPANCY, row, column, _of)


def _of(history: History) -> pl.DataFrame:
    return programme_occupancy(history.people)


def _open_behind(lineage: Lineage, row: Row, column: str) -> Iterator[Behind]:
    """Starts and ends of the stays that were open: in the month, or on its fullest day."""
    of, figure = history(lineage, row["programme_code"]), _figure(row, column)
    end = of.last_day(ALL_PROVIDERS, row["month"])
    daily = daily_occupancy(of.people).filter(pl.col("day").is_between(row["month"], end), programme_code=of.programme)
    known = {ALL_PROVIDERS: (row["month"], end)}
    if not daily["open"].max():
        yield from _somebody(of, known, figure, is_over=True)
        return
    open_until = pl.max_horizontal("started_on", pl.col("ended_on").fill_null(date.max))
    if column == "peak_active":
        day = daily.sort("open", "day", descending=[True, False])["day"][0]
        there = stays(of.trajectories).filter(pl.col("started_on") <= day, open_until > day)
        yield from of.traces([of.started(_longest(of, there))], {ALL_PROVIDERS: (day, end)}, figure)
        return
    there = stays(of.trajectories).filter(
        pl.col("started_on") <= end, open_until > row["month"], open_until > pl.col("started_on")
    )
    chosen = _longest(of, there)
    if daily["open"].n_unique() > 1:
        # Only an average that every day has alike is that of fewer days, too.
        known = {ALL_PROVIDERS: (end, end)}
    yield from of.traces([of.started(chosen), of.ended(chosen.filter(pl.col("ended_on") <= end))], known, figure)


def _over_behind(lineage: Lineage, row: Row, column: str) -> Iterator[Behind]:
    """The starts of the stays that had passed the maximum, as far as their providers are known."""
    of, figure = history(lineage, row["programme_code"]), _figure(row, column)
    end = of.last_day(ALL_PROVIDERS, row["month"])
    known: dict[str, Until] = {ALL_PROVIDERS: (row["month"], end)}
    late = _over(of.people, pl.DataFrame({"programme_code": [of.programme], "month": [row["month"]]}))
    if late.is_empty():
        yield from _somebody(of, known, figure, is_over=False)
        return
    passed = late.group_by("provider_code").agg(pl.col("latest_end").max())
    known |= {str(code): (latest, latest) for code, latest in passed.iter_rows()}
    yield from of.traces([of.started(_longest(of, late))], known, figure)


def _somebody(of: History, known: Mapping[str, Until], figure: Figure, *, is_over: bool) -> Iterator[Trace]:
    """The first who was there, by whom there is a row at all; with the end where it matters that it is over."""
    first = _longest(of, stays(of.trajectories).sort("started_on", *STAY).head(1))
    until = max(most for _, most in known.values())
    passed = with_maximum(first).filter(pl.col("latest_end") <= until)
    ended = first.filter(pl.col("ended_on") <= until) if is_over or passed.height else first.clear()
    yield from of_nobody(of.traces([of.started(first), of.ended(ended)], known, figure))


def _row_behind(lineage: Lineage, row: Row, _column: str) -> Iterator[Trace]:
    """The first who was there, by whom there is a row."""
    of, figure = history(lineage, row["programme_code"]), _figure(row, THE_ROW)
    first = _longest(of, stays(of.trajectories).sort("started_on", *STAY).head(1))
    until = of.last_day(ALL_PROVIDERS, row["month"])
    yield from of.traces([of.started(first)], {ALL_PROVIDERS: (row["month"], until)}, figure)


def _longest(of: History, chosen: pl.DataFrame) -> pl.DataFrame:
    """Of each stay the trajectory that lasts as long as it does."""
    own = started_only(of.trajectories).join(chosen, on=STAY, how="semi")
    return own.sort(pl.col("ended_on").fill_null(date.max), *TRAJECTORY).unique(STAY, keep="last", maintain_order=True)


def _year(month: date) -> list[date]:
    """The month and the eleven before, first month first."""
    return pl.select(pl.date_range(pl.lit(month).dt.offset_by("-11mo"), pl.lit(month), "1mo")).to_series().to_list()


def _placed_behind(lineage: Lineage, row: Row, column: str) -> Iterator[Behind]:
    of, figure = history(lineage, row["programme_code"]), _figure(row, column)
    day = of.last_day(ALL_PROVIDERS, row["month"])
    every = placed_first(of.trajectories, ["programme_code"])
    placed = every.filter(pl.col(COUNTS_FROM).is_between(_year(row["month"])[0], day))
    known = {ALL_PROVIDERS: (row["month"], day)}
    if placed.height:
        yield from of.traces([of.started(placed), of.placed(placed)], known, figure)
    else:
        yield from _somebody(of, known, figure, is_over=False)


def _share_behind(lineage: Lineage, row: Row, column: str) -> Iterator[Behind]:
    """Placements, and the average occupancy of each of the twelve months."""
    keys = [(row["programme_code"], month) for month in _year(row["month"])]
    is_whole = all(lineage.row(PROGRAMME_OCCUPANCY, key) is not None for key in keys)
    if row[column] is None:
        yield Stated("empty", "nobody was there in the year" if is_whole else "before a full year")
        of, figure = history(lineage, row["programme_code"]), _figure(row, column)
        known = {ALL_PROVIDERS: (row["month"], of.last_day(ALL_PROVIDERS, row["month"]))}
        yield from _somebody(of, known, figure, is_over=is_whole)
        return
    yield from _ended_between(lineage, row)
    yield Cell("placed", PROGRAMME_OCCUPANCY, keys[-1], "placed_in_last_12_months")
    yield from (Cell("of", PROGRAMME_OCCUPANCY, key, "average_active") for key in keys)


def _ended_between(lineage: Lineage, row: Row) -> Iterator[Trace]:
    """Ends of stays on the first day of a month of the year. They are no part of the averages: the month before ends
    with the stay, this one begins without it. But for a year of both it has to be known that it did not go on.
    """
    of = history(lineage, row["programme_code"])
    first = pl.Series(_year(row["month"])[1:])
    over = stays(of.trajectories).filter(
        pl.col("ended_on").is_in(first.implode()), pl.col("started_on") < pl.col("ended_on")
    )
    yield from lineage.traces("ended", trajectory_events.SOURCE, of.ended(_longest(of, over)))


PROJECTION = Projection(
    table=PROGRAMME_OCCUPANCY,
    inputs=(trajectory_events.SOURCE,),
    project=project,
    explain=(
        Explained(("average_active", "peak_active"), _open_behind),
        Explained(("over_maximum_duration",), _over_behind),
        Explained(("placed_in_last_12_months",), _placed_behind),
        Explained(("share_to_work_pct",), _share_behind),
        Explained(PROGRAMME_OCCUPANCY.key, _row_behind),
    ),
    beside_row=BesideRow(PROGRAMME_OCCUPANCY, _of),
)
