"""Spans of days in which clients stand somewhere: since when they take part, when they were placed or are active.

One definition for every table: who is placed, ended or active in one is so in all. Here: these spans, by the numbers of
``people``. Not here: counting by month (``progress``), in which groups and methods clients stand (``memberships``).
"""

from collections.abc import Sequence
from datetime import date

import polars as pl

from pipeline.trajectories.numbers import packed
from pipeline.trajectories.people import IN_ALL, MEMBER, People, with_totals
from pipeline.trajectories.standing import COUNTS_FROM


def standing(everybody: People) -> dict[str, pl.DataFrame]:
    """Half-open spans of days in which a client counts, by the column in which it does: member, begin, end.

    A client may stand in several spans at once: of taking part, of being active or placed.
    """
    clients, for_good = everybody.clients, pl.lit(date.max)
    placed = clients.drop_nulls(COUNTS_FROM)
    part_time = placed.filter(pl.col("part_time").fill_null(value=False))
    return {
        "participants": clients.select(MEMBER, begin="begun", end=for_good),
        "active": _active(everybody),
        "placed": placed.select(MEMBER, begin=COUNTS_FROM, end=for_good),
        "placed_part_time": part_time.select(MEMBER, begin=COUNTS_FROM, end=for_good),
    }


def _active(everybody: People) -> pl.DataFrame:
    """Spans in trajectories and not yet placed. Trajectories that overlap or follow each other are one span."""
    until = pl.min_horizontal("ended_on", COUNTS_FROM).fill_null(date.max)
    is_single = pl.col("trajectories") == 1
    single = everybody.clients.filter(is_single).select(MEMBER, begin="begun", end=until)
    jobs = everybody.clients.filter(~is_single).select(MEMBER, COUNTS_FROM)
    rows = with_totals(everybody.started.select(MEMBER, IN_ALL, "started_on", "ended_on"))
    several = rows.join(jobs, on=MEMBER).select(MEMBER, begin="started_on", end=until)
    return pl.concat([single.filter(pl.col("begin") < pl.col("end")), unbroken(several, [MEMBER])])


_DAYS = 4_000_000
"""More than there are days."""


def unbroken(spans: pl.DataFrame, per: Sequence[str]) -> pl.DataFrame:
    """Spans that overlap or follow each other as one; those without a day are left out. ``per``: whole numbers."""
    whole = spans.filter(pl.col("begin") < pl.col("end"))
    whole = whole.select(*per, "begin", "end", line=packed([whole[name] for name in per]))
    whole = whole.with_columns(packed([whole["line"], whole["begin"]]).alias("packed")).sort("packed")
    # Days of the first of ``per``, then of the next, as numbers in one order: what goes on within each is seen in one
    # pass, where a window for each would take minutes over a million of them.
    line = pl.col("line") * _DAYS
    begin, end = (line + (pl.col(name).cast(pl.Int64) + _DAYS // 4) for name in ("begin", "end"))
    is_new = (begin > end.cum_max().shift()).fill_null(value=True)
    numbered = whole.with_columns(run=is_new.cum_sum())
    if numbered["run"].max() == numbered.height:  # none goes on in another
        return numbered.select(*per, "begin", "end")
    runs = numbered.with_columns(pl.col("run").set_sorted()).group_by("run", maintain_order=True)
    return runs.agg(pl.col(*per).first(), pl.col("begin").first(), pl.col("end").max()).drop("run")
