"""dataframely, as its documentation has it: a schema with columns and rules, and ``filter``, which gives the valid rows
and what is known of the others.
"""

from functools import partial

import dataframely as dy
import polars as pl

from bench.peers.polars_steps import RULES, SCHEMES, Judged, eleven_test, find
from bench.peers.told import tell


class Benefits(dy.Schema):
    row = dy.UInt32(nullable=False)
    reference_date = dy.Date(nullable=False)
    municipality_code = dy.String(nullable=False)
    benefit_id = dy.String(nullable=False, max_length=15)
    bsn = dy.Int64(nullable=False, check=eleven_test)
    scheme_code = dy.String(nullable=False, check=lambda code: code.is_in(SCHEMES))
    household_code = dy.String(nullable=True)
    started_on = dy.Date(nullable=False)
    ended_on = dy.Date(nullable=True)
    end_reason = dy.String(nullable=True)
    delivered_on = dy.Date(nullable=False)

    @dy.rule()
    def municipality_exists(cls) -> pl.Expr:  # noqa: N805
        return RULES["municipality_exists"]

    @dy.rule()
    def reason_exists(cls) -> pl.Expr:  # noqa: N805
        return RULES["reason_exists"]

    @dy.rule()
    def ends_after_start(cls) -> pl.Expr:  # noqa: N805
        return RULES["ends_after_start"]

    @dy.rule()
    def starts_by_reference_date(cls) -> pl.Expr:  # noqa: N805
        return RULES["starts_by_reference_date"]

    @dy.rule()
    def reason_with_end(cls) -> pl.Expr:  # noqa: N805
        return RULES["reason_with_end"]

    @dy.rule()
    def reference_date_near(cls) -> pl.Expr:  # noqa: N805
        return RULES["reference_date_near"]

    @dy.rule()
    def end_near(cls) -> pl.Expr:  # noqa: N805
        return RULES["end_near"]

    @dy.rule()
    def within_a_working_life(cls) -> pl.Expr:  # noqa: N805
        return RULES["within_a_working_life"]


def judge(rows: pl.LazyFrame) -> Judged:
    good, failure = Benefits.filter(rows.collect())
    return Judged(good, failure.invalid().select(good.columns))


if __name__ == "__main__":
    tell(partial(find, judge))
