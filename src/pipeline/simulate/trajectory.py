"""The shapes of the simulated programmes: clients, trajectories, jobs and the events that a provider registers.

Only shapes and dates live here. Which trajectories there are is in `innovation` and `development`, what happens in
them in `course`, what is wrong on purpose in `slips`.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

INNOVATION, DEVELOPMENT = "INNOVATIEF2016", "BETERE_BUREN"
DEVELOPMENT_PROVIDER = "BB"
# Nothing that happened later is reported: the last deliveries arrive in the first half of September 2018.
LAST_DAY = date(2018, 8, 31)
PROGRAMME_STARTS = {INNOVATION: date(2017, 3, 1), DEVELOPMENT: date(2014, 1, 1)}


@dataclass(frozen=True)
class Client:
    """Somebody with a benefit: the whole spell, over restarted dossiers."""

    number: int
    birth_year: int
    household: int
    start: date
    end: date | None
    reason: str | None


@dataclass
class Job:
    """A placement. `until` is the day on which it ended, as far as it did."""

    placed_on: date
    is_part_time: bool
    until: date | None = None
    channel: str = ""


@dataclass(eq=False)
class Trajectory:
    """One client's path with one provider. `ends` is the planned end, which may lie after the last day."""

    provider: str
    programme: str
    referred: date
    started: date | None
    ends: date
    end_reason: str = "1"
    jobs: list[Job] = field(default_factory=list)
    role: str = ""
    number: int = 0
    leaves_benefit: bool = False
    client: Client | None = None
    same_client_as: "Trajectory | None" = None
    needs_client_until: date | None = None
    target_group: str = ""
    events: list["Event"] = field(default_factory=list)

    @property
    def trajectory_id(self) -> str:
        return f"{self.provider}-T{self.number:04}"

    @property
    def is_placed(self) -> bool:
        return bool(self.jobs)

    @property
    def busy_until(self) -> date:
        """The last day on which the client is still on the way: placed, ended, or today."""
        placed = [job.placed_on for job in self.jobs[:1]]
        return min([self.ends, LAST_DAY, *placed])

    def first(self, kind: str) -> "Event":
        return next(event for event in self.events if event.kind == kind)

    def add(self, kind: str, on: date, **details: str) -> "Event":
        event = Event(self, kind, on, details)
        self.events.append(event)
        return event


@dataclass(eq=False)
class Event:
    """One row of a provider. `months_late` moves it to a later file, `repeats` are further files it stands in."""

    trajectory: Trajectory
    kind: str
    on: date
    details: dict[str, str] = field(default_factory=dict)
    registered: date = date.min
    months_late: int = 0
    replaces: "Event | str | None" = None
    retracts: "Event | str | None" = None
    is_repeated_next_month: bool = False
    is_doubled: bool = False
    planted: str = ""
    event_id: str = ""

    @property
    def file_month(self) -> tuple[int, int]:
        """Year and month of the first file that reports it; before the first file of the provider there is none."""
        first = (2014, 12) if self.trajectory.programme == DEVELOPMENT else (2017, 3)
        return later(max((self.on.year, self.on.month), first), self.months_late)


def later(month: tuple[int, int], by: int) -> tuple[int, int]:
    place = month[0] * 12 + month[1] - 1 + by
    return place // 12, place % 12 + 1


def delivery_day(month: tuple[int, int], day: int) -> date:
    """A day in the month after the one that is delivered."""
    return date(*later(month, 1), day)


def day_between(rng: Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randint(0, max(0, (last - first).days)))


def working_day(day: date) -> date:
    """The same day, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def after(day: date, days: int) -> date:
    return day + timedelta(days=days)
