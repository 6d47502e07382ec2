"""The curated table ``reconciliation``: all that was reported twice, with the verdict of its rule.

Not here: the comparisons (one module each), what of them is a finding (``relation_findings``).
"""

from collections.abc import Iterable

import polars as pl

from pipeline.checks import benchmark, cbs_percentages, provider_reports, totals
from pipeline.versions.explanation import Behind, Cell, Explained, Lineage, Row
from pipeline.versions.projection import Comparison, Known, Projection
from schemas.tables.checks import RECONCILIATION

COMPARISONS: tuple[Comparison, ...] = (
    totals.COMPARISON,
    benchmark.COMPARISON,
    cbs_percentages.COMPARISON,
    provider_reports.COMPARISON,
)


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    return RECONCILIATION.shaped(pl.concat([each.compare(known) for each in COMPARISONS]))


def _as_compared(lineage: Lineage, row: Row, column: str) -> Iterable[Behind]:
    """What the comparison states that judged the row."""
    comparison = next(each for each in COMPARISONS if each.rule == row["rule"])
    return comparison.explain(lineage, row, column)


def _judged(lineage: Lineage, row: Row, column: str) -> Iterable[Behind]:
    """Both values; a verdict also rests on what says whether they may be compared."""
    key = tuple(row[name] for name in RECONCILIATION.key)
    for part in ("value_reported", "value_derived"):
        yield Cell(part, RECONCILIATION, key, part)
    if column == "verdict":
        yield from _as_compared(lineage, row, column)


PROJECTION = Projection(
    table=RECONCILIATION,
    inputs=tuple(dict.fromkeys(each for comparison in COMPARISONS for each in comparison.inputs)),
    project=project,
    explain=(
        Explained(("value_reported", "value_derived"), _as_compared),
        Explained(("difference",), _judged),
        Explained(("verdict",), _judged),
        Explained(("unit", "base", "rule"), _as_compared, is_aside=True),
    ),
)
