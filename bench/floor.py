"""The floor: polars reads the same CSV and writes typed Parquet. No check, no pseudonym, no log."""

import sys
import time
from pathlib import Path

import polars as pl

DATES = ("peildatum", "ingangsdatum", "oorspronkelijke_ingangsdatum", "einddatum")


def write_typed(source: Path, target: Path) -> None:
    """Text to dates and numbers in one streaming query."""
    header = pl.read_csv(source, n_rows=0, separator=";", infer_schema=False).columns
    dates = [pl.col(name).str.to_date("%d-%m-%Y", strict=False) for name in DATES if name in header]
    numbers = [pl.col(name).cast(pl.Int64, strict=False) for name in ("bsn", "bsn_partner") if name in header]
    pl.scan_csv(source, separator=";", infer_schema=False).with_columns(*dates, *numbers).sink_parquet(target)


if __name__ == "__main__":
    began = time.perf_counter()
    write_typed(Path(sys.argv[1]), Path(sys.argv[2]))
    print(time.perf_counter() - began)
