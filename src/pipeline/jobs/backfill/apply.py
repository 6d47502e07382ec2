"""Applying a plan: the same jobs as in the rehearsal, now on the log itself, month by month.

Here: the order of steps, stopping and going on. Not here: making a plan (``make_plan``), whether it still holds
(``still_planned``), what it came to in words (``applied``). Killed in between, the same plan goes on: what is recorded
is skipped, and the rest is recorded once (``ingest``).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.backfill.impact import unlike
from pipeline.backfill.log_position import moves
from pipeline.backfill.plan import Plan
from pipeline.backfill.planned_delivery import PlannedDelivery
from pipeline.errors import write_errors_explained
from pipeline.jobs.backfill import judged_again
from pipeline.jobs.backfill.applied import Applied, MonthDone
from pipeline.jobs.backfill.errors import PlanMoved
from pipeline.jobs.backfill.make_plan import at_moment, figure_tables
from pipeline.jobs.backfill.plan_decisions import require_not_refused
from pipeline.jobs.backfill.still_planned import Name, already_done, files_as_planned, name_of
from pipeline.jobs.ingest.gatekeeper import Gatekeeper
from pipeline.jobs.ingest.ingest import ingest
from pipeline.jobs.ingest.new_files import PendingFile
from pipeline.jobs.ingest.reading import reading
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.release.publish import Published, release
from pipeline.jobs.workspace import Writer
from pipeline.store import plans
from schemas.sentences import Sentence, said
from schemas.spelling import shown
from schemas.vocabulary import BackfillMode


def never() -> bool:
    """Nobody asks to stop."""
    return False


def apply(
    writer: Writer,
    plan: Plan,
    progress: Callable[[MonthDone], None],
    should_stop: Callable[[], bool] = never,
) -> Applied:
    """Record what the plan states, month by month, and publish.

    ``should_stop`` is asked before each month and before the release. Raises PlanMoved when something is no longer as
    it was planned; then nothing was recorded, or whole months were and stay. Raises PlanRefused when a steward refused
    it since it was made.
    """
    require_not_refused(writer, plan)
    total, planned = len(plan.months), plan.done_by_month
    if note := plans.applied(writer.settings, plan.id):
        return Applied(plan.id, total, total, release=str(note["release"]), was_applied=str(note["applied_at"]))
    writer = replace(writer, plan=plan.id)  # so that all that is recorded names the plan
    differences: list[str] = []
    with write_errors_explained("applying a plan", writer.settings.data_dir), reading(writer.settings):
        events = writer.log.events()
        done = already_done(plan, events)
        files = files_as_planned(writer, plan, events, done) if len(done) < len(planned) or not planned else {}
        keeper = Gatekeeper(writer, events)
        for number, month in enumerate(plan.months):
            if should_stop():
                return Applied(plan.id, number, total, is_stopped=True, differences=tuple(differences))
            if number and files and (moved := moves(writer.log.events(), plan)):
                before = said("plan.months-done", count=number)
                raise PlanMoved(plan.id, moved, before)
            recorded = [*_record(writer, plan, month.month, files, keeper)]
            differences += _unlike(recorded)
            progress(MonthDone(month.month, number + 1, total, tuple(receipt for _, receipt in recorded)))
        if should_stop():
            return Applied(plan.id, total, total, is_stopped=True, differences=tuple(differences))
        if plan.request.mode is not BackfillMode.REPROJECT:
            differences += judged_again.applied(at_moment(writer, len(planned)), plan)
        return _publish(writer, plan, differences)


def _record(
    writer: Writer, plan: Plan, month: str, files: Mapping[Name, PendingFile], keeper: Gatekeeper
) -> Iterator[tuple[PlannedDelivery, Receipt]]:
    """Give the files of a month to ``ingest``, in the order and at the moments of the plan."""
    for place, planned in enumerate(plan.done_by_month):
        if planned.month != month or (pending := files.get(name_of(planned))) is None:
            continue
        receipt = ingest(at_moment(writer, place), pending, keeper)
        if receipt.status == "unstable":
            before = said("plan.before-file", file=shown(planned.file_name))
            raise PlanMoved(plan.id, (receipt.detail,), before)
        yield planned, receipt


def _unlike(recorded: Iterable[tuple[PlannedDelivery, Receipt]]) -> Iterator[str]:
    for each, receipt in recorded:
        found = (receipt.status, receipt.rows_recorded, receipt.rows_quarantined, receipt.rows_duplicate)
        expected = (each.status_after, each.rows_add, each.rows_quarantine, each.rows_duplicate)
        if found != expected:
            yield f"{each.file_name}: planned {expected}, found {found} (status, rows recorded, quarantined, duplicate)"


def _publish(writer: Writer, plan: Plan, differences: list[str]) -> Applied:
    """Make the planned figures current, and note that the plan was applied to the end."""
    # After all that was recorded, also by the clock; what waits again was recorded a moment after the rest.
    writer = at_moment(writer, len(plan.done_by_month) + 2)
    moved = moves(writer.log.events(), plan)
    is_afresh = plan.request.mode is BackfillMode.REPROJECT
    published = release(writer, lambda _: None, afresh=is_afresh, planned=plan.figures)
    differences += _unlike_figures(writer, plan, published, moved)
    applied = Applied(
        plan.id,
        len(plan.months),
        len(plan.months),
        rows_recorded=sum(each.rows_add for each in plan.done_by_month),
        release=published.release.id,
        applied_at=writer.recorded_at.isoformat(),
        differences=tuple(differences),
    )
    note = {"plan": plan.id, "applied_at": applied.applied_at, "release": applied.release}
    plans.mark_applied(writer.settings, plan.id, {**note, "differences": differences})
    return applied


def _unlike_figures(writer: Writer, plan: Plan, published: Published, moved: Sequence[Sentence]) -> Iterable[str]:
    if published.block is not None:
        reasons = "; ".join(published.block.reasons)
        return [
            f"nothing was published: final figures would change that the plan does not name ({reasons}); a steward "
            f"decides, block {published.block.id}"
        ]
    if (back := published.rolled_back) is not None:
        return [
            f"nothing was published: {back.by} went back to release {back.release} ({back.why}), which stays until "
            "something new is recorded"
        ]
    if moved:
        return [
            f"figures were not compared, the log moved before the release: {'; '.join(str(each) for each in moved)}"
        ]
    return unlike(plan.figures, plan.figures_after, figure_tables(writer))
