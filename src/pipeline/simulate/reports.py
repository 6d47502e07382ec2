"""The quarterly reports of providers: cumulative counts, as the provider's own events stated on the day of the report.

`periode_van` is the start of the programme, since the counts run from there. A report of one quarter is one file with
one row. Three are wrong on purpose:

| report | planted |
|---|---|
| RE03 2017 Q3 | more placements than participants; the counts that would show it otherwise are left empty |
| RE04 2017 Q4 | a percentage that does not follow from its counts |
| RE06 2018 Q1 | one placement more than its events say, in agreement with itself |

RE02 2018 Q1 is right as known on its day: the mistaken placement in it was retracted a month later.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pipeline.simulate.event_files import EventFile, EventStyle, table
from pipeline.simulate.trajectory import DEVELOPMENT, DEVELOPMENT_PROVIDER, INNOVATION, PROGRAMME_STARTS, Event

HEADER = (
    "aanbieder", "programma", "periode_van", "periode_tot", "deelnemers", "lopend", "geplaatst", "waarvan_deeltijd",
    "beeindigd_zonder_plaatsing", "plaatsing_pct",
)  # fmt: skip
TOO_MANY, WRONG_PERCENTAGE, DIFFERS = ("RE03", (2017, 3)), ("RE04", (2017, 4)), ("RE06", (2018, 1))
_LAST_QUARTER = (2018, 2)
_STYLE = EventStyle(17)


@dataclass(frozen=True)
class Counts:
    participants: int
    active: int
    placed: int
    part_time: int
    ended: int


@dataclass(frozen=True)
class Report:
    """One report as it is delivered."""

    provider: str
    quarter: tuple[int, int]
    counts: Counts
    note: str = "Agrees with the events as known on this day."

    @property
    def until(self) -> date:
        return _quarter_ends(self.quarter)

    @property
    def path(self) -> str:
        year, number = self.quarter
        name = f"{_delivered_on(self.quarter).isoformat()}_rapportage_{self.provider}_{year}K{number}_simulated.csv"
        return f"provider_reports/{year}/{name}"


def reports(files: list[EventFile]) -> list[Report]:
    """One report per provider and quarter, ordered by the day of delivery."""
    found: list[Report] = []
    for provider in sorted({file.provider for file in files}):
        own = [file for file in files if file.provider == provider]
        quarter = (2015, 1) if provider == DEVELOPMENT_PROVIDER else (2017, 1)
        while quarter <= _LAST_QUARTER:
            known = {event for file in own if file.delivered_on <= _delivered_on(quarter) for event in file.events}
            found.append(_told(Report(provider, quarter, count(known, _quarter_ends(quarter)))))
            quarter = (quarter[0] + quarter[1] // 4, quarter[1] % 4 + 1)
    return sorted(found, key=lambda report: (report.quarter, report.provider))


def count(known: Iterable[Event], until: date) -> Counts:
    """Each client once, over the events before `until` that no other known event replaces or takes back."""
    events = list(known)
    gone = {target for event in events for target in (event.replaces, event.retracts) if isinstance(target, Event)}
    standing = [event for event in events if event not in gone and event.retracts is None and event.on < until]
    started, ended = (
        {event.trajectory for event in standing if event.kind == kind} for kind in ("gestart", "beeindigd")
    )
    clients = {trajectory.client for trajectory in started}
    first_jobs: dict[object, Event] = {}
    for event in sorted(standing, key=lambda each: each.on, reverse=True):
        if event.kind == "geplaatst":
            first_jobs[event.trajectory.client] = event
    active = {trajectory.client for trajectory in started - ended} - set(first_jobs)
    part_time = sum(event.details["dienstverband"] == "deeltijd" for event in first_jobs.values())
    ended_otherwise = len(clients) - len(active) - len(first_jobs)
    return Counts(len(clients), len(active), len(first_jobs), part_time, ended_otherwise)


def to_bytes(report: Report) -> bytes:
    counts, key = report.counts, (report.provider, report.quarter)
    programme = DEVELOPMENT if report.provider == DEVELOPMENT_PROVIDER else INNOVATION
    share = 100 * counts.placed / counts.participants + (7.5 if key == WRONG_PERCENTAGE else 0.0)
    is_partial = key == TOO_MANY
    row = [
        report.provider,
        programme,
        PROGRAMME_STARTS[programme].strftime(_STYLE.dates),
        report.until.strftime(_STYLE.dates),
        str(counts.participants),
        "" if is_partial else str(counts.active),
        str(counts.placed),
        str(counts.part_time),
        "" if is_partial else str(counts.ended),
        f"{share:.1f}".replace(".", ","),
    ]
    return table(HEADER, [row], _STYLE)


def _told(report: Report) -> Report:
    right, key = report.counts, (report.provider, report.quarter)
    if key == TOO_MANY:
        wrong = Counts(right.participants, right.active, right.participants + 2, right.part_time, right.ended)
        return Report(*key, wrong, "Planted: more placements than participants.")
    if key == DIFFERS:
        wrong = Counts(right.participants, right.active - 1, right.placed + 1, right.part_time, right.ended)
        return Report(*key, wrong, "Planted: one placement more, and one active less, than its events say.")
    if key == WRONG_PERCENTAGE:
        return Report(*key, right, "Planted: the percentage does not follow from the counts.")
    return report


def _quarter_ends(quarter: tuple[int, int]) -> date:
    year, number = quarter
    return date(year + number // 4, number % 4 * 3 + 1, 1)


def _delivered_on(quarter: tuple[int, int]) -> date:
    return _quarter_ends(quarter).replace(day=_STYLE.day)
