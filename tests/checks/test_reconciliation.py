"""Own figures beside CBS, totals beside counts, and findings across sources."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.checks.benchmark import benchmark
from pipeline.checks.cbs_percentages import cbs_percentage_checks
from schemas.catalogue import TABLES
from schemas.sources import caseload_totals, municipal_statistics
from tests.checks.compared import reconciliation, relation_findings

REPOSITORY = Path(__file__).parents[2]
BULK = {
    2015: REPOSITORY.parent / "shared/data/statline_83450NED_2015.csv",
    2017: REPOSITORY.parent / "shared/data/statline_84066NED_2017.csv",
}
SAMPLES = {
    2015: REPOSITORY / "data/raw/municipal_statistics/2016-11-30_83450NED_2015.csv",
    2016: REPOSITORY / "data/raw/municipal_statistics/2017-11-30_83747NED_2016.csv",
    2017: REPOSITORY / "data/raw/municipal_statistics/2018-11-30_84066NED_2017.csv",
}
PUBLISHED = tuple(column for column in municipal_statistics.COLUMNS if column.name not in ("statistics_table", "year"))

JAN16, JULY16, JAN17, JAN18 = date(2016, 1, 1), date(2016, 7, 1), date(2017, 1, 1), date(2018, 1, 1)


def table_rows(name: str, *rows: dict[str, Any], **usual: Any) -> pl.DataFrame:
    table = TABLES[name]
    return pl.DataFrame([dict.fromkeys(table.columns) | usual | row for row in rows], schema=table.polars_schema)


def stock(*figures: tuple[str, date, str, int, int | None], source: str = "counted") -> pl.DataFrame:
    names = ("municipality_code", "reference_date", "series", "benefits", "persons")
    return table_rows("caseload_stock", *(dict(zip(names, row, strict=True)) for row in figures), source=source)


def counted(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select("municipality_code", "reference_date", "series", "benefits", "persons")


def flow(*figures: tuple[str, date, date, int, int, int], **usual: Any) -> pl.DataFrame:
    names = ("municipality_code", "previous_reference_date", "reference_date", "inflow", "outflow", "outflow_to_work")
    rows = (dict(zip(names, row, strict=True)) for row in figures)
    return table_rows("caseload_flow", *rows, **({"series": "pw", "unexplained_difference": 0} | usual))


def cbs(*rows: dict[str, Any]) -> pl.DataFrame:
    columns = {column.name: column.dtype for column in municipal_statistics.COLUMNS}
    schema = columns | {"reference_date": pl.Date(), "delivered_on": pl.Date(), "delivery": pl.String()}
    usual = {"statistics_table": "83747NED", "year": 2016, "age_class": "90100", "region_code": "GM0899"}
    return pl.DataFrame([dict.fromkeys(schema) | usual | row for row in rows], schema=schema)


def totals(*rows: dict[str, Any]) -> pl.DataFrame:
    schema = {column.name: column.dtype for column in caseload_totals.COLUMNS}
    usual = {"municipality_code": "GM0899", "reference_date": JAN17, "series": "pw"}
    return pl.DataFrame([dict.fromkeys(schema) | usual | row for row in rows], schema=schema)


def published(paths: dict[int, Path]) -> pl.DataFrame:
    """CBS files as events have them, columns by position since their names change between the years."""
    missing = [path.name for path in paths.values() if not path.is_file()]
    if missing:
        pytest.skip(f"CBS files are not beside or in the repository: {', '.join(missing)}")
    return pl.concat([_published(year, path) for year, path in paths.items()])


def _published(year: int, path: Path) -> pl.DataFrame:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        separator = ";" if ";" in lines.readline() else ","
    text = pl.read_csv(path, separator=separator, infer_schema=False)
    cells = [pl.nth(position + 1).str.strip_chars().alias(column.name) for position, column in enumerate(PUBLISHED)]
    return text.select(
        pl.lit(f"table of {year}").alias("statistics_table"),
        pl.lit(year, pl.Int16()).alias("year"),
        *cells,
        pl.lit(date(year + 1, 11, 30)).alias("delivered_on"),
    ).with_columns(
        pl.when(~pl.col(column.name).is_in(["", "."])).then(column.name).cast(column.dtype).alias(column.name)
        for column in PUBLISHED
    )


def valid(name: str, frame: pl.DataFrame) -> list[dict[str, Any]]:
    TABLES[name].schema().validate(frame, lazy=True)
    assert frame.equals(frame.sort(TABLES[name].key))
    return frame.to_dicts()


# --- benchmark


def test_recipients_are_persons_on_the_first_of_january_after_the_year() -> None:
    own = stock(("GM0899", JAN17, "pw", 900, 1034), ("GM0899", JAN17, "all", 950, 1200), ("GM0899", JAN16, "pw", 1, 1))

    rows = valid(
        "benchmark", benchmark(own, flow(), cbs({"recipients": 1030}, {"age_class": "20150", "recipients": 9}))
    )

    assert len(rows) == 4
    assert rows[3] == {
        "region_code": "GM0899", "year": 2016, "indicator": "recipients", "value_own": 1034, "value_cbs": 1030,
        "difference": 4, "comparable": True, "why_not": None, "rests_on": "2017-01-01",
    }  # fmt: skip


def test_flows_stand_beside_cbs_and_are_not_comparable() -> None:
    halves = flow(("GM0899", JAN16, JULY16, 100, 90, 40), ("GM0899", JULY16, JAN17, 110, 120, 50))
    other = flow(("GM0899", JAN16, JAN17, 1, 1, 1), series="all")

    rows = valid(
        "benchmark",
        benchmark(stock(), pl.concat([halves, other]), cbs({"inflow": 250, "outflow": 200, "outflow_to_work": 130})),
    )

    assert {row["indicator"]: (row["value_own"], row["value_cbs"], row["difference"]) for row in rows} == {
        "recipients": (None, None, None),
        "inflow": (210, 250, -40),
        "outflow": (210, 200, 10),
        "outflow_to_work": (90, 130, -40),
    }
    assert not any(row["comparable"] for row in rows)
    assert {row["why_not"] for row in rows if row["indicator"] != "recipients"} == {
        "benefits beside persons: a couple is one benefit and two persons"
    }

    assert {row["rests_on"] for row in rows} == {None, f"{JULY16}|{JAN17}"}


@pytest.mark.parametrize(
    "intervals",
    [
        pytest.param([(JAN16, JULY16)], id="half a year"),
        pytest.param([(JAN16, date(2016, 3, 1)), (JULY16, JAN17)], id="a gap"),
        pytest.param([(JULY16, JAN17)], id="no begin"),
        pytest.param([(JAN16, JULY16), (JULY16, date(2017, 2, 1))], id="over the end"),
        pytest.param([(date(2015, 12, 1), JULY16), (JULY16, JAN17)], id="before the begin"),
    ],
)
def test_flows_that_do_not_cover_the_year_have_no_figure(intervals: list[tuple[date, date]]) -> None:
    own = flow(*(("GM0899", begin, end, 10, 10, 10) for begin, end in intervals))

    rows = valid("benchmark", benchmark(stock(), own, cbs({"inflow": 250})))

    inflow = next(row for row in rows if row["indicator"] == "inflow")
    assert inflow["value_own"] is None
    assert inflow["why_not"].startswith(
        "own flows in series pw do not cover the whole of 2016; benefits beside persons"
    )


@pytest.mark.parametrize(
    ("code", "year", "words"),
    [
        ("GM0881", 2018, "GM0881 does not exist on 2019-01-01: its borders changed"),
        ("GM1954", 2019, "own deliveries cover a part of GM1954 only"),
        ("GM1954", 2018, "GM1954 does not exist on 2018-12-31: its borders changed; own deliveries cover a part"),
        ("GM0882", 2016, None),
    ],
)
def test_changed_borders_are_not_comparable(code: str, year: int, words: str | None) -> None:
    own = stock((code, date(year + 1, 1, 1), "pw", 100, 120))

    rows = valid("benchmark", benchmark(own, flow(), cbs({"region_code": code, "year": year, "recipients": 120})))

    assert rows[3]["comparable"] is (words is None)
    assert (rows[3]["why_not"] or "").startswith(words or "")


def test_regions_of_others_are_left_out_and_unknown_figures_are_said() -> None:
    figures = cbs({"recipients": None}, {"region_code": "GM0917", "recipients": 5240}, {"region_code": "NL01"})

    rows = valid("benchmark", benchmark(stock(("GM0899", JAN17, "pw", 900, None)), flow(), figures))

    assert {row["region_code"] for row in rows} == {"GM0899"}
    assert rows[3]["why_not"] == "own persons in series pw on 2017-01-01 are not known; CBS publishes no figure"


# --- reconciliation


def reconciled(**frames: pl.DataFrame) -> dict[tuple[str, str, str], dict[str, Any]]:
    empty = {
        "stock_counted": counted(stock()),
        "totals": totals(),
        "flow": flow(),
        "stock": stock(),
        "municipal": cbs(),
    }
    rows = valid("reconciliation", reconciliation(**(empty | frames)))
    return {(row["subject"], row["period"], row["indicator"]): row for row in rows}


def test_totals_are_held_against_counted_benefits() -> None:
    own = stock(("GM0899", JAN16, "pw", 907, None), ("GM0899", JAN17, "pw", 876, None))
    reported = totals(
        {"benefits": 880, "previous_reference_date": JAN16, "inflow": 210, "outflow": 241, "outflow_to_work": 85},
        {"benefits": 912, "series": "pw_ioaw_ioaz"},
    )

    rows = reconciled(
        stock_counted=counted(own), totals=reported, flow=flow(("GM0899", JAN16, JAN17, 210, 241, 90)), stock=own
    )

    values = ("value_reported", "value_derived", "difference", "verdict")
    assert {key: tuple(row[name] for name in values) for key, row in rows.items()} == {
        ("GM0899/pw", "2017-01-01", "benefits"): (880.0, 876.0, 4.0, "differs"),
        ("GM0899/pw", "2017-01-01", "inflow"): (210.0, 210.0, 0.0, "agrees"),
        ("GM0899/pw", "2017-01-01", "outflow"): (241.0, 241.0, 0.0, "agrees"),
        ("GM0899/pw", "2017-01-01", "outflow_to_work"): (85.0, 90.0, -5.0, "differs"),
        ("GM0899/pw_ioaw_ioaz", "2017-01-01", "benefits"): (912.0, None, None, "not_checkable"),
    }  # fmt: skip
    assert {row["rule"] for row in rows.values()} == {"RELATION-001"}


@pytest.mark.parametrize(
    ("previous", "counted_on"),
    [
        pytest.param(JULY16, [JAN16, JAN17], id="another interval"),
        pytest.param(None, [JAN16, JAN17], id="interval not named"),
        pytest.param(JAN16, [JAN17], id="the begin was reported, not counted"),
    ],
)
def test_flows_are_compared_over_the_same_counted_interval_only(previous: date | None, counted_on: list[date]) -> None:
    own = stock(*(("GM0899", on, "pw", 900, None) for on in counted_on))

    rows = reconciled(
        stock_counted=counted(own),
        totals=totals({"benefits": 900, "previous_reference_date": previous, "inflow": 210}),
        flow=flow(("GM0899", JAN16, JAN17, 210, 241, 90)),
    )

    assert rows["GM0899/pw", "2017-01-01", "inflow"]["verdict"] == "not_checkable"
    assert rows["GM0899/pw", "2017-01-01", "benefits"]["verdict"] == "agrees"


@pytest.mark.parametrize(
    ("persons", "verdict"),
    [
        (1000, "within_rounding"), (1005, "within_rounding"), (995, "within_rounding"), (1006, "agrees"),
        (1050, "agrees"), (1051, "differs"), (949, "differs"), (None, "not_checkable"),
    ],
)  # fmt: skip
def test_cbs_recipients_are_held_against_own_persons(persons: int | None, verdict: str) -> None:
    rows = reconciled(stock=stock(("GM0899", JAN17, "pw", 900, persons)), municipal=cbs({"recipients": 1000}))

    row = rows["GM0899/cbs", "2016", "recipients"]
    assert (row["verdict"], row["value_reported"], row["value_derived"]) == (verdict, 1000, persons)
    assert row["rule"] == "RELATION-003"


def test_what_cbs_does_not_publish_has_no_figure_beside_it_and_every_row_its_unit_and_base() -> None:
    year = {"recipients": 1000, "inflow": 0, "outflow": 240, "outflow_pct": 19.0}

    rows = reconciled(stock=stock(("GM0899", JAN17, "pw", 900, 1034)), municipal=cbs(year)).values()

    assert len(rows) > 1
    assert [row for row in rows if row["value_reported"] is None and row["value_derived"] is not None] == []
    assert [row for row in rows if not row["unit"] or (row["unit"] == "percent") != bool(row["base"])] == []


def test_a_small_figure_may_be_off_by_its_rounding_though_that_is_more_than_five_percent() -> None:
    rows = reconciled(stock=stock(("GM0899", JAN17, "pw", 60, 65)), municipal=cbs({"recipients": 60}))

    assert rows["GM0899/cbs", "2016", "recipients"]["verdict"] == "within_rounding"


@pytest.mark.parametrize(
    ("own", "of_cbs", "why"),
    [
        (
            13,
            1040,
            "below 50 the rounding of CBS to 10 alone is much of the figure; one is more than 2 times the other",
        ),
        (25, 20, "below 50 the rounding of CBS to 10 alone is much of the figure"),
        (400, 1040, "one is more than 2 times the other: the deliveries are about others"),
        (520, 1040, None),
    ],
)
def test_numbers_that_are_small_or_far_apart_are_no_comparison(own: int, of_cbs: int, why: str | None) -> None:
    there = stock(("GM0899", JAN17, "pw", own, own))

    row = benchmark(there, flow(), cbs({"recipients": of_cbs})).row(3, named=True)

    assert row["comparable"] is (why is None)
    assert (row["why_not"] or "").startswith(why or "")


def test_clients_above_the_age_that_cbs_counts_to_are_no_comparison() -> None:
    counts = pl.DataFrame(
        {"municipality_code": "GM0899", "reference_date": JAN17, "series": "pw", "kind": "above_age", "count": 30}
    )

    row = benchmark(stock(("GM0899", JAN17, "pw", 900, 1034)), flow(), cbs({"recipients": 1030}), counts).row(
        3, named=True
    )

    assert row["why_not"] == "30 of the own clients are above AOW age, CBS counts to that age"


# --- percentages of CBS


def test_the_base_is_the_begin_of_the_year_from_the_table_before_plus_inflow() -> None:
    """Brunssum to AOW age: 240 / (1040 + 240) = 18.75 %, printed 18.5. An outflow of 25 % (CBS: 19.5) would not fit."""
    year = {"recipients": 1000, "inflow": 240, "inflow_pct": 18.5, "outflow": 250, "outflow_pct": 25.0}

    rows = (
        cbs_percentage_checks(cbs({"year": 2015, "recipients": 1040}, year)).filter(pl.col("year") == 2016).to_dicts()
    )

    assert [(row["indicator"], row["basis"], row["holds"]) for row in rows] == [
        ("inflow_pct", "year_before", True),
        ("outflow_pct", "year_before", False),
        ("outflow_to_work_pct", "year_before", None),
    ]
    assert rows[0]["computed"] == pytest.approx(18.75)


@pytest.mark.parametrize(("pct", "holds"), [(44.5, False), (45.0, True), (50.0, True), (55.5, True), (56.0, False)])
def test_both_counts_of_the_base_are_rounded(pct: float, holds: bool) -> None:
    """100 / (100 + 100) lies between 95 / 210 = 45.24 % and 105 / 190 = 55.26 %; printed figures are off by 0.25."""
    figures = cbs({"year": 2015, "recipients": 100}, {"inflow": 100, "inflow_pct": pct})

    checks = cbs_percentage_checks(figures).filter(pl.col("year") == 2016, pl.col("indicator") == "inflow_pct")

    assert checks["holds"].to_list() == [holds]


def test_without_the_year_before_the_begin_follows_from_the_year_itself() -> None:
    year = {"recipients": 1010, "inflow": 240, "inflow_pct": 19.0, "outflow": 260}

    [row] = cbs_percentage_checks(cbs(year)).filter(pl.col("indicator") == "inflow_pct").to_dicts()

    assert (row["basis"], row["holds"], row["computed"]) == ("same_year", True, pytest.approx(24000 / 1270))


def test_outflow_to_work_is_divided_by_the_base_to_aow_age_in_every_age_class() -> None:
    """The country in 2016: 60,120 / (448,680 + 141,730) is 10.2 %; over all ages it would be 9.3 %, printed 9.5."""
    figures = cbs(
        {"year": 2015, "recipients": 448_680},
        {"inflow": 141_730},
        {"year": 2015, "age_class": "20150", "recipients": 496_600},
        {"age_class": "20150", "inflow": 148_130, "outflow_to_work": 60_120, "outflow_to_work_pct": 10.0},
    )

    checks = cbs_percentage_checks(figures).filter(pl.col("published") == 10.0).to_dicts()

    assert [(row["age_class"], row["holds"], round(row["computed"], 2)) for row in checks] == [("20150", True, 10.18)]


def outcomes(checks: pl.DataFrame) -> dict[tuple[str, bool | None], int]:
    return dict(Counter(checks.select("basis", "holds").iter_rows()))


def test_counts_of_both_bulk_files() -> None:
    """2015 and 2017 without 2016: nothing has a year before. Failures are moves and birthdays, not errors of CBS."""
    checks = cbs_percentage_checks(published(BULK))

    assert outcomes(checks) == {("same_year", True): 5896, ("same_year", False): 1199, ("same_year", None): 1662}
    assert outcomes(checks.filter(pl.col("region_code").str.starts_with("GM"))) == {
        ("same_year", True): 5098, ("same_year", False): 463, ("same_year", None): 1468
    }  # fmt: skip
    country = checks.filter(pl.col("region_code") == "NL01", pl.col("age_class") == "20150")
    assert outcomes(country) == {("same_year", True): 6}, (
        "nobody moves out of the country's figures or grows out of 15+"
    )


def test_with_the_year_before_every_percentage_of_three_years_fits() -> None:
    checks = cbs_percentage_checks(published(SAMPLES))

    assert outcomes(checks.filter(pl.col("year") > 2015)) == {("year_before", True): 60, ("year_before", None): 12}
    assert outcomes(checks.filter(pl.col("year") == 2015)) == {
        ("same_year", True): 25, ("same_year", False): 6, ("same_year", None): 5
    }  # fmt: skip


def test_the_check_agrees_with_counting_out_all_possible_counts() -> None:
    """Every true pair of counts that rounds to the published ones is tried, one by one, for the own municipalities."""
    tables = published(SAMPLES)
    checks = cbs_percentage_checks(tables).filter(pl.col("basis") == "year_before", pl.col("holds"))
    tried = checks.filter(pl.col("region_code") != "NL01", pl.col("indicator") == "inflow_pct")
    figures = {
        (region, age, year): (recipients, inflow)
        for region, age, year, recipients, inflow in tables.select(
            "region_code", "age_class", "year", "recipients", "inflow"
        ).iter_rows()
    }

    for row in tried.iter_rows(named=True):
        begin, _ = figures[row["region_code"], row["age_class"], row["year"] - 1]
        _, inflow = figures[row["region_code"], row["age_class"], row["year"]]
        possible = {
            round(200 * n / (b + n)) / 2
            for n in range(max(inflow - 5, 0), inflow + 6)
            for b in range(max(begin - 5, 0), begin + 6)
            if b + n
        }
        assert row["published"] in possible, row
    assert tried.height == 16


def test_percentages_of_own_municipalities_and_the_country_are_reconciled() -> None:
    year = {"inflow": 240, "inflow_pct": 18.5, "outflow": 260, "outflow_pct": 27.0}
    regions = ("GM0899", "NL01", "GM0917")
    figures = cbs(
        *({"region_code": region, "year": 2015, "recipients": 1040} for region in regions),
        *({"region_code": region} | year for region in regions),
    )

    rows = reconciled(municipal=figures)

    in_2016 = {key: row["verdict"] for key, row in rows.items() if row["rule"] == "RELATION-004" and key[1] == "2016"}
    assert in_2016 == {
        (f"{region}/cbs/90100", "2016", indicator): verdict
        for region in ("GM0899", "NL01")
        for indicator, verdict in (
            ("inflow_pct", "within_rounding"), ("outflow_pct", "differs"), ("outflow_to_work_pct", "not_checkable")
        )
    }  # fmt: skip


def test_an_estimated_begin_of_the_year_does_not_refute_a_percentage() -> None:
    figures = cbs({"recipients": 1010, "inflow": 240, "inflow_pct": 40.0, "outflow": 260})

    rows = reconciled(municipal=figures)
    findings = relation_findings(TABLES["reconciliation"].empty(), flow(), stock(), no_claims(), figures)

    assert rows["GM0899/cbs/90100", "2016", "inflow_pct"]["verdict"] == "not_checkable"
    assert findings.is_empty()


# --- findings


def no_claims() -> pl.DataFrame:
    return TABLES["published_figures_check"].empty()


def claims(*figures: tuple[str, float, str], **usual: Any) -> pl.DataFrame:
    """Claim, value, region and date as ``GM0899 2017-01-01``."""
    rows = (
        {"claim_id": claim_id, "value_published": value}
        | dict(zip(("region_code", "subject_period"), subject.split(), strict=True))
        for claim_id, value, subject in figures
    )
    return table_rows("published_figures_check", *rows, **({"indicator": "caseload_stock", "operator": "="} | usual))


def found(**frames: pl.DataFrame) -> list[tuple[str | None, ...]]:
    empty = {
        "reconciliation": TABLES["reconciliation"].empty(),
        "flow": flow(), "stock": stock(), "claims_check": no_claims(), "municipal": cbs(),
    }  # fmt: skip
    rows = valid("relation_findings", relation_findings(**(empty | frames)))
    assert all(row["severity"] == "warn" and "\n" not in row["what"] for row in rows)
    return [(row["rule"], row["subject"], row["what"], row["expected"], row["found"]) for row in rows]


def test_differences_of_the_reconciliation_are_findings() -> None:
    usual = {"period": "2017-01-01", "indicator": "benefits", "value_reported": 880.0, "value_derived": 876.0}
    judged = table_rows(
        "reconciliation",
        {"subject": "GM0899/pw", "verdict": "differs", "rule": "RELATION-001"},
        {"subject": "GM0882/pw", "verdict": "agrees", "rule": "RELATION-001"},
        {
            "subject": "GM0899/cbs",
            "verdict": "differs",
            "rule": "RELATION-003",
            "period": "2016",
            "indicator": "recipients",
        },
        **usual,
    )

    assert found(reconciliation=judged) == [
        (
            "RELATION-001", "GM0899/pw/2017-01-01/benefits",
            "benefits of GM0899/pw, 2017-01-01: 880 reported, 876 counted", "876", "880",
        ),
        (
            "RELATION-003", "GM0899/cbs/2016/recipients",
            "recipients of GM0899/cbs, 2016: 880 published by CBS, 876 own persons", "876", "880",
        ),
    ]  # fmt: skip


def test_an_unexplained_difference_is_a_finding_with_its_bridge() -> None:
    own = flow(("GM0899", JAN16, JAN17, 210, 241, 90), opening=907, closing=875, unexplained_difference=-1)
    sound = flow(("GM0899", JAN17, JAN18, 1, 1, 1), opening=1, closing=1)

    assert found(flow=pl.concat([own, sound])) == [
        (
            "RELATION-002", "GM0899/pw/2017-01-01",
            "907 + 210 inflow - 241 outflow from 2016-01-01 to 2017-01-01 gives 876, the stock is 875: -1 unexplained",
            "876", "875",
        )
    ]  # fmt: skip


def test_a_percentage_that_does_not_follow_is_a_finding_for_any_region() -> None:
    figures = cbs(
        {"region_code": "GM1945", "year": 2015, "recipients": 240},
        {"region_code": "GM1945", "inflow": 240, "inflow_pct": 20.0},
    )

    assert found(municipal=figures) == [
        (
            "RELATION-004", "GM1945/cbs/90100/2016/inflow_pct",
            "inflow_pct of GM1945 (age class 90100) in 2016 is published as 20.0, the counts give 50.0", "50.0", "20.0",
        )
    ]  # fmt: skip


def test_two_stocks_published_about_one_date_are_one_finding() -> None:
    exact = claims(
        ("S1-04", 912, "GM0899 2017-01-01"), ("S0-17", 876, "GM0899 2017-01-01"), ("S1-03", 944, "GM0899 2016-01-01"),
        ("T-01", 944, "GM0899 2016-01-01"), ("T-02", 900, "GM0882 2017-01-01"),
    )  # fmt: skip
    about = claims(("T-03", 940, "GM0899 2016-01-01"), operator="~")
    other = claims(("T-04", 1, "GM0899 2016-01-01"), indicator="placed")

    assert found(claims_check=pl.concat([exact, about, other])) == [
        (
            "RELATION-005", "GM0899/2017-01-01",
            "2 published figures about the caseload of GM0899/2017-01-01: 876 in S0-17, 912 in S1-04",
            None, "876 in S0-17, 912 in S1-04",
        )
    ]  # fmt: skip


def test_missing_months_are_one_finding_per_gap_in_the_counted_record() -> None:
    months = [date(2016, 1, 1), date(2016, 2, 1), date(2016, 4, 1), date(2016, 4, 15), date(2016, 8, 1)]
    own = stock(
        *(("GM0899", on, series, 1, 1) for on in months for series in ("pw", "all")), ("GM0882", JAN16, "pw", 1, 1)
    )
    reported = stock(("GM0899", date(2016, 3, 1), "pw", 1, None), ("GM0881", JAN16, "pw", 1, None), source="reported")

    assert found(stock=pl.concat([own, reported])) == [
        (
            "RELATION-006", "GM0899/2016-03-01", "1 reference date is missing between 2016-02-01 and 2016-04-01",
            "2016-03-01", "nothing counted",
        ),
        (
            "RELATION-006", "GM0899/2016-05-01", "3 reference dates are missing between 2016-04-01 and 2016-08-01",
            "2016-05-01 to 2016-07-01, monthly", "nothing counted",
        ),
    ]  # fmt: skip


def test_nothing_gives_nothing() -> None:
    assert found() == []
    assert reconciled() == {}
    assert valid("benchmark", benchmark(stock(), flow(), cbs())) == []
