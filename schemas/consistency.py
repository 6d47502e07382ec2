"""When a percentage and its counts agree: at printed precision, and on intervals where the counts are rounded.

Here: the two expressions every source and check uses. Not here: which figures are compared (``sources``,
``pipeline.checks``).
"""

import polars as pl

from schemas.limits.files import ROUNDING_TOLERANCE


def percentage_matches(value: str, decimals: str, part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """Whether ``value`` printed with ``decimals`` decimals fits 100 * part / whole.

    Null when a count is absent or the base is zero.
    """
    half_unit = 0.5 * pl.lit(10.0).pow(-pl.col(decimals).cast(pl.Float64))
    computed = pl.when(whole != 0).then(100.0 * part / whole)
    return (pl.col(value) - computed).abs() <= half_unit + ROUNDING_TOLERANCE


def percentage_fits_rounded(
    value: pl.Expr, part: pl.Expr, whole: pl.Expr, *, count_step: float, pct_step: float
) -> pl.Expr:
    """Whether some true counts that round to ``part`` and ``whole`` (multiples of ``count_step``) give a percentage
    that rounds to ``value``.

    CBS rounds counts to 10 and percentages to 0.5; a count of 0 means below 5. Null when a figure is absent or no
    base above zero is possible.
    """
    half = count_step / 2
    smallest = (part - half).clip(lower_bound=0)
    largest = part + half
    least_whole = (whole - half).clip(lower_bound=0)
    most_whole = whole + half
    lowest = 100.0 * smallest / most_whole
    highest = pl.when(least_whole > 0).then(100.0 * largest / least_whole).otherwise(float("inf"))
    within = (value + pct_step / 2 + ROUNDING_TOLERANCE >= lowest) & (
        value - pct_step / 2 - ROUNDING_TOLERANCE <= highest
    )
    return pl.when(most_whole > 0).then(within)
