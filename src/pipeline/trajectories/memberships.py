"""Since when clients stand under a target group or a method, and until when: by what had been told by each day.

Here: from settled trajectories to spans of days under a word. Not here: how clients stand in these spans
(``standing``), counting (``progress``).
"""

from datetime import date

import polars as pl

from pipeline.trajectories.horizon import KNOWN_UNTIL, with_horizon, without_what_is_to_come
from pipeline.trajectories.standing import started_only, unbroken, with_totals

UNKNOWN = "unknown"

_WHO = ["programme_code", "provider_code", "client_key"]


def in_target_groups(settled: pl.DataFrame, horizons: pl.DataFrame) -> pl.DataFrame:
    """(programme_code, provider_code or all, client_key, target_group, begin, end): from the start of a trajectory,
    under the group that was told last; before one is told under ``unknown``.
    """
    started = _started(settled, horizons)
    unknown = started.select(
        *_WHO, target_group=pl.lit(UNKNOWN), begin="started_on", end=pl.col("groups_from").list.first()
    )
    told = started.filter(pl.col("groups").list.len() > 0).select(
        *_WHO,
        "started_on",
        KNOWN_UNTIL,
        target_group="groups",
        since="groups_from",
        end=pl.col("groups_from").list.shift(-1),
    )
    each = told.explode("target_group", "since", "end").filter(pl.col("since") <= pl.col(KNOWN_UNTIL))
    under = each.select(*_WHO, "target_group", begin=pl.max_horizontal("since", "started_on"), end="end")
    return _spans(pl.concat([unknown, under]), "target_group")


def in_methods(settled: pl.DataFrame, horizons: pl.DataFrame) -> pl.DataFrame:
    """(programme_code, provider_code or all, client_key, method, begin, end): from the first use on, for good."""
    used = _started(settled, horizons).filter(pl.col("methods").list.len() > 0)
    each = used.select(*_WHO, "started_on", KNOWN_UNTIL, method="methods", since="methods_from").explode(
        "method", "since"
    )
    has_come = each.filter(pl.col("since") <= pl.col(KNOWN_UNTIL))
    begin = pl.max_horizontal("since", "started_on")
    return _spans(has_come.select(*_WHO, "method", begin=begin, end=pl.lit(None, pl.Date())), "method")


def _started(settled: pl.DataFrame, horizons: pl.DataFrame) -> pl.DataFrame:
    return started_only(without_what_is_to_come(with_horizon(settled, horizons)))


def _spans(spans: pl.DataFrame, word: str) -> pl.DataFrame:
    """Each client once under each word on each day, under its provider and under all."""
    return unbroken(with_totals(spans.with_columns(pl.col("end").fill_null(date.max))), [*_WHO, word])
