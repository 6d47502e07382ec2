"""From log to release: gather, project, check, compare with the release before, publish.

Here: the order. Not here: any figure (``core``) and any byte (``store``).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.backfill.plan import Figure
from pipeline.checks import provider_reports, reconciliation
from pipeline.checks.claims import check
from pipeline.errors import UitstroomError
from pipeline.jobs.as_of.as_of_state import (
    Evidence,
    State,
    gather,
    knowledge_on_publication,
    reports_beside_events,
    state,
)
from pipeline.jobs.as_of.stock_membership import presence
from pipeline.jobs.release import release_history
from pipeline.jobs.release.release_history import Publication, ReleaseComparison, ReleaseHistory
from pipeline.jobs.workspace import Writer
from pipeline.store import quarantine
from pipeline.store.releases import releases
from pipeline.versions import delivery_status
from pipeline.versions.figure_diff import RESTATED
from schemas.vocabulary import DeliveryStatus, SourceName

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Block:
    """Why the newest state is not published: final figures would change, and no steward has approved that.

    ``id`` names exactly these changes; ``reasons`` says them, one line each.
    """

    id: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Published:
    """What a run leaves: the release that is current, whether it is new, and why a newer state was not published."""

    release: releases.Release
    is_new: bool
    block: Block | None = None
    rolled_back: Publication | None = None
    """The steward's decision to stay with an earlier release, while nothing new has been recorded since."""


def release(writer: Writer, progress: Progress, *, afresh: bool = False, planned: Collection[Figure] = ()) -> Published:
    """Bring the curated tables up to the log. Does nothing when the current release shows this log already.

    ``afresh`` projects everything again, without anything kept from earlier runs, and compares. ``planned`` are the
    figures of the backfill plan that is being applied: those of them that are final may change.
    """
    with releases.publisher(writer.settings.curated) as alone:
        return _release(writer, alone, progress, afresh=afresh, planned=planned)


def _release(
    writer: Writer, alone: releases.Publisher, progress: Progress, *, afresh: bool, planned: Collection[Figure]
) -> Published:
    events = writer.log.events()
    current = _current(writer)
    if not afresh and current is not None and _shows(current, facts_of(events, writer)):
        alone.settle(current)
        _restore_quarantine(writer, events)
        return Published(current, is_new=False)
    last = ReleaseHistory.of(writer).last
    if last is not None and last.event == release_history.ROLLED_BACK and last.seen == events.height:
        return Published(_show_again(writer, alone, last, progress), is_new=False, rolled_back=last)
    frames = project(writer, events, progress, afresh=afresh, keeps=True)
    _restore_quarantine(writer, events)
    history = ReleaseComparison(writer, events, frames, lambda name, known: _before(writer, name, known, progress))
    if (block := _blocked(writer, history, events, planned)) is not None and last is not None:
        return Published(current or _show_again(writer, alone, last, progress), is_new=False, block=block)
    progress("writing the release")
    published, is_new = alone.publish(frames, facts=facts_of(events, writer), recorder=history)
    return Published(published, is_new)


def project(
    writer: Writer, events: pl.DataFrame, progress: Progress, *, afresh: bool = False, keeps: bool = False
) -> dict[str, pl.DataFrame]:
    """All curated tables but ``restatements``, from the log as far as these events of deliveries go.

    ``keeps`` keeps results of steps for the next night, and sweeps away those that were of no use in this one.
    """
    evidence = gather(writer, events, progress, afresh=afresh, keeps=keeps)
    now = state(evidence)
    progress("checking published figures")
    frames = curate(evidence, now, writer.log.findings.rows().collect(), presence(writer, now))
    if keeps:
        evidence.cells.sweep()
    return frames


def _before(writer: Writer, name: str, known: int, progress: Progress) -> dict[str, pl.DataFrame]:
    """The figures of an earlier release: from its files, or from the log as it was then when they are gone."""
    there = release_history.on_disk(writer, name)
    if there is not None:
        return {table: frame for table, frame in release_history.tables_of(there).items() if table in RESTATED}
    progress(f"release {name} is no longer here: projecting it again to compare")
    frames = project(writer, writer.log.events().head(known), progress)
    return {table: frames[table] for table in RESTATED}


def _show_again(writer: Writer, alone: releases.Publisher, last: Publication, progress: Progress) -> releases.Release:
    """The release that was last made current, made again from the log when it is gone."""
    there = release_history.on_disk(writer, last.release)
    if there is not None:
        alone.point_at(there)
        return there
    events = writer.log.events().head(last.events)
    frames = project(writer, events, progress)
    history = ReleaseComparison(writer, events, frames, lambda name, known: _before(writer, name, known, progress))
    return alone.publish(frames, facts=facts_of(events, writer), recorder=history)[0]


def _blocked(
    writer: Writer, history: ReleaseComparison, events: pl.DataFrame, planned: Collection[Figure]
) -> Block | None:
    """Figures that were final and would change wait for a steward (rule RELATION-009), unless a plan says them all."""
    changes = history.changes_of_final_figures()
    if changes.is_empty():
        return None
    lines = _lines(changes, delivery_status.fold(events))
    block = Block(sha256("\n".join(lines).encode()).hexdigest()[:12], lines)
    releases_before = ReleaseHistory.of(writer)
    if releases_before.has(release_history.APPROVED, block.id):
        return None
    if writer.plan is not None and _says(planned, changes):
        why = f"backfill plan {writer.plan}"
        releases_before.append(writer, release_history.APPROVED, block.id, events=events.height, by="plan", why=why)
        return None
    if not releases_before.has(release_history.BLOCKED, block.id):
        why = "; ".join(lines[:_MOST_REASONS])
        releases_before.append(writer, release_history.BLOCKED, block.id, events=events.height, why=why)
    return block


def _lines(changes: pl.DataFrame, folded: pl.DataFrame) -> tuple[str, ...]:
    """Changes in words, one line each."""
    retracted = set(folded.filter(pl.col("status") == DeliveryStatus.RETRACTED)["delivery"])
    return tuple(
        f"{key}: {before:.0f} becomes {'none' if after is None else f'{after:.0f}'}, "
        f"by {'the retraction of ' if cause in retracted else ''}delivery {str(cause)[:12]}"
        for key, before, after, cause in changes.select("key", "value_before", "value_after", "cause").iter_rows()
    )


def _says(planned: Collection[Figure], changes: pl.DataFrame) -> bool:
    """Whether a plan names each of these changes, with the same figure after it."""
    told = {(each.table, each.key, each.column, each.value_after) for each in planned}
    return told.issuperset(changes.select("table", "key", "column", "value_after").iter_rows())


_MOST_REASONS = 20


class CannotApprove(UitstroomError):
    """No such block."""


def approve(writer: Writer, block: str, *, by: str, why: str) -> str:
    """Record that a steward lets these final figures change; the next run publishes them. Gives the block's id."""
    if not by.strip() or not why.strip():
        raise CannotApprove("An approval needs who gives it (--by) and why (--reason).")
    history = ReleaseHistory.of(writer)
    blocked = history.rows.filter(
        (pl.col("event") == release_history.BLOCKED) & pl.col("release").str.starts_with(block)
    )
    if blocked.height != 1:
        raise CannotApprove(f"{blocked.height} blocks begin with {block}. The last run says which there are.")
    name = str(blocked["release"][0])
    history.append(
        writer, release_history.APPROVED, name, events=writer.log.events().height, by=by.strip(), why=why.strip()
    )
    return name


def curate(evidence: Evidence, now: State, findings: pl.DataFrame, presence: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """All curated tables of one state. Published figures are also checked as known on their publication days."""
    told = now.winners[SourceName.PUBLISHED_FIGURES]
    checked = check.check_claims(told, knowledge_on_publication(evidence, told), now.knowledge())
    caseload = now.caseload
    municipal = now.winners[SourceName.MUNICIPAL_STATISTICS]
    totals = now.winners[SourceName.CASELOAD_TOTALS]
    programmes = now.programmes
    reports = reports_beside_events(evidence, now.winners[SourceName.PROVIDER_REPORTS])
    totals_and_cbs = reconciliation.reconciliation(caseload.counted, totals, caseload.flow, caseload.stock, municipal)
    reconciled = pl.concat([totals_and_cbs, reports])
    relations = reconciliation.relation_findings(reconciled, caseload.flow, caseload.stock, checked, municipal)
    return {
        "caseload_stock": caseload.stock,
        "caseload_flow": caseload.flow,
        "outflow_reasons": caseload.reasons,
        **programmes.tables,
        "placement_outcomes": provider_reports.placement_outcomes(
            programmes.trajectories, presence, programmes.known_by_bsn
        ),
        "benchmark": reconciliation.benchmark(caseload.stock, caseload.flow, municipal),
        "reconciliation": reconciled,
        "published_figures_check": checked,
        "deliveries": delivery_status.deliveries_table(now.ledger, now.scopes),
        "findings": delivery_status.findings_table(now.ledger, findings),
        "relation_findings": pl.concat([relations, programmes.findings]),
    }


def facts_of(events: pl.DataFrame, writer: Writer) -> dict[str, Any]:
    """Where in the log a release stands, told by content: the same log gives the same facts, whatever its files look
    like.
    """
    positions = {
        source: {"deliveries": count, "rows_recorded": rows, "last_recorded_at": last.isoformat()}
        for source, count, rows, last in events.group_by("source")
        .agg(pl.col("delivery").n_unique(), pl.col("rows_recorded").sum(), pl.col("recorded_at").max())
        .sort("source")
        .iter_rows()
    }
    latest = events["delivered_on"].max()
    recorded = events["recorded_at"].dt.date().max()
    return {
        "log": positions,
        "events": events.height,
        "recorded_until": recorded.isoformat() if isinstance(recorded, date) else None,
        "known_on": latest.isoformat() if isinstance(latest, date) else None,
        "code_version": writer.code_version,
        "rules_version": writer.rules_version,
        "simulated": bool(events.filter(pl.col("event") == DeliveryStatus.RECORDED)["simulated"].any()),
    }


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
    folded = delivery_status.fold(events)
    findings = writer.log.findings.rows().collect()
    last = findings.join(
        folded.select("source", "delivery", "processing"), on=["source", "delivery", "processing"], how="semi"
    )
    quarantine.write(writer.settings.quarantine, delivery_status.reasons(last))
