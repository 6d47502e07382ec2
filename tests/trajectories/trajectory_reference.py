"""Events to trajectories, slowly and in plain Python: what the table has to say about a small history.

Written from the contract, not from the code under test; no polars in the computing half. The other half makes random
small histories and the frames that the pipeline folds.
"""

import calendar
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import strategies as st

from schemas.sources import trajectory_events
from schemas.vocabulary import EventKind

PLACED, JOB_ENDED, STARTED, ENDED = "geplaatst", "plaatsing_beeindigd", "gestart", "beeindigd"
PAUSED, RESUMED, REFERRED, EXTENDED = "onderbroken", "hervat", "aangemeld", "verlengd"
ON_ONE_DAY = (
    "aangemeld", "intake", "gestart", "activiteit_gestart", "activiteit_beeindigd", "onderbroken", "hervat", "verlengd",
    "plaatsing_beeindigd", "participatieverklaring_getekend", "talentenkaart_vastgelegd", "vrijwilligerswerk_gestart",
    "geplaatst", "beeindigd",
)  # fmt: skip
"""The order of events of one day. A job ends before the next begins, the trajectory ends last; a pause comes before its
resumption, so who resumes and pauses on one day goes on. Two of a kind: in the order of their numbers."""


@dataclass(frozen=True)
class Event:
    provider: str
    event_id: str
    kind: str
    on: date
    trajectory: str = "T1"
    client: str = "c1"
    programme: str = "INNOVATIEF2016"
    target_group: str | None = None
    method: str | None = None
    employment: str | None = None
    hours: float | None = None
    channel: str | None = None
    subsidised: str | None = None
    end_reason: str | None = None
    municipality: str | None = None
    replaces: str | None = None
    retracts: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.provider, self.event_id

    @property
    def target(self) -> str | None:
        return self.replaces or self.retracts


@dataclass(frozen=True)
class Delivery:
    sha: str
    delivered_on: date
    recorded_at: datetime
    events: tuple[Event, ...]

    @property
    def times(self) -> tuple[date, datetime, str]:
        return self.delivered_on, self.recorded_at, self.sha


# Which events count.


def winners(deliveries: Iterable[Delivery]) -> list[Event]:
    """Of each event what the latest delivery says that has it."""
    found: dict[tuple[str, str], Event] = {}
    for delivery in sorted(deliveries, key=lambda each: each.times):
        for event in delivery.events:
            found[event.key] = event
    return list(found.values())


@dataclass(frozen=True)
class Force:
    events: list[Event]
    dangling: list[tuple[str, str, str]]
    circular: list[tuple[str, str, str]]


def in_force(events: Sequence[Event]) -> Force:
    by_key = {event.key: event for event in events}

    def is_circular(event: Event) -> bool:
        seen, at = set(), event
        while at.target is not None and (at.provider, at.target) in by_key:
            at = by_key[at.provider, at.target]
            if at is event:
                return True
            if at.key in seen:
                return False
            seen.add(at.key)
        return False

    circular = {event.key for event in events if is_circular(event)}

    def works(event: Event) -> bool:
        """A correction or retraction works unless a working retraction names it. No circle can be met on this way."""
        return not any(
            other.retracts == event.event_id and other.provider == event.provider and works(other)
            for other in events
            if other.key not in circular
        )

    working = [event for event in events if event.target is not None and event.key not in circular and works(event)]
    void = {(event.provider, event.target) for event in working}
    links = [(event.provider, event.event_id, event.target) for event in events if event.target is not None]
    return Force(
        [each for each in events if each.retracts is None and each.key not in circular and each.key not in void],
        sorted(link for link in links if (link[0], link[2]) not in by_key),
        sorted(link for link in links if link[:2] in circular),
    )


# One row per trajectory.


def months_on(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def fold(events: Iterable[Event], horizon: "Last") -> list[dict[str, Any]]:
    grouped: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in events:
        grouped[event.trajectory, event.provider].append(event)
    rows = []
    for (trajectory, provider), mine in sorted(grouped.items()):
        mine.sort(key=lambda event: (event.on, ON_ONE_DAY.index(event.kind), event.event_id))
        rows.append(
            {"trajectory_id": trajectory, "provider_code": provider} | _row(mine, of_provider(horizon, provider))
        )
    return rows


def _row(events: list[Event], horizon: date) -> dict[str, Any]:
    def first(kind: str) -> Event | None:
        return next((event for event in events if event.kind == kind), None)

    def last_told(values: Iterable[str | None]) -> str | None:
        reported = [value for value in values if value is not None]
        return reported[-1] if reported else None

    def come(event: Event | None) -> Event | None:
        return event if event and event.on <= horizon else None

    referral, start, end, placement = come(first(REFERRED)), come(first(STARTED)), first(ENDED), come(first(PLACED))
    started, ended = start and start.on, end and end.on
    reason = end and end.end_reason
    last = min(ended or horizon, horizon)
    return {
        "client_key": events[0].client,
        "programme_code": events[0].programme,
        "target_group": last_told(event.target_group for event in events),
        "municipality_code": last_told(event.municipality for event in events),
        "status": _status(events, start, come(end), placement),
        "referred_on": referral and referral.on,
        "started_on": started,
        "ended_on": ended,
        "end_reason": reason,
        "methods": sorted({event.method for event in events if event.method is not None}),
        "methods_text": ";".join(sorted({event.method for event in events if event.method is not None})),
        "placed_on": placement and placement.on,
        "part_time": placement and (None if placement.employment is None else placement.employment == "deeltijd"),
        "hours_per_week": placement and placement.hours,
        "channel": placement and placement.channel,
        "subsidised": placement and (None if placement.subsidised is None else placement.subsidised == "ja"),
        "placements": sum(event.kind == PLACED and event.on <= horizon for event in events),
        "durable": _durable(events, horizon),
        "extensions": sum(event.kind == EXTENDED and event.on <= horizon for event in events),
        "days_paused": _paused(events, horizon),
        "days_in_trajectory": (last - started).days if started else None,
    }


def _status(events: list[Event], start: Event | None, end: Event | None, placement: Event | None) -> str:
    if placement:
        return "placed"
    if end:
        return "dropped_out" if end.end_reason == "2" else "ended"
    if not start:
        return "referred"
    turns = [event.kind for event in events if event.kind in (PAUSED, RESUMED)]
    return "paused" if turns and turns[-1] == PAUSED else "active"


def _durable(events: list[Event], horizon: date) -> bool | None:
    """Walks through the jobs: the next begins at most 31 days after the last has ended, or the row is over."""
    begun: date | None = None
    until: date | None = None
    in_job = False
    for event in _with_ends_of_jobs_of_one_day_last(events):
        if event.kind == JOB_ENDED and in_job:
            until, in_job = event.on, False
        elif event.kind == PLACED and begun is None:
            begun, in_job = event.on, True
        elif event.kind == PLACED and not in_job:
            assert until is not None
            if (event.on - until).days > 31:
                break
            until, in_job = None, True
    if begun is None or horizon < months_on(begun, 6):
        return None
    if in_job or until is None or until >= months_on(begun, 6):
        return True
    return None if horizon < until + timedelta(days=31) else False


def _with_ends_of_jobs_of_one_day_last(events: list[Event]) -> list[Event]:
    """Where as many jobs have ended as began, the end of a job belongs to the one that begins on that day."""
    turns, balance = [each for each in events if each.kind in (PLACED, JOB_ENDED)], 0
    late: set[str] = set()
    for event in turns:
        balance += 1 if event.kind == PLACED else -1
        if balance < 0:
            balance = 0
            if any(each.kind == PLACED and each.on == event.on for each in turns):
                late.add(event.event_id)
    return sorted(turns, key=lambda each: (each.on, each.event_id in late))


def _paused(events: list[Event], horizon: date) -> int:
    """From a pause to whatever turn comes next: another pause, a resumption, an end, or the last day known."""
    turns = [event for event in events if event.kind in (PAUSED, RESUMED, ENDED)]
    last = next((number for number, turn in enumerate(turns) if turn.kind == ENDED), len(turns))
    turns = turns[: last + 1]
    days = 0
    for number, turn in enumerate(turns):
        if turn.kind == PAUSED:
            until = turns[number + 1].on if number + 1 < len(turns) else horizon
            days += max((min(until, horizon) - turn.on).days, 0)
    return days


Last = date | Mapping[str, date]
"""The last day known: of all providers alike, or of each."""


def of_provider(last: Last, provider: str) -> date:
    return last[provider] if isinstance(last, Mapping) else last


# The same histories as the frames that the pipeline folds.

EVENT_ROWS = {
    "delivery": pl.String(),
    "processing": pl.Int16(),
    "row": pl.Int64(),
    "client_key": pl.String(),
    **{column.name: column.dtype for column in trajectory_events.COLUMNS if column.name != "bsn"},
    "is_known_by_bsn": pl.Boolean(),
}
RANKS = {
    "delivery": pl.String(),
    "processing": pl.Int16(),
    "delivered_on": pl.Date(),
    "recorded_at": pl.Datetime("us", "UTC"),
    "rank": pl.UInt32(),
}


def _cells(event: Event) -> dict[str, Any]:
    return dict.fromkeys(EVENT_ROWS) | {
        "delivery": "d",
        "processing": 0,
        "is_known_by_bsn": True,
        "row": 2,
        "client_key": event.client,
        "provider_code": event.provider,
        "event_id": event.event_id,
        "event": event.kind,
        "occurred_on": event.on,
        "trajectory_id": event.trajectory,
        "programme_code": event.programme,
        "target_group": event.target_group,
        "method": event.method,
        "employment": event.employment,
        "hours_per_week": event.hours,
        "channel": event.channel,
        "subsidised": event.subsidised,
        "end_reason": event.end_reason,
        "municipality_code": event.municipality,
        "replaces": event.replaces,
        "retracts": event.retracts,
    }


def frame(events: Iterable[Event]) -> pl.DataFrame:
    return pl.DataFrame([_cells(event) for event in events], schema=EVENT_ROWS)


def delivered(deliveries: Iterable[Delivery]) -> pl.DataFrame:
    """Rows of deliveries, in their order."""
    rows = [
        _cells(event) | {"delivery": each.sha, "row": number}
        for each in deliveries
        for number, event in enumerate(each.events, 2)
    ]
    return pl.DataFrame(rows, schema=EVENT_ROWS)


def ranks(deliveries: Iterable[Delivery]) -> pl.DataFrame:
    ordered = sorted(deliveries, key=lambda each: each.times)
    rows = [(each.sha, 0, each.delivered_on, each.recorded_at, rank) for rank, each in enumerate(ordered)]
    return pl.DataFrame(rows, schema=RANKS, orient="row")


# Random small histories.

PROVIDERS = ("RE01", "RE02")
EARLIEST = date(2017, 1, 1)
CORNERS = (0, 0, 1, 30, 31, 59, 181, 211, 212, 213, 400)
"""Days often drawn, so that events share one, and so that months, half years and gaps of 31 days are met exactly."""
_KINDS = [kind.value for kind in EventKind]
_COMMON = (STARTED, STARTED, PLACED, PLACED, JOB_ENDED, ENDED, PAUSED, RESUMED)


def days() -> st.SearchStrategy[date]:
    number = st.sampled_from(CORNERS) | st.integers(0, 1095)
    return number.map(lambda days: EARLIEST + timedelta(days=days))


def last_days() -> "st.SearchStrategy[Mapping[str, date]]":
    """How far each provider is known."""
    return st.fixed_dictionaries({provider: days() for provider in PROVIDERS})


@st.composite
def event(draw: st.DrawFn, provider: str, number: int, others: list[str], is_dense: bool) -> Event:
    kind = draw(st.sampled_from(_COMMON) | st.sampled_from(_KINDS))
    trajectory = "T1" if is_dense else draw(st.sampled_from(("T1", "T2", "T3")))
    on = EARLIEST + timedelta(days=draw(st.sampled_from((0, 1, 31)))) if is_dense else draw(days())
    link, target = draw(st.sampled_from((*[None] * 5, "replaces", "retracts"))), None
    if link:
        target = draw(st.sampled_from([*others, "never delivered"]))
    # Mostly one client per trajectory: T1 of both providers is the same one.
    usual = {"T1": "c1", "T2": "c2", "T3": "c1" if provider == "RE01" else "c3"}[trajectory]
    made = Event(
        provider,
        f"{'zyxabc'[number % 6]}{number}",
        kind,
        on,
        trajectory,
        client=draw(st.sampled_from((*[usual] * 5, "c4"))),
        programme=draw(st.sampled_from((*["INNOVATIEF2016"] * 4, *["BETERE_BUREN"] * 4, "ANDERS"))),
        target_group=draw(st.sampled_from((None, None, "vijftigplus", "inburgeraars"))),
        method=draw(st.sampled_from((None, None, "scholing", "jobcoaching"))),
        municipality=draw(st.sampled_from((None, None, "GM0899", "GM0882"))),
    )
    if kind == PLACED:
        made = replace(
            made,
            employment=draw(st.sampled_from((None, "voltijd", "deeltijd"))),
            hours=draw(st.sampled_from((None, 16.0, 36.0))),
            channel=draw(st.sampled_from((None, "werkgever", "uitzendbureau"))),
            subsidised=draw(st.sampled_from((None, "ja", "nee"))),
        )
    if kind == ENDED:
        made = replace(made, end_reason=draw(st.sampled_from((None, "1", "2", "3"))))
    return replace(made, **{link: target}) if link else made


@st.composite
def event_sets(draw: st.DrawFn, most: int = 12) -> list[Event]:
    """Events of two providers that number them alike; corrections and retractions point anywhere, also round.

    Dense sets have one trajectory per provider on three days: many things on one day.
    """
    made = []
    is_dense = draw(st.sampled_from((False, False, True)))
    for provider in PROVIDERS:
        size = draw(st.integers(0, most))
        ids = [f"{'zyxabc'[number % 6]}{number}" for number in range(size)]
        made += [draw(event(provider, number, ids[:number] + ids[number + 1 :], is_dense)) for number in range(size)]
    return made


MOMENTS = (datetime(2020, 2, 1, 2, tzinfo=UTC), datetime(2020, 2, 2, 2, tzinfo=UTC))
DELIVERED = (date(2018, 2, 7), date(2019, 2, 7), date(2020, 1, 20))


@st.composite
def splits(draw: st.DrawFn, events: list[Event]) -> list[Delivery]:
    """The events over up to four deliveries, some in several; all but the latest may say something else of an event."""
    count = draw(st.integers(1, 4))
    times = [
        # The first letter of the hash is drawn, so that ties are not decided by the order of making.
        (draw(st.sampled_from(DELIVERED)), draw(st.sampled_from(MOMENTS)), f"{draw(st.sampled_from('abc'))}{number}")
        for number in range(count)
    ]
    latest_first = sorted(times, reverse=True)
    content: dict[Any, list[Event]] = {each: [] for each in times}
    for one in events:
        places = draw(st.lists(st.sampled_from(latest_first), min_size=1, max_size=count, unique=True))
        for number, place in enumerate(sorted(places, reverse=True)):
            is_stale = number and draw(st.booleans())
            content[place].append(
                replace(one, on=draw(days()), kind=draw(st.sampled_from(_KINDS))) if is_stale else one
            )
    return [Delivery(sha, on, at, tuple(content[on, at, sha])) for on, at, sha in draw(st.permutations(times))]
