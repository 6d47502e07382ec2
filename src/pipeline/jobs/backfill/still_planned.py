"""Whether a plan still describes what would happen: the log, the rules, the code and every file as they were planned.

Here: finding what moved, and the files that are still to be read. Not here: reading them (``apply``).
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial

import polars as pl

from pipeline.backfill.log_position import made_by, moves
from pipeline.backfill.plan import Plan
from pipeline.backfill.planned_delivery import Action, PlannedDelivery
from pipeline.jobs.backfill.errors import PlanMoved
from pipeline.jobs.ingest.new_files import PendingFile
from pipeline.jobs.ingest.reading import Look, reading
from pipeline.jobs.workspace import Writer
from pipeline.store.file_fingerprint import FileFingerprint
from pipeline.store.fingerprint_cache import FingerprintCache
from pipeline.store.raw import RawFile, list_raw
from schemas.sentences import Sentence, said
from schemas.spelling import shown

_NAMED = 10

Name = tuple[str, str, str]
"""A delivery of a plan: source, hash, file name."""


def name_of(planned: PlannedDelivery) -> Name:
    return planned.source, planned.delivery, planned.file_name


def already_done(plan: Plan, events: pl.DataFrame) -> frozenset[Name]:
    """Deliveries of the plan that are in the log under its name: another sitting recorded them."""
    there = set(made_by(events, plan.id).select("source", "delivery", "file_name").rows())
    return frozenset(name for each in plan.done_by_month if (name := name_of(each)) in there)


def files_as_planned(
    writer: Writer, plan: Plan, events: pl.DataFrame, done: frozenset[Name]
) -> Mapping[Name, PendingFile]:
    """The files still to be read, as they were rehearsed; PlanMoved with everything that is not as planned."""
    moved = [*_versions(writer, plan), *moves(events, plan)]
    there = {(file.source, file.file_name): file for file in list_raw(writer.settings.raw)}
    todo = [each for each in plan.done_by_month if each.is_applied and name_of(each) not in done]
    with reading(writer.settings) as desk:
        cache = FingerprintCache.beside(writer.settings.log)
        look = partial(desk.look, cache=cache)
        found = {name_of(each): _as_planned(each, there, look) for each in todo}
    changed = [said("plan.file-gone", file=shown(name[-1])) for name in found if not found[name]]
    more = [said("plan.more-files", count=len(changed) - _NAMED)] if len(changed) > _NAMED else []
    if moved or changed:
        before = said("plan.done-before", count=len(done)) if done else None
        raise PlanMoved(plan.id, (*moved, *changed[:_NAMED], *more), before)
    cache.save()
    return {name: pending for name, pending in found.items() if pending is not None}


def _versions(writer: Writer, plan: Plan) -> Iterator[Sentence]:
    for name in ("rules_version", "code_version"):
        planned, now = getattr(plan, name), getattr(writer, name)
        if planned != now:
            yield said("plan.other-version", what=name.replace("_", " "), before=planned, now=now)


def _as_planned(planned: PlannedDelivery, there: Mapping[tuple[str, str], RawFile], look: Look) -> PendingFile | None:
    """The file of the rehearsal, with the day of delivery that was planned; None where it is another one now."""
    file = there.get((planned.source, planned.file_name))
    fingerprint = None if file is None else look(file)
    if file is None or not isinstance(fingerprint, FileFingerprint):
        return None
    if (fingerprint.delivery, fingerprint.sidecar_sha256) != (planned.delivery, planned.sidecar_sha256):
        return None
    return PendingFile(
        file,
        fingerprint.settled_on(date.fromisoformat(planned.delivered_on)),
        processing=planned.processing,
        is_copy=planned.action is Action.COPY,
        is_accepted=planned.is_accepted,
    )
