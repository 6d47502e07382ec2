"""Cells that hold something and cannot be read, in columns without which a row says something else.

Here: finding them in a batch, with the scope of their rows. Not here: how many of them are too many
(``pipeline.versions.gates.unread``), what an unreadable cell becomes (``column_values``).
"""

from collections.abc import Mapping

import polars as pl

from schemas.scope import is_known, named
from schemas.source import Source
from schemas.vocabulary import WORDS_FOR_NONE

_RULES = ("VALUE-020", "VALUE-021")
UNREAD = pl.Schema(
    {"row": pl.Int64(), "column": pl.String(), "place": pl.String(), "line": pl.String(), "valid_on": pl.Date()}
)


def unread_cells(
    source: Source, parsed: pl.DataFrame, findings: pl.DataFrame, text: pl.DataFrame, cells: Mapping[str, str]
) -> pl.DataFrame:
    """``UNREAD`` of one batch: ``text`` as the file holds it, ``findings`` of reading it. Words that say that there is
    none, such as n.v.t., are left out: they say what is taken.
    """
    missed = [column.name for column in source.columns if column.is_missed and column.name in cells]
    found = findings.filter(pl.col("column").is_in(missed) & pl.col("rule").is_in(_RULES)).select("row", "column")
    if found.is_empty() or not is_known(source, parsed.columns):
        return pl.DataFrame(schema=UNREAD)
    word = pl.col("text").str.strip_chars().str.to_uppercase().is_in(WORDS_FOR_NONE)
    parts = []
    for (name,), own in found.partition_by("column", as_dict=True, maintain_order=True).items():
        texts = own.join(text.select("row", text=cells[str(name)]), on="row", maintain_order="left")
        parts.append(texts.filter(~word.fill_null(value=False)).select("row", "column"))
    scopes = parsed.select("row", **named(source))
    return pl.concat(parts).join(scopes, on="row", maintain_order="left").select(UNREAD.names())
