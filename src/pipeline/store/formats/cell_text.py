"""How a value that is not text is written as text: plain numbers, ISO dates, JSON for what is nested."""

import json
from decimal import Decimal

import polars as pl

_MOST_DIGITS = 400
"""More than the largest number that a cell can hold."""

_MIDNIGHT = r"^(\d{4}-\d{2}-\d{2})[ T]00:00:00(?:\.0+)?$"


def plain_number(value: float) -> str:
    """Shortest spelling that gives the same number back: no ``.0``, no exponent."""
    if value.is_integer() and abs(value) < 1e22:
        return str(int(value))
    return without_exponent(repr(value))


def without_exponent(spelled: str) -> str:
    """``1.2345e1`` as 12.345; an exponent out of all measure stays, and cannot be read as a number."""
    if "e" not in spelled and "E" not in spelled:
        return spelled
    number = Decimal(spelled)
    return format(number, "f") if abs(number.adjusted()) <= _MOST_DIGITS else spelled


def without_midnight(texts: pl.Expr) -> pl.Expr:
    """A date that a format can only keep as a moment, as a date again."""
    return texts.str.replace(_MIDNIGHT, "$1")


def nested(value: object) -> str:
    """A list or object inside a cell, as JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
