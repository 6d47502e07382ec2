"""The files of CBS load exactly as published: every row, none in quarantine, all figures. Bron: CBS, CC BY 4.0.

The bulk files are not in the repository; without them beside it these tests are skipped.
"""

import csv
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.intake.column_names import resolve
from pipeline.intake.file_name_facts import facts
from pipeline.intake.parse import parse
from pipeline.intake.validate import judge
from pipeline.store.formats.open_table import open_table
from schemas import reference
from schemas.catalogue import SOURCES
from schemas.source import Condition

DATA = Path(__file__).parents[3] / "shared" / "data"
MUNICIPAL = {"83450NED": "statline_83450NED_2015.csv", "84066NED": "statline_84066NED_2017.csv"}
NATIONAL = "statline_37789ksz.csv"
NORMALISED = "cbs_bijstand_reintegratie_bol_2015_2017.csv"
NORMALISED_NATIONAL = "cbs_37789ksz_nl_monthly_bijstand_1998_2018.csv"


def present(name: str) -> Path:
    if not (DATA / name).exists():
        pytest.skip(f"{name} is not beside the repository; it is not committed (CBS, CC BY 4.0)")
    return DATA / name


@cache
def loaded(path: Path, source_name: str) -> tuple[pl.DataFrame, list[tuple[int, str, str]], int]:
    """Rows that may be recorded, findings, and rows read."""
    source = SOURCES[source_name]
    table = open_table(path)
    resolution = resolve(table.header, source, reference.aliases())
    assert (resolution.unknown, resolution.missing) == ((), ())
    constants = facts(path.name, None, reference.cbs_tables()) if source.from_delivery else {}
    good, findings, rows = [], [], 0
    for batch in table.batches:
        assert batch.misshapen.is_empty()
        judged = judge(parse(batch.frame, source, resolution.cells, constants=constants), source)
        good.append(judged.good)
        findings += judged.findings.rows()
        rows += batch.frame.height
    return pl.concat(good), findings, rows


def municipal(table: str) -> tuple[pl.DataFrame, list[tuple[int, str, str]], int]:
    return loaded(present(MUNICIPAL[table]), "municipal_statistics")


@pytest.mark.parametrize(("table", "rows"), [("83450NED", 1455), ("84066NED", 1464)])
def test_every_row_of_a_yearly_table_may_be_recorded(table: str, rows: int) -> None:
    good, _, rows_read = municipal(table)

    assert (rows_read, good.height) == (rows, rows)
    assert Counter(good["age_class"]) == dict.fromkeys(("20150", "90100", "90200"), rows // 3)
    assert good.select("statistics_table", "region_code", "age_class", "year").is_unique().all()


def test_the_only_findings_are_about_a_municipality_that_merged_that_year() -> None:
    _, of_2015, _ = municipal("83450NED")
    good, of_2017, _ = municipal("84066NED")

    assert of_2015 == []
    merged = good.filter((pl.col("region_code") == "GM1948") & (pl.col("age_class") != "90200"))["row"]
    assert sorted(of_2017) == [(row, "outflow_to_work", "CBSMUN-005") for row in merged]


@pytest.mark.parametrize(
    ("table", "region", "age", "expected"),
    [
        ("83450NED", "GM0899", "20150", (24_660, 1110, 45.0, 310, 21.5, 310, 21.5, 140, 10.0, 260, 110, 19.5)),
        ("83450NED", "GM0899", "90100", (18_290, 1040, 57.0, 290, 21.5, 290, 21.0, 140, 10.0, 260, 110, 19.5)),
        ("84066NED", "GM0899", "20150", (24_570, 1030, 42.0, 240, 18.0, 260, 20.0, 130, 10.5, 190, None, None)),
        ("84066NED", "GM0899", "90100", (18_170, 960, 52.5, 230, 18.5, 250, 20.0, 130, 10.5, 190, None, None)),
        (
            "83450NED",
            "NL01",
            "20150",
            (14_188_300, 496_600, 35.0, 155_440, 24.5, 140_070, 22.0, 59_780, 10.5, 165_440, 43_480, 17.0),
        ),
        (
            "84066NED",
            "NL01",
            "20150",
            (14_422_560, 508_480, 35.5, 123_060, 19.5, 128_560, 20.0, 60_890, 10.5, 190_360, None, None),
        ),
    ],
)
def test_the_figures_are_those_of_statline(table: str, region: str, age: str, expected: tuple[Any, ...]) -> None:
    good, _, _ = municipal(table)
    names = [
        "inhabitants",
        "recipients",
        "recipients_per_1000",
        "inflow",
        "inflow_pct",
        "outflow",
        "outflow_pct",
        "outflow_to_work",
        "outflow_to_work_pct",
        "reintegration",
        "work_after_reintegration",
        "work_after_reintegration_pct",
    ]

    found = good.filter((pl.col("region_code") == region) & (pl.col("age_class") == age)).select(names)

    assert found.rows() == [expected]


SAME_FIGURE = {
    "inhabitants": "inhabitants",
    "recipients": "recipients",
    "recipients_per_1000": "recipients_per_1000",
    "inflow_n": "inflow",
    "inflow_pct": "inflow_pct",
    "outflow_n": "outflow",
    "outflow_pct": "outflow_pct",
    "outflow_work_n": "outflow_to_work",
    "outflow_work_pct": "outflow_to_work_pct",
    "reint_persons_n": "reintegration",
    "work_after_reint_n": "work_after_reintegration",
    "work_after_reint_pct": "work_after_reintegration_pct",
    "recipients_and_reint_n": "recipients_with_reintegration",
    "recipients_with_reint_pct": "recipients_with_reintegration_pct",
    "reint_with_benefit_pct": "reintegration_with_benefit_pct",
    "wsw_workers_n": "sheltered_workers",
    "wsw_per_1000": "sheltered_per_1000",
}


@pytest.mark.parametrize("table", list(MUNICIPAL))
def test_every_row_of_the_normalised_table_is_found_with_all_its_figures(table: str) -> None:
    good, _, _ = municipal(table)
    with present(NORMALISED).open(encoding="utf-8", newline="") as file:
        expected = [row for row in csv.DictReader(file) if row["cbs_table"] == table]
    found = {(row["region_code"], row["age_class"]): row for row in good.to_dicts()}

    assert len(expected) == 21
    for row in expected:
        own = found[row["region_code"], row["age_code"]]
        assert (str(own["year"]), str(own["reference_date"])) == (row["year"], row["reference_date"])
        for theirs, ours in SAME_FIGURE.items():
            assert own[ours] == (float(row[theirs]) if row[theirs] else None), (row["region_code"], ours)


def rule_of(code: str) -> Condition:
    return next(rule for rule in SOURCES["municipal_statistics"].conditions if rule.code == code)


@pytest.mark.parametrize(
    ("table", "code", "passed", "failed", "nothing_to_check"),
    [
        ("83450NED", "CBSMUN-004", 1424, 0, 31),
        ("84066NED", "CBSMUN-004", 1447, 0, 17),
        ("83450NED", "CBSMUN-005", 970, 0, 485),
        ("84066NED", "CBSMUN-005", 974, 2, 488),
        ("83450NED", "CBSMUN-007", 1252, 0, 203),
        ("84066NED", "CBSMUN-007", 1254, 0, 210),
    ],
)
def test_how_many_rows_a_relation_between_figures_holds_for(
    table: str, code: str, passed: int, failed: int, nothing_to_check: int
) -> None:
    good, _, _ = municipal(table)

    held = Counter(good.select(held=rule_of(code).holds)["held"])

    assert (held[True], held[False], held[None]) == (passed, failed, nothing_to_check)


def base_of(count: int, percentage: float) -> tuple[float, float]:
    """The smallest and largest base of which ``count`` (rounded to 10) can be ``percentage`` (rounded to 0.5)."""
    low = 100 * max(count - 5, 0) / (percentage + 0.25)
    high = 100 * (count + 5) / (percentage - 0.25) if percentage > 0.25 else float("inf")
    return low, high


@pytest.mark.parametrize(("table", "regions", "fits_own_base"), [("83450NED", 479, 303), ("84066NED", 482, 306)])
def test_outflow_to_work_has_the_base_of_the_class_to_aow_age_also_for_15_and_over(
    table: str, regions: int, fits_own_base: int
) -> None:
    good, _, _ = municipal(table)
    rows = {(row["region_code"], row["age_class"]): row for row in good.to_dicts()}
    checked = own = to_aow_age = 0
    for (region, age), row in rows.items():
        figures = ("inflow_pct", "outflow_pct", "outflow_to_work_pct")
        younger = rows[region, "90100"]
        if age != "20150" or any(each[name] is None for each in (row, younger) for name in figures):
            continue
        low, high = base_of(row["outflow_to_work"], row["outflow_to_work_pct"])
        checked += 1
        for which, base in (("own", row), ("to_aow_age", younger)):
            bounds = [base_of(base["inflow"], base["inflow_pct"]), base_of(base["outflow"], base["outflow_pct"])]
            fits = low <= min(upper for _, upper in bounds) and max(lower for lower, _ in bounds) <= high
            own += which == "own" and fits
            to_aow_age += which == "to_aow_age" and fits

    assert (checked, own, to_aow_age) == (regions, fits_own_base, regions)


def national() -> tuple[pl.DataFrame, list[tuple[int, str, str]], int]:
    return loaded(present(NATIONAL), "national_statistics")


def test_every_period_of_the_national_series_may_be_recorded() -> None:
    good, _, rows_read = national()

    assert (rows_read, good.height) == (271, 271)
    assert Counter(good["is_month"]) == {True: 251, False: 20}
    assert good["period"].is_unique().all()


def test_in_two_months_the_age_classes_do_not_add_up_to_the_total() -> None:
    good, findings, _ = national()
    periods = dict(good.select("row", "period").rows())

    assert [(periods[row], column, rule) for row, column, rule in findings] == [
        ("2015MM11", "benefits", "CBSNAT-002"),
        ("2018MM10", "benefits", "CBSNAT-002"),
    ]


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("1998MM01", (449_000, 435_100, 14_000, 19_200, 4100)),
        ("2016MM12", (442_400, 399_500, 42_800, 23_300, 1800)),
        ("2016JJ00", (436_500, 395_000, 41_600, 22_300, 1800)),
    ],
)
def test_the_national_figures_are_those_of_statline(period: str, expected: tuple[int, ...]) -> None:
    good, _, _ = national()
    names = ["benefits", "benefits_to_aow_age", "benefits_from_aow_age", "ioaw", "ioaz"]

    assert good.filter(pl.col("period") == period).select(names).rows() == [expected]


def test_every_row_of_the_normalised_national_series_is_found() -> None:
    good, _, _ = national()
    names = ["bijstand_total_x1000", "bijstand_tot_aow_x1000", "bijstand_vanaf_aow_x1000", "ioaw_x1000", "ioaz_x1000"]
    with present(NORMALISED_NATIONAL).open(encoding="utf-8", newline="") as file:
        expected = {
            row["period_code"]: tuple(round(float(row[name]) * 1000) if row[name] else None for name in names)
            for row in csv.DictReader(file)
        }
    ours = ("period", "benefits", "benefits_to_aow_age", "benefits_from_aow_age", "ioaw", "ioaz")

    assert {period: figures for period, *figures in good.select(ours).rows()} == {
        period: list(figures) for period, figures in expected.items()
    }
