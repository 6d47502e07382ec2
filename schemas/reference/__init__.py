"""Reference data, effective-dated, as CSV beside this module: codes of law, municipalities, CBS tables, header
aliases.

Here: loading those lists as frames. ``valid_until`` is exclusive; empty means open. Not here: data that a delivery
brings.
"""

from functools import cache
from importlib.resources import files
from typing import Any

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
    spans = field_frame.group_by("code", maintain_order=True).agg(pl.struct("valid_from", "valid_until").alias("spans"))
    distinct: dict[tuple[tuple[Any, Any], ...], int] = {}
    kinds: dict[str, int] = {}
    for value, found in spans.iter_rows():
        of_code = tuple((span["valid_from"], span["valid_until"]) for span in found)
        kinds[value] = distinct.setdefault(of_code, len(distinct))
    # Each code is looked up once per row; the few kinds of validity are then told by a number.
    kind = pl.col(code).replace_strict(kinds, default=None, return_dtype=pl.UInt8)
    holds = pl.lit(value=False)
    for of_code, number in distinct.items():
        inside = pl.any_horizontal([_within(date, start, until) for start, until in of_code])
        holds = pl.when(kind == number).then(inside).otherwise(holds)
    return pl.when(pl.col(code).is_not_null() & pl.col(date).is_not_null()).then(holds)


def _within(date: str, start: Any, until: Any) -> pl.Expr:
    condition = pl.lit(value=True)
    if start is not None:
        condition &= pl.col(date) >= start
    if until is not None:
        condition &= pl.col(date) < until
    return condition


def programmes() -> pl.DataFrame:
    """Programmes with target placements, maximum months, expected occupancy and the dates between which they run."""
    numbers = ("target_placements", "maximum_months", "expected_occupancy")
    return _frame("programmes").with_columns(pl.col(numbers).cast(pl.Int64))


def programme_words(field: str) -> pl.DataFrame:
    """Target groups or methods that a programme knows: programme_code, code, labels. A programme without any knows all."""
    return _frame("programme_words").filter(pl.col("field") == field)


def providers() -> pl.DataFrame:
    """Providers and their contracts per programme: contract_from, contract_until (exclusive, empty is open)."""
    return _frame("providers").with_columns(pl.col("contract_from", "contract_until").str.to_date("%Y-%m-%d"))
