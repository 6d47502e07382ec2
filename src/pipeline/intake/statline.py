"""Files of CBS StatLine as people have them: the titles of the portal for names of columns, and what a file is that is
none of the tables that are read.

Here: header and file name. Not here: values (``values``), the year of a table (``file_name_facts``), titles above and
sources below the rows (``pipeline.store``).
"""

import re

import polars as pl

from schemas.column import Kind
from schemas.source import Source
from schemas.spelling import shown, spelling

TABLE = re.compile(r"(?<!\d)(\d{5}[A-Za-z]{3})(?![A-Za-z])")
"""The name that CBS gives a table."""

_NUMBERED = re.compile(r"_\d{1,2}$")
_UNIT = re.compile(r"\s*\(([^()]*)\)$")
_LONG_FORM = {"measure", "value"}
_PERIODS = "perioden"
_SHOWN = 3
_WHOLE = "whole: in StatLine under Downloaden, Onbewerkte dataset (CSV), or with cbsodata or cbsodataR"


def titles(source: Source, aliases: pl.DataFrame) -> dict[tuple[str, bool] | None, str]:
    """Columns by the words of their name and whether they count: ``Instroom_4`` and ``Instroom (aantal)`` are one.

    Only for tables of CBS, whose columns have a number behind their name. A pair that two columns have is none.
    """
    if not source.cbs_tables:
        return {}
    renamed = aliases.filter(source=source.name)
    other = dict(zip(renamed["header"], renamed["alias"], strict=True))
    found: dict[tuple[str, bool] | None, str] = {}
    doubled: set[tuple[str, bool] | None] = set()
    for column in source.columns:
        for header in {column.header, other.get(column.header, column.header)}:
            key = (spelling(_NUMBERED.sub("", header)), column.kind is not Kind.DECIMAL)
            if found.setdefault(key, column.name) != column.name:
                doubled.add(key)
    return {key: name for key, name in found.items() if key not in doubled}


def title_key(text: str) -> tuple[str, bool] | None:
    """The title of a column in the portal, as a key: of ``Bijstand/Instroom in bijstand/Instroom (%) (%)`` it is
    ``("instroom", False)``.
    """
    words, units = text.rsplit("/", 1)[-1], list[str]()
    while match := _UNIT.search(words):
        words, units = words[: match.start()], [*units, match[1]]
    if not units:
        return None
    is_share = any("%" in unit or unit.startswith("per ") for unit in units)
    return spelling(words), not is_share


def what_it_is(
    header: tuple[str, ...], file_name: str, source: Source, missing: tuple[str, ...]
) -> tuple[str, str] | None:
    """Rule and one sentence where a file of CBS cannot be read: which table it is, what is missing, what to do."""
    if not source.cbs_tables:
        return None
    names, table = {spelling(name) for name in header}, _table(file_name)
    is_read = table is not None and table.upper() in {each.upper() for each in source.cbs_tables}
    read = f"{source.name} is read from {', '.join(source.cbs_tables)}"
    if names >= _LONG_FORM:
        return "FILE-060", f"one row per figure (OData 4): {read}, one row per region or period. Fetch that {_WHOLE}"
    if missing and table is not None and not is_read:
        return "FILE-060", f"CBS table {shown(table)}: {read}. Fetch one of these {_WHOLE}"
    if _PERIODS in names and "year" in source.from_delivery:
        return (
            "FILE-060",
            f"a table of several years (Perioden): {read}, each about one year. Fetch one of these {_WHOLE}",
        )
    if not missing or len(missing) == sum(column.required for column in source.columns):
        return None
    more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
    lacking = f"{', '.join(missing[:_SHOWN])}{more}"
    what = f"CBS table {table} without {lacking}" if is_read else f"{lacking} are missing: {read}"
    return "FILE-061", f"{what}. Fetch the table {_WHOLE}"


def _table(file_name: str) -> str | None:
    found = TABLE.search(file_name)
    return found[1] if found else None
