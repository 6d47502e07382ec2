"""The floor: polars reads the same CSV and writes typed Parquet. No check, no pseudonym, no log."""

import sys
import time
from pathlib import Path

import polars as pl

DATES = ("peildatum", "ingangsdatum", "oorspronkelijke_ingangsdatum", "einddatum", "datum", "geregistreerd_op")
INTEGERS = ("bsn", "bsn_partner")
DECIMALS = ("uren_per_week",)


def write_typed(source: Path, target: Path) -> None:
    """Text to dates and numbers in one streaming query."""
    header = pl.read_csv(source, n_rows=0, separator=";", infer_schema=False).columns
    sample = pl.read_csv(source, n_rows=1, separator=";", infer_schema=False)
    form = "%d-%m-%Y" if "-" in str(sample[next(name for name in DATES if name in header)][0])[:3] else "%Y-%m-%d"
    dates = [pl.col(name).str.to_date(form, strict=False) for name in DATES if name in header]
    numbers = [pl.col(name).cast(pl.Int64, strict=False) for name in INTEGERS if name in header]
    decimals = [
        pl.col(name).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
        for name in DECIMALS
        if name in header
    ]
    pl.scan_csv(source, separator=";", infer_schema=False).with_columns(*dates, *numbers, *decimals).sink_parquet(
        target
    )


if __name__ == "__main__":
    began = time.perf_counter()
    write_typed(Path(sys.argv[1]), Path(sys.argv[2]))
    print(time.perf_counter() - began)
