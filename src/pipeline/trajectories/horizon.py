"""How far trajectories are known: each provider by itself, as far as its own deliveries reach.

Nothing that one provider delivers says anything about another, so the last day known is a property of a provider. What
lies after it has not happened yet; an end that is announced counts from its own date on. Counts of all providers
together go on as long as one of them is known, and a client stands in them as known last from its own provider.

Here: that day, for every table about trajectories alike. Not here: how far one delivery reaches
(``pipeline.jobs.as_of``), where a trajectory stands on it (``trajectories``), any count.
"""

import polars as pl

from pipeline.versions.projection import Known
from schemas.sources import trajectory_events
from schemas.vocabulary import ALL_PROVIDERS

KNOWN_UNTIL = "known_until"
"""The last day of which something can be known about a trajectory, as a column."""

_DECIDES = {
    "referred_on": "referred_on",
    "started_on": "started_on",
    **dict.fromkeys(("placed_on", "part_time", "hours_per_week", "channel", "subsidised"), "placed_on"),
}
"""Columns of what cannot be announced, by the day that it happened on."""


def horizons(known: Known) -> pl.DataFrame:
    """(provider_code, known_until)."""
    return known.reach_by_provider(trajectory_events.SOURCE)


def with_horizon(trajectories: pl.DataFrame, horizons: pl.DataFrame) -> pl.DataFrame:
    """Each trajectory with the last day known of its provider."""
    return trajectories.join(horizons, on="provider_code", how="left", maintain_order="left")


def without_what_is_to_come(trajectories: pl.DataFrame) -> pl.DataFrame:
    """Without referrals, starts and first placements after the last day known, in a frame that has it."""
    decides = {name: _DECIDES.get(name) for name in trajectories.columns}
    return trajectories.with_columns(
        pl.when((pl.col(day) > pl.col(KNOWN_UNTIL)).fill_null(value=False)).then(None).otherwise(name).alias(name)
        for name, day in decides.items()
        if day is not None
    )


def last_days(trajectories: pl.DataFrame, horizons: pl.DataFrame) -> pl.DataFrame:
    """(programme_code, provider_code, known_until): of each provider in a programme, and the latest of them for all."""
    group = ["programme_code", "provider_code"]
    own = with_horizon(trajectories.select(group).unique(), horizons)
    together = own.with_columns(provider_code=pl.lit(ALL_PROVIDERS)).group_by(group).agg(pl.col(KNOWN_UNTIL).max())
    return pl.concat([own, together]).drop_nulls()


def last_days_of_programmes(trajectories: pl.DataFrame, horizons: pl.DataFrame) -> pl.DataFrame:
    """(programme_code, known_until): the last day of which anything is known of a programme."""
    of_all = last_days(trajectories, horizons).filter(pl.col("provider_code") == ALL_PROVIDERS)
    return of_all.drop("provider_code")
