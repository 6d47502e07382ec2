"""The tables of a report, as rows that any user interface can show: counts, codes, titles, published figures.

Here: from receipts and the tables of a release to rows; values are text, numbers, yes/no or nothing.
Not here: the text around them (``report_markdown``), figures that changed (``changed_figures``). No row holds anything
about one client, nor the value of a cell that a finding is about: findings are counted.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl

from pipeline.jobs.ingest.receipts import Receipt
from pipeline.steward.about import place_name
from pipeline.steward.text import Value, anchor
from pipeline.steward.wording import is_english, told_detail
from pipeline.store.log.log import Log
from pipeline.store.releases import releases
from pipeline.store.releases.releases import Release
from pipeline.versions import delivery_status
from pipeline.versions.deliveries import deliveries_table
from schemas.catalogue import RULES
from schemas.spelling import shown
from schemas.vocabulary import Decision, DeliveryStatus, Severity, Verdict

Rows = list[dict[str, Value]]

RULES_PAGE = "/regels"
"""The page of the rules, as the server shows it to who is logged in."""
MOST_ROWS = 1_000
"""Rows of a table that the user interface shows within seconds."""

SIGNAL = "RELATION-010"
"""The rule about figures that move further than their own history makes likely: shown first in every report."""
_LEAP = "RELATION-021"
"""The same where there is too little history; its findings about stocks have the same subject."""
_IS_SIGNAL = (pl.col("rule") == SIGNAL) | (
    (pl.col("rule") == _LEAP) & pl.col("subject").str.contains("/caseload_stock.")
)

_PLACE, _MONTH = re.compile(r"GM[0-9]{4}"), re.compile(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])|(?:19|20)[0-9]{2}")
_NO_VERSIONS = pl.DataFrame(schema={"delivery": pl.String, "version_of_scope": pl.Int64})
_ATTENTION = ("held", "rejected", "unstable", "removed", "copied", "recorded")
_VERDICTS = (Verdict.CONTRADICTED, Verdict.CONFIRMED_IN_OTHER_SERIES, Verdict.NOT_CHECKABLE, Verdict.CONFIRMED)
_SEVERITIES = (Severity.BLOCK, Severity.REJECT, Severity.HOLD, Severity.QUARANTINE, Severity.WARN)


def receipts(given: Iterable[Receipt]) -> Rows:
    """One row per file of the run, those that ask for attention first."""
    ordered = sorted(given, key=lambda receipt: (_place(_ATTENTION, receipt.status), receipt.file_name))
    return [
        {
            "status": receipt.status,
            "file_name": shown(receipt.file_name),
            "delivered_on": _day(receipt.delivered_on),
            "rows_read": receipt.rows_read,
            "rows_recorded": receipt.rows_recorded,
            "rows_quarantined": receipt.rows_quarantined,
            "rows_duplicate": receipt.rows_duplicate,
            "rows_held": receipt.rows_held,
            "rule": receipt.rule,
            "detail": shown(told_detail(receipt.detail)),
            "source": receipt.source,
            "simulated": receipt.simulated,
            "delivery": receipt.delivery,
        }
        for receipt in ordered
    ]


def by_source(given: Iterable[Receipt]) -> Rows:
    """Files and rows of the run per source."""
    counted = ("rows_read", "rows_recorded", "rows_quarantined", "rows_duplicate", "rows_held")
    frame = pl.DataFrame(
        [(each.source, each.status, *(getattr(each, name) for name in counted)) for each in given],
        schema={"source": pl.String, "status": pl.String, **dict.fromkeys(counted, pl.Int64)},
        orient="row",
    )
    files = [(pl.col("status") == status).sum().cast(pl.Int64).alias(status) for status in reversed(_ATTENTION)]
    grouped = frame.group_by("source").agg(pl.len().cast(pl.Int64).alias("files"), *files, pl.col(*counted).sum())
    return grouped.sort("source").to_dicts()


def findings_of(given: Iterable[Receipt], rules_url: str) -> Rows:
    """Findings of a run by rule, those of held and rejected files included."""
    counts: Counter[str] = Counter()
    for receipt in given:
        counts.update(receipt.findings)
    return _by_rule(counts, rules_url)


def findings_in(release: Release, rules_url: str) -> Rows:
    """Findings in all deliveries of a release, by rule."""
    return _by_rule(_counts(release, "findings"), rules_url)


def relation_findings(release: Release, rules_url: str) -> Rows:
    """Findings across deliveries and sources, by rule."""
    return _by_rule(_counts(release, "relation_findings"), rules_url)


def signals(release: Release) -> Rows:
    """Figures that moved further than their own history makes likely, those about the newest dates first."""
    found = read(release, "relation_findings").filter(_IS_SIGNAL)
    # Subjects are municipality, series, date, figure.
    about = pl.col("subject").str.split("/")
    dated = found.with_columns(
        municipality=about.list.get(0), series=about.list.get(1), reference_date=about.list.get(2)
    ).sort("reference_date", "subject", descending=[True, False])
    return as_rows(dated.select("municipality", "series", "reference_date", "what", "expected", "found"))


def relations(release: Release) -> Rows:
    """Findings across deliveries and sources one by one, with place and month; those about the newest months first."""
    names = ("rule", "subject", "what", "expected", "found")
    found = read(release, "relation_findings").filter(~_IS_SIGNAL).select(names)
    rows = [
        {"rule": rule, "place": _place_in(subject), "month": _month_in(subject), "what": shown(what or ""),
         "expected": _plain_value(expected), "found": _plain_value(seen), "subject": shown(subject)}
        for rule, subject, what, expected, seen in found.iter_rows()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (str(row["month"]), str(row["rule"]), str(row["subject"])), reverse=True)


def _place_in(subject: str) -> str:
    """The municipality that a finding is about, else what stands first in its subject."""
    parts = re.split(r"[/|]", subject)
    return next((place_name(part) for part in parts if _PLACE.fullmatch(part)), shown(parts[0]))


def _month_in(subject: str) -> str:
    found = _MONTH.search(subject)
    return found[0] if found else ""


def _plain_value(value: object) -> Value:
    return value if value is None or isinstance(value, int | float) else shown(str(value))


def known_by_source(release: Release) -> Rows:
    """The last day on which something of each source was delivered that counts in a release."""
    recorded = read(release, "deliveries").filter(pl.col("status") == DeliveryStatus.RECORDED.value)
    return as_rows(recorded.group_by("source").agg(known_on=pl.col("delivered_on").max()).sort("source"))


def rule_link(code: str, rules_url: str = RULES_PAGE) -> str:
    """Where the rule is explained."""
    return f"{rules_url}#{anchor(code)}"


def verdicts(release: Release) -> Rows:
    """Every published figure with its verdict, the contradicted ones first."""
    frame = read(release, "published_figures_check")
    names = ("claim_id", "verdict", "verdict_now", "document", "published_on", "indicator", "region_code",
             "programme_code", "subject_period", "operator", "value_published", "decimals_published", "value_found",
             "series_found", "as_known_on", "explanation", "explanation_nl")  # fmt: skip
    ranked = frame.with_columns(rank=rank("verdict", _VERDICTS)).sort("rank", "claim_id").select(names)
    return [
        row | {name: shown(str(row[name])) for name in ("document", "explanation", "explanation_nl")}
        for row in as_rows(ranked)
    ]


def held(release: Release) -> pl.DataFrame:
    """Deliveries that waited for a decision when a release was made, the longest known first."""
    return _held(read(release, "deliveries"))


def held_in_log(events: pl.DataFrame) -> pl.DataFrame:
    """Deliveries that wait for a decision now: held, and nobody decided yet. Columns as in a release."""
    folded = delivery_status.statuses(events)
    accepted = folded.filter(pl.col("decision") == Decision.ACCEPTED)  # its rows are read by the next night
    return _held(deliveries_table(folded, _NO_VERSIONS)).join(accepted, on=["source", "delivery"], how="anti")


def _held(deliveries: pl.DataFrame) -> pl.DataFrame:
    waiting = deliveries.filter(pl.col("status") == DeliveryStatus.HELD.value)
    return waiting.sort("delivered_on", "file_name")


def log_positions(release: Release) -> Rows:
    """Where in the log a release stands, per source."""
    return [{"source": source, **place} for source, place in sorted(release.manifest.get("log", {}).items())]


def last_findings(log: Log, waiting: pl.DataFrame) -> pl.LazyFrame:
    """Findings of the last reading of these deliveries; the log keeps those of every reading."""
    reading = ["source", "delivery", "processing"]
    found = log.findings.rows(waiting["delivery"].to_list()).with_columns(pl.col("processing").cast(pl.Int64))
    return found.join(waiting.lazy().select(reading), on=reading, how="semi")


def findings_of_delivery(found: pl.LazyFrame, delivery: str, rules_url: str) -> Rows:
    return _by_rule(_count_rules(found.filter(pl.col("delivery") == delivery).collect()), rules_url)


def read(release: Release, table: str) -> pl.DataFrame:
    return releases.read(release, table).collect()


def as_rows(frame: pl.DataFrame) -> Rows:
    """Rows with days and moments as ISO text, so that they can be sent as JSON."""
    return frame.with_columns(
        pl.col(pl.Date).dt.to_string("%Y-%m-%d"), pl.col(pl.Datetime).dt.to_string("iso:strict")
    ).to_dicts()


def _counts(release: Release, table: str) -> dict[str, int]:
    return _count_rules(read(release, table))


def _count_rules(found: pl.DataFrame) -> dict[str, int]:
    return dict(found.group_by("rule").len().iter_rows())


def _by_rule(counts: Mapping[str, int], rules_url: str) -> Rows:
    rows = (_rule_row(code, count, rules_url) for code, count in counts.items())
    return sorted(rows, key=lambda row: (_place(_SEVERITIES, str(row["severity"])), str(row["rule"])))


def _rule_row(code: str, count: int, rules_url: str) -> dict[str, Value]:
    rule = RULES.get(code)
    return {
        "rule": code,
        "severity": rule.severity.value if rule else "",
        "count": count,
        "title_nl": rule.title_nl if rule else "staat niet in de lijst van regels",
        "title_en": rule.title if rule else "not in the catalogue",
        "what_to_do": rule.advice(in_dutch=not is_english()) if rule else "",
        "page": rule_link(code, rules_url),
    }


def rank(column: str, order: Iterable[Any]) -> pl.Expr:
    """The place of a value in this order; what is not in it comes last."""
    places = {str(value): place for place, value in enumerate(order)}
    return pl.col(column).replace_strict(places, default=len(places), return_dtype=pl.Int64)


def _place(order: tuple[str, ...], value: str) -> int:
    return order.index(value) if value in order else len(order)


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
