"""Texts from outside made fit to be shown, a whole column at a time.

Here: ``shown`` and ``seen`` of ``spelling`` as expressions of Polars. Not here: what is covered or written out, and why.
"""

from collections.abc import Callable

import polars as pl

from schemas.number_columns import may_hold_number
from schemas.spelling import seen, shown

_UNSEEN = r"[\p{C}\p{Z}--\x20]"
"""Characters that a person does not see, or that steer a terminal; a blank is seen."""


def shown_texts(text: pl.Expr) -> pl.Expr:
    """``shown`` for a column of texts."""
    return _mapped(text, shown, may_hold_number(text) | text.str.contains(_UNSEEN))


def seen_texts(text: pl.Expr) -> pl.Expr:
    """``seen`` for a column of texts."""
    return _mapped(text, seen, text.str.contains(_UNSEEN))


def _mapped(text: pl.Expr, change: Callable[[str], str], is_suspect: pl.Expr) -> pl.Expr:
    changed = pl.when(is_suspect).then(text).map_elements(change, return_dtype=pl.String)
    return pl.when(is_suspect).then(changed).otherwise(text)
