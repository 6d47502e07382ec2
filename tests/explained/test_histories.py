"""What random histories hold: claims of every kind, mergers beside CBS, and the same of the same seed."""

from collections.abc import Iterator

import pytest

from schemas.indicators import INDICATORS, OPERATORS
from schemas.vocabulary import Series
from tests.explained.history import History
from tests.explained.merger import CHANGES

SEEDS = range(1000, 1012)


@pytest.fixture(scope="module")
def claims() -> list[dict[str, str]]:
    return [claim for seed in SEEDS for claim in _claims(seed)]


def _claims(seed: int) -> Iterator[dict[str, str]]:
    for name, content in History(seed).files():
        if name.startswith("published_figures/"):
            header, *lines = (line.split(";") for line in content.splitlines())
            yield from (dict(zip(header, line, strict=True)) for line in lines)


def test_one_seed_is_one_history() -> None:
    assert [*History(7).files()] == [*History(7).files()]
    assert [*History(7).files()] != [*History(8).files()]


def test_claims_are_about_everything_that_can_be_checked(claims: list[dict[str, str]]) -> None:
    assert {each.name for each in INDICATORS} <= {claim["indicator"] for claim in claims}
    assert {claim["operator"] for claim in claims} == set(OPERATORS)
    assert {claim["reeks"] for claim in claims} == {"", *Series}


def test_claims_have_fractions_periods_and_what_is_not_said(claims: list[dict[str, str]]) -> None:
    within = [claim for claim in claims if claim["indicator"] == "caseload_stock" and claim["periode_van"]]
    assert {claim["operator"] for claim in within} >= {"<=", ">=", "="}
    assert {"1/3", "2/3"} <= {claim["waarde"] for claim in claims}
    assert any(claim["toelichting"] == "begin onbekend" for claim in claims)
    assert any(not claim["peildatum"] and not claim["periode_van"] for claim in claims)


def test_a_text_has_several_claims_about_one_place(claims: list[dict[str, str]]) -> None:
    texts = [(claim["document"], claim["gemeentecode"]) for claim in claims if claim["gemeentecode"]]
    assert max(map(texts.count, set(texts))) > 10


def test_municipalities_merge_beside_figures_of_cbs() -> None:
    changes = {(merger.before, merger.after, merger.on) for merger in (History(seed).merger for seed in SEEDS)}
    assert changes == set(CHANGES)
    names = [name for name, _ in History(1000).files()]
    assert any(name.endswith("_merger.csv") and name.startswith("caseload/") for name in names)
    assert any(name.endswith("_merger.csv") and name.startswith("municipal_statistics/") for name in names)
