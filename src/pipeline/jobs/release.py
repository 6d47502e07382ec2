"""From log to release: gather, project, check, publish.

Here: the order. Not here: any figure (``core``) and any byte (``store``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.core import claims, compare, compare_reports, ledger
from pipeline.errors import UitstroomError
from pipeline.jobs.knowledge import Evidence, State, gather, presence, programmes_on, state, states_on
from pipeline.jobs.station import Station
from pipeline.store import quarantine, releases
from schemas.curated import TABLES
from schemas.vocabulary import DeliveryStatus, SourceName

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Published:
    """What a run leaves: the release, whether it is new, and the state it shows."""

    release: releases.Release
    is_new: bool


def release(station: Station, progress: Progress) -> Published:
    """Bring the curated tables up to the log. Does nothing when the current release shows this log already."""
    events = station.log.events()
    facts = _facts(events, station)
    current = _current(station)
    if current is not None and _shows(current, facts):
        _restore_quarantine(station, events)
        return Published(current, is_new=False)
    evidence = gather(station, events, progress)
    now = state(evidence)
    progress("checking published figures")
    frames = curate(evidence, now, station.log.findings.rows().collect(), presence(station, now))
    _restore_quarantine(station, events)
    progress("writing the release")
    published, is_new = releases.publish(station.settings.curated, frames, facts=facts)
    return Published(published, is_new)


def curate(evidence: Evidence, now: State, findings: pl.DataFrame, presence: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """All curated tables of one state. Published figures are also checked as known on their publication days."""
    told = now.winners[SourceName.PUBLISHED_FIGURES]
    then = states_on(evidence, told["published_on"].unique().to_list())
    checked = claims.check_claims(told, {day: past.knowledge() for day, past in then.items()}, now.knowledge())
    caseload = now.caseload
    municipal = now.winners[SourceName.MUNICIPAL_STATISTICS]
    totals = now.winners[SourceName.CASELOAD_TOTALS]
    programmes = now.programmes
    reports = _reports_beside_events(evidence, now)
    totals_and_cbs = compare.reconciliation(caseload.counted, totals, caseload.flow, caseload.stock, municipal)
    reconciled = pl.concat([totals_and_cbs, reports])
    relations = compare.relation_findings(reconciled, caseload.flow, caseload.stock, checked, municipal)
    return {
        "caseload_stock": caseload.stock,
        "caseload_flow": caseload.flow,
        "outflow_reasons": caseload.reasons,
        **programmes.tables,
        "placement_outcomes": compare_reports.placement_outcomes(programmes.trajectories, presence, _known_by_bsn(now)),
        "benchmark": compare.benchmark(caseload.stock, caseload.flow, municipal),
        "reconciliation": reconciled,
        "published_figures_check": checked,
        "deliveries": ledger.deliveries_table(now.ledger, now.scopes),
        "findings": ledger.findings_table(now.ledger, findings),
        "relation_findings": pl.concat([relations, programmes.findings]),
    }


def _known_by_bsn(now: State) -> pl.Series:
    events = now.winners[SourceName.TRAJECTORY_EVENTS]
    return events.filter(pl.col("is_known_by_bsn"))["client_key"].unique()


def _reports_beside_events(evidence: Evidence, now: State) -> pl.DataFrame:
    """Each report beside the events as known when it was delivered: a later correction does not make it wrong."""
    reports = now.winners[SourceName.PROVIDER_REPORTS]
    parts = [
        compare_reports.report_reconciliation(of_day, programmes_on(evidence, day).trajectories)
        for (day,), of_day in reports.group_by("delivered_on", maintain_order=True)
        if isinstance(day, date)
    ]
    return pl.concat([TABLES["reconciliation"].empty(), *parts])


def _facts(events: pl.DataFrame, station: Station) -> dict[str, Any]:
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
        "code_version": station.code_version,
        "rules_version": station.rules_version,
        "simulated": bool(events.filter(pl.col("event") == DeliveryStatus.RECORDED)["simulated"].any()),
    }


def _current(station: Station) -> releases.Release | None:
    """The current release; None also when its folder was removed by hand, which publishing mends."""
    try:
        return releases.current(station.settings.curated)
    except UitstroomError:
        return None


def _shows(current: releases.Release, facts: Mapping[str, Any]) -> bool:
    """Whether a release stands at this place of the log, with all its files. Their hashes are for ``verify``."""
    files = current.manifest["files"].items()
    is_whole = all(_size(current.path / name) == entry["bytes"] for name, entry in files)
    return is_whole and all(current.manifest.get(name) == value for name, value in facts.items())


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else -1


def _restore_quarantine(station: Station, events: pl.DataFrame) -> None:
    folded = ledger.fold(events)
    findings = station.log.findings.rows().collect()
    last = findings.join(
        folded.select("source", "delivery", "processing"), on=["source", "delivery", "processing"], how="semi"
    )
    quarantine.write(station.settings.quarantine, ledger.reasons(last))
