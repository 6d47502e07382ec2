"""What differs between two states of a table is all that a copy needs: applied to the one it gives the other."""

from datetime import date
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipeline.versions.row_diff import WHAT, applied, change_of, changes
from schemas.catalogue import TABLES
from schemas.table import Field, Table
from tests.examples import examples

TABLE = Table(
    "some", "Some", "one", ("place", "day"),
    (
        Field("place", pl.String(), "Place"),
        Field("day", pl.Date(), "Day"),
        Field("count", pl.Int64(), "Count", "things", nullable=True),
        Field("share", pl.Float64(), "Share", "percent", nullable=True),
        Field("methods", pl.List(pl.String()), "Methods", nullable=True),
    ),
    "nobody",
)  # fmt: skip

CELLS = st.fixed_dictionaries(
    {
        "place": st.sampled_from(["", "a", "b|c", "é"]),
        "day": st.sampled_from([date(2017, 1, 1), date(2017, 2, 1)]),
        "count": st.none() | st.integers(0, 2),
        "share": st.none() | st.sampled_from([0.0, -0.1, 0.1]),
        "methods": st.none() | st.lists(st.sampled_from(["x", "y"]), max_size=2),
    }
)
STATES = st.lists(CELLS, max_size=6, unique_by=lambda row: (row["place"], row["day"]))


def frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=TABLE.polars_schema).sort(TABLE.key)


@given(before=STATES, after=STATES)
@examples(60)
def test_a_copy_that_gets_every_change_is_the_table(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    change = change_of(TABLE, frame(before), frame(after))

    assert_frame_equal(applied(frame(before), change), frame(after))
    keys = [[(row["place"], row["day"]) for row in rows] for rows in (before, after)]
    same = [row for row in before if row in after]
    assert change.count("added") == len(set(keys[1]) - set(keys[0]))
    assert change.count("removed") == len(set(keys[0]) - set(keys[1]))
    assert change.count("changed") == len(set(keys[0]) & set(keys[1])) - len(same)


def test_a_table_with_other_columns_is_begun_anew() -> None:
    after = frame([{"place": "a", "day": date(2017, 1, 1), "count": 1, "share": None, "methods": []}])
    change = change_of(TABLE, after.drop("share"), after)

    assert change.is_whole
    assert_frame_equal(applied(after.drop("share"), change), after)
    assert_frame_equal(applied(None, change_of(TABLE, None, after)), after)


def test_tables_that_do_not_differ_are_left_out_and_a_change_has_its_column_in_front() -> None:
    stock, rules = TABLES["caseload_stock"].empty(), TABLES["rules"].empty()
    rule = pl.DataFrame([dict.fromkeys(rules.columns, "x")], schema=rules.schema)
    found = changes({"caseload_stock": stock, "rules": rules}, {"caseload_stock": stock, "rules": rule})

    assert list(found) == ["rules"]
    assert found["rules"].rows.columns == [WHAT, *rules.columns]
