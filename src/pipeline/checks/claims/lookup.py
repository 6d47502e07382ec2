"""What is known on one day, ready to be asked about by key: stocks, flows and CBS figures, and the claims themselves.

Here: the shape of what is known, and the dictionaries built from its frames once. Not here: what a claim is compared
with (``evidence``), and which verdict follows (``verdict``).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from pipeline.checks.cbs_figures import TO_AOW_AGE
from pipeline.checks.claims.model import Claim
from pipeline.trajectories.programme_facts import ProgrammeFacts
from schemas.vocabulary import Series

SERIES = tuple(series.value for series in Series)
"""Every series, in the order in which ties are decided."""


@dataclass(frozen=True)
class Knowledge:
    """Everything known on one day: the winning rows of each source, curated where a curated table exists."""

    known_on: date
    stock: pl.DataFrame
    flow: pl.DataFrame
    national: pl.DataFrame
    municipal: pl.DataFrame
    programmes: Mapping[str, ProgrammeFacts] = field(default_factory=dict)


@dataclass(frozen=True)
class Stock:
    """Benefits on one date in one series. ``source`` states whether they were counted or reported as a total."""

    reference_date: date
    series: str
    benefits: int
    source: str


@dataclass(frozen=True)
class Flow:
    """What came and went between two reference dates of one series."""

    begin: date
    end: date
    inflow: int
    outflow_to_work: int


@dataclass(frozen=True)
class Lookup:
    """One day's knowledge by key. Built once per knowledge date, since a claim asks for single figures only."""

    known_on: date
    stocks: dict[tuple[str, date, str], Stock]
    records: dict[tuple[str, str], tuple[Stock, ...]]
    """Per municipality and series, in order of date."""
    flows: dict[tuple[str, str, date], Flow]
    """By municipality, series and the date on which the interval begins."""
    national: dict[date, dict[str, int]]
    """Months only: benefits per definition, by the last day of the month."""
    municipal: dict[tuple[str, int], tuple[int, int]]
    """Outflow to work and inflow, persons to AOW age, by region and year."""
    programmes: Mapping[str, ProgrammeFacts]
    claims: dict[str, tuple[Claim, ...]]
    """Published stocks, by region: what claims say of each other."""

    @classmethod
    def build(cls, knowledge: Knowledge, claims: Iterable[Claim]) -> "Lookup":
        """``claims`` are those published by then."""
        stocks = _stocks(knowledge.stock)
        return cls(
            known_on=knowledge.known_on,
            stocks=stocks,
            records=_records(stocks),
            flows=_flows(knowledge.flow),
            national=_national(knowledge.national),
            municipal=_municipal(knowledge.municipal),
            programmes=knowledge.programmes,
            claims=_stock_claims(claims),
        )


def _stocks(frame: pl.DataFrame) -> dict[tuple[str, date, str], Stock]:
    columns = ("municipality_code", "reference_date", "series", "benefits", "source")
    return {
        (municipality, on, series): Stock(on, series, benefits, source)
        for municipality, on, series, benefits, source in frame.select(columns).iter_rows()
    }


def _records(stocks: dict[tuple[str, date, str], Stock]) -> dict[tuple[str, str], tuple[Stock, ...]]:
    found: defaultdict[tuple[str, str], list[Stock]] = defaultdict(list)
    for municipality, on, series in sorted(stocks):
        found[municipality, series].append(stocks[municipality, on, series])
    return {key: tuple(record) for key, record in found.items()}


def _flows(frame: pl.DataFrame) -> dict[tuple[str, str, date], Flow]:
    columns = ("municipality_code", "series", "previous_reference_date", "reference_date", "inflow", "outflow_to_work")
    return {
        (municipality, series, begin): Flow(begin, end, inflow, to_work)
        for municipality, series, begin, end, inflow, to_work in frame.select(columns).drop_nulls().iter_rows()
    }


def _national(frame: pl.DataFrame) -> dict[date, dict[str, int]]:
    definitions = ("benefits", "benefits_to_aow_age")
    # A year's figure is an average: it has the same reference date as December and is something else.
    months = frame.filter(pl.col("is_month")).select("reference_date", *definitions)
    return {
        on: {name: figure for name, figure in zip(definitions, figures, strict=True) if figure is not None}
        for on, *figures in months.iter_rows()
    }


def _municipal(frame: pl.DataFrame) -> dict[tuple[str, int], tuple[int, int]]:
    counts = frame.filter(pl.col("age_class") == TO_AOW_AGE).sort("delivered_on", "statistics_table")
    columns = ("region_code", "year", "outflow_to_work", "inflow")
    return {
        (region, year): (to_work, inflow)
        for region, year, to_work, inflow in counts.select(columns).drop_nulls().iter_rows()
    }


def _stock_claims(claims: Iterable[Claim]) -> dict[str, tuple[Claim, ...]]:
    found: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.indicator == "caseload_stock" and claim.region_code is not None:
            found[claim.region_code].append(claim)
    return {region: tuple(of_region) for region, of_region in found.items()}
