"""Everything that is wrong on purpose in the events of providers. Each slip is planted once, and nowhere else.

| file (first that reports it) | planted |
|---|---|
| RE02 201703 and 201704 | the same `gestart` in both, same id and content |
| RE03 201703 | a `gestart` row that stands in the file twice |
| RE03 201703 | an `aangemeld` on 20 February 2017, before the contract period |
| RE02 201705 | a `gestart` with the unknown target group `statushouders` |
| RE04 201706 | an activity with the unknown method `paardencoaching` |
| RE06 201709 | a second `gestart` of the same trajectory, 14 days after the first |
| RE05 201712 | an activity 40 days after the end of its trajectory |
| RE07 201707 | not wrong: an aftercare placement 50 days after the end of its trajectory |
| RE04 201709, 201710 | a correction of a `gestart`, one month before the event that it corrects |
| RE03 201801, 201802 | a placement, and the correction of its date (10 days later) |
| RE06 201710, 201711, 201712 | a full-time placement, corrected to part-time, corrected again (hours and date) |
| RE02 201803, 201804 | a mistaken placement, and its retraction |
| RE06 201710 | a retraction of an event that nobody sent |
| RE04 201803 | a correction (of an extension) of an event that nobody sent |
| BB 201611, 201703 | the ends of the two trajectories that last more than 24 months |
| RE02 201705 and RE03 201708, RE01 201801 and RE04 201803 | two clients with two providers at once |

In the reports (`reports`): RE03 2017 Q3, RE04 2017 Q4, RE06 2018 Q1.
A retracting row repeats the row that it takes back, a correcting row is a whole event.
"""

from datetime import date

from pipeline.simulate.trajectory import Event, Trajectory, after

OUTSIDE_CONTRACT = date(2017, 2, 20)
UNKNOWN_GROUP, UNKNOWN_METHOD = "statushouders", "paardencoaching"
NOBODY_SENT = {"RE06": "RE06-88001", "RE04": "RE04-88002"}

Roles = dict[tuple[str, str], Trajectory]


def refer_before_contract(trajectories: list[Trajectory]) -> None:
    """Changes a day of referral, so it has to come before clients are chosen."""
    _roles(trajectories)["RE03", "ended 0"].referred = OUTSIDE_CONTRACT


def plant(trajectories: list[Trajectory]) -> None:
    """Add every slip of the table to the events."""
    roles = _roles(trajectories)
    _repeat(roles)
    _use_unknown_words(roles)
    _break_order(roles)
    _correct_dates(roles)
    _correct_twice(roles)
    _retract(roles)
    _point_nowhere(roles)
    _name_long_stays(trajectories)
    for role in (("RE02", "placed 3"), ("RE03", "ended 3"), ("RE01", "active 0"), ("RE04", "active 1")):
        roles[role].first("gestart").planted = "a client who is with two providers at once"


def _roles(trajectories: list[Trajectory]) -> Roles:
    return {(trajectory.provider, trajectory.role): trajectory for trajectory in trajectories}


def _repeat(roles: Roles) -> None:
    again = roles["RE02", "placed 0"].first("gestart")
    again.is_repeated_next_month, again.planted = True, "an event that the next file repeats"
    twice = roles["RE03", "placed 0"].first("gestart")
    twice.is_doubled, twice.planted = True, "a row that stands in the file twice"
    early = roles["RE03", "ended 0"].first("aangemeld")
    early.registered, early.planted = date(2017, 3, 2), "an event before the contract period"


def _use_unknown_words(roles: Roles) -> None:
    group = roles["RE02", "ended 2"]
    del group.first("aangemeld").details["doelgroep"]
    start = group.first("gestart")
    start.details["doelgroep"], start.planted = UNKNOWN_GROUP, f"unknown target group {UNKNOWN_GROUP}"
    started = roles["RE04", "ended 1"].first("gestart").on
    activity = _late_event(roles["RE04", "ended 1"], "activiteit_gestart", after(started, 6), methodiek=UNKNOWN_METHOD)
    activity.planted = f"unknown method {UNKNOWN_METHOD}"


def _break_order(roles: Roles) -> None:
    twice = roles["RE06", "ended 1"]
    again = _late_event(twice, "gestart", after(twice.first("gestart").on, 14), doelgroep=twice.target_group)
    again.planted = "a second start of the same trajectory"
    ended = roles["RE05", "ended 0"]
    activity = _late_event(ended, "activiteit_gestart", after(ended.ends, 40), methodiek="e_learning")
    activity.planted = "an activity 40 days after the end"
    roles["RE07", "placed 0"].first("geplaatst").planted = "an aftercare placement 50 days after the end, which is fine"


def _correct_dates(roles: Roles) -> None:
    placed = roles["RE03", "placed 2"].first("geplaatst")
    right = placed.on
    placed.on = after(right, -10)
    placed.registered = after(placed.on, 2)
    correction = _correction(placed, right, months_late=1)
    correction.planted = "a correction of the date of a placement"
    start = roles["RE04", "ended 2"].first("gestart")
    right = start.on
    start.on, start.months_late = after(right, -2), 1
    start.registered = after(start.on, 1)
    start.planted = "an event that was corrected in the file before"
    correction = _correction(start, right)
    correction.registered = after(right, 9)
    correction.planted = "a correction that comes before the event it corrects"


def _correct_twice(roles: Roles) -> None:
    placed = roles["RE06", "placed 2"].first("geplaatst")
    right, hours = placed.on, placed.details["uren_per_week"]
    placed.on, placed.registered = after(right, -8), after(right, -6)
    placed.details |= {"dienstverband": "voltijd", "uren_per_week": "36"}
    first = _correction(placed, after(right, -2), months_late=1)
    first.details |= {"dienstverband": "deeltijd", "uren_per_week": "20" if hours != "20" else "24"}
    second = _correction(first, right, months_late=2)
    second.details["uren_per_week"] = hours
    first.planted, second.planted = "a correction to part-time", "a correction of the correction"


def _retract(roles: Roles) -> None:
    mistaken = _late_event(
        roles["RE02", "ended 1"],
        "geplaatst",
        date(2018, 3, 14),
        dienstverband="voltijd",
        uren_per_week="38",
        branche="logistiek",
        kanaal="uitzendbureau",
        gesubsidieerd="nee",
    )
    mistaken.planted = "a placement of the wrong client"
    retraction = _late_event(mistaken.trajectory, mistaken.kind, mistaken.on, **mistaken.details)
    retraction.retracts, retraction.months_late = mistaken, 1
    retraction.registered = date(2018, 4, 16)
    retraction.planted = "the retraction of the mistaken placement"


def _point_nowhere(roles: Roles) -> None:
    retraction = _late_event(roles["RE06", "ended 0"], "onderbroken", date(2017, 10, 11))
    retraction.retracts, retraction.planted = NOBODY_SENT["RE06"], "a retraction of an event that nobody sent"
    correction = _late_event(roles["RE04", "active 0"], "verlengd", date(2018, 3, 21))
    correction.replaces, correction.planted = NOBODY_SENT["RE04"], "a correction of an event that nobody sent"


def _name_long_stays(trajectories: list[Trajectory]) -> None:
    for trajectory in trajectories:
        if trajectory.role == "too long":
            trajectory.first("beeindigd").planted = "the end of a trajectory of more than 24 months"


def _late_event(trajectory: Trajectory, kind: str, on: date, **details: str) -> Event:
    event = trajectory.add(kind, on, **details)
    event.registered = after(on, 2)
    return event


def _correction(wrong: Event, right: date, *, months_late: int = 0) -> Event:
    event = wrong.trajectory.add(wrong.kind, right, **wrong.details)
    event.replaces, event.months_late = wrong, months_late
    event.registered = after(right, 31 * months_late + 2)
    return event
