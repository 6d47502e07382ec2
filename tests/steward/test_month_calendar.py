"""Which months there are, per municipality, as a calendar beside the form of a backfill."""

from pathlib import Path

import pytest

from pipeline.jobs.delivery_decisions import decide
from pipeline.steward import month_calendar
from pipeline.steward.month_calendar import Calendar, State, calendar, section_of
from schemas.vocabulary import Decision
from tests.jobs.folder import TOTALS, Folder, benefit, caseload, csv, total
from tests.ready_made import ReadyMade

HELD = "caseload/2017-06-07_may.csv"


def month(day: str, bad: int = 0, code: str = "0899") -> str:
    bad_day = {"ingangsdatum": "31-02-2017"}
    return caseload(*(benefit(n, peildatum=day, gemeentecode=code, **(bad_day if n < bad else {})) for n in range(20)))


def told(folder: Folder) -> None:
    folder.put("caseload/2017-02-07_january.csv", month("01-01-2017"))
    folder.put("caseload/2017-02-20_january_again.csv", month("01-01-2017").replace("D19", "D99"))
    folder.put("caseload_totals/2017-03-07_february.csv", csv(TOTALS, [total(peildatum="01-02-2017")]))
    folder.put("caseload/2017-05-07_april.csv", month("01-04-2017"))
    folder.put(HELD, month("01-05-2017", bad=5))
    folder.take_in()


@pytest.fixture
def folder(tmp_path: Path, ready_made: ReadyMade) -> Folder:
    return ready_made.copy(told, Folder.at(tmp_path, publishes=False))


def of_brunssum(folder: Folder) -> dict[str, str]:
    made = calendar(folder.events())
    return {month: state.value for (place, month), state in sorted(made.states.items()) if place == "GM0899"}


def test_every_month_has_its_state(folder: Folder) -> None:
    assert of_brunssum(folder) == {
        "2017-01": "redelivered", "2017-02": "reported", "2017-03": "missing", "2017-04": "reported", "2017-05": "held",
    }  # fmt: skip


def test_a_municipality_that_never_reported_misses_every_month_in_which_it_existed(folder: Folder) -> None:
    made = calendar(folder.events())
    assert made.count("GM0882", State.MISSING) == 5
    assert "GM0881" in made.places


def test_what_is_decided_is_no_longer_held(folder: Folder) -> None:
    delivery = str(folder.delivery(HELD)["delivery"])
    decide(folder.writer(), Decision.REFUSED, delivery, by="A. Steward", why="a letter")
    assert of_brunssum(folder).get("2017-05") is None  # nothing is known of it: the calendar ends with April

    decide(folder.writer(), Decision.ACCEPTED, delivery, by="A. Steward", why="a letter")
    folder.run()
    assert of_brunssum(folder)["2017-05"] == "reported"

    decide(folder.writer(), Decision.RETRACTED, delivery, by="A. Steward", why="a letter")
    assert "2017-05" not in of_brunssum(folder)


def test_the_calendar_has_a_row_for_every_year_and_a_sign_for_every_month() -> None:
    states = {("GM0899", f"{year}-{number:02d}"): State.REPORTED for year in (2016, 2017) for number in range(1, 13)}
    states |= {("GM0899", "2017-02"): State.MISSING, ("GM0899", "2017-03"): State.HELD}
    states |= {("GM0899", "2017-04"): State.REDELIVERED}

    text = section_of(Calendar(states))

    assert "● gemeld · ↻ herleverd · ◐ wacht op besluit · ○ ontbreekt" in text
    assert "**Brunssum** (GM0899): gemeld 21, herleverd 1, wacht op besluit 1, ontbreekt 1" in text
    assert "| 2016 | ● | ● | ● | ● | ● | ● | ● | ● | ● | ● | ● | ● |" in text
    assert "| 2017 | ● | ○ | ◐ | ↻ | ● | ● | ● | ● | ● | ● | ● | ● |" in text


def test_an_empty_log_has_an_empty_calendar(tmp_path: Path) -> None:
    assert "Nog geen enkele." in month_calendar.section_of(calendar(Folder.at(tmp_path).events()))
