"""A gate that is closed, and how a receipt words it. Not here: any gate."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

import polars as pl

from schemas import reference
from schemas.limits.files import MAX_DIGITS_SHOWN, MAX_NAME_SHOWN

MOST_SHOWN = 5
FIRST_ROWS = 5
"""Of how many rows the numbers are named."""


@dataclass(frozen=True)
class Closed:
    """One reason to wait. ``detail`` has counts and names of scopes, and no value of an identifying column."""

    rule: str
    detail: str


def listed(found: Iterable[str], most: int = MOST_SHOWN) -> str:
    """The first of them, and how many more there are."""
    every = list(found)
    more = [f"and {len(every) - most} more"] if len(every) > most else []
    return "; ".join([*every[:most], *more])


_places = cache(reference.municipality_names)


def place_name(code: str | None) -> str:
    """The name of a municipality, or its code where the reference data do not know it."""
    return _places().get(code or "", _shown(code))


def scope_name(place: str | None, line: str | None, valid_on: date | None) -> str:
    """A scope as a person calls it: Brunssum 2018-11."""
    day = None if valid_on is None else f"{valid_on:%Y-%m}" if valid_on.day == 1 else valid_on.isoformat()
    return " ".join(part for part in (place_name(place), _shown(line), day) if part)


def _shown(text: str | None) -> str:
    """A code as it stands, unless it could be a person's number or a sentence."""
    if not text:
        return ""
    digits = re.search(rf"\d(?:\W?\d){{{MAX_DIGITS_SHOWN + 1},}}", re.sub(r"\d{4}-\d\d-\d\d", "", text))
    return "…" if digits or len(text) > MAX_NAME_SHOWN or not text.isprintable() else text


def from_to(before: int, after: int) -> str:
    """Rows before and after, each with its word, as below."""
    return " → ".join(f"{count} {'row' if count == 1 else 'rows'}" for count in (before, after))


def numbers(rows: pl.Series | list[int], count: int) -> str:
    """Row numbers as in the file, and that there are more. Each with its word: 218, 318, 418 could be a person's."""
    more = ", …" if count > len(rows) else ""
    return ", ".join(f"row {row}" for row in rows) + more
