"""Final figures change only when a steward lets them: rule RELATION-009.

Here: what blocks a release, and the approval that lifts it. Not here: publishing (``publish``), what changed
(``release_comparison``).
"""

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256

import polars as pl

from pipeline.backfill.plan import Figure
from pipeline.errors import UitstroomError
from pipeline.jobs.release.release_comparison import ReleaseComparison
from pipeline.jobs.release.release_history import APPROVED, BLOCKED, ReleaseHistory
from pipeline.jobs.workspace import Writer
from pipeline.versions.delivery_status import statuses
from schemas.sentences import said
from schemas.signature import signature_problem
from schemas.vocabulary import DeliveryStatus

_MOST_REASONS = 20


@dataclass(frozen=True)
class Block:
    """Why the newest state is not published: final figures would change, and no steward has approved that.

    ``id`` names exactly these changes; ``reasons`` lists them, one line each.
    """

    id: str
    reasons: tuple[str, ...]


def blocked(
    writer: Writer, comparison: ReleaseComparison, events: pl.DataFrame, planned: Collection[Figure]
) -> Block | None:
    """Figures that were final and would change wait for a steward (rule RELATION-009), unless a plan names them all."""
    changes = comparison.changes_of_final_figures()
    if changes.is_empty():
        return None
    lines = _lines(changes, statuses(events))
    block = Block(sha256("\n".join(lines).encode()).hexdigest()[:12], lines)
    history = ReleaseHistory.of(writer)
    if history.has(APPROVED, block.id):
        return None
    if writer.plan is not None and _names_all(planned, changes):
        why = f"backfill plan {writer.plan}"
        history.append(writer, APPROVED, block.id, events=events.height, by="plan", why=why)
        return None
    if not history.has(BLOCKED, block.id):
        why = "; ".join(lines[:_MOST_REASONS])
        history.append(writer, BLOCKED, block.id, events=events.height, why=why)
    return block


def _lines(changes: pl.DataFrame, current: pl.DataFrame) -> tuple[str, ...]:
    """Changes in words, one line each."""
    retracted = set(current.filter(pl.col("status") == DeliveryStatus.RETRACTED)["delivery"])
    return tuple(
        f"{key}: {before:.0f} becomes {'none' if after is None else f'{after:.0f}'}, "
        f"by {'the retraction of ' if cause in retracted else ''}delivery {str(cause)[:12]}"
        for key, before, after, cause in changes.select("key", "value_before", "value_after", "cause").iter_rows()
    )


def _names_all(planned: Collection[Figure], changes: pl.DataFrame) -> bool:
    """Whether a plan names each of these changes, with the same figure after it."""
    named = {(each.table, each.key, each.column, each.value_after) for each in planned}
    return named.issuperset(changes.select("table", "key", "column", "value_after").iter_rows())


class CannotApprove(UitstroomError):
    """No such block, or no word on who approves and why."""


def approve(writer: Writer, block: str, *, by: str, why: str) -> str:
    """Record that a steward lets these final figures change; the next run publishes them. Gives the block's id.

    ``block``: the id or how it begins; empty for the last one.
    """
    if problem := signature_problem(by, why):
        raise CannotApprove(problem)
    history = ReleaseHistory.of(writer)
    name = _named(history, block)
    decided = history.rows.filter((pl.col("event") == APPROVED) & (pl.col("release") == name)).to_dicts()
    if decided:
        last = decided[-1]
        raise CannotApprove(said("approve.twice", by=last["decided_by"], day=last["recorded_at"].date()))
    history.append(writer, APPROVED, name, events=writer.log.events().height, by=by, why=why)
    return name


def _named(history: ReleaseHistory, begin: str) -> str:
    blocked = history.rows.filter(pl.col("event") == BLOCKED)
    if not begin and blocked.height:
        return str(blocked["release"][-1])
    found = blocked.filter(pl.col("release").str.starts_with(begin))
    if found.height != 1:
        code = "approve.none" if found.is_empty() else "approve.many"
        raise CannotApprove(said(code, count=found.height, block=begin, next=said("approve.find-it")))
    return str(found["release"][0])
