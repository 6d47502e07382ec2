"""From a figure to the deliveries behind it, per table. Here: which scopes of which source a row rests on.

Not here: which rows of a delivery count (``pipeline.caseload.counted_rows``), and the answer as a whole (``explain``).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from pipeline.caseload import counted_rows
from pipeline.jobs.show import figure_of
from pipeline.jobs.workspace import Writer
from pipeline.versions import delivery_status
from pipeline.versions.supersede import winning
from schemas.catalogue import SOURCES
from schemas.vocabulary import ALL_PROVIDERS, SourceName

_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True)
class Trace:
    """One delivery a figure rests on: what of it is used, and which rows."""

    part: str
    source: str
    file_name: str
    delivery: str
    delivered_on: date
    rows: tuple[int, ...]

    def as_dict(self) -> dict[str, Any]:
        return {**self.__dict__, "delivered_on": self.delivered_on.isoformat(), "rows": list(self.rows)}


class Trail:
    """Reads the log and remembers what it read."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.ledger = delivery_status.fold(writer.log.events())

    def rows(self, source: SourceName, **where: object) -> pl.DataFrame:
        """Winning rows of a source in one scope."""
        ranks = delivery_status.recorded(self.ledger, source)
        frame = self.writer.log.sources[source.value].rows()
        matching = frame.filter([pl.col(name) == pl.lit(value) for name, value in where.items()]).collect()
        return winning(matching, ranks, SOURCES[source.value].scope)

    def trace(self, part: str, source: str, delivery: str, rows: Sequence[int]) -> Trace:
        known = self.ledger.filter((pl.col("delivery") == delivery) & (pl.col("source") == source)).row(0, named=True)
        return Trace(part, str(source), known["file_name"], delivery, known["delivered_on"], tuple(rows))

    def of_rows(self, part: str, source: SourceName, frame: pl.DataFrame) -> list[Trace]:
        groups = frame.sort("delivered_on", "delivery", "row").group_by("delivery", maintain_order=True).agg("row")
        return [self.trace(part, source, delivery, rows) for delivery, rows in groups.iter_rows()]


def _stock(trail: Trail, figure: dict[str, Any], part: str = "stock") -> list[Trace]:
    cell = _cell(figure)
    scope = {"municipality_code": cell.municipality_code, "reference_date": cell.reference_date}
    benefits = trail.rows(SourceName.CASELOAD, **scope)
    if benefits.is_empty():
        return trail.of_rows(
            part, SourceName.CASELOAD_TOTALS, trail.rows(SourceName.CASELOAD_TOTALS, **scope, series=cell.series)
        )
    return [trail.trace(part, SourceName.CASELOAD, benefits["delivery"][0], counted_rows.counted_rows(benefits, cell))]


def _flow(trail: Trail, figure: dict[str, Any]) -> list[Trace]:
    cell, previous = _cell(figure), figure["previous_reference_date"]
    benefits = trail.rows(
        SourceName.CASELOAD, municipality_code=cell.municipality_code, reference_date=cell.reference_date
    )
    opening = _stock(trail, {**figure, "reference_date": previous}, "opening")
    if benefits.is_empty():
        return [*opening, *_stock(trail, figure, "reported bridge")]
    delivery = benefits["delivery"][0]
    return [
        *opening,
        trail.trace("inflow", SourceName.CASELOAD, delivery, counted_rows.started_rows(benefits, cell, previous)),
        trail.trace("outflow", SourceName.CASELOAD, delivery, counted_rows.ended_rows(benefits, cell, previous)),
        *_stock(trail, figure, "closing"),
    ]


def _reasons(trail: Trail, figure: dict[str, Any]) -> list[Trace]:
    cell = _cell(figure)
    key = [cell.municipality_code, cell.reference_date.isoformat(), cell.series]
    bridge = figure_of(trail.writer.settings, "caseload_flow", key)
    benefits = trail.rows(
        SourceName.CASELOAD, municipality_code=cell.municipality_code, reference_date=cell.reference_date
    )
    rows = counted_rows.ended_rows(benefits, cell, bridge["previous_reference_date"], figure["end_reason"])
    return [
        trail.trace(f"outflow for reason {figure['end_reason']}", SourceName.CASELOAD, benefits["delivery"][0], rows)
    ]


def _cell(figure: dict[str, Any]) -> counted_rows.Cell:
    return counted_rows.Cell(figure["municipality_code"], figure["reference_date"], figure["series"])


def _claim(trail: Trail, figure: dict[str, Any]) -> list[Trace]:
    traces = trail.of_rows(
        "claim", SourceName.PUBLISHED_FIGURES, trail.rows(SourceName.PUBLISHED_FIGURES, claim_id=figure["claim_id"])
    )
    days = [date.fromisoformat(day) for day in (figure["subject_period"] or "").split("/") if day]
    if figure["programme_code"]:
        return [*traces, *_programme(trail, {"programme_code": figure["programme_code"]})]
    if figure["indicator"].startswith("national"):
        return [*traces, *trail.of_rows("CBS figure", SourceName.NATIONAL_STATISTICS, _national(trail, days))]
    for day in days if figure["series_found"] else []:
        cell = {"municipality_code": figure["region_code"], "reference_date": day, "series": figure["series_found"]}
        traces += _stock(trail, cell, f"stock on {day}")
    return traces


def _national(trail: Trail, days: list[date]) -> pl.DataFrame:
    ends = [pl.lit(day).dt.offset_by("-1d") for day in days]
    rows = trail.rows(SourceName.NATIONAL_STATISTICS, is_month=True)
    return rows.filter(pl.any_horizontal(pl.col("reference_date") == end for end in ends)) if ends else rows.clear()


def _cbs(trail: Trail, region: str, year: int) -> list[Trace]:
    rows = trail.rows(SourceName.MUNICIPAL_STATISTICS, region_code=region, year=year, age_class="90100")
    return trail.of_rows("CBS figure", SourceName.MUNICIPAL_STATISTICS, rows)


def _benchmark(trail: Trail, figure: dict[str, Any]) -> list[Trace]:
    own = {"municipality_code": figure["region_code"], "reference_date": date(figure["year"] + 1, 1, 1), "series": "pw"}
    return [*_cbs(trail, figure["region_code"], figure["year"]), *_stock(trail, own, "own stock")]


def _reconciliation(trail: Trail, figure: dict[str, Any]) -> list[Trace]:
    region, _, what = figure["subject"].partition("/")
    if "/" in figure["period"]:
        return _report(trail, figure)
    if len(figure["period"]) == 4:
        return _cbs(trail, region, int(figure["period"]))
    day = date.fromisoformat(figure["period"])
    scope = {"municipality_code": region, "reference_date": day, "series": what}
    reported = trail.rows(SourceName.CASELOAD_TOTALS, **scope)
    return [*trail.of_rows("reported total", SourceName.CASELOAD_TOTALS, reported), *_stock(trail, scope, "counted")]


def _report(trail: Trail, figure: dict[str, Any]) -> list[Trace]:
    provider, programme = figure["subject"].split("/")[:2]
    begin, until = (date.fromisoformat(day) for day in figure["period"].split("/"))
    named = {"provider_code": provider, "programme_code": programme}
    reports = trail.rows(SourceName.PROVIDER_REPORTS, **named, period_from=begin, period_until=until)
    events = trail.rows(SourceName.TRAJECTORY_EVENTS, **named).filter(pl.col("occurred_on") < until)
    return [
        *trail.of_rows("report", SourceName.PROVIDER_REPORTS, reports),
        *trail.of_rows("events", SourceName.TRAJECTORY_EVENTS, events),
    ]


def _delivery(trail: Trail, figure: dict[str, Any]) -> list[Trace]:
    rows = [figure["row"]] if figure.get("row") else []
    source = trail.ledger.filter(pl.col("delivery") == figure["delivery"])["source"][0]
    return [trail.trace("file", source, figure["delivery"], rows)]


def _trajectory(trail: Trail, figure: dict[str, Any]) -> list[Trace]:
    named = {name: figure[name] for name in ("provider_code", "trajectory_id")}
    events = trail.rows(SourceName.TRAJECTORY_EVENTS, **named)
    return trail.of_rows("event", SourceName.TRAJECTORY_EVENTS, events)


def _programme(trail: Trail, figure: dict[str, Any]) -> list[Trace]:
    """The events that a count of a programme follows from: all of the provider, up to the end of the month."""
    named = {"programme_code": figure["programme_code"]}
    if figure.get("provider_code", ALL_PROVIDERS) != ALL_PROVIDERS:
        named["provider_code"] = figure["provider_code"]
    events = trail.rows(SourceName.TRAJECTORY_EVENTS, **named)
    if "month" in figure:
        events = events.filter(pl.col("occurred_on") <= pl.lit(figure["month"]).dt.month_end())
    return trail.of_rows("events", SourceName.TRAJECTORY_EVENTS, events)


def _relation(trail: Trail, figure: dict[str, Any]) -> list[Trace]:
    """What a finding is about: the rule tells how its subject is to be read."""
    rule, parts = figure["rule"], figure["subject"].split("/")
    if rule.startswith("TRAJECT") or rule == "RELATION-008":
        return _about_trajectories(trail, rule, figure["subject"])
    if rule == "RELATION-005":
        return _claims_about(trail, parts[0], date.fromisoformat(parts[1]))
    if rule == "RELATION-007":
        return _report(trail, {"subject": "/".join(parts[:2]), "period": "/".join(parts[2:4])})
    if rule in ("RELATION-003", "RELATION-004"):
        return _cbs(trail, parts[0], next(int(part) for part in parts if _YEAR.fullmatch(part)))
    return _reconciliation(trail, {"subject": f"{parts[0]}/{parts[1]}", "period": parts[2]})


def _about_trajectories(trail: Trail, rule: str, subject: str) -> list[Trace]:
    if rule in ("TRAJECT-006", "TRAJECT-007"):
        provider, _, event = subject.partition("/")
        events = trail.rows(SourceName.TRAJECTORY_EVENTS, provider_code=provider, event_id=event)
        return trail.of_rows("event", SourceName.TRAJECTORY_EVENTS, events)
    named = [one.split("/")[:2] for one in subject.split("+")]
    figures = [{"provider_code": provider, "trajectory_id": trajectory} for provider, trajectory in named]
    return [trace for figure in figures for trace in _trajectory(trail, figure)]


def _claims_about(trail: Trail, region: str, day: date) -> list[Trace]:
    claims = trail.rows(SourceName.PUBLISHED_FIGURES, region_code=region, reference_date=day)
    return trail.of_rows("claim", SourceName.PUBLISHED_FIGURES, claims)


def _restatement(trail: Trail, figure: dict[str, Any]) -> list[Trace]:
    """The delivery that caused the change, as a whole: what it said before and after is in its versions."""
    causes = trail.ledger.filter(pl.col("delivery") == figure["cause"])
    return [
        trail.trace(f"{figure['event']}: {figure['column']}", source, figure["cause"], ())
        for source in causes["source"].head(1)
    ]


TRAILS: dict[str, Callable[[Trail, dict[str, Any]], list[Trace]]] = {
    "caseload_stock": _stock,
    "caseload_flow": _flow,
    "outflow_reasons": _reasons,
    "trajectories": _trajectory,
    "programme_progress": _programme,
    "target_group_progress": _programme,
    "method_progress": _programme,
    "channel_progress": _programme,
    "programme_occupancy": _programme,
    "placement_outcomes": _programme,
    "activation": _programme,
    "benchmark": _benchmark,
    "reconciliation": _reconciliation,
    "published_figures_check": _claim,
    "restatements": _restatement,
    "deliveries": _delivery,
    "findings": _delivery,
    "relation_findings": _relation,
}
