"""The large file for measuring: as many rows as asked for, the same for the same seed, and all of them good."""

import hashlib
from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipeline.simulate import SimulatedFile, simulate_events
from tests.simulate.events_reader import facts, read_events, spans, tally

# All caseload files and totals of seed 1: they do not depend on anything that is made after them.
CASELOAD = "1d60891074f44388a2066f5da54f134793a53f5fafe698206dd8dc0b814b061e"


@pytest.mark.parametrize("rows", [0, 1, 9, 20_000])
def test_as_many_rows_as_asked_for(tmp_path: Path, rows: int) -> None:
    simulate_events(tmp_path / "events.csv", rows=rows)

    assert len((tmp_path / "events.csv").read_text().splitlines()) == rows + 1


def test_the_seed_decides(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("same", 1), ("other", 2)):
        simulate_events(tmp_path / name, rows=5_000, seed=seed)
    one, same, other = ((tmp_path / name).read_bytes() for name in ("one", "same", "other"))

    assert one == same
    assert one != other


def test_pieces_fit_together(tmp_path: Path) -> None:
    simulate_events(tmp_path / "events.csv", rows=420_000)

    frame = pl.read_csv(tmp_path / "events.csv", separator=";", infer_schema=False)

    assert frame.height == 420_000
    assert frame.unique(["aanbieder", "gebeurtenis_id"]).height == 420_000
    assert frame.group_by("aanbieder", "traject_id").agg(pl.col("bsn").n_unique())["bsn"].max() == 1


def test_every_trajectory_obeys_the_rules(tmp_path: Path) -> None:
    simulate_events(tmp_path / "trajectory_events" / "2018-09-10_events_simulated.csv", rows=4_000)
    reported = read_events_plain(tmp_path)
    dates = spans(reported)

    assert len(dates) == 500
    assert all(start < end <= date(2018, 8, 31) for start, end in dates.values())
    assert all(fact.on >= date(2017, 3, 1) for fact in reported)
    assert all(
        fact.on >= dates[fact.provider, fact.trajectory][0]
        for fact in reported
        if fact.kind not in ("aangemeld", "intake")
    )
    assert Counter(fact.provider for fact in reported).keys() == {"BB", *(f"RE0{number}" for number in range(1, 8))}
    assert 0.4 < tally(reported).placed / tally(reported).participants < 0.6


def read_events_plain(folder: Path) -> list:
    """This file writes dates in one way, whoever the provider is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.simulate.events_reader.DATES", {})
        return facts(read_events(folder))


def test_caseload_files_do_not_depend_on_programmes(raw_dir: Path, simulated: tuple[SimulatedFile, ...]) -> None:
    digest = hashlib.sha256()
    for path in sorted(path for path in raw_dir.rglob("*") if path.is_file()):
        if path.relative_to(raw_dir).parts[0] in ("caseload", "caseload_totals"):
            digest.update(str(path.relative_to(raw_dir)).encode())
            digest.update(path.read_bytes())

    assert digest.hexdigest() == CASELOAD
