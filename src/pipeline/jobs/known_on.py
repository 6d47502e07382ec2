"""The curated tables as known on a day, as a release that is never current.

Here: which events were known, and putting the release aside. Not here: any table (``release.curate``).
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from pipeline.core import ledger
from pipeline.jobs import chronicle
from pipeline.jobs.chronicle import History
from pipeline.jobs.knowledge import gather, state
from pipeline.jobs.presence import presence
from pipeline.jobs.release import Progress, curate, facts_of
from pipeline.jobs.station import Station
from pipeline.store import releases


@dataclass(frozen=True)
class _Then:
    """The history of releases as it was on a day, for a release that is not part of it."""

    station: Station
    day: date

    def restatements(self, release: str) -> pl.DataFrame:  # noqa: ARG002  the release is not in its own history
        return chronicle.logged(self.station, History.of(self.station), self.day)

    def record(self, release: str) -> None:
        """Nothing: a release put aside changes nothing for anybody."""


def known_on(station: Station, day: date, progress: Progress) -> releases.Release:
    """A release with every curated table as known on a day: the deliveries of that day and before.

    Made once and put aside; never current. Its figures are the same whenever it is made, until something that was
    delivered on that day or before is recorded or taken back.
    """
    events = _known(station.log.events(), day)
    facts = {**facts_of(events, station), "known_on": day.isoformat(), "as_known_on": day.isoformat()}
    if (there := releases.aside(station.settings.curated, facts)) is not None:
        return there
    evidence = gather(station, events, progress, keeps=False)
    then = state(evidence, day)
    progress(f"checking published figures as known on {day}")
    frames = curate(evidence, then, station.log.findings.rows().collect(), presence(station, then))
    with releases.publisher(station.settings.curated) as alone:
        return alone.put_aside(frames, facts=facts, chronicle=_Then(station, day))


def _known(events: pl.DataFrame, day: date) -> pl.DataFrame:
    """Events of deliveries that were there on a day, decisions of that day and before included."""
    there = ledger.fold(events, day).select("source", "delivery")
    then = ledger.as_decided(events, day)
    return then.join(there, on=["source", "delivery"], how="semi", maintain_order="left")
