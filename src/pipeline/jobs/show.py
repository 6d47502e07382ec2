"""Reading curated tables for a person. Here: the current release and a filter by column. Not here: printing."""

from collections.abc import Sequence

import polars as pl

from pipeline.errors import UitstroomError
from pipeline.settings import Settings
from pipeline.store import releases
from schemas.curated import TABLES


class NothingToShow(UitstroomError):
    """No release, no such table, or no such column."""


def current_release(settings: Settings) -> releases.Release:
    release = releases.current(settings.curated)
    if release is None:
        raise NothingToShow(f"There is no release below {settings.curated} yet. Run: uitstroom run")
    return release


def table(settings: Settings, name: str, where: Sequence[str] = ()) -> pl.DataFrame:
    """One curated table, with rows whose column values, as text, equal those of ``COLUMN=VALUE``."""
    if name not in TABLES:
        raise NothingToShow(f"There is no table {name}. Tables: {', '.join(TABLES)}.")
    frame = releases.read(current_release(settings), name)
    for condition in where:
        column, equals, value = condition.partition("=")
        if not equals:
            raise NothingToShow(f"--where takes COLUMN=VALUE, not {condition}.")
        if column not in TABLES[name].columns:
            raise NothingToShow(f"{name} has no column {column}. Columns: {', '.join(TABLES[name].columns)}.")
        frame = frame.filter(pl.col(column).cast(pl.String) == value)
    return frame.collect()
