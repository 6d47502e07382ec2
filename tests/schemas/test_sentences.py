"""Every sentence has the same parameters in both languages, and every code that is said is one of them."""

import re
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from schemas.sentences import SENTENCES, Language, Place, Words, said, worded
from schemas.vocabulary import Decision, DeliveryStatus

PROJECT = Path(__file__).parents[2]
SAID = re.compile(r'said\(\s*"([a-z.-]+)"')
STEPS = {"accept", "reject", "retract", "reinstate", "approve", "apply", "plan_step", "night", "back"}


def parameters(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name} - STEPS


@pytest.mark.parametrize("code", SENTENCES)
def test_both_languages_have_the_same_parameters(code: str) -> None:
    words = SENTENCES[code]
    assert parameters(words.nl) == parameters(words.en)
    values = dict.fromkeys(parameters(words.nl), 1)
    for language in Language:
        for place in Place:
            assert "{" not in worded(said(code, **values), language, place)


def test_every_code_that_is_said_has_words() -> None:
    folders = ("flows", "schemas", "src", "server")
    files = [path for folder in folders for path in (PROJECT / folder).rglob("*.py")]
    codes = {code for path in files for code in SAID.findall(path.read_text(encoding="utf-8"))}

    assert len(codes) > 50
    assert codes - SENTENCES.keys() == set()


def test_codes_that_are_put_together_have_words() -> None:
    wanted = {f"decide.of-{each}" for each in DeliveryStatus} | {f"decide.after-{each}" for each in Decision}
    assert wanted - SENTENCES.keys() == set()


def test_days_statuses_and_sentences_within_are_worded_for_who_reads() -> None:
    twice = said(
        "decide.twice", file="a.csv", decision=Decision.RETRACTED, by="A. Steward", day=date(2017, 3, 8),
        then=said("decide.after-retracted"),
    )  # fmt: skip

    assert worded(twice, Language.NL, Place.BROWSER) == (
        "a.csv is al teruggenomen, door A. Steward op 08-03-2017. Weer laten meetellen: reinstate-delivery."
    )
    assert str(twice) == (
        "a.csv is already retracted, by A. Steward on 2017-03-08. To let it count again: uitstroom reinstate."
    )


def test_what_was_typed_is_no_template() -> None:
    assert "{plan_step}" in worded(said("form.day", text="{plan_step}"), Language.NL, Place.BROWSER)
    assert Words("a", "b").of(Language.EN) == "b"
