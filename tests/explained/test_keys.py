"""What shows that there is a row, of tables of which a figure needs more; and figures that rest on it alone."""

import random
from typing import Any

import pytest

from pipeline.jobs.lineage.explain import explained
from pipeline.jobs.lineage.lineage import LogLineage
from pipeline.jobs.projections import PROJECTIONS
from schemas.catalogue import TABLES
from tests.explained.trial import Asked, Lived, faults, names_of, state_of
from tests.jobs.all_sources import EVENTS, event
from tests.jobs.folder import TOTALS, Folder, benefit, caseload, csv, total

SERVED = ("0899", "0882", "0881")
EACH = 3
"""So many benefits of each municipality, and so many clients in the programme."""
ENDED = {"einddatum": "15-01-2016", "reden_einde": "11"}
OF_PROGRAMMES = (
    "programme_progress", "target_group_progress", "method_progress", "channel_progress", "programme_occupancy",
    "placement_outcomes", "activation",
)  # fmt: skip


def stock(day: str, *places: str, **first: object) -> str:
    """Benefits of each municipality; of each the first one differs."""
    of_each = range(EACH)
    return caseload(
        *(
            benefit(10 * at + number, gemeentecode=place, peildatum=day, **({} if number else first))
            for at, place in enumerate(places)
            for number in of_each
        )
    )


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Stocks of three municipalities, then of two; a month of totals in two series; three clients all the way."""
    folder = Folder.at(tmp_path_factory.mktemp("keys"), publishes=False)
    folder.put("caseload/2016-01-05_a.csv", stock("01-01-2016", *SERVED))
    folder.put("caseload/2016-02-05_a.csv", stock("01-02-2016", *SERVED, **ENDED))
    folder.put("caseload/2016-03-05_a.csv", stock("01-03-2016", *SERVED[:2]))
    for number, series in enumerate(("pw", "all")):
        reported = total(peildatum="01-04-2016", aantal=9, reeks=series)
        folder.put(f"caseload_totals/2016-04-0{5 + number}_t.csv", csv(TOTALS, [reported]))
    kinds = ("gestart", "participatieverklaring_getekend", "geplaatst")
    about = {"doelgroep": "vijftigplus", "methodiek": "duo", "kanaal": "netwerk", "dienstverband": "deeltijd"}
    told = [
        event(client, kind, f"2016-0{at + 1}-1{client}", f"E{client}{at}", **about)
        for client in range(EACH)
        for at, kind in enumerate(kinds)
    ]
    folder.put("trajectory_events/2016-05-10_e.csv", csv([*EVENTS, "doelgroep", "methodiek", "kanaal"], told))
    folder.take_in()
    return Lived.of(folder.writer())


def tried(log: Lived, table: str, column: str, **key: object) -> tuple[Any, int, list[tuple[str, str]]]:
    """A figure of the first such row, how many rows are named for it, and its faults."""
    whole = log.whole()
    rows = [
        row
        for row in state_of(whole, None).table(table).to_dicts()
        if all(str(row[name]) == value for name, value in key.items())
    ]
    asked = Asked(TABLES[table], rows[0], column, None)
    named = set(names_of(asked.explained(whole).traces))
    return rows[0][column], len(named), [*faults(log, whole, asked, random.Random(1), 99)]


@pytest.mark.parametrize("table", OF_PROGRAMMES)
def test_one_client_shows_that_there_is_a_row(log: Lived, table: str) -> None:
    key = TABLES[table].key[0]

    value, named, wrong = tried(log, table, key)

    assert (value, wrong) == ("INNOVATIEF2016", [])
    assert named <= 2, "a start, and what is counted"


@pytest.mark.parametrize(("table", "most"), [("caseload_service", 1), ("calendar", 1), ("outflow_reasons", 2)])
def test_one_row_of_a_delivery_shows_that_there_is_one(log: Lived, table: str, most: int) -> None:
    _, named, wrong = tried(log, table, TABLES[table].key[0])

    assert wrong == []
    assert named <= most


@pytest.mark.parametrize(
    ("column", "named"), [("month", 1), ("is_date_of_month", 1), ("state", 1), ("series", 1), ("delivery", 1)]
)
def test_a_date_rests_on_one_row_of_its_delivery(log: Lived, column: str, named: int) -> None:
    assert tried(log, "calendar", column, reference_date="2016-02-01")[1:] == (named, [])


@pytest.mark.parametrize(("column", "named"), [("series", 2), ("is_date_of_month", 1), ("delivery", 1), ("state", 1)])
def test_a_date_that_is_known_by_totals_rests_on_the_youngest_or_on_each_series(
    log: Lived, column: str, named: int
) -> None:
    assert tried(log, "calendar", column, reference_date="2016-04-01")[1:] == (named, [])


@pytest.mark.parametrize(
    ("column", "named"),
    [("benefits", 9), ("is_complete", 3), ("municipalities", 3), ("missing", 3)],
)
def test_that_all_municipalities_are_there_rests_on_a_row_of_each(log: Lived, column: str, named: int) -> None:
    assert tried(log, "caseload_service", column, reference_date="2016-01-01", series="pw")[1:] == (named, [])


@pytest.mark.parametrize(
    ("column", "value", "named"),
    [("benefits", None, 1), ("persons", None, 1), ("is_complete", False, 1), ("municipalities", "GM0882;GM0899", 2),
     ("missing", "GM0881", 2)],
)  # fmt: skip
def test_that_one_is_lacking_rests_on_who_is_there(log: Lived, column: str, value: object, named: int) -> None:
    key = {"reference_date": "2016-03-01", "series": "pw"}

    assert tried(log, "caseload_service", column, **key) == (value, named, [])


def test_of_a_whole_row_that_there_is_a_stock_is_not_named_beside_its_figures(log: Lived) -> None:
    table, whole = TABLES["caseload_service"], log.whole()
    row = state_of(whole, None).table(table.name).row(0, named=True)

    found = explained(LogLineage(state_of(whole, None), PROJECTIONS[table.name]), table, row)

    assert {cell.column for cell in found.cells} == {"benefits", "persons"}
