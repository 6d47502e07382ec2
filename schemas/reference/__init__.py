"""Reference data, effective-dated, as CSV beside this module: codes of law, municipalities, CBS tables, header
aliases.

Here: loading those lists as frames. ``valid_until`` is exclusive; empty means open. Not here: data that a delivery
brings.
"""

from functools import cache
from importlib.resources import files

import polars as pl


def text(name: str) -> str:
    """The content of ``<name>.csv`` as committed."""
    return files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8")


@cache
def _frame(name: str) -> pl.DataFrame:
    frame = pl.read_csv(text(name).encode(), infer_schema=False)
    dates = [column for column in ("valid_from", "valid_until") if column in frame.columns]
    return frame.with_columns(pl.col(dates).str.to_date("%Y-%m-%d"))


def codes(field: str) -> pl.DataFrame:
    """Codes of one field of the BUS record: code, label_nl, label_en, valid_from, valid_until, basis."""
    return _frame("codes").filter(pl.col("field") == field)


def municipalities() -> pl.DataFrame:
    """Municipality codes with the dates between which they exist; ``is_own`` marks those that ISD BOL serves."""
    return _frame("municipalities").with_columns(is_own=pl.col("is_own") == "1")


def cbs_tables() -> pl.DataFrame:
    """CBS tables on benefits and re-integration: statistics_table and the one year each is about."""
    return _frame("cbs_tables").with_columns(pl.col("year").cast(pl.Int16))


def aliases() -> pl.DataFrame:
    """Other names under which a column has been delivered: source, header (of the contract), alias."""
    return _frame("aliases")


def valid_on(field_frame: pl.DataFrame, code: str, date: str) -> pl.Expr:
    """True where the code in column ``code`` exists on the date in column ``date``; null where there is no code or no
    date.
    """
    groups = field_frame.group_by("valid_from", "valid_until", maintain_order=True).agg("code")
    conditions = []
    for start, until, members in groups.iter_rows():
        condition = pl.col(code).is_in(members)
        if start is not None:
            condition &= pl.col(date) >= start
        if until is not None:
            condition &= pl.col(date) < until
        conditions.append(condition)
    found = pl.any_horizontal(conditions)
    return pl.when(pl.col(code).is_not_null() & pl.col(date).is_not_null()).then(found)
