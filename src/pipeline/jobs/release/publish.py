"""From log to release: project, compare with the release before, publish.

Here: the order. Not here: any figure (the projections), any byte (``store``), what blocks (``final_figure_block``).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

import polars as pl

from pipeline.backfill.plan import Figure
from pipeline.errors import Overtaken, UitstroomError
from pipeline.jobs.release import release_history
from pipeline.jobs.release.dressing import dresser, is_dressed
from pipeline.jobs.release.facts import facts_of
from pipeline.jobs.release.final_figure_block import Block, blocked
from pipeline.jobs.release.keep import retention
from pipeline.jobs.release.project import project, project_compared
from pipeline.jobs.release.release_comparison import ReleaseComparison
from pipeline.jobs.release.release_history import Publication, ReleaseHistory
from pipeline.jobs.workspace import Progress, Writer
from pipeline.store import quarantine
from pipeline.store.releases import releases
from pipeline.store.releases.publisher import Publisher, publisher
from pipeline.store.storage.data_folder import published, there
from pipeline.versions import delivery_status
from pipeline.versions.figure_diff import COMPARED_TABLES
from pipeline.versions.quarantine_reasons import quarantine_reasons
from schemas.sentences import said

P = ParamSpec("P")

_TRIES = 20
"""How often a publisher looks again who was overtaken by one on another machine."""


@dataclass(frozen=True)
class Published:
    """What a run leaves: the release that is current, whether it is new, and why a newer state was not published."""

    release: releases.Release
    is_new: bool
    block: Block | None = None
    rolled_back: Publication | None = None
    """The steward's decision to stay with an earlier release, while nothing new has been recorded since."""


def _again_when_overtaken(
    once: Callable[Concatenate[Writer, Progress, P], Published],
) -> Callable[Concatenate[Writer, Progress, P], Published]:
    """Once more, from what stands now, where a publisher on another machine was faster."""

    @wraps(once)
    def again(writer: Writer, progress: Progress, /, *args: P.args, **kwargs: P.kwargs) -> Published:
        for _ in range(_TRIES - 1):
            try:
                return once(writer, progress, *args, **kwargs)
            except Overtaken:
                progress(said("at.overtaken"))
        return once(writer, progress, *args, **kwargs)

    return again


@_again_when_overtaken
def release(writer: Writer, progress: Progress, *, afresh: bool = False, planned: Collection[Figure] = ()) -> Published:
    """Bring the curated tables up to the log. Does nothing when the current release shows this log already.

    ``afresh`` projects everything again, without anything kept from earlier runs, and compares. ``planned`` are the
    figures of the backfill plan that is being applied: those of them that are final may change.
    """
    with publisher(writer.settings.curated, published(writer.settings)) as alone:
        events, last, current = writer.log.events(), ReleaseHistory.of(writer).last, _current(writer)
        facts = facts_of(events, writer)
        if not afresh and current is not None and _shows(current, facts):
            dresser(alone, writer, progress)(current)
            alone.settle(current)
            _recorded_last(writer, current, last, events)
            _restore_quarantine(writer, events)
            return Published(current, is_new=False)
        if last is not None and last.event == release_history.ROLLED_BACK and last.seen == events.height:
            return Published(_show_again(writer, alone, last, progress), is_new=False, rolled_back=last)
        frames = project(writer, events, progress, afresh=afresh, keeps=True)
        _restore_quarantine(writer, events)
        comparison = ReleaseComparison(writer, events, frames, partial(_before, writer, progress))
        if (block := blocked(writer, comparison, events, planned)) is not None and last is not None:
            return Published(current or _show_again(writer, alone, last, progress), is_new=False, block=block)
        progress(said("at.writing"))
        dress = dresser(alone, writer, progress)
        return Published(*alone.publish(frames, facts=facts, recorder=comparison, dress=dress, keep=retention(writer)))


def _recorded_last(writer: Writer, current: releases.Release, last: Publication | None, events: pl.DataFrame) -> None:
    """Record again that a release was published that is current, where one was recorded since that never became so:
    another machine moved the pointer first.
    """
    is_another = last is not None and last.event == release_history.PUBLISHED and last.release != current.id
    if writer.settings.remote and last is not None and is_another:
        history = ReleaseHistory.of(writer)
        history.append(writer, release_history.PUBLISHED, current.id, events=events.height, previous=last.release)


def needs_nothing(writer: Writer) -> bool:
    """Whether the current release shows this log already, whole and with its pages."""
    current = _current(writer)
    is_shown = current is not None and _shows(current, facts_of(writer.log.events(), writer))
    return is_shown and current is not None and is_dressed(current, writer)


def _before(writer: Writer, progress: Progress, name: str, known: int) -> dict[str, pl.DataFrame]:
    """The figures of an earlier release: from its files, or from the log as it was then when they are gone."""
    there = release_history.on_disk(writer, name)
    if there is not None:
        return {table: frame for table, frame in release_history.tables_of(there).items() if table in COMPARED_TABLES}
    progress(said("at.comparing", release=name))
    return project_compared(writer, writer.log.events().head(known), progress)


def _show_again(writer: Writer, alone: Publisher, last: Publication, progress: Progress) -> releases.Release:
    """The release that was last made current, made again from the log when it is gone."""
    dress = dresser(alone, writer, progress)
    there = release_history.on_disk(writer, last.release)
    if there is not None:
        dress(there)
        alone.point_at(there)
        return there
    events = writer.log.events().head(last.events)
    frames = project(writer, events, progress)
    comparison = ReleaseComparison(writer, events, frames, partial(_before, writer, progress))
    return alone.publish(
        frames, facts=facts_of(events, writer), recorder=comparison, dress=dress, keep=retention(writer)
    )[0]


def _current(writer: Writer) -> releases.Release | None:
    """The current release; None also when its folder was removed by hand, which publishing mends."""
    try:
        return releases.current(writer.settings.curated)
    except UitstroomError:
        return None


def _shows(current: releases.Release, facts: Mapping[str, Any]) -> bool:
    """Whether a release stands at this place of the log, with all its files. Their hashes are for ``verify``."""
    files = current.manifest["files"].items()
    is_whole = all(_size(current.path / name) == entry["bytes"] for name, entry in files)
    return is_whole and all(current.manifest.get(name) == value for name, value in facts.items())


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else -1


def _restore_quarantine(writer: Writer, events: pl.DataFrame) -> None:
    current = delivery_status.statuses(events)
    findings = writer.log.findings.rows().collect()
    last = findings.join(
        current.select("source", "delivery", "processing"), on=["source", "delivery", "processing"], how="semi"
    )
    quarantine.write(writer.settings.quarantine, quarantine_reasons(last), there(writer.settings, "quarantine"))
