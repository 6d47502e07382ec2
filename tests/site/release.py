"""A release for the pages: hand-made frames, all others empty."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from pipeline.jobs.release.dressing import _inputs
from pipeline.site.build import build
from schemas.catalogue import TABLES

FACTS: dict[str, Any] = {
    "id": "2018-09-21-3f9c0a1b2c3d", "recorded_until": "2018-09-21", "known_on": "2018-09-20", "simulated": True,
    "code_version": "0.1.0+abc", "rules_version": "3f1c",
    "files": {f"{name}.parquet": {"bytes": 2_000, "rows": 1, "sha256": "0" * 64} for name in TABLES},
}  # fmt: skip
FILE = "ab" * 32
MOMENT = datetime(2018, 9, 21, 2, 15, tzinfo=UTC)
Rows = list[dict[str, Any]]
JUL, AUG, END, SEP = date(2018, 7, 1), date(2018, 8, 1), date(2018, 8, 31), date(2018, 9, 1)


def frame(table: str, rows: Rows) -> pl.DataFrame:
    """Rows of a table; a column that a row does not name is empty."""
    schema = TABLES[table].polars_schema
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def tables(**rows: Rows) -> dict[str, pl.DataFrame]:
    return {name: frame(name, rows.get(name, [])) for name in TABLES}


def pages(facts: Mapping[str, Any] = FACTS, *, least: int = 10, **rows: Rows) -> dict[str, str]:
    """The site as text, by path."""
    return {name: page.decode() for name, page in build(tables(**rows), facts, _inputs(), least=least).items()}


def stock(day: date, benefits: int, *, code: str = "GM0899", series: str = "pw", **more: Any) -> dict[str, Any]:
    row = {
        "municipality_code": code, "reference_date": day, "series": series, "benefits": benefits, "source": "counted",
        "vintage": "provisional", "delivered_on": day, "delivery": FILE,
    }  # fmt: skip
    return row | more


def delivery(name: str = "caseload/2018-09-07_x.csv", **more: Any) -> dict[str, Any]:
    row = {
        "delivery": FILE, "source": name.partition("/")[0], "file_name": name, "delivered_on": date(2018, 9, 7),
        "is_day_assumed": False, "recorded_at": MOMENT, "status": "recorded", "rows_read": 100, "rows_recorded": 99,
        "rows_quarantined": 1, "rows_duplicate": 0, "rows_held": 0, "version_of_scope": 1, "simulated": True,
    }  # fmt: skip
    return row | more


def progress(month: date, provider: str = "*", **more: Any) -> dict[str, Any]:
    row = {
        "programme_code": "INNOVATIEF2016", "provider_code": provider, "month": month, "participants": 40, "active": 15,
        "placed": 15, "placed_part_time": 3, "ended_otherwise": 10, "placement_rate_pct": 37.5,
    }  # fmt: skip
    return row | more


def restated(table: str, key: str, before: float = 876.0, after: float = 875.0) -> dict[str, Any]:
    return {
        "release": "r2", "previous_release": "r1", "published_at": MOMENT, "table": table, "key": key,
        "column": "benefits", "kind": "changed", "value_before": before, "value_after": after, "cause": FILE,
        "event": "recorded", "candidates": 1,
    }  # fmt: skip


EXAMPLE: dict[str, Rows] = {
    "caseload_stock": [
        stock(JUL, 150), stock(AUG, 148), stock(END, 147), stock(SEP, 1_147),
        stock(date(2017, 9, 1), 151, vintage="final"), stock(SEP, 1_200, series="all"),
    ],
    "caseload_flow": [
        {"municipality_code": "GM0899", "reference_date": SEP, "series": "pw", "previous_reference_date": END,
         "opening": 147, "inflow": 1_004, "outflow": 3, "outflow_to_work": 1, "closing": 1_147,
         "unexplained_difference": -1}
    ],
    "deliveries": [delivery(), delivery("caseload/<b>&.csv", delivery="cd" * 32, status="held", rows_held=99,
                                     reason="DELIVERY-003: 6 of 99 rows")],
    "findings": [{"delivery": FILE, "row": row, "column": "bsn", "rule": "CASELOAD-010", "severity": "quarantine",
               "source": "caseload"} for row in (4, 5, 6, 9)],
    "programme_progress": [progress(AUG), progress(SEP), progress(SEP, "RE01")],
    "target_group_progress": [
        progress(SEP, target_group="inburgeraars", participants=31, active=13, placed=12, ended_otherwise=6),
        progress(SEP, target_group="vijftigplus", participants=9, active=2, placed=3, ended_otherwise=4),
    ],
    "restatements": [
        restated(table, key)
        for table, key in (
            ("caseload_stock", "GM0899|2018-08-01|pw"), ("outflow_reasons", "GM0899|2018-08-01|pw|11"),
            ("placement_outcomes", "INNOVATIEF2016"),
        )
    ],
    "relation_findings": [
        {"rule": "TRAJECT-003", "subject": "RE01/RE01-T0010", "severity": "warn", "what": "gestart 2 times",
         "expected": "1", "found": "2017-09-08, 2017-09-22"},
        {"rule": "RELATION-001", "subject": "GM0899/pw/2018-08-01/benefits", "severity": "warn",
         "what": "148 reported", "expected": "147", "found": "148"},
    ],
}  # fmt: skip
"""A bit of everything."""
