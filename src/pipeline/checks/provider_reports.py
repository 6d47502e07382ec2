"""A provider's report beside its own events, indicator by indicator, as known on the day of the report: RELATION-007.

Not here: how clients are counted over time (``trajectories.progress``).
"""

from collections.abc import Iterable
from datetime import date

import polars as pl

from pipeline.checks.comparison import differences
from pipeline.versions.explanation import Lineage, Row, Trace
from pipeline.versions.projection import Comparison, Judge, Known, RelationCheck
from schemas.sources import provider_reports, trajectory_events
from schemas.tables.checks import RECONCILIATION

RULE = "RELATION-007"
INDICATORS = ("participants", "active", "placed", "placed_part_time", "ended_otherwise")

_REPORT = ["provider_code", "programme_code", "period_from", "period_until", "target_group"]


def report_reconciliation(reports: pl.DataFrame, trajectories: pl.DataFrame) -> pl.DataFrame:
    """Rows of ``reconciliation``: subject provider/programme[/target group], period from/until, one per indicator
    reported.
    """
    derived = _derived(reports.select(_REPORT).unique(), trajectories)
    both = reports.join(derived, on=_REPORT, how="left", nulls_equal=True, suffix="_derived")
    subject = pl.concat_str("provider_code", "programme_code", "target_group", separator="/", ignore_nulls=True)
    period = pl.format("{}/{}", "period_from", "period_until")
    parts = [
        both.filter(pl.col(name).is_not_null()).select(
            subject=subject,
            period=period,
            indicator=pl.lit(name),
            value_reported=pl.col(name).cast(pl.Float64),
            value_derived=pl.col(f"{name}_derived").cast(pl.Float64),
        )
        for name in INDICATORS
    ]
    difference = pl.col("value_reported") - pl.col("value_derived")
    verdict = (
        pl.when(pl.col("value_derived").is_null())
        .then(pl.lit("not_checkable"))
        .when(difference == 0)
        .then(pl.lit("agrees"))
        .otherwise(pl.lit("differs"))
    )
    return (
        pl.concat(parts)
        .with_columns(difference=difference, verdict=verdict, rule=pl.lit(RULE))
        .pipe(RECONCILIATION.shaped)
    )


def _derived(reports: pl.DataFrame, trajectories: pl.DataFrame) -> pl.DataFrame:
    """The same counts from events: clients with a trajectory in the period, by where they stood on its last day.

    Null where the provider has delivered no event of the programme: nothing to compare with.
    """
    own = trajectories.filter(pl.col("started_on").is_not_null()).rename({"target_group": "own_group"})
    until, begin = pl.col("period_until"), pl.col("period_from")
    in_group = pl.col("target_group").is_null() | (pl.col("own_group") == pl.col("target_group"))
    known = reports.join(own.select("provider_code", "programme_code").unique(), on=["provider_code", "programme_code"])
    inside = known.join(own, on=["provider_code", "programme_code"]).filter(
        in_group & (pl.col("started_on") < until) & (pl.col("ended_on").is_null() | (pl.col("ended_on") >= begin))
    )
    clients = (
        inside.sort("placed_on", "trajectory_id", nulls_last=True)
        .group_by(*_REPORT, "client_key", maintain_order=True)
        .agg(
            is_open=(pl.col("ended_on").is_null() | (pl.col("ended_on") >= until)).any(),
            is_placed=(pl.col("placed_on") < until).fill_null(value=False).any(),
            is_part_time=pl.col("part_time").first().fill_null(value=False),
        )
    )
    is_placed, is_open = pl.col("is_placed"), pl.col("is_open")
    counts = clients.group_by(_REPORT).agg(
        participants=pl.len(),
        active=(is_open & ~is_placed).sum(),
        placed=is_placed.sum(),
        placed_part_time=(is_placed & pl.col("is_part_time")).sum(),
        ended_otherwise=(~is_open & ~is_placed).sum(),
    )
    return known.join(counts, on=_REPORT, how="left", nulls_equal=True).with_columns(pl.col(INDICATORS).fill_null(0))


_REPORTED = [*_REPORT, *INDICATORS]
_JUDGE = Judge(judge=report_reconciliation, shape=RECONCILIATION.polars_schema)


def _compare(known: Known) -> pl.DataFrame:
    """Each report beside the events as known when it was delivered: a later correction does not make it wrong."""
    reports = known.rows(provider_reports.SOURCE).select("delivered_on", *_REPORTED).sort(_REPORTED)
    return known.beside_providers(trajectory_events.SOURCE, reports, _JUDGE)


def _find(known: Known) -> pl.DataFrame:
    return differences(known, RULE, "reported by the provider", "from its events")


def _explain(lineage: Lineage, row: Row, _column: str) -> Iterable[Trace]:
    return _report_and_events(lineage, row["subject"], row["period"])


def _explain_finding(lineage: Lineage, subject: str) -> Iterable[Trace]:
    parts = subject.split("/")
    return _report_and_events(lineage, "/".join(parts[:2]), "/".join(parts[2:4]))


def _report_and_events(lineage: Lineage, subject: str, period: str) -> list[Trace]:
    """The rows of the report, and the provider's events before the end of the period."""
    provider, programme = subject.split("/")[:2]
    begin, until = (date.fromisoformat(day) for day in period.split("/"))
    named = {"provider_code": provider, "programme_code": programme}
    reports = lineage.rows(provider_reports.SOURCE, **named, period_from=begin, period_until=until)
    events = lineage.rows(trajectory_events.SOURCE, **named).filter(pl.col("occurred_on") < until)
    return [
        *lineage.traces("report", provider_reports.SOURCE, reports),
        *lineage.traces("events", trajectory_events.SOURCE, events),
    ]


COMPARISON = Comparison(
    rule=RULE, inputs=(provider_reports.SOURCE, trajectory_events.SOURCE), compare=_compare, explain=_explain
)

CHECK = RelationCheck(rules=(RULE,), inputs=(RECONCILIATION,), find=_find, explain=_explain_finding)
