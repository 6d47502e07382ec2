"""Numbers in place of texts and of several columns tell the same apart, in the same order."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.trajectories.numbers import by_hash, numbered, packed, places, sorted_by
from tests.examples import examples

texts = st.lists(st.text("abé|1", max_size=3), max_size=12)


@examples(30)
@given(texts)
def test_places_are_those_of_sorted_texts(each: list[str]) -> None:
    order = sorted(set(each), key=lambda text: text.encode())

    assert places(pl.Series(each, dtype=pl.String)).to_list() == [order.index(text) for text in each]


@examples(30)
@given(texts)
def test_a_number_leads_back_to_its_text(each: list[str]) -> None:
    numbers, once = numbered(pl.Series(each, dtype=pl.String))

    assert [once[number] for number in numbers] == each
    assert len(set(once)) == len(once)


def test_two_texts_of_one_hash_are_told_apart_by_themselves() -> None:
    hashes = pl.Series([7, 7, 1], dtype=pl.UInt64)

    assert by_hash(pl.Series(["a", "b", "a"]), hashes) is None
    assert by_hash(pl.Series(["a", "a", "b"]), hashes) is not None


@examples(30)
@given(st.lists(st.tuples(st.integers(-3, 3), st.dates(), st.integers(0, 2)), max_size=8))
def test_one_number_sorts_as_several_do(rows: list[tuple[int, object, int]]) -> None:
    frame = pl.DataFrame(rows, schema={"a": pl.Int64, "b": pl.Date, "c": pl.Int8}, orient="row")
    whole = packed([frame["a"], frame["b"], frame["c"]]).to_list()

    assert [row for _, row in sorted(zip(whole, rows, strict=True), key=lambda each: each[0])] == sorted(rows)  # type: ignore[type-var]
    assert len(set(whole)) == len(set(rows))


def test_numbers_too_wide_for_one_are_refused() -> None:
    wide = pl.Series([0, 2**40])

    with pytest.raises(OverflowError):
        packed([wide, wide])


def test_rows_that_are_equal_so_far_are_put_in_order_by_what_follows() -> None:
    rows = pl.DataFrame({"day": [2, 1, 2, 3, 2], "id": ["c", "z", "a", "y", "b"]})

    ordered = sorted_by(rows, [rows["day"]], lambda tied: tied.sort("packed", "id"))

    assert ordered["id"].to_list() == ["z", "a", "b", "c", "y"]
