"""The curated tables as known on a day, as a release that is never current.

Here: which events were known, and putting the release aside. Not here: any table (``release.curate``).
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from pipeline.jobs.as_of.as_of_state import gather, state
from pipeline.jobs.as_of.stock_membership import presence
from pipeline.jobs.release import release_history
from pipeline.jobs.release.publish import Progress, curate, facts_of
from pipeline.jobs.release.release_history import ReleaseHistory
from pipeline.jobs.workspace import Writer
from pipeline.store.releases import releases
from pipeline.versions import delivery_status


@dataclass(frozen=True)
class _Then:
    """The history of releases as it was on a day, for a release that is not part of it."""

    writer: Writer
    day: date

    def restatements(self, release: str) -> pl.DataFrame:  # noqa: ARG002  the release is not in its own history
        return release_history.logged(self.writer, ReleaseHistory.of(self.writer), self.day)

    def record(self, release: str) -> None:
        """Nothing: a release put aside changes nothing for anybody."""


def known_on(writer: Writer, day: date, progress: Progress) -> releases.Release:
    """A release with every curated table as known on a day: the deliveries of that day and before.

    Made once and put aside; never current. Its figures are the same whenever it is made, until something that was
    delivered on that day or before is recorded or taken back.
    """
    events = _known(writer.log.events(), day)
    facts = {**facts_of(events, writer), "known_on": day.isoformat(), "as_known_on": day.isoformat()}
    if (there := releases.aside(writer.settings.curated, facts)) is not None:
        return there
    evidence = gather(writer, events, progress, keeps=False)
    then = state(evidence, day)
    progress(f"checking published figures as known on {day}")
    frames = curate(evidence, then, writer.log.findings.rows().collect(), presence(writer, then))
    with releases.publisher(writer.settings.curated) as alone:
        return alone.put_aside(frames, facts=facts, recorder=_Then(writer, day))


def _known(events: pl.DataFrame, day: date) -> pl.DataFrame:
    """Events of deliveries that were there on a day, decisions of that day and before included."""
    there = delivery_status.fold(events, day).select("source", "delivery")
    then = delivery_status.as_decided(events, day)
    return then.join(there, on=["source", "delivery"], how="semi", maintain_order="left")
