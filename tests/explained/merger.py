"""A municipality that goes on in another one, or under another code, with figures of CBS about both.

Not here: the other municipalities of the service (``history``).
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.explained.claims import written
from tests.jobs.folder import CASELOAD, CBS, benefit, csv, region

SERIES_OF = {"01": ("pw", "pw_ioaw_ioaz", "all"), "02": ("pw_ioaw_ioaz", "all"), "14": ("all",)}
TABLES = ((2015, "83450NED"), (2016, "83747NED"), (2017, "84066NED"))
CHANGES = (
    ("0478", "0385", date(2016, 1, 1)), ("0844", "1948", date(2017, 1, 1)), ("0196", "0299", date(2018, 1, 1)),
    ("0241", "1945", date(2016, 1, 1)),
)  # fmt: skip
"""Taken in by a code that goes on, merged into a new code, and a new code alone, by the reference data."""
TAKES_IN = ("0385", "0299")


@dataclass
class Merger:
    """Benefits of one municipality that moved with it."""

    chance: random.Random
    sizes: dict[tuple[str, date, str], int] = field(default_factory=dict)
    """About how many benefits there are, by place, date and series."""

    def __post_init__(self) -> None:
        self.before, self.after, self.on = self.chance.choice(CHANGES)
        self.clients = [(n, self.chance.choice(("01", "01", "02", "14"))) for n in range(self.chance.randint(3, 9))]

    def files(self) -> Iterator[tuple[str, str]]:
        for months in (-13, -2, -1, 0, 1, 12):
            day = _months_after(self.on, months)
            rows = list(self._month(day))
            if rows and self.chance.random() < 0.85:
                yield f"caseload/{day + timedelta(days=7)}_merger.csv", csv(CASELOAD, rows)
        for year, table in TABLES:
            counts = {"Bijstandsontvangers_2": self.chance.choice((10, 60)), "Bijstandsdichtheid_3": "3.0"}
            flows = {"Instroom_4": 10, "Instroom_5": "12.5", "Uitstroom_6": 20, "UitstroomNaarWerk_8": 10}
            rows = [region(int(place), **counts, **flows) for place in self._places(date(year, 12, 31))]
            yield f"municipal_statistics/{year + 1}-11-30_{table}_{year}_merger.csv", csv(CBS, rows)

    def _places(self, day: date) -> tuple[str, ...]:
        both = (self.before, self.after) if self.after in TAKES_IN else (self.before,)
        return both if day < self.on else (self.after,)

    def _month(self, day: date) -> Iterator[dict[str, object]]:
        places = self._places(day)
        for number, scheme in self.clients:
            place = places[number % len(places)]
            if self.chance.random() < 0.85:
                for series in SERIES_OF[scheme]:
                    self.sizes[place, day, series] = self.sizes.get((place, day, series), 0) + 1
                yield benefit(
                    700 + number, peildatum=written(day), gemeentecode=place, statistiekcode=scheme,
                    ingangsdatum="01-03-2014",
                )  # fmt: skip


def _months_after(day: date, months: int) -> date:
    month = day.year * 12 + day.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)
