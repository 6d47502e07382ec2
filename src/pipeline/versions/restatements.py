"""The curated table ``restatements``: figures that a release changed. Made by the history of releases
(``jobs.release.release_history``), since it names the release it is part of; explained here.
"""

from collections.abc import Iterable

from pipeline.versions.deliveries import whole_delivery
from pipeline.versions.explanation import Lineage, Row, Trace, every_column
from pipeline.versions.projection import Projection
from schemas.tables.deliveries import RESTATEMENTS


def explain(lineage: Lineage, row: Row) -> Iterable[Trace]:
    """The delivery that caused the change, as a whole: what it reported before and after is in its versions."""
    return whole_delivery(lineage, row["cause"] or "", part=f"{row['event']}: {row['column']}")


PROJECTION = Projection(table=RESTATEMENTS, inputs=(), project=None, explain=every_column(RESTATEMENTS, explain))
