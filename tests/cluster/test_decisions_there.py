"""What a steward decides over a bucket, on one machine for the nights of another: as on a disk, byte for byte."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from pipeline.jobs.delivery_decisions import decide
from pipeline.jobs.nightly import take_in
from pipeline.jobs.release.final_figure_block import approve
from pipeline.jobs.release.keep import keep, let_go
from pipeline.jobs.release.publish import release
from pipeline.jobs.release.remake import remake
from pipeline.jobs.release.rollback import rollback
from pipeline.jobs.upkeep.checkup import verify
from pipeline.jobs.workspace import Writer, open_workspace, open_writer
from pipeline.store.releases import releases
from schemas.vocabulary import Decision
from tests.cluster.machines import WHEN, Machine, bytes_of, put, small_deliveries
from tests.cluster.stores import Store
from tests.jobs.folder import benefit, caseload

pytestmark = pytest.mark.system

SIGNED = {"by": "S. de Vries", "why": "gebeld met de afzender"}
FIRST, SHORT, STRAY = "2017-01-05_stand.csv", "2017-05-05_kort.csv", "2017-06-05_vreemd.csv"


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Files of which two wait: far fewer rows than before, and a month of somebody else's; and one of a year later, so
    that what was before is final.
    """
    folder = tmp_path / "raw"
    small_deliveries(folder)
    put(folder, f"caseload/{SHORT}", caseload(*(benefit(number, peildatum="01-03-2017") for number in range(6))))
    others = [benefit(500 + number, peildatum="01-04-2017") for number in range(22)]
    put(folder, f"caseload/{STRAY}", caseload(*others))
    later = [benefit(number, peildatum="01-03-2018") for number in range(22)]
    put(folder, "caseload/2018-03-05_jaar_later.csv", caseload(*later))
    return folder


def decided(night: Machine, steward: Machine) -> Iterator[object]:
    """Everything that can be decided, one after the other, and what is current after each night."""
    days, approved = count(), list[str]()

    def at(machine: Machine) -> Writer:
        moment = WHEN + timedelta(days=next(days))
        return open_writer(machine.settings, clock=lambda: moment)

    def shown() -> tuple[str, dict[str, bytes]]:
        writer = at(night)
        take_in(writer, lambda _: None)
        published = release(writer, lambda _: None)
        if published.block is not None:
            approve(at(steward), published.block.id, **SIGNED)
            approved.append(published.block.id)
            published = release(at(night), lambda _: None)
            assert published.block is None
        for machine in (night, steward):
            seen = releases.current(open_workspace(machine.settings).settings.curated)
            assert seen is not None
            assert seen.id == published.release.id, "both machines see the same"
        return published.release.id, bytes_of(published.release.path)

    yield shown()
    for decision, name in (
        (Decision.ACCEPTED, SHORT),
        (Decision.REFUSED, STRAY),
        (Decision.RETRACTED, FIRST),
        (Decision.REINSTATED, FIRST),
    ):
        yield decide(at(steward), decision, f"caseload/{name}", **SIGNED).foreseen
        yield shown()
    assert approved, "final figures were let change"
    last = shown()
    back = rollback(at(steward), "vorige", **SIGNED)
    yield back.id, bytes_of(back.path)
    assert shown()[0] == back.id, "it stays until something new is recorded"
    yield keep(at(steward), back.id, name="jaarverslag", **SIGNED)
    made, is_new = remake(open_workspace(night.settings), last[0], lambda _: None)
    yield is_new, bytes_of(made.path) == last[1]
    yield let_go(at(night), name="jaarverslag", **SIGNED)
    assert verify(open_workspace(night.settings)) == ()


def test_what_is_decided_over_a_bucket_is_what_is_decided_on_a_disk(s3: Store, raw: Path, tmp_path: Path) -> None:
    disk = Machine.at(tmp_path / "disk", raw=raw)
    address = s3.address("decided")
    there = [Machine.at(tmp_path / name, address, raw) for name in ("night", "steward")]
    on_disk = list(decided(disk, disk))
    assert len({str(each) for each in on_disk}) > 8, "most steps change something"
    assert list(decided(there[0], there[1])) == on_disk
