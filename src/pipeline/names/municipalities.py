"""The curated table ``municipalities``. Not here: the list itself (``schemas.reference``)."""

import polars as pl

from pipeline.names.no_delivery import no_delivery
from pipeline.versions.projection import Known, Projection
from schemas import reference
from schemas.glued import LIST_SEPARATOR
from schemas.tables.names import MUNICIPALITIES


def project(_known: Known) -> pl.DataFrame:
    """Every code with what became of it; ``change`` is split where it went to several."""
    became = (
        reference.municipal_changes()
        .group_by("code")
        .agg(
            successor=pl.col("successor").unique().sort().str.join(LIST_SEPARATOR),
            change=pl.when(pl.col("successor").n_unique() > 1).then(pl.lit("split")).otherwise(pl.col("kind").first()),
        )
    )
    named = reference.municipalities().join(became, on="code", how="left").rename({"code": "municipality_code"})
    return MUNICIPALITIES.shaped(named)


PROJECTION = Projection(table=MUNICIPALITIES, inputs=(), project=project, explain=no_delivery(MUNICIPALITIES))
