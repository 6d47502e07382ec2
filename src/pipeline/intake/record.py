"""Parsed rows to events: pseudonyms in place of numbers, and the envelope that states who reported it and when.

Here: the shape of an event. Not here: writing it (``pipeline.store.log.log``).
"""

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from pipeline.intake.pseudonym import PseudonymKey, pseudonymise
from schemas.source import VALID_YEAR, Source


@dataclass(frozen=True)
class Envelope:
    """What all events of one reading of one delivery share."""

    delivery: str
    processing: int
    delivered_on: date
    recorded_at: datetime
    rules_version: str


def events(good: pl.DataFrame, source: Source, envelope: Envelope, key: PseudonymKey) -> pl.DataFrame:
    """Rows as the log keeps them; columns and types as ``Source.event_schema``."""
    keyed = pseudonymise(good, source, key).with_columns(**source.identity)
    schema = source.event_schema()
    constants = {
        "delivery": envelope.delivery,
        "processing": envelope.processing,
        "delivered_on": envelope.delivered_on,
        "recorded_at": envelope.recorded_at,
        "rules_version": envelope.rules_version,
    }
    added = [pl.lit(value).cast(schema[name]).alias(name) for name, value in constants.items()]
    if source.by_year:
        added.append(pl.col(source.valid_on).dt.year().alias(VALID_YEAR))
    return keyed.with_columns(added).select([pl.col(name).cast(dtype) for name, dtype in schema.items()])
