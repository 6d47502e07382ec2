"""Placements beside the caseload: any small history against looking up each client, and corners by hand."""

from collections.abc import Mapping
from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipeline.trajectories.placement_outcomes import placement_outcomes
from tests.examples import examples
from tests.trajectories import counts_reference as counts
from tests.trajectories import trajectory_reference as slow
from tests.trajectories.known import programmes
from tests.trajectories.test_progress import assert_same, by_key
from tests.trajectories.trajectory_reference import Event

CLIENTS = ("c1", "c2", "c3", "c4")
Stock = dict[date, set[str]]


def stocks() -> st.SearchStrategy[Stock]:
    return st.dictionaries(slow.days(), st.sets(st.sampled_from(CLIENTS)), max_size=8)


def membership(stock: Stock) -> pl.DataFrame:
    """Who is in stock; a date of the record stands there once without a client, too."""
    rows = [(client, day) for day, there in stock.items() for client in (None, *there)]
    return pl.DataFrame(rows, schema={"client_key": pl.String, "reference_date": pl.Date}, orient="row")


@examples(15)
@given(slow.event_sets(), slow.last_days(), stocks(), st.sets(st.sampled_from(CLIENTS)))
def test_any_outcome_is_that_of_looking_up_each_client(
    events: list[Event], horizon: Mapping[str, date], stock: Stock, known_by_bsn: set[str]
) -> None:
    found = programmes(slow.frame(events), horizon)

    table = placement_outcomes(found.trajectories, membership(stock), pl.Series(sorted(known_by_bsn), dtype=pl.String))

    expected = counts.placement_outcomes(slow.in_force(events).events, horizon, stock, known_by_bsn)
    assert_same(by_key(table, ["programme_code"]), expected)
