"""Which scopes the rows are of that are named for a figure, and of which a delivery that does not count has rows.

Here: by what the log keeps of each delivery where that says it, or else by its rows, each of them read once for a
figure. Not here: which of these rows would decide (``not_counting``).
"""

from collections.abc import Sequence

import polars as pl

from pipeline.versions.explanation import Lineage, Trace
from pipeline.versions.gates.kept import TOO_MANY, from_text
from schemas.source import Source
from schemas.sources import caseload, caseload_totals

STOCK_KEPT = {"place": "municipality_code", "valid_on": "reference_date"}
EVENTS_KEPT = {"line": "provider_code"}


class NamedScopes:
    """Of the rows that are named for one figure."""

    def __init__(self, lineage: Lineage, own: Sequence[Trace]) -> None:
        self._lineage, self._own = lineage, own
        self._read: dict[tuple[str, int], pl.DataFrame] = {}

    def scopes(self, source: Source, among: pl.DataFrame | None = None) -> pl.DataFrame:
        """Scopes of ``source``; of benefits also those of totals, that stand where there are none. Where ``among`` is
        given, deliveries that are known to be about none of these scopes are not read.
        """
        if among is not None and among.is_empty():
            return among
        alike = {each.name: each for each in (source, *_in_place_of(source))}
        found = [self._lineage.every_row(source, "").select(source.scope).collect()]
        for number, trace in enumerate(self._own):
            of = alike.get(trace.source)
            if of is not None and trace.rows and self._may_be_about(of, trace, among):
                found.append(self._of_rows(source, of, number))
        return pl.concat(found).unique()

    def _may_be_about(self, of: Source, trace: Trace, among: pl.DataFrame | None) -> bool:
        if among is None:
            return True
        kept = self._lineage.kept_scopes(of, trace.delivery)
        return kept is None or not kept.join(among, on=list(STOCK_KEPT.values()), how="semi").is_empty()

    def _of_rows(self, source: Source, of: Source, number: int) -> pl.DataFrame:
        if (source.name, number) not in self._read:
            trace = self._own[number]
            rows = self._lineage.every_row(of, trace.delivery).select("row", *source.scope)
            named = pl.LazyFrame({"row": trace.rows}, schema={"row": rows.collect_schema()["row"]})
            own = rows.join(named, on="row", how="semi").select(source.scope).unique()
            self._read[source.name, number] = own.collect()
        return self._read[source.name, number]


def _in_place_of(source: Source) -> Sequence[Source]:
    return (caseload_totals.SOURCE,) if source == caseload.SOURCE else ()


def kept_scopes(source: Source, text: str | None) -> pl.DataFrame | None:
    """Places and dates of a stock, with the number of rows that were recorded; None where that is not kept of it."""
    if not source.is_stock or not source.is_compared or not text or text == TOO_MANY:
        return None
    return from_text(text).select(*STOCK_KEPT, rows="rows_good").rename(STOCK_KEPT)
