"""Months nobody reported, from the log. Here: reading what deliveries cover. Not here: what is expected
(``pipeline.backfill.gaps``).
"""

from collections.abc import Sequence

import polars as pl

from pipeline.backfill.coverage import READING, covered_by
from pipeline.backfill.gaps import STOCK_SOURCES, gaps
from pipeline.backfill.plan import Gap
from pipeline.backfill.request import month_faults
from pipeline.jobs.backfill.errors import BadRequest, Fault
from pipeline.jobs.workspace import Workspace
from pipeline.versions import delivery_status
from schemas import reference
from schemas.catalogue import SOURCES

_OPTIONS = ("--from", "--to")


class NoGapsThere(BadRequest):
    """Months between which no gaps can be listed."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults)
        self.args = (f"The gaps cannot be listed: {'; '.join(str(each) for each in faults)}.",)


def find_gaps(workspace: Workspace, from_month: str | None = None, until_month: str | None = None) -> tuple[Gap, ...]:
    """Months that no recorded delivery covers, per stock source and municipality.

    From the first month known, or ``from_month``, until ``until_month`` (exclusive) or with the last month known.
    Raises NoGapsThere where these are no months; it names the options of the command, which alone asks for them.
    """
    if wrong := tuple(month_faults(from_month, until_month, _OPTIONS)):
        raise NoGapsThere(wrong)
    return gaps_of(workspace, workspace.log.events(), from_month, until_month)


def gaps_of(
    workspace: Workspace,
    events: pl.DataFrame,
    from_month: str | None,
    until_month: str | None,
    sources: Sequence[str] = (),
) -> tuple[Gap, ...]:
    """The same for a log with these events; ``sources`` that hold no stocks have no gaps."""
    asked = [name for name in STOCK_SOURCES if name in sources]
    if sources and not asked:
        return ()
    folded = delivery_status.statuses(events)
    covered = pl.concat([_covered(workspace, folded, name) for name in asked or STOCK_SOURCES])
    found = gaps(covered, reference.municipalities(), from_month=from_month, until_month=until_month, sources=asked)
    return tuple(Gap(*row) for row in found.iter_rows())


def _covered(workspace: Workspace, folded: pl.DataFrame, name: str) -> pl.DataFrame:
    readings = covered_by(workspace.log.sources[name].rows(), SOURCES[name]).join(
        delivery_status.recorded(folded, name).select(READING), on=READING, how="semi"
    )
    return readings.select(pl.lit(name).alias("source"), "municipality_code", "month").unique()
