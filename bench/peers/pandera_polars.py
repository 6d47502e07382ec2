"""Pandera on Polars, as its documentation has it: columns with their checks, rules about rows as checks of the frame,
validated lazily, and invalid rows dropped by the schema. Which they were is then a join.
"""

from functools import partial

import pandera.polars as pa
import polars as pl

from bench.peers.polars_steps import RULES, SCHEMES, Judged, eleven_test, find
from bench.peers.told import tell


def _check(name: str, holds: pl.Expr) -> pa.Check:
    return pa.Check(lambda data: data.lazyframe.select(holds), name=name)


SCHEMA = pa.DataFrameSchema(
    {
        "row": pa.Column(pl.UInt32),
        "reference_date": pa.Column(pl.Date),
        "municipality_code": pa.Column(pl.String),
        "benefit_id": pa.Column(pl.String, pa.Check.str_length(max_value=15)),
        "bsn": pa.Column(pl.Int64, _check("eleven_test", eleven_test(pl.col("bsn")))),
        "scheme_code": pa.Column(pl.String, pa.Check.isin(SCHEMES)),
        "household_code": pa.Column(pl.String, nullable=True),
        "started_on": pa.Column(pl.Date),
        "ended_on": pa.Column(pl.Date, nullable=True),
        "end_reason": pa.Column(pl.String, nullable=True),
        "delivered_on": pa.Column(pl.Date),
    },
    checks=[_check(name, holds) for name, holds in RULES.items()],
    drop_invalid_rows=True,
)


def judge(rows: pl.LazyFrame) -> Judged:
    frame = rows.collect()
    good = SCHEMA.validate(frame, lazy=True)
    return Judged(good, frame.join(good, on="row", how="anti"))


if __name__ == "__main__":
    tell(partial(find, judge))
