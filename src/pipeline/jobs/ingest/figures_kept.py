"""The figures of deliveries, for the gate about figures that are told again.

Here: reading them, of what was staged and of the log, each delivery once a night. Not here: the gate
(``versions.gates.figures_again``).
"""

from collections import OrderedDict
from collections.abc import Sequence

import polars as pl

from pipeline.jobs.ingest.row_keys import Rows
from pipeline.versions.gates.figures_again import told_figures
from schemas.source import Source

_MOST_ROWS = 1_000_000
"""Kept at a time; beyond it what was asked for longest ago is read again."""

Reading = tuple[str, int]
"""A delivery and the number of its processing."""


class FiguresKept:
    """``told_figures`` of deliveries. What was staged is kept, so that it need not be in the log to be asked for."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._kept: OrderedDict[tuple[str, str], pl.DataFrame] = OrderedDict()

    def of_staged(self, source: Source, delivery: str, staged: pl.LazyFrame) -> pl.DataFrame:
        """Of a delivery whose rows are staged."""
        found = told_figures(source, staged)
        self._keep(source, {delivery: found})
        return found

    def of_log(self, source: Source, readings: Sequence[Reading]) -> pl.DataFrame:
        """Of these deliveries, with ``nth``, their place in this order."""
        missing = dict(each for each in readings if (source.name, each[0]) not in self._kept)
        read = self._read(source, missing) if missing else {}
        parts = [read[name] if name in read else self._kept[source.name, name] for name, _ in readings]
        for name, _ in readings:
            if name not in read:
                self._kept.move_to_end((source.name, name))
        self._keep(source, read)
        return pl.concat(part.with_columns(nth=pl.lit(number)) for number, part in enumerate(parts))

    def _read(self, source: Source, missing: dict[str, int]) -> dict[str, pl.DataFrame]:
        rows = self._rows.rows(source.name, list(missing))
        reading = pl.LazyFrame(
            {"delivery": list(missing), "processing": list(missing.values())},
            schema_overrides={"processing": pl.Int64()},
        )
        found = told_figures(source, rows.join(reading, on=["delivery", "processing"], how="semi"), "delivery")
        nothing = found.clear().drop("delivery")
        parts = found.partition_by("delivery", as_dict=True, include_key=False, maintain_order=True)
        return {name: parts.get((name,), nothing) for name in missing}

    def _keep(self, source: Source, found: dict[str, pl.DataFrame]) -> None:
        for name, figures in found.items():
            self._kept[source.name, name] = figures
            self._kept.move_to_end((source.name, name))
        while len(self._kept) > 1 and sum(each.height for each in self._kept.values()) > _MOST_ROWS:
            self._kept.popitem(last=False)
