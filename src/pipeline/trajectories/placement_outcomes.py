"""The curated table ``placement_outcomes``: what became of the benefit of clients who were placed.

Here: placements beside the caseload. Not here: who is in stock (``caseload.stock_membership``), on which dates the
outcome hangs (``outcome_dates``).
"""

import polars as pl

from pipeline.caseload.stock_membership import stock_membership
from pipeline.trajectories.events_behind import events_of_programme
from pipeline.trajectories.outcome_dates import dates_asked
from pipeline.trajectories.provider_digest import KNOWN_PART, part
from pipeline.trajectories.standing import placed_first
from pipeline.versions.explanation import every_column
from pipeline.versions.projection import Known, Projection
from schemas.limits import DURABLE_MONTHS, RECENT_STOCK_DAYS
from schemas.sources import caseload, trajectory_events
from schemas.tables.trajectories import PLACEMENT_OUTCOMES, TRAJECTORIES


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
    counts = timed.group_by("programme_code").agg(
        placed=pl.len(),
        not_checkable=(~could_look).sum(),
        without_benefit=(could_look & ~pl.col("there_before")).sum(),
        left_within_six_months=(had & is_over & ~pl.col("there_after")).sum(),
        works_beside_benefit=(had & is_over & pl.col("there_after")).sum(),
        too_early=(had & ~is_over).sum(),
        durable=pl.col("durable").sum(),
        not_durable=(~pl.col("durable")).sum(),
    )
    return PLACEMENT_OUTCOMES.shaped(counts)


def _is_there(timed: pl.DataFrame, there: pl.DataFrame, moment: str) -> pl.DataFrame:
    named = there.rename({"reference_date": moment, "is_there": f"there_{moment}"})
    joined = timed.join(named, on=["client_key", moment], how="left")
    return joined.with_columns(pl.col(f"there_{moment}").fill_null(value=False))


PROJECTION = Projection(
    table=PLACEMENT_OUTCOMES,
    inputs=(trajectory_events.SOURCE, caseload.SOURCE, TRAJECTORIES),
    project=project,
    explain=every_column(PLACEMENT_OUTCOMES, events_of_programme),
)
