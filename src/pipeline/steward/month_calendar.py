"""Which months there are per municipality, as a calendar: reported, redelivered, held, missing.

Here: the state of each month, from what the log keeps of its deliveries, and the calendar as text. Not here: what a
backfill does about them (``pipeline.backfill``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import polars as pl

from pipeline.backfill.gaps import STOCK_SOURCES
from pipeline.steward.about import place_name
from pipeline.steward.text import escaped, plain, section, table
from pipeline.steward.wording import words
from pipeline.versions import delivery_status
from pipeline.versions.gates import kept
from schemas import reference
from schemas.vocabulary import Decision, DeliveryStatus


class State(StrEnum):
    """What is known about a month of a municipality; the later one counts where two hold."""

    MISSING = "missing"
    REPORTED = "reported"
    REDELIVERED = "redelivered"
    HELD = "held"


_SIGN = {State.REPORTED: "●", State.REDELIVERED: "↻", State.HELD: "◐", State.MISSING: "○"}
_NAME = {
    State.REPORTED: ("gemeld", "reported"),
    State.REDELIVERED: ("herleverd", "redelivered"),
    State.HELD: ("wacht op besluit", "held"),
    State.MISSING: ("ontbreekt", "missing"),
}


@dataclass(frozen=True)
class Calendar:
    """State by municipality and month (``2017-03``)."""

    states: dict[tuple[str, str], State]

    @property
    def places(self) -> list[str]:
        return sorted({place for place, _ in self.states})

    def count(self, place: str, state: State) -> int:
        return sum(own == state for (each, _), own in self.states.items() if each == place)


def calendar(events: pl.DataFrame) -> Calendar:
    """The calendar of all months between the first and the last that any delivery is about."""
    recorded: dict[tuple[str, str], int] = {}
    held: set[tuple[str, str]] = set()
    folded = delivery_status.statuses(events).filter(pl.col("source").is_in(STOCK_SOURCES))
    for status, decision, scopes in folded.select("status", "decision", "scopes").iter_rows():
        if status == DeliveryStatus.RECORDED:
            for month in _covered(scopes):
                recorded[month] = recorded.get(month, 0) + 1
        elif status == DeliveryStatus.HELD and decision != Decision.ACCEPTED:
            held.update(_covered(scopes))
    known = {*recorded, *held}
    states = dict.fromkeys(_expected(known), State.MISSING)
    states |= {month: State.REDELIVERED if count > 1 else State.REPORTED for month, count in recorded.items()}
    return Calendar(states | dict.fromkeys(held, State.HELD))


def _covered(scopes: str | None) -> set[tuple[str, str]]:
    if not scopes:
        return set()
    rows = kept.from_text(scopes).select("place", "valid_on").drop_nulls().unique().iter_rows()
    return {(place, f"{day:%Y-%m}") for place, day in rows}


def _expected(known: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The months in which a municipality of ours, or one that ever reported, existed."""
    if not known:
        return
    months = list(_months(min(month for _, month in known), max(month for _, month in known)))
    reporting = {place for place, _ in known}
    of_interest = reference.municipalities().filter(pl.col("is_own") | pl.col("code").is_in(list(reporting)))
    for code, begin, end in of_interest.select("code", "valid_from", "valid_until").iter_rows():
        for month in months:
            day = date.fromisoformat(f"{month}-01")
            if (begin or date.min) <= day < (end or date.max):
                yield code, month


def _months(first: str, last: str) -> Iterator[str]:
    year, month = int(first[:4]), int(first[5:])
    while (text := f"{year}-{month:02d}") <= last:
        yield text
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def section_of(made: Calendar) -> str:
    """The calendar as a section: a table of years and months for each municipality."""
    heading = words("Welke maanden er zijn", "Which months there are")
    if not made.states:
        return section(heading, words("Nog geen enkele.", "None yet."))
    legend = " · ".join(f"{sign} {words(*_NAME[state])}" for state, sign in _SIGN.items())
    return section(heading, legend, *(part for place in made.places for part in _of_place(made, place)))


def _of_place(made: Calendar, place: str) -> list[str]:
    own = {month: state for (each, month), state in made.states.items() if each == place}
    years = sorted({month[:4] for month in own})
    rows = [[year, *(_sign(own.get(f"{year}-{month:02d}")) for month in range(1, 13))] for year in years]
    counts = [f"{words(*_NAME[state])} {plain(count)}" for state in _SIGN if (count := made.count(place, state))]
    name = f"**{escaped(place_name(place))}** ({place}): {', '.join(counts)}"
    return [name, table(["", *(str(month) for month in range(1, 13))], rows)]


def _sign(state: State | None) -> str:
    return _SIGN[state] if state else " "
