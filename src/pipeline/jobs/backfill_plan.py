"""Making a plan: rehearse the real jobs on a shadow, and write down what came of it.

Here: the order of steps, and the log as it would be. Not here: reading files (``backfill_rehearse``), what becomes of
each delivery (``backfill_planned``), what a plan is (``pipeline.core.plan``).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import polars as pl

from pipeline.core import ledger
from pipeline.core.plan import Gap, Plan, PlannedDelivery, Request, as_json
from pipeline.core.plan_figures import figures, final_figures, fingerprints
from pipeline.core.plan_position import news, position
from pipeline.core.plan_request import faults, normal
from pipeline.core.plan_scope import added, counting, said, superseded
from pipeline.core.restate import RESTATED
from pipeline.errors import told_plainly
from pipeline.jobs.backfill_errors import BadRequest
from pipeline.jobs.backfill_gaps import gaps_of
from pipeline.jobs.backfill_planned import Told, planned, projected, sources
from pipeline.jobs.backfill_rehearse import Progress, try_again, try_missing
from pipeline.jobs.release import project
from pipeline.jobs.station import Station
from pipeline.store import plans, releases
from pipeline.store.landing_cache import LandingCache
from pipeline.store.log import Log
from pipeline.store.shadow import shadow
from schemas.catalogue import SOURCES
from schemas.curated import TABLES
from schemas.vocabulary import BackfillMode


def make_plan(station: Station, request: Request, progress: Progress, *, made_by: str = "") -> Plan:
    """Rehearse a backfill and keep the plan. The data folder is left as it was, but for the plan.

    Raises BadRequest with everything that is wrong with the request, CannotWrite where there is no room or no access.
    """
    asked = normal(request)
    if wrong := tuple(faults(asked)):
        raise BadRequest(wrong)
    with told_plainly("planning a backfill", station.settings.data_dir):
        with shadow(station.settings, with_kept=asked.mode is not BackfillMode.REPROJECT) as settings:
            stand_in = replace(station, settings=settings, log=Log(settings.log, SOURCES.values()), plan=None)
            plan = _rehearse(_Stage(station, stand_in), asked, progress)
        plan = replace(plan, made_at=station.recorded_at.isoformat(), made_by=made_by.strip())
        plans.save(station.settings, plan.id, as_json(plan))
    return plan


@dataclass(frozen=True)
class _Stage:
    """Where a plan is rehearsed: ``real`` is only looked at, everything is done with ``shadow``."""

    real: Station
    shadow: Station


def _rehearse(stage: _Stage, asked: Request, progress: Progress) -> Plan:
    station = stage.shadow
    events = station.log.events()
    stands = position(events, station.log.positions())
    notes: tuple[str, ...] = ()
    # What people see, not the log as it stands: applying publishes also what a block or a rollback holds back.
    before = figure_tables(stage.real)
    if asked.mode is BackfillMode.REPROJECT:
        deliveries, after_events = projected(station, asked, events), events
    else:
        cache = LandingCache(stage.real.settings.log / "landing-cache.json")
        attempt = try_missing if asked.mode is BackfillMode.MISSING else try_again
        tried = list(attempt(station, asked, cache, progress))
        told = {name: said(station.log.sources[name].rows(), SOURCES[name]) for name in sources(tried)}
        deliveries, notes = planned(station, asked, tried, told)
        after_events = _with(events, station.log.events(), deliveries)
        deliveries = tuple(_with_superseded(deliveries, told, events, after_events))
    progress("projecting the log as it would stand")
    after = _tables(station, after_events, progress)
    return Plan(
        request=asked,
        made_at="",
        made_by="",
        rules_version=station.rules_version,
        code_version=station.code_version,
        position=stands,
        deliveries=deliveries,
        figures=figures(before, after),
        figures_after=fingerprints(after),
        gaps=_gaps(station, after_events, asked),
        notes=(*notes, *final_figures(before, after)),
    )


def _tables(station: Station, events: pl.DataFrame, progress: Progress) -> dict[str, pl.DataFrame]:
    """Curated tables with figures, as a release of these events would hold them."""
    tables = project(station, events, progress)
    return {name: tables[name] for name in RESTATED}


def figure_tables(station: Station) -> dict[str, pl.DataFrame]:
    """The tables with figures that readers have now; empty ones before the first release."""
    current = releases.current(station.settings.curated)
    held = current.manifest["files"] if current is not None else {}
    return {
        name: releases.read(current, name).collect() if current and f"{name}.parquet" in held else TABLES[name].empty()
        for name in RESTATED
    }


def _with(before: pl.DataFrame, after: pl.DataFrame, planned: Iterable[PlannedDelivery]) -> pl.DataFrame:
    """The events as they would be: those of the log, and of the rehearsal only what is planned, one after the other.

    Between two deliveries of one day about the same scope the moment of recording decides (``at_moment``).
    """
    order = pl.DataFrame(
        [(*_identity(each), number) for number, each in enumerate(planned) if each.is_applied],
        schema={**{name: before.schema[name] for name in _IDENTITY}, "number": pl.Int64()},
        orient="row",
    )
    new = news(after, position(before, {})).join(order, on=_IDENTITY, how="inner")
    later = pl.col("recorded_at") + pl.duration(microseconds="number")
    return pl.concat([before, new.with_columns(recorded_at=later).select(before.columns)])


_IDENTITY = ["source", "delivery", "processing", "file_name"]


def _identity(planned: PlannedDelivery) -> tuple[str, str, int, str]:
    return planned.source, planned.delivery, planned.processing, planned.file_name


def at_moment(station: Station, number: int) -> Station:
    """The station for the ``number``-th delivery of a plan: each is recorded a microsecond after the one before it.

    So the order is the plan's, also when it is applied in several sittings.
    """
    return replace(station, recorded_at=station.recorded_at + timedelta(microseconds=number))


def _counting(name: str, told: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """What of a source counts after these events."""
    return counting(told, ledger.recorded(ledger.fold(events), name))


def _with_superseded(
    planned: Iterable[PlannedDelivery], told: Told, before: pl.DataFrame, after: pl.DataFrame
) -> Iterator[PlannedDelivery]:
    """The plan with the rows that each delivery silences."""
    rows: dict[tuple[str, str], int] = {}
    for name, of_source in told.items():
        ours = pl.Series(
            [each.delivery for each in planned if each.source == name and each.is_applied], dtype=pl.String
        )
        new = added(of_source, ledger.recorded(ledger.fold(after), name), ours)
        silenced = superseded(_counting(name, of_source, before), new, _counting(name, of_source, after), ours)
        rows |= {(name, delivery): count for delivery, count in silenced.iter_rows()}
    for each in planned:
        yield replace(each, rows_supersede=rows.get((each.source, each.delivery), 0) if each.is_applied else 0)


def _gaps(station: Station, events: pl.DataFrame, asked: Request) -> tuple[Gap, ...]:
    found = gaps_of(station, events, asked.from_month, asked.until_month, asked.sources)
    return tuple(gap for gap in found if not asked.municipalities or gap.municipality_code in asked.municipalities)
