"""The number of the client in another text of the same row is found inside longer runs of digits, however written."""

import polars as pl
import pytest

from pipeline.intake.parse import parse
from schemas.catalogue import SOURCES
from schemas.own_numbers import holds_own_number
from schemas.person_number import holds_number
from tests.intake.test_parse import text_of
from tests.written import INSIDE

EVENTS, CASELOAD = SOURCES["trajectory_events"], SOURCES["caseload"]
OWN, EIGHT, OTHER = "931063644", "93000004", "123456782"


def _findings(source: str, **cells: str) -> list[tuple[str, str]]:
    text, places = text_of([cells])
    return parse(text, SOURCES[source], places).findings.select("column", "rule").rows()


@pytest.mark.parametrize("form", INSIDE)
@pytest.mark.parametrize("number", [OWN, EIGHT, f"0{EIGHT}"])
def test_it_is_found_in_every_text_that_is_kept(form: str, number: str) -> None:
    kept = [each.name for each in EVENTS.columns if each.kind == "text"]
    assert {"trajectory_id", "event_id", "replaces", "retracts", "sector"} <= set(kept)
    for name in kept:
        assert _findings("trajectory_events", bsn=number, **{name: form.format(number)}) == [(name, "VALUE-004")]


def test_it_is_not_kept() -> None:
    text, places = text_of([{"bsn": OWN, "trajectory_id": f"0899{OWN}"}, {"bsn": OWN, "trajectory_id": "T0001234567"}])

    assert parse(text, EVENTS, places).frame["trajectory_id"].to_list() == [None, "T0001234567"]


def test_so_is_that_of_a_partner() -> None:
    codes = [each.name for each in CASELOAD.columns if each.kind == "code"]
    for column in codes:
        found = _findings("caseload", bsn=OTHER, partner_bsn=OWN, **{column: f"0899{OWN}"})
        assert (column, "VALUE-004") in found


@pytest.mark.parametrize(
    "text",
    [
        "0899 931.063.644 01", "08999-310-6364-4", "931x063x644", "0899%39%33%31063644", "0899９３１０６３６４４",
        "0899_x0039_31063644", "T0899931&#48;63644",
    ],
)  # fmt: skip
def test_marks_codes_and_scripts_hide_nothing(text: str) -> None:
    assert holds_own_number(pl.Series([text]), [pl.Series([int(OWN)])]).to_list() == [True]


def test_only_the_own_one_is() -> None:
    texts = pl.Series([f"0899{OWN}", f"0899{OTHER}", f"0899{OWN}", f"0899{OTHER}", None, "T-0001", f"0899{EIGHT}"])
    client = pl.Series([int(OWN), int(OWN), None, None, int(OWN), int(OWN), int(EIGHT)])
    partner = pl.Series([None, None, None, int(OTHER), None, None, None], dtype=pl.Int64)

    assert not any(holds_number(text) for text in texts if text is not None)
    assert holds_own_number(texts, [client, partner]).to_list() == [True, False, False, True, False, False, True]


def test_a_number_of_a_client_or_a_dossier_is_none() -> None:
    assert _findings("trajectory_events", client_number="1234567890", trajectory_id="RE01-1234567890") == []


@pytest.mark.parametrize(("given", "digits"), [(OWN, OWN), (f"C{OWN}", OWN), ("C-093000005", "93000005")])
def test_the_number_of_the_person_in_the_place_of_a_client_number_is(given: str, digits: str) -> None:
    found = _findings("trajectory_events", client_number=given, trajectory_id=f"RE01{digits}01", event_id="E-0001")

    assert found == [("trajectory_id", "VALUE-004")]


def test_client_numbers_that_pass_the_test_by_chance_are_none() -> None:
    numbers = range(931063640, 931063700)
    text, places = text_of([{"client_number": f"{each}", "trajectory_id": f"{each}01"} for each in numbers])

    assert OWN in map(str, numbers)
    assert parse(text, EVENTS, places).findings.is_empty()
