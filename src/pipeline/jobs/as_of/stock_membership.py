"""When clients who were placed were in stock: what placement outcomes ask of the benefits themselves.

Here: looking up, in deliveries and for clients that have not been looked up before. Not here: what an outcome is
(``core.compare_reports``), which dates it hangs on (``core.outcome_dates``).
"""

import polars as pl

from pipeline.jobs.as_of.as_of_state import PAST_VERSION, State
from pipeline.jobs.workspace import Writer
from pipeline.trajectories.outcome_dates import dates_asked
from schemas.catalogue import SOURCES
from schemas.sources.caseload import IS_LIVE
from schemas.vocabulary import SourceName

_PLACE = ["delivery", "processing", "rules_version", "municipality_code", "reference_date"]

_PRESENCE = pl.Schema(
    {**{name: SOURCES[SourceName.CASELOAD].event_schema()[name] for name in _PLACE}, "client_key": pl.String()}
    | {"is_there": pl.Boolean()}
)


def presence(writer: Writer, now: State) -> pl.DataFrame:
    """When clients who were placed, or their partners, were in stock, on the dates that their outcome hangs on; and,
    without a client, every reference date.
    """
    readings = now.winners[SourceName.CASELOAD].select(_PLACE).unique()
    dates = readings["reference_date"].unique()
    asked = dates_asked(now.programmes.trajectories, dates)
    keys = readings.join(asked, on="reference_date").select(*_PLACE, "client_key").sort(*_PLACE, "client_key")
    looked = now.cells.book(f"presence-{PAST_VERSION}", keys, _PRESENCE, lambda missing: _in_stock(writer, missing))
    there = looked.filter(pl.col("is_there").fill_null(value=False)).select("client_key", "reference_date")
    every = pl.DataFrame({"reference_date": dates}).select(pl.lit(None, pl.String()).alias("client_key"), pl.all())
    return pl.concat([every, there])


def _in_stock(writer: Writer, asked: pl.DataFrame) -> pl.DataFrame:
    """Of (place, client_key), those that are there: the client or the partner has a benefit that day."""
    # Files of many deliveries, left by maintenance, are skipped by their dates.
    dates = pl.col("reference_date").is_between(asked["reference_date"].min(), asked["reference_date"].max())
    rows = writer.log.sources[SourceName.CASELOAD.value].rows(asked["delivery"].to_list()).filter(dates)
    clients = asked["client_key"].unique()
    parts = [
        rows.filter(IS_LIVE & pl.col(name).is_in(clients.implode())).select(
            *_PLACE, pl.col(name).alias("client_key"), is_there=pl.lit(value=True)
        )
        for name in ("client_key", "partner_key")
    ]
    return pl.concat(parts).unique().collect()
