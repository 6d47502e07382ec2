"""Ours on the same files: through the door into a log, and a release from scratch. Finds what a peer
finds, and the processor seconds of both parts with the cells that were waited for.
"""

import os
from pathlib import Path

import polars as pl

from bench.peers.told import Found, tell
from pipeline import settings
from pipeline.jobs.nightly import take_in
from pipeline.jobs.release.publish import release
from pipeline.jobs.workspace import open_writer
from pipeline.store.releases import releases
from pipeline.store.releases.releases import Release

_BRIDGE = ("previous_reference_date", "opening", "inflow", "outflow", "outflow_to_work", "closing")


def _rows(published: Release, table: str, *columns: str) -> list[list[object]]:
    found = releases.read(published, table).filter(series="pw")
    wanted = found.select("municipality_code", "reference_date", *columns).sort("municipality_code", "reference_date")
    return [list(row) for row in wanted.with_columns(pl.selectors.date().dt.to_string()).collect().rows()]


def _processor_seconds() -> float:
    return sum(os.times()[:4])


def find(source: Path, target: Path) -> Found:
    raw = target / "data" / "raw" / "caseload"
    raw.mkdir(parents=True)
    for file in source.glob("*.csv"):
        os.link(file, raw / file.name)
    moments = [_processor_seconds()]
    writer = open_writer(settings.load(target / "data"))
    receipts = take_in(writer, lambda _: None)
    moments.append(_processor_seconds())
    if others := [f"{each.file_name}: {each.status} {each.rule}" for each in receipts if each.status != "recorded"]:
        raise SystemExit(f"not recorded: {others}")
    published = release(writer, lambda _: None).release
    moments.append(_processor_seconds())
    return {
        "good": sum(receipt.rows_recorded for receipt in receipts),
        "quarantined": sum(receipt.rows_quarantined for receipt in receipts),
        "copies": sum(receipt.rows_duplicate for receipt in receipts),
        "stock": _rows(published, "caseload_stock", "benefits"),
        "flow": _rows(published, "caseload_flow", *_BRIDGE),
        "parts": {"door": moments[1] - moments[0], "release": moments[2] - moments[1]},
    }


if __name__ == "__main__":
    tell(find)
