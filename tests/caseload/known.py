"""The tables about the caseload from winning counts and totals, without a log.

Not here: any figure (``pipeline.caseload``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

import polars as pl

from pipeline.caseload import stock
from pipeline.caseload.flow import flow, intervals
from pipeline.caseload.outflow_reasons import outflow_reasons
from pipeline.versions.projection import Known
from schemas.source import Source


@dataclass(frozen=True)
class CaseloadTables:
    """The three tables, and what was counted from benefits alone."""

    counted: pl.DataFrame
    stock: pl.DataFrame
    flow: pl.DataFrame
    reasons: pl.DataFrame


@dataclass(frozen=True)
class CaseloadKnown:
    """What ``Known`` answers about the two sources of the caseload: all by the name of the source."""

    winning: Mapping[str, pl.DataFrame]
    scopes_redelivered: Mapping[str, pl.DataFrame]
    latest: date | None

    def rows(self, source: Source) -> pl.DataFrame:
        return self.winning[source.name]

    def redelivered(self, source: Source) -> pl.DataFrame:
        schema = source.event_schema()
        never = pl.DataFrame(schema={name: schema[name] for name in source.scope})
        return self.scopes_redelivered.get(source.name, never)

    def reach(self, *_: Source) -> date | None:
        return self.latest

    def once(self, step: Callable[[Known], pl.DataFrame]) -> pl.DataFrame:
        return step(cast(Known, self))


def caseload_tables(
    winning: Mapping[str, pl.DataFrame], redelivered: Mapping[str, pl.DataFrame], latest: date | None
) -> CaseloadTables:
    """From the counts and totals that win, and the scopes that were delivered more than once, by source."""
    known = cast(Known, CaseloadKnown(winning, redelivered, latest))
    counted, counts = stock.stock_lines(known).filter(source=stock.COUNTED), winning["caseload"]
    return CaseloadTables(
        counted=counted.sort(stock.KEY),
        stock=stock.project(known),
        flow=flow(stock.stock_lines(known), counts, winning["caseload_totals"]),
        reasons=outflow_reasons(intervals(stock.stock_lines(known)), counts),
    )
