"""The files of the comparison: months of benefits of three municipalities, clean, or spoilt in ways that every reader
must set apart by the row.

The clean ones are those of ``bench.night``: months hang together as those of a municipality do, so that no gate holds
one. Not here: what is made of them.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from bench.night import benefits, first_of
from pipeline.simulate import persons

_BAD_SHARE = 0.01
_TWICE, _CONFLICTING = 2, 2
"""Rows per spoilt file that stand there a second time as they are, and with other content."""
_MUNICIPALITIES = ("0899", "0882", "0881")


def make(folder: Path, months: int, size: int, *, spoilt: bool) -> list[Path]:
    """One file per month of so many benefits, and those that ended since the month before."""
    folder.mkdir(parents=True)
    numbers = persons.citizen_numbers(size, seed=1)
    return [_write(folder, month, _month(month, size, numbers, spoilt=spoilt)) for month in range(months)]


def _month(month: int, size: int, numbers: npt.NDArray[np.int64], *, spoilt: bool) -> pl.DataFrame:
    rows = benefits(month, size, numbers).with_columns(gemeentecode=_municipality())
    return _spoilt(rows, np.random.default_rng(month)) if spoilt else rows


def _municipality() -> pl.Expr:
    """Each client stays with one; not by the remainder that says in which month a benefit begins."""
    client = pl.col("registratienummer_uitkering").str.extract(r"^D([0-9]+)-").cast(pl.Int64)
    return (client // 60 % len(_MUNICIPALITIES)).replace_strict(dict(enumerate(_MUNICIPALITIES)))


def _spoilt(rows: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """One row in a hundred, a quarter of them in each way; further on rows that stand there twice."""
    chosen = rng.permutation(rows.height)
    bad = chosen[: max(len(_WAYS), int(rows.height * _BAD_SHARE))]
    others = chosen[len(bad) : len(bad) + _TWICE + _CONFLICTING]
    place = pl.int_range(pl.len())
    for number, (column, spoil) in enumerate(_WAYS.items()):
        of_this = bad[number :: len(_WAYS)].tolist()
        rows = rows.with_columns(
            pl.when(place.is_in(of_this)).then(spoil(pl.col(column))).otherwise(column).alias(column)
        )
    conflicting = rows[others[_TWICE:].tolist()].with_columns(leefvorm=pl.lit("2"))
    return pl.concat([rows, rows[others[:_TWICE].tolist()], conflicting])


_WAYS: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    # The last digit counts -1: one more or less always breaks the 11-test.
    "bsn": lambda text: text.str.head(8) + ((text.str.tail(1).cast(pl.Int64) + 1) % 10).cast(pl.String),
    "ingangsdatum": lambda text: "31-02-" + text.str.tail(4),
    "statistiekcode": lambda _: pl.lit("99"),
    "registratienummer_uitkering": lambda _: pl.lit(None, pl.String()),
}


def _write(folder: Path, month: int, rows: pl.DataFrame) -> Path:
    file = folder / f"{first_of(month).replace(day=7)}_caseload_{month}.csv"
    rows.write_csv(file, separator=";")
    return file


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), spoilt=sys.argv[4] == "spoilt")
