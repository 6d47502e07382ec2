"""What a run leaves in the UI: artifacts. Here: sending them, under keys that have a page of their own.

Not here: what they contain (``pipeline.steward``).
"""

import base64
import os
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from prefect.artifacts import (
    create_image_artifact,
    create_markdown_artifact,
    create_table_artifact,
)

from flows.temporary_server import ends_with_the_run
from pipeline.jobs.nightly import Night
from pipeline.jobs.plan_holds import Hold
from pipeline.jobs.release.final_figure_block import Block
from pipeline.jobs.workspace import Workspace
from pipeline.steward import held_reports, month_calendar, reports
from pipeline.steward.about import place_name
from pipeline.steward.held_reports import Held
from pipeline.steward.report_rows import RULES_PAGE
from pipeline.steward.reports import Report
from pipeline.steward.table_words import worded
from pipeline.steward.text import Value, code, literal, plain, whole
from pipeline.steward.wording import told, words
from pipeline.store.log.log import Log
from pipeline.store.releases.releases import Release

if TYPE_CHECKING:
    import polars as pl

    from pipeline.backfill.plan import Plan
    from pipeline.jobs.backfill.applied import Applied

RULES_VARIABLE = "UITSTROOM_RULES_URL"

_SHOWN = {
    "signals": ("Cijfers die onwaarschijnlijk ver bewegen", "Figures that move unusually far"),
    "block": ("Definitieve cijfers die zouden veranderen", "Final figures that would change"),
    "receipts": ("Ontvangstbewijzen", "Receipts"),
    "not_taken": ("Niet genomen, ligt er nog", "Not taken, still there"),
    "held_by_plans": ("Blijft liggen voor een plan", "Left alone for a plan"),
    "months_compared": ("Deze maand naast vorige maand en vorig jaar", "This month beside last month and last year"),
    "findings": ("Bevindingen per regel", "Findings by rule"),
    "file_findings": ("Bevindingen per bestand, kolom en rij", "Findings per file, column and row"),
    "relation_findings": ("Bevindingen over bronnen heen", "Findings across sources"),
    "relations": (
        "Bevindingen over bronnen heen, met plaats en maand",
        "Findings across sources, with place and month",
    ),
    "verdicts": ("Oordelen over gepubliceerde cijfers", "Verdicts on published figures"),
    "changes": ("Wat veranderde sinds de vorige uitgave", "What changed since the last release"),
    "since": ("Wat sinds die dag veranderde", "What changed since that day"),
    "held": ("Aangehouden leveringen", "Held deliveries"),
    "deliveries": ("Leveringen in het plan", "Deliveries of the plan"),
    "months": ("Maanden van het plan", "Months of the plan"),
    "gaps": ("Wat ontbreekt", "What is missing"),
    "figures": ("Cijfers, van en naar", "Figures, before and after"),
}


def night_report(night: Night, waiting: tuple[Held, ...], workspace: Workspace) -> None:
    """The report of a night and its tables, with the deliveries that wait for a steward."""
    # Pictures take seconds to draw. They show the same when nothing is new, and nobody where no server stays: who typed
    # the run has the pages of the release, with drawings of their own.
    is_drawn = night.published.is_new and not ends_with_the_run()
    report = reports.night_report(
        night, rules_url=_rules_page(), with_pictures=is_drawn, waiting=waiting, workspace=workspace
    )
    _send("night", report, words("Nachtrapport", "Night report"))


def months_report(log: Log) -> None:
    """Which months there are, beside the form of a backfill: as a report, and in the description of its deployment."""
    text = month_calendar.section_of(month_calendar.calendar(log.events()))
    heading = words("Welke maanden er zijn", "Which months there are")
    create_markdown_artifact(text, key="months", description=heading)


def known_on_report(release: Release, day: date, since: "pl.DataFrame") -> None:
    """The tables as known on a day, and what changed since, as a report in the browser."""
    report = reports.known_on_report(release, day, rules_url=_rules_page(), since=since)
    _send("known-on", report, words(f"Zoals bekend op {day:%d-%m-%Y}", f"As known on {day:%d-%m-%Y}"))


def applied_report(plan: "Plan", applied: "Applied", release: Release | None) -> None:
    """What applying a plan came to."""
    report = reports.applied_report(plan, told(applied.sentence), applied.differences, release)
    _send("applied", report, f"Plan {plan.id}")


def held(workspace: Workspace) -> tuple[Held, ...]:
    """Deliveries that wait for a decision now, each with its reasons in words."""
    return tuple(held_reports.held_now(workspace.log, rules_url=_rules_page()))


def held_report(each: Held) -> None:
    """One held delivery with its reasons."""
    create_markdown_artifact(each.markdown, key="held-delivery", description=each.file_name)


def block_report(text: str, block: str) -> None:
    """The final figures that would change."""
    create_markdown_artifact(text, key="blocked-release", description=block)


def block_name(block: Block) -> str:
    """How many final figures would change, and about which place and month the first is."""
    count, key = len(block.reasons), block.reasons[0].partition(":")[0].split("|")
    more = " …" if count > 1 else ""
    figures = (
        words("definitief cijfer", "final figure") if count == 1 else words("definitieve cijfers", "final figures")
    )
    return f"{count} {figures} ({place_name(key[0])}, {key[1][:7]}{more})" if len(key) > 1 else f"{count} {figures}"


def plan_report(plan: "Plan", log: Log, *, waits: bool, earlier: Sequence[Hold]) -> None:
    """The plan of a backfill as a page, with its deliveries and figures as tables, and which months there are."""
    _send("plan", reports.plan_report(plan, waits=waits, earlier=earlier), f"Plan {plan.id}")
    months_report(log)


def plan_question(plan: "Plan") -> str:
    """A plan in few words: above a form there is room for some lines. All of it is in the report."""
    counts = len(plan.figures), len(plan.done_by_month), len(plan.months)
    return words(
        "Plan `{}`: **{}** cijfers veranderen, **{}** leveringen, **{}** maanden. Welke, staat bij *Artifacts*.",
        "Plan `{}`: **{}** figures change, **{}** deliveries, **{}** months. Which ones is under *Artifacts*.",
    ).format(plan.id, *counts)


def block_question(count: int) -> str:
    """How many final figures would change: above a form there is room for some lines. Which ones is in the report."""
    return words(
        f"**{count}** definitieve cijfers zouden veranderen. Welke, staat bij *Artifacts*.",
        f"**{count}** final figures would change. Which ones is under *Artifacts*.",
    )


def held_question(each: Held) -> str:
    """Why a delivery is held in few words: above a form there is room for some lines. The rest is in the report."""
    rules = ", ".join(f"{found['rule']} ({found['count']})" for found in each.findings if found["severity"] != "hold")
    reason = each.reason.partition(";")[0]
    more = words("Meer bij *Artifacts*.", "More under *Artifacts*.")
    return f"{code(each.file_name)}: {rules}. {whole(reason)}. {more}"


def _rules_page() -> str:
    """Where a steward's browser finds the page of the rules; without one, codes are no links."""
    return os.environ.get(RULES_VARIABLE) or RULES_PAGE


def _send(key: str, report: Report, description: str) -> None:
    """The text under ``key``, each table and each picture that the text has no room for under a key that begins so."""
    create_markdown_artifact(report.markdown, key=key, description=description)
    for name, rows in report.tables.items():
        if rows and name in _SHOWN:
            shown = f"{words(*_SHOWN[name])}{_cut(len(rows), report.left_out.get(name, 0))}"
            create_table_artifact([_as_text(row) for row in worded(rows)], key=_key(key, name), description=shown)
    for name in report.apart:
        png = base64.b64encode(report.plots[name]).decode("ascii")
        create_image_artifact(f"data:image/png;base64,{png}", key=_key(key, name), description=description)


def _cut(shown: int, left_out: int) -> str:
    """What a table states about the rows that it does not hold."""
    return f": {plain(shown)} {words('van', 'of')} {plain(shown + left_out)}" if left_out else ""


def _as_text(row: Mapping[str, Value]) -> dict[str, Value]:
    """A row whose texts are shown as they are: the page takes a cell for Markdown, and they may come from outside."""
    return {name: literal(value) if isinstance(value, str) else value for name, value in row.items()}


def _key(key: str, name: str) -> str:
    return f"{key}-{name.replace('_', '-')}"
