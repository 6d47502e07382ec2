"""Fingerprints are honest both ways: what decides something changes them, and what is only wording does not."""

import pytest

from pipeline.caseload.delivery_counts import delivery_counts
from pipeline.jobs.fingerprints import rules_version, step_version, table_version, tables_version
from tests.jobs.changed_tree import Answer, Edit, answers

pytestmark = pytest.mark.system

GATES, LIMITS = "schemas/limits/deliveries.py", "schemas/limits/figures.py"
WORDS, DATES = "schemas/vocabulary.py", "src/pipeline/intake/dates.py"
VALUES, NUMBERS = "src/pipeline/intake/values.py", "src/pipeline/intake/numbers.py"
CASELOAD, TABLES, REFERENCE = "schemas/sources/caseload.py", "schemas/tables/caseload.py", "schemas/reference"
FLOW, SPELLS = "src/pipeline/caseload/flow.py", "src/pipeline/caseload/spells.py"
CODES, MUNICIPALITIES = f"{REFERENCE}/codes.csv", f"{REFERENCE}/municipalities.csv"
TOTALS = "src/pipeline/checks/totals.py"

DECIDES_ROWS = {
    "the share above which a delivery waits": Edit(GATES, "HOLD_ABOVE_SHARE = 0.05", "HOLD_ABOVE_SHARE = 0.06"),
    "a missing text": Edit(WORDS, '"00000000", "99999999",', '"00000000", "99999999", "?",'),
    "the expression of a row rule": Edit(
        CASELOAD, '"ended_on": pl.col("started_on") <= pl', '"ended_on": pl.col("started_on") < pl'
    ),
    "a code of a code list": Edit(
        CODES, "02,aangaan relatie,started relationship,2", "92,aangaan relatie,started relationship,2"
    ),
    "the validity of a municipality": Edit(MUNICIPALITIES, "Brunssum,,,1", "Brunssum,,2030-01-01,1"),
    # The portal of CBS writes it where its files have the code.
    "the name of a municipality": Edit(MUNICIPALITIES, "GM0899,Brunssum", "GM0899,Bruensem"),
    "an alias": Edit(f"{REFERENCE}/aliases.csv", "caseload,gemeentecode,gemeente\n", "caseload,gemeentecode,plaats\n"),
    "a word that stands for a code": Edit(CODES, "overschrijden maximale verblijfsduur", "te lang in het"),
    "a severity": Edit("schemas/rules/value.py", '"VALUE-002", Severity.QUARANTINE', '"VALUE-002", Severity.WARN'),
    "a statement of parsing": Edit(DATES, "pl.when(year >= FIRST_DATE.year)", "pl.when(year >= FIRST_DATE.year + 1)"),
    "a text that parsing looks for": Edit(NUMBERS, '"−", "-", literal', '"–", "-", literal'),
    "a statement of reading": Edit(
        "src/pipeline/store/formats/csv_records.py", "return bool(tail) and (b", "return bool(tail) or (b"
    ),
    "a header": Edit(CASELOAD, '"registratienummer_uitkering"', '"registratie_uitkering"'),
}  # fmt: skip
"""What decides a row's fate: rules_version changes."""

WORDING = {
    "a comment in a declaration": Edit(LIMITS, "FINAL_AFTER_DAYS = 365", "FINAL_AFTER_DAYS = 365  # a year"),
    "a docstring in a declaration": Edit(LIMITS, "CBS makes figures final after", "CBS settles its figures after"),
    "a comment in parsing": Edit(NUMBERS, "# Digits are 0 to 9 only:", "# Only the digits 0 to 9:"),
    "a docstring of parsing": Edit(VALUES, '"""The spellings of "no value"."""', '"""How no value is spelled."""'),
    "the layout of parsing": Edit(
        DATES,
        "pl.when(year >= FIRST_DATE.year).then(year)",
        "(\n        pl.when(year >= FIRST_DATE.year)\n    ).then(year)",

    ),
    "a comment of a projection": Edit(FLOW, "def intervals(", "# Consecutive dates.\ndef intervals("),
    "a docstring of counting": Edit(SPELLS, "One row per spell:", "A row per spell:"),
}  # fmt: skip
"""What is only said: nothing changes, neither of rows nor of tables."""

SAID_IN_TABLES = {
    "a label": Edit(CODES, "aanvang studie", "begin van studie"),
    "the title of a rule": Edit(CASELOAD, "Partner and client are the same person", "One person is client and partner"),
    "the title of a rule, in one word": Edit(CASELOAD, '"Partner and client are the same person"', '"Alone"'),
    "why a rule is there": Edit(CASELOAD, "One person would be counted as two.", "It would count one person twice."),
    "what to do about it": Edit("schemas/rules/value.py", "Fill the value at the source and", "Fill it in and"),
    "the title of a programme": Edit(f"{REFERENCE}/programmes.csv", "Ontwikkeltrajecten Betere Buren", "Betere Buren"),
}
"""Words that a table may show and that decide no row: rules_version stays."""

DECIDES_TABLES = {
    "a statement of a projection": Edit(FLOW, '(pl.col("date") < pl', '(pl.col("date") <= pl'),
    "a statement that a projection imports": Edit(TOTALS, ".when(distance() == 0)", ".when(distance() == 1)"),
    "the type of a field": Edit(TABLES, 'Field("change", pl.Int64()', 'Field("change", pl.Int32()'),
    "the description of a field": Edit(TABLES, "Benefits in stock; a couple is one benefit", "Benefits in stock"),
    "the target of a programme": Edit(f"{REFERENCE}/programmes.csv", "2016),GM0899,50,", "2016),GM0899,60,"),
    "a threshold of a check": Edit(LIMITS, "FAR_FROM_CBS_SHARE = 0.05", "FAR_FROM_CBS_SHARE = 0.04"),
    "a label that a table shows": SAID_IN_TABLES["a label"],
}  # fmt: skip
"""What decides a table: tables_version changes."""

SENTENCE = Edit("schemas/claim_sentences.py", "Zoals bekend op", "Naar wat bekend was op")
OWN_STEP = Edit(
    SPELLS, 'coalesce("original_started_on", "started_on")', 'coalesce("started_on", "original_started_on")'
)
OTHER_STEP = Edit("src/pipeline/trajectories/memberships.py", 'UNKNOWN = "unknown"', 'UNKNOWN = "not known"')
EVERY_EDIT = tuple(
    dict.fromkeys(
        (
            *DECIDES_ROWS.values(),
            *WORDING.values(),
            *SAID_IN_TABLES.values(),
            *DECIDES_TABLES.values(),
            SENTENCE,
            OWN_STEP,
            OTHER_STEP,
        )
    )
)


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> dict[Edit, Answer]:
    """What the program says of itself after each edit, and after none."""
    edits = (Edit(), *EVERY_EDIT)
    found = answers(tmp_path_factory.mktemp("tree"), edits, seed="4711")
    assert {answer.error for answer in found} == {""}
    return dict(zip(edits, found, strict=True))


@pytest.fixture(scope="module")
def unchanged(after: dict[Edit, Answer]) -> Answer:
    return after[Edit()]


def test_the_same_tree_elsewhere_in_a_process_with_other_hashes_has_the_same_fingerprints(unchanged: Answer) -> None:
    kept = table_version("reconciliation"), table_version("published_figures_check")
    assert unchanged == Answer(rules_version(), tables_version(), step_version(delivery_counts), *kept)


@pytest.mark.parametrize("what", DECIDES_ROWS)
def test_what_decides_a_row_names_the_rules_anew(what: str, after: dict[Edit, Answer], unchanged: Answer) -> None:
    assert after[DECIDES_ROWS[what]].rules != unchanged.rules


@pytest.mark.parametrize("what", WORDING)
def test_wording_and_layout_change_nothing(what: str, after: dict[Edit, Answer], unchanged: Answer) -> None:
    assert after[WORDING[what]] == unchanged


@pytest.mark.parametrize("what", SAID_IN_TABLES)
def test_names_and_labels_decide_no_row(what: str, after: dict[Edit, Answer], unchanged: Answer) -> None:
    answer = after[SAID_IN_TABLES[what]]
    assert (answer.rules, answer.counts) == (unchanged.rules, unchanged.counts)


@pytest.mark.parametrize("what", DECIDES_TABLES)
def test_what_decides_a_table_names_the_tables_anew(what: str, after: dict[Edit, Answer], unchanged: Answer) -> None:
    assert after[DECIDES_TABLES[what]].tables != unchanged.tables


def test_a_statement_of_a_projection_decides_no_row(after: dict[Edit, Answer], unchanged: Answer) -> None:
    assert after[DECIDES_TABLES["a statement of a projection"]].rules == unchanged.rules
    assert after[DECIDES_TABLES["the type of a field"]].rules == unchanged.rules


def test_a_step_is_named_by_its_own_code_and_not_by_that_of_another(
    after: dict[Edit, Answer], unchanged: Answer
) -> None:
    assert after[OWN_STEP].counts != unchanged.counts
    assert after[OWN_STEP].tables != unchanged.tables
    assert after[OTHER_STEP].counts == unchanged.counts
    assert after[OTHER_STEP].tables != unchanged.tables


def test_a_kept_table_is_made_again_when_a_table_that_it_rests_on_is_computed_otherwise(
    after: dict[Edit, Answer], unchanged: Answer
) -> None:
    """Reconciliation reads the table of the flow, and imports nothing of the module that makes it."""
    for edit in (DECIDES_TABLES["a statement of a projection"], OWN_STEP):
        assert after[edit].kept_reconciliation != unchanged.kept_reconciliation


def test_a_kept_table_is_made_again_when_its_words_are_others(after: dict[Edit, Answer], unchanged: Answer) -> None:
    assert after[SENTENCE].kept_claims != unchanged.kept_claims
    for edit in SAID_IN_TABLES.values():
        assert after[edit].kept_claims != unchanged.kept_claims


def test_every_edit_gives_fingerprints_of_its_own_or_none(after: dict[Edit, Answer], unchanged: Answer) -> None:
    """No two edits of the program end in one name: nothing that was kept under one is taken for the other."""
    changed = [answer for answer in after.values() if answer != unchanged]
    assert len(set(changed)) == len(changed)
