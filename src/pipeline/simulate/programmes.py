"""Write the events and the reports of both programmes: plans, clients, courses, slips, files.

Uses a random generator of its own, so that no caseload file depends on it.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import polars as pl

from pipeline.simulate import clients, course, development, event_files, innovation, reports, slips
from pipeline.simulate.trajectory import DEVELOPMENT, Trajectory
from pipeline.simulate.written import SimulatedFile, write


def write_programmes(raw_dir: Path, benefits: pl.DataFrame, *, seed: int) -> Iterator[SimulatedFile]:
    files = event_files.event_files(trajectories(benefits, seed=seed))
    for file in files:
        write(raw_dir / file.path, event_files.to_bytes(file))
        if file.style.has_sidecar:
            sidecar = {"delivered_on": file.delivered_on.isoformat(), "sender": file.provider, "simulated": True}
            write(raw_dir / f"{file.path}.meta.json", (json.dumps(sidecar) + "\n").encode())
        yield SimulatedFile(Path(file.path), len(file.events), file.note)
    for report in reports.reports(files):
        write(raw_dir / report.path, reports.to_bytes(report))
        yield SimulatedFile(Path(report.path), 1, report.note)


def trajectories(benefits: pl.DataFrame, *, seed: int) -> list[Trajectory]:
    """Every trajectory with its client and its events, slips included."""
    rng = Random(f"programmes {seed}")
    found = [*innovation.planned(rng), *development.planned(rng)]
    slips.refer_before_contract(found)
    clients.assign(found, clients.clients_of(benefits), rng)
    for trajectory in found:
        course.live(trajectory, rng)
    course.activate_each_month([each for each in found if each.programme == DEVELOPMENT], rng)
    slips.plant(found)
    return found
