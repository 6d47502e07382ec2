"""Figures of CBS about one region and year, as rows of the log. Not here: what they are compared with."""

import re

from pipeline.versions.explanation import Lineage, Trace
from schemas.sources import municipal_statistics

TO_AOW_AGE = "90100"
"""CBS age class 15 to AOW age."""

_YEAR = re.compile(r"\d{4}")


def cbs_traces(lineage: Lineage, region: str, year: int) -> list[Trace]:
    """The published row of a region and year, to AOW age."""
    rows = lineage.rows(municipal_statistics.SOURCE, region_code=region, year=year, age_class=TO_AOW_AGE)
    return lineage.traces("CBS figure", municipal_statistics.SOURCE, rows)


def year_of(subject: str) -> int:
    """The year that a subject such as ``GM0899/cbs/2016/recipients`` names."""
    return next(int(part) for part in subject.split("/") if _YEAR.fullmatch(part))
