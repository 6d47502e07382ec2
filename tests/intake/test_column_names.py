"""From header to columns: what counts as the same name, and what is missing, unknown or there twice."""

import polars as pl

from pipeline.intake.column_names import best_match, resolve
from schemas import reference
from schemas.catalogue import SOURCES

TOTALS = SOURCES["caseload_totals"]
CASELOAD = SOURCES["caseload"]
NO_ALIASES = pl.DataFrame(schema={"source": pl.String, "header": pl.String, "alias": pl.String})


def test_columns_are_found_wherever_they_stand() -> None:
    found = resolve(("Reeks", "AANTAL", "peil datum", "Gemeente-code"), TOTALS, NO_ALIASES)

    assert found.cells == {"series": "c0", "benefits": "c1", "reference_date": "c2", "municipality_code": "c3"}
    assert (found.unknown, found.missing, found.doubled) == ((), (), ())


def test_a_missing_required_column_is_named_as_the_contract_names_it() -> None:
    found = resolve(("peildatum", "reeks"), TOTALS, NO_ALIASES)

    assert found.missing == ("gemeentecode", "aantal")


def test_one_of_two_columns_is_enough_and_both_are_named_when_none_is_there() -> None:
    header = ("peildatum", "gemeentecode", "registratienummer_uitkering", "statistiekcode", "ingangsdatum")

    assert resolve(header, CASELOAD, NO_ALIASES).missing == ("bsn or clientnummer",)
    assert resolve((*header, "clientnummer"), CASELOAD, NO_ALIASES).missing == ()


def test_a_steward_adds_an_alias_without_touching_code() -> None:
    aliases = pl.DataFrame({"source": ["caseload_totals"], "header": ["aantal"], "alias": ["Zahl der Fälle"]})

    assert resolve(("zahl-der_falle",), TOTALS, aliases).cells == {"benefits": "c0"}
    assert resolve(("zahl-der_falle", "bsn"), CASELOAD, aliases).unknown == ("zahl-der_falle",)


def test_a_column_under_two_names_is_doubled() -> None:
    found = resolve(("aantal", "aantal_uitkeringen", "reeks"), TOTALS, reference.aliases())

    assert found.doubled == ("aantal",)
    assert found.cells["benefits"] == "c0"


def test_unknown_columns_are_told_and_known_ones_that_are_not_needed_are_not() -> None:
    found = resolve(("ID", "Perioden", "AOWUitkeringen_16", "Nieuw_99"), SOURCES["national_statistics"], NO_ALIASES)

    assert found.unknown == ("Nieuw_99",)
    assert found.cells == {"period": "c1"}


def test_a_file_in_the_wrong_folder_is_recognised() -> None:
    header = ("peildatum", "gemeentecode", "reeks", "aantal")

    assert best_match(header, SOURCES.values(), reference.aliases()) == "caseload_totals"
    assert best_match(("a", "b"), SOURCES.values(), reference.aliases()) is None


def test_a_header_of_which_nothing_is_known_is_not_shown_since_it_may_be_data() -> None:
    assert resolve(("Jansen", "Brunssum"), TOTALS, NO_ALIASES).unknown == ("column 1", "column 2")
