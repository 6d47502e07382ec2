"""A folder of CSV files, in the style of a Dutch Excel or in the plain one, with a data package beside them.

Here: the two styles and the files. Not here: what is in them (``content``).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.exports.content import ABOUT, DICTIONARY, Content
from schemas.catalogue import TABLES


@dataclass(frozen=True)
class CsvStyle:
    """How values are written."""

    separator: str
    has_decimal_comma: bool
    has_mark: bool
    """Whether the file begins with the mark of UTF-8, without which Excel spoils every é."""
    is_guarded: bool
    """Whether a text that a spreadsheet would take for a formula gets an apostrophe in front."""


STYLES: Mapping[str, CsvStyle] = {
    "dutch": CsvStyle(";", has_decimal_comma=True, has_mark=True, is_guarded=True),
    "plain": CsvStyle(",", has_decimal_comma=False, has_mark=False, is_guarded=False),
}
_FORMULA = r"^[=+\-@\t\r]."
_DATETIME = "%Y-%m-%dT%H:%M:%SZ"


def write_csv_files(content: Content, folder: Path, style: CsvStyle) -> None:
    """One file per table, the dictionary, the notes, and ``datapackage.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    every = {**content.tables, DICTIONARY: content.dictionary, ABOUT: content.about_frame}
    for name, frame in every.items():
        shown = _guarded(frame) if style.is_guarded else frame
        shown.write_csv(
            folder / f"{name}.csv",
            separator=style.separator,
            decimal_comma=style.has_decimal_comma,
            include_bom=style.has_mark,
            date_format="%Y-%m-%d",
            datetime_format=_DATETIME,
            line_terminator="\r\n",
            # An empty text and none are two things; only the first has quotes.
            quote_style="necessary",
            null_value="",
        )
    package = json.dumps(_package(content, style), indent=2, ensure_ascii=False, sort_keys=True)
    (folder / "datapackage.json").write_text(f"{package}\n", encoding="utf-8", newline="\n")


def _guarded(frame: pl.DataFrame) -> pl.DataFrame:
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    return frame.with_columns(
        pl.when(pl.col(name).str.contains(_FORMULA)).then("'" + pl.col(name)).otherwise(pl.col(name)).alias(name)
        for name in texts
    )


def _package(content: Content, style: CsvStyle) -> dict[str, Any]:
    dialect = {"delimiter": style.separator}
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "uitstroom",
        "id": content.name,
        "title": f"Uitstroom, release {content.name}",
        "resources": [_resource(name, frame, style, dialect) for name, frame in content.tables.items()],
    }


def _resource(name: str, frame: pl.DataFrame, style: CsvStyle, dialect: dict[str, str]) -> dict[str, Any]:
    return {
        "name": name,
        "type": "table",
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig" if style.has_mark else "utf-8",
        "title": TABLES[name].title,
        "dialect": dialect,
        "schema": {"fields": [_field(column, kind, style) for column, kind in frame.schema.items()]},
    }


def _field(name: str, kind: pl.DataType, style: CsvStyle) -> dict[str, Any]:
    if kind.is_integer():
        return {"name": name, "type": "integer"}
    if kind.is_float():
        return {"name": name, "type": "number", **({"decimalChar": ","} if style.has_decimal_comma else {})}
    if isinstance(kind, pl.Datetime):
        return {"name": name, "type": "datetime"}
    return {"name": name, "type": {"Date": "date", "Boolean": "boolean"}.get(str(kind), "string")}
