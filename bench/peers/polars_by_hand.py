"""Polars alone, as somebody writes it who knows what has to hold: one expression over all rules, and a filter."""

from functools import partial

import polars as pl

from bench.peers.polars_steps import RULES, SCHEMES, Judged, eleven_test, find
from bench.peers.told import tell

_IS_GOOD = pl.all_horizontal(
    pl.col("reference_date", "municipality_code", "benefit_id", "scheme_code", "started_on").is_not_null(),
    pl.col("benefit_id").str.len_bytes() <= 15,
    eleven_test(pl.col("bsn")),
    pl.col("scheme_code").is_in(SCHEMES),
    *RULES.values(),
).fill_null(value=False)


def judge(rows: pl.LazyFrame) -> Judged:
    judged = rows.with_columns(is_good=_IS_GOOD).collect()
    return Judged(judged.filter("is_good").drop("is_good"), judged.filter(~pl.col("is_good")).drop("is_good"))


if __name__ == "__main__":
    tell(partial(find, judge))
