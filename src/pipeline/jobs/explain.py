"""Where a curated figure comes from: delivery, file name and row numbers.

Here: following the trail. Not here: how it is printed.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from pipeline.core import explain, ledger
from pipeline.core.supersede import winning
from pipeline.errors import UitstroomError
from pipeline.jobs.station import Station
from pipeline.store import releases
from schemas.catalogue import SOURCES
from schemas.curated import TABLES
from schemas.vocabulary import Series, SourceName

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEAR = re.compile(r"\d{4}")


class NoSuchFigure(UitstroomError):
    """The table or the key does not exist in the current release."""


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


@dataclass(frozen=True)
class Explanation:
    """A row of a curated table and the deliveries behind it."""

    table: str
    figure: dict[str, Any]
    traces: tuple[Trace, ...]


def explain_figure(station: Station, table: str, key: Sequence[str]) -> Explanation:
    """Follow one row of a curated table back to the files.

    ``key`` holds its key values in the order of the table's key.
    """
    figure = _figure(station, table, key)
    trail = _Trail(station)
    return Explanation(table, figure, tuple(_TRAILS[table](trail, figure)))


def _figure(station: Station, table: str, key: Sequence[str]) -> dict[str, Any]:
    if table not in TABLES:
        raise NoSuchFigure(f"There is no table {table}. Tables: {', '.join(TABLES)}.")
    names = TABLES[table].key
    current = releases.current(station.settings.curated)
    if current is None:
        raise NoSuchFigure("There is no release yet. Run: uitstroom run")
    if len(key) != len(names):
        raise NoSuchFigure(f"{table} has the key {', '.join(names)}: give {len(names)} values, not {len(key)}.")
    frame = (
        releases.read(current, table)
        .filter(pl.col(name).cast(pl.String) == value for name, value in zip(names, key, strict=True))
        .collect()
    )
    if frame.is_empty():
        raise NoSuchFigure(
            f"{table} has no row {', '.join(f'{n}={v}' for n, v in zip(names, key, strict=True))}. "
            f"See: uitstroom show {table}"
        )
    return frame.row(0, named=True)


class _Trail:
    """Reads the log and remembers what it read."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self.ledger = ledger.fold(station.log.events())

    def rows(self, source: SourceName, **where: object) -> pl.DataFrame:
        """Winning rows of a source in one scope."""
        ranks = ledger.recorded(self.ledger, source)
        frame = self.station.log.sources[source.value].rows()
        matching = frame.filter([pl.col(name) == pl.lit(value) for name, value in where.items()]).collect()
        return winning(matching, ranks, SOURCES[source.value].scope)

    def trace(self, part: str, source: SourceName, delivery: str, rows: Sequence[int]) -> Trace:
        known = self.ledger.filter((pl.col("delivery") == delivery) & (pl.col("source") == source)).row(0, named=True)
        return Trace(part, source.value, known["file_name"], delivery, known["delivered_on"], tuple(rows))

    def of_rows(self, part: str, source: SourceName, frame: pl.DataFrame) -> list[Trace]:
        groups = frame.sort("delivery", "row").group_by("delivery", maintain_order=True).agg("row")
        return [self.trace(part, source, delivery, rows) for delivery, rows in groups.iter_rows()]


def _stock(trail: _Trail, figure: dict[str, Any], part: str = "stock") -> list[Trace]:
    cell = _cell(figure)
    scope = {"municipality_code": cell.municipality_code, "reference_date": cell.reference_date}
    benefits = trail.rows(SourceName.CASELOAD, **scope)
    if benefits.is_empty():
        return trail.of_rows(
            part, SourceName.CASELOAD_TOTALS, trail.rows(SourceName.CASELOAD_TOTALS, **scope, series=cell.series)
        )
    return [trail.trace(part, SourceName.CASELOAD, benefits["delivery"][0], explain.counted_rows(benefits, cell))]


def _flow(trail: _Trail, figure: dict[str, Any]) -> list[Trace]:
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
        trail.trace("inflow", SourceName.CASELOAD, delivery, explain.started_rows(benefits, cell, previous)),
        trail.trace("outflow", SourceName.CASELOAD, delivery, explain.ended_rows(benefits, cell, previous)),
        *_stock(trail, figure, "closing"),
    ]


def _reasons(trail: _Trail, figure: dict[str, Any]) -> list[Trace]:
    cell = _cell(figure)
    bridge = _figure(
        trail.station, "caseload_flow", [cell.municipality_code, cell.reference_date.isoformat(), cell.series]
    )
    benefits = trail.rows(
        SourceName.CASELOAD, municipality_code=cell.municipality_code, reference_date=cell.reference_date
    )
    rows = explain.ended_rows(benefits, cell, bridge["previous_reference_date"], figure["end_reason"])
    return [
        trail.trace(f"outflow for reason {figure['end_reason']}", SourceName.CASELOAD, benefits["delivery"][0], rows)
    ]


def _cell(figure: dict[str, Any]) -> explain.Cell:
    return explain.Cell(figure["municipality_code"], figure["reference_date"], figure["series"])


def _claim(trail: _Trail, figure: dict[str, Any]) -> list[Trace]:
    traces = trail.of_rows(
        "claim", SourceName.PUBLISHED_FIGURES, trail.rows(SourceName.PUBLISHED_FIGURES, claim_id=figure["claim_id"])
    )
    days = [date.fromisoformat(day) for day in (figure["subject_period"] or "").split("/") if day]
    if figure["indicator"].startswith("national"):
        return [*traces, *trail.of_rows("CBS figure", SourceName.NATIONAL_STATISTICS, _national(trail, days))]
    for day in days if figure["series_found"] else []:
        cell = {"municipality_code": figure["region_code"], "reference_date": day, "series": figure["series_found"]}
        traces += _stock(trail, cell, f"stock on {day}")
    return traces


def _national(trail: _Trail, days: list[date]) -> pl.DataFrame:
    ends = [pl.lit(day).dt.offset_by("-1d") for day in days]
    rows = trail.rows(SourceName.NATIONAL_STATISTICS, is_month=True)
    return rows.filter(pl.any_horizontal(pl.col("reference_date") == end for end in ends)) if ends else rows.clear()


def _cbs(trail: _Trail, region: str, year: int) -> list[Trace]:
    rows = trail.rows(SourceName.MUNICIPAL_STATISTICS, region_code=region, year=year, age_class="90100")
    return trail.of_rows("CBS figure", SourceName.MUNICIPAL_STATISTICS, rows)


def _benchmark(trail: _Trail, figure: dict[str, Any]) -> list[Trace]:
    own = {"municipality_code": figure["region_code"], "reference_date": date(figure["year"] + 1, 1, 1), "series": "pw"}
    return [*_cbs(trail, figure["region_code"], figure["year"]), *_stock(trail, own, "own stock")]


def _reconciliation(trail: _Trail, figure: dict[str, Any]) -> list[Trace]:
    region, _, what = figure["subject"].partition("/")
    if len(figure["period"]) == 4:
        return _cbs(trail, region, int(figure["period"]))
    day = date.fromisoformat(figure["period"])
    scope = {"municipality_code": region, "reference_date": day, "series": what}
    reported = trail.rows(SourceName.CASELOAD_TOTALS, **scope)
    return [*trail.of_rows("reported total", SourceName.CASELOAD_TOTALS, reported), *_stock(trail, scope, "counted")]


def _delivery(trail: _Trail, figure: dict[str, Any]) -> list[Trace]:
    rows = [figure["row"]] if figure.get("row") else []
    source = trail.ledger.filter(pl.col("delivery") == figure["delivery"])["source"][0]
    return [trail.trace("file", SourceName(source), figure["delivery"], rows)]


def _relation(trail: _Trail, figure: dict[str, Any]) -> list[Trace]:
    """What a finding is about: a stock, a claim, or a CBS figure: the shape of its subject tells."""
    region, *rest = figure["subject"].split("/")
    match rest:
        case [series, day, *_] if series in tuple(Series) and _DAY.fullmatch(day):
            return _reconciliation(trail, {"subject": f"{region}/{series}", "period": day})
        case [day] if _DAY.fullmatch(day):
            claims = trail.rows(
                SourceName.PUBLISHED_FIGURES, region_code=region, reference_date=date.fromisoformat(day)
            )
            return trail.of_rows("claim", SourceName.PUBLISHED_FIGURES, claims)
        case _:
            year = next((int(part) for part in rest if _YEAR.fullmatch(part)), None)
            return [] if year is None else _cbs(trail, region, year)


_TRAILS: dict[str, Callable[[_Trail, dict[str, Any]], list[Trace]]] = {
    "caseload_stock": _stock,
    "caseload_flow": _flow,
    "outflow_reasons": _reasons,
    "benchmark": _benchmark,
    "reconciliation": _reconciliation,
    "published_figures_check": _claim,
    "deliveries": _delivery,
    "findings": _delivery,
    "relation_findings": _relation,
}
