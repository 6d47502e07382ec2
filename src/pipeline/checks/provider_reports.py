"""A provider's report beside its own events, indicator by indicator, as known on the day of the report: RELATION-007.

Not here: how clients are counted over time (``trajectories.progress``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipeline.checks.comparison import compared_cell, differences
from pipeline.checks.events_counted import PARTS
from pipeline.trajectories.history import History, history
from pipeline.versions.explanation import Behind, Cell, Lineage, Row, Trace
from pipeline.versions.projection import Comparison, Judge, Known, RelationCheck
from schemas.sources import provider_reports, trajectory_events
from schemas.tables.checks import RECONCILIATION
from schemas.vocabulary import EventKind

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
        .with_columns(
            difference=difference,
            verdict=verdict,
            rule=pl.lit(RULE),
            unit=pl.lit("clients"),
            base=pl.lit(None, pl.String()),
        )
        .pipe(RECONCILIATION.shaped)
    )


def _own(trajectories: pl.DataFrame) -> pl.DataFrame:
    """Trajectories that have a start."""
    return trajectories.filter(pl.col("started_on").is_not_null()).rename({"target_group": "own_group"})


def _inside(reports: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """All trajectories of who had one in the period and group of a report, as they stood on its last day.

    ``is_inside`` is that one, or one of them. Earlier ones count for where a client stands: once placed is placed.
    """
    until, begin = pl.col("period_until"), pl.col("period_from")
    in_group = pl.col("target_group").is_null() | (pl.col("own_group") == pl.col("target_group"))
    return (
        reports.join(own, on=["provider_code", "programme_code"])
        .filter(pl.col("started_on") < until)
        .with_columns(is_inside=in_group & (pl.col("ended_on").is_null() | (pl.col("ended_on") >= begin)))
        .filter(pl.col("is_inside").any().over(*_REPORT, "client_key"))
        .sort("placed_on", "trajectory_id", nulls_last=True)
        .with_columns(
            open_then=pl.col("ended_on").is_null() | (pl.col("ended_on") >= until),
            placed_then=(pl.col("placed_on") < until).fill_null(value=False),
        )
    )


def _clients(inside: pl.DataFrame) -> pl.DataFrame:
    """Each client once, and for each indicator whether it counts."""
    clients = inside.group_by(*_REPORT, "client_key", maintain_order=True).agg(
        is_open=pl.col("open_then").any(),
        is_placed=pl.col("placed_then").any(),
        is_part_time=pl.col("part_time").first().fill_null(value=False),
    )
    is_placed, is_open = pl.col("is_placed"), pl.col("is_open")
    return clients.with_columns(
        participants=pl.lit(value=True),
        active=is_open & ~is_placed,
        placed=is_placed,
        placed_part_time=is_placed & pl.col("is_part_time"),
        ended_otherwise=~is_open & ~is_placed,
    )


def _derived(reports: pl.DataFrame, trajectories: pl.DataFrame) -> pl.DataFrame:
    """The same counts from events: clients with a trajectory in the period, by where they stood on its last day.

    Null where the provider has delivered no event of the programme: nothing to compare with.
    """
    own = _own(trajectories)
    known = reports.join(own.select("provider_code", "programme_code").unique(), on=["provider_code", "programme_code"])
    counts = _clients(_inside(known, own)).group_by(_REPORT).agg(pl.col(INDICATORS).sum().cast(pl.Int64))
    return known.join(counts, on=_REPORT, how="left", nulls_equal=True).with_columns(pl.col(INDICATORS).fill_null(0))


_REPORTED = [*_REPORT, *INDICATORS]
_JUDGE = Judge(judge=report_reconciliation, shape=RECONCILIATION.polars_schema)


def _compare(known: Known) -> pl.DataFrame:
    """Each report beside the events as known when it was delivered: a later correction does not make it wrong."""
    reports = known.rows(provider_reports.SOURCE).select("delivered_on", *_REPORTED).sort(_REPORTED)
    return known.beside_providers(trajectory_events.SOURCE, reports, _JUDGE)


def _find(known: Known) -> pl.DataFrame:
    return differences(known, RULE, "reported by the provider", "from its events")


def _explain(lineage: Lineage, row: Row, column: str) -> Iterable[Behind]:
    """The rows of the report; and the events that its count follows from, as known on the day of the report."""
    provider, programme, *group = row["subject"].split("/")
    begin, until = (date.fromisoformat(day) for day in row["period"].split("/"))
    named = {"provider_code": provider, "programme_code": programme, "target_group": group[0] if group else None}
    reports = lineage.rows(provider_reports.SOURCE, **named, period_from=begin, period_until=until)
    yield from lineage.traces("report", provider_reports.SOURCE, reports)
    if column not in ("value_reported", "unit", "base", "rule"):
        day = reports["delivered_on"].max()
        yield from _events(lineage.on(day), reports, row["indicator"]) if isinstance(day, date) else ()


@dataclass(frozen=True)
class _Derived:
    """What the events of a provider come to beside a report, under one indicator."""

    reports: pl.DataFrame
    indicator: str
    value: int

    def is_given_by(self, history: History) -> bool:
        counts = _derived(self.reports, history.settled)[self.indicator]
        return counts.to_list() == [self.value]


def _events(then: Lineage, reports: pl.DataFrame, indicator: str) -> Iterable[Trace]:
    """What makes each client count; where none does, what shows that the provider delivered events, and no more."""
    asked = reports.select(_REPORT).unique()
    of = history(then, asked["programme_code"][0], asked["provider_code"][0])
    own = _own(of.settled)
    for value in _derived(asked, of.settled)[indicator]:
        deciding = _deciding(_inside(asked, own), indicator)
        wanted = _Derived(asked, indicator, value)
        rows = [of.first(kind, deciding, PARTS[kind]) for kind in KINDS[indicator]]
        yield from of.traces(rows if value else _of_nobody(of, own, wanted), {}, wanted)


def _deciding(inside: pl.DataFrame, indicator: str) -> pl.DataFrame:
    """The trajectories by which clients count: of each that in which it stands so, and one in the period."""
    counted = _clients(inside).filter(indicator).select("client_key")
    theirs = inside.join(counted, on="client_key", how="semi", maintain_order="left")
    if indicator == "ended_otherwise":
        return theirs
    stands = {"participants": pl.col("is_inside"), "active": pl.col("open_then")}.get(indicator, pl.lit(value=True))
    chosen = theirs.filter(stands).unique("client_key", keep="first", maintain_order=True)
    elsewhere = chosen.filter(~pl.col("is_inside")).select("client_key")
    taking_part = theirs.filter("is_inside").join(elsewhere, on="client_key", how="semi", maintain_order="left")
    return pl.concat([chosen, taking_part.unique("client_key", keep="first", maintain_order=True)])


def _of_nobody(of: History, own: pl.DataFrame, wanted: _Derived) -> list[pl.DataFrame]:
    """A start that shows that there are events, with as much of its end as keeps its client from counting."""
    choices = [
        [of.first(kind, one, PARTS[kind]) for kind in kinds]
        for one in own.sort("started_on", "trajectory_id").head(_TRIED).iter_slices(1)
        for kinds in (_STARTED, (*_STARTED, EventKind.PLACED), (*_STARTED, EventKind.ENDED))
    ]
    return next((each for each in choices if wanted.is_given_by(of.alone(pl.concat(each)))), choices[-1])


_TRIED = 8
"""So many trajectories are tried where nobody counts."""
_STARTED = (EventKind.STARTED,)
KINDS = {
    "participants": _STARTED,
    "active": _STARTED,
    "placed": (*_STARTED, EventKind.PLACED),
    "placed_part_time": (*_STARTED, EventKind.PLACED),
    "ended_otherwise": (*_STARTED, EventKind.ENDED),
}
"""The events that make a client count under an indicator."""


def _explain_finding(_lineage: Lineage, subject: str) -> Iterable[Cell]:
    yield compared_cell(subject)


COMPARISON = Comparison(
    rule=RULE, inputs=(provider_reports.SOURCE, trajectory_events.SOURCE), compare=_compare, explain=_explain
)

CHECK = RelationCheck(rules=(RULE,), inputs=(RECONCILIATION,), find=_find, explain=_explain_finding)
