"""What a run leaves in the UI: artifacts. Here: sending them, under keys that have a page of their own.

Not here: what they contain (``pipeline.steward``).
"""

import base64
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from prefect.artifacts import (
    create_image_artifact,
    create_link_artifact,
    create_markdown_artifact,
    create_table_artifact,
)

from pipeline.jobs.nightly import Night
from pipeline.jobs.plan_holds import Hold
from pipeline.jobs.release.final_figure_block import Block
from pipeline.jobs.workspace import Workspace
from pipeline.steward import reports
from pipeline.steward.about import place_name
from pipeline.steward.report_rows import RULES_PAGE
from pipeline.steward.reports import Held, Report
from pipeline.steward.text import plain
from pipeline.steward.wording import words

if TYPE_CHECKING:
    from pipeline.backfill.plan import Plan

RULES_VARIABLE = "UITSTROOM_RULES_URL"

_SHOWN = {
    "signals": "Cijfers die onwaarschijnlijk ver bewegen / Figures that move unusually far",
    "block": "Definitieve cijfers die zouden veranderen / Final figures that would change",
    "receipts": "Ontvangstbewijzen / Receipts",
    "not_taken": "Niet genomen, ligt er nog / Not taken, still there",
    "findings": "Bevindingen per regel / Findings by rule",
    "relation_findings": "Bevindingen over bronnen heen / Findings across sources",
    "verdicts": "Oordelen over gepubliceerde cijfers / Verdicts on published figures",
    "changes": "Wat veranderde sinds de vorige uitgave / What changed since the last release",
    "held": "Aangehouden leveringen / Held deliveries",
    "deliveries": "Leveringen in het plan / Deliveries of the plan",
    "months": "Maanden van het plan / Months of the plan",
    "gaps": "Wat ontbreekt / What is missing",
    "figures": "Cijfers, van en naar / Figures, before and after",
}


def night_report(night: Night, waiting: tuple[Held, ...]) -> None:
    """The report of a night and its tables, with the deliveries that wait for a steward."""
    release = night.published.release
    # Pictures take seconds to draw and show the same when nothing is new.
    report = reports.night_report(night, rules_url=_rules_page(), with_pictures=night.published.is_new, waiting=waiting)
    _send("night", report, "Nachtrapport / Night report")
    create_link_artifact(
        release.path.as_uri(), key="release", link_text=release.id, description="Uitgave / Where the release lies"
    )


def held(workspace: Workspace) -> tuple[Held, ...]:
    """Deliveries that wait for a decision now, each with its reasons in words."""
    return tuple(reports.held_now(workspace.log, rules_url=_rules_page()))


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


def plan_report(plan: "Plan", *, waits: bool, earlier: Sequence[Hold]) -> None:
    """The plan of a backfill as a page, with its deliveries and figures as tables."""
    _send("plan", reports.plan_report(plan, waits=waits, earlier=earlier), f"Plan {plan.id}")


def plan_question(plan: "Plan") -> str:
    """A plan in few words: above a form there is room for some lines. All of it is in the report."""
    return (
        f"Plan `{plan.id}`: **{len(plan.figures)}** cijfers veranderen / figures change, "
        f"**{len(plan.done_by_month)}** leveringen / deliveries, **{len(plan.months)}** maanden / months. "
        "Welke, staat bij *Artifacts* / which ones is under *Artifacts*."
    )


def block_question(count: int) -> str:
    """How many final figures would change: above a form there is room for some lines. Which ones is in the report."""
    return (
        f"**{count}** definitieve cijfers zouden veranderen / final figures would change. "
        "Welke, staat bij *Artifacts* / which ones is under *Artifacts*."
    )


def held_question(each: Held) -> str:
    """Why a delivery is held in few words: above a form there is room for some lines. The rest is in the report."""
    rules = ", ".join(f"{found['rule']} ({found['count']})" for found in each.findings if found["severity"] != "hold")
    reason = each.reason.partition(";")[0]
    return f"`{each.file_name}`: {rules}. {reason}. Meer bij / more under *Artifacts*."


def _rules_page() -> str:
    """Where a steward's browser finds the page of the rules; without one, codes are no links."""
    return os.environ.get(RULES_VARIABLE) or RULES_PAGE


def _send(key: str, report: Report, description: str) -> None:
    """The text under ``key``, each table and each picture that the text has no room for under a key that begins so."""
    create_markdown_artifact(report.markdown, key=key, description=description)
    for name, rows in report.tables.items():
        if rows and name in _SHOWN:
            shown = f"{_SHOWN[name]}{_cut(len(rows), report.left_out.get(name, 0))}"
            create_table_artifact([dict(row) for row in rows], key=_key(key, name), description=shown)
    for name in report.apart:
        png = base64.b64encode(report.plots[name]).decode("ascii")
        create_image_artifact(f"data:image/png;base64,{png}", key=_key(key, name), description=description)


def _cut(shown: int, left_out: int) -> str:
    """What a table states about the rows that it does not hold."""
    return f": {plain(shown)} van / of {plain(shown + left_out)}" if left_out else ""


def _key(key: str, name: str) -> str:
    return f"{key}-{name.replace('_', '-')}"
