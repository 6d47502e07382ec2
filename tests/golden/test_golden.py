"""One delivery per source with every fault its rules can find, and the findings a person expects of it.

``<source>.csv`` is the delivery, ``<source>.findings.csv`` the findings with the reason; both are meant to be read.
Numbers of persons are test numbers. Here: from bytes to findings. Not here: recording (``tests/jobs``).
"""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from pipeline.intake.column_names import resolve
from pipeline.intake.file_name_facts import facts
from pipeline.intake.findings import described, file_finding, no_findings, quarantined_rows
from pipeline.intake.parse import parse
from pipeline.intake.pseudonym import PseudonymKey
from pipeline.intake.record import Envelope, events
from pipeline.intake.validate import judge, key_conflicts
from pipeline.store.formats.open_table import open_table
from schemas import reference
from schemas.catalogue import SOURCES
from schemas.source import ENVELOPE, Source

FOLDER = Path(__file__).parent
NAMES = {"municipal_statistics": "2016-11-30_83450NED_2015.csv"}
"""Under which name the file would come, where the name says something."""
DELIVERED = date(2019, 3, 1)
"""The day of delivery, beside which dates are judged."""

ENVELOPE_OF_TEST = Envelope("d" * 64, 0, date(2017, 2, 7), datetime(2017, 2, 8, tzinfo=UTC), "r1")
Finding = tuple[int, str, str]


def expected_findings(name: str) -> list[Finding]:
    with (FOLDER / f"{name}.findings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert all(row["why"] for row in rows), "every finding says why"
    return [(int(row["row"]), row["column"], row["rule"]) for row in rows]


def conflicts(good: pl.DataFrame, source: Source) -> pl.DataFrame:
    """Rows with one key, as the log would hold them."""
    recorded = events(good, source, ENVELOPE_OF_TEST, PseudonymKey(bytes(32)))
    conditions = source.key_when
    key = {
        f"key_{name}": pl.when(conditions[name]).then(pl.col(name)) if name in conditions else pl.col(name)
        for name in source.event_key
    }
    stated = recorded.drop([name for name in ENVELOPE if name != "row"]).with_columns(**key)
    return key_conflicts(stated, tuple(key))


def findings_of(path: Path, source: Source) -> tuple[list[Finding], int, int]:
    """Findings with columns as the contract names them, rows read, and rows that may be recorded."""
    table = open_table(path)
    resolution = resolve(table.header, source, reference.aliases())
    assert resolution.missing == ()
    constants = facts(NAMES.get(source.name, path.name), None, reference.cbs_tables())
    found = [file_finding("FILE-021", name) for name in resolution.unknown]
    good, rows_read = [], 0
    for batch in table.batches:
        parsed = parse(batch.frame, source, resolution.cells, constants=constants)
        judged = judge(parsed, source, delivered_on=DELIVERED)
        found += [batch.misshapen.select("row", pl.lit("").alias("column"), "rule"), judged.findings]
        good.append(judged.good)
        rows_read += batch.frame.height + batch.misshapen.height
    kept = pl.concat(good)
    doubles = conflicts(kept, source)
    shown = described(pl.concat([no_findings(), *found, doubles]), source.name, "d" * 64, 0)
    return shown.select("row", "column", "rule").rows(), rows_read, kept.height - doubles.height


@pytest.mark.parametrize("name", list(SOURCES))
def test_the_golden_delivery_has_the_findings_a_person_expects(name: str) -> None:
    found, _, _ = findings_of(FOLDER / f"{name}.csv", SOURCES[name])

    assert sorted(found) == sorted(expected_findings(name))


@pytest.mark.parametrize("name", list(SOURCES))
def test_no_row_of_the_golden_delivery_is_lost(name: str) -> None:
    found, rows_read, rows_recorded = findings_of(FOLDER / f"{name}.csv", SOURCES[name])

    findings = pl.DataFrame(found, schema=no_findings().schema, orient="row")
    misshapen = findings.filter(pl.col("rule").is_in(["FILE-030", "FILE-031"]))
    quarantined = set(quarantined_rows(findings)) | set(misshapen["row"])
    duplicates = findings.filter(pl.col("rule") == "DELIVERY-001").height
    assert rows_read == rows_recorded + len(quarantined) + duplicates
    assert rows_read == len((FOLDER / f"{name}.csv").read_text("utf-8").splitlines()) - 1


@pytest.mark.parametrize("name", list(SOURCES))
def test_every_rule_of_the_source_stands_in_its_golden_delivery(name: str) -> None:
    headers = SOURCES[name].header_of
    from_delivery = SOURCES[name].from_delivery
    rules = {(headers(rule.column), rule.code) for rule in SOURCES[name].conditions if rule.column not in from_delivery}

    assert rules <= {(column, rule) for _, column, rule in expected_findings(name)}
