"""What happens in a trajectory, as the events that a careful provider would register.

Every event here obeys the rules: nothing but referral, intake and a skills profile comes before the start, nothing but
an aftercare placement after the end. Slips are added afterwards, in `slips`.
"""

from datetime import date
from random import Random

from pipeline.simulate.trajectory import INNOVATION, LAST_DAY, Job, Trajectory, after, day_between

METHODS = (
    "wandelcoaching",
    "jobcoaching",
    "budgetcoaching",
    "taaltraining",
    "scholing",
    "e_learning",
    "bemiddeling",
    "groepsdynamiek",
)
_USUAL_METHOD = {
    "inburgeraars": "taaltraining",
    "alleenstaande_ouders": "budgetcoaching",
    "jongeren_arbeidsbeperking": "jobcoaching",
    "vijftigplus": "bemiddeling",
}
_CHANNELS = ("uitzendbureau", "werkgeversservicepunt", "werkgever", "rechtstreeks")
_CHANNEL_WEIGHTS = (22, 34, 30, 14)
_SECTORS = {
    "uitzendbureau": ("logistiek", "productie", "automotive"),
    "werkgeversservicepunt": ("schoonmaak", "groen", "zorg", "detailhandel"),
    "werkgever": ("automotive", "automotive", "bouw", "zorg"),
    "rechtstreeks": ("horeca", "detailhandel", "zorg"),
}
_ACTIVATION = ("participatieverklaring_getekend", "talentenkaart_vastgelegd", "vrijwilligerswerk_gestart")
STATEMENT, SKILLS, VOLUNTEERING = _ACTIVATION
# Clients per month, at least and at most.
_MONTHLY = {STATEMENT: (1, 3), SKILLS: (3, 6), VOLUNTEERING: (1, 4)}
_ACTIVATION_MONTHS = [(year, month) for year in range(2015, 2019) for month in range(1, 13)][:44]


def live(trajectory: Trajectory, rng: Random) -> None:
    """Write all events of one trajectory, in the order in which they happen, as far as they have happened."""
    _open(trajectory, rng)
    if trajectory.started is not None:
        if trajectory.programme == INNOVATION:
            _follow_methods(trajectory, trajectory.started, rng)
            if trajectory.same_client_as is None:
                _activate(trajectory, trajectory.started, rng)
        _pause(trajectory, trajectory.started, rng)
        _extend(trajectory, trajectory.started)
        for job in trajectory.jobs:
            _work(trajectory, job, rng)
        if trajectory.ends <= LAST_DAY:
            trajectory.add("beeindigd", trajectory.ends, reden_einde=trajectory.end_reason)
    trajectory.events = [event for event in trajectory.events if event.on <= LAST_DAY]
    for event in trajectory.events:
        event.registered = after(event.on, rng.choice((0, 0, 1, 1, 2, 3, 4)))


def activate_each_month(trajectories: list[Trajectory], rng: Random) -> None:
    """Statements, skills profiles and volunteering in every month, each client once per kind."""
    done: set[tuple[int, str]] = set()
    for year, month in _ACTIVATION_MONTHS:
        for kind, (fewest, most) in _MONTHLY.items():
            day = date(year, month, rng.randint(2, 27))
            fitting = [
                each
                for each in trajectories
                if each.started is not None
                and each.client is not None
                and each.started <= day < each.busy_until
                and (each.client.number, kind) not in done
            ]
            for trajectory in rng.sample(fitting, min(len(fitting), rng.randint(fewest, most))):
                trajectory.add(kind, day).registered = after(day, rng.randint(0, 3))
                done.add((trajectory.client.number if trajectory.client else 0, kind))


def _open(trajectory: Trajectory, rng: Random) -> None:
    known = {"doelgroep": trajectory.target_group} if trajectory.target_group else {}
    trajectory.add("aangemeld", trajectory.referred, **known)
    start = trajectory.started
    intake = after(trajectory.referred, (start - trajectory.referred).days // 2 if start else rng.randint(3, 12))
    trajectory.add("intake", intake)
    if start is not None:
        trajectory.add("gestart", start, **known)


def _follow_methods(trajectory: Trajectory, started: date, rng: Random) -> None:
    """Two or three methods, often at the same time; the group method makes it a group."""
    usual = _USUAL_METHOD[trajectory.target_group]
    others = [method for method in METHODS if method != usual]
    limit = trajectory.busy_until
    for place, method in enumerate([usual, *rng.sample(others, rng.choice((1, 1, 2)))]):
        begins = min(after(started, place * rng.randint(5, 25)), limit)
        ends = after(begins, rng.randint(35, 150))
        trajectory.add("activiteit_gestart", begins, methodiek=method)
        if limit == LAST_DAY and ends > limit:
            continue
        trajectory.add("activiteit_beeindigd", min(ends, limit), methodiek=method)


def _activate(trajectory: Trajectory, started: date, rng: Random) -> None:
    limit = after(trajectory.busy_until, -1)
    if rng.random() < 0.6:
        trajectory.add(SKILLS, day_between(rng, after(started, -3), min(after(started, 30), limit)))
    if trajectory.target_group == "inburgeraars" and rng.random() < 0.8:
        trajectory.add(STATEMENT, day_between(rng, started, limit))
    if rng.random() < 0.2:
        trajectory.add(VOLUNTEERING, day_between(rng, started, limit))


def _pause(trajectory: Trajectory, started: date, rng: Random) -> None:
    length = (trajectory.busy_until - started).days
    if length < 120 or rng.random() > 0.3 or trajectory.role == "too long":
        return
    begins = after(started, rng.randint(40, length - 60))
    trajectory.add("onderbroken", begins)
    trajectory.add("hervat", after(begins, rng.randint(10, 45)))


def _extend(trajectory: Trajectory, started: date) -> None:
    """After every year, and every nine months in the second programme, the trajectory is extended while it runs."""
    step = 270 if trajectory.programme == INNOVATION else 365
    for turn in (1, 2):
        day = after(started, turn * step - 10)
        if day < trajectory.busy_until:
            trajectory.add("verlengd", day)


def _work(trajectory: Trajectory, job: Job, rng: Random) -> None:
    channel = job.channel or rng.choices(_CHANNELS, _CHANNEL_WEIGHTS)[0]
    trajectory.add(
        "geplaatst",
        job.placed_on,
        dienstverband="deeltijd" if job.is_part_time else "voltijd",
        uren_per_week=str(rng.choice((12, 16, 20, 24, 28) if job.is_part_time else (32, 36, 38, 40))),
        branche=rng.choice(_SECTORS[channel]),
        kanaal=channel,
        gesubsidieerd="ja" if rng.random() < 0.25 else "nee",
    )
    if job.until is not None:
        trajectory.add("plaatsing_beeindigd", job.until)
