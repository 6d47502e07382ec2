"""A provider's report beside its own events, indicator by indicator, and placements beside the caseload.

Here: those two comparisons. Not here: totals and CBS (``compare``), how clients are counted over time (``progress``).
"""

import polars as pl

from schemas.tables.checks import RECONCILIATION
from schemas.tables.trajectories import PLACEMENT_OUTCOMES
from schemas.vocabulary import DURABLE_MONTHS

RULE = "RELATION-007"
INDICATORS = ("participants", "active", "placed", "placed_part_time", "ended_otherwise")

_REPORT = ["provider_code", "programme_code", "period_from", "period_until", "target_group"]
_RECENT_DAYS = 62
"""A client counts as in the caseload when in stock on a reference date at most so many days before the placement."""


def report_reconciliation(reports: pl.DataFrame, trajectories: pl.DataFrame) -> pl.DataFrame:
    """Rows of ``reconciliation``: subject provider/programme[/target group], period from/until, one per indicator
    reported.
    """
    derived = _derived(reports.select(_REPORT).unique(), trajectories)
    both = reports.join(derived, on=_REPORT, how="left", nulls_equal=True, suffix="_derived")
    subject = pl.concat_str("provider_code", "programme_code", "target_group", separator="/", ignore_nulls=True)
    period = pl.format("{}/{}", "period_from", "period_until")
    parts = [
        both.filter(pl.col(name).is_not_null()).select(
            subject=subject,
            period=period,
            indicator=pl.lit(name),
            value_reported=pl.col(name).cast(pl.Float64),
            value_derived=pl.col(f"{name}_derived").cast(pl.Float64),
        )
        for name in INDICATORS
    ]
    difference = pl.col("value_reported") - pl.col("value_derived")
    verdict = (
        pl.when(pl.col("value_derived").is_null())
        .then(pl.lit("not_checkable"))
        .when(difference == 0)
        .then(pl.lit("agrees"))
        .otherwise(pl.lit("differs"))
    )
    return (
        pl.concat(parts)
        .with_columns(difference=difference, verdict=verdict, rule=pl.lit(RULE))
        .select(RECONCILIATION.columns)
        .sort(RECONCILIATION.key)
    )


def _derived(reports: pl.DataFrame, trajectories: pl.DataFrame) -> pl.DataFrame:
    """The same counts from events: clients with a trajectory in the period, by where they stood on its last day.

    Null where the provider has delivered no event of the programme: nothing to compare with.
    """
    own = trajectories.filter(pl.col("started_on").is_not_null()).rename({"target_group": "own_group"})
    until, begin = pl.col("period_until"), pl.col("period_from")
    in_group = pl.col("target_group").is_null() | (pl.col("own_group") == pl.col("target_group"))
    known = reports.join(own.select("provider_code", "programme_code").unique(), on=["provider_code", "programme_code"])
    inside = known.join(own, on=["provider_code", "programme_code"]).filter(
        in_group & (pl.col("started_on") < until) & (pl.col("ended_on").is_null() | (pl.col("ended_on") >= begin))
    )
    clients = (
        inside.sort("placed_on", "trajectory_id", nulls_last=True)
        .group_by(*_REPORT, "client_key", maintain_order=True)
        .agg(
            is_open=(pl.col("ended_on").is_null() | (pl.col("ended_on") >= until)).any(),
            is_placed=(pl.col("placed_on") < until).fill_null(value=False).any(),
            is_part_time=pl.col("part_time").first().fill_null(value=False),
        )
    )
    is_placed, is_open = pl.col("is_placed"), pl.col("is_open")
    counts = clients.group_by(_REPORT).agg(
        participants=pl.len(),
        active=(is_open & ~is_placed).sum(),
        placed=is_placed.sum(),
        placed_part_time=(is_placed & pl.col("is_part_time")).sum(),
        ended_otherwise=(~is_open & ~is_placed).sum(),
    )
    return known.join(counts, on=_REPORT, how="left", nulls_equal=True).with_columns(pl.col(INDICATORS).fill_null(0))


def placement_outcomes(
    trajectories: pl.DataFrame, presence: pl.DataFrame, known_by_bsn: pl.Series | None = None
) -> pl.DataFrame:
    """What became of the benefit of clients who were placed: placement, end of benefit and lasting work are three
    things.

    ``presence``: (client_key, reference_date) of clients and partners in stock; rows without a client list every
    reference date of the record. ``known_by_bsn``: keys of the clients that the caseload may know; all, when not given.
    """
    placed = trajectories.filter(pl.col("placed_on").is_not_null()).sort(
        "placed_on", "trajectory_id", maintain_order=True
    )
    first = placed.unique(["programme_code", "client_key"], keep="first", maintain_order=True)
    dates = presence.select(pl.col("reference_date").unique().sort())
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
    there = presence.drop_nulls("client_key").unique().with_columns(is_there=pl.lit(value=True))
    timed = _is_there(_is_there(timed, there, "before"), there, "after")
    is_recent = (pl.col("placed_on") - pl.col("before")).dt.total_days() <= _RECENT_DAYS
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
    fields = PLACEMENT_OUTCOMES.fields
    return counts.select(pl.col(each.name).cast(each.dtype) for each in fields).sort(PLACEMENT_OUTCOMES.key)


def _is_there(timed: pl.DataFrame, there: pl.DataFrame, moment: str) -> pl.DataFrame:
    named = there.rename({"reference_date": moment, "is_there": f"there_{moment}"})
    joined = timed.join(named, on=["client_key", moment], how="left")
    return joined.with_columns(pl.col(f"there_{moment}").fill_null(value=False))
