"""Figures of which the explanation named too little, or what nothing showed to matter: each as small as it can be."""

import random
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from schemas.table import Table
from schemas.tables.calendar import CASELOAD_SERVICE
from schemas.tables.checks import PUBLISHED_FIGURES_CHECK
from tests.explained.trial import Asked, Lived, faults, state_of
from tests.jobs.all_sources import EVENTS, event
from tests.jobs.folder import CLAIMS, Folder, benefit, caseload, claim, csv

CLAIMED = [*CLAIMS, "periode_van", "periode_tot", "programma"]
SERVED = ("0899", "0882", "0881")
OF_ALL = [("01", range(8)), ("02", range(20, 22)), ("14", range(30, 31))]


def stock(day: str) -> str:
    rows = [benefit(number, peildatum=day, statistiekcode=scheme) for scheme, numbers in OF_ALL for number in numbers]
    return caseload(*rows)


def claimed(*rows: dict[str, object]) -> str:
    """Claims of one text, of 1 March 2016."""
    text = {"publicatiedatum": "01-03-2016", "peildatum": "01-01-2016", "reeks": ""}
    return csv(CLAIMED, [claim(number, **(text | row)) for number, row in enumerate(rows, 1)])


def found(
    path: Path, files: dict[str, str], column: str, table: Table = PUBLISHED_FIGURES_CHECK, **key: object
) -> tuple[object, list[tuple[str, str]]]:
    """The figure, of the first claim where nothing else is said, and the faults of its explanation: every row of it is
    left out in turn.
    """
    folder = Folder.at(path, publishes=False)
    for name, content in files.items():
        folder.put(name, content)
    folder.take_in()
    log = Lived.of(folder.writer())
    whole = log.whole()
    wanted = key or {"claim_id": "P-1"}
    is_it = pl.all_horizontal(pl.col(name) == pl.lit(value) for name, value in wanted.items())
    row = state_of(whole, None).table(table.name).filter(is_it).row(0, named=True)
    return row[column], [*faults(log, whole, Asked(table, row, column, None), random.Random(1), 99)]


@pytest.mark.parametrize(("column", "value"), [("value_found", 11.0), ("series_found", "all")])
def test_what_is_found_in_a_series_that_other_claims_chose_rests_on_them(
    tmp_path: Path, column: str, value: object
) -> None:
    claims = claimed({"operator": ">=", "waarde": 5}, {"reeks": "all", "waarde": 11})
    files = {"caseload/2016-01-05_a.csv": stock("01-01-2016"), "published_figures/2016-03-01_k.csv": claims}

    assert found(tmp_path, files, column) == (value, [])


def test_the_day_as_known_on_which_a_claim_is_judged_later_rests_on_the_last_delivery(tmp_path: Path) -> None:
    files = {
        "published_figures/2016-03-01_k.csv": claimed({"peildatum": "01-03-2016", "waarde": 8}),
        "caseload/2016-03-05_a.csv": stock("01-03-2016"),
        "caseload/2016-04-05_a.csv": stock("01-04-2016"),
    }

    day, wrong = found(tmp_path, files, "as_known_on")

    assert (str(day), wrong) == ("2016-04-05", [])


@pytest.mark.parametrize("column", ["verdict", "verdict_now", "value_found", "as_known_on", "series_found"])
def test_what_follows_from_a_count_of_events_rests_on_that_count(tmp_path: Path, column: str) -> None:
    """Without one of the starts the average is another one, and the verdict the same."""
    begun = [event(number, "gestart", f"2016-01-{10 + number}", f"E{number}") for number in range(3)]
    about = {"gemeentecode": "", "peildatum": "", "programma": "INNOVATIEF2016", "indicator": "average_active"}
    period = {"periode_van": "01-01-2016", "periode_tot": "01-02-2016", "waarde": 40}
    files = {
        "trajectory_events/2016-02-10_e.csv": csv(EVENTS, begun),
        "published_figures/2016-03-01_k.csv": claimed(about | period),
    }

    assert found(tmp_path, files, column)[1] == []


def test_words_of_what_was_never_checkable_rest_on_what_is_known_now_alone(tmp_path: Path) -> None:
    """The start was corrected after the publication: of the day of publication nothing is told."""
    begun = [event(1, "gestart", "2016-01-10", "E1")]
    moved = [event(1, "gestart", "2016-01-08", "E2", vervangt="E1")]
    about = {"gemeentecode": "", "peildatum": "", "programma": "INNOVATIEF2016", "indicator": "ended_otherwise"}
    files = {
        "trajectory_events/2016-02-10_e.csv": csv(EVENTS, begun),
        "published_figures/2016-03-01_k.csv": claimed(about),
        "trajectory_events/2016-03-10_e.csv": csv(EVENTS, moved),
    }

    assert found(tmp_path, files, "explanation")[1] == []


ABOUT = {"gemeentecode": "", "peildatum": "", "programma": "INNOVATIEF2016"}
IN_JANUARY = {"periode_van": "01-01-2016", "periode_tot": "01-02-2016"}
STARTS = [event(number, "gestart", f"2016-01-{10 + number}", f"E{number}") for number in range(3)]


@pytest.mark.parametrize("column", ["value_found", "verdict", "record_since", "rests_on_claims", "series_found"])
def test_a_share_of_none_placed_needs_one_who_was_there_and_what_no_such_claim_fills_the_claim_alone(
    tmp_path: Path, column: str
) -> None:
    """Nobody of three is the same share as nobody of two."""
    share = ABOUT | IN_JANUARY | {"indicator": "share_to_work", "eenheid": "deel", "operator": ">=", "waarde": 0}
    files = {
        "trajectory_events/2016-02-10_e.csv": csv(EVENTS, STARTS),
        "published_figures/2016-03-01_k.csv": claimed(share),
    }

    assert found(tmp_path, files, column)[1] == []


def test_words_that_round_an_average_rest_on_the_average_itself(tmp_path: Path) -> None:
    """A day of one client more or less is not to be read in them."""
    last = event(9, "gestart", "2016-01-31", "E9")
    average = ABOUT | IN_JANUARY | {"indicator": "average_active", "operator": ">=", "waarde": 0}
    files = {
        "trajectory_events/2016-02-10_e.csv": csv(EVENTS, [STARTS[0], STARTS[2], last]),
        "published_figures/2016-03-01_k.csv": claimed(average),
    }

    assert found(tmp_path, files, "explanation")[1] == []


def test_words_of_two_days_name_what_was_told_otherwise_since(tmp_path: Path) -> None:
    """By the rows of both days alone who was there on the first would be there on the second."""
    counted = ABOUT | {"indicator": "participants", "operator": ">=", "waarde": 0, "peildatum": "20-01-2016"}
    files = {
        "trajectory_events/2016-02-10_e.csv": csv(EVENTS, STARTS),
        "published_figures/2016-03-01_k.csv": claimed(counted),
        "trajectory_events/2016-03-10_e.csv": csv(EVENTS, [event(0, "gestart", "2016-03-02", "E0")]),
        "trajectory_events/2016-03-20_e.csv": csv(EVENTS, [event(2, "geplaatst", "2016-03-11", "E5")]),
    }

    words, wrong = found(tmp_path, files, "explanation")

    assert ("3 clients" in str(words), "2 clients" in str(words), wrong) == (True, True, [])


@pytest.mark.parametrize("column", CASELOAD_SERVICE.not_key)
def test_a_stock_is_awaited_of_who_had_one_before_and_after(tmp_path: Path, column: str) -> None:
    """Of a municipality that is not served as a whole: without these nobody awaits it."""
    files = {
        f"caseload/2016-{month:02}-05_a.csv": caseload(
            *(
                benefit(number, gemeentecode=place, peildatum=f"01-{month:02}-2016")
                for number, place in enumerate(places)
            )
        )
        for month, places in ((1, (*SERVED, "0385")), (2, SERVED), (3, (*SERVED, "0385")))
    }
    key = {"reference_date": date(2016, 2, 1), "series": "pw"}

    assert found(tmp_path, files, "missing", CASELOAD_SERVICE, **key)[0] == "GM0385"
    assert found(tmp_path / column, files, column, CASELOAD_SERVICE, **key)[1] == []
