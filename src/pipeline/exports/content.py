"""What goes into an export, whatever its format: tables without lists, a dictionary, and where it all comes from.

Here: the content as frames and lines of text. Not here: any format (the modules beside this one).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from schemas.catalogue import TABLES
from schemas.glued import LIST_SEPARATOR
from schemas.references import references
from schemas.schema_version import SCHEMA_VERSION
from schemas.table import Licence, Table

_LICENCES = {
    Licence.OWN: "no licence given: ask the service",
    Licence.CBS: "figures of CBS under CC BY 4.0 (Bron: CBS); for other figures ask the service",
    Licence.CLOSED: "about single clients: only for who may see them, not to be passed on",
}
DICTIONARY = "dictionary"
ABOUT = "about"


@dataclass(frozen=True)
class Content:
    """A release, or what changed since one, ready to be written."""

    name: str
    """What files of it are called: the id of the release, with ``since`` where it is a difference."""
    tables: Mapping[str, pl.DataFrame]
    """By name, columns as declared; a difference has one column more, in front."""
    about: tuple[tuple[str, str], ...]
    """Notes for a person: what, and what of it."""
    made: datetime | None = None
    """The moment of publication, where there is one: a workbook wants one, and a clock would change its bytes."""

    @property
    def has_clients(self) -> bool:
        """Whether a table about single clients is in it."""
        return any(TABLES[name].is_per_client for name in self.tables)

    @property
    def dictionary(self) -> pl.DataFrame:
        """One row per column of these tables: what it means, counts, and where it leads."""
        lines = [line for name in self.tables for line in _columns(TABLES[name])]
        names = [
            "table",
            "column",
            "type",
            "unit",
            "in_key",
            "may_be_empty",
            "values",
            "leads_to",
            "meaning",
            "betekenis",
            "about_table",
        ]
        return pl.DataFrame(lines, schema=dict.fromkeys(names, pl.String()), orient="row")

    @property
    def about_frame(self) -> pl.DataFrame:
        return pl.DataFrame(list(self.about), schema={"what": pl.String(), "note": pl.String()}, orient="row")


def content(manifest: Mapping[str, Any], tables: Mapping[str, pl.DataFrame], *, since: str | None = None) -> Content:
    """From a release's manifest and its tables."""
    kept = {name: without_lists(tables[name], TABLES[name]) for name in TABLES if name in tables}
    release = str(manifest["id"])
    return Content(
        f"{release}-since-{since}" if since else release,
        kept,
        tuple(_about(manifest, kept, since)),
        _published(tables.get("releases"), release),
    )


def without_lists(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Lists become one text, unless a text beside them says the same."""
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    twins = [name for name in lists if f"{name}_text" in table.columns]
    texts = [pl.col(name).list.join(LIST_SEPARATOR) for name in lists if name not in twins]
    return frame.drop(twins).with_columns(texts)


def _about(manifest: Mapping[str, Any], tables: Mapping[str, pl.DataFrame], since: str | None) -> list[tuple[str, str]]:
    lines = [("release", str(manifest["id"]))]
    if since:
        lines.append(("difference", f"only rows that differ from release {since}; the first column says how"))
    if manifest.get("as_known_on"):
        lines.append(("as known on", str(manifest["as_known_on"])))
    lines += [
        ("youngest delivery", str(manifest.get("known_on") or "none")),
        ("schema version", str(manifest.get("schema_version") or SCHEMA_VERSION)),
        ("made by", f"{manifest.get('code_version')}, rules {manifest.get('rules_version')}"),
    ]
    if manifest.get("simulated"):
        lines.append(("simulated", "These figures rest partly on SIMULATED deliveries: made up, about nobody."))
    lines += [
        ("percentages", "stand as a number of percent: 3.9 is 3.9 %. What a number counts stands in the dictionary"),
        ("totals", "provider_code * is all providers together, each client once: leave it out of sums over providers"),
        ("months", "a month may have two reference dates: calendar.is_date_of_month marks the one that stands for it"),
    ]
    return lines + [
        (f"source of {name}", f"{TABLES[name].source}. Licence: {_LICENCES[TABLES[name].licence]}") for name in tables
    ]


def _columns(table: Table) -> list[tuple[str, ...]]:
    leads = {each.columns[0]: each.table for each in references(table, TABLES) if len(each.columns) == 1}
    return [
        (
            table.name,
            field.name,
            _kind(field.dtype),
            field.unit,
            "yes" if field.name in table.key else "",
            "yes" if field.nullable else "",
            LIST_SEPARATOR.join(field.values),
            leads.get(field.name, ""),
            field.description,
            field.nl,
            f"{table.title}: one row is {table.grain}",
        )
        for field in table.fields
        if not (isinstance(field.dtype, pl.List) and f"{field.name}_text" in table.columns)
    ]


def _kind(dtype: pl.DataType) -> str:
    if dtype.is_integer():
        return "whole number"
    if dtype.is_float():
        return "number"
    if isinstance(dtype, pl.Datetime):
        return "moment (UTC)"
    return {"Date": "date", "Boolean": "true or false"}.get(str(dtype), "text")


def _published(history: pl.DataFrame | None, release: str) -> datetime | None:
    if history is None:
        return None
    own = history.filter(pl.col("release") == release)["published_at"]
    return own[0] if own.len() else None
