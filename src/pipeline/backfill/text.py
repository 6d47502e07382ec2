"""A plan as a steward reads it: plain text, short. The JSON holds everything. Not here: what a plan is (``plan``)."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice

from pipeline.backfill.gaps import spans
from pipeline.backfill.plan import Figure, Gap, Plan
from pipeline.backfill.planned_delivery import DONE_BY_MONTH, JUDGED_AGAIN, Action, PlannedDelivery

_MOST = 40
_MOST_OTHERS = 20


def plan_text(plan: Plan, most: int = _MOST) -> str:
    """Request, months, what is left alone, tables and figures (at most ``most`` of each), gaps."""
    asked = plan.request
    about = [*asked.sources, *asked.municipalities]
    head = [
        f"Plan {plan.id}: {asked.mode} from {asked.from_month} until {asked.until_month} (exclusive)"
        + (f", only {', '.join(about)}" if about else ""),
        *([f"Why: {asked.reason}"] if asked.reason else []),
        f"Made {plan.made_at[:16]} UTC{f' by {plan.made_by}' if plan.made_by else ''}, rules {plan.rules_version}, "
        f"code {plan.code_version}, on a log of {plan.position.events} events.",
    ]
    parts = (
        head,
        _months(plan, most),
        _judged_again(plan),
        _left_alone(plan),
        _tables(plan),
        _figures(plan, most),
        _gaps(plan.gaps),
    )
    paragraphs = ["\n".join(part) for part in parts]
    return "\n\n".join(text for text in paragraphs if text)


def _months(plan: Plan, most: int) -> Iterator[str]:
    if not plan.done_by_month:
        yield "Nothing to do: no delivery about these months would change anything."
        yield from plan.notes
        return
    total = [
        sum(getattr(each, name) for each in plan.months) for name in ("rows_add", "rows_supersede", "rows_quarantine")
    ]
    yield (
        f"{len(plan.done_by_month)} deliveries in {len(plan.months)} months: {total[0]:,} rows added, "
        f"{total[1]:,} replaced, {total[2]:,} to quarantine."
    )
    rows = [_delivery(each) for each in plan.done_by_month]
    yield from _columns(("month", "file", "action", "add", "replaced", "quarantine", "also about"), rows[:most])
    yield from _rest(rows, most, "deliveries")
    yield from plan.notes


def _delivery(each: PlannedDelivery) -> tuple[str, ...]:
    rows = (each.rows_add, each.rows_supersede, each.rows_quarantine)
    also = spans(month for month in each.months if month != each.month)
    return (each.month, each.file_name, each.action.value, *(f"{count:,}" for count in rows), also)


def _judged_again(plan: Plan) -> Iterator[str]:
    again = [each for each in plan.deliveries if each.action in JUDGED_AGAIN]
    for each in again[:_MOST_OTHERS]:
        becomes = "is recorded" if each.action is Action.FREE else "waits for a steward"
        yield f"Judged again: {each.file_name} (was {each.status_before}) {becomes}. {each.note}".rstrip()
    yield from _rest(again, _MOST_OTHERS, "deliveries judged again")


def _left_alone(plan: Plan) -> Iterator[str]:
    same = sum(each.action is Action.SAME for each in plan.deliveries)
    done = (*DONE_BY_MONTH, *JUDGED_AGAIN, Action.SAME)
    others = [each for each in plan.deliveries if each.action not in done]
    if same:
        yield f"{same} deliveries give the same rows and findings again: left alone."
    for each in others[:_MOST_OTHERS]:
        yield f"Left alone: {each.file_name} ({each.action}, was {each.status_before}) {each.note}".rstrip()
    yield from _rest(others, _MOST_OTHERS, "deliveries left alone")


def _tables(plan: Plan) -> Iterator[str]:
    for each in plan.touched:
        period = f", {each.periods[0]} to {each.periods[-1]}" if each.periods else ""
        yield f"{each.table}: {each.figures:,} figures change{period}"


def _figures(plan: Plan, most: int) -> Iterator[str]:
    if not plan.figures:
        yield "No figure changes."
        return
    shown = _telling(plan, most)
    rows = [(each.table, each.key, each.column, each.kind, *_values(each)) for each in shown]
    yield from _columns(("table", "key", "figure", "change", "before", "after"), rows)
    yield from _rest(plan.figures, len(shown), "figures")


def _telling(plan: Plan, most: int) -> list[Figure]:
    """Some of every table; figures that people have seen before those that are new."""
    each_table = max(most // len(plan.touched), 1)
    old_first = sorted(plan.figures, key=lambda each: (each.table, each.kind == "added"))
    return [each for _, group in groupby(old_first, lambda each: each.table) for each in islice(group, each_table)]


def _values(figure: Figure) -> tuple[str, str]:
    before, after = ("" if value is None else f"{value:,.10g}" for value in (figure.value_before, figure.value_after))
    return before, after


def _gaps(gaps: Sequence[Gap]) -> Iterator[str]:
    if gaps:
        yield "Still missing after this:"
        yield from gaps_text(gaps)


def gaps_text(gaps: Sequence[Gap]) -> Iterator[str]:
    """One line per source and municipality."""
    for source, code in dict.fromkeys((each.source, each.municipality_code) for each in gaps):
        own = [each for each in gaps if (each.source, each.municipality_code) == (source, code)]
        yield f"{source} {code}: {spans(each.month for each in own)}"
        elsewhere = sorted({each.also_in for each in own if each.also_in})
        for other in elsewhere:
            covered = spans(each.month for each in own if each.also_in == other)
            yield f"  of these {other} covers {covered}"


def _rest(rows: Sequence[object], most: int, what: str) -> Iterator[str]:
    if len(rows) > most:
        yield f"… and {len(rows) - most:,} more {what}; --json lists all"


def _columns(names: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    lines = [tuple(names), *map(tuple, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(names))]
    for line in lines:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
