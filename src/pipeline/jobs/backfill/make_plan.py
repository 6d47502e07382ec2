"""Making a plan: rehearse the real jobs in a sandbox, and write down what came of it.

Here: the order of steps, and the log as it would be. Not here: reading files (``rehearse``), what becomes of
each delivery (``outcome``), what a plan is (``pipeline.backfill.plan``).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import polars as pl

from pipeline.backfill.coverage import added, counting, covered_by, superseded
from pipeline.backfill.impact import figures, final_figures, fingerprints
from pipeline.backfill.log_position import new_events, position
from pipeline.backfill.plan import Gap, Plan
from pipeline.backfill.plan_json import as_json
from pipeline.backfill.planned_delivery import PlannedDelivery, in_order
from pipeline.backfill.request import Request, faults, normal
from pipeline.errors import write_errors_explained
from pipeline.jobs.backfill import judged_again
from pipeline.jobs.backfill.errors import BadRequest
from pipeline.jobs.backfill.gaps import gaps_of
from pipeline.jobs.backfill.outcome import Covered, planned, projected, sources
from pipeline.jobs.backfill.rehearse import Progress, try_again, try_missing
from pipeline.jobs.ingest.reading import reading
from pipeline.jobs.release.project import project_compared
from pipeline.jobs.workspace import Writer
from pipeline.store import plans
from pipeline.store.fingerprint_cache import FingerprintCache
from pipeline.store.log.log import Log
from pipeline.store.releases import releases
from pipeline.store.sandbox import sandbox
from pipeline.versions import delivery_status
from pipeline.versions.figure_diff import COMPARED_TABLES
from schemas.catalogue import SOURCES, TABLES
from schemas.sentences import said
from schemas.signature import signature_problem
from schemas.spelling import seen
from schemas.vocabulary import BackfillMode


def make_plan(writer: Writer, request: Request, progress: Progress, *, made_by: str = "") -> Plan:
    """Rehearse a backfill and keep the plan. The data folder is left as it was, but for the plan.

    Raises BadRequest with everything that is wrong with the request, CannotWrite where there is no room or no access.
    """
    asked = normal(request)
    signed = signature_problem(made_by or None, asked.reason or None)
    if wrong := (*faults(asked), *([signed] if signed else [])):
        raise BadRequest(wrong)
    with write_errors_explained("planning a backfill", writer.settings.data_dir):
        with sandbox(writer.settings, with_kept=asked.mode is not BackfillMode.REPROJECT) as settings:
            stand_in = replace(writer, settings=settings, log=Log(settings.log_place, SOURCES.values()), plan=None)
            plan = _rehearse(_Stage(writer, stand_in), asked, progress)
        plan = replace(plan, made_at=writer.recorded_at.isoformat(), made_by=seen(made_by.strip()))
        plans.save(writer.settings, plan.id, as_json(plan))
    return plan


@dataclass(frozen=True)
class _Stage:
    """Where a plan is rehearsed: ``real`` is only looked at, everything is done in ``sandbox``."""

    real: Writer
    sandbox: Writer


def _rehearse(stage: _Stage, asked: Request, progress: Progress) -> Plan:
    writer = stage.sandbox
    events = writer.log.events()
    stands = position(events, writer.log.positions())
    notes: tuple[str, ...] = ()
    # What people see, not the log as it stands: applying publishes also what a block or a rollback holds back.
    before = figure_tables(stage.real)
    if asked.mode is BackfillMode.REPROJECT:
        deliveries, after_events = projected(writer, asked, events), events
    else:
        attempt = try_missing if asked.mode is BackfillMode.MISSING else try_again
        with reading(writer.settings) as desk:
            look = partial(desk.look, cache=FingerprintCache.beside(stage.real.settings.log))
            tried = list(attempt(writer, asked, look, progress))
        covered = {name: covered_by(writer.log.sources[name].rows(), SOURCES[name]) for name in sources(tried)}
        deliveries, notes = planned(writer, asked, tried, covered)
        after_events = _with(events, writer.log.events(), deliveries)
        silencing = _with_superseded(deliveries, covered, events, after_events)
        planned_events, moment = after_events, at_moment(writer, sum(each.is_applied for each in deliveries))
        after_events = judged_again.rehearsed(moment, stage.real.settings.log, planned_events)
        deliveries = in_order([*silencing, *judged_again.named(writer, asked, planned_events, after_events)])
    progress(said("at.foreseen"))
    after = project_compared(writer, after_events, progress)
    return Plan(
        request=asked,
        made_at="",
        made_by="",
        rules_version=writer.rules_version,
        code_version=writer.code_version,
        position=stands,
        deliveries=deliveries,
        figures=figures(before, after),
        figures_after=fingerprints(after),
        gaps=_gaps(writer, after_events, asked),
        notes=(*notes, *final_figures(before, after)),
    )


def figure_tables(writer: Writer) -> dict[str, pl.DataFrame]:
    """The tables with figures that readers have now; empty ones before the first release."""
    current = releases.current(writer.settings.curated)
    held = current.manifest["files"] if current is not None else {}
    return {
        name: releases.read(current, name).collect() if current and f"{name}.parquet" in held else TABLES[name].empty()
        for name in COMPARED_TABLES
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
    new = new_events(after, position(before, {})).join(order, on=_IDENTITY, how="inner")
    later = pl.col("recorded_at") + pl.duration(microseconds="number")
    return pl.concat([before, new.with_columns(recorded_at=later, plan=pl.lit(_PLANNED)).select(before.columns)])


_PLANNED = "planned"
_IDENTITY = ["source", "delivery", "processing", "file_name"]


def _identity(planned: PlannedDelivery) -> tuple[str, str, int, str]:
    return planned.source, planned.delivery, planned.processing, planned.file_name


def at_moment(writer: Writer, number: int) -> Writer:
    """The writer for the ``number``-th delivery of a plan: each is recorded a microsecond after the one before it.

    So the order is the plan's, also when it is applied in several sittings.
    """
    return replace(writer, recorded_at=writer.recorded_at + timedelta(microseconds=number))


def _counting(name: str, covered: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """What of a source counts after these events."""
    return counting(covered, delivery_status.recorded(delivery_status.statuses(events), name))


def _with_superseded(
    planned: Iterable[PlannedDelivery], covered: Covered, before: pl.DataFrame, after: pl.DataFrame
) -> Iterator[PlannedDelivery]:
    """The plan with the rows that each delivery silences."""
    rows: dict[tuple[str, str], int] = {}
    for name, of_source in covered.items():
        ours = pl.Series(
            [each.delivery for each in planned if each.source == name and each.is_applied], dtype=pl.String
        )
        new = added(of_source, delivery_status.recorded(delivery_status.statuses(after), name), ours)
        silenced = superseded(_counting(name, of_source, before), new, _counting(name, of_source, after), ours)
        rows |= {(name, delivery): count for delivery, count in silenced.iter_rows()}
    for each in planned:
        yield replace(each, rows_supersede=rows.get((each.source, each.delivery), 0) if each.is_applied else 0)


def _gaps(writer: Writer, events: pl.DataFrame, asked: Request) -> tuple[Gap, ...]:
    found = gaps_of(writer, events, asked.from_month, asked.until_month, asked.sources)
    return tuple(gap for gap in found if not asked.municipalities or gap.municipality_code in asked.municipalities)
