"""The curated tables as known on a day: as frames, or as a release that is put aside and never current.

Here: which events were known, and putting the release aside. Not here: any table (the projections).
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from pipeline.errors import CannotWrite, write_errors_explained
from pipeline.jobs.as_of.as_of_state import AsOfState
from pipeline.jobs.as_of.log_contents import LogContents
from pipeline.jobs.release import release_history
from pipeline.jobs.release.dressing import dresser, is_dressed
from pipeline.jobs.release.facts import facts_of
from pipeline.jobs.release.release_history import ReleaseHistory
from pipeline.jobs.workspace import Progress, Workspace
from pipeline.store.releases import releases
from pipeline.store.releases.publisher import Publisher, publisher
from pipeline.versions import delivery_status
from schemas.catalogue import TABLES
from schemas.sentences import said


@dataclass(frozen=True)
class _HistoryThen:
    """The history of releases as it was on a day, for a release that is not part of it."""

    workspace: Workspace
    day: date

    def naming(self, release: str) -> dict[str, pl.DataFrame]:  # noqa: ARG002  it is not in its own history
        return history_on(self.workspace, self.day)

    def record(self, release: str) -> None:
        """Nothing: a release put aside changes nothing for anybody."""


def known_on(workspace: Workspace, day: date, progress: Progress, *, with_pages: bool = True) -> releases.Release:
    """A release with every curated table as known on a day: the deliveries of that day and before.

    Made once and put aside; never current. Its figures are the same whenever it is made, until something that was
    delivered on that day or before is recorded or taken back. ``with_pages``: who asks for its folder gets them too;
    they take as long as its tables. Raises ``CannotWrite`` where nothing can be put aside.
    """
    if (there := put_aside(workspace, day)) is not None:
        if with_pages and not is_dressed(there, workspace):
            with suppress(CannotWrite), _publishing(workspace, day) as alone:
                dresser(alone, workspace, progress)(there)
        return there
    frames = tables_on(workspace, day, progress)
    with _publishing(workspace, day) as alone:
        dress = dresser(alone, workspace, progress) if with_pages else None
        facts, history = _facts(workspace, day), _HistoryThen(workspace, day)
        return alone.put_aside(frames, facts=facts, recorder=history, dress=dress)


def put_aside(workspace: Workspace, day: date) -> releases.Release | None:
    """The release as known on a day, where it was put aside and still tells what was known then."""
    return releases.aside(workspace.settings.curated, _facts(workspace, day))


def _facts(workspace: Workspace, day: date) -> dict[str, Any]:
    # A release put aside is in no history, so what had been published by that day counts for its id.
    published = ReleaseHistory.of(workspace).until(day).published.height
    return {
        **facts_of(_known(workspace.log.events(), day), workspace),
        "known_on": day.isoformat(),
        "as_known_on": day.isoformat(),
        "restated_by": published,
    }


@contextmanager
def _publishing(workspace: Workspace, day: date) -> Iterator[Publisher]:
    doing = f"putting the tables as known on {day} aside"
    with (
        write_errors_explained(doing, workspace.settings.curated),
        publisher(workspace.settings.curated) as alone,
    ):
        yield alone


def tables_on(
    workspace: Workspace, day: date, progress: Progress, names: Collection[str] = ()
) -> dict[str, pl.DataFrame]:
    """The tables of that day as frames, all or those named, but for those of ``history_on``. Writes nothing."""
    state = state_on(workspace, day, progress)
    wanted = [name for name, table in TABLES.items() if not table.names_release and (not names or name in names)]
    tables = {}
    for name in wanted:
        progress(said("at.known-on", table=name, day=day))
        tables[name] = state.table(name)
    return tables


def state_on(workspace: Workspace, day: date, progress: Progress) -> AsOfState:
    """What is meant by a past day, of tables and of explanations: all that the log says of it by now, whichever release
    is current.
    """
    events = _known(workspace.log.events(), day)
    return AsOfState(LogContents(workspace, events, progress, keeps=False), day)


def history_on(workspace: Workspace, day: date) -> dict[str, pl.DataFrame]:
    """The tables about releases, of those that had been published by a day."""
    return release_history.naming(workspace, ReleaseHistory.of(workspace).until(day))


def _known(events: pl.DataFrame, day: date) -> pl.DataFrame:
    """Events of deliveries that were there on a day, decisions of that day and before included."""
    there = delivery_status.statuses(events, day).select("source", "delivery")
    then = delivery_status.as_decided(events, day)
    return then.join(there, on=["source", "delivery"], how="semi", maintain_order="left")
