"""Which delivery counts for a scope: the one with the latest own times, whatever was loaded first."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.versions.delivery_status import recorded
from pipeline.versions.supersede import redelivered, superseded, versions, winning
from tests.examples import examples

EARLY, LATE = date(2017, 2, 7), date(2017, 3, 7)
FIRST, SECOND = datetime(2017, 4, 1, tzinfo=UTC), datetime(2017, 4, 2, tzinfo=UTC)
LEDGER = {
    "source": pl.String, "status": pl.String, "delivery": pl.String, "processing": pl.Int16, "delivered_on": pl.Date,
    "recorded_at": pl.Datetime("us", "UTC"),
}  # fmt: skip


def ranks(*deliveries: tuple[str, int, date, datetime]) -> pl.DataFrame:
    rows = [("caseload", "recorded", *delivery) for delivery in deliveries]
    ledger = pl.DataFrame(rows, schema=LEDGER, orient="row").with_columns(
        rules_version=pl.lit("r1"), first_recorded_at="recorded_at", is_day_assumed=pl.lit(value=False)
    )
    return recorded(ledger, "caseload")


def rows_of(*rows: tuple[str, int, str, int]) -> pl.DataFrame:
    schema = {"delivery": pl.String, "processing": pl.Int16, "scope": pl.String, "value": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def values_that_win(rows: pl.DataFrame, order: pl.DataFrame) -> list[int]:
    return sorted(winning(rows, order, ["scope"])["value"].to_list())


@pytest.mark.parametrize(
    ("one", "other", "winner"),
    [
        (("a", EARLY, SECOND), ("b", LATE, FIRST), "b"),
        (("a", LATE, FIRST), ("b", EARLY, SECOND), "a"),
        (("a", LATE, SECOND), ("b", LATE, FIRST), "b"),
        (("a", LATE, FIRST), ("b", LATE, FIRST), "b"),
        (("b", LATE, FIRST), ("a", LATE, FIRST), "b"),
    ],
)
def test_the_day_of_delivery_decides_then_the_hash_and_never_the_moment_of_recording(
    one: tuple[str, date, datetime], other: tuple[str, date, datetime], winner: str
) -> None:
    order = ranks(*((sha, 0, on, at) for sha, on, at in (one, other)))
    rows = rows_of(("a", 0, "x", 1), ("b", 0, "x", 2))

    assert winning(rows, order, ["scope"])["delivery"].to_list() == [winner]


def test_all_rows_of_the_winner_stay_and_other_scopes_keep_theirs() -> None:
    order = ranks(("a", 0, EARLY, FIRST), ("b", 0, LATE, FIRST))
    rows = rows_of(("a", 0, "x", 1), ("a", 0, "x", 2), ("a", 0, "y", 3), ("b", 0, "x", 4), ("b", 0, "x", 5))

    assert values_that_win(rows, order) == [3, 4, 5]


def test_only_the_reading_that_counts_speaks() -> None:
    order = ranks(("a", 1, EARLY, FIRST))
    rows = rows_of(("a", 0, "x", 1), ("a", 1, "x", 2), ("unknown", 0, "x", 3))

    assert values_that_win(rows, order) == [2]


def test_times_come_from_the_ledger_and_not_from_the_row() -> None:
    order = ranks(("a", 0, EARLY, FIRST))
    rows = rows_of(("a", 0, "x", 1)).with_columns(delivered_on=pl.lit(LATE), recorded_at=pl.lit(SECOND))

    assert winning(rows, order, ["scope"]).select("delivered_on", "recorded_at").rows() == [(EARLY, FIRST)]


def test_a_held_or_rejected_delivery_has_no_rank() -> None:
    frame = pl.DataFrame(
        [
            ("caseload", "held", "a", 0, LATE, SECOND),
            ("caseload", "rejected", "b", 0, LATE, SECOND),
            ("caseload", "recorded", "c", 0, EARLY, FIRST),
            ("caseload_totals", "recorded", "d", 0, LATE, SECOND),
        ],
        schema=LEDGER,
        orient="row",
    ).with_columns(rules_version=pl.lit("r1"), first_recorded_at="recorded_at", is_day_assumed=pl.lit(value=False))

    assert recorded(frame, "caseload").select("delivery", "rank").rows() == [("c", 0)]


def test_versions_count_what_was_said_before_about_a_scope() -> None:
    scopes = pl.DataFrame(
        [("a", 0, "x"), ("a", 0, "y"), ("b", 1, "x"), ("c", 2, "x"), ("c", 2, "z"), ("d", 3, "z"), ("d", 3, "z")],
        schema={"delivery": pl.String, "rank": pl.UInt32, "scope": pl.String},
        orient="row",
    )

    assert dict(versions(scopes).rows()) == {"a": 1, "b": 2, "c": 3, "d": 2}


_TIMES = st.tuples(st.sampled_from([EARLY, LATE]), st.sampled_from([FIRST, SECOND]))


@examples(25)
@given(
    st.dictionaries(st.sampled_from("abcde"), _TIMES, max_size=5),
    st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("xyz")), max_size=15),
    st.randoms(use_true_random=False),
)
def test_the_winner_is_the_same_under_any_order_of_rows(
    times: dict[str, tuple[date, datetime]], stated: list[tuple[str, str]], random: Any
) -> None:
    rows = [(delivery, 0, scope, value) for value, (delivery, scope) in enumerate(stated)]
    known = [row for row in rows if row[0] in times]
    last = {
        scope: max((times[delivery][0], delivery) for delivery, _, other, _ in known if other == scope)[-1]
        for scope in {row[2] for row in known}
    }
    expected = sorted(value for delivery, _, scope, value in known if last[scope] == delivery)

    order = ranks(*((sha, 0, *when) for sha, when in random.sample(list(times.items()), len(times))))

    assert values_that_win(rows_of(*random.sample(rows, len(rows))), order) == expected


@examples(25)
@given(st.lists(st.lists(st.sampled_from("abcd"), max_size=4, unique=True), max_size=5), st.integers(0, 5))
def test_adding_deliveries_to_what_stood_gives_what_all_of_them_give(reported: list[list[str]], cut: int) -> None:
    rows = pl.DataFrame(
        [(f"d{number}", 0, scope, number) for number, scopes in enumerate(reported) for scope in scopes],
        schema={"delivery": pl.String, "processing": pl.Int16, "scope": pl.String, "stated": pl.Int64},
        orient="row",
    )
    ranks = pl.DataFrame(
        [(f"d{number}", 0, number) for number in range(len(reported))],
        schema={"delivery": pl.String, "processing": pl.Int16, "rank": pl.UInt32},
        orient="row",
    )
    ranked = rows.join(ranks, on=["delivery", "processing"], maintain_order="left").drop("processing")
    standing = pl.DataFrame(schema={"scope": pl.String, "stated": pl.Int64, "version": pl.Int64})
    numbered = []
    for part in (ranked.filter(pl.col("rank") < cut), ranked.filter(pl.col("rank") >= cut)):
        standing, added = superseded(standing, part, ["scope"])
        numbered.append(added)
    won = winning(rows, ranks, ["scope"]).select("scope", "stated")
    assert set(standing.select("scope", "stated").rows()) == set(won.rows())
    assert dict(pl.concat(numbered).rows()) == dict(versions(ranked.drop("stated")).rows())
    times = {scope: sum(scope in scopes for scopes in reported) for scope in won["scope"]}
    assert dict(standing.select("scope", "version").rows()) == times
    assert set(redelivered(ranked.drop("stated"))["scope"]) == {scope for scope, count in times.items() if count > 1}
