"""Which scopes the rows are of that are named for a figure, and of which a delivery that does not count has rows.

Here: by what the log keeps of each delivery where that says it, or else by its rows, each of them read once for a
figure. Not here: which of these rows would decide (``not_counting``).
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipeline.versions.explanation import Lineage, Trace
from pipeline.versions.gates.kept import TOO_MANY, from_text
from schemas.source import Source
from schemas.sources import caseload, caseload_totals

STOCK_KEPT = {"place": "municipality_code", "valid_on": "reference_date"}
EVENTS_KEPT = {"line": "provider_code"}


@dataclass(frozen=True)
class KeptScopes:
    """Places and dates of a stock, with the number of rows that were recorded."""

    rows: pl.DataFrame
    """Grain: place and date, by the columns of the source; ``rows``."""
    pairs: frozenset[tuple[str, date]]
    """The same places and dates: most figures are about others, and that is seen without a frame."""


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
        asked = None if among is None else set(among.select(STOCK_KEPT.values()).iter_rows())
        for number, trace in enumerate(self._own):
            of = alike.get(trace.source)
            if of is not None and trace.rows and self._may_be_about(of, trace, asked):
                found.append(self._of_rows(source, of, number))
        return pl.concat(found).unique()

    def may_be_about(self, source: Source, pairs: Set[tuple[str, date]]) -> bool:
        """Whether a row that is named may be of one of these places and dates."""
        alike = {each.name: each for each in (source, *_in_place_of(source))}
        of = ((alike.get(trace.source), trace) for trace in self._own if trace.rows)
        return any(each is not None and self._may_be_about(each, trace, pairs) for each, trace in of)

    def _may_be_about(self, of: Source, trace: Trace, pairs: Set[tuple[str, date]] | None) -> bool:
        kept = None if pairs is None else self._lineage.kept_scopes(of, trace.delivery)
        return pairs is None or kept is None or not kept.pairs.isdisjoint(pairs)

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


def kept_scopes(source: Source, text: str | None) -> KeptScopes | None:
    """From what the log keeps of a delivery; None where it does not keep that of it."""
    if not source.is_stock or not source.is_compared or not text or text == TOO_MANY:
        return None
    rows = from_text(text).select(*STOCK_KEPT, rows="rows_good").rename(STOCK_KEPT)
    return KeptScopes(rows, frozenset(rows.select(STOCK_KEPT.values()).iter_rows()))
