"""Where a curated figure comes from: delivery, file name and row numbers.

Here: the answer. Not here: the trail (``trails``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.jobs.lineage.lineage import TRAILS, Trace, Trail
from pipeline.jobs.show import figure_of
from pipeline.jobs.workspace import Writer


@dataclass(frozen=True)
class Explanation:
    """A row of a curated table and the deliveries behind it."""

    table: str
    figure: dict[str, Any]
    traces: tuple[Trace, ...]


def explain_figure(writer: Writer, table: str, key: Sequence[str]) -> Explanation:
    """Follow one row of a curated table back to the files.

    ``key`` holds its key values in the order of the table's key.
    """
    figure = figure_of(writer.settings, table, key)
    return Explanation(table, figure, tuple(TRAILS[table](Trail(writer), figure)))
