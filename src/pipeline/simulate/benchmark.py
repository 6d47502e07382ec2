"""One large caseload file for measuring, with a chosen share of bad rows.

There is no history behind it: every row is a person of its own. Written in pieces, so that memory stays flat.
"""

from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from pipeline.simulate import faults, persons, registry
from pipeline.simulate.calibration import MUNICIPALITIES, PW
from pipeline.simulate.delivery import as_text
from pipeline.simulate.styles import FileStyle

REFERENCE_DATE, PREVIOUS = date(2017, 1, 1), date(2016, 12, 1)

_PIECE = 250_000
_ENDED_SHARE = 0.015
_MUNICIPALITY_SHARES = (0.44, 0.07, 0.49)
_SCHEMES, _SCHEME_SHARES = (PW, "02", "03", "14"), (0.94, 0.03, 0.01, 0.02)
_REASONS = ("11", "13", "02", "32", "31", "98")


def simulate_one_delivery(path: Path, *, rows: int, seed: int = 1, bad_share: float = 0.0) -> None:
    """Write one UTF-8 CSV (`;`) about 1 January 2017 with this many rows.

    Exactly the whole number of rows below `rows * bad_share` is bad, evenly spread over the file and over the
    kinds of faults.
    """
    if not 0.0 <= bad_share <= 1.0:
        raise ValueError(f"bad_share is {bad_share}, expected a share from 0 to 1")
    rng = np.random.default_rng(seed)
    numbers = persons.citizen_numbers(rows + _partners(rows), seed=seed)
    style = FileStyle()
    kinds = faults.faults_for(REFERENCE_DATE, style)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for first in range(0, max(rows, 1), _PIECE):
            text = as_text(_piece(first, min(_PIECE, rows - first), numbers, rows, rng), style)
            if bad_share:
                text = faults.spoil(text, faults.evenly_bad(text.height, bad_share, first_row=first), kinds)
            text.write_csv(file, separator=style.separator, include_header=first == 0)


def _partners(rows: int) -> int:
    return rows // 7 + 1


def _piece(first: int, count: int, numbers: npt.NDArray[np.int64], rows: int, rng: np.random.Generator) -> pl.DataFrame:
    place = np.arange(first, first + count)
    # Every seventh household is a couple, so that the number of partners is known beforehand.
    is_couple = place % 7 == 0
    household = np.where(is_couple, persons.COUPLE, rng.choice([1, 2, 4], size=count, p=(0.72, 0.23, 0.05)))
    has_ended = rng.random(count) < _ENDED_SHARE
    opening = np.datetime64(PREVIOUS).astype(np.int64)
    start = registry.opening_starts(PW, count, rng, before=int(opening))
    end = rng.integers(opening, np.datetime64(REFERENCE_DATE).astype(np.int64), count)
    frame = pl.DataFrame(
        {
            "number": numbers[place],
            "partner_number": numbers[rows + place // 7],
            "household": household,
            "has_ended": has_ended,
            "start": start,
            "end": end,
            "birth": persons.as_written(persons.births(start, PW, rng), rng),
            "sex": rng.integers(1, 3, count),
            "municipality_code": np.array(MUNICIPALITIES)[rng.choice(3, size=count, p=_MUNICIPALITY_SHARES)],
            "scheme": np.array(_SCHEMES)[rng.choice(4, size=count, p=_SCHEME_SHARES)],
            "reason": np.array(_REASONS)[rng.integers(0, len(_REASONS), count)],
        }
    )
    return _typed(frame, first)


def _typed(frame: pl.DataFrame, first: int) -> pl.DataFrame:
    ended, couple = pl.col("has_ended"), pl.col("household") == persons.COUPLE
    start = pl.col("start").cast(pl.Int32).cast(pl.Date)
    return frame.with_columns(
        start=start,
        original_start=start,
        end=pl.when(ended).then(pl.col("end").cast(pl.Int32).cast(pl.Date)),
        reason=pl.when(ended).then("reason"),
        partner_number=pl.when(couple).then("partner_number"),
        reference_date=pl.lit(REFERENCE_DATE),
    ).with_columns(benefit_id=registry.benefit_ids(pl.row_index() + first))
