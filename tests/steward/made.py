"""A small hand-made release, for reports whose content has to be known to the last cell."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.jobs.ingest.receipts import Receipt
from pipeline.store.releases.releases import Release
from schemas.catalogue import TABLES

JAN, FEB, MAR = date(2017, 1, 1), date(2017, 2, 1), date(2017, 3, 1)
HELD = "07d52c65cd73" + "0" * 52
MOMENT = datetime(2017, 3, 7, 2, 15, tzinfo=UTC)

RESTATEMENTS = pl.Schema(
    {
        "release": pl.String(),
        "previous_release": pl.String(),
        "published_at": pl.Datetime("us", "UTC"),
        "table": pl.String(),
        "key": pl.String(),
        "column": pl.String(),
        "kind": pl.String(),
        "value_before": pl.Float64(),
        "value_after": pl.Float64(),
        "cause": pl.String(),
        "event": pl.String(),
    }
)

Rows = Iterable[Mapping[str, Any]]


def stock(day: date, benefits: int, vintage: str = "final", code: str = "GM0899") -> dict[str, Any]:
    return {
        "municipality_code": code, "reference_date": day, "series": "pw", "benefits": benefits, "vintage": vintage,
        "source": "counted",
    }  # fmt: skip


def flow(day: date, into: int, out: int, work: int, unexplained: int = 0) -> dict[str, Any]:
    return {
        "municipality_code": "GM0899", "reference_date": day, "series": "pw", "inflow": into, "outflow": out,
        "outflow_to_work": work, "unexplained_difference": unexplained,
    }  # fmt: skip


def progress(month: date, placed: int, target: int | None = 50, programme: str = "INNOVATIEF2016") -> dict[str, Any]:
    return {
        "programme_code": programme, "provider_code": "*", "month": month, "placed": placed, "target": target,
        "target_reached_on": None if target is None or placed < target else date(2017, 3, 9),
    }  # fmt: skip


def verdict(claim: str, judged: str, **changed: Any) -> dict[str, Any]:
    row = {
        "claim_id": claim, "document": "Voortgang", "published_on": FEB, "indicator": "caseload_stock",
        "region_code": "GM0899", "subject_period": "2017-01-01", "operator": "=", "value_published": 876.0,
        "decimals_published": 0, "value_found": 875.0, "verdict": judged, "verdict_now": judged,
        "explanation": "876 as published; 875 in pw.",
        "explanation_nl": "876 zoals gepubliceerd; 875 in PW.",
    }  # fmt: skip
    return row | changed


def restated(number: int, kind: str = "changed", release: str = "r2", moment: datetime = MOMENT) -> dict[str, Any]:
    return {
        "release": release, "previous_release": "r1", "published_at": moment, "table": "caseload_stock",
        "key": f"GM0899|{number:04d}|pw", "column": "benefits", "kind": kind,
        "value_before": None if kind == "added" else 876.0, "value_after": None if kind == "removed" else 875.0,
        "cause": "ab" * 32, "event": "recorded",
    }  # fmt: skip


HELD_ROW = {
    "delivery": HELD, "source": "caseload", "file_name": "caseload/2017-03-07_x.csv", "delivered_on": date(2017, 3, 7),
    "status": "held", "rows_read": 100, "rows_held": 100, "reason": "DELIVERY-003: 6 of 100 rows cannot be recorded",
}  # fmt: skip

RELEASE: dict[str, Rows] = {
    "caseload_stock": [stock(JAN, 876), stock(FEB, 872, "revised"), stock(MAR, 865, "provisional")],
    "caseload_flow": [flow(FEB, 12, 16, 8), flow(MAR, 10, 20, 9, 3)],
    "programme_progress": [
        *(progress(day, placed) for day, placed in ((JAN, 20), (FEB, 41), (MAR, 50))),
        *(progress(day, placed, None, "BETERE_BUREN") for day, placed in ((JAN, 100), (FEB, 104))),
    ],
    "published_figures_check": [verdict("A-1", "confirmed"), verdict("B-1", "contradicted")],
    "deliveries": [HELD_ROW],
    "findings": [
        *({"delivery": HELD, "row": row, "column": "bsn", "rule": "CASELOAD-010"} for row in range(2, 8)),
        {"delivery": HELD, "row": 0, "column": "", "rule": "DELIVERY-003"},
        {"delivery": "f" * 64, "row": 4, "column": "bsn", "rule": "CASELOAD-010"},
    ],
    "relation_findings": [{"rule": "RELATION-007", "subject": f"RE0{number}/x"} for number in range(3)],
}

RECEIPTS = (
    Receipt("caseload", "caseload/a.csv", "a" * 64, "recorded", date(2017, 2, 7), 1200, 1198, 1, 1,
            findings={"CASELOAD-010": 1, "DELIVERY-001": 1}),
    Receipt("caseload", "caseload/b.csv", "", "rejected", None, rule="FILE-015", detail="send it again",
            findings={"FILE-015": 1}),
    Receipt("provider_reports", "provider_reports/c.csv", HELD, "held", date(2017, 3, 7), 100, rows_held=100,
            rule="DELIVERY-003", detail="6 of 100 rows cannot be recorded",
            findings={"CASELOAD-010": 6, "DELIVERY-003": 1}),
)  # fmt: skip


def frame(table: str, rows: Rows) -> pl.DataFrame:
    """Rows of a curated table; columns that a row does not name stay empty."""
    schema = RESTATEMENTS if table == "restatements" else TABLES[table].polars_schema
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def release(folder: Path, *, simulated: bool = True, **changed: Rows) -> Release:
    """A release with these tables, its files in ``folder``."""
    tables = RELEASE | changed
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        frame(name, rows).write_parquet(folder / f"{name}.parquet")
    manifest = {
        "id": "2017-03-08-30631257d2f0",
        "files": {f"{name}.parquet": {"rows": len(rows)} for name, rows in tables.items()},
        "known_on": "2017-03-07",
        "recorded_until": "2017-03-08",
        "events": 4,
        "rules_version": "5e326a938522",
        "code_version": "0.1.0",
        "simulated": simulated,
        "log": {
            "caseload": {"deliveries": 3, "rows_recorded": 1198, "last_recorded_at": "2017-03-08T02:15:00.971009+00:00"}
        },
    }
    return Release(id="2017-03-08-30631257d2f0", path=folder, manifest=manifest)
