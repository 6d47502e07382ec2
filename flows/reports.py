"""What a run leaves in the UI: artifacts. Here: sending them, under keys that have a page of their own.

Not here: what they say (``pipeline.steward``).
"""

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from pipeline.jobs.nightly import Night
from pipeline.steward import reports
from pipeline.steward.reports import Held, Report
from pipeline.steward.tables import RULES_PAGE
from pipeline.store.releases import Release

if TYPE_CHECKING:
    from pipeline.jobs.backfill import Plan

RULES_VARIABLE = "UITSTROOM_RULES_URL"

_SHOWN = {
    "receipts": "Ontvangstbewijzen / Receipts",
    "findings": "Bevindingen per regel / Findings by rule",
    "verdicts": "Oordelen over gepubliceerde cijfers / Verdicts on published figures",
    "changes": "Wat veranderde sinds de vorige uitgave / What changed since the last release",
    "held": "Aangehouden leveringen / Held deliveries",
    "deliveries": "Leveringen in het plan / Deliveries of the plan",
    "figures": "Cijfers, van en naar / Figures, before and after",
}


def night_report(night: Night) -> tuple[Held, ...]:
    """The report of a night and its tables; gives the deliveries that wait for a steward."""
    release = night.published.release
    # Pictures take seconds to draw and show the same when nothing is new.
    report = reports.night_report(night, rules_url=_rules_page(), with_pictures=night.published.is_new)
    _send("night", report, "Nachtrapport / Night report")
    create_link_artifact(
        release.path.as_uri(), key="release", link_text=release.id, description="Uitgave / Where the release lies"
    )
    return held(release)


def held(release: Release) -> tuple[Held, ...]:
    """Deliveries that wait for a decision, each with its reasons in words."""
    return tuple(reports.held_report(release, rules_url=_rules_page()))


def held_report(each: Held) -> None:
    """One held delivery with its reasons."""
    create_markdown_artifact(each.markdown, key="held-delivery", description=each.file_name)


def block_report(text: str, block: str) -> None:
    """The final figures that would change."""
    create_markdown_artifact(text, key="blocked-release", description=block)


def plan_report(plan: "Plan") -> None:
    """The plan of a backfill as a page, with its deliveries and figures as tables."""
    _send("plan", reports.plan_report(plan), f"Plan {plan.id}")


def plan_question(plan: "Plan") -> str:
    """A plan in few words: above a form there is room for some lines. All of it is in the report."""
    return (
        f"Plan `{plan.id}`: **{len(plan.figures)}** cijfers veranderen / figures change, "
        f"**{len(plan.done_by_month)}** leveringen / deliveries, **{len(plan.months)}** maanden / months. "
        "Welke, staat bij *Artifacts* / which ones is under *Artifacts*."
    )


def held_question(each: Held) -> str:
    """Why a delivery is held in few words: above a form there is room for some lines. The rest is in the report."""
    rules = ", ".join(f"{found['rule']} ({found['count']})" for found in each.findings if found["severity"] != "hold")
    return f"`{each.file_name}` {rules}. {each.reason}. Meer bij / more under *Artifacts*."


def _rules_page() -> str:
    """Where a steward's browser finds the page of the rules; without one, codes are no links."""
    return os.environ.get(RULES_VARIABLE, RULES_PAGE)


def _send(key: str, report: Report, description: str) -> None:
    create_markdown_artifact(report.markdown, key=key, description=description)
    for name, rows in report.tables.items():
        if rows and name in _SHOWN:
            _table(f"{key}-{name}", rows, _SHOWN[name])


def _table(key: str, rows: Iterable[Mapping[str, Any]], description: str) -> None:
    create_table_artifact([dict(row) for row in rows], key=key, description=description)
