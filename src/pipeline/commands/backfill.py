"""``backfill``: plan months again, look at the plan, apply it; and which months nobody reported."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

from pipeline import settings
from pipeline.commands import stopping
from pipeline.commands.command import Command, Parser, print_json, print_text
from schemas.vocabulary import BackfillMode

if TYPE_CHECKING:
    from pipeline.backfill.plan import Plan
    from pipeline.jobs.backfill.applied import MonthDone


def _plan(options: argparse.Namespace) -> int:
    from pipeline.backfill.request import Request
    from pipeline.jobs.backfill.make_plan import make_plan
    from pipeline.jobs.workspace import open_writer

    request = Request(
        from_month=options.from_month,
        until_month=options.until_month,
        sources=tuple(options.source),
        municipalities=tuple(options.municipality),
        mode=options.mode,
        reason=options.reason,
    )
    writer = open_writer(settings.load(options.data_dir))
    plan = make_plan(writer, request, _tell, made_by=options.by)
    _print(plan, options)
    if plan.done_by_month and not options.json:
        print(f"\nNothing has changed yet. To do this: uitstroom backfill apply {plan.id}")
    return 0


def _show(options: argparse.Namespace) -> int:
    from pipeline.jobs.backfill.kept_plans import load_plan

    _print(load_plan(settings.load(options.data_dir), options.plan), options)
    return 0


def _apply(options: argparse.Namespace) -> int:
    from pipeline.jobs.backfill.apply import apply as apply_plan
    from pipeline.jobs.backfill.kept_plans import load_plan
    from pipeline.jobs.backfill.plan_decisions import APPROVED, is_approved, record_decision
    from pipeline.jobs.workspace import open_writer

    place = settings.load(options.data_dir)
    plan = load_plan(place, options.plan)
    writer = open_writer(place)
    if options.by or options.reason or not is_approved(writer, plan):
        by, why = options.by or plan.made_by, options.reason or plan.request.reason
        record_decision(writer, plan, APPROVED, by=by, why=why)
    with stopping.heard(_STOPPING) as wish:
        applied = apply_plan(
            open_writer(place), plan, lambda month: _tell(_month_text(month, plan)), lambda: wish.is_heard
        )
    if options.json:
        print_json(asdict(applied))
    else:
        print_text(str(applied))
    if applied.is_stopped:
        return wish.exit_code
    return 1 if applied.differences else 0


_STOPPING = "Stopping when this month is done. Asked once more, it ends at once; what is recorded stays."


def _gaps(options: argparse.Namespace) -> int:
    from pipeline.backfill.text import gaps_text
    from pipeline.jobs.backfill.gaps import find_gaps
    from pipeline.jobs.workspace import open_workspace

    found = find_gaps(open_workspace(settings.load(options.data_dir)), options.from_month, options.until_month)
    if options.json:
        print_json([asdict(gap) for gap in found])
    else:
        print_text("\n".join(gaps_text(found)) or "No gaps: every municipality reported every month.")
    return 0


def _print(plan: object, options: argparse.Namespace) -> None:
    from pipeline.backfill.plan import Plan
    from pipeline.backfill.plan_json import as_json
    from pipeline.backfill.text import plan_text

    assert isinstance(plan, Plan)
    if options.json:
        print_json(as_json(plan))
    else:
        print_text(plan_text(plan))


def _tell(what: object) -> None:
    print_text(str(what), sys.stderr)


def _month_text(month: "MonthDone", plan: "Plan") -> str:
    """A month of which an earlier sitting did everything has no receipts in this one."""
    is_applied = any(each.is_applied for each in plan.done_by_month if each.month == month.month)
    if month.receipts or not is_applied:
        return str(month)
    return f"{month.month}: was recorded before ({month.done} of {month.total} months)"


def _arguments(parser: Parser) -> None:
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    plan = _action(actions, "plan", _plan, "rehearse a backfill and keep the plan; changes nothing else")
    _months(plan, required=True)
    plan.add_argument("--source", action="append", default=[], help="only this source; may be repeated")
    plan.add_argument(
        "--municipality", action="append", default=[], metavar="CODE", help="only this one, 0882; may be repeated"
    )
    plan.add_argument(
        "--mode",
        choices=list(BackfillMode),
        default=BackfillMode.MISSING,
        help="missing: files the log does not have; revalidate: known files under today's rules; "
        "reproject: count and project again (default: missing)",
    )
    plan.add_argument("--reason", default="", metavar="TEXT", help="why; no personal data")
    plan.add_argument("--by", default="", metavar="WHO", help="who makes the plan")
    apply = _action(
        actions,
        "apply",
        _apply,
        "approve a plan and do it, month by month; stopped, the same command goes on",
    )
    show = _action(actions, "show", _show, "print a plan")
    for action in (apply, show):
        action.add_argument("plan", metavar="PLAN", help="id of a plan, or how it begins")
    apply.add_argument("--by", default="", metavar="WHO", help="who approves the plan (default: who made it)")
    apply.add_argument(
        "--reason", default="", metavar="TEXT", help="why; no personal data (default: the reason of the plan)"
    )
    gaps = _action(actions, "gaps", _gaps, "months that no recorded delivery of benefits or totals covers")
    _months(gaps, required=False)


_WRITING = ("plan", "apply")
"""A plan is made of a log that holds still."""


def _action(
    actions: "argparse._SubParsersAction[Parser]", name: str, run: Callable[[argparse.Namespace], int], text: str
) -> Parser:
    parser = actions.add_parser(name, help=text, description=text)
    parser.set_defaults(command=run, writes=name in _WRITING, only_answers=name not in _WRITING)
    # No default here: it would silently replace what was given before the action.
    parser.add_argument(
        "--data-dir", type=settings.data_place, default=argparse.SUPPRESS, help="folder with raw/, log/, …"
    )
    parser.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print JSON")
    return parser


def _months(parser: Parser, *, required: bool) -> None:
    parser.add_argument("--from", dest="from_month", required=required, metavar="MONTH", help="first month, as 2016-01")
    parser.add_argument(
        "--to", dest="until_month", required=required, metavar="MONTH", help="first month left out, as 2017-01"
    )


BACKFILL = Command("backfill", "months again: plan, show, apply; and gaps", lambda _: 2, _arguments)
