"""A slow reader in plain Python, apart from every frame, that says what the simulated files hold."""

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest

from pipeline.simulate import SimulatedFile
from tests.ready_made import ReadyMade

SCHEMES = {"PW": "01", "IOAW": "02", "IOAZ": "03", "BBZ": "14"}
REASONS = {"01", "02", "03", "04", "05", "11", "13", "14", "15", "17", "19", "31", "32", "33", "34", "35", "97", "98"}
NOT_TO_BE_COUNTED = ("vroeg", "afgebroken", "kopie")
PATTERNS = (
    r"(?P<d>\d{1,2})-(?P<m>\d{1,2})-(?P<y>\d{4})",
    r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)",
    r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)",
)


@dataclass(frozen=True)
class Row:
    reference_date: date
    municipality: str
    number: str
    bsn: str
    partner: str
    scheme: str
    household: str
    birth: str
    start: date
    original: date
    end: date | None
    reason: str
    faults: tuple[str, ...]

    @property
    def is_alive(self) -> bool:
        return self.start <= self.reference_date and (self.end is None or self.end >= self.reference_date)


@dataclass(frozen=True)
class Delivery:
    path: Path
    delivered_on: date
    rows: tuple[Row, ...]


def passes_eleven_test(bsn: str) -> bool:
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(weight * int(digit) for weight, digit in zip(weights, bsn, strict=True))
    return total % 11 == 0 and bsn != "000000000"


def as_date(text: str) -> date | None:
    for pattern in PATTERNS:
        if found := re.fullmatch(pattern, text):
            return date(int(found["y"]), int(found["m"]), int(found["d"]))
    raise ValueError("not a date")


def records(path: Path) -> list[dict[str, str]]:
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path).active
        lines = [["" if cell is None else cell for cell in line] for line in sheet.iter_rows(values_only=True)]
        lines = [[f"{cell:%Y-%m-%d}" if isinstance(cell, datetime) else cell for cell in line] for line in lines]
    else:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252")
        separator = ";" if text.splitlines()[0].count(";") else ","
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    header = [name.lower().replace(" ", "_") for name in lines[0]]
    return [dict(zip(header, line, strict=True)) for line in lines[1:]]


def faults_in(record: dict[str, str], day: date, dates: dict[str, date | None], bad_dates: list[str]) -> Iterator[str]:
    start, end = dates["ingangsdatum"], dates["einddatum"]
    yield from (f"{name} is no date" for name in bad_dates)
    if not passes_eleven_test(record["bsn"]):
        yield "bsn"
    if SCHEMES.get(record["statistiekcode"], record["statistiekcode"]) not in SCHEMES.values():
        yield f"scheme {record['statistiekcode']}"
    if bool(end) != bool(record["reden_einde"]):
        yield "end without reason" if end else "reason without end"
    if record["reden_einde"] and record["reden_einde"] not in REASONS:
        yield "reason"
    if start and start > day:
        yield "start after reference date"
    if start and end and end < start:
        yield "end before start"
    if record["bsn_partner"] == record["bsn"]:
        yield "partner"
    if len(record["registratienummer_uitkering"]) > 15:
        yield "number"
    if record["gemeentecode"].removeprefix("GM").zfill(4) not in ("0899", "0881", "0882"):
        yield "municipality"


def as_row(record: dict[str, str]) -> Row:
    dates: dict[str, date | None] = {}
    bad: list[str] = []
    for name in ("peildatum", "ingangsdatum", "oorspronkelijke_ingangsdatum", "einddatum"):
        try:
            dates[name] = as_date(record[name]) if record[name] not in ("", "00000000") else None
        except ValueError:
            dates[name] = None
            bad.append(name)
    day = dates["peildatum"] or date.min
    faults = tuple(faults_in(record, day, dates, bad))
    return Row(
        day,
        "GM" + record["gemeentecode"].removeprefix("GM").zfill(4),
        record["registratienummer_uitkering"],
        record["bsn"],
        record["bsn_partner"],
        SCHEMES.get(record["statistiekcode"], record["statistiekcode"]),
        record["leefvorm"],
        record["geboortedatum"],
        dates["ingangsdatum"] or date.max,
        dates["oorspronkelijke_ingangsdatum"] or date.max,
        dates["einddatum"],
        record["reden_einde"],
        faults,
    )


def delivered_on(path: Path) -> date:
    sidecar = path.with_name(path.name + ".meta.json")
    if sidecar.exists():
        return date.fromisoformat(json.loads(sidecar.read_text())["delivered_on"])
    return date.fromisoformat(path.name[:10])


@pytest.fixture(scope="session")
def raw_dir(ready_made: ReadyMade) -> Path:
    return ready_made.simulated()[0]


@pytest.fixture(scope="session")
def simulated(ready_made: ReadyMade) -> tuple[SimulatedFile, ...]:
    return ready_made.simulated()[1]


@pytest.fixture(scope="session")
def deliveries(raw_dir: Path, simulated: tuple[SimulatedFile, ...]) -> dict[str, Delivery]:
    """Every caseload file that can be read, by file name."""
    paths = [raw_dir / file.path for file in simulated if file.path.parts[0] == "caseload"]
    readable = [path for path in paths if "afgebroken" not in path.name]
    return {path.name: Delivery(path, delivered_on(path), tuple(map(as_row, records(path)))) for path in readable}


@pytest.fixture(scope="session")
def record_of(deliveries: dict[str, Delivery]) -> dict[date, list[Row]]:
    """The good rows per reference date, of the last good delivery about each municipality."""
    latest: dict[tuple[date, str], tuple[date, list[Row]]] = {}
    for delivery in sorted(deliveries.values(), key=lambda item: item.delivered_on):
        if any(word in delivery.path.name for word in NOT_TO_BE_COUNTED):
            continue
        scopes: dict[tuple[date, str], list[Row]] = {}
        for row in delivery.rows:
            if not row.faults:
                scopes.setdefault((row.reference_date, row.municipality), []).append(row)
        latest |= {scope: (delivery.delivered_on, rows) for scope, rows in scopes.items()}
    by_date: dict[date, list[Row]] = {}
    for (day, _), (_, rows) in sorted(latest.items()):
        by_date.setdefault(day, []).extend(rows)
    return by_date


SERIES = {"pw": {"01"}, "pw_ioaw_ioaz": {"01", "02", "03"}, "all": {"01", "02", "03", "14"}}


@dataclass(frozen=True)
class Flow:
    opening: int
    inflow: int
    outflow: int
    to_work: int
    closing: int


Stocks = dict[tuple[str, str, date], int]
Flows = dict[tuple[str, str, date], Flow]


@pytest.fixture(scope="session")
def stocks(record_of: dict[date, list[Row]]) -> Stocks:
    counted: Stocks = {}
    for day, rows in record_of.items():
        for row in rows:
            for series, schemes in SERIES.items():
                if row.is_alive and row.scheme in schemes:
                    key = row.municipality, series, day
                    counted[key] = counted.get(key, 0) + 1
    return counted


@pytest.fixture(scope="session")
def flows(record_of: dict[date, list[Row]], stocks: Stocks) -> Flows:
    """Inflow and outflow of stitched spells (client and original start), each counted in one file only."""
    days = sorted(record_of)
    counted: Flows = {}
    for previous, day in pairwise(days):
        spells: dict[tuple[str, str, str, date], list[Row]] = {}
        for row in record_of[day]:
            spells.setdefault((row.municipality, row.scheme, row.bsn, row.original), []).append(row)
        for municipality in ("GM0899", "GM0881", "GM0882"):
            for series, schemes in SERIES.items():
                inside = {key: rows for key, rows in spells.items() if key[0] == municipality and key[1] in schemes}
                gone = [rows for rows in inside.values() if not any(row.is_alive for row in rows)]
                last = [max(rows, key=lambda row: row.end or date.min) for rows in gone]
                ended = [row for row in last if row.end and previous <= row.end < day]
                counted[municipality, series, day] = Flow(
                    stocks[municipality, series, previous],
                    sum(previous < original <= day for _, _, _, original in inside),
                    len(ended),
                    sum(row.reason in ("11", "13") for row in ended),
                    stocks[municipality, series, day],
                )
    return counted


@pytest.fixture(scope="session")
def one_day() -> timedelta:
    return timedelta(days=1)
