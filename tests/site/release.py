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
