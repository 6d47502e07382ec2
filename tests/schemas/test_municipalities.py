"""Municipalities since 2010: how many there were on every 1 January, and what became of each that ended."""

import csv
from datetime import date
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from schemas import reference
from schemas.sources import caseload_totals

YEAR_LISTS = Path(__file__).parents[3] / "shared" / "data" / "gemeente_codes_by_vintage.csv"

COUNTS = {
    2010: 431, 2011: 418, 2012: 415, 2013: 408, 2014: 403, 2015: 393, 2016: 390, 2017: 388, 2018: 380, 2019: 355,
    2020: 355, 2021: 352, 2022: 345, 2023: 342, 2024: 342, 2025: 342, 2026: 342,
}  # fmt: skip
"""As CBS counted them on 1 January."""

SPLIT = {
    "GM0055": ["GM0074", "GM0080", "GM1900", "GM1921"],
    "GM1671": ["GM0796", "GM0828"],
    "GM0140": ["GM0080", "GM1900", "GM1949"],
    "GM0053": ["GM1966", "GM1969"],
    "GM0788": ["GM0757", "GM0824", "GM0855", "GM0865"],
}
RENAMED = {"GM0083": "GM1908", "GM1921": "GM1940", "GM0241": "GM1945"}


def existing(on: date) -> set[str]:
    known = reference.municipalities().with_columns(on=pl.lit(on))
    return set(known.filter(reference.valid_on(reference.municipalities(), "code", "on"))["code"])


@pytest.mark.parametrize(("year", "count"), COUNTS.items())
def test_there_are_as_many_municipalities_on_1_january_as_cbs_counted(year: int, count: int) -> None:
    assert len(existing(date(year, 1, 1))) == count


def test_weesp_ended_within_a_year() -> None:
    assert len(existing(date(2022, 3, 23))) == 345
    assert existing(date(2022, 3, 23)) - existing(date(2022, 3, 24)) == {"GM0457"}


@pytest.mark.parametrize("year", [2015, 2016, 2017, 2020])
def test_the_codes_are_those_of_the_year_lists_of_cbs(year: int) -> None:
    if not YEAR_LISTS.exists():
        pytest.skip(f"{YEAR_LISTS.name} is not beside the repository; it is not committed")
    with YEAR_LISTS.open(encoding="utf-8") as file:
        listed = {row["code"] for row in csv.DictReader(file) if row[f"in_{year}"] == "1"}

    assert existing(date(year, 1, 1)) == listed


def test_every_municipality_that_ended_goes_on_as_one_that_exists_then_and_no_other_does() -> None:
    ended = dict(reference.municipalities().drop_nulls("valid_until").select("code", "valid_until").iter_rows())
    changes = reference.municipal_changes()

    assert dict(changes.select("code", "changes_on").unique().iter_rows()) == ended
    assert changes.select("code", "successor").is_unique().all()
    for on, successors in changes.group_by("changes_on").agg("successor").iter_rows():
        assert set(successors) <= existing(on)


def test_every_municipality_that_began_since_2010_has_a_predecessor() -> None:
    since = pl.col("valid_from") > date(2010, 1, 1)
    began = reference.municipalities().filter(since).select("code", "valid_from").sort("code").rows()
    changes = reference.municipal_changes()
    followed = changes.select(code="successor", valid_from="changes_on").unique()

    assert set(began) <= set(followed.rows())


def test_the_years_follow_from_one_another() -> None:
    changes = reference.municipal_changes()
    for year, following in pairwise(COUNTS):
        before, after = existing(date(year, 1, 1)), existing(date(following, 1, 1))
        within = changes.filter(pl.col("changes_on").is_between(date(year, 1, 2), date(following, 1, 1)))
        gone, came = before - after, after - before

        assert gone <= set(within["code"])
        assert came <= set(within["successor"])


def test_what_was_split_or_renamed_is_called_so() -> None:
    of = {kind: changes for (kind,), changes in reference.municipal_changes().group_by("kind")}
    split = of["split"].group_by("code").agg(pl.col("successor").sort())

    assert set(of) == {"merged", "split", "renamed"}
    assert dict(split.iter_rows()) == SPLIT
    assert dict(of["renamed"].select("code", "successor").iter_rows()) == RENAMED
    assert of["merged"]["code"].is_unique().all()


def test_every_change_has_two_sources_and_every_source_is_listed_and_used() -> None:
    used = [basis.split(";") for basis in reference.municipal_changes()["basis"]]
    listed = reference.municipal_sources()["source"].to_list()

    assert {len(set(each)) for each in used} == {2}
    assert {source for each in used for source in each} == set(listed)
    assert len(listed) == len(set(listed))


def test_every_municipality_has_a_name() -> None:
    assert reference.municipalities()["name"].null_count() == 0


def test_the_next_step_names_the_successor_of_an_own_municipality() -> None:
    (rule,) = [each for each in caseload_totals.SOURCE.rules if each.code == "TOTALS-001"]

    assert "GM0881 Onderbanken ended on 2019-01-01, from then on it is GM1954 Beekdaelen." in rule.fix
