"""The curated table ``codes``. Not here: the texts themselves (``schemas.reference``, ``schemas.wording``)."""

import polars as pl

from pipeline.names.no_delivery import no_delivery
from pipeline.versions.projection import Known, Projection
from schemas import reference
from schemas.tables.names import CODES
from schemas.wording import LISTS

_WORDS = ["list", "code", "text_nl", "text_en", "valid_from", "valid_until", "basis"]


def project(_known: Known) -> pl.DataFrame:
    """Codes of law, words of programmes, and the closed lists of the tables."""
    together = pl.concat([_of_law(), _of_programmes(), _of_tables()])
    by = ["list", "code"]
    ordered = together.sort(*by, "valid_from", nulls_last=False, maintain_order=True)
    return CODES.shaped(
        ordered.with_columns(
            meaning=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(by),
            is_current=pl.col("valid_until").is_null(),
        )
    )


def _of_law() -> pl.DataFrame:
    listed = [reference.codes(field).with_columns(list=pl.lit(field)) for field in reference.code_fields()]
    return pl.concat(listed).rename({"label_nl": "text_nl", "label_en": "text_en"}).select(_WORDS)


def _of_programmes() -> pl.DataFrame:
    """One row a word: programmes that share one mean the same by it."""
    listed = [reference.programme_words(field) for field in ("target_group", "method")]
    never = pl.lit(None, pl.Date())
    return (
        pl.concat(listed)
        .rename({"field": "list", "label_nl": "text_nl", "label_en": "text_en"})
        .unique(["list", "code"], keep="first", maintain_order=True)
        .with_columns(valid_from=never, valid_until=never, basis=pl.lit(None, pl.String()))
        .select(_WORDS)
    )


def _of_tables() -> pl.DataFrame:
    never = pl.lit(None, pl.Date())
    lines = [(name, code, dutch, english) for name, words in LISTS.items() for code, dutch, english in words]
    frame = pl.DataFrame(lines, schema=["list", "code", "text_nl", "text_en"], orient="row")
    nobody = pl.lit(None, pl.String())
    return frame.with_columns(valid_from=never, valid_until=never, basis=nobody).select(_WORDS)


PROJECTION = Projection(table=CODES, inputs=(), project=project, explain=no_delivery(CODES))
