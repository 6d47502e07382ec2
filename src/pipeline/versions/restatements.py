"""The curated table ``restatements``: figures that a release changed. Made by the history of releases
(``jobs.release.release_history``), since it names the release it is part of; explained here.
"""

from collections.abc import Iterable

from pipeline.versions.deliveries import whole_delivery
from pipeline.versions.explanation import Cell, Explained, Lineage, Row, Trace
from pipeline.versions.key_text import keys_of
from pipeline.versions.projection import Projection
from schemas.catalogue import TABLES
from schemas.tables.deliveries import RESTATEMENTS


def _figures(_lineage: Lineage, row: Row, _column: str) -> Iterable[Cell]:
    """The figure in the release before and in this one, each with its rows then. Of several keys that are written so
    the one of which there is a row.
    """
    table = TABLES[row["table"]]
    if row["column"] not in table.columns:
        return
    for part, release, value in (
        ("before", row["previous_release"], row["value_before"]),
        ("after", row["release"], row["value_after"]),
    ):
        for key in keys_of(table, row["key"]) if value is not None else ():
            yield Cell(part, table, key, row["column"], release=release)


def _cause(lineage: Lineage, row: Row, _column: str) -> Iterable[Trace]:
    """The delivery that caused the change."""
    return whole_delivery(lineage, row["cause"] or "", part=f"cause: {row['event']}")


_OF_FIGURES = ("kind", "value_before", "value_after", "previous_release", "published_at")

PROJECTION = Projection(
    table=RESTATEMENTS,
    inputs=(),
    project=None,
    explain=(
        Explained(_OF_FIGURES, _figures),
        Explained(tuple(name for name in RESTATEMENTS.not_key if name not in _OF_FIGURES), _cause, is_aside=True),
    ),
)
