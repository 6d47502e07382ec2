"""The signal: a figure that moves further than its own history makes likely (RELATION-010). It holds nothing up.

A change is measured by the median and the MAD of the changes before it in the same series, which one odd month does not
move. Here: stocks and flows of the caseload. Not here: figures with too short a history (``leaps``), gates, which hold
a delivery (``versions.gates``).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from pipeline.caseload.stock import KEY, LINE
from pipeline.versions.explanation import Behind, Cell, Lineage
from pipeline.versions.finding_rows import findings
from pipeline.versions.projection import Known, RelationCheck
from schemas.limits.figures import (
    SIGNAL_DATES,
    SIGNAL_LEAST_CHANGES,
    SIGNAL_LEAST_MOVE,
    SIGNAL_LEAST_SPREAD,
    SIGNAL_SPREADS,
    SIGNAL_USUAL_DAYS,
)
from schemas.table import Table
from schemas.tables.caseload import CASELOAD_FLOW, CASELOAD_STOCK
from schemas.tables.checks import RELATION_FINDINGS

RULE = "RELATION-010"
_SPREAD_OF_MAD = 1.4826
"""Makes the MAD of normal noise its standard deviation."""


@dataclass(frozen=True)
class _Figure:
    """A column of a table that is watched."""

    table: Table
    column: str

    @property
    def name(self) -> str:
        return f"{self.table.name}.{self.column}"


FIGURES = (
    _Figure(CASELOAD_STOCK, "benefits"),
    _Figure(CASELOAD_FLOW, "inflow"),
    _Figure(CASELOAD_FLOW, "outflow"),
    _Figure(CASELOAD_FLOW, "outflow_to_work"),
)


def unlikely_moves(table: pl.DataFrame, column: str) -> pl.DataFrame:
    """Rows of a table of the caseload whose change is out of line, with ``before``, ``change``, ``usual`` and ``far``.

    Intervals that are much shorter or longer than the series usually has are left out: their changes are no measure.
    """
    spread = pl.max_horizontal(
        _SPREAD_OF_MAD * pl.col("mad"), SIGNAL_LEAST_SPREAD * pl.col("before").clip(lower_bound=1).sqrt()
    )
    return (
        measured(table, column)
        .with_columns(usual=pl.col("history").list.median(), mad=_mad("history"))
        .with_columns(away=(pl.col("change") - pl.col("usual")).abs(), spread=spread)
        .filter((pl.col("away") > SIGNAL_SPREADS * pl.col("spread")) & (pl.col("away") >= SIGNAL_LEAST_MOVE))
        .with_columns(far=pl.col("away") / pl.col("spread"))
    )


def measured(table: pl.DataFrame, column: str) -> pl.DataFrame:
    """Rows whose change has a history to be measured by, with that ``history``."""
    earlier = [pl.col("change").shift(number).over(LINE) for number in range(1, SIGNAL_DATES + 1)]
    steady = steady_changes(table, column).with_columns(history=pl.concat_list(earlier).list.drop_nulls())
    return steady.filter(pl.col("history").list.len() >= SIGNAL_LEAST_CHANGES)


def steady_changes(table: pl.DataFrame, column: str) -> pl.DataFrame:
    """Rows after an interval of the usual length, with ``before`` and ``change``."""
    shortest, longest = SIGNAL_USUAL_DAYS
    days = (pl.col("reference_date") - pl.col("previous_reference_date")).dt.total_days()
    return (
        table.sort(KEY)
        .with_columns(
            before=pl.col(column).shift(1).over(LINE),
            day_before=pl.col("reference_date").shift(1).over(LINE),
            days=days,
        )
        .with_columns(usual_days=pl.col("days").median().over(LINE))
        .filter(pl.col("days").is_between(shortest * pl.col("usual_days"), longest * pl.col("usual_days")))
        .with_columns(change=pl.col(column) - pl.col("before"))
        .drop_nulls("change")
    )


def _mad(column: str) -> pl.Expr:
    """The median distance from the median."""
    distance = (pl.element() - pl.element().median()).abs().median()
    return pl.col(column).list.eval(distance).list.first()


def _find(known: Known) -> pl.DataFrame:
    parts = [_findings(unlikely_moves(known.table(each.table), each.column), each) for each in FIGURES]
    return pl.concat([RELATION_FINDINGS.empty(), *parts])


def _findings(moves: pl.DataFrame, figure: _Figure) -> pl.DataFrame:
    text = "{} moved from {} to {} ({}); its changes over the {} dates before were usually about {}"
    change = pl.when(pl.col("change") > 0).then(pl.format("+{}", "change")).otherwise(pl.col("change").cast(pl.String))
    usual = pl.col("usual").round(1).cast(pl.String)
    dates = pl.col("history").list.len().cast(pl.String)
    most = (SIGNAL_SPREADS * pl.col("spread")).round(1)
    return findings(
        moves,
        RULE,
        subject=pl.format("{}/{}/{}/{}", "municipality_code", "series", "reference_date", pl.lit(figure.name)),
        what=pl.format(text, pl.lit(figure.column), "before", figure.column, change, dates, usual),
        expected=pl.format("a change of about {}, give or take {}", usual, most),
        found=change,
    )


def _explain(lineage: Lineage, subject: str) -> Iterable[Behind]:
    """The figure before and after, and those whose changes it is measured by."""
    municipality, series, day, name = subject.split("/")
    figure = next(each for each in FIGURES if each.name == name)
    line = lineage.table(figure.table, municipality_code=municipality, series=series)
    moves = steady_changes(line, figure.column).filter(pl.col("reference_date").cast(pl.String) <= day)
    days = [*moves["reference_date"].tail(SIGNAL_DATES + 1), *moves["day_before"].tail(SIGNAL_DATES + 1)]
    moved = moves.row(-1, named=True)
    parts = {moved["reference_date"]: "after", moved["day_before"]: "before"}
    for each in sorted(set(days), reverse=True):
        yield Cell(parts.get(each, "measured by"), figure.table, (municipality, each, series), figure.column)


CHECK = RelationCheck(rules=(RULE,), inputs=(CASELOAD_STOCK, CASELOAD_FLOW), find=_find, explain=_explain)
