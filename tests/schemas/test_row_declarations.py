"""What the fingerprint of the rules is made of: all that decides a row, and no wording.

Not here: the code that reads and parses, which counts too (``pipeline.jobs.fingerprints``).
"""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules

import polars as pl
import pytest

from schemas import limits
from schemas.catalogue import RULES, SOURCES, row_declarations, table_declarations
from schemas.limits import deliveries
from schemas.rules.rule import Rule
from schemas.source import Gates, Source
from schemas.vocabulary import Severity


def with_rule(source: Source, change: Callable[[Rule], Rule]) -> Source:
    return replace(source, rules=(change(source.rules[0]), *source.rules[1:]))


WORDS = dict.fromkeys(("title", "title_nl", "why", "why_nl", "fix", "fix_nl", "fix_in_page", "basis"), "x")


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        pytest.param(
            lambda source: with_rule(source, lambda rule: replace(rule, **WORDS)), False, id="words of a rule"
        ),
        pytest.param(lambda source: replace(source, title="x", grain="x", order=1), False, id="words of a source"),
        pytest.param(
            lambda source: with_rule(source, lambda rule: replace(rule, holds={"bsn": pl.col("bsn") > 1})),
            True,
            id="a condition",
        ),
        pytest.param(lambda source: replace(source, gates=Gates(0.5)), True, id="a gate"),
        pytest.param(lambda source: replace(source, key=("benefit_id",)), True, id="the key"),
    ],
)
def test_a_source_counts_by_what_decides_and_not_by_its_words(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[Source], Source], counts: bool
) -> None:
    before = row_declarations()
    monkeypatch.setitem(SOURCES, "caseload", change(SOURCES["caseload"]))
    assert (row_declarations() != before) is counts


@pytest.mark.parametrize("room", [each.name for each in iter_modules(limits.__path__)])
def test_every_threshold_counts_for_rows_or_for_tables(monkeypatch: pytest.MonkeyPatch, room: str) -> None:
    module = import_module(f"schemas.limits.{room}")
    for name in [name for name in vars(module) if name.isupper()]:
        before = row_declarations(), table_declarations()
        monkeypatch.setattr(module, name, "another")
        assert (row_declarations(), table_declarations()) != before, name


def test_severities_and_limits_count(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [row_declarations()]
    monkeypatch.setitem(RULES, "FILE-021", replace(RULES["FILE-021"], severity=Severity.REJECT))
    texts.append(row_declarations())
    monkeypatch.setattr(deliveries, "HOLD_ABOVE_SHARE", 0.06)
    texts.append(row_declarations())
    assert len(set(texts)) == len(texts)


def test_the_declarations_are_the_same_text_in_every_process() -> None:
    texts = {
        subprocess.run(
            [sys.executable, "-c", "from schemas.catalogue import row_declarations; print(row_declarations())"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "4711")
    }
    assert texts == {row_declarations() + "\n"}
