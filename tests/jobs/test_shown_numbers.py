"""Numbers that a sheet shows as another text, as they come into the log.

Here: what becomes of them in columns of numbers and of names. Not here: all formats (``store/test_excel_formats``).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from tests.jobs.all_sources import EVENTS, event
from tests.jobs.folder import CLAIMS, TOTALS, Folder, claim, csv, total
from tests.store.test_excel_formats import workbook


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.at(tmp_path, publishes=False)


def _put(folder: Folder, name: str, header: Sequence[str], row: Mapping[str, object], **formats: str) -> str:
    folder.put(name, workbook(header, [[(row.get(each, ""), formats.get(each, "")) for each in header]]))
    return name


def _unread(folder: Folder, name: str) -> list[str]:
    """What could not be read, by rule."""
    return sorted(rule for _, rule in folder.rules(name) if rule.startswith(("VALUE", "CLAIM")))


def test_a_code_is_what_the_sheet_shows_and_its_csv_would_hold(folder: Folder) -> None:
    first = event(1, "aangemeld", "2016-02-01", "", bsn="") | {"gebeurtenis_id": 12, "traject_id": 7, "clientnummer": 3}
    shown = {"gebeurtenis_id": "00000", "traject_id": '"T-"000', "clientnummer": "000"}
    _put(folder, "trajectory_events/2016-03-01_a.xlsx", EVENTS, first, **shown)
    again = event(1, "gestart", "2016-02-02", "00013", bsn="") | {"traject_id": "T-007", "clientnummer": "003"}
    folder.put("trajectory_events/2016-03-02_b.csv", csv(EVENTS, [again]))

    folder.run()

    found = folder.log_rows("trajectory_events").sort("event_id")
    assert found.select("event_id", "trajectory_id").rows() == [("00012", "T-007"), ("00013", "T-007")]
    assert found["client_key"].n_unique() == 1


@pytest.mark.parametrize("made", [(date(2017, 2, 1), "d-m"), (1.5 / 24, "h:mm")])
def test_what_a_spreadsheet_made_a_day_or_a_time_of_names_nothing(folder: Folder, made: tuple[object, str]) -> None:
    value, shown = made
    row = event(1, "aangemeld", "2016-02-01", "E1") | {"traject_id": value}
    name = _put(folder, "trajectory_events/2016-03-01_a.xlsx", EVENTS, row, traject_id=shown)

    folder.run()

    assert _unread(folder, name) == ["VALUE-022"]


def test_a_text_that_looks_like_a_day_is_a_name(folder: Folder) -> None:
    row = event(1, "aangemeld", "2016-02-01", "12:30:15") | {"traject_id": "2017-03-01"}
    name = _put(folder, "trajectory_events/2016-03-01_a.xlsx", EVENTS, row)

    folder.run()

    assert _unread(folder, name) == []


def test_a_percentage_of_a_sheet_is_no_hundredth_of_one(folder: Folder) -> None:
    totals = _put(folder, "caseload_totals/2017-03-01_t.xlsx", TOTALS, total(mutatie_pct=0.034), mutatie_pct="0.0%")
    row = claim(1, waarde=0.034, eenheid="procent", indicator="caseload_change_pct")
    claims = _put(folder, "published_figures/2017-03-02_k.xlsx", CLAIMS, row, waarde="0%")

    folder.run()

    assert folder.log_rows("caseload_totals")["change_pct"].to_list() == [None]
    assert _unread(folder, totals) == ["VALUE-020"]
    assert _unread(folder, claims) == ["VALUE-002"]


@pytest.mark.parametrize("value", ["0,125", "12.345,6", "1/3", 12.5])
def test_a_published_count_has_neither_decimals_nor_a_fraction(folder: Folder, value: object) -> None:
    name = _put(folder, "published_figures/2017-03-02_k.xlsx", CLAIMS, claim(1, waarde=value))

    folder.run()

    assert _unread(folder, name) == ["CLAIM-010"]


@pytest.mark.parametrize("value", ["87,5", 87.5, "1.234,5"])
def test_an_average_has_decimals(folder: Folder, value: object) -> None:
    row = claim(1, waarde=value, indicator="average_active", programma="INNOVATIEF2016", reeks="", gemeentecode="")
    name = _put(folder, "published_figures/2017-03-02_k.xlsx", [*CLAIMS, "programma"], row)

    folder.run()

    assert _unread(folder, name) == []
    assert folder.log_rows("published_figures").height == 1


@pytest.mark.parametrize("value", ["842,0", "2.420", 842])
def test_a_published_count_is_read_in_any_form_of_a_whole_number(folder: Folder, value: object) -> None:
    name = _put(folder, "published_figures/2017-03-02_k.xlsx", CLAIMS, claim(1, waarde=value))

    folder.run()

    assert _unread(folder, name) == []
    assert folder.log_rows("published_figures")["value"].to_list() == [2420 if value == "2.420" else 842]
