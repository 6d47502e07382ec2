"""Files that a backfill plan holds: no night records what a plan of a file waits for, or was refused for.

Here: which plan has the last word about a file, from the decisions in the log and the plans on disk. Not here: deciding
(``backfill.plan_decisions``), leaving files alone (``ingest``).

A plan holds the files that it would record from the moment on at which it waits for an answer. Refused it goes on
holding them; approved, until it was applied to the end, since what it showed may have moved meanwhile. A later plan
about a file takes its place, and so does a later decision about the delivery itself. A plan whose question was
withdrawn without an answer holds nothing, and what was decided before that holds again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from pipeline.backfill.plan import Plan
from pipeline.backfill.plan_json import from_json
from pipeline.backfill.planned_delivery import Action
from pipeline.jobs.release.release_history import ReleaseHistory
from pipeline.jobs.workspace import Workspace, Writer
from pipeline.store import plans
from schemas.vocabulary import NOTHING_OF_IT, Decision

WAITS, APPROVED, REFUSED, WITHDRAWN = "plan_waits", "plan_approved", "plan_refused", "plan_withdrawn"

Name = tuple[str, str]
"""A delivery: source and hash."""


@dataclass(frozen=True)
class Hold:
    """One plan that has the last word about some files, and what that word is."""

    plan: str
    event: str
    since: datetime
    by: str | None = None
    why: str | None = None
    files: Mapping[Name, str] = field(default_factory=dict)
    """Names of the files that lie there for it."""


def holds(workspace: Workspace) -> tuple[Hold, ...]:
    """Plans that hold files now, with these files; the plan that was decided about last comes last."""
    words = _last_words(ReleaseHistory.of(workspace).rows)
    if not words:
        return ()
    events = workspace.log.events()
    held: dict[Name, tuple[Hold, str]] = {}
    for word in words:
        plan = _plan(workspace, word.plan)
        if plan is None:
            continue
        is_done = word.event == APPROVED and plans.applied(workspace.settings, word.plan) is not None
        for each in plan.deliveries:
            name = (each.source, each.delivery)
            if is_done:
                held.pop(name, None)
            elif each.is_applied or each.action is Action.FREE:
                held[name] = (word, each.file_name)
    open_ones = {name: found for name, found in held.items() if not _is_settled(events, name, found[0])}
    return tuple(_gathered(words, open_ones))


def held_names(workspace: Workspace) -> frozenset[Name]:
    """The deliveries that no night takes in."""
    return frozenset(name for hold in holds(workspace) for name in hold.files)


def wait_for_answer(writer: Writer, plan: Plan) -> None:
    """Record that a plan waits for a steward from now on."""
    _append(writer, WAITS, plan.id, plan.request.reason)


def withdraw(writer: Writer, plan_id: str, why: str) -> None:
    """Record that a plan waits no more, though nobody answered."""
    _append(writer, WITHDRAWN, plan_id, why)


def waiting(workspace: Workspace) -> tuple[str, ...]:
    """Ids of the plans that wait for an answer."""
    return tuple(word.plan for word in _last_words(ReleaseHistory.of(workspace).rows) if word.event == WAITS)


def _append(writer: Writer, event: str, plan_id: str, why: str) -> None:
    ReleaseHistory.of(writer).append(writer, event, plan_id, events=writer.log.events().height, why=why)


def _last_words(rows: pl.DataFrame) -> list[Hold]:
    """What holds about each plan now, in the order in which it came to hold."""
    decided: dict[str, Hold] = {}
    asked: dict[str, Hold] = {}
    for row in rows.filter(pl.col("event").is_in([WAITS, APPROVED, REFUSED, WITHDRAWN])).iter_rows(named=True):
        plan, event = row["release"], row["event"]
        asked.pop(plan, None)
        if event == WITHDRAWN:
            continue
        found = Hold(plan, event, row["recorded_at"], row["decided_by"], row["why"])
        (asked if event == WAITS else decided)[plan] = found
    return sorted((decided | asked).values(), key=lambda each: each.since)


def _plan(workspace: Workspace, plan_id: str) -> Plan | None:
    """The plan; None where its file is gone or no longer it, so that nobody knows what it was about."""
    try:
        plan = from_json(plans.load(workspace.settings, plan_id))
    except (KeyError, TypeError, ValueError, OSError):
        return None
    return plan if plan.id == plan_id else None


def _is_settled(events: pl.DataFrame, name: Name, word: Hold) -> bool:
    """Whether a delivery counts already by this plan, or somebody decided about it itself since."""
    own = events.filter((pl.col("source") == name[0]) & (pl.col("delivery") == name[1]))
    since = own.filter(pl.col("recorded_at") > word.since)
    by_plan = own.filter((pl.col("plan") == word.plan) & ~pl.col("event").is_in(NOTHING_OF_IT))
    return by_plan.height > 0 or since.filter(pl.col("event").is_in(list(Decision))).height > 0


def _gathered(words: list[Hold], held: Mapping[Name, tuple[Hold, str]]) -> Iterator[Hold]:
    for word in words:
        files = {name: file_name for name, (own, file_name) in held.items() if own.plan == word.plan}
        if files:
            yield Hold(word.plan, word.event, word.since, word.by, word.why, files)
