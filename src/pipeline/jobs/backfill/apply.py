"""Applying a plan: the same jobs as in the rehearsal, now on the log itself, month by month.

Here: whether the plan still holds, the order of steps, stopping and going on. Not here: making a plan
(``make_plan``). Killed in between, the same plan goes on: what is recorded is skipped, and the rest is recorded
once (``ingest``).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import polars as pl

from pipeline.backfill.impact import unlike
from pipeline.backfill.log_position import made_by, moves
from pipeline.backfill.plan import Action, Plan, PlannedDelivery
from pipeline.errors import Rejected, Unstable, write_errors_explained
from pipeline.jobs.backfill.errors import PlanMoved, PlanRefused
from pipeline.jobs.backfill.make_plan import at_moment, figure_tables
from pipeline.jobs.ingest.ingest import ingest
from pipeline.jobs.ingest.new_files import PendingFile
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.release.publish import release
from pipeline.jobs.release.release_history import ReleaseHistory
from pipeline.jobs.workspace import Writer
from pipeline.store import plans
from pipeline.store.fingerprint_cache import FingerprintCache
from pipeline.store.raw import FileFingerprint, RawFile, list_raw
from schemas.vocabulary import BackfillMode

_NAMED = 10


@dataclass(frozen=True)
class MonthDone:
    """One month of a plan is recorded: the ``done``-th of ``total``. ``receipts`` leaves out what was there already."""

    month: str
    done: int
    total: int
    receipts: tuple[Receipt, ...]

    def __str__(self) -> str:
        rows = sum(receipt.rows_recorded for receipt in self.receipts)
        done = f"{self.done} of {self.total} months"
        return f"{self.month}: {len(self.receipts)} deliveries, {rows:,} rows recorded ({done})"


@dataclass(frozen=True)
class Applied:
    """What became of a plan.

    ``was_applied`` is the moment of an earlier sitting that ended it; nothing was done then. ``differences`` names
    figures and rows that are not as planned; it should be empty.
    """

    plan: str
    months_done: int
    months: int
    rows_recorded: int = 0
    release: str = ""
    is_stopped: bool = False
    was_applied: str = ""
    applied_at: str = ""
    differences: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.was_applied:
            return f"Plan {self.plan} was applied on {self.was_applied[:16]} UTC; nothing was done again."
        if self.is_stopped:
            return (
                f"Plan {self.plan} was stopped after {self.months_done} of {self.months} months. "
                "What is recorded stays. Go on by applying the same plan."
            )
        figures = "; ".join(self.differences) or "All figures are as planned."
        return (
            f"Plan {self.plan} is applied: {self.months} months, {self.rows_recorded:,} rows recorded, "
            f"release {self.release}. {figures}"
        )


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
    months = len(plan.months)
    if note := plans.applied(writer.settings, plan.id):
        return Applied(plan.id, months, months, release=str(note["release"]), was_applied=str(note["applied_at"]))
    with write_errors_explained("applying a plan", writer.settings.data_dir):
        return _Sitting(replace(writer, plan=plan.id), plan).go(progress, should_stop)


def require_not_refused(writer: Writer, plan: Plan) -> None:
    """Raise PlanRefused when the last decision of a steward about the plan, since it was made, is a refusal."""
    about = (pl.col("release") == plan.id) & pl.col("event").str.starts_with("plan_")
    since = pl.col("recorded_at") >= datetime.fromisoformat(plan.made_at)
    decisions = ReleaseHistory.of(writer).rows.filter(about & since)
    if not decisions.is_empty() and decisions["event"][-1] == "plan_refused":
        last = decisions.row(-1, named=True)
        raise PlanRefused(plan.id, last["decided_by"], f"{last['recorded_at']:%Y-%m-%d}", last["why"])


@dataclass(frozen=True)
class _Sitting:
    """One stretch of work on a plan. ``writer`` names the plan, so all that is recorded does."""

    writer: Writer
    plan: Plan

    def go(self, progress: Callable[[MonthDone], None], should_stop: Callable[[], bool]) -> Applied:
        events, planned = self.writer.log.events(), self.plan.done_by_month
        done = _done(self.plan, made_by(events, self.plan.id))
        files = self._checked(events, done) if len(done) < len(planned) or not planned else {}
        differences: list[str] = []
        months = self.plan.months
        for number, month in enumerate(months):
            if should_stop():
                return Applied(self.plan.id, number, len(months), is_stopped=True, differences=tuple(differences))
            if number and files:
                self._still_there(number)
            todo = [
                (place, each)
                for place, each in enumerate(planned)
                if each.month == month.month and _name(each) not in done
            ]
            receipts = tuple(self._record(place, each, files[_name(each)]) for place, each in todo if each.is_applied)
            differences += _unlike(receipts, [each for _, each in todo if each.is_applied])
            progress(MonthDone(month.month, number + 1, len(months), receipts))
        if should_stop():
            return Applied(self.plan.id, len(months), len(months), is_stopped=True, differences=tuple(differences))
        return self._publish(differences)

    def _checked(
        self, events: pl.DataFrame, done: set[tuple[str, str, str]]
    ) -> Mapping[tuple[str, str, str], PendingFile]:
        """The files still to be read, by name; PlanMoved with everything that is not as planned."""
        moved = [*self._versions(), *moves(events, self.plan)]
        pending_files: dict[tuple[str, str, str], PendingFile] = {}
        cache = FingerprintCache.beside(self.writer.settings.log)
        there = {(file.source, file.file_name): file for file in list_raw(self.writer.settings.raw)}
        changed: list[str] = []
        for each in self.plan.done_by_month:
            if each.is_applied and _name(each) not in done:
                found = _fingerprinted(each, there, cache)
                if found is None:
                    changed.append(f"raw/{each.file_name} is gone, or no longer the file that was planned")
                else:
                    pending_files[_name(each)] = _pending(each, *found)
        more = [f"and {len(changed) - _NAMED} more files"] if len(changed) > _NAMED else []
        if moved or changed:
            raise PlanMoved(self.plan.id, (*moved, *changed[:_NAMED], *more), _told(len(done)))
        cache.save()
        return pending_files

    def _versions(self) -> Iterator[str]:
        for name in ("rules_version", "code_version"):
            planned, now = getattr(self.plan, name), getattr(self.writer, name)
            if planned != now:
                yield f"the {name.replace('_', ' ')} was {planned} and is {now}"

    def _still_there(self, months_done: int) -> None:
        if moved := moves(self.writer.log.events(), self.plan):
            raise PlanMoved(self.plan.id, moved, f"{months_done} months were done before that; what is recorded stays.")

    def _record(self, place: int, planned: PlannedDelivery, pending: PendingFile) -> Receipt:
        receipt = ingest(at_moment(self.writer, place), pending)
        if receipt.status == "unstable":
            raise PlanMoved(
                self.plan.id, (receipt.detail,), f"Everything before {planned.file_name} is recorded and stays."
            )
        return receipt

    def _publish(self, differences: list[str]) -> Applied:
        # After all that was recorded, also by the clock.
        writer = at_moment(self.writer, len(self.plan.done_by_month) + 1)
        afresh = self.plan.request.mode is BackfillMode.REPROJECT
        moved = moves(writer.log.events(), self.plan)
        published = release(writer, lambda _: None, afresh=afresh, planned=self.plan.figures)
        if published.block is not None:
            reasons = "; ".join(published.block.reasons)
            differences.append(
                f"nothing was published: final figures would change that the plan does not name ({reasons}); a steward "
                f"decides, block {published.block.id}"
            )
        elif moved:
            differences.append(f"figures were not compared, the log moved before the release: {'; '.join(moved)}")
        else:
            differences += unlike(self.plan.figures, self.plan.figures_after, figure_tables(writer))
        applied = Applied(
            self.plan.id,
            len(self.plan.months),
            len(self.plan.months),
            rows_recorded=sum(each.rows_add for each in self.plan.done_by_month),
            release=published.release.id,
            applied_at=writer.recorded_at.isoformat(),
            differences=tuple(differences),
        )
        note = {"plan": self.plan.id, "applied_at": applied.applied_at, "release": applied.release}
        plans.mark_applied(writer.settings, self.plan.id, {**note, "differences": list(differences)})
        return applied


def _name(planned: PlannedDelivery) -> tuple[str, str, str]:
    return planned.source, planned.delivery, planned.file_name


def _done(plan: Plan, own: pl.DataFrame) -> set[tuple[str, str, str]]:
    """Deliveries of the plan that are in the log under its name."""
    there = set(own.select("source", "delivery", "file_name").rows())
    return {_name(each) for each in plan.done_by_month if _name(each) in there}


def _told(done: int) -> str:
    return f"{done} deliveries of it were recorded before that, and stay." if done else "Nothing was changed."


def _fingerprinted(
    planned: PlannedDelivery, there: Mapping[tuple[str, str], RawFile], cache: FingerprintCache
) -> tuple[RawFile, FileFingerprint] | None:
    file = there.get((planned.source, planned.file_name))
    if file is None:
        return None
    try:
        fingerprint = cache.fingerprint(file)
    except (Rejected, Unstable):
        return None
    is_same = (fingerprint.delivery, fingerprint.sidecar_sha256) == (planned.delivery, planned.sidecar_sha256)
    return (file, fingerprint) if is_same else None


def _pending(planned: PlannedDelivery, file: RawFile, fingerprint: FileFingerprint) -> PendingFile:
    """The pending of the rehearsal, with the day of delivery that was planned."""
    return PendingFile(
        file,
        replace(fingerprint, delivered_on=date.fromisoformat(planned.delivered_on)),
        processing=planned.processing,
        is_copy=planned.action is Action.COPY,
        is_accepted=planned.is_accepted,
    )


def _unlike(receipts: Sequence[Receipt], planned: Sequence[PlannedDelivery]) -> Iterator[str]:
    for receipt, each in zip(receipts, planned, strict=True):
        found = (receipt.status, receipt.rows_recorded, receipt.rows_quarantined, receipt.rows_duplicate)
        expected = (each.status_after, each.rows_add, each.rows_quarantine, each.rows_duplicate)
        if found != expected:
            yield f"{each.file_name}: planned {expected}, found {found} (status, rows recorded, quarantined, duplicate)"
