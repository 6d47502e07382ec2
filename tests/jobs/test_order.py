"""Any order of loading, split over any number of runs, gives the same state."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.examples import examples
from tests.jobs.folder import TOTALS, Folder, benefit, caseload, csv, total

TABLES = ("caseload_stock", "caseload_flow", "outflow_reasons", "reconciliation", "relation_findings")


def month(day: str, size: int, *, code: str = "0899", ended: int = 0) -> list[dict[str, object]]:
    """A stock of ``size`` benefits, and some that ended in the middle of the month before."""
    month_before = f"15-{int(day[3:5]) - 1:02d}-2017"
    return [
        *(benefit(n, peildatum=day, gemeentecode=code) for n in range(size)),
        *(
            benefit(500 + n, peildatum=day, gemeentecode=code, einddatum=month_before, reden_einde="11")
            for n in range(ended)
        ),
    ]


DELIVERIES = {
    "caseload/2017-02-07_feb.csv": caseload(*month("01-02-2017", 20), *month("01-02-2017", 8, code="0882")),
    "caseload/2017-03-07_march.csv": caseload(*month("01-03-2017", 18, ended=2)),
    "caseload/2017-03-20_feb_again.csv": caseload(*month("01-02-2017", 21)),
    "caseload/2017-04-07_two_months.csv": caseload(
        *month("01-03-2017", 19, ended=1), *month("01-04-2017", 17, ended=3), *month("01-04-2017", 9, code="0882")
    ),
    "caseload/2017-04-09_landgraaf.csv": caseload(
        *month("01-03-2017", 8, code="0882"), *month("01-04-2017", 7, code="0882", ended=1)
    ),
    "caseload/2017-05-01_april_again.csv": caseload(*month("01-04-2017", 16, ended=4)),
    "caseload_totals/2017-04-08_t.csv": csv(
        TOTALS,
        [total(peildatum=f"01-0{n}-2017", aantal=20 - n, reeks=reeks) for n in (2, 3, 4) for reeks in ("pw", "all")],
    ),
    "caseload_totals/2017-05-08_t.csv": csv(
        TOTALS, [total(peildatum="01-04-2017", aantal="16"), total(peildatum="01-05-2017", aantal=15)]
    ),
}

PW = {
    ("GM0899", "2017-02-01"): 21,
    ("GM0899", "2017-03-01"): 19,
    ("GM0899", "2017-04-01"): 16,
    ("GM0882", "2017-02-01"): 8,
    ("GM0882", "2017-03-01"): 8,
    ("GM0882", "2017-04-01"): 7,
    ("GM0899", "2017-05-01"): 15,
}
VERSIONS = {"feb": 1, "march": 1, "feb_again": 2, "two_months": 2, "landgraaf": 2, "april_again": 2}


@pytest.fixture
def folder(unpublished: Folder) -> Folder:
    return unpublished


@pytest.fixture(scope="module")
def in_order(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Everything in one run."""
    folder = Folder.at(tmp_path_factory.mktemp("in_order"), publishes=False)
    for name, content in DELIVERIES.items():
        folder.put(name, content)
    folder.run()
    return folder


def check_versions(folder: Folder) -> None:
    for short, version in VERSIONS.items():
        (name,) = (name for name in DELIVERIES if name.endswith(f"_{short}.csv") and name[20:] == f"_{short}.csv"[1:])
        assert folder.delivery(name)["version_of_scope"] == version


def test_latest_word_about_each_scope_counts(in_order: Folder) -> None:
    stock = in_order.stock()
    assert {(code, day): count for (code, day, series), count in stock.items() if series == "pw"} == PW
    check_versions(in_order)
    assert in_order.flow("2017-04-01") == (19, 0, 4, 16, 1)
    assert in_order.problems() == ()


def test_file_with_several_months_replaces_only_its_own(in_order: Folder) -> None:
    reported = {
        (row["municipality_code"], row["reference_date"].month): row["delivered_on"].isoformat()
        for row in in_order.table("caseload_stock").filter(series="pw").iter_rows(named=True)
    }
    assert reported == {
        ("GM0899", 2): "2017-03-20",
        ("GM0899", 3): "2017-04-07",
        ("GM0899", 4): "2017-05-01",
        ("GM0882", 2): "2017-02-07",
        ("GM0882", 3): "2017-04-09",
        ("GM0882", 4): "2017-04-09",
        ("GM0899", 5): "2017-05-08",
    }


@examples(2, are_nights=True)
@given(order=st.permutations(list(DELIVERIES)), cuts=st.sets(st.integers(1, len(DELIVERIES) - 1), max_size=3))
def test_any_order_and_any_split_give_the_same_state(
    tmp_path_factory: pytest.TempPathFactory, in_order: Folder, order: list[str], cuts: set[int]
) -> None:
    folder = Folder.at(tmp_path_factory.mktemp("order"), publishes=False)
    edges = [0, *sorted(cuts), len(order)]
    for first, last in pairwise(edges):
        for name in order[first:last]:
            folder.put(name, DELIVERIES[name])
        folder.run()
    for name in TABLES:
        assert_frame_equal(folder.table(name), in_order.table(name))
    check_versions(folder)
    assert folder.problems() == ()


@pytest.mark.parametrize("first", [0, 1])
def test_redelivered_month_is_version_two_whichever_came_first(folder: Folder, first: int) -> None:
    names = ("caseload/2017-02-07_feb.csv", "caseload/2017-03-20_feb_again.csv")
    for name in (names[first], names[1 - first]):
        folder.put(name, DELIVERIES[name])
        folder.run()
    assert [folder.delivery(name)["version_of_scope"] for name in names] == [1, 2]
    assert folder.stock()["GM0899", "2017-02-01", "pw"] == 21
    vintages = folder.table("caseload_stock").filter(municipality_code="GM0899")["vintage"].unique().to_list()
    assert vintages == ["revised"]


@pytest.mark.parametrize("first", [0, 1])
def test_same_bytes_delivered_on_two_days_count_from_the_first_day(folder: Folder, first: int) -> None:
    content = DELIVERIES["caseload/2017-02-07_feb.csv"]
    names = ("caseload/2017-02-07_feb.csv", "caseload/2017-04-30_feb_once_more.csv")
    folder.put("caseload/2017-03-20_feb_again.csv", DELIVERIES["caseload/2017-03-20_feb_again.csv"])
    for name in (names[first], names[1 - first]):
        folder.put(name, content)
        folder.run()
    deliveries = folder.table("deliveries")
    assert (deliveries.height, deliveries["delivery"].n_unique()) == (3, 2)
    assert folder.stock()["GM0899", "2017-02-01", "pw"] == 21
    told = folder.table("caseload_stock").filter(municipality_code="GM0899")["delivered_on"].unique().to_list()
    assert [day.isoformat() for day in told] == ["2017-03-20"]


def test_file_in_a_deeper_folder_counts_as_well(folder: Folder, tmp_path: Path) -> None:
    folder.put("caseload/2017/q1/2017-02-07_feb.csv", DELIVERIES["caseload/2017-02-07_feb.csv"])
    folder.run()
    assert folder.stock()["GM0899", "2017-02-01", "pw"] == 20
