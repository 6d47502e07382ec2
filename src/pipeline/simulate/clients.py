"""Which client of the caseload walks which trajectory, so that placements and benefits agree with each other.

Nothing is changed in the register: trajectories are fitted onto the benefits of Brunssum as they are. A client is in
the caseload on the day of referral. Those who are to leave get a benefit that ended because of work within five
months of the placement; all others one that outlives the trajectory, or the first half year in the job.
"""

from datetime import date
from random import Random

import polars as pl

from pipeline.simulate.calibration import BRUNSSUM, OUTFLOW_TO_WORK, PW
from pipeline.simulate.trajectory import INNOVATION, LAST_DAY, Client, Trajectory, after

LEAVES_WITHIN_DAYS, KEEPS_FOR_DAYS = 150, 200
_SINGLE_PARENT = 2
_REFUGEE_SHARE = 0.35


def clients_of(benefits: pl.DataFrame) -> list[Client]:
    """Every spell of general assistance in Brunssum, stitched over restarted dossiers."""
    last_end = pl.col("end").sort_by("start").last()
    spells = (
        benefits.filter((pl.col("municipality_code") == BRUNSSUM) & (pl.col("scheme") == PW))
        .group_by("number", "original_start")
        .agg(
            birth_year=pl.col("birth").first() // 10_000,
            household=pl.col("household").sort_by("start").last(),
            end=last_end,
            reason=pl.col("reason").sort_by("start").last(),
        )
        .sort("original_start", "number")
        .select("number", "birth_year", "household", "original_start", "end", "reason")
    )
    return [Client(*row) for row in spells.iter_rows()]


def assign(trajectories: list[Trajectory], clients: list[Client], rng: Random) -> None:
    """Give every trajectory a client of its own, or the one it shares with another trajectory."""
    free = {(client.number, client.start): client for client in clients}
    own = [trajectory for trajectory in trajectories if trajectory.same_client_as is None]
    for trajectory in sorted(own, key=_scarcity):
        client = _leaver(trajectory, free, rng) if trajectory.leaves_benefit else None
        if client is None:
            trajectory.leaves_benefit = False
            client = _keeper(trajectory, free, rng)
        trajectory.client = client
        for key in [key for key in free if key[0] == client.number]:
            del free[key]
        trajectory.target_group = _target_group(trajectory, client, rng)
    for trajectory in trajectories:
        if trajectory.same_client_as:
            trajectory.client = trajectory.same_client_as.client
            trajectory.target_group = trajectory.same_client_as.target_group


def _scarcity(trajectory: Trajectory) -> tuple[bool, date, int, str]:
    """Who can leave is scarce, and goes first; then who has to stay longest."""
    until = _needed_until(trajectory)
    place = trajectory.jobs[0].placed_on if trajectory.leaves_benefit else date.max - (until - date.min)
    return not trajectory.leaves_benefit, place, trajectory.number, trajectory.provider


def _needed_until(trajectory: Trajectory) -> date:
    until = after(trajectory.jobs[0].placed_on, KEEPS_FOR_DAYS) if trajectory.jobs else trajectory.ends
    return min(max(until, trajectory.needs_client_until or until), LAST_DAY)


def _leaver(trajectory: Trajectory, free: dict[tuple[int, date], Client], rng: Random) -> Client | None:
    placed_on = trajectory.jobs[0].placed_on
    fitting = [
        client
        for client in free.values()
        if client.end is not None
        and client.reason in OUTFLOW_TO_WORK
        and client.start <= trajectory.referred
        and placed_on <= client.end <= after(placed_on, LEAVES_WITHIN_DAYS)
    ]
    return rng.choice(fitting) if fitting else None


def _keeper(trajectory: Trajectory, free: dict[tuple[int, date], Client], rng: Random) -> Client:
    until = _needed_until(trajectory)
    fitting = [
        client
        for client in free.values()
        if client.start <= trajectory.referred and (client.end is None or client.end > until)
    ]
    if not fitting:
        raise ValueError(f"no benefit runs from {trajectory.referred} to {until}, expected at least one")
    return rng.choice(fitting)


def _target_group(trajectory: Trajectory, client: Client, rng: Random) -> str:
    if trajectory.programme != INNOVATION or trajectory.target_group:
        return trajectory.target_group
    age = trajectory.referred.year - client.birth_year
    fitting = {
        "jongeren_arbeidsbeperking": age <= 27,
        "vijftigplus": age >= 50,
        "alleenstaande_ouders": client.household == _SINGLE_PARENT,
    }
    groups = [group for group, fits in fitting.items() if fits]
    return rng.choice(groups) if groups and rng.random() >= _REFUGEE_SHARE else "inburgeraars"
