"""The curated table ``placement_outcomes``: what became of the benefit of clients who were placed.

Here: placements beside the caseload. Not here: who is in stock (``caseload.stock_membership``), on which dates the
outcome hangs (``outcome_dates``).
"""

from collections.abc import Iterator
from functools import partial

import polars as pl

from pipeline.caseload.stock_membership import as_membership, benefits_found, stock_membership
from pipeline.trajectories.as_known import settled_on
from pipeline.trajectories.history import THE_ROW, Figure, History, Until, history, named, not_yet, of_nobody
from pipeline.trajectories.outcome_dates import dates_asked
from pipeline.trajectories.provider_digest import KNOWN_PART, part
from pipeline.trajectories.settle import jobs_deciding
from pipeline.trajectories.standing import FIRST_PLACED, placed_first
from pipeline.trajectories.steps import TRAJECTORY
from pipeline.versions.explanation import Behind, Explained, Lineage, Row
from pipeline.versions.projection import Known, Projection
from schemas.limits.figures import DURABLE_MONTHS, RECENT_STOCK_DAYS
from schemas.sources import caseload, trajectory_events
from schemas.sources.caseload import IS_LIVE
from schemas.tables.trajectories import PLACEMENT_OUTCOMES, TRAJECTORIES
from schemas.vocabulary import EventKind

_OUTCOMES = PLACEMENT_OUTCOMES.not_key


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    trajectories = known.table(TRAJECTORIES)
    dates = known.rows(caseload.SOURCE)["reference_date"].unique()
    membership = stock_membership(known, dates_asked(trajectories, dates))
    return placement_outcomes(trajectories, membership, part(known, KNOWN_PART)["client_key"].unique())


def placement_outcomes(
    trajectories: pl.DataFrame, membership: pl.DataFrame, known_by_bsn: pl.Series | None = None
) -> pl.DataFrame:
    """What became of the benefit of clients who were placed: placement, end of benefit and lasting work are three
    things.

    ``membership``: (client_key, reference_date) of clients and partners in stock; rows without a client list every
    reference date of the record. ``known_by_bsn``: keys of the clients that the caseload may know; all, when not given.
    """
    each = outcomes(trajectories, membership, known_by_bsn)
    counts = each.group_by("programme_code").agg(pl.col(_OUTCOMES).sum())
    return PLACEMENT_OUTCOMES.shaped(counts)


def outcomes(
    trajectories: pl.DataFrame, membership: pl.DataFrame, known_by_bsn: pl.Series | None = None
) -> pl.DataFrame:
    """The trajectory in which each client was placed first, with the reference dates that were looked at (``before``,
    ``after``), and true in each column of the table in which the client counts.
    """
    first = placed_first(trajectories, ["programme_code"])
    dates = membership.select(pl.col("reference_date").unique().sort())
    due = pl.col("placed_on").dt.offset_by(f"{DURABLE_MONTHS}mo")
    timed = (
        first.with_columns(due=due)
        .sort("placed_on")
        .join_asof(
            dates.rename({"reference_date": "before"}), left_on="placed_on", right_on="before", strategy="backward"
        )
        .sort("due")
        .join_asof(dates.rename({"reference_date": "after"}), left_on="due", right_on="after", strategy="forward")
    )
    there = membership.drop_nulls("client_key").unique().with_columns(is_there=pl.lit(value=True))
    timed = _is_there(_is_there(timed, there, "before"), there, "after")
    is_recent = (pl.col("placed_on") - pl.col("before")).dt.total_days() <= RECENT_STOCK_DAYS
    may_be_known = pl.lit(value=True) if known_by_bsn is None else pl.col("client_key").is_in(known_by_bsn.implode())
    could_look = is_recent.fill_null(value=False) & (may_be_known | pl.col("there_before"))
    had = could_look & pl.col("there_before")
    is_over = pl.col("after").is_not_null()
    lasted = pl.col("durable")
    return timed.with_columns(
        placed=pl.lit(value=True),
        not_checkable=~could_look,
        without_benefit=could_look & ~pl.col("there_before"),
        left_within_six_months=had & is_over & ~pl.col("there_after"),
        works_beside_benefit=had & is_over & pl.col("there_after"),
        too_early=had & ~is_over,
        durable=lasted.fill_null(value=False),
        not_durable=(~lasted).fill_null(value=False),
    )


def _is_there(timed: pl.DataFrame, there: pl.DataFrame, moment: str) -> pl.DataFrame:
    named = there.rename({"reference_date": moment, "is_there": f"there_{moment}"})
    joined = timed.join(named, on=["client_key", moment], how="left")
    return joined.with_columns(pl.col(f"there_{moment}").fill_null(value=False))


_LASTING = ("durable", "not_durable")
_LOOKED_AFTER = ("left_within_six_months", "works_beside_benefit")
_LOOKED_UP = ("without_benefit", "too_early", *_LOOKED_AFTER)


def _row_behind(lineage: Lineage, row: Row, _column: str) -> Iterator[Behind]:
    """Start and placement of the first client placed, by whom there is a row."""
    of = history(lineage, row["programme_code"])
    first = placed_first(of.trajectories, ["programme_code"]).sort(FIRST_PLACED).head(1)
    figure = Figure(PLACEMENT_OUTCOMES, row, THE_ROW, partial(_projected, _NO_BENEFITS))
    yield from of.traces([of.started(first), of.placed(first)], {}, figure)


def _clients_behind(lineage: Lineage, row: Row, column: str) -> Iterator[Behind]:
    """Start and placement of each client counted, and what says how long the job lasted or whether there was a benefit.

    Of nobody, those of the first client of the row, and what says that the client is not one of these.
    """
    of = history(lineage, row["programme_code"])
    dates = lineage.known.rows(caseload.SOURCE)["reference_date"].unique()
    found = benefits_found(lineage.known, dates_asked(of.trajectories, dates))
    each = outcomes(of.trajectories, as_membership(lineage.known, found), _known_by_bsn(of)).sort(FIRST_PLACED)
    counted = each.filter(column)
    chosen = counted if counted.height else each.head(1)
    of_each = _one_each(lineage, found)
    benefits = pl.concat([_NO_BENEFITS, *_looked_up(lineage, chosen, column, of_each, is_counted=counted.height > 0)])
    rows, known = [of.started(chosen), of.placed(chosen)], {}
    if column in _LASTING:
        jobs = jobs_deciding(of.events).join(chosen, on=TRAJECTORY, how="semi")
        rows.append(named(jobs.filter(event=EventKind.PLACEMENT_ENDED.value), "job ended"))
        rows.append(not_yet(named(jobs.filter(event=EventKind.PLACED.value), "next job"), rows))
        known = _settled_until(of, chosen) if counted.height else {}
    traces = [*of.traces(rows, known, Figure(PLACEMENT_OUTCOMES, row, column, partial(_projected, benefits)))]
    for (name,), own in benefits.group_by("part", maintain_order=True):
        traces += lineage.traces(str(name), caseload.SOURCE, own)
    yield from traces if counted.height else of_nobody(traces)


def _projected(benefits: pl.DataFrame, of: History) -> pl.DataFrame:
    """The table from the named benefits alone."""
    there = [
        benefits.filter("is_live").select("reference_date", client_key=name) for name in ("client_key", "partner_key")
    ]
    every = benefits.select("reference_date", client_key=pl.lit(None, pl.String()))
    return placement_outcomes(of.trajectories, pl.concat([every, *there]).unique(), _known_by_bsn(of))


def _known_by_bsn(of: History) -> pl.Series:
    return of.won.filter("is_known_by_bsn")["client_key"].unique()


def _settled_until(of: History, chosen: pl.DataFrame) -> dict[str, Until]:
    """Per provider the day on which the last of its placements was known to last or not."""
    lasting = chosen.filter(pl.col("durable") | pl.col("not_durable")).select(*TRAJECTORY, is_durable="durable")
    jobs = of.settled.join(lasting, on=TRAJECTORY).select("provider_code", day=settled_on(pl.col("is_durable")))
    last = jobs.group_by("provider_code", maintain_order=True).agg(pl.col("day").max())
    return {code: (day, day) for code, day in last.iter_rows()}


_NO_BENEFITS = pl.DataFrame(
    schema={
        "part": pl.String(), "delivery": pl.String(), "row": pl.Int64(), "reference_date": pl.Date(),
        "is_live": pl.Boolean(), "client_key": pl.String(), "partner_key": pl.String(),
    }
)  # fmt: skip


def _looked_up(
    lineage: Lineage, chosen: pl.DataFrame, column: str, of_each: pl.DataFrame, *, is_counted: bool
) -> Iterator[pl.DataFrame]:
    """The benefits by which clients count, or by which the one does not who stands for nobody."""
    if column in _LOOKED_UP if is_counted else column == "not_checkable":
        yield from _in_caseload(lineage, chosen, "before", of_each)
    if is_counted and column in _LOOKED_AFTER:
        yield from _in_caseload(lineage, chosen, "after", of_each)


def _one_each(lineage: Lineage, found: pl.DataFrame) -> pl.DataFrame:
    """Of each client and date one benefit: the first of their own, else the first as a partner."""
    days = lineage.statuses.filter(source=caseload.SOURCE.name).select("delivery", "delivered_on")
    dated = found.join(days, on="delivery").sort(
        "is_own", "delivered_on", "delivery", "row", descending=[True, False, False, False]
    )
    first = dated.unique(["client_key", "reference_date"], keep="first", maintain_order=True)
    return first.with_columns(is_live=pl.lit(value=True), partner_key=pl.lit(None, pl.String()))


def _in_caseload(lineage: Lineage, clients: pl.DataFrame, moment: str, of_each: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The benefits of clients at one of their two dates; where one has none, a row by which that date is known."""
    for (day,), asked in clients.drop_nulls(moment).group_by(moment, maintain_order=True):
        there = asked.filter(f"there_{moment}").select("client_key")
        if there.is_empty():
            rows = lineage.scanned(caseload.SOURCE, reference_date=day).with_columns(is_live=IS_LIVE)
            first = rows.select(*_NO_BENEFITS.columns[1:]).sort(_LIVING_FIRST, descending=[True, False, False]).head(1)
            yield _part(first.collect(), "looked for", moment)
        else:
            yield _part(of_each.filter(reference_date=day).join(there, on="client_key"), "benefit", moment)


_LIVING_FIRST = ["is_live", "delivery", "row"]


def _part(rows: pl.DataFrame, part: str, moment: str) -> pl.DataFrame:
    named_rows = rows.with_columns(part=pl.lit(f"{part} {moment}"))
    return named_rows.select(pl.col(name).cast(dtype) for name, dtype in _NO_BENEFITS.schema.items())


PROJECTION = Projection(
    table=PLACEMENT_OUTCOMES,
    inputs=(trajectory_events.SOURCE, caseload.SOURCE, TRAJECTORIES),
    project=project,
    explain=(Explained(_OUTCOMES, _clients_behind), Explained(PLACEMENT_OUTCOMES.key, _row_behind)),
)
