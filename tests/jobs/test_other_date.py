"""Figures of one date under another, and a reference date of which day and month are turned round."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.jobs.delivery_decisions import decide
from pipeline.versions.gates.figures_moved import figures_moved
from schemas.catalogue import SOURCES
from schemas.details import in_dutch
from schemas.vocabulary import Decision
from tests.jobs.all_sources import NATIONAL, REPORTS
from tests.jobs.folder import CBS, CLAIMS, TOTALS, Folder, benefit, caseload, claim, csv, region, total

PLACES = ("0899", "0882", "0917", "0928", "0888")
REGIONS = (882, 888, 889, 893, 899, 907, 917, 928, 935, 938, 944, 946, 951, 957, 962, 965, 971, 981, 983, 984, 986, 988)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.at(tmp_path, publishes=False)


def totals(day: str, *figures: tuple[object, object, object]) -> str:
    rows = zip(PLACES, figures, strict=False)
    return csv(TOTALS, [_total(day, place, *each) for place, each in rows])


def _total(day: str, place: str, stock: object, came: object, went: object) -> dict[str, object]:
    return total(peildatum=day, gemeentecode=place, aantal=stock, instroom=came, uitstroom=went)


def year(slipped: int, moves: int = 7, month: int = 1) -> str:
    """Twelve months of one place; the stock so many rows too high."""
    days = [f"01-{(month + n - 1) % 12 + 1:02}-{2016 + (month + n - 1) // 12}" for n in range(12)]
    return csv(TOTALS, [total(peildatum=day, aantal=842 + moves * (n + slipped)) for n, day in enumerate(days)])


def municipal(**changed: object) -> str:
    rows = [
        region(code, ID=number, Inwoners_1=9000 + 1230 * number, Bijstandsontvangers_2=500 + 50 * number)
        | {"Instroom_4": 100 + 10 * number, "Uitstroom_6": 90 + 10 * number}
        for number, code in enumerate(REGIONS)
    ]
    return csv(CBS, [row | changed for row in rows])


def country(slipped: int) -> str:
    """36 months; the figures so many rows too high."""
    months = [f"{year}MM{month:02}" for year in (2014, 2015, 2016) for month in range(1, 13)]
    rows = []
    for number, month in enumerate(months):
        at = number + slipped
        figures = (f"{440 + at * 0.7:.1f}", f"{400 + at * 0.7:.1f}", "40.0", f"{10 + 0.1 * at:.1f}", "1.5")
        rows.append(dict(zip(NATIONAL, (number, month, *figures), strict=True)))
    return csv(NATIONAL, rows)


def report(since: str, until: str, more: int = 0, **changed: object) -> str:
    rows = [
        {"aanbieder": provider, "programma": "INNOVATIEF2016", "periode_van": since, "periode_tot": until}
        | {"deelnemers": 183 + 40 * number + more, "lopend": 120 + 20 * number + more, "geplaatst": 52 + 10 * number}
        | {"beeindigd_zonder_plaatsing": 11 + 10 * number}
        for number, provider in enumerate(("RE01", "RE02"))
    ]
    return csv(REPORTS, [row | changed for row in rows])


def claims(year: int, first: int = 1, *, indicator: str = "caseload_stock", **changed: object) -> str:
    """Twelve claims, one a month, under numbers of their own."""
    rows = [
        claim(first + n, indicator=indicator, publicatiedatum=f"15-12-{year}", peildatum=f"01-{n + 1:02}-{year}")
        | {"waarde": 842 + 7 * n}
        for n in range(12)
    ]
    return csv(CLAIMS, [row | changed for row in rows])


JANUARY = ((842, 17, 15), (1012, 21, 24), (2203, 61, 58))
CBS_2016, CBS_2017 = (
    "municipal_statistics/2017-11-30_83747NED_2016.csv",
    "municipal_statistics/2018-11-30_84066NED_2017.csv",
)
WAS, NOW = "caseload_totals/2017-01-09.csv", "caseload_totals/2017-02-09.csv"
COUNTRY = "national_statistics/2017-03-01.csv", "national_statistics/2017-04-01.csv"
FEW = {"deelnemers": 9, "lopend": 0, "geplaatst": 5, "beeindigd_zonder_plaatsing": 4}
CLOSED = {"deelnemers": 183, "lopend": 0, "geplaatst": 120, "beeindigd_zonder_plaatsing": 63}
TEXTS = "published_figures/2016-01-10.csv", "published_figures/2017-01-10.csv"
TAIL: dict[str, object] = {"deelnemers": 183, "geplaatst": 120, "beeindigd_zonder_plaatsing": 60}
QUARTERS = "provider_reports/2017-04-10.csv", "provider_reports/2017-07-10.csv"


@pytest.mark.parametrize("is_turned", [False, pytest.param(True, marks=pytest.mark.system)])
@pytest.mark.parametrize(
    ("was", "now", "found"),
    [
        pytest.param(
            (WAS, totals("01-01-2017", *JANUARY)),
            (NOW, totals("01-02-2017", *JANUARY)),
            "3 of 3 rows have the figures of 1 month before",
            id="totals of a month before",
        ),
        pytest.param(
            (CBS_2016, municipal()),
            (CBS_2017, municipal() + "\n"),
            "22 of 22 rows have the figures of 12 months",
            id="CBS",
        ),
        pytest.param(
            (COUNTRY[0], country(0)),
            (COUNTRY[1], country(1)),
            "35 of 35 rows have the figures of 1 month after",
            id="a row",
        ),
        pytest.param(
            (WAS, year(0)), (NOW, year(1)), "11 of 11 rows have the figures of 1 month after", id="a row of one place"
        ),
        pytest.param(
            (QUARTERS[0], report("2017-01-01", "2017-04-01")),
            (QUARTERS[1], report("2017-04-01", "2017-07-01")),
            "2 of 2 rows have the figures of 3 months before",
            id="a quarter's report",
        ),
        pytest.param(
            (TEXTS[0], claims(2015)),
            (TEXTS[1], claims(2016, first=20)),
            "12 of 12 rows have the figures of 12 months before",
            id="claims of a year before",
        ),
    ],
)
def test_figures_of_another_date_wait(
    folder: Folder, was: tuple[str, str], now: tuple[str, str], found: str, is_turned: bool
) -> None:
    for name, content in sorted((was, now), reverse=is_turned):
        folder.put(name, content)
        folder.run()

    assert folder.outcome(was[0]) == ("recorded", "")
    assert folder.outcome(now[0]) == ("held", "DELIVERY-031")
    last = folder.events().filter(pl.col("file_name") == now[0], pl.col("event") == "held").row(-1, named=True)
    assert found in last["detail"]
    assert folder.problems() == ()


@pytest.mark.parametrize(
    ("was", "now"),
    [
        pytest.param(
            (WAS, totals("01-01-2017", (842, 17, 15), (25, 1, 1))),
            (NOW, totals("01-02-2017", (842, 16, 16), (25, 1, 1))),
            id="a stock that stood still by accident",
        ),
        pytest.param(
            (WAS, totals("01-01-2017", *((each, 1, 1) for each in (12, 25, 31, 14, 9)))),
            (NOW, totals("01-02-2017", *((each, 1, 1) for each in (12, 25, 31, 14, 9)))),
            id="small places",
        ),
        pytest.param(
            (WAS, totals("31-12-2016", *JANUARY)), (NOW, totals("31-12-2016", *JANUARY) + "\n"), id="told again"
        ),
        pytest.param(
            (WAS, totals("01-01-2017", *JANUARY)),
            (NOW, totals("01-01-2017", *JANUARY) + totals("01-02-2017", (851, 22, 13)).partition("\n")[2]),
            id="a history that grows",
        ),
        pytest.param((WAS, year(0, moves=0)), (NOW, year(0, moves=0, month=2)), id="what never moves, as in a drill"),
        pytest.param(
            (QUARTERS[0], report("2016-01-01", "2017-04-01")),
            (QUARTERS[1], report("2016-01-01", "2017-07-01")),
            id="a report since the beginning of what ended",
        ),
        pytest.param(
            (QUARTERS[0], report("2016-10-01", "2017-01-01")),
            (QUARTERS[1], report("2016-01-01", "2017-01-01")),
            id="a year in whose last quarter it began",
        ),
        pytest.param(
            (
                QUARTERS[0],
                report("2017-01-01", "2017-04-01", deelnemers=9, lopend=0, geplaatst=5, beeindigd_zonder_plaatsing=4),
            ),
            (
                QUARTERS[1],
                report("2017-04-01", "2017-07-01", deelnemers=9, lopend=0, geplaatst=5, beeindigd_zonder_plaatsing=4),
            ),
            id="a report of few",
        ),
        pytest.param(
            (QUARTERS[0], report("2017-01-01", "2017-04-01", lopend=3, **TAIL)),
            (QUARTERS[1], report("2017-04-01", "2017-07-01", lopend=3, **TAIL)),
            id="a programme of which few are left",
        ),
        pytest.param(
            (QUARTERS[0], report("2017-01-01", "2017-04-01", lopend="", **TAIL | {"deelnemers": 180})),
            (QUARTERS[1], report("2017-04-01", "2017-07-01", lopend="", **TAIL | {"deelnemers": 180})),
            id="a programme of which nobody is left, as follows from the others",
        ),
        pytest.param(
            (WAS, totals("01-01-2017", (840, "", ""), (1010, "", ""), (2200, "", ""), (1560, "", ""))),
            (NOW, totals("01-02-2017", (840, "", ""), (1010, "", ""), (2200, "", ""), (1560, "", ""))),
            id="totals rounded to tens",
        ),
        pytest.param(
            (TEXTS[0], claims(2015)), (TEXTS[1], claims(2015, first=20)), id="claims told again in another text"
        ),
        pytest.param(
            (TEXTS[0], claims(2015, indicator="target", peildatum="", programma="INNOVATIEF2016")),
            (TEXTS[1], claims(2016, first=20, indicator="target", peildatum="", programma="INNOVATIEF2016")),
            id="a target that stands",
        ),
    ],
)
def test_figures_that_are_the_same_by_accident_do_not(
    folder: Folder, was: tuple[str, str], now: tuple[str, str]
) -> None:
    for name, content in (was, now):
        folder.put(name, content)
        folder.run()

    assert (folder.outcome(was[0]), folder.outcome(now[0])) == (("recorded", ""), ("recorded", ""))


def test_what_a_person_let_in_is_not_asked_about_again(folder: Folder) -> None:
    folder.put(WAS, totals("01-01-2017", *JANUARY))
    folder.put(NOW, totals("01-02-2017", *JANUARY))
    folder.run()
    decide(folder.writer(), Decision.ACCEPTED, NOW, by="A. Steward", why="nothing moved")
    folder.put("caseload_totals/2017-03-09.csv", totals("01-03-2017", (851, 22, 13), (1003, 18, 27), (2207, 55, 51)))
    folder.run()

    assert folder.table("deliveries")["status"].unique().to_list() == ["recorded"]


def month(day: str, first: int) -> str:
    return caseload(*[benefit(number, peildatum=day) for number in range(first, first + 101)])


USUAL = {
    "caseload/2016-11-07.csv": month("01-11-2016", 0),
    "caseload/2017-01-07.csv": month("01-01-2017", 2),
    "caseload/2017-02-07.csv": month("01-02-2017", 6),
}
MARCH = "caseload/2017-03-07.csv"


@pytest.mark.parametrize("is_turned", [False, pytest.param(True, marks=pytest.mark.system)])
@pytest.mark.parametrize("day", ["2017-01-03", "03-01-2017"])
def test_day_and_month_turned_round_wait(folder: Folder, day: str, is_turned: bool) -> None:
    for name, content in sorted([*USUAL.items(), (MARCH, month(day, 9))], reverse=is_turned):
        folder.put(name, content)
        folder.run()

    assert {folder.outcome(name) for name in USUAL} == {("recorded", "")}
    assert folder.outcome(MARCH) == ("held", "DELIVERY-032")
    assert folder.problems() == ()


@pytest.mark.parametrize(
    ("known", "day"),
    [
        pytest.param(["01-11-2016", "01-01-2017", "01-02-2017"], "01-03-2017", id="as usual"),
        pytest.param(["01-11-2016", "01-01-2017", "01-02-2017"], "15-02-2017", id="no month"),
        pytest.param(["01-11-2016", "01-01-2017", "01-02-2017"], "03-02-2017", id="as far out turned round"),
        pytest.param(["01-11-2016", "01-01-2017", "01-02-2017", "01-03-2017"], "03-01-2017", id="which is known"),
        pytest.param(["01-11-2016", "05-12-2016", "07-01-2017"], "03-01-2017", id="no rhythm"),
        pytest.param(["01-01-2017"], "03-01-2017", id="one date"),
        pytest.param(["01-11-2016", "01-12-2016", "01-02-2017"], "03-01-2017", id="the third for the first"),
        pytest.param(["01-11-2016", "01-12-2016", "01-01-2017"], "04-01-2017", id="of which the other is to come"),
    ],
)
def test_other_dates_do_not(folder: Folder, known: list[str], day: str) -> None:
    header, first = totals(known[0], (1012, 21, 24)).splitlines()[:2]
    rows = [first, *(totals(each, (1020 + 9 * n, 20 + n, 21)).splitlines()[1] for n, each in enumerate(known[1:]))]
    folder.put("caseload_totals/2017-03-06.csv", "\n".join([header, *rows]) + "\n")
    folder.put("caseload_totals/2017-03-07.csv", totals(day, (1101, 33, 29)))
    folder.run()

    assert folder.table("deliveries")["status"].to_list() == ["recorded"] * 2


EARLIER = {
    "provider_reports/2016-07-10.csv": report("2016-04-01", "2016-07-01"),
    "provider_reports/2016-10-10.csv": report("2016-07-01", "2016-10-01", more=8),
    "provider_reports/2017-01-10.csv": report("2016-10-01", "2017-01-01", more=14),
}
"""Reports of three quarters."""
NEXT = "provider_reports/2017-07-10.csv"


@pytest.mark.parametrize("is_turned", [False, pytest.param(True, marks=pytest.mark.system)])
@pytest.mark.parametrize(
    ("since", "until", "meant"),
    [
        ("2017-01-04", "2017-01-07", "2017-04-01 – 2017-07-01"),
        ("2017-01-01", "2017-01-04", "2017-01-01 – 2017-04-01"),
        ("2016-09-01", "2017-01-07", "2016-09-01 – 2017-07-01"),
        ("2016-01-09", "2017-07-01", "2016-09-01 – 2017-07-01"),
    ],
)
def test_a_period_turned_round_waits(folder: Folder, since: str, until: str, meant: str, is_turned: bool) -> None:
    now = report(since, until, more=20)
    for name, content in sorted([*EARLIER.items(), (NEXT, now)], reverse=is_turned):
        folder.put(name, content)
        folder.run()

    assert {folder.outcome(name) for name in EARLIER} == {("recorded", "")}
    assert folder.outcome(NEXT) == ("held", "DELIVERY-032")
    last = folder.events().filter(pl.col("file_name") == NEXT, pl.col("event") == "held").row(-1, named=True)
    assert f"RE01 INNOVATIEF2016 {since} – {until} (may be {meant})" in last["detail"]
    assert f"RE01 INNOVATIEF2016 {since} – {until} (misschien {meant})" in in_dutch(last["detail"])
    assert folder.problems() == ()


def test_a_period_turned_round_beside_others_of_its_file_waits(folder: Folder) -> None:
    header, *rows = "".join([*EARLIER.values(), report("2017-01-01", "2017-01-04", more=20)]).splitlines()
    folder.put(NEXT, "\n".join([header, *(row for row in rows if row != header)]) + "\n")
    folder.run()

    assert folder.outcome(NEXT) == ("held", "DELIVERY-032")


@pytest.mark.parametrize(
    ("since", "until"),
    [
        pytest.param("2017-01-01", "2017-04-01", id="the next quarter"),
        pytest.param("2017-01-01", "2017-03-08", id="which ends with its programme"),
        pytest.param("2017-01-02", "2017-01-09", id="of which the other is to come"),
        pytest.param("2016-11-01", "2017-02-01", id="another rhythm"),
    ],
)
def test_other_periods_do_not(folder: Folder, since: str, until: str) -> None:
    for name, content in [*EARLIER.items(), (NEXT, report(since, until, more=20))]:
        folder.put(name, content)
        folder.run()

    assert folder.outcome(NEXT) == ("recorded", "")


def test_a_week_that_begins_again_and_again_is_a_rhythm(folder: Folder) -> None:
    """A programme that began on 4 January: every report begins there."""
    for month in range(2, 8):
        folder.put(
            f"provider_reports/2017-{month:02}-03.csv",
            report("2017-01-04", f"2017-{month:02}-01", more=month),
        )
        folder.run()

    assert folder.table("deliveries")["status"].unique().to_list() == ["recorded"]


def test_a_year_of_dates_turned_round_waits(folder: Folder) -> None:
    """The eleven wrong dates are no rhythm of their own beside those that are known."""
    known = [(year, month) for year in (2015, 2016) for month in range(1, 13)]
    was = "".join(totals(f"01-{month:02}-{year}", (842 + 3 * month, 17, 15)) for year, month in known)
    now = "".join(totals(f"{month:02}-01-2017", (922 + 3 * month, 17, 15)) for month in range(1, 13))
    header, *_ = was.splitlines(keepends=True)
    folder.put("caseload_totals/2017-01-09.csv", header + was.replace(header, ""))
    folder.put("caseload_totals/2018-01-09.csv", header + now.replace(header, ""))
    folder.run()

    assert folder.outcome("caseload_totals/2017-01-09.csv") == ("recorded", "")
    assert folder.outcome("caseload_totals/2018-01-09.csv") == ("held", "DELIVERY-032")


def test_figures_are_compared_with_those_of_near_months_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of twenty years all pairs are ten times as many."""
    source = SOURCES["caseload_totals"]
    figures = source.gates.figures
    assert figures is not None
    rows = pl.DataFrame({"reference_date": pl.date_range(date(2000, 1, 1), date(2019, 12, 1), "1mo", eager=True)})
    rows = rows.with_columns(row=pl.int_range(pl.len()), municipality_code=pl.lit("GM0899"), series=pl.lit("pw"))
    rows = rows.with_columns(pl.int_range(pl.len()).alias(name) for name in figures.names)
    joined, heights = pl.DataFrame.join, list[int]()

    def counted(*args: Any, **more: Any) -> pl.DataFrame:
        found = joined(*args, **more)
        heights.append(found.height)
        return found

    monkeypatch.setattr(pl.DataFrame, "join", counted)

    assert figures_moved(source, rows.with_columns(pl.col(figures.names) + 1), rows.with_columns(nth=pl.lit(0)))
    assert max(heights) <= 26 * 240


def test_a_quarter_before_many_deliveries_of_others_is_found(folder: Folder) -> None:
    folder.put(QUARTERS[0], report("2017-01-01", "2017-04-01"))
    for day in range(11, 31):
        other = report("2017-01-01", f"2017-04-{day}", programma="BETERE_BUREN", more=day)
        folder.put(f"provider_reports/2017-04-{day}.csv", other)
    folder.put(QUARTERS[1], report("2017-04-01", "2017-07-01"))
    folder.run()

    assert folder.outcome(QUARTERS[1]) == ("held", "DELIVERY-031")


@pytest.mark.parametrize(
    ("gate", "known"),
    [
        ("figures_moved", {WAS: totals("01-01-2017", *JANUARY), NOW: totals("01-02-2017", *JANUARY)}),
        ("turned_round", USUAL | {MARCH: month("2017-01-03", 9)}),
    ],
)
def test_a_log_from_before_a_gate_is_not_judged_by_it(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, gate: str, known: dict[str, str]
) -> None:
    """As an earlier version of the program left it: a late file puts nothing back that stood out of line before."""
    with monkeypatch.context() as earlier:
        earlier.setattr(f"pipeline.jobs.ingest.beside.{gate}", lambda *_: [])
        for name, content in known.items():
            folder.put(name, content)
        folder.run()
    folder.put("caseload_totals/2016-12-09.csv", totals("01-12-2016", (845, 19, 16), (1009, 20, 23), (2209, 60, 54)))
    folder.put("caseload/2016-10-07.csv", month("01-10-2016", 0))
    folder.run()

    assert folder.table("deliveries")["status"].unique().to_list() == ["recorded"]
