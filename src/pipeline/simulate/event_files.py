"""How each provider delivers its events: which rows are in which file, in which style, when.

| provider | files | style |
|---|---|---|
| RE01 | monthly, everything again each time | CSV, dates dd-mm-jjjj |
| RE02 | monthly, only new events | JSON lines, ISO dates |
| RE03 | monthly, only new events | CSV, dates d-m-jjjj, municipality 899 |
| RE04 | monthly, only new events; one file (201712) compressed | JSON lines, dates dd-mm-jjjj |
| RE05 | monthly, only new events; delivery day in a sidecar | CSV, ISO dates, client number in place of BSN |
| RE06 | monthly, only new events | CSV with BOM and CRLF, dates jjjjmmdd, municipality 0899 |
| RE07 | monthly, only new events, no event ids | CSV, dates dd-mm-jjjj |
| BB | monthly, everything since 1 January again; one file over 2014 | CSV, dates dd-mm-jjjj |

A month in which a provider has nothing to report has no file.
"""

import csv
import gzip
import io
import json
from dataclasses import dataclass
from datetime import date

from pipeline.simulate.calibration import BRUNSSUM
from pipeline.simulate.trajectory import DEVELOPMENT_PROVIDER, Event, Trajectory, delivery_day, later

HEADER = (
    "aanbieder", "gebeurtenis_id", "gebeurtenis", "datum", "traject_id", "bsn", "clientnummer", "programma",
    "doelgroep", "methodiek", "dienstverband", "uren_per_week", "branche", "kanaal", "gesubsidieerd", "reden_einde",
    "gemeentecode", "vervangt", "trekt_in", "geregistreerd_op",
)  # fmt: skip
_LAST_MONTH = (2018, 8)
_COMPRESSED = ("RE04", (2017, 12))


@dataclass(frozen=True)
class EventStyle:
    """How the files of one provider look."""

    day: int
    is_jsonl: bool = False
    dates: str = "%d-%m-%Y"
    municipality: str = BRUNSSUM
    encoding: str = "utf-8"
    newline: str = "\n"
    has_event_ids: bool = True
    has_client_numbers: bool = False
    has_sidecar: bool = False
    is_cumulative: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        left_out = {"bsn" if self.has_client_numbers else "clientnummer"}
        if not self.has_event_ids:
            left_out |= {"gebeurtenis_id", "vervangt", "trekt_in"}
        return tuple(name for name in HEADER if name not in left_out)


STYLES = {
    "RE01": EventStyle(10, is_cumulative=True),
    "RE02": EventStyle(9, is_jsonl=True, dates="%Y-%m-%d"),
    "RE03": EventStyle(11, dates="%-d-%-m-%Y", municipality="899"),
    "RE04": EventStyle(8, is_jsonl=True),
    "RE05": EventStyle(12, dates="%Y-%m-%d", has_client_numbers=True, has_sidecar=True),
    "RE06": EventStyle(10, dates="%Y%m%d", municipality="0899", encoding="utf-8-sig", newline="\r\n"),
    "RE07": EventStyle(9, has_event_ids=False),
    DEVELOPMENT_PROVIDER: EventStyle(10, is_cumulative=True),
}


@dataclass(frozen=True)
class EventFile:
    """One file of one provider: its rows are whole events, a doubled one stands in it twice."""

    provider: str
    month: tuple[int, int]
    events: tuple[Event, ...]

    @property
    def style(self) -> EventStyle:
        return STYLES[self.provider]

    @property
    def delivered_on(self) -> date:
        return delivery_day(self.month, self.style.day)

    @property
    def path(self) -> str:
        """Below `raw_dir`; every name says that the content is simulated."""
        prefix = "" if self.style.has_sidecar else f"{self.delivered_on.isoformat()}_"
        suffix = "jsonl" if self.style.is_jsonl else "csv"
        if (self.provider, self.month) == _COMPRESSED:
            suffix += ".gz"
        name = f"{prefix}trajecten_{self.provider}_{self.month[0]}{self.month[1]:02}_simulated.{suffix}"
        return f"trajectory_events/{self.provider}/{name}"

    @property
    def note(self) -> str:
        planted = [event.planted for event in self.events if event.planted and _is_told_first(event, self.month)]
        planted += [
            f"again: {event.planted}"
            for event in self.events
            if event.is_repeated_next_month and not _is_told_first(event, self.month)
        ]
        kind = "Everything so far" if self.style.is_cumulative else "News only"
        return f"{kind}. Planted: {'; '.join(dict.fromkeys(planted))}." if planted else f"{kind}."


def event_files(trajectories: list[Trajectory]) -> list[EventFile]:
    """All files with their rows, ordered by the day of delivery; gives every event its id."""
    files: list[EventFile] = []
    for provider, style in STYLES.items():
        events = _numbered([event for each in trajectories if each.provider == provider for event in each.events])
        month = min(event.file_month for event in events)
        while month <= _LAST_MONTH:
            rows = [event for event in events if _is_in(event, month, style)]
            rows = [event for event in rows for _ in range(2 if event.is_doubled else 1)]
            if rows:
                files.append(EventFile(provider, month, tuple(rows)))
            month = later(month, 1)
    return sorted(files, key=lambda file: (file.delivered_on, file.provider))


def to_bytes(file: EventFile) -> bytes:
    rows = [_row(event, file.style) for event in file.events]
    if file.style.is_jsonl:
        objects = [{name: _typed(name, value) for name, value in row.items() if value} for row in rows]
        content = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in objects).encode()
        return gzip.compress(content, compresslevel=6, mtime=0) if file.path.endswith(".gz") else content
    return table(file.style.columns, [list(row.values()) for row in rows], file.style)


def table(header: tuple[str, ...], rows: list[list[str]], style: EventStyle) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator=style.newline)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode(style.encoding)


def _numbered(events: list[Event]) -> list[Event]:
    """In the order of registration, which is also that of the ids."""
    ordered = sorted(events, key=lambda event: (event.registered, event.on, event.trajectory.number, event.kind))
    for number, event in enumerate(ordered, start=1):
        event.event_id = f"{event.trajectory.provider}-{number:05}"
    return ordered


def _is_told_first(event: Event, month: tuple[int, int]) -> bool:
    return event.file_month == month


def _is_in(event: Event, month: tuple[int, int], style: EventStyle) -> bool:
    first = event.file_month
    if style.is_cumulative:
        is_yearly = event.trajectory.provider == DEVELOPMENT_PROVIDER
        return first <= month and (not is_yearly or first[0] == month[0])
    return first == month or (event.is_repeated_next_month and later(first, 1) == month)


def _row(event: Event, style: EventStyle) -> dict[str, str]:
    trajectory = event.trajectory
    number = trajectory.client.number if trajectory.client else 0
    values = event.details | {
        "aanbieder": trajectory.provider,
        "gebeurtenis_id": event.event_id,
        "gebeurtenis": event.kind,
        "datum": event.on.strftime(style.dates),
        "traject_id": trajectory.trajectory_id,
        "bsn": str(number),
        "clientnummer": f"K05-{trajectory.number:04}",
        "programma": trajectory.programme,
        "gemeentecode": style.municipality,
        "vervangt": _id(event.replaces),
        "trekt_in": _id(event.retracts),
        "geregistreerd_op": event.registered.strftime(style.dates),
    }
    return {name: values.get(name, "") for name in style.columns}


def _id(target: Event | str | None) -> str:
    return target.event_id if isinstance(target, Event) else target or ""


def _typed(name: str, value: str) -> str | int:
    return int(value) if name == "uren_per_week" else value
