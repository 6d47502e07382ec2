"""What a caseload file says about one reference date: which benefits, and as which text.

Selects from the register and renders columns. Faults are planted afterwards, in `faults`.
"""

from datetime import date

import polars as pl

from pipeline.simulate.styles import SCHEME_TEXTS, FileStyle, birth_text, date_text, municipality_text

HEADER = (
    "peildatum",
    "gemeentecode",
    "registratienummer_uitkering",
    "bsn",
    "bsn_partner",
    "statistiekcode",
    "leefvorm",
    "geboortedatum",
    "geslacht",
    "ingangsdatum",
    "oorspronkelijke_ingangsdatum",
    "einddatum",
    "reden_einde",
)
DATE_COLUMNS = ("peildatum", "ingangsdatum", "oorspronkelijke_ingangsdatum", "einddatum")


def rows_on(benefits: pl.DataFrame, *, reference_date: date, previous: date) -> pl.DataFrame:
    """The stock on the reference date plus what ended since the previous one, as far as known on that date.

    Only an end date up to and including the reference date is known; a later one is left out, with its reason.
    """
    is_in_file = (pl.col("start") <= reference_date) & (pl.col("end").is_null() | (pl.col("end") >= previous))
    is_known = pl.col("end") <= reference_date
    return benefits.filter(is_in_file).with_columns(
        reference_date=pl.lit(reference_date),
        end=pl.when(is_known).then("end"),
        reason=pl.when(is_known).then("reason"),
    )


def without_last_terminations(rows: pl.DataFrame, *, previous: date, per_municipality: dict[str, int]) -> pl.DataFrame:
    """The same rows before the last terminations were entered: the named number per municipality still runs.

    Restarted dossiers stay ended, since the client would have two live benefits otherwise.
    """
    is_late = (pl.col("end") >= previous) & (pl.col("end") < pl.col("reference_date")) & ~pl.col("is_continued")
    late_rank = pl.when(is_late).then("benefit_id").rank("ordinal").over("municipality_code")
    allowed = pl.col("municipality_code").replace_strict(per_municipality, default=0)
    still_runs = (late_rank <= allowed).fill_null(False)
    return rows.with_columns(
        end=pl.when(~still_runs).then("end"),
        reason=pl.when(~still_runs).then("reason"),
    )


def as_text(rows: pl.DataFrame, style: FileStyle) -> pl.DataFrame:
    """Every column as the text that goes into the file, in the order of the header."""
    scheme = pl.col("scheme")
    text = rows.select(
        date_text(pl.col("reference_date"), style.dates),
        municipality_text(pl.col("municipality_code"), style.codes),
        pl.col("benefit_id"),
        pl.col("number").cast(pl.String),
        pl.col("partner_number").cast(pl.String),
        scheme.replace_strict(SCHEME_TEXTS) if style.has_scheme_texts else scheme,
        pl.col("household").cast(pl.String),
        birth_text(pl.col("birth"), style.dates),
        pl.col("sex").cast(pl.String),
        date_text(pl.col("start"), style.dates),
        date_text(pl.col("original_start"), style.dates),
        date_text(pl.col("end"), style.dates).fill_null(pl.lit(style.no_end)),
        pl.col("reason"),
    )
    text.columns = list(HEADER)
    if style.extra_column:
        name, value = style.extra_column
        text = text.with_columns(pl.lit(value).alias(name))
    return text
