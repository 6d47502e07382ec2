"""Counts over clients, slowly and in plain Python: what each table has to say about a small history.

A row about a month is counted from the events until its end and from nothing else: what happened later does not exist
yet. Written from the contract, not from the code under test. Not here: one row per trajectory
(``trajectory_reference``).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from tests.trajectories.trajectory_reference import (
    ENDED,
    ON_ONE_DAY,
    PLACED,
    STARTED,
    Event,
    Last,
    fold,
    months_on,
    of_provider,
)

ACTIVITIES = {
    "participatieverklaring_getekend": "participation_statement",
    "talentenkaart_vastgelegd": "skills_profile",
    "vrijwilligerswerk_gestart": "volunteering",
}
TARGETS = {"INNOVATIEF2016": 50}
MAXIMA = {"BETERE_BUREN": 24}

Key = tuple[Any, ...]
Rows = dict[Key, dict[str, Any]]


@dataclass(frozen=True)
class Course:
    """One trajectory by what had happened until a day."""

    provider: str
    number: str
    client: str
    programme: str
    events: tuple[Event, ...]

    def _first(self, kind: str) -> Event | None:
        return next((event for event in self.events if event.kind == kind), None)

    @cached_property
    def started_on(self) -> date | None:
        start = self._first(STARTED)
        return start and start.on

    @cached_property
    def ended_on(self) -> date | None:
        end = self._first(ENDED)
        return end and end.on

    @cached_property
    def placement(self) -> Event | None:
        return self._first(PLACED)

    @property
    def placed_from(self) -> date:
        """Who is placed took part: not before the start."""
        assert self.placement is not None
        assert self.started_on is not None
        return max(self.placement.on, self.started_on)

    @property
    def target_group(self) -> str:
        told = [event.target_group for event in self.events if event.target_group]
        return told[-1] if told else "unknown"

    @property
    def methods(self) -> set[str]:
        return {event.method for event in self.events if event.method}


def courses(events: Iterable[Event], last: Last, day: date) -> list[Course]:
    """Trajectories as they stood at the end of a day; after a provider's last day known only announced ends come."""
    grouped: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in events:
        grouped[event.provider, event.trajectory].append(event)
    found = []
    for (provider, number), mine in grouped.items():
        mine.sort(key=lambda event: (event.on, ON_ONE_DAY.index(event.kind), event.event_id))
        until = of_provider(last, provider)
        come = tuple(
            each if each.on <= until else replace(each, target_group=None, method=None)  # the end, and nothing else
            for each in mine
            if each.on <= day and (each.on <= until or each.kind == ENDED)
        )
        found.append(Course(provider, number, mine[0].client, mine[0].programme, come))
    return found


@dataclass(frozen=True)
class Person:
    """One client among the trajectories of one programme that have started, on a day."""

    mine: list[Course]

    @cached_property
    def first_job(self) -> Course | None:
        placed = [each for each in self.mine if each.placement]
        order = lambda each: (each.placed_from, each.placement.on, each.number, each.provider)  # noqa: E731
        return min(placed, key=order, default=None)

    @property
    def standing(self) -> str:
        if self.first_job:
            return "placed"
        is_open = any(each.ended_on is None for each in self.mine)
        return "active" if is_open else "ended_otherwise"


def people(found: Iterable[Course], programme: str, provider: str) -> list[Person]:
    """Those who had started in a programme with a provider, or with any (``*``)."""
    by_client: dict[str, list[Course]] = defaultdict(list)
    for each in found:
        if each.started_on and each.programme == programme and provider in ("*", each.provider):
            by_client[each.client].append(each)
    return [Person(mine) for mine in by_client.values()]


def counted(group: Sequence[Person]) -> dict[str, Any]:
    standing = [person.standing for person in group]
    jobs = [person.first_job for person in group if person.first_job]
    placed = standing.count("placed")
    return {
        "participants": len(group),
        "active": standing.count("active"),
        "placed": placed,
        "placed_part_time": sum(job.placement.employment == "deeltijd" for job in jobs if job.placement),
        "ended_otherwise": standing.count("ended_otherwise"),
        "placement_rate_pct": 100 * placed / len(group) if group else None,
    }


# Days and groups.


def first_of(day: date) -> date:
    return day.replace(day=1)


def end_of(day: date, horizon: date) -> date:
    """The last day of a month, or the last day known."""
    return min(months_on(first_of(day), 1) - timedelta(days=1), horizon)


def groups(events: Sequence[Event], last: Last) -> Iterator[tuple[str, str, date]]:
    """Programmes with their providers and all together, and how far each is known."""
    inside: dict[str, set[str]] = defaultdict(set)
    for each in courses(events, last, date.max):
        inside[each.programme].add(each.provider)
    for programme, providers in inside.items():
        for provider in providers:
            yield programme, provider, of_provider(last, provider)
        yield programme, "*", max(of_provider(last, each) for each in providers)


def by_month(
    events: Sequence[Event], last: Last, rows_on: Callable[[list[Person], date], Mapping[Key, dict[str, Any]]]
) -> Rows:
    """``rows_on`` the end of each month, by words; from the month on in which words first have a row."""
    found: Rows = {}
    begin = min((event.on for event in events), default=date.max)
    for programme, provider, horizon in groups(events, last):
        month, seen = first_of(begin), dict[Key, dict[str, Any]]()
        while month <= horizon:
            day = end_of(month, horizon)
            now = rows_on(people(courses(events, last, day), programme, provider), day)
            seen |= now
            for words in seen:
                found[programme, provider, *words, month] = now.get(words) or counted([])
            month = months_on(month, 1)
    return found


# The tables.


def programme_progress(events: Sequence[Event], last: Last) -> Rows:
    def rows_on(group: list[Person], _: date) -> dict[Key, dict[str, Any]]:
        days = sorted(person.first_job.placed_from for person in group if person.first_job)
        return {(): counted(group) | {"days": days}} if group else {}

    rows = by_month(events, last, rows_on)
    for (programme, provider, _), row in rows.items():
        target, days = TARGETS.get(programme) if provider == "*" else None, row.pop("days")
        is_reached = target is not None and len(days) >= target
        row |= {"target": target, "target_reached_on": days[target - 1] if is_reached else None}
    return rows


def _by_words(words: Callable[[Course], Iterable[str]]) -> Callable[[list[Person], date], dict[Key, dict[str, Any]]]:
    def rows_on(group: list[Person], _: date) -> dict[Key, dict[str, Any]]:
        """In a group stands who has a trajectory in it; how he stands all his trajectories decide."""
        every = {word for person in group for each in person.mine for word in words(each)}
        return {
            (word,): counted([person for person in group if any(word in words(each) for each in person.mine)])
            for word in every
        }

    return rows_on


def target_group_progress(events: Sequence[Event], last: Last) -> Rows:
    return by_month(events, last, _by_words(lambda course: [course.target_group]))


def method_progress(events: Sequence[Event], last: Last) -> Rows:
    return by_month(events, last, _by_words(lambda course: course.methods))


def channel_progress(events: Sequence[Event], last: Last) -> Rows:
    def rows_on(group: list[Person], day: date) -> dict[Key, dict[str, Any]]:
        found: dict[Key, dict[str, Any]] = {}
        for job in (person.first_job for person in group):
            if job and job.placement:
                row = found.setdefault(
                    (job.placement.channel or "unknown",), {"placed": 0, "placed_part_time": 0, "placed_in_month": 0}
                )
                row["placed"] += 1
                row["placed_part_time"] += job.placement.employment == "deeltijd"
                row["placed_in_month"] += first_of(job.placed_from) == first_of(day)
        return found

    return by_month(events, last, rows_on)


def programme_occupancy(events: Sequence[Event], last: Last) -> Rows:
    """Day by day, every day of the months from the first start on, up to the last day known."""
    rows: Rows = {}
    for programme, provider, horizon in groups(events, last):
        if provider != "*":
            continue
        open_on: dict[date, list[int]] = {}
        placed_on: dict[date, list[date]] = {}
        for month in _months(_first_start(events, last, programme), horizon):
            day, final = month, end_of(month, horizon)
            open_on[month] = []
            while day <= final:
                open_on[month].append(len(_open(courses(events, last, day), programme)))
                day += timedelta(days=1)
            known = courses(events, last, final)
            placed = [each.first_job.placed_from for each in people(known, programme, "*") if each.first_job]
            placed_on[month] = placed
            year = [each for each in open_on if months_on(each, 12) > month]
            in_year = sum(first_of(day) in year for day in placed)
            days = [count for each in year for count in open_on[each]]
            average = sum(days) / len(days) if len(year) == 12 else 0
            late = {
                stay
                for stay in _open(known, programme)
                if programme in MAXIMA
                and months_on(stay[2], MAXIMA[programme]) <= min(final, of_provider(last, stay[0]))
            }
            rows[programme, month] = {
                "average_active": sum(open_on[month]) / len(open_on[month]),
                "peak_active": max(open_on[month]),
                "over_maximum_duration": len(late),
                "placed_in_last_12_months": in_year,
                "share_to_work_pct": 100 * in_year / average if average else None,
            }
    return rows


def _first_start(events: Sequence[Event], last: Last, programme: str) -> date:
    starts = (each.started_on for each in courses(events, last, date.max) if each.programme == programme)
    return min((start for start in starts if start), default=date.max)


def _months(begin: date, horizon: date) -> Iterator[date]:
    month = first_of(begin)
    while begin <= horizon and month <= horizon:
        yield month
        month = months_on(month, 1)


def _open(found: Iterable[Course], programme: str) -> set[tuple[str, str, date]]:
    """Provider, client and day of the start: who was sent under two numbers is there once."""
    return {
        (each.provider, each.client, each.started_on)
        for each in found
        if each.programme == programme and each.started_on and each.ended_on is None
    }


def activation(events: Iterable[Event], last: Last) -> Rows:
    found = defaultdict(set)
    for event in events:
        if event.kind in ACTIVITIES and event.on <= of_provider(last, event.provider):
            found[event.programme, first_of(event.on), ACTIVITIES[event.kind]].add(event.client)
    return {key: {"clients": len(who)} for key, who in found.items()}


def placement_outcomes(
    events: Sequence[Event], last: Last, stock: Mapping[date, set[str]], known_by_bsn: set[str]
) -> Rows:
    """What became of the benefit of each client who was placed. ``stock``: who was in it, by reference date."""
    durable = {(row["provider_code"], row["trajectory_id"]): row["durable"] for row in fold(events, last)}
    rows: Rows = {}
    for programme, provider, _ in groups(events, last):
        if provider != "*":
            continue
        counts: dict[str, int] = defaultdict(int)
        for person in people(courses(events, last, date.max), programme, "*"):
            job = person.first_job
            if job and job.placement:
                counts["placed"] += 1
                counts[_outcome(job.placement.on, person.mine[0].client, stock, known_by_bsn)] += 1
                lasted = durable[job.provider, job.number]
                counts["durable"] += lasted is True
                counts["not_durable"] += lasted is False
        if counts["placed"]:
            rows[(programme,)] = {name: counts[name] for name in OUTCOMES}
    return rows


OUTCOMES = (
    "placed", "not_checkable", "without_benefit", "left_within_six_months", "works_beside_benefit", "too_early",
    "durable", "not_durable",
)  # fmt: skip


def _outcome(on: date, client: str, stock: Mapping[date, set[str]], known_by_bsn: set[str]) -> str:
    before = max((day for day in stock if day <= on), default=None)
    after = min((day for day in stock if day >= months_on(on, 6)), default=None)
    if before is None or (on - before).days > 62:
        return "not_checkable"
    if client not in stock[before]:
        return "without_benefit" if client in known_by_bsn else "not_checkable"
    if after is None:
        return "too_early"
    return "works_beside_benefit" if client in stock[after] else "left_within_six_months"
