"""The tables of names: every code that a table shows has one, and the calendar tells how each date is known."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import polars as pl
import pytest

from pipeline.caseload import service
from pipeline.jobs.projections import PROJECTIONS
from pipeline.names import calendar
from pipeline.versions.projection import Known
from schemas import reference
from schemas.catalogue import RULES, TABLES
from schemas.tables.calendar import CALENDAR, CASELOAD_SERVICE
from schemas.tables.caseload import CASELOAD_STOCK
from schemas.wording import LISTS
from tests.jobs.folder import TOTALS, Folder, benefit, caseload, csv, total

NAMES = ("municipalities", "programmes", "providers", "codes", "rules")


def rows(name: str) -> pl.DataFrame:
    project = PROJECTIONS[name].project
    assert project is not None
    return project(cast(Known, None))


@pytest.mark.parametrize("name", NAMES)
def test_each_table_of_names_is_as_declared_and_holds_something(name: str) -> None:
    found = rows(name)
    assert found.height > 1
    assert found.equals(TABLES[name].schema().validate(found, lazy=True))


def test_every_municipality_stands_once_with_what_became_of_it() -> None:
    found = rows("municipalities")
    assert sorted(found["municipality_code"]) == sorted(reference.municipalities()["code"])
    by_code = {row["municipality_code"]: row for row in found.iter_rows(named=True)}
    assert (by_code["GM0881"]["successor"], by_code["GM0881"]["change"]) == ("GM1954", "merged")
    assert by_code["GM0881"]["valid_until"] == date(2019, 1, 1)
    assert (by_code["GM0055"]["successor"], by_code["GM0055"]["change"]) == ("GM0074;GM0080;GM1900;GM1921", "split")
    assert set(found.filter("is_own")["name"]) == {"Brunssum", "Landgraaf", "Onderbanken"}
    ended = found.filter(pl.col("valid_until").is_not_null() & pl.col("successor").is_null())
    assert ended.filter(pl.col("valid_until") > date(2010, 1, 1)).is_empty()


def test_all_providers_together_have_a_row_that_a_sum_can_leave_out() -> None:
    found = rows("providers")
    assert found.filter("is_total")["provider_code"].to_list() == ["*"]
    assert set(found.filter(~pl.col("is_total"))["provider_code"]) == set(reference.providers()["provider_code"])


def test_of_every_code_one_meaning_at_most_goes_on() -> None:
    current = rows("codes").filter("is_current")
    assert not current.select("list", "code").is_duplicated().any()
    changed = rows("codes").filter((pl.col("list") == "end_reason") & (pl.col("code") == "01")).sort("meaning")
    assert changed["text_nl"].to_list() == ["aanvang studie", "gaan volgen van onderwijs met studiefinanciering"]
    assert changed["is_current"].to_list() == [False, True]


LISTED = [
    (table.name, field.name, field.values)
    for table in TABLES.values()
    for field in table.fields
    if field.values and field.name in {"series", "vintage", "activity", "severity", "verdict"}
    if (table.name, field.name) != ("reconciliation", "verdict")
]


@pytest.mark.parametrize(("table", "column", "values"), LISTED)
def test_every_value_of_a_closed_list_has_words(table: str, column: str, values: tuple[str, ...]) -> None:
    assert set(values) <= {code for code, _, _ in LISTS[column]}


def test_every_rule_has_its_titles() -> None:
    found = rows("rules")
    assert sorted(found["rule"]) == sorted(RULES)
    assert found.filter(pl.any_horizontal(pl.col(pl.String).str.strip_chars() == "")).is_empty()


@dataclass(frozen=True)
class OfStock:
    """What ``Known`` answers of a stock and of deliveries that wait."""

    stock: pl.DataFrame
    statuses: pl.DataFrame

    def table(self, _table: object) -> pl.DataFrame:
        return self.stock


def a_stock(*lines: tuple[str, date, str, int]) -> pl.DataFrame:
    filled: dict[str, Any] = {"source": "counted", "delivered_on": date(2018, 9, 20), "delivery": "a" * 64}
    named = [
        dict(zip(("municipality_code", "reference_date", "series", "benefits"), line, strict=True)) for line in lines
    ]
    return pl.DataFrame(
        [filled | {"persons": 2 * line["benefits"]} | line for line in named], schema=CASELOAD_STOCK.polars_schema
    )


def waiting(*scopes: str) -> pl.DataFrame:
    lines = [("caseload", "held", text, date(2018, 10, 1 + n), str(n) * 64) for n, text in enumerate(scopes)]
    schema = {
        "source": pl.String, "status": pl.String, "scopes": pl.String, "delivered_on": pl.Date, "delivery": pl.String
    }  # fmt: skip
    return pl.DataFrame(lines, schema=schema, orient="row")


def calendar_of(stock: pl.DataFrame, *scopes: str) -> dict[tuple[str, str], tuple[str, bool]]:
    found = calendar.project(cast(Known, OfStock(stock, waiting(*scopes))))
    CALENDAR.schema().validate(found, lazy=True)
    columns = found.select("municipality_code", pl.col("reference_date").cast(pl.String), "state", "is_date_of_month")
    return {(code, day): (state, stands) for code, day, state, stands in columns.iter_rows()}


def test_of_two_dates_in_a_month_the_first_stands_for_it() -> None:
    found = calendar_of(
        a_stock(*(("GM0899", day, "pw", 5) for day in (date(2018, 8, 1), date(2018, 8, 31), date(2018, 9, 1))))
    )
    assert found == {
        ("GM0899", "2018-08-01"): ("counted", True),
        ("GM0899", "2018-08-31"): ("counted", False),
        ("GM0899", "2018-09-01"): ("counted", True),
    }


def test_a_month_that_nobody_reported_is_missing_and_one_that_waits_is_held() -> None:
    stock = a_stock(("GM0899", date(2018, 1, 1), "pw", 5), ("GM0899", date(2018, 4, 1), "pw", 5))
    found = calendar_of(stock, '[["GM0899",null,"2018-03-01",5],["GM0899",null,"2018-04-01",9]]')
    assert found == {
        ("GM0899", "2018-01-01"): ("counted", True),
        ("GM0899", "2018-02-01"): ("missing", True),
        ("GM0899", "2018-03-01"): ("held", True),
        ("GM0899", "2018-04-01"): ("counted", True),
    }


def test_a_date_with_a_stock_stands_for_its_month_before_one_that_waits() -> None:
    found = calendar_of(a_stock(("GM0899", date(2018, 1, 31), "pw", 5)), '[["GM0899",null,"2018-01-01",5]]')
    assert found == {("GM0899", "2018-01-01"): ("held", False), ("GM0899", "2018-01-31"): ("counted", True)}


def test_no_month_is_missing_after_a_municipality_ended() -> None:
    stock = a_stock(("GM0881", date(2018, 11, 1), "pw", 5), ("GM0881", date(2018, 12, 1), "pw", 5))
    found = calendar_of(stock, '[["GM0881",null,"2019-03-01",5]]')
    assert [day for (_, day), (state, _) in found.items() if state == "missing"] == []


def service_of(stock: pl.DataFrame) -> dict[str, tuple[int | None, str, str | None]]:
    found = service.project(cast(Known, OfStock(stock, waiting())))
    CASELOAD_SERVICE.schema().validate(found, lazy=True)
    columns = found.select(pl.col("reference_date").cast(pl.String), "benefits", "municipalities", "missing")
    return {day: (benefits, there, missing) for day, benefits, there, missing in columns.iter_rows()}


def test_the_service_is_a_sum_only_where_no_municipality_is_lacking() -> None:
    first, second = date(2018, 1, 1), date(2018, 2, 1)
    every = [(code, first, "pw", size) for code, size in (("GM0899", 7), ("GM0882", 5), ("GM0881", 3))]
    found = service_of(a_stock(*every, ("GM0899", second, "pw", 7)))
    assert found == {
        "2018-01-01": (15, "GM0881;GM0882;GM0899", None),
        "2018-02-01": (None, "GM0899", "GM0881;GM0882"),
    }


def test_one_that_ended_is_no_longer_awaited_and_its_successor_counts_while_it_is_delivered() -> None:
    def on(day: date, *codes: str) -> list[tuple[str, date, str, int]]:
        return [(code, day, "pw", 2) for code in codes]

    stock = a_stock(
        *on(date(2018, 12, 1), "GM0899", "GM0882", "GM0881"),
        *on(date(2019, 1, 1), "GM0899", "GM0882"),
        *on(date(2019, 2, 1), "GM0899", "GM0882", "GM1954"),
        *on(date(2019, 3, 1), "GM0899", "GM0882"),
        *on(date(2019, 4, 1), "GM0899", "GM0882", "GM1954"),
    )
    assert [benefits for benefits, _, _ in service_of(stock).values()] == [6, 4, 6, None, 6]


@pytest.fixture
def folder(tmp_path: Any) -> Folder:
    return Folder.at(tmp_path)


def test_calendar_and_releases_follow_from_night_to_night(folder: Folder) -> None:
    folder.put("caseload/2017-02-07_feb.csv", caseload(benefit(1), benefit(2)))
    first = folder.run().published.release
    totals = [total(peildatum="01-04-2017", aantal="3")]
    folder.put("caseload_totals/2017-04-20_t.csv", csv(TOTALS, totals))
    second = folder.run().published.release

    months = folder.table("calendar").select(pl.col("reference_date").cast(pl.String), "state").rows()
    assert months == [("2017-02-01", "counted"), ("2017-03-01", "missing"), ("2017-04-01", "reported")]
    listed = folder.table("releases").sort("number")
    assert listed.select("release", "number", "previous_release").rows() == [
        (first.id, 1, None),
        (second.id, 2, first.id),
    ]
    assert listed["known_per_source"].to_list() == [
        "caseload=2017-02-07", "caseload=2017-02-07;caseload_totals=2017-04-20"
    ]  # fmt: skip
    assert listed["known_on"].to_list() == [date(2017, 2, 7), date(2017, 4, 20)]
    assert pl.read_parquet(first.path / "releases.parquet")["release"].to_list() == [first.id]
    assert second.manifest["schema_version"] == listed["schema_version"][1]
    assert folder.problems() == ()
