"""What a release states about itself: Parquet metadata, data package, all from ``schemas.tables``.

Here: texts and JSON-able mappings, the same for the same declarations and figures.
Not here: writing them (``files``), the id (``release_id``), the dictionary in words
(``dictionary``), or any description of a column (``schemas.tables``).
"""

import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from schemas.catalogue import TABLES
from schemas.table import Field, Table

_PROFILES = "https://datapackage.org/profiles/2.0"
_CBS_MARK = "Bron: CBS"
_CBS_SOURCE = {"title": "Bron: CBS (StatLine, licence CC BY 4.0)", "path": "https://opendata.cbs.nl/"}
_CBS_LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    # Frictionless lets every resource inherit this; the municipality's own figures are not ours to license.
    "title": "Creative Commons Attribution 4.0, for figures of CBS (Bron: CBS); no licence is given for other figures",
}
_SIMULATED = "Contains simulated data: made up, about nobody."


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


def datapackage(files: Mapping[str, Mapping[str, Any]], *, is_simulated: bool) -> dict[str, Any]:
    """The release as a Data Package (version 2). ``files`` holds sha256 and size per file name, as in the manifest."""
    return {
        "$schema": f"{_PROFILES}/datapackage.json",
        "name": "uitstroom",
        "title": "Uitstroom: caseload, outflow and checks on published figures",
        "description": "Curated tables of one release." + (f" {_SIMULATED}" if is_simulated else ""),
        "sources": [{"title": "Deliveries of municipalities and providers"}, _CBS_SOURCE],
        "licenses": [_CBS_LICENCE],
        "resources": [_resource(table, files[f"{table.name}.parquet"]) for table in TABLES.values()],
    }


def _resource(table: Table, file: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": table.name,
        "type": "table",
        "path": f"{table.name}.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "title": table.title,
        "description": f"One row is {table.grain}.",
        "bytes": file["bytes"],
        "hash": f"sha256:{file['sha256']}",
        "sources": [{"title": table.source}, *([_CBS_SOURCE] if _CBS_MARK in table.source else [])],
        "schema": {
            "$schema": f"{_PROFILES}/tableschema.json",
            "fields": [_field(each) for each in table.fields],
            "primaryKey": list(table.key),
        },
    }


def _field(field: Field) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": not field.nullable}
    if field.values:
        constraints["enum"] = [str(value) for value in field.values]
    return {
        "name": field.name,
        **_frictionless_type(field.dtype),
        "title": field.name.replace("_", " ").capitalize(),
        "description": field.description,
        **({"unit": field.unit} if field.unit else {}),
        "constraints": constraints,
    }


def _frictionless_type(dtype: pl.DataType) -> dict[str, str]:
    if isinstance(dtype, pl.List):
        inner = dtype.inner
        return {"type": "list", "itemType": _scalar_type(inner() if isinstance(inner, type) else inner)}
    return {"type": _scalar_type(dtype)}


def _scalar_type(dtype: pl.DataType) -> str:
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
