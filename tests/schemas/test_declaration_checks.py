"""Declarations that do not fit together end the first command with a sentence: where, what, and what to do.

Here: one small mistake each, made in the declarations that stand. Not here: what the declarations say.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from pipeline.store.log.log import Log
from pipeline.store.log.table import LogTable
from schemas import sources, tables
from schemas.bad_declaration import BadDeclaration
from schemas.catalogue import FAMILIES
from schemas.column import Column, KeyPart
from schemas.declaration_checks import LOG_TABLES, require_sound, require_typed
from schemas.discovery import Placed, placed
from schemas.rules.rule import Rule, RuleFamily
from schemas.source import Source, Subject
from schemas.table import Table
from schemas.vocabulary import Severity

SOURCES = placed(sources, Source)
TABLES = placed(tables, Table)
CASELOAD = next(each for each in SOURCES if each.value.name == "caseload")
STOCK = next(each for each in TABLES if each.value.name == "caseload_stock")


def rule(code: str, **more: pl.Expr) -> Rule:
    return Rule(code, Severity.WARN, "Title", "Titel", "Why.", "Fix.", holds=more)


def fault_in_source(change: Callable[[Source], Source]) -> str:
    with pytest.raises(BadDeclaration) as found:
        require_sound([Placed(CASELOAD.file, change(CASELOAD.value))], TABLES, FAMILIES)
    return str(found.value)


def test_what_stands_is_sound_and_each_is_placed_in_its_file() -> None:
    require_sound(SOURCES, TABLES, FAMILIES)
    assert (CASELOAD.file, STOCK.file) == ("schemas/sources/caseload.py", "schemas/tables/caseload.py")


@pytest.mark.parametrize(
    ("where", "change"),
    [
        ("scope", lambda source: replace(source, scope=("nowhere",))),
        ("key", lambda source: replace(source, key=("nowhere",), key_when={})),
        ("key_when", lambda source: replace(source, key_when={"nowhere": pl.lit(value=True)})),
        ("valid_on", lambda source: replace(source, valid_on="nowhere")),
        ("municipality", lambda source: replace(source, municipality="nowhere")),
        ("one_of", lambda source: replace(source, one_of=(("bsn", "nowhere"),))),
        ("from_delivery", lambda source: replace(source, from_delivery=("nowhere",))),
        ("rule CASELOAD-005", lambda source: replace(source, rules=(rule("CASELOAD-005", nowhere=pl.col("bsn") > 0),))),
        ("rule CASELOAD-005", lambda source: replace(source, rules=(rule("CASELOAD-005", bsn=pl.col("nowhere") > 0),))),
    ],
)
def test_a_source_names_only_columns_it_has(where: str, change: Callable[[Source], Source]) -> None:
    assert fault_in_source(change) == (
        f"schemas/sources/caseload.py: source caseload names nowhere in {where}, where it has no such column. "
        "Add the column, or correct the name."
    )


def test_a_condition_needs_its_rule() -> None:
    fault = fault_in_source(lambda source: replace(source, rules=(rule("CASELOAD-999", bsn=pl.col("bsn") > 0),)))

    assert fault == (
        "schemas/sources/caseload.py: source caseload has a condition for CASELOAD-999, and no family declares that "
        "rule. Add the rule to the family, or correct the code."
    )


def test_two_sources_or_tables_cannot_have_one_name_and_all_faults_are_named_at_once() -> None:
    other_source = Placed("schemas/sources/other.py", CASELOAD.value)
    other_table = Placed("schemas/tables/other.py", STOCK.value)

    with pytest.raises(BadDeclaration) as found:
        require_sound([*SOURCES, other_source], [*TABLES, other_table], FAMILIES)

    assert str(found.value).splitlines() == [
        "schemas/sources/caseload.py and schemas/sources/other.py: source caseload is declared 2 times. "
        "Rename all but one.",
        "schemas/tables/caseload.py and schemas/tables/other.py: table caseload_stock is declared 2 times. "
        "Rename all but one.",
    ]


def test_figures_that_are_compared_need_a_subject() -> None:
    with pytest.raises(BadDeclaration, match=r"^schemas/tables/caseload.py: .*caseload_stock.* Give it a subject"):
        require_sound(SOURCES, [Placed(STOCK.file, replace(STOCK.value, subject=None))], FAMILIES)

    require_sound(SOURCES, [Placed(STOCK.file, replace(STOCK.value, subject=None, is_restated=False))], FAMILIES)


def test_a_key_of_a_table_is_one_of_its_fields() -> None:
    with pytest.raises(BadDeclaration, match=r"table caseload_stock has nowhere in its key and no such field"):
        require_sound(SOURCES, [Placed(STOCK.file, replace(STOCK.value, key=("nowhere",)))], FAMILIES)


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        (
            (rule("NEW-001"), rule("NEW-001")),
            "rules “New rules”: rule NEW-001 is declared 2 times. Rename all but one.",
        ),
        ((rule("OLD-001"),), "rules “New rules”: OLD-001 does not begin with NEW-. Give it a code that does."),
    ],
)
def test_a_code_stands_for_one_rule_of_its_family(rules: tuple[Rule, ...], fault: str) -> None:
    with pytest.raises(BadDeclaration) as found:
        require_sound(SOURCES, TABLES, [*FAMILIES, RuleFamily("NEW", "New rules", rules)])

    assert str(found.value) == fault


@pytest.mark.parametrize(
    ("fault", "change"),
    [
        ("cannot name a source", lambda source: replace(source, name="Debt Counselling")),
        ("cannot name a source", lambda source: replace(source, name="../x")),
        ("the log keeps a table findings", lambda source: replace(source, name="findings")),
        ("names nowhere in subjects", lambda source: replace(source, subjects=(Subject(pl.col("nowhere")),))),
        ("a key of that name", lambda source: replace(source, keys=(KeyPart("bsn", ("bsn",), "Key"), *source.keys))),
        ("a key of that name", lambda source: replace(source, keys=(KeyPart("row", ("bsn",), "Key"), *source.keys))),
        ("becomes no key", lambda source: replace(source, keys=())),
        ("in key_when for bsn", lambda source: replace(source, key=("bsn",), key_when={"bsn": pl.lit(value=True)})),
        ("number of a person", lambda source: replace(source, derived={"copied": pl.col("bsn")})),
        ("number of a person", lambda source: replace(source, derived={"copied": pl.col("bsn").cast(pl.Date)})),
        ("is String", lambda source: replace(source, derived={"as_text": pl.col("reference_date").dt.to_string("%Y")})),
        ("is Date", lambda source: replace(source, derived={"is_late": pl.col("reference_date")})),
        ("rests on nowhere", lambda source: replace(source, derived={"later": pl.col("nowhere")})),
    ],
)
def test_what_would_leak_or_damage_is_no_declaration(fault: str, change: Callable[[Source], Source]) -> None:
    found = fault_in_source(change)
    assert fault in found
    assert "schemas/sources/caseload.py" in found


def test_the_names_that_the_log_keeps_are_those_of_its_own_tables(tmp_path: Path) -> None:
    log = Log(tmp_path, ())
    own = {each.path.name for each in vars(log).values() if isinstance(each, LogTable)}
    assert own == LOG_TABLES


@pytest.mark.parametrize(
    ("fault", "change"),
    [
        ("read of Source caseload is 'counted', of type str. Give it a ReadMode.", {"read": "counted"}),
        ("scope of Source caseload is 'month', of type str. Give it a tuple.", {"scope": "month"}),
        ("subjects of Source caseload holds 'x', of type str. Give it only Subject.", {"subjects": ("x",)}),
        ("subjects of Source caseload is a Subject. Give it a tuple.", {"subjects": Subject(pl.col("x"))}),
        ("one_of of Source caseload holds 'bsn', of type str. Give it only tuple.", {"one_of": ("bsn", "x")}),
        ("order of Source caseload is None, of type NoneType. Give it a int.", {"order": None}),
        ("municipality of Source caseload is 3, of type int. Give it a str or NoneType.", {"municipality": 3}),
        ("severity of Rule X-001 is 'warn', of type str.", {"rules": (replace(rule("X-001"), severity="warn"),)}),
        ("kind of Column x is 'date', of type str.", {"columns": (Column("x", "x", "date", "X"),)}),  # type: ignore[arg-type]
    ],
)
def test_a_field_holds_what_it_declares(fault: str, change: dict[str, object]) -> None:
    with pytest.raises(BadDeclaration) as found:
        require_typed([Placed(CASELOAD.file, replace(CASELOAD.value, **change))])  # type: ignore[arg-type]

    assert str(found.value).startswith(f"schemas/sources/caseload.py: {fault}")


def test_all_fields_of_other_types_are_named_at_once() -> None:
    with pytest.raises(BadDeclaration) as found:
        require_typed([Placed(STOCK.file, replace(STOCK.value, title=1, key="a", fields=[]))])  # type: ignore[arg-type]

    assert [fault.split(" of ")[0] for fault in found.value.faults] == [
        f"{STOCK.file}: {name}" for name in ("title", "key", "fields")
    ]
