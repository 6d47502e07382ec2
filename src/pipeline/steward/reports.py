"""Reports a steward reads in the browser, each as one value: text with pictures, tables, pictures.

Here: which parts make up a report, and that it stays small enough to be shown. Not here: the parts
(``report_markdown``, ``figures_markdown``, ``report_rows``, ``changed_figures``, ``plots``, ``plans``), and who shows
them (``flows``).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date

import polars as pl

from pipeline.backfill.plan import Plan
from pipeline.jobs.nightly import Night
from pipeline.jobs.plan_holds import Hold
from pipeline.jobs.workspace import Workspace
from pipeline.steward import (
    changed_figures,
    explained_tree,
    figures_markdown,
    file_findings,
    findings_markdown,
    held_files,
    months_compared,
    municipal_changes,
    plans,
    report_markdown,
    report_rows,
)
from pipeline.steward.held_reports import Held, held_report
from pipeline.steward.report_rows import MOST_ROWS, RULES_PAGE, Rows
from pipeline.steward.text import Value, document, picture, section, whole
from pipeline.steward.wording import told_detail, words
from pipeline.store.releases.releases import Release
from schemas.spelling import shown
from schemas.vocabulary import Severity

LARGEST = 98_000
"""Bytes of Markdown; the browser gets slow well above 100 kB."""

_STOPPING = (Severity.BLOCK, Severity.REJECT, Severity.HOLD)


@dataclass(frozen=True)
class Report:
    """What can be shown of a run, a release or a plan.

    ``tables`` hold at most 1,000 rows each, ``left_out`` counts the rows beyond them; ``plots`` are PNG files by name,
    ``apart`` names those that the text has no room for. The same release gives the same report, byte for byte.
    """

    markdown: str
    tables: dict[str, Rows]
    plots: dict[str, bytes] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    apart: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Own:
    """What only this kind of report contains, around which the parts that all share are laid."""

    title: str
    head: tuple[str, ...]
    attention: tuple[str, ...]
    parts: tuple[str, ...]
    tables: dict[str, Rows]


def night_report(
    night: Night,
    *,
    rules_url: str = RULES_PAGE,
    with_pictures: bool = True,
    waiting: Sequence[Held] | None = None,
    workspace: Workspace | None = None,
) -> Report:
    """A nightly run: what needs a person, this month beside earlier ones, then what came in and what it changed.

    ``waiting`` are the deliveries that wait now; without it those that the release knows, which may be older. The
    log of ``workspace`` holds the findings of each file and what is behind figures; without it findings are told by
    rule alone, and no figure is followed to its rows.

    ``rules_url`` is where the page of the rules can be opened; without ``http`` or ``/`` in front codes are no links.
    Without pictures it takes a fraction of the time, for nights with nothing new.
    """
    release = night.published.release
    given, by_source = report_rows.receipts(night.receipts), report_rows.by_source(night.receipts)
    lying = report_rows.receipts(night.not_taken)
    found = report_rows.findings_of(night.receipts, rules_url)
    names = {(each.source, each.delivery): each.file_name for each in night.receipts if each.delivery}
    of_files = file_findings.of_deliveries(workspace.log, names) if workspace is not None else []
    stopped = [row for row in found if row["severity"] in _STOPPING]
    block, back = night.published.block, night.published.rolled_back
    told = [shown(told_detail(reason)) for reason in block.reasons] if block else []
    reasons: Rows = [{"block": block.id, "reason": reason} for reason in told] if block else []
    own = _Own(
        title=words("Nachtrapport", "Night report"),
        head=(
            report_markdown.night_line(given, is_new=night.published.is_new),
            report_markdown.stays(back.by, shown(back.why or "")) if back else "",
        ),
        attention=(
            report_markdown.blocked(reasons, block.id) if block else "",
            report_markdown.rejected(given),
            held_files.section_of(night.holds),
            report_markdown.not_taken(lying),
        ),
        parts=(
            explained_tree.section_of(workspace, release) if workspace and night.published.is_new else "",
            report_markdown.receipts(given, by_source),
            findings_markdown.file_findings(of_files, rules_url),
            findings_markdown.findings(words("Bevindingen van deze nacht", "Findings of this night"), found),
            findings_markdown.advice(stopped),
        ),
        tables={
            "receipts": given,
            "receipts_by_source": by_source,
            "findings": found,
            "file_findings": of_files,
            "block": reasons,
            "not_taken": lying,
            "held_by_plans": held_files.rows(night.holds),
        },
    )
    return _about_release(own, release, rules_url=rules_url, with_pictures=with_pictures, waiting=waiting)


def release_report(release: Release, *, rules_url: str = RULES_PAGE, with_pictures: bool = True) -> Report:
    """A release as it stands: all findings of its deliveries, verdicts, what it changed, pictures."""
    own = _of_release(release, rules_url, words("Uitgave", "Release"))
    return _about_release(own, release, rules_url=rules_url, with_pictures=with_pictures)


def known_on_report(
    release: Release, day: date, *, rules_url: str = RULES_PAGE, since: pl.DataFrame | None = None
) -> Report:
    """The tables as they were known on a day, and what is another figure now.

    ``since``: every figure that differs between that day and now (``jobs.release.differences.since``).
    """
    own = _of_release(release, rules_url, words(f"Zoals bekend op {day:%d-%m-%Y}", f"As known on {day:%d-%m-%Y}"))
    if since is not None:
        tables = {"since": changed_figures.changed_rows(since), **own.tables}
        own = replace(own, head=(figures_markdown.since(since, day),), tables=tables)
    return _about_release(own, release, rules_url=rules_url, with_pictures=True)


def _of_release(release: Release, rules_url: str, title: str) -> _Own:
    """What only a report about a release contains: the findings of all its deliveries."""
    found = report_rows.findings_in(release, rules_url)
    heading = words("Bevindingen van alle leveringen", "Findings of all deliveries")
    parts = (findings_markdown.findings(heading, found),)
    return _Own(title=title, head=(), attention=(), parts=parts, tables={"findings": found})


def applied_report(plan: Plan, outcome: str, differences: Sequence[str], release: Release | None) -> Report:
    """What applying a plan came to: the figures that it changed, and whether they are as planned."""
    made = plans.plan_tables(plan)
    count = len(plan.figures)
    as_planned = words("Alle cijfers zijn als gepland.", "All figures are as planned.")
    parts = [
        whole(outcome),
        section(
            words("Is het als gepland?", "Is it as planned?"),
            "\n".join(f"- {whole(shown(each))}" for each in differences) or as_planned,
        ),
        plans.changed_section(plan),
        *([report_markdown.origin(release, report_rows.known_by_source(release))] if release is not None else []),
        *plans.done_sections(plan),
    ]
    left_out = {"figures": count - len(made["figures"])} if count > len(made["figures"]) else {}
    tables = {name: made[name] for name in ("figures", "months", "deliveries", "gaps")}
    return Report(document(words("Opnieuw ingelezen", "Backfill applied"), *parts), tables, left_out=left_out)


def plan_report(
    plan: Plan, *, release: Release | None = None, waits: bool = False, earlier: Sequence[Hold] = ()
) -> Report:
    """A backfill plan. ``release`` is the one that its figures were compared with; the report states it where given.

    ``waits``: it waits for an answer, and holds its files meanwhile. ``earlier``: plans that held files before it.
    """
    made, parts = plans.plan_tables(plan), plans.plan_sections(plan, waits=waits, earlier=earlier)
    if release is not None:
        made["log"] = report_rows.log_positions(release)
        parts = [
            parts[0],
            report_markdown.origin(release, report_rows.known_by_source(release)),
            *parts[1:],
            report_markdown.provenance(release, made["log"]),
        ]
    left_out = {name: count - len(made[name]) for name, count in plans.sizes(plan).items() if count > len(made[name])}
    return Report(document(words("Plan voor opnieuw inlezen", "Backfill plan"), *parts), made, left_out=left_out)


def _about_release(
    own: _Own, release: Release, *, rules_url: str, with_pictures: bool, waiting: Sequence[Held] | None = None
) -> Report:
    """The parts that a night and a release share, around those of their own: what needs a person first, then this month
    beside earlier ones, the pictures, what changed, and the rest.
    """
    changed = changed_figures.changes(release)
    held = held_report(release, rules_url=rules_url) if waiting is None else waiting
    rows = [_waiting(each) for each in held]
    across, judged = report_rows.relation_findings(release, rules_url), report_rows.verdicts(release)
    relations = report_rows.relations(release)
    positions = report_rows.log_positions(release)
    signals = report_rows.signals(release)
    compared = months_compared.rows(report_rows.read(release, "caseload_stock"))
    tables = own.tables | {
        "signals": signals,
        "held": rows,
        "months_compared": compared,
        "relation_findings": across,
        "relations": relations,
        "verdicts": judged,
        "changes": changed.rows if changed else [],
        "changes_by_table": changed.by_table if changed else [],
        "log": positions,
    }
    block, *others = own.attention or ("",)
    above = [
        *own.head,
        report_markdown.attention(
            block, report_markdown.waiting(rows), *others, findings_markdown.signals(signals),
            municipal_changes.announced(release),
        ),
        report_markdown.origin(release, report_rows.known_by_source(release)),
        months_compared.section_of(compared),
    ]  # fmt: skip
    below = [
        figures_markdown.changes(changed, release),
        *own.parts,
        findings_markdown.findings(words("Bevindingen over bronnen heen", "Findings across sources"), across),
        findings_markdown.relations(relations, rules_url),
        figures_markdown.verdicts(judged),
        report_markdown.provenance(release, positions),
    ]
    drawn = _pictures(release) if with_pictures else {}
    markdown, apart = _with_pictures(own.title, above, drawn, below)
    counts = {name: len(rows) for name, rows in tables.items()} | {"changes": changed.count if changed else 0}
    return Report(
        markdown=markdown,
        tables={name: rows[:MOST_ROWS] for name, rows in tables.items()},
        plots={name: png for name, (_, png) in drawn.items()},
        left_out={name: count - MOST_ROWS for name, count in counts.items() if count > MOST_ROWS},
        apart=apart,
    )


def _pictures(release: Release) -> dict[str, tuple[str, bytes]]:
    # Loaded when there is something to draw: it takes longer than all other parts of a report together.
    from pipeline.steward.plots import pictures

    return pictures(release)


def _waiting(held: Held) -> dict[str, Value]:
    row = {name: value for name, value in asdict(held).items() if name not in ("findings", "markdown")}
    rules = ", ".join(f"{found['rule']} ({found['count']})" for found in held.findings)
    return row | {"delivered_on": held.delivered_on.isoformat(), "rules": rules}


def _with_pictures(
    title: str, above: list[str], drawn: dict[str, tuple[str, bytes]], below: list[str]
) -> tuple[str, tuple[str, ...]]:
    """The report with as many pictures as fit, and the names of those that do not, which it lists too."""
    heading = words("Bestand, brug en programma's", "Caseload, bridge and programmes")
    fitting: list[str] = []
    apart: list[str] = []
    listed = section(heading, report_markdown.apart(list(drawn)))
    room = LARGEST - len(document(title, *above, listed, *below).encode())
    for name, (alt, png) in drawn.items():
        text = picture(alt, png)
        room_after = room - len(text.encode()) - 2
        if room_after >= 0:
            fitting, room = [*fitting, text], room_after
        else:
            apart = [*apart, name]
    shown_pictures = section(heading, *fitting, report_markdown.apart(apart))
    return document(title, *above, shown_pictures, *below), tuple(apart)
