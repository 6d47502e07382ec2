"""INNOVATIEF2016: seven providers, 146 trajectories of 144 clients, 50 placed by 31 August 2018.

| | RE01 | RE02 | RE03 | RE04 | RE05 | RE06 | RE07 | sum | each client once |
|---|---|---|---|---|---|---|---|---|---|
| participants | 24 | 22 | 21 | 20 | 20 | 20 | 19 | 146 | 144 |
| placed | 9 | 8 | 7 | 7 | 7 | 6 | 6 | 50 | 50 |
| of which part-time | 2 | 2 | 2 | 2 | 2 | 2 | 1 | 13 | 13 |
| active | 4 | 3 | 3 | 4 | 3 | 3 | 2 | 22 | 21 |
| ended otherwise | 11 | 11 | 11 | 9 | 10 | 11 | 11 | 74 | 73 |

A client is with RE02 (placed) and RE03 (ended) at once, another one with RE01 and RE04 (active at both). A trajectory
has a role, such as `placed 2`: what has to happen to a role is fixed here, dates of all others are drawn.
"""

from datetime import date
from random import Random

from pipeline.simulate.trajectory import INNOVATION, LAST_DAY, Job, Trajectory, after, day_between, working_day

# Placed, of which part-time, active, ended otherwise.
COUNTS = {
    "RE01": (9, 2, 4, 11),
    "RE02": (8, 2, 3, 11),
    "RE03": (7, 2, 3, 11),
    "RE04": (7, 2, 4, 9),
    "RE05": (7, 2, 3, 10),
    "RE06": (6, 2, 3, 11),
    "RE07": (6, 1, 2, 11),
}
PROVIDERS = tuple(COUNTS)
_FIRST_REFERRAL = date(2017, 3, 1)
_FIRST_START, _MARCH_ENDS = date(2017, 3, 8), date(2017, 3, 31)
_LAST_BUT_ONE = date(2018, 6, 27)
_AFTERCARE_DAYS = 50
_OPEN = date(2019, 3, 1)

_Span = tuple[date, date]
# First and last possible start; first and last possible placement or end. Others are drawn from wide ranges.
_FIXED: dict[tuple[str, str], tuple[_Span, _Span]] = {
    ("RE03", "placed 2"): ((date(2017, 6, 5), date(2017, 6, 23)), (date(2018, 1, 22), date(2018, 1, 26))),
    ("RE06", "placed 2"): ((date(2017, 5, 8), date(2017, 5, 19)), (date(2017, 10, 18), date(2017, 10, 20))),
    ("RE06", "placed 5"): ((date(2017, 11, 6), date(2017, 11, 24)), (date(2018, 7, 9), date(2018, 7, 27))),
    ("RE02", "placed 3"): ((date(2017, 5, 8), date(2017, 5, 19)), (date(2017, 11, 6), date(2017, 11, 17))),
    ("RE03", "ended 3"): ((date(2017, 8, 7), date(2017, 8, 18)), (date(2017, 12, 4), date(2017, 12, 15))),
    ("RE02", "ended 1"): ((date(2017, 10, 2), date(2017, 10, 20)), (date(2018, 7, 2), date(2018, 7, 20))),
    ("RE04", "ended 2"): ((date(2017, 9, 6), date(2017, 9, 8)), (date(2018, 4, 9), date(2018, 5, 11))),
    ("RE02", "ended 2"): ((date(2017, 5, 8), date(2017, 5, 19)), (date(2017, 9, 4), date(2018, 2, 16))),
    ("RE04", "ended 1"): ((date(2017, 6, 5), date(2017, 6, 16)), (date(2017, 9, 4), date(2018, 2, 16))),
    ("RE06", "ended 1"): ((date(2017, 9, 4), date(2017, 9, 15)), (date(2018, 1, 8), date(2018, 5, 18))),
    ("RE05", "ended 0"): ((_FIRST_START, _MARCH_ENDS), (date(2017, 11, 6), date(2017, 11, 17))),
    ("RE07", "placed 0"): ((_FIRST_START, _MARCH_ENDS), (date(2017, 7, 3), date(2017, 7, 14))),
    ("RE01", "active 0"): ((date(2018, 1, 8), date(2018, 1, 19)), (_OPEN, _OPEN)),
    ("RE04", "active 0"): ((date(2017, 11, 20), date(2017, 12, 15)), (_OPEN, _OPEN)),
    ("RE04", "active 1"): ((date(2018, 3, 5), date(2018, 3, 23)), (_OPEN, _OPEN)),
}
# Days in the first job, and days until the next one; None when there was no next one.
_JOB_ENDS: dict[tuple[str, str], tuple[int, int | None]] = {
    ("RE01", "placed 0"): (70, 12),
    ("RE01", "placed 1"): (215, None),
    ("RE02", "placed 0"): (75, 62),
    ("RE03", "placed 1"): (90, None),
    ("RE05", "placed 0"): (84, 20),
    ("RE06", "placed 0"): (60, 75),
}
_AFTERCARE = ("RE07", "placed 0")
_FIFTIETH = ("RE06", "placed 5")
_KEEPS_BENEFIT = "placed 4"
# The earlier of the two first: its client is the client of both.
_SHARED = ((("RE02", "placed 3"), ("RE03", "ended 3")), (("RE01", "active 0"), ("RE04", "active 1")))


def planned(rng: Random) -> list[Trajectory]:
    """All trajectories of the programme with their outcomes and dates, without clients and events."""
    found: dict[tuple[str, str], Trajectory] = {}
    for provider, (placed, part_time, active, ended) in COUNTS.items():
        for outcome, count in (("placed", placed), ("active", active), ("ended", ended), ("referred", 1)):
            for place in range(count):
                role = f"{outcome} {place}"
                found[provider, role] = _one(provider, role, part_time, rng)
    for first, second in _SHARED:
        found[second].same_client_as = found[first]
    ordered = sorted(found.values(), key=lambda each: (each.provider, each.referred, each.role))
    numbers = dict.fromkeys(PROVIDERS, 0)
    for trajectory in ordered:
        numbers[trajectory.provider] += 1
        trajectory.number = numbers[trajectory.provider]
    return ordered


def _one(provider: str, role: str, part_time: int, rng: Random) -> Trajectory:
    outcome, number = role.split()
    place = int(number)
    if outcome == "referred":
        referred = day_between(rng, date(2018, 7, 9), date(2018, 8, 24))
        return Trajectory(provider, INNOVATION, referred, None, _OPEN, role=role)
    starts, turns = _FIXED.get((provider, role), _ranges(outcome, place))
    started = working_day(day_between(rng, *starts))
    turn = working_day(day_between(rng, max(turns[0], after(started, 60)), turns[1]))
    referred = max(_FIRST_REFERRAL, after(started, -rng.randint(10, 35)))
    trajectory = Trajectory(provider, INNOVATION, referred, started, turn, role=role)
    if outcome == "ended":
        trajectory.end_reason = rng.choices(("1", "2", "3"), (25, 60, 15))[0]
    if outcome == "placed":
        _place(trajectory, turn, is_part_time=2 <= place < 2 + part_time, rng=rng)
    return trajectory


def _ranges(outcome: str, place: int) -> tuple[_Span, _Span]:
    if outcome == "active":
        return (date(2017, 11, 6), date(2018, 7, 13)), (_OPEN, _OPEN)
    # Three of each provider start in March 2017, and are placed or end early enough for what comes after.
    if outcome == "placed" and place < 2:
        return (_FIRST_START, _MARCH_ENDS), (date(2017, 6, 6), date(2017, 10, 27))
    if outcome == "ended" and place == 0:
        return (_FIRST_START, _MARCH_ENDS), (date(2017, 6, 6), date(2018, 3, 30))
    starts = date(2017, 4, 3), date(2018, 2, 16)
    return starts, (date(2017, 7, 3), _LAST_BUT_ONE if outcome == "placed" else date(2018, 8, 24))


def _place(trajectory: Trajectory, placed_on: date, *, is_part_time: bool, rng: Random) -> None:
    key = trajectory.provider, trajectory.role
    first = Job(placed_on, is_part_time)
    trajectory.jobs = [first]
    trajectory.ends = after(placed_on, rng.randint(0, 120)) if rng.random() < 0.7 else _OPEN
    if trajectory.ends > LAST_DAY:
        trajectory.ends = _OPEN
    if key == _AFTERCARE:
        trajectory.ends, trajectory.end_reason = after(placed_on, -_AFTERCARE_DAYS), "2"
    if key in _JOB_ENDS:
        days, gap = _JOB_ENDS[key]
        first.until = after(placed_on, days)
        trajectory.ends = after(first.until, 100)
        if gap:
            trajectory.jobs.append(Job(after(first.until, gap), not is_part_time))
    is_jobless_long = (_JOB_ENDS.get(key, (0, 0))[1] or 0) > 31
    keeps_benefit = is_part_time or is_jobless_long or key == _FIFTIETH or trajectory.role == _KEEPS_BENEFIT
    trajectory.leaves_benefit = not keeps_benefit
