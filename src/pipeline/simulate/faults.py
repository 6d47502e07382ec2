"""Faults that are planted in rows on purpose: each kind breaks one rule, by one cell or a pair that belongs together.

Works on the text columns of a file, since most of these faults have no typed form. Faults of whole files
(truncated, delivered twice) are in `schedule`.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from pipeline.simulate.styles import FileStyle, written_date


@dataclass(frozen=True)
class Fault:
    """One kind of bad row: what it is called, and the expressions that replace its cells."""

    name: str
    cells: dict[str, pl.Expr]


FAULT_NAMES = (
    "bsn_fails_eleven_test",
    "start_date_does_not_exist",
    "scheme_unknown",
    "scheme_special_assistance",
    "end_without_reason",
    "reason_without_end",
    "start_after_reference_date",
    "end_before_start",
    "reason_unknown",
    "partner_is_client",
    "registration_number_too_long",
    "municipality_unknown",
)


def faults_for(reference_date: date, style: FileStyle) -> tuple[Fault, ...]:
    """Every kind of fault as it looks in a file of this date and style; row i of the bad ones gets kind i mod 12."""

    def on(day: date) -> pl.Expr:
        return pl.lit(written_date(day.year, day.month, day.day, style.dates))

    bsn, missing = pl.col("bsn"), pl.lit(None, dtype=pl.String)
    next_digit = (bsn.str.slice(8).cast(pl.Int64) + 1) % 10
    later = on(reference_date + timedelta(days=10))
    impossible = pl.lit(written_date(2015, 2, 31, style.dates))
    cells: tuple[dict[str, pl.Expr], ...] = (
        {"bsn": pl.concat_str(bsn.str.slice(0, 8), next_digit.cast(pl.String))},
        {"ingangsdatum": impossible},
        {"statistiekcode": pl.lit("77")},
        {"statistiekcode": pl.lit("11")},
        {"einddatum": on(reference_date), "reden_einde": missing},
        {"einddatum": missing, "reden_einde": pl.lit("11")},
        {"ingangsdatum": later, "oorspronkelijke_ingangsdatum": later, "einddatum": missing, "reden_einde": missing},
        {"einddatum": on(date(1990, 1, 31)), "reden_einde": pl.lit("98")},
        {"einddatum": on(reference_date), "reden_einde": pl.lit("77")},
        {"bsn_partner": bsn},
        {"registratienummer_uitkering": pl.concat_str("registratienummer_uitkering", pl.lit("-DUBBEL"))},
        {"gemeentecode": pl.lit("9998" if style.codes != "GM0899" else "GM9998")},
    )
    return tuple(Fault(name, cell) for name, cell in zip(FAULT_NAMES, cells, strict=True))


def spoil(text: pl.DataFrame, kind: npt.NDArray[np.int64], faults: tuple[Fault, ...]) -> pl.DataFrame:
    """The same rows, where row i shows fault number `kind[i]`; -1 leaves a row as it is."""
    replaced: dict[str, pl.Expr] = {}
    for number, fault in enumerate(faults):
        for column, value in fault.cells.items():
            before = replaced.get(column, pl.col(column))
            replaced[column] = pl.when(pl.col("_kind") == number).then(value).otherwise(before)
    named = [value.alias(column) for column, value in replaced.items()]
    return text.with_columns(pl.Series("_kind", kind)).with_columns(named).drop("_kind")


def evenly_bad(rows: int, share: float, *, first_row: int = 0) -> npt.NDArray[np.int64]:
    """For each row its kind of fault, spread evenly over the file and the kinds; -1 for a good row.

    `first_row` lets a file be made in pieces that fit together.
    """
    place = np.arange(first_row, first_row + rows, dtype=np.int64)
    before, after = np.floor(place * share + 1e-9), np.floor((place + 1) * share + 1e-9)
    kind: npt.NDArray[np.int64] = np.where(after > before, before.astype(np.int64) % len(FAULT_NAMES), -1)
    return kind


def extra_bad_rows(text: pl.DataFrame, numbers: npt.NDArray[np.int64], faults: tuple[Fault, ...]) -> pl.DataFrame:
    """Bad rows on top of the good ones, each about a person and benefit that occur nowhere else."""
    count = len(numbers)
    sample = text.gather_every(max(1, text.height // count)).head(count)
    serial = pl.concat_str(pl.lit("X0000-"), (pl.row_index() + 1).cast(pl.String).str.zfill(7))
    fresh = sample.with_columns(
        pl.Series("bsn", numbers).cast(pl.String),
        bsn_partner=pl.lit(None, dtype=pl.String),
        leefvorm=pl.lit("1"),
        registratienummer_uitkering=serial,
    )
    return spoil(fresh, np.arange(count, dtype=np.int64) % len(faults), faults)


def scattered(good: pl.DataFrame, bad: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """The bad rows put between the good ones at random places; the good ones keep their order."""
    places = np.concatenate([np.arange(good.height, dtype=np.float64), rng.uniform(0, good.height, bad.height)])
    return pl.concat([good, bad])[np.argsort(places, kind="stable")]
