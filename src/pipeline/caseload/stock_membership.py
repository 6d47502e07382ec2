"""When clients were in stock: the question that takes the benefits themselves, not their counts.

Here: how it is answered from rows. Not here: reading them, and keeping the answers (``jobs.as_of``).
"""

import polars as pl

from pipeline.versions.projection import Known, Lookup
from schemas.sources import caseload
from schemas.sources.caseload import IS_LIVE


def stock_membership(known: Known, asked: pl.DataFrame) -> pl.DataFrame:
    """(client_key, reference_date) of those ``asked`` who, or whose partners, were in stock that day; and, without a
    client, every reference date.
    """
    there = known.look_up(IN_STOCK, asked).select("client_key", "reference_date")
    every = known.rows(caseload.SOURCE).select("reference_date").unique()
    return pl.concat([every.select(pl.lit(None, pl.String()).alias("client_key"), pl.all()), there])


def _in_stock(rows: pl.LazyFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Of (delivery, scope, client_key), those that are there: the client or the partner has a benefit that day."""
    # Files of many deliveries, left by maintenance, are skipped by their dates.
    dates = pl.col("reference_date").is_between(asked["reference_date"].min(), asked["reference_date"].max())
    clients = asked["client_key"].unique()
    keys = [name for name in asked.columns if name != "client_key"]
    parts = [
        rows.filter(dates & IS_LIVE & pl.col(name).is_in(clients.implode())).select(
            *keys, pl.col(name).alias("client_key")
        )
        for name in ("client_key", "partner_key")
    ]
    return pl.concat(parts).unique().collect()


IN_STOCK = Lookup(source=caseload.SOURCE, keys=("client_key",), find=_in_stock)
