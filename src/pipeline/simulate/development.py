"""BETERE_BUREN: about 90 places that are filled again and again, so that the average occupancy is near 90.

Every place holds one trajectory after the other, with a few days in between. Nobody stays longer than 24 months but
the two that are planted. How many are placed in each period is fixed; who it is, is drawn.
"""

from datetime import date
from random import Random
from typing import NamedTuple

from pipeline.simulate.trajectory import (
    DEVELOPMENT,
    DEVELOPMENT_PROVIDER,
    LAST_DAY,
    Job,
    Trajectory,
    after,
    day_between,
    working_day,
)

PLACES = 91


class Period(NamedTuple):
    """How many are placed between two days, both included; of which through temp agencies, where that is fixed."""

    first: date
    last: date
    placed: int
    through_agency: int | None


PLACED = (
    Period(date(2014, 10, 6), date(2014, 12, 30), 6, None),
    Period(date(2015, 1, 5), date(2015, 12, 31), 38, None),
    Period(date(2016, 1, 4), date(2016, 9, 30), 18, 3),
    Period(date(2016, 10, 3), date(2016, 12, 30), 12, 9),
    Period(date(2017, 1, 2), date(2017, 12, 29), 30, None),
    Period(date(2018, 1, 2), LAST_DAY, 24, None),
)
TEMP_AGENCY = "uitzendbureau"
_CHANNELS, _CHANNEL_WEIGHTS = (TEMP_AGENCY, "werkgeversservicepunt", "werkgever", "rechtstreeks"), (12, 40, 26, 22)
_FIRST_STARTS = date(2014, 1, 27), date(2014, 11, 14)
_FIRST_REFERRAL = date(2014, 1, 2)
# End reasons are those of 2015, so nothing ends before.
_FIRST_END = date(2015, 1, 5)
_SHORTEST, _LONGEST, _USUAL = 120, 715, 420
# Start and days of the two that stay too long, each the first in its place.
_TOO_LONG = ((date(2014, 10, 6), 771), (date(2015, 3, 2), 752))
_PLACED_BEFORE_END = 120
_RETURNING = 4
_REFERRED_ONLY = 8


def planned(rng: Random) -> list[Trajectory]:
    """All trajectories of the programme with their outcomes and dates, without clients and events."""
    found = [trajectory for place in range(PLACES) for trajectory in _one_place(place, rng)]
    for period in PLACED:
        _place(found, period, rng)
    _let_some_return(found, rng)
    for _ in range(_REFERRED_ONLY):
        referred = day_between(rng, date(2018, 7, 9), date(2018, 8, 24))
        found.append(Trajectory(DEVELOPMENT_PROVIDER, DEVELOPMENT, referred, None, LAST_DAY, role="referred"))
    found.sort(key=lambda each: each.referred)
    for number, trajectory in enumerate(found, start=1):
        trajectory.number = number
    return found


def _one_place(place: int, rng: Random) -> list[Trajectory]:
    found: list[Trajectory] = []
    started = working_day(day_between(rng, *_FIRST_STARTS))
    if place < len(_TOO_LONG):
        started = after(_TOO_LONG[place][0], rng.randint(0, 4))
    while started <= after(LAST_DAY, -7):
        is_too_long = place < len(_TOO_LONG) and not found
        days = _TOO_LONG[place][1] if is_too_long else round(rng.triangular(_SHORTEST, _LONGEST, _USUAL))
        ends = after(started, days)
        if ends < _FIRST_END:
            ends = after(_FIRST_END, rng.randint(0, 75))
        referred = max(_FIRST_REFERRAL, after(started, -rng.randint(10, 35)))
        trajectory = Trajectory(DEVELOPMENT_PROVIDER, DEVELOPMENT, referred, started, working_day(ends))
        trajectory.role = "too long" if is_too_long else ""
        trajectory.end_reason = rng.choices(("1", "2", "3"), (30, 55, 15))[0]
        found.append(trajectory)
        started = working_day(after(trajectory.ends, rng.randint(1, 9)))
    return found


def _place(found: list[Trajectory], period: Period, rng: Random) -> None:
    """Place this many of those whose trajectory ends in the period or in the four months after it."""
    fitting: list[tuple[Trajectory, date, date]] = []
    for trajectory in found:
        if trajectory.jobs or trajectory.role or trajectory.started is None:
            continue
        earliest = max(period.first, after(trajectory.started, 60), after(trajectory.ends, -_PLACED_BEFORE_END))
        latest = min(period.last, trajectory.ends)
        if earliest <= latest:
            fitting.append((trajectory, earliest, latest))
    for place, (trajectory, earliest, latest) in enumerate(rng.sample(fitting, min(period.placed, len(fitting)))):
        placed_on = min(working_day(day_between(rng, earliest, latest)), latest)
        is_part_time = rng.random() < 0.35
        job = Job(placed_on, is_part_time, channel=_channel(place, period.through_agency, rng))
        trajectory.jobs, trajectory.end_reason = [job], "1"
        trajectory.leaves_benefit = rng.random() < (0.12 if is_part_time else 0.85)
        _end_some(trajectory, rng)


def _channel(place: int, through_agency: int | None, rng: Random) -> str:
    if through_agency is None:
        return rng.choices(_CHANNELS, _CHANNEL_WEIGHTS)[0]
    if place < through_agency:
        return TEMP_AGENCY
    return rng.choices(_CHANNELS[1:], _CHANNEL_WEIGHTS[1:])[0]


def _end_some(trajectory: Trajectory, rng: Random) -> None:
    """A job that ended while the trajectory still ran, with or without a next one soon after."""
    first = trajectory.jobs[0]
    left = (min(trajectory.ends, LAST_DAY) - first.placed_on).days
    if left < 70 or rng.random() > 0.4:
        return
    first.until = after(first.placed_on, rng.randint(25, left - 32))
    if rng.random() < 0.7:
        trajectory.jobs.append(Job(after(first.until, rng.randint(5, 24)), rng.random() < 0.3))


def _let_some_return(found: list[Trajectory], rng: Random) -> None:
    """A few drop-outs come back later: a new trajectory of the same client, not a finding."""
    others = [trajectory for trajectory in found if not trajectory.jobs and not trajectory.role]
    early = [each for each in others if each.ends < date(2016, 6, 1)]
    late = [each for each in others if each.referred > date(2016, 9, 1) and each.ends < date(2018, 6, 1)]
    size = min(_RETURNING, len(early), len(late))
    for before, again in zip(rng.sample(early, size), rng.sample(late, size), strict=True):
        before.end_reason = "2"
        before.needs_client_until = again.ends
        again.same_client_as = before
