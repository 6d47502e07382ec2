"""A series with more benefits or persons than one that contains it: rule RELATION-022. It holds nothing up.

Here: stocks of one municipality and date, counted or reported. Not here: flows, since one who goes from PW to IOAW
flows out of the one series and stays in the other.
"""

from collections.abc import Iterable
from datetime import date
from itertools import permutations

import polars as pl

from pipeline.versions.explanation import Cell, Lineage
from pipeline.versions.finding_rows import findings
from pipeline.versions.projection import Known, RelationCheck
from schemas.tables.caseload import CASELOAD_STOCK
from schemas.tables.checks import RELATION_FINDINGS
from schemas.vocabulary import SERIES_SCHEMES

RULE = "RELATION-022"
_DAY = ["municipality_code", "reference_date"]
_FIGURES = ("benefits", "persons")
CONTAINED = tuple(
    (part.value, whole.value)
    for part, whole in permutations(SERIES_SCHEMES, 2)
    if set(SERIES_SCHEMES[part]) < set(SERIES_SCHEMES[whole])
)
"""Series, and one that counts all its schemes and others. Every two are compared: of three one may be missing."""


def not_nested(stock: pl.DataFrame, figure: str) -> pl.DataFrame:
    """Two stocks of one municipality and day of which the part (``part``, ``part_figure``) is more than the whole."""
    own = stock.drop_nulls(figure).select(*_DAY, "series", figure)
    part = own.rename({"series": "part", figure: "part_figure"})
    whole = own.rename({"series": "whole", figure: "whole_figure"})
    contained = pl.DataFrame(CONTAINED, schema=["part", "whole"], orient="row")
    pairs = part.join(contained, on="part").join(whole, on=[*_DAY, "whole"], maintain_order="left")
    return pairs.filter(pl.col("part_figure") > pl.col("whole_figure"))


def _find(known: Known) -> pl.DataFrame:
    stock = known.table(CASELOAD_STOCK)
    return pl.concat(
        [RELATION_FINDINGS.empty(), *(_findings(not_nested(stock, figure), figure) for figure in _FIGURES)]
    )


def _findings(found: pl.DataFrame, figure: str) -> pl.DataFrame:
    return findings(
        found,
        RULE,
        subject=pl.concat_str(
            "municipality_code", "reference_date", "part", "whole", pl.lit(figure), separator="/"
        ),
        what=pl.format(
            "{} {} in series {}, which is part of series {} with {}",
            "part_figure", pl.lit(figure), "part", "whole", "whole_figure",
        ),
        expected=pl.format("at most {}", "whole_figure"),
        found=pl.col("part_figure").cast(pl.String),
    )  # fmt: skip


def _explain(_lineage: Lineage, subject: str) -> Iterable[Cell]:
    """Both stocks."""
    place, day, part, whole, figure = subject.split("/")
    for name, series in (("part", part), ("whole", whole)):
        yield Cell(name, CASELOAD_STOCK, (place, date.fromisoformat(day), series), figure)


CHECK = RelationCheck(rules=(RULE,), inputs=(CASELOAD_STOCK,), find=_find, explain=_explain)
