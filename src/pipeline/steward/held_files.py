"""Files that no night records because of a backfill plan, told in the plan, in the night and in the terminal.

Here: words. Not here: which files these are (``jobs.plan_holds``).
"""

from collections.abc import Iterable, Iterator, Sequence

from pipeline.backfill.plan import Plan
from pipeline.jobs.plan_holds import APPROVED, REFUSED, WAITS, Hold
from pipeline.steward.report_rows import Rows
from pipeline.steward.text import code, escaped, section
from pipeline.steward.wording import told, words
from schemas.sentences import Sentence, said
from schemas.spelling import shown

_MOST = 20


def of_plan(plan: Plan, *, waits: bool, earlier: Sequence[Hold]) -> str:
    """What a plan does to its files while it waits, and what an earlier plan did."""
    ours = {(each.source, each.delivery) for each in plan.deliveries if each.is_applied}
    lines = [told(said("holds.this-plan", count=len(ours)))] if waits and ours else []
    lines += [
        f"{told(said('holds.of-these', count=len(shared)))} {escaped(told(_state(hold)), 400)}"
        for hold in earlier
        if (shared := ours & set(hold.files))
    ]
    return "\n\n".join(lines)


def section_of(holds: Sequence[Hold]) -> str:
    """The files that a night left alone, by plan."""
    parts = []
    for hold in holds:
        names = sorted(hold.files.values())
        listed = [f"- {code(shown(name))}" for name in names[:_MOST]]
        if len(names) > _MOST:
            listed.append(f"- {told(said('holds.more', count=len(names) - _MOST))}")
        parts += [f"{escaped(told(_state(hold)), 400)} {told(_next(hold))}", "\n".join(listed)]
    heading = words("Blijft liggen voor een plan", "Left alone for a plan")
    return section(heading, *parts)


def rows(holds: Iterable[Hold]) -> Rows:
    """One row per file that was left alone."""
    return [
        {"plan": hold.plan, "event": hold.event, "by": hold.by, "why": hold.why, "since": hold.since.isoformat(),
         "source": source, "file_name": shown(name), "delivery": delivery}
        for hold in holds
        for (source, delivery), name in sorted(hold.files.items())
    ]  # fmt: skip


def lines(holds: Sequence[Hold]) -> Iterator[str]:
    """The same for the terminal."""
    for hold in holds:
        yield f"{len(hold.files)} files are left alone. {_state(hold)} {_next(hold)}"
        yield from (f"  {shown(name)}" for name in sorted(hold.files.values())[:_MOST])
        if len(hold.files) > _MOST:
            yield f"  {said('holds.more', count=len(hold.files) - _MOST)}"


_STATES = {WAITS: "holds.waits", REFUSED: "holds.refused", APPROVED: "holds.approved"}
_NEXT = {WAITS: "holds.waits-next", REFUSED: "holds.refused-next", APPROVED: "holds.approved-next"}


def _state(hold: Hold) -> Sentence:
    values = {"plan": hold.plan, "day": hold.since.date(), "by": shown(hold.by or ""), "why": shown(hold.why or "")}
    return said(_STATES[hold.event], **values)


def _next(hold: Hold) -> Sentence:
    return said(_NEXT[hold.event], plan=hold.plan)
