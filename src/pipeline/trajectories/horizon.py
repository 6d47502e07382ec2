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

_OF_PLACEMENT = ("placed_on", "part_time", "hours_per_week", "channel", "subsidised")


def horizons(known: Known) -> pl.DataFrame:
    """(provider_code, known_until)."""
    return known.reach_by_provider(trajectory_events.SOURCE)


def with_horizon(trajectories: pl.DataFrame, horizons: pl.DataFrame) -> pl.DataFrame:
    """Each trajectory with the last day known of its provider."""
    return trajectories.join(horizons, on="provider_code", how="left", maintain_order="left")


def without_what_is_to_come(trajectories: pl.DataFrame) -> pl.DataFrame:
    """Without referrals, starts and first placements after the last day known, in a frame that has it."""
    columns = set(trajectories.columns)
    after = {name: pl.col(name) > pl.col(KNOWN_UNTIL) for name in ("referred_on", "started_on") if name in columns}
    after |= {name: pl.col("placed_on") > pl.col(KNOWN_UNTIL) for name in _OF_PLACEMENT if name in columns}
    kept = [pl.when(~is_after.fill_null(value=False)).then(name).alias(name) for name, is_after in after.items()]
    return trajectories.with_columns(kept)


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
