"""A machine for a test: a work folder of its own, and a data folder that lies in a store, or on it."""

import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.nightly import take_in
from pipeline.jobs.release.publish import Published, release
from pipeline.jobs.workspace import Writer, open_writer
from pipeline.settings import Settings, SiteSettings
from pipeline.simulate import simulate
from tests.jobs.folder import CLAIMS, KEY, benefit, caseload, claim, csv

WHEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
"""The clock of these tests, so that bytes can be compared."""


FULL = os.environ.get("UITSTROOM_CLUSTER_TESTS") == "full"
"""With the whole sample, and every storm at its full length: many minutes."""


@dataclass(frozen=True)
class Machine:
    """Where it works, and on what."""

    settings: Settings

    @classmethod
    def at(cls, folder: Path, remote: str = "", raw: Path | None = None, *, cluster: str = "") -> "Machine":
        folder.mkdir(parents=True, exist_ok=True)
        return cls(
            Settings(
                data_dir=folder / "data",
                key_file=folder / "data.key",
                key=KEY,
                site=SiteSettings(is_made=False),
                remote=remote,
                raw_dir=raw,
                cluster=cluster,
            )
        )

    def writer(self) -> Writer:
        return open_writer(self.settings, clock=lambda: WHEN)

    def night(self) -> tuple[tuple[Receipt, ...], Published]:
        writer = self.writer()
        receipts = take_in(writer, lambda _: None)
        return receipts, release(writer, lambda _: None)

    def with_pages(self) -> "Machine":
        return Machine(replace(self.settings, site=SiteSettings(is_made=True)))


def small_deliveries(raw: Path) -> None:
    """A few files of several kinds: a correction, conflicts, a bad row, one that is no delivery, a held one."""
    for month in (1, 2):
        rows = [benefit(number, peildatum=f"01-{month:02d}-2017") for number in range(20 + month)]
        put(raw, f"caseload/2017-{month:02d}-05_stand.csv", caseload(*rows))
    changed = [benefit(number, peildatum="01-02-2017", geslacht="12"[number > 3]) for number in range(22)]
    put(raw, "caseload/2017-03-20_verbeterd.csv", caseload(*changed, benefit(77, peildatum="01-02-2017", bsn="1")))
    put(raw, "caseload/2017-04-05_leeg.csv", "")
    put(raw, "published_figures/2017-03-02_beweringen.csv", csv(CLAIMS, [claim(1), claim(2, waarde="21")]))


def sample_deliveries(raw: Path) -> None:
    """The sample of the simulator."""
    simulate(raw, seed=1)


def put(raw: Path, name: str, content: str) -> None:
    path = raw / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def bytes_of(folder: Path) -> dict[str, bytes]:
    """All files of a release, those about clients among them."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
