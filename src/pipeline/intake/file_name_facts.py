"""What the name of a file states about its content: the CBS table and the year.

Not here: the day of delivery (``pipeline.store.raw``).
"""

import re

import polars as pl

from schemas.dated_name import date_prefix
from schemas.limits.files import YEAR_PATTERN

_TABLE = re.compile(r"(?<!\d)(\d{5}[A-Za-z]{3})(?![A-Za-z])")
_YEAR = re.compile(rf"(?<!\d){YEAR_PATTERN}(?!\d)")


def facts(file_name: str, reference_year: int | None, cbs_tables: pl.DataFrame) -> dict[str, str]:
    """``statistics_table`` and ``year`` where they can be known: the sidecar's year, else the file name's, else the
    table's only year.
    """
    name = file_name.rsplit("/", 1)[-1]
    if prefix := date_prefix(name):
        name = prefix.rest
    found: dict[str, str] = {}
    if table := _TABLE.search(name):
        spellings = {str(known).upper(): str(known) for known in cbs_tables["statistics_table"]}
        found["statistics_table"] = spellings.get(table.group(1).upper(), table.group(1))
        name = name.replace(table.group(1), "")
    if year := _year(name, reference_year, found.get("statistics_table"), cbs_tables):
        found["year"] = year
    if "statistics_table" not in found and "year" in found:
        tables = cbs_tables.filter(pl.col("year") == int(found["year"]))["statistics_table"].to_list()
        if len(tables) == 1:
            found["statistics_table"] = tables[0]
    return found


def _year(name: str, reference_year: int | None, table: str | None, cbs_tables: pl.DataFrame) -> str | None:
    if reference_year is not None:
        return str(reference_year)
    if year := _YEAR.search(name):
        return year.group(0)
    if table is None:
        return None
    years = cbs_tables.filter(pl.col("statistics_table").eq_missing(pl.lit(table, pl.String())))["year"].to_list()
    return str(years[0]) if years else None


def other_year(facts: dict[str, str], cbs_tables: pl.DataFrame) -> int | None:
    """The year that the table is about, where it is known and these facts state another one."""
    known = cbs_tables.filter(pl.col("statistics_table") == facts.get("statistics_table", ""))["year"].to_list()
    return known[0] if known and str(known[0]) != facts.get("year") else None
