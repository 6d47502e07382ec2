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
    return as_membership(known, benefits_found(known, asked))


def benefits_found(known: Known, asked: pl.DataFrame) -> pl.DataFrame:
    """By which benefit each of those ``asked`` (client_key, reference_date) was in stock: delivery, row, and whether it
    is their own (``is_own``) or that of their partner. One for each municipality in which there is one.
    """
    return known.look_up(IN_STOCK, asked)


def as_membership(known: Known, found: pl.DataFrame) -> pl.DataFrame:
    """``stock_membership`` of benefits that were found."""
    every = known.rows(caseload.SOURCE).select("reference_date").unique()
    there = found.select("client_key", "reference_date")
    return pl.concat([every.select(pl.lit(None, pl.String()).alias("client_key"), pl.all()), there])


def _in_stock(rows: pl.LazyFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Of (delivery, scope, client_key), those that are there, each with a benefit that the client has that day: the
    first of their own, else the first as a partner.
    """
    # Files of many deliveries, left by maintenance, are skipped by their dates.
    dates = pl.col("reference_date").is_between(asked["reference_date"].min(), asked["reference_date"].max())
    clients = asked["client_key"].unique()
    keys = [name for name in asked.columns if name != "client_key"]
    parts = [
        rows.filter(dates & IS_LIVE & pl.col(name).is_in(clients.implode())).select(
            *keys, "row", pl.col(name).alias("client_key"), pl.lit(name == "client_key").alias("is_own")
        )
        for name in ("client_key", "partner_key")
    ]
    found = pl.concat(parts).sort("is_own", "row", descending=[True, False])
    return found.unique([*keys, "client_key"], keep="first", maintain_order=True).collect()


IN_STOCK = Lookup(
    source=caseload.SOURCE,
    keys=("client_key",),
    found=pl.Schema({"row": pl.Int64(), "is_own": pl.Boolean()}),
    find=_in_stock,
)
