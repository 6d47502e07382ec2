"""Reading curated tables for a person. Here: the current release, a filter by column, one row by its key. Not here:
printing.
"""

import re
import shlex
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import polars as pl

from pipeline.errors import UitstroomError
from pipeline.settings import Settings
from pipeline.store.releases import releases
from pipeline.store.storage.data_folder import refresh
from pipeline.versions.delivery_names import LEAST_HASH, is_called, is_hash
from schemas.catalogue import TABLES
from schemas.table import Table
from schemas.tables.deliveries import DELIVERIES
from schemas.vocabulary import NOTHING_OF_IT, DeliveryStatus

_PLACES = ("municipality_code", "region_code")
_PLACE = re.compile(r"[A-Z]{2}\d+")
_EXAMPLE = {"municipality_code": "GM0899", "region_code": "GM0899", "reference_date": "2017-05-01"}


class CalledWrongly(UitstroomError):
    """Somebody asked for what there cannot be: a table or column of another name, too many keys."""

    exit_code = 2


class NothingToShow(UitstroomError):
    """No release yet, or no such row."""


def current_release(settings: Settings) -> releases.Release:
    refresh(settings)
    release = releases.current(settings.curated)
    if release is None:
        raise NothingToShow(f"There is no release in {settings.place} yet. Run: uitstroom run")
    return release


def declared(name: str) -> Table:
    """The declaration of a table. Raises CalledWrongly with the names there are."""
    if name not in TABLES:
        raise CalledWrongly(f"There is no table {name}. Tables: {', '.join(TABLES)}.")
    return TABLES[name]


def with_column(table: Table, column: str) -> None:
    """Raises CalledWrongly with the columns there are, where this is none of them."""
    if column not in table.columns:
        raise CalledWrongly(f"{table.name} has no column {column}. Columns: {', '.join(table.columns)}.")


def table(release: releases.Release, name: str, where: Sequence[str] = ()) -> pl.DataFrame:
    """One curated table, with rows whose column values, as text, equal those of ``COLUMN=VALUE``."""
    declared(name)
    return chosen(releases.read(release, name), name, where)


def chosen(frame: pl.LazyFrame, name: str, where: Sequence[str]) -> pl.DataFrame:
    """Rows of a curated table whose column values, as text, equal those of ``COLUMN=VALUE``."""
    for condition in where:
        column, equals, value = condition.partition("=")
        if not equals:
            raise CalledWrongly(f"--where takes COLUMN=VALUE, not {condition}.")
        with_column(TABLES[name], column)
        frame = frame.filter(pl.col(column).cast(pl.String) == value)
    return frame.collect()


def one_row(frame: pl.LazyFrame, table: Table, key: Sequence[str], known_on: date | None = None) -> dict[str, Any]:
    """One row of a curated table. ``key`` holds the values of its key, in the order of the table's key; the last ones
    may be left out where the others name one row. A delivery is named as stewards name it who decide about one.
    """
    names = table.key
    wanted = [_is_meant(table, column, value) for column, value in zip(names, key, strict=False)]
    found = _itself(table, frame.filter(pl.all_horizontal(pl.lit(value=True), *wanted)).collect(), key)
    if len(key) > len(names) or (len(key) < len(names) and found.height != 1):
        many = f" {found.height} rows begin so." if key and found.height > 1 else ""
        raise CalledWrongly(
            f"{table.name} has the key {', '.join(names)}: give {len(names)} values, not {len(key)}.{many}"
        )
    if found.is_empty():
        raise NothingToShow(_no_row(table, key, frame, known_on))
    if found.height > 1:
        raise NothingToShow(f"{found.height} rows of {table.name} are named so: give more of the hash.")
    return found.row(0, named=True)


def _is_meant(table: Table, column: str, value: str) -> pl.Expr:
    if column == "delivery" and is_hash(value) and len(value) >= LEAST_HASH:
        return pl.col(column).str.starts_with(value)
    if column == "delivery" and table is DELIVERIES and not is_hash(value):
        return is_called(value)
    return pl.col(column).cast(pl.String) == pl.lit(value)


def _itself(table: Table, found: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Of a delivery that is named by itself alone: under the name under which its rows are."""
    if table is not DELIVERIES or len(key) != 1 or found["delivery"].n_unique() != 1:
        return found
    is_other = pl.col("status").is_in([DeliveryStatus.COPIED, *NOTHING_OF_IT])
    return found.sort(is_other, "delivered_on", "file_name").head(1)


def _no_row(table: Table, key: Sequence[str], frame: pl.LazyFrame, known_on: date | None) -> str:
    asked = ", ".join(f"{column}={value}" for column, value in zip(table.key, key, strict=True))
    then, option = (f" as known on {known_on}", f" --known-on {known_on}") if known_on else ("", "")
    form = (
        ""
        if all(_fits(table, column, value) for column, value in zip(table.key, key, strict=True))
        else (f" Keys are written as: {shlex.join(_example(table, frame))}.")
    )
    return f"{table.name} has no row {asked}{then}.{form} See: uitstroom show {table.name}{option}"


def _fits(table: Table, column: str, value: str) -> bool:
    """Whether a value is written as those of its column are: others can be in no row."""
    if table.polars_schema[column] == pl.Date:
        return _is_day(value)
    return column not in _PLACES or _PLACE.fullmatch(value) is not None


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _example(table: Table, frame: pl.LazyFrame) -> Iterable[str]:
    """The key of the first row."""
    first = frame.select(table.key).head(1).collect()
    return [str(value) for value in first.row(0)] if first.height else [_EXAMPLE.get(name, name) for name in table.key]
