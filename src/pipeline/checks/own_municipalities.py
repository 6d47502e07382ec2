"""Which municipalities are ours: served as a whole, or with a stock of their own. Not here: their figures."""

import polars as pl

from schemas import reference


def own_codes(stock: pl.DataFrame) -> list[str]:
    """Municipalities served as a whole, and those that a stock was delivered for: of a merged one it covers a part."""
    return pl.concat([served(), stock["municipality_code"]]).unique().sort().to_list()


def served() -> pl.Series:
    """Those that are served as a whole, by the reference data."""
    return reference.municipalities().filter("is_own")["code"]
