"""The curated tables ``programmes`` and ``providers``. Not here: the lists themselves (``schemas.reference``)."""

import polars as pl

from pipeline.names.no_delivery import no_delivery
from pipeline.versions.projection import Known, Projection
from schemas import reference
from schemas.glued import LIST_SEPARATOR
from schemas.tables.names import PROGRAMMES, PROVIDERS
from schemas.vocabulary import ALL_PROVIDERS

_ALL_NAME = "alle aanbieders samen"


def programmes(_known: Known) -> pl.DataFrame:
    """Every programme once."""
    return PROGRAMMES.shaped(reference.programmes().rename({"title": "name", "target_placements": "target"}))


def providers(_known: Known) -> pl.DataFrame:
    """Every provider once, with its contracts, and the row that stands for all of them."""
    goes_on = pl.col("contract_until").is_null().any()
    own = (
        reference.providers()
        .group_by("provider_code")
        .agg(
            name=pl.col("title").first(),
            is_total=pl.lit(value=False),
            programmes=pl.col("programme_code").unique().sort().str.join(LIST_SEPARATOR),
            valid_from=pl.col("contract_from").min(),
            valid_until=pl.when(~goes_on).then(pl.col("contract_until").max()),
        )
    )
    every = {"provider_code": ALL_PROVIDERS, "name": _ALL_NAME, "is_total": True}
    return PROVIDERS.shaped(pl.concat([own, pl.DataFrame([every], schema=own.schema)]))


PROGRAMMES_PROJECTION = Projection(table=PROGRAMMES, inputs=(), project=programmes, explain=no_delivery(PROGRAMMES))
PROVIDERS_PROJECTION = Projection(table=PROVIDERS, inputs=(), project=providers, explain=no_delivery(PROVIDERS))
