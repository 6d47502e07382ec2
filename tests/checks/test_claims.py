"""Published figures against what is known: the real claims with their verdicts, and each rule of the check alone."""

import csv
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.checks.claims.check import check_claims
from pipeline.checks.claims.lookup import Knowledge
from pipeline.checks.claims.model import read_claims
from schemas.catalogue import TABLES
from schemas.person_number import holds_number
from schemas.sources import municipal_statistics, national_statistics, published_figures

REPOSITORY = Path(__file__).parents[2]
NAME = "2022-03-16_published_figures_brunssum.csv"
PLACES = (REPOSITORY / "data/raw/published_figures" / NAME, REPOSITORY.parent / "shared/data" / NAME)

PW, WITH_IOAW, ALL = "pw", "pw_ioaw_ioaz", "all"
JAN15, JAN16, JAN17, JAN18 = (date(year, 1, 1) for year in (2015, 2016, 2017, 2018))
AUGUST = date(2018, 8, 31)
KNOWN: tuple[tuple[str, date, int], ...] = (
    (PW, JAN15, 924), (PW, date(2015, 10, 1), 900), (PW, JAN16, 907), (PW, JAN17, 876),
    (PW, date(2017, 10, 1), 845), (PW, JAN18, 842), (PW, AUGUST, 795),
    (WITH_IOAW, JAN15, 951), (WITH_IOAW, JAN16, 944), (WITH_IOAW, JAN17, 912),
)  # fmt: skip
CBS_NATIONAL = (
    (date(2015, 12, 31), True, 428_200, 387_000),
    (date(2015, 12, 31), False, 423_000, 382_400),
    (date(2016, 12, 31), True, 442_400, 399_500),
    (date(2016, 12, 31), False, 436_500, 395_000),
)
TODAY = date(2022, 12, 31)


def stock(*figures: tuple[str, date, int], source: str = "counted") -> pl.DataFrame:
    table = TABLES["caseload_stock"]
    rows = [
        dict.fromkeys(table.columns)
        | {
            "municipality_code": "GM0899",
            "reference_date": on,
            "series": series,
            "benefits": benefits,
            "source": source,
        }
        for series, on, benefits in figures
    ]
    return pl.DataFrame(rows, schema=table.polars_schema)


def flow(*figures: tuple[str, date, date, int, int]) -> pl.DataFrame:
    """Series, begin, end, inflow, outflow to work."""
    table = TABLES["caseload_flow"]
    rows = [
        dict.fromkeys(table.columns)
        | {"municipality_code": "GM0899", "series": series, "previous_reference_date": begin, "reference_date": end}
        | {"inflow": inflow, "outflow_to_work": to_work}
        for series, begin, end, inflow, to_work in figures
    ]
    return pl.DataFrame(rows, schema=table.polars_schema)


def _of_source(columns: Any, rows: list[dict[str, Any]], **more: Any) -> pl.DataFrame:
    schema = {column.name: column.dtype for column in columns} | more | {"delivered_on": pl.Date, "delivery": pl.String}
    return pl.DataFrame([dict.fromkeys(schema) | row for row in rows], schema=schema)


def national(*figures: tuple[date, bool, int, int]) -> pl.DataFrame:
    names = ("reference_date", "is_month", "benefits", "benefits_to_aow_age")
    rows = [dict(zip(names, figure, strict=True)) for figure in figures]
    return _of_source(national_statistics.COLUMNS, rows, reference_date=pl.Date, is_month=pl.Boolean)


def municipal(*figures: tuple[str, int, int, int]) -> pl.DataFrame:
    """Age class, year, inflow, outflow to work."""
    names = ("age_class", "year", "inflow", "outflow_to_work")
    rows = [{"region_code": "GM0899"} | dict(zip(names, figure, strict=True)) for figure in figures]
    return _of_source(municipal_statistics.COLUMNS, rows, reference_date=pl.Date)


def knowledge(on: date, **frames: pl.DataFrame) -> Knowledge:
    empty = {"stock": stock(), "flow": flow(), "national": national(), "municipal": municipal()}
    return Knowledge(known_on=on, **(empty | frames))


def claim_frame(*claims: dict[str, Any]) -> pl.DataFrame:
    schema = {column.name: column.dtype for column in published_figures.COLUMNS} | {"value_decimals": pl.Int16()}
    usual = {
        "claim_id": "T-01", "document": "a text", "published_on": date(2018, 10, 1), "region_code": "GM0899",
        "operator": "=", "value_decimals": 0,
    }  # fmt: skip
    return pl.DataFrame([dict.fromkeys(schema) | usual | claim for claim in claims], schema=schema)


def stock_claim(value: float, on: date = JAN17, **more: Any) -> dict[str, Any]:
    return {"indicator": "caseload_stock", "reference_date": on, "value": value, "unit": "aantal"} | more


def change_claim(value: float, begin: date, until: date, **more: Any) -> dict[str, Any]:
    pct = {"indicator": "caseload_change_pct", "value": value, "value_decimals": 1, "unit": "procent"}
    return pct | {"period_from": begin, "period_until": until} | more


def check(*claims: dict[str, Any], then: Knowledge | None = None, **frames: pl.DataFrame) -> list[dict[str, Any]]:
    """The rows of the check; without ``then`` the day of publication knew what is known now."""
    frame = claim_frame(*claims)
    days = {day: then or knowledge(day, **frames) for day in frame["published_on"].to_list()}
    result = check_claims(frame, days, knowledge(TODAY, **frames))
    TABLES["published_figures_check"].schema().validate(result, lazy=True)
    return result.to_dicts()


def real_claims() -> pl.DataFrame:
    path = next((place for place in PLACES if place.is_file()), None)
    if path is None:
        pytest.skip(f"{NAME} is not in data/raw/published_figures nor beside the repository")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = [_parsed(row) for row in csv.DictReader(lines, delimiter=";")]
    return claim_frame(*rows)


def _parsed(row: dict[str, str]) -> dict[str, Any]:
    """One line of the file as events have it, read by hand."""
    parsed: dict[str, Any] = {}
    for column in published_figures.COLUMNS:
        text = row[column.header] or None
        if text and column.dtype == pl.Date:
            day, month, year = text.split("-")
            parsed[column.name] = date(int(year), int(month), int(day))
        elif text and column.name == "value":
            parsed["value"] = float(Fraction(text.replace(",", ".")))
            parsed["value_decimals"] = len(text.partition(",")[2])
        else:
            parsed[column.name] = text
    return parsed


NOTHING = ("not_checkable", None, None, None)
EXPECTED: dict[str, tuple[str, str | None, str | None, float | None]] = {
    "E1-01": ("confirmed", PW, None, 845),
    "E1-02": ("confirmed", PW, None, -31),
    "E2-01": NOTHING,
    "E2-03": ("confirmed", PW, None, 924),
    "E2-04": ("confirmed", PW, None, 900),
    "E3-01": NOTHING,
    "E3-02": NOTHING,
    "E3-04": NOTHING,
    "S0-01": NOTHING,
    "S0-02": NOTHING,
    "S0-03": NOTHING,
    "S0-04": NOTHING,
    "S0-06": NOTHING,
    "S0-08": NOTHING,
    "S0-09": NOTHING,
    "S0-10": NOTHING,
    "S0-11": NOTHING,
    "S0-12": NOTHING,
    "S0-13": NOTHING,
    "S0-14": ("confirmed", PW, WITH_IOAW, -3.4179),
    "S0-15": ("confirmed", PW, None, -3.8813),
    "S0-16": ("confirmed", PW, None, -5.5819),
    "S0-17": ("confirmed", PW, None, 876),
    "S0-18": ("confirmed", PW, None, 795),
    "S0-19": ("contradicted", PW, None, 0),
    "S1-01": ("confirmed", WITH_IOAW, PW, -3.3898),
    "S1-02": ("confirmed", WITH_IOAW, None, -0.7361),
    "S1-03": ("confirmed", WITH_IOAW, None, 944),
    "S1-04": ("confirmed", WITH_IOAW, None, 912),
    "S1-05": NOTHING,
    "S1-06": ("contradicted", None, None, 3.3162),
    "S1-07": NOTHING,
    "S1-08": NOTHING,
    "S1-09": NOTHING,
}


@pytest.fixture(scope="module")
def real_check() -> dict[str, dict[str, Any]]:
    """Stocks are known on their own date, the CBS figures only after all texts but the last."""
    claims = real_claims()
    days = {
        day: knowledge(
            day,
            stock=stock(*(figure for figure in KNOWN if figure[1] <= day)),
            national=national(*(figure for figure in CBS_NATIONAL if day.year > 2018)),
        )
        for day in claims["published_on"].unique().to_list()
    }
    now = knowledge(TODAY, stock=stock(*KNOWN), national=national(*CBS_NATIONAL))
    result = check_claims(claims, days, now)
    TABLES["published_figures_check"].schema().validate(result, lazy=True)
    return {row["claim_id"]: row for row in result.to_dicts()}


def test_every_real_claim_has_its_verdict(real_check: dict[str, dict[str, Any]]) -> None:
    found = {
        claim_id: (
            row["verdict"], row["series_found"], row["series_also"],
            None if row["value_found"] is None else round(row["value_found"], 4),
        )
        for claim_id, row in real_check.items()
    }  # fmt: skip

    assert found == EXPECTED
    assert list(real_check) == sorted(EXPECTED)


def test_verdicts_rest_on_what_was_known_when_published(real_check: dict[str, dict[str, Any]]) -> None:
    assert real_check["S1-04"]["as_known_on"] == date(2017, 2, 7)
    assert real_check["S1-06"]["as_known_on"] == TODAY
    assert real_check["S0-01"]["as_known_on"] is None
    assert {row["claim_id"] for row in real_check.values() if row["verdict"] != row["verdict_now"]} == set()


@pytest.mark.parametrize(
    ("claim_id", "explanation"),
    [
        ("S1-04", "912 on 2017-01-01 is the stock in pw_ioaw_ioaz (counted); pw had 876."),
        ("S0-17", "876 on 2017-01-01 is the stock in pw (counted); pw_ioaw_ioaz had 912."),
        ("E1-02", "From 876 to 845 in pw (counted) is −31."),
        (
            "S1-01",
            "From 944 to 912 in pw_ioaw_ioaz (counted) is −3.39 %, printed −3.4; "
            "it also holds where from 907 to 876 in pw is −3.42 %.",
        ),
        (
            "S1-06",
            "Not checkable as known on 2017-02-07; as known on 2022-12-31: "
            "From 428,200 to 442,400 benefits all ages in the country "
            "from 2015-12-31 to 2016-12-31 is +3.3 % (table 37789ksz, Bron: CBS), published was 7; "
            "from 387,000 to 399,500 benefits to AOW age is +3.2 %.",
        ),
        (
            "S0-19",
            "795 on 2018-08-31 in pw (counted) is the lowest of 7 reference dates since 2015-01-01, "
            "but claim E2-01 says 764 for 2008-01-01/2009-01-01 (series not named), which is lower.",
        ),
        (
            "E3-04",
            "No series of GM0899 has both 2021-01-01 and 2022-01-01. "
            "Claims E3-01 (736) and E3-02 (665) of the same text give −9.65 %, which fits −9.6.",
        ),
        ("E2-01", "No stock of GM0899 from 2008-01-01 until 2009-01-01 is known in any series."),
        ("S1-08", "No event of programme BETERE_BUREN was known."),
    ],
)
def test_explanations_name_the_figures(real_check: dict[str, dict[str, Any]], claim_id: str, explanation: str) -> None:
    assert real_check[claim_id]["explanation"] == explanation


@pytest.mark.parametrize(
    "figures",
    [
        pytest.param([(PW, JAN17, 876), (WITH_IOAW, JAN17, 912)], id="both stocks on the first date"),
        pytest.param([(WITH_IOAW, JAN17, 912), (PW, JAN18, 876)], id="one series at the begin, the other at the end"),
    ],
)
def test_a_change_is_never_taken_across_series(figures: list[tuple[str, date, int]]) -> None:
    """(912 - 876) / 912 is 3.9 % too."""
    [row] = check(change_claim(-3.9, JAN17, JAN18), stock=stock(*figures))

    assert (row["verdict"], row["value_found"], row["series_found"]) == ("not_checkable", None, None)


def test_a_change_out_of_reach_is_contradicted_with_the_series_nearest_to_it() -> None:
    [row] = check(change_claim(-9.2, JAN16, JAN17), stock=stock(*KNOWN))

    assert (row["verdict"], row["series_found"]) == ("contradicted", PW)
    assert row["explanation"] == (
        "From 907 to 876 in pw (counted) is −3.42 %, published was −9.2; from 944 to 912 in pw_ioaw_ioaz is −3.39 %."
    )


def test_a_change_from_zero_has_no_percentage() -> None:
    [row] = check(change_claim(5.0, JAN16, JAN17), stock=stock((PW, JAN16, 0), (PW, JAN17, 5)))

    assert row["verdict"] == "not_checkable"
    assert row["explanation"] == "The stock at the begin is zero."


@pytest.mark.parametrize(
    ("series", "value", "expected"),
    [
        (PW, 876, ("confirmed", PW, None)),
        (PW, 912, ("confirmed_in_other_series", WITH_IOAW, ALL)),
        (ALL, 912, ("confirmed", ALL, WITH_IOAW)),
        (PW, 900, ("contradicted", PW, None)),
        (None, 900, ("contradicted", WITH_IOAW, None)),
    ],
)
def test_a_named_series_comes_first(series: str | None, value: int, expected: tuple[str, str, str | None]) -> None:
    known = stock((PW, JAN17, 876), (WITH_IOAW, JAN17, 912), (ALL, JAN17, 912))

    [row] = check(stock_claim(value, series=series), stock=known)

    assert (row["verdict"], row["series_found"], row["series_also"]) == expected
    assert ("the claim names pw" in row["explanation"]) == (row["verdict"] == "confirmed_in_other_series")


def test_a_series_that_adds_nothing_does_not_hide_which_series_a_text_counts() -> None:
    """With ``all`` equal to pw_ioaw_ioaz no stock is found in one series alone; the text still counts more than pw."""
    same = [(ALL, on, benefits) for series, on, benefits in KNOWN if series == WITH_IOAW]
    claims = (
        change_claim(-3.4, JAN16, JAN17),
        stock_claim(912, claim_id="T-02"),
        stock_claim(944, JAN16, claim_id="T-03"),
    )

    rows = check(*claims, stock=stock(*KNOWN, *same))

    assert [(row["series_found"], row["series_also"]) for row in rows] == [
        (WITH_IOAW, "all|pw"), (WITH_IOAW, ALL), (WITH_IOAW, ALL)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("operator", "value", "verdict"),
    [
        ("=", 876, "confirmed"), ("=", 875, "contradicted"), ("=", 877, "contradicted"),
        (">", 875, "confirmed"), (">", 876, "contradicted"), (">=", 876, "confirmed"), (">=", 877, "contradicted"),
        ("<", 877, "confirmed"), ("<", 876, "contradicted"), ("<=", 876, "confirmed"), ("<=", 875, "contradicted"),
        ("~", 800, "confirmed"), ("~", 790, "contradicted"), ("~", 973, "confirmed"), ("~", 974, "contradicted"),
    ],
)  # fmt: skip
def test_operators(operator: str, value: int, verdict: str) -> None:
    [row] = check(stock_claim(value, operator=operator), stock=stock((PW, JAN17, 876)))

    assert row["verdict"] == verdict
    assert ("10 %" in row["explanation"]) == (operator == "~")


@pytest.mark.parametrize(
    ("value", "decimals", "found", "meets"),
    [
        (-3.4, 1, -3.45, True), (-3.4, 1, -3.4501, False), (-3, 0, -3.39, True), (-3, 0, -3.51, False),
        (-0.74, 2, -0.7361, True), (-0.74, 2, -0.7349, False), (0.3, 1, 0.25, True),
        (1 / 3, 0, 0.33, True), (1 / 3, 0, 0.329, True), (1 / 3, 0, 0.328, False), (1 / 3, 0, 0.8, False),
    ],
)  # fmt: skip
def test_equality_is_judged_at_printed_precision(value: float, decimals: int, found: float, meets: bool) -> None:
    [claim] = read_claims(claim_frame(change_claim(value, JAN16, JAN17, value_decimals=decimals)))

    assert claim.is_met_by(found) is meets


def test_reported_stocks_are_named_as_such() -> None:
    known = pl.concat([stock((PW, JAN16, 907), source="reported"), stock((PW, JAN17, 876))])

    rows = check(stock_claim(907, JAN16), change_claim(-3.4, JAN16, JAN17, claim_id="T-02"), stock=known)

    assert rows[0]["explanation"] == "907 on 2016-01-01 is the stock in pw (reported)."
    assert rows[1]["explanation"] == "From 907 to 876 in pw (reported, then counted) is −3.42 %, printed −3.4."


def test_a_later_correction_is_said_and_leaves_the_verdict_of_then() -> None:
    then = knowledge(date(2018, 10, 1), stock=stock((PW, JAN17, 876)))

    [row] = check(stock_claim(876), then=then, stock=stock((PW, JAN17, 877)))

    assert (row["verdict"], row["verdict_now"], row["value_found"]) == ("confirmed", "contradicted", 876)
    assert row["as_known_on"] == date(2018, 10, 1)
    assert row["explanation"] == (
        "876 on 2017-01-01 is the stock in pw (counted). "
        "As known on 2022-12-31 contradicted: 877 on 2017-01-01 is the stock in pw (counted), published was 876."
    )


def test_what_was_known_later_only_is_checked_with_what_is_known_now() -> None:
    [row] = check(stock_claim(876), then=knowledge(date(2018, 10, 1)), stock=stock((PW, JAN17, 876)))

    assert (row["verdict"], row["verdict_now"], row["as_known_on"]) == ("confirmed", "confirmed", TODAY)
    assert row["explanation"].startswith("Not checkable as known on 2018-10-01; as known on 2022-12-31: 876 on")


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ({"indicator": "happiness", "value": 7.0}, "happiness is unknown"),
        (stock_claim(0.5, unit="deel"), "caseload_stock is measured in aantal, the claim is in deel"),
        (stock_claim(876, region_code=None), "names no region"),
        (stock_claim(876, reference_date=None), "neither a date nor a period"),
        (change_claim(-3.4, JAN16, JAN17, period_from=None, period_until=None), "names no period"),
        (stock_claim(876, region_code="GM0882"), "no stock of GM0882 on 2017-01-01"),
    ],
)
def test_a_claim_that_cannot_be_checked_stays_and_says_why(claim: dict[str, Any], words: str) -> None:
    [row] = check(claim, stock=stock(*KNOWN))

    assert row["verdict"] == row["verdict_now"] == "not_checkable"
    assert words.lower() in row["explanation"].lower()


def test_no_claims_give_an_empty_table() -> None:
    assert check_claims(claim_frame(), {}, knowledge(TODAY)).schema == TABLES["published_figures_check"].polars_schema


def test_a_stock_in_a_period_may_be_of_any_reference_date_in_it() -> None:
    in_2015: dict[str, Any] = {"reference_date": None, "period_from": JAN15, "period_until": JAN16}

    rows = check(
        stock_claim(900, claim_id="T-01", **in_2015),
        stock_claim(910, claim_id="T-02", operator=">", **in_2015),
        stock_claim(907, claim_id="T-03", **in_2015),
        stock=stock(*KNOWN),
    )

    assert [(row["verdict"], row["value_found"], row["series_found"]) for row in rows] == [
        ("confirmed", 900, PW), ("confirmed", 951, WITH_IOAW), ("contradicted", 900, PW)
    ]  # fmt: skip


def lowest_claim(**more: Any) -> dict[str, Any]:
    return {"indicator": "is_lowest_on_record", "reference_date": AUGUST, "value": 1, "unit": "aantal"} | more


@pytest.mark.parametrize(
    ("others", "verdict"),
    [
        pytest.param([], "confirmed", id="own record alone"),
        pytest.param([stock_claim(764, date(2008, 1, 1))], "contradicted", id="a lower one before"),
        pytest.param([stock_claim(764, date(2020, 1, 1))], "confirmed", id="a lower one after"),
        pytest.param([stock_claim(796, date(2008, 1, 1))], "confirmed", id="a higher one before"),
        pytest.param([stock_claim(764, date(2008, 1, 1), series=WITH_IOAW)], "confirmed", id="another series"),
        pytest.param([stock_claim(764, date(2008, 1, 1), operator="~")], "confirmed", id="about is no proof"),
        pytest.param([stock_claim(764, date(2008, 1, 1), region_code="GM0882")], "confirmed", id="another region"),
    ],
)
def test_the_lowest_on_record_is_held_against_other_claims(others: list[dict[str, Any]], verdict: str) -> None:
    rows = check(lowest_claim(), *({**other, "claim_id": "T-02"} for other in others), stock=stock(*KNOWN))

    assert rows[0]["verdict"] == verdict


def test_a_verdict_says_in_columns_on_which_other_claims_and_which_record_it_rests() -> None:
    lower = stock_claim(764, date(2008, 1, 1), claim_id="T-02")

    (alone,) = check(lowest_claim(), stock=stock(*KNOWN))
    against, other = check(lowest_claim(), lower, stock=stock(*KNOWN))

    first = min(day for series, day, _ in KNOWN if series == PW)
    assert (alone["rests_on_claims"], alone["record_since"]) == (None, first)
    assert (against["rests_on_claims"], other["rests_on_claims"]) == ("T-02", None)


def test_the_lowest_on_record_is_not_one_that_the_record_equals() -> None:
    [row] = check(lowest_claim(), stock=stock((PW, JAN17, 795), (PW, AUGUST, 795)))

    assert (row["verdict"], row["value_found"]) == ("contradicted", 0)
    assert row["explanation"] == "795 on 2018-08-31 in pw (counted) is not below the 795 on 2017-01-01."


def test_a_claim_published_later_changes_the_verdict_of_now_only() -> None:
    later = stock_claim(764, date(2008, 1, 1), claim_id="T-02", published_on=date(2019, 5, 1))

    rows = check(lowest_claim(), later, stock=stock(*KNOWN))

    assert (rows[0]["verdict"], rows[0]["verdict_now"]) == ("confirmed", "contradicted")


def to_work_claim(**more: Any) -> dict[str, Any]:
    balance = {"indicator": "outflow_to_work_minus_inflow", "period_from": JAN16, "period_until": JAN17}
    return balance | {"operator": ">", "value": 0, "unit": "aantal"} | more


JULY = date(2016, 7, 1)


def test_flows_count_where_they_cover_the_whole_period() -> None:
    known = flow(
        (PW, JAN16, JULY, 100, 60),
        (PW, JULY, JAN17, 90, 50),
        (WITH_IOAW, JAN16, JULY, 10, 99),
        (ALL, JULY, JAN17, 1, 99),
    )

    [row] = check(to_work_claim(), flow=known)

    assert (row["verdict"], row["value_found"], row["series_found"]) == ("contradicted", 110 - 190, PW)
    assert "110 to work and 190 inflow in pw" in row["explanation"]


@pytest.mark.parametrize(
    "intervals",
    [
        pytest.param([(JAN16, JULY)], id="the end is missing"),
        pytest.param([(JULY, JAN17)], id="the begin is missing"),
        pytest.param([(JAN16, date(2016, 3, 1)), (JULY, JAN17)], id="a gap"),
        pytest.param([(JAN16, JULY), (JULY, date(2017, 2, 1))], id="beyond the end"),
    ],
)
def test_flows_with_a_gap_are_not_summed(intervals: list[tuple[date, date]]) -> None:
    [row] = check(to_work_claim(), flow=flow(*((PW, begin, end, 1, 9) for begin, end in intervals)))

    assert row["verdict"] == "not_checkable"


@pytest.mark.parametrize(
    ("to_work", "verdict"), [(130, "contradicted"), (250, "not_checkable"), (260, "not_checkable"), (270, "confirmed")]
)
def test_without_own_flows_the_persons_of_cbs_decide_beyond_their_rounding(to_work: int, verdict: str) -> None:
    [row] = check(to_work_claim(), municipal=municipal(("90100", 2016, 250, to_work), ("20150", 2016, 10, 990)))

    assert (row["verdict"], row["series_found"]) == (verdict, None)
    assert f"CBS counts {to_work} persons to work and 250 inflow in 2016" in row["explanation"]


def test_national_figures_are_those_of_months_and_of_the_days_before_the_bounds() -> None:
    claim = change_claim(3.3, JAN16, JAN17, indicator="national_caseload_change_pct", region_code="NL01")
    january = (date(2016, 1, 31), True, 999_000, 999_000)

    [found] = check(claim, national=national(january, *CBS_NATIONAL))
    [absent] = check(claim, national=national(january, CBS_NATIONAL[0], CBS_NATIONAL[3]))

    assert (found["verdict"], round(found["value_found"], 4)) == ("confirmed", 3.3162)
    assert absent["verdict"] == "not_checkable"


def test_the_order_of_rows_does_not_matter() -> None:
    claims = [stock_claim(value, claim_id=f"T-{value}") for value in (876, 912, 900)]

    forth = check(*claims, stock=stock(*KNOWN))
    back = check(*reversed(claims), stock=stock(*reversed(KNOWN)))

    assert forth == back


def test_no_explanation_of_a_press_figure_reads_as_the_number_of_a_person(
    real_check: dict[str, dict[str, Any]],
) -> None:
    assert [row["explanation"] for row in real_check.values() if holds_number(row["explanation"])] == []
