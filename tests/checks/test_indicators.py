"""The list of indicators is what can be checked, no more and no less."""

from pipeline.checks.claims import evidence, programme
from schemas.indicators import INDICATORS, OPERATORS, PERCENT, SHARE
from schemas.sources import published_figures


def test_every_indicator_that_can_be_checked_is_declared_and_no_other() -> None:
    assert {each.name for each in INDICATORS} == evidence._INDICATORS.keys() | programme.INDICATORS.keys()


def test_a_percentage_or_share_says_of_what() -> None:
    assert [each.name for each in INDICATORS if (each.unit in (PERCENT, SHARE)) != bool(each.base)] == []


def test_every_operator_has_its_meaning() -> None:
    assert list(OPERATORS) == list(published_figures.OPERATORS)
