"""What a release states about itself: Parquet metadata, data package, all from ``schemas.tables``.

Here: texts and JSON-able mappings, the same for the same declarations and figures.
Not here: writing them (``files``), the id (``release_id``), the dictionary in words
(``dictionary``), or any description of a column (``schemas.tables``).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from schemas.catalogue import TABLES
from schemas.references import references
from schemas.schema_version import SCHEMA_VERSION
from schemas.table import Field, Licence, Reference, Table

_PROFILES = "https://datapackage.org/profiles/2.0"
_CBS_SOURCE = {"title": "Bron: CBS (StatLine, licence CC BY 4.0)", "path": "https://opendata.cbs.nl/"}
_CC_BY = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0, for the figures of CBS in it (Bron: CBS)",
}
_NONE_GIVEN = {"name": "notspecified", "title": "No licence is given for figures of the service: ask it"}
_LICENCES: dict[Licence, list[dict[str, str]]] = {
    Licence.OWN: [_NONE_GIVEN],
    Licence.CBS: [_CC_BY, _NONE_GIVEN],
    Licence.CLOSED: [
        {"name": "other-closed", "title": "About single clients: no open data, only for who may see them"}
    ],
}
_SIMULATED = "Contains simulated data: made up, about nobody."


@dataclass(frozen=True)
class About:
    """What a data package states of its release beside the files."""

    release: str
    is_simulated: bool = False
    published_at: datetime | None = None
    """None for a release that is in no history, such as one as known on a past day."""
    first: date | None = None
    last: date | None = None
    """The first and the last date that a figure is about."""


def as_json(content: Mapping[str, Any]) -> str:
    """The one way a mapping becomes text here: keys sorted, so that equal content has equal bytes."""
    return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def parquet_metadata(table: Table) -> dict[str, str]:
    """Key-value metadata of the file, for readers that do not see the metadata of Arrow fields (DuckDB)."""
    return {
        "uitstroom:table": table.name,
        "title": table.title,
        "grain": table.grain,
        "key": json.dumps(table.key),
        "source": table.source,
        **{f"description:{each.name}": each.description for each in table.fields},
        **{f"unit:{each.name}": each.unit for each in table.fields if each.unit},
    }


def datapackage(about: About) -> dict[str, Any]:
    """The release as a Data Package (version 2).

    Sizes and hashes stand in the manifest: frictionless cannot compare those of a Parquet file, and calls it wrong.
    Licences stand with the tables: what stood here would be inherited by all, and they are not alike.
    """
    created = about.published_at
    return {
        "$schema": f"{_PROFILES}/datapackage.json",
        "name": "uitstroom",
        "id": about.release,
        "version": SCHEMA_VERSION,
        **({"created": created.strftime("%Y-%m-%dT%H:%M:%SZ")} if created else {}),
        **_temporal(about),
        "title": "Uitstroom: caseload, outflow and checks on published figures",
        "description": "Curated tables of one release." + (f" {_SIMULATED}" if about.is_simulated else ""),
        "sources": [{"title": "Deliveries of municipalities and providers"}, _CBS_SOURCE],
        "resources": [_resource(table) for table in TABLES.values()],
    }


def _temporal(about: About) -> dict[str, Any]:
    if about.first is None or about.last is None:
        return {}
    return {"temporal": {"start": about.first.isoformat(), "end": about.last.isoformat()}}


def _resource(table: Table) -> dict[str, Any]:
    has_cbs = table.licence is Licence.CBS
    return {
        "name": table.name,
        "type": "table",
        "path": f"{table.name}.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "title": table.title,
        "description": f"One row is {table.grain}.",
        "licenses": _LICENCES[table.licence],
        "sources": [{"title": table.source}, *([_CBS_SOURCE] if has_cbs else [])],
        "schema": _table_schema(table),
    }


def _table_schema(table: Table) -> dict[str, Any]:
    keys = [_foreign_key(table, each) for each in references(table, TABLES)]
    return {
        "$schema": f"{_PROFILES}/tableschema.json",
        "fields": [_field(each) for each in table.fields],
        # An empty text is a value here: a finding about a whole row names no column. The two words are what nulls
        # become where a reader goes through pandas, as frictionless does.
        "missingValues": ["nan", "NaT"],
        "primaryKey": list(table.key),
        **({"foreignKeys": keys} if keys else {}),
    }


def _foreign_key(table: Table, reference: Reference) -> dict[str, Any]:
    resource = {} if reference.table == table.name else {"resource": reference.table}
    return {"fields": list(reference.columns), "reference": {**resource, "fields": list(reference.key)}}


def _field(field: Field) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": not field.nullable}
    if field.values:
        constraints["enum"] = [str(value) for value in field.values]
    return {
        "name": field.name,
        "type": _frictionless_type(field.dtype),
        "title": field.name.replace("_", " ").capitalize(),
        "description": field.description,
        **({"unit": field.unit} if field.unit else {}),
        "constraints": constraints,
    }


def _frictionless_type(dtype: pl.DataType) -> str:
    """A list is anything: frictionless takes lists of pandas for no lists, and the text beside it says the same."""
    if dtype.is_integer():
        return "integer"
    if dtype.is_float() or dtype.is_decimal():
        return "number"
    for declared, name in (
        (pl.Date, "date"),
        (pl.Datetime, "datetime"),
        (pl.Boolean, "boolean"),
        (pl.String, "string"),
    ):
        if dtype == declared:
            return name
    return "any"
