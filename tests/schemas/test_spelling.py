"""What counts as the same name of a column, and which name is not shown since it may be data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.spelling import is_nearly, shown_name, spelling


@pytest.mark.parametrize(
    "name",
    [
        "vorige_peildatum",
        "Vorige Peildatum",
        "VORIGE-PEILDATUM",
        " vorige__peildatum ",
        "vorige\N{NO-BREAK SPACE}peildatum",
        "vorigepeildatum",
        "vorigé peildatum",
        "vorige\N{COMBINING ACUTE ACCENT} peildatum",
        "ｖorigepeildatum",
    ],
)
def test_case_blanks_accents_and_hyphens_do_not_count(name: str) -> None:
    assert spelling(name) == "vorigepeildatum"


@pytest.mark.parametrize(
    ("one", "other"),
    [("aantal", "aantal_1"), ("Instroom_4", "Instroom_5"), ("bsn", "bsn."), ("aantal", "aantal€"), ("a", "aж")],
)
def test_digits_and_other_marks_count(one: str, other: str) -> None:
    assert spelling(one) != spelling(other)


@pytest.mark.parametrize(
    "name", ["eindatum", "einddatm", "Eind-Datun", "einddаtum", "еіnddаtum", "einddatum1", "e1nddatum", "eiinddatum"]
)
def test_a_slip_in_a_name_is_nearly_the_name(name: str) -> None:
    assert is_nearly(name, "einddatum")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("begindatum", "einddatum"),
        ("einddatum besluit", "einddatum"),
        ("instroom", "uitstroom"),
        ("bsn", "bsi"),
        ("peildatum", "einddatum"),
        ("x", ""),
    ],
)
def test_another_name_is_not_nearly_it(one: str, other: str) -> None:
    assert not is_nearly(one, other)


def test_letters_that_only_their_capitals_spell_otherwise_are_one_name() -> None:
    assert spelling("Straße") == spelling("STRASSE")


@given(st.text())
def test_a_spelling_is_its_own_spelling(name: str) -> None:
    assert spelling(spelling(name)) == spelling(name)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("aantal", "aantal"),
        ("123456782", "column 3"),
        ("bsn 123456782", "column 3"),
        ("12345", "12345"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "column 3"),
        (" ", "column 3"),
        ("a\x1b[2J", "column 3"),
    ],
)
def test_a_name_that_may_be_data_is_not_shown(name: str, shown: str) -> None:
    assert shown_name(name, 3) == shown
