"""The curated table ``findings``: what was found in the last reading of each delivery. Not here: finding it
(``intake``).
"""

from collections.abc import Iterable

import polars as pl

from pipeline.versions.deliveries import whole_delivery
from pipeline.versions.projection import Known, Lineage, Projection, Row, Trace
from schemas.tables.deliveries import FINDINGS


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    return findings_table(known.statuses, known.log_findings)


def findings_table(statuses: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """Curated ``findings``: those of the last reading of each delivery."""
    return (
        findings.join(
            statuses.select("source", "delivery", "processing"), on=["source", "delivery", "processing"], how="semi"
        )
        .select(FINDINGS.columns)
        .sort(*FINDINGS.key, "source")
        .unique(FINDINGS.key, keep="first", maintain_order=True)
    )


def explain(lineage: Lineage, row: Row) -> Iterable[Trace]:
    """The row of the file; no row where the finding is about the file as a whole."""
    return whole_delivery(lineage, row["delivery"], (row["row"],) if row["row"] else ())


PROJECTION = Projection(table=FINDINGS, inputs=(), project=project, explain=explain)
