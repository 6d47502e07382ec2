"""What waits for a steward's decision, delivery by delivery, with the reasons beside it.

Here: the deliveries that wait, in a release or now, and what is read beside the form of each. Not here: the report of a
night (``reports``), and the questions themselves (``flows``).
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from pipeline.jobs.ingest.foreseen import foreseen
from pipeline.steward import file_findings, findings_markdown, report_markdown, report_rows
from pipeline.steward.about import about
from pipeline.steward.report_rows import RULES_PAGE, Rows
from pipeline.steward.wording import told, told_detail, words
from pipeline.store.log.log import Log
from pipeline.store.releases import releases
from pipeline.store.releases.releases import Release
from pipeline.versions import delivery_status
from schemas.spelling import shown
from schemas.vocabulary import Decision


@dataclass(frozen=True)
class Held:
    """A delivery that waits for the steward's decision, with the reasons beside it. Counts only, no cell values."""

    delivery: str
    source: str
    file_name: str
    delivered_on: date
    rows_read: int
    rows_held: int
    reason: str
    findings: Rows
    """Its findings by rule: rule, severity, count, title_nl, title_en, what_to_do, page."""
    markdown: str
    about: str = ""
    """Its place and months in a few words, where the log kept them."""


def held_report(release: Release, *, rules_url: str = RULES_PAGE) -> list[Held]:
    """Deliveries that waited for a decision when a release was made, by the day they were delivered."""
    findings, according = releases.read(release, "findings"), report_markdown.according_to(release)
    waiting = report_rows.held(release)
    of_files = file_findings.counted(_under_names(findings, waiting))
    return [_held(row, findings, of_files, according, rules_url) for row in waiting.to_dicts()]


def held_now(log: Log, *, rules_url: str = RULES_PAGE) -> list[Held]:
    """Deliveries that wait for a decision now, by the day they were delivered.

    From the log: while a release is blocked or gone back to, the current one knows less.
    """
    events = log.events()
    waiting = report_rows.held_in_log(events)
    findings, according = report_rows.last_findings(log, waiting), report_markdown.according_to(None)
    of_files = file_findings.counted(_under_names(findings, waiting))
    scopes = dict(delivery_status.statuses(events).select("delivery", "scopes").iter_rows())
    held = [
        replace(_held(row, findings, of_files, according, rules_url), about=about(scopes.get(row["delivery"])))
        for row in waiting.to_dicts()
    ]
    return [_with_foreseen(each, log, events) for each in held]


def _with_foreseen(held: Held, log: Log, events: pl.DataFrame) -> Held:
    """The same with what accepting it would change."""
    found = foreseen(log, events, held.source, held.delivery, Decision.ACCEPTED)
    if not found:
        return held
    heading = words("Als u haar aanvaardt", "If you accept it")
    lines = "\n".join(f"- {shown(told(each))}" for each in found)
    return replace(held, markdown=f"{held.markdown}\n\n## {heading}\n\n{lines}\n")


def _under_names(findings: pl.LazyFrame, waiting: pl.DataFrame) -> pl.DataFrame:
    """The findings of these deliveries with the names of their files."""
    own = waiting.lazy().select("source", "delivery", "file_name")
    return findings.select("delivery", "row", "column", "rule").join(own, on="delivery", how="inner").collect()


def _held(row: dict[str, Any], findings: pl.LazyFrame, of_files: Rows, according: str, rules_url: str) -> Held:
    found = report_rows.findings_of_delivery(findings, row["delivery"], rules_url)
    facts = {name: row[name] for name in ("delivery", "source", "delivered_on", "rows_read", "rows_held")}
    file_name, reason = shown(row["file_name"]), shown(told_detail(row["reason"] or ""))
    by_row = [each for each in of_files if each["delivery"] == row["delivery"]]
    return Held(
        **facts, file_name=file_name, reason=reason, findings=found,
        markdown=report_markdown.held(
            facts | {"file_name": file_name, "reason": reason}, found,
            findings_markdown.file_findings(by_row, rules_url),
            according,
        ),
    )  # fmt: skip
