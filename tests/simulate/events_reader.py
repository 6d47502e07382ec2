"""A slow reader of trajectory events and reports in plain Python: what holds, as known on a day, event by event."""

import csv
import gzip
import io
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

DATES = {"RE02": "%Y-%m-%d", "RE03": "%d-%m-%Y", "RE05": "%Y-%m-%d", "RE06": "%Y%m%d"}
LAST = date(2018, 8, 31)
INNOVATION, DEVELOPMENT = "INNOVATIEF2016", "BETERE_BUREN"


@dataclass(frozen=True, eq=False)
class Reported:
    """One row as it stands in one file; empty cells are left out."""

    file: str
    delivered_on: date
    values: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    @property
    def identity(self) -> tuple[str, str]:
        return self["aanbieder"], self["gebeurtenis_id"] or json.dumps(self.values, sort_keys=True)


@dataclass(frozen=True, eq=False)
class Fact:
    """One event, whatever the number of files that tell it."""

    provider: str
    event_id: str
    kind: str
    on: date
    trajectory: str
    client: str
    programme: str
    reported: Reported
    known_from: date

    @property
    def registered(self) -> date:
        return as_date(self.reported["geregistreerd_op"], self.provider)


def as_date(text: str, provider: str) -> date:
    return _as_date(text, DATES.get(provider, "%d-%m-%Y"))


@cache
def _as_date(text: str, style: str) -> date:
    return datetime.strptime(text, style).date()


def delivered_on(path: Path) -> date:
    sidecar = path.with_name(path.name + ".meta.json")
    return date.fromisoformat(json.loads(sidecar.read_text())["delivered_on"] if sidecar.exists() else path.name[:10])


def rows_of(path: Path) -> list[dict[str, str]]:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    text = content.decode("utf-8-sig")
    if ".jsonl" in path.name:
        return [{name: str(value) for name, value in json.loads(line).items()} for line in text.splitlines()]
    return [
        {name: value for name, value in row.items() if value}
        for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    ]


def read_events(raw_dir: Path) -> list[Reported]:
    paths = [
        path
        for path in sorted((raw_dir / "trajectory_events").rglob("*"))
        if path.is_file() and not path.name.endswith(".meta.json")
    ]
    return [Reported(path.name, day, row) for path in paths for day in [delivered_on(path)] for row in rows_of(path)]


def facts(reported: Iterable[Reported], *, known_on: date = date.max) -> list[Fact]:
    """Every event once, as far as it was delivered by the day."""
    first: dict[tuple[str, str], Reported] = {}
    for row in sorted(reported, key=lambda each: each.delivered_on):
        if row.delivered_on <= known_on:
            assert first.setdefault(row.identity, row).values == row.values, "one id, two contents"
    return [
        Fact(
            row["aanbieder"],
            row["gebeurtenis_id"],
            row["gebeurtenis"],
            as_date(row["datum"], row["aanbieder"]),
            row["traject_id"],
            row["bsn"] or row["clientnummer"],
            row["programma"],
            row,
            row.delivered_on,
        )
        for row in first.values()
    ]


def standing(found: Iterable[Fact], *, without: tuple[str, ...] = ()) -> list[Fact]:
    """The events that nothing replaces or takes back. `without` leaves out columns, as if nobody had filled them."""
    found = list(found)
    gone = {
        (fact.provider, fact.reported[name])
        for fact in found
        for name in ("vervangt", "trekt_in")
        if name not in without and fact.reported[name]
    }
    if "vervangt" in without:
        found = [fact for fact in found if not fact.reported["vervangt"]]
    return [fact for fact in found if not fact.reported["trekt_in"] and (fact.provider, fact.event_id) not in gone]


@dataclass(frozen=True)
class Tally:
    participants: int
    active: int
    placed: int
    part_time: int
    ended: int


def tally(events: Iterable[Fact], *, until: date = LAST) -> Tally:
    """Each client once, with what happened up to and including the day."""
    clients: dict[str, list[Fact]] = defaultdict(list)
    for fact in events:
        if fact.on <= until:
            clients[fact.client].append(fact)
    counts = {"participants": 0, "active": 0, "placed": 0, "part_time": 0, "ended": 0}
    for own in clients.values():
        kinds = {(fact.kind, fact.provider, fact.trajectory) for fact in own}
        runs = {key[1:] for key in kinds if key[0] == "gestart"}
        if not runs:
            continue
        counts["participants"] += 1
        jobs = sorted((fact for fact in own if fact.kind == "geplaatst"), key=lambda fact: fact.on)
        if jobs:
            counts["placed"] += 1
            counts["part_time"] += jobs[0].reported["dienstverband"] == "deeltijd"
        elif runs - {key[1:] for key in kinds if key[0] == "beeindigd"}:
            counts["active"] += 1
        else:
            counts["ended"] += 1
    return Tally(**counts)


def spans(events: Iterable[Fact]) -> dict[tuple[str, str], tuple[date, date]]:
    """From the first start up to the end of every trajectory that started; without an end, far away."""
    begun: dict[tuple[str, str], date] = {}
    ended: dict[tuple[str, str], date] = {}
    for fact in events:
        key = fact.provider, fact.trajectory
        if fact.kind == "gestart":
            begun[key] = min(fact.on, begun.get(key, date.max))
        if fact.kind == "beeindigd":
            assert key not in ended, "two ends"
            ended[key] = fact.on
    return {key: (start, ended.get(key, date.max)) for key, start in begun.items()}


def average_occupancy(events: Iterable[Fact], year: int) -> float:
    first, last = date(year, 1, 1), date(year + 1, 1, 1)
    days = sum(
        max(0, (min(end, last) - max(start, first)).days)
        for start, end in spans(events).values()
        if start < last and end > first
    )
    return days / (last - first).days


def placements(events: Iterable[Fact]) -> dict[str, Fact]:
    """The first placement of every client."""
    found: dict[str, Fact] = {}
    for fact in sorted(events, key=lambda each: each.on):
        if fact.kind == "geplaatst":
            found.setdefault(fact.client, fact)
    return found
