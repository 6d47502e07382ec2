"""The number of the person whom a row is about, in another text of that row.

Here: which texts hold it. Of a number that is known no guess is needed: it is one too inside ten digits and more, with
letters between, whatever else the text says. Not here: a number that nobody knows (``person_number``).
"""

import re
from collections.abc import Sequence

import polars as pl

from schemas.number_columns import may_hold_number
from schemas.person_number import LEAST_NUMBER
from schemas.written_digits import readings

_DIGIT = re.compile("[0-9]")
_MAY_BE_CODED = r"[^\x00-\x7f]|[%=&\\<\[\x1b]|_[xX][0-9A-Fa-f]{4}_|U\+"
"""What has another reading than the one that it shows (``written_digits``): a first look that finds all, and others."""
_TEXT, _DIGITS = pl.col("text"), pl.col("digits")


def holds_own_number(texts: pl.Series, persons: Sequence[pl.Series]) -> pl.Series:
    """Whether each text holds one of the numbers in its row; ``persons``: columns of numbers, null for none."""
    names = [f"person_{place}" for place in range(len(persons))]
    known = [number.alias(name) for name, number in zip(names, persons, strict=True)]
    frame = pl.DataFrame([texts.alias("text"), *known]).with_row_index("at")
    suspects = frame.filter(pl.any_horizontal(pl.col(names) >= LEAST_NUMBER) & may_hold_number(_TEXT)).with_columns(
        pl.col(names).cast(pl.String), digits=_TEXT.str.replace_all("[^0-9]+", "")
    )
    is_shown = [_DIGITS.str.contains(pl.col(name), literal=True) for name in names]
    plain = suspects.filter(pl.any_horizontal(is_shown).fill_null(value=False))["at"]
    coded = suspects.filter(_TEXT.str.contains(_MAY_BE_CODED)).select("at", "text", *names)
    found = [at for at, text, *numbers in coded.iter_rows() if _reads(text, numbers)]
    at = pl.int_range(len(texts), dtype=pl.get_index_type(), eager=True)
    return at.is_in(plain.implode()) | at.is_in(found)


def _reads(text: str, numbers: list[str | None]) -> bool:
    digits = ["".join(_DIGIT.findall(reading.plain)) for reading in readings(text)]
    return any(number in each for number in numbers if number is not None for each in digits)
