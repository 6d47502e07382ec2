"""Reading curated tables for a person. Here: the current release and a filter by column. Not here: printing."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from pipeline.errors import UitstroomError
from pipeline.settings import Settings
from pipeline.store.releases import releases
from pipeline.store.storage.data_folder import refresh
from schemas.catalogue import TABLES
from schemas.table import Table


class NothingToShow(UitstroomError):
    """No release, no such table, or no such column."""


def current_release(settings: Settings) -> releases.Release:
    refresh(settings)
    release = releases.current(settings.curated)
    if release is None:
        raise NothingToShow(f"There is no release in {settings.place} yet. Run: uitstroom run")
    return release


def declared(name: str) -> Table:
    """The declaration of a table. Raises NothingToShow with the names there are."""
    if name not in TABLES:
        raise NothingToShow(f"There is no table {name}. Tables: {', '.join(TABLES)}.")
    return TABLES[name]


def table(release: releases.Release, name: str, where: Sequence[str] = ()) -> pl.DataFrame:
    """One curated table, with rows whose column values, as text, equal those of ``COLUMN=VALUE``."""
    declared(name)
    return chosen(releases.read(release, name), name, where)


def chosen(frame: pl.LazyFrame, name: str, where: Sequence[str]) -> pl.DataFrame:
    """Rows of a curated table whose column values, as text, equal those of ``COLUMN=VALUE``."""
    for condition in where:
        column, equals, value = condition.partition("=")
        if not equals:
            raise NothingToShow(f"--where takes COLUMN=VALUE, not {condition}.")
        if column not in TABLES[name].columns:
            raise NothingToShow(f"{name} has no column {column}. Columns: {', '.join(TABLES[name].columns)}.")
        frame = frame.filter(pl.col(column).cast(pl.String) == value)
    return frame.collect()


def one_row(frame: pl.LazyFrame, table: Table, key: Sequence[str]) -> dict[str, Any]:
    """One row of a curated table. ``key`` holds the values of its key, in the order of the table's key; the last ones
    may be left out where the others name one row.
    """
    names = table.key
    for column, value in zip(names, key, strict=False):
        frame = frame.filter(pl.col(column).cast(pl.String) == pl.lit(value))
    found = frame.collect()
    if len(key) > len(names) or (len(key) < len(names) and found.height != 1):
        raise NothingToShow(f"{table.name} has the key {', '.join(names)}: give {len(names)} values, not {len(key)}.")
    if found.is_empty():
        asked = ", ".join(f"{column}={value}" for column, value in zip(names, key, strict=True))
        raise NothingToShow(f"{table.name} has no row {asked}. See: uitstroom show {table.name}")
    return found.row(0, named=True)
