"""What providers deliver over many years, clean: events each month in the manner of each, and a report each quarter.

| provider | files |
|---|---|
| RE01 | everything of the last two years again each month, with numbers of events |
| RE02 | only news, with numbers of events |
| RE07 | only news, without numbers of events |
| BB | everything since 1 January again each month, with numbers of events |

One event in fifty is corrected in a later month by one of another number (`vervangt`), where events have numbers. Not
here: the caseload (`seasons`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import numpy as np
import polars as pl

from pipeline.simulate import persons
from pipeline.simulate.seasons import first_of
from pipeline.simulate.written import SimulatedFile, write

PROVIDERS = {"RE01": "INNOVATIEF2016", "RE02": "INNOVATIEF2016", "RE07": "INNOVATIEF2016", "BB": "BETERE_BUREN"}
STARTS_PER_MONTH = 4.0
SEASON = 0.4
PLACED_SHARE, PLACED_AFTER_DAYS = 0.35, (90, 330)
ENDED_AFTER_DAYS = 365
CORRECTED_SHARE = 0.02
_WITHOUT_NUMBERS = "RE07"
_HEADER = (
    "aanbieder", "gebeurtenis_id", "gebeurtenis", "datum", "traject_id", "bsn", "programma", "dienstverband",
    "reden_einde", "vervangt",
)  # fmt: skip


@dataclass(frozen=True)
class Happening:
    """One event, and the month in whose file it stands first."""

    provider: str
    on: date
    kind: str
    client: int
    trajectory: str
    number: str
    month: int
    replaces: str = ""

    def row(self) -> dict[str, str]:
        has_number = self.provider != _WITHOUT_NUMBERS
        return {
            "aanbieder": self.provider,
            "gebeurtenis_id": self.number if has_number else "",
            "gebeurtenis": self.kind,
            "datum": self.on.isoformat(),
            "traject_id": self.trajectory,
            "bsn": str(self.client),
            "programma": PROVIDERS[self.provider],
            "dienstverband": "voltijd" if self.kind == "geplaatst" else "",
            "reden_einde": "1" if self.kind == "beeindigd" else "",
            "vervangt": self.replaces if has_number else "",
        }


def simulate_providers(raw_dir: Path, *, months: int = 240, seed: int = 1) -> tuple[SimulatedFile, ...]:
    """Write the events and reports of so many months; the same seed gives the same bytes."""
    rng = np.random.default_rng(seed + 1)
    numbers = iter(persons.citizen_numbers(int(months * STARTS_PER_MONTH * 12), seed=seed + 500).tolist())
    written: list[SimulatedFile] = []
    for provider in PROVIDERS:
        happened = list(_happened(provider, months, rng, numbers))
        written += _event_files(raw_dir, provider, happened, months)
        written += _reports(raw_dir, provider, happened, months)
    return tuple(written)


def _happened(provider: str, months: int, rng: np.random.Generator, clients: Iterator[int]) -> Iterator[Happening]:
    begun = serial = 0
    for month in range(months):
        for _ in range(int(rng.poisson(STARTS_PER_MONTH * (1 + SEASON * np.cos(2 * np.pi * month / 12))))):
            begun += 1
            client, trajectory = next(clients), f"{provider}-T{begun}"
            start = first_of(month) + timedelta(days=int(rng.integers(0, 28)))
            course = [(start, "aangemeld"), (start + timedelta(days=14), "gestart")]
            if rng.random() < PLACED_SHARE:
                course.append((start + timedelta(days=int(rng.integers(*PLACED_AFTER_DAYS))), "geplaatst"))
            course.append((start + timedelta(days=ENDED_AFTER_DAYS), "beeindigd"))
            for on, kind in course:
                serial += 1
                event = Happening(provider, on, kind, client, trajectory, f"{provider}-{serial}", _month_of(on))
                yield event
                if provider != _WITHOUT_NUMBERS and rng.random() < CORRECTED_SHARE:
                    serial += 1
                    again = on + timedelta(days=1)
                    number, told = f"{provider}-{serial}", _month_of(on) + 1
                    yield Happening(provider, again, kind, client, trajectory, number, told, event.number)


def _month_of(day: date) -> int:
    return (day.year - first_of(0).year) * 12 + day.month - 1


def _event_files(raw_dir: Path, provider: str, happened: list[Happening], months: int) -> Iterator[SimulatedFile]:
    first_told = {month: list(own) for month, own in groupby(sorted(happened, key=_told), key=lambda each: each.month)}
    for month in range(months):
        begin = {"RE01": max(month - 23, 0), "BB": month - month % 12}.get(provider, month)
        rows = [each.row() for told in range(begin, month + 1) for each in first_told.get(told, [])]
        if rows:
            delivered = first_of(month + 1) + timedelta(days=9)
            name = f"{delivered}_trajecten_{provider}_{first_of(month):%Y%m}_simulated.csv"
            yield _write(raw_dir, Path("trajectory_events", provider, name), pl.DataFrame(rows).select(_HEADER))


def _told(event: Happening) -> tuple[int, str]:
    return event.month, event.number


def _reports(raw_dir: Path, provider: str, happened: list[Happening], months: int) -> Iterator[SimulatedFile]:
    """Cumulative counts at the end of every quarter, from the events."""
    for month in range(3, months, 3):
        until = first_of(month)
        placed = {each.client for each in happened if each.kind == "geplaatst" and each.on < until}
        row = {
            "aanbieder": provider,
            "programma": PROVIDERS[provider],
            "periode_van": first_of(0).isoformat(),
            "periode_tot": until.isoformat(),
            "deelnemers": len({each.client for each in happened if each.on < until}),
            "geplaatst": len(placed),
        }
        name = f"{until + timedelta(days=16)}_rapportage_{provider}_{until:%Y%m}_simulated.csv"
        yield _write(raw_dir, Path("provider_reports", str(until.year), name), pl.DataFrame([row]))


def _write(raw_dir: Path, path: Path, rows: pl.DataFrame) -> SimulatedFile:
    write(raw_dir / path, rows.write_csv(separator=";").encode())
    return SimulatedFile(path, rows.height, "")
