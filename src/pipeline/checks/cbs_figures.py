"""Figures of CBS about regions and years, as rows of the log. Not here: what they are compared with."""

import re

import polars as pl

from pipeline.versions.explanation import Lineage, Trace
from schemas.sources import municipal_statistics

TO_AOW_AGE = "90100"
"""CBS age class 15 to AOW age."""

_YEAR = re.compile(r"\d{4}")
_FIGURE = ["region_code", "age_class", "year"]


def one_each(municipal: pl.DataFrame) -> pl.DataFrame:
    """One row per region, age class and year; should two tables give one year, the later delivery."""
    order = [*_FIGURE, "delivered_on", "statistics_table"]
    return municipal.sort(order).unique(_FIGURE, keep="last", maintain_order=True)


def cbs_traces(
    lineage: Lineage, region: str, year: int, age: str = TO_AOW_AGE, part: str = "CBS figure"
) -> list[Trace]:
    """The published row of a region and year."""
    rows = lineage.rows(municipal_statistics.SOURCE, region_code=region, year=year, age_class=age)
    return lineage.traces(part, municipal_statistics.SOURCE, one_each(rows))


def year_of(subject: str) -> int:
    """The year that a subject such as ``GM0899/cbs/2016/recipients`` names."""
    return next(int(part) for part in subject.split("/") if _YEAR.fullmatch(part))
