"""Many years of clean monthly deliveries with seasons, drift and noise: for measuring what gates and signals find.

Whole numbers first (`counts`), then benefits that add up to them, then files. Nothing is planted here, but for what
every real export has: a bad row now and then, a month that is split or delivered again with late corrections.
Not here: the calibrated sample (`run`), trajectories and reports of providers (`seasons_providers`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from pipeline.simulate import persons
from pipeline.simulate.written import SimulatedFile, write

Ints = npt.NDArray[np.int64]

FIRST_YEAR = 2000
SIZES = {"GM0899": 951, "GM0882": 1_180, "GM0965": 96}
"""Benefits at the begin: two municipalities of the real size and a small one, none of which merged in these years."""
MONTHLY_TURNOVER = 0.0195
CYCLE_MONTHS = 90
CYCLE = 0.12
SEASON = (0.05, 0.30)
"""The least and the most by which inflow swings over the year."""
REASONS = np.array(["11", "13", "19", "32", "33"])
REASON_SHARES = (0.36, 0.04, 0.34, 0.20, 0.06)
BAD_ROWS_PER_FILE = 1.0
SPLIT_ONE_IN, AGAIN_ONE_IN = 12, 15
LATE_SHARE = 0.01
"""Of the rows of a first version, so many are not there yet when the month is delivered again later."""

_HEADER = (
    "peildatum", "gemeentecode", "registratienummer_uitkering", "bsn", "statistiekcode", "leefvorm", "geslacht",
    "ingangsdatum", "einddatum", "reden_einde",
)  # fmt: skip


@dataclass(frozen=True)
class Counts:
    """Benefits of one municipality: the stock at the begin, and what starts and ends before each later date."""

    opening: int
    inflow: Ints
    outflow: Ints

    @property
    def stock(self) -> Ints:
        """On every date."""
        moves: Ints = np.concatenate([[self.opening], self.inflow - self.outflow])
        return np.cumsum(moves)


def first_of(month: int) -> date:
    """The reference date that is so many months after the first one."""
    return date(FIRST_YEAR + month // 12, 1 + month % 12, 1)


def counts(months: int, rng: np.random.Generator) -> dict[str, Counts]:
    """Seasons over the year, a cycle of the economy over years, a drift over all, and noise of small numbers."""
    month = np.arange(1, months)
    phase = rng.uniform(0, 2 * np.pi)
    return {code: _counts(size, month, phase, rng) for code, size in SIZES.items()}


def _counts(size: int, month: Ints, phase: float, rng: np.random.Generator) -> Counts:
    swing, drift = rng.uniform(*SEASON), rng.normal(0, 0.15)
    season = swing * np.cos(2 * np.pi * month / 12)
    cycle = CYCLE * np.sin(2 * np.pi * month / CYCLE_MONTHS + phase)
    inflow = rng.poisson(size * MONTHLY_TURNOVER * (1 + season) * (1 + cycle) * (1 + drift * month / len(month)))
    outflow, stock = np.zeros_like(inflow), size
    for place, share in enumerate(MONTHLY_TURNOVER * (1 - season)):
        outflow[place] = rng.binomial(stock, share)
        stock += inflow[place] - outflow[place]
    return Counts(size, inflow.astype(np.int64), outflow.astype(np.int64))


def simulate_seasons(raw_dir: Path, *, months: int = 240, seed: int = 1) -> tuple[SimulatedFile, ...]:
    """Write the caseload of so many months, and its totals by year; the same seed gives the same bytes."""
    rng = np.random.default_rng(seed)
    made = counts(months, rng)
    register = _register(made, months, rng, seed)
    return (*_caseload(raw_dir, register, months, rng), *_totals(raw_dir, made, months))


def _register(made: dict[str, Counts], months: int, rng: np.random.Generator, seed: int) -> pl.DataFrame:
    """Every benefit there ever was: municipality, number, bsn, the month it began in and the one it ended in."""
    parts = []
    for code, own in made.items():
        total = own.opening + int(own.inflow.sum())
        begun = np.concatenate([np.full(own.opening, 0), np.repeat(np.arange(1, months), own.inflow)])
        ended = np.full(total, months)
        live = list(range(own.opening))
        there = own.opening
        for month, (comes, goes) in enumerate(zip(own.inflow, own.outflow, strict=True), start=1):
            rng.shuffle(live)
            ended[live[:goes]] = month
            live = live[goes:] + list(range(there, there + int(comes)))
            there += int(comes)
        parts.append(pl.DataFrame({"municipality": code, "number": np.arange(total), "begun": begun, "ended": ended}))
    every = pl.concat(parts)
    ends = rng.choice(REASONS, size=every.height, p=REASON_SHARES)
    return every.with_columns(
        bsn=pl.Series(persons.citizen_numbers(every.height, seed=seed)),
        day=pl.Series(rng.integers(0, 27, every.height)),
        reason=pl.Series(ends),
        household=pl.Series(persons.households(every.height, rng)),
    )


def _caseload(raw_dir: Path, register: pl.DataFrame, months: int, rng: np.random.Generator) -> Iterator[SimulatedFile]:
    for month in range(months):
        delivered = first_of(month) + timedelta(days=8 + int(rng.integers(0, 12)))
        whole = _rows(register, month)
        again = rng.integers(0, AGAIN_ONE_IN) == 0
        first = whole.filter(pl.Series(rng.random(whole.height) >= LATE_SHARE)) if again else whole
        if rng.integers(0, SPLIT_ONE_IN) == 0:
            for code, part in first.partition_by("gemeentecode", as_dict=True).items():
                yield _write(raw_dir, _bad(part, rng), delivered, f"{first_of(month):%Y%m}_{code[0]}")
        else:
            yield _write(raw_dir, _bad(first, rng), delivered, f"{first_of(month):%Y%m}")
        if again:
            later = delivered + timedelta(days=int(rng.integers(10, 40)))
            yield _write(raw_dir, _bad(whole, rng), later, f"{first_of(month):%Y%m}_herlevering")


def _rows(register: pl.DataFrame, month: int) -> pl.DataFrame:
    """The stock on the first of the month, and what ended in the month before."""
    there = register.filter((pl.col("begun") <= month) & (pl.col("ended") >= month))
    has_ended = pl.col("ended") == month
    ended_on = pl.lit(first_of(max(month - 1, 0))) + pl.duration(days="day")
    # A benefit of the opening stock began before the first date; every other in the month before its own date.
    begun_on = pl.lit(date(FIRST_YEAR - 1, 11, 2)).dt.offset_by(pl.format("{}mo", "begun")) + pl.duration(days="day")
    dated = there.with_columns(start=begun_on, end=pl.when(has_ended).then(ended_on))
    return dated.select(
        pl.lit(first_of(month).isoformat()).alias("peildatum"),
        pl.col("municipality").alias("gemeentecode"),
        pl.format("S{}-{}", pl.col("municipality").str.slice(2), "number").alias("registratienummer_uitkering"),
        pl.col("bsn").cast(pl.String),
        pl.lit("01").alias("statistiekcode"),
        pl.col("household").cast(pl.String).alias("leefvorm"),
        pl.lit("1").alias("geslacht"),
        pl.col("start").cast(pl.String).alias("ingangsdatum"),
        pl.col("end").cast(pl.String).alias("einddatum"),
        pl.when(has_ended).then("reason").alias("reden_einde"),
    ).select(_HEADER)


def _bad(rows: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """The same with a mistyped date in a row or two, as exports have them."""
    places = rng.integers(0, rows.height, int(rng.poisson(BAD_ROWS_PER_FILE)))
    is_bad = pl.Series(np.isin(np.arange(rows.height), places))
    return rows.with_columns(pl.when(is_bad).then(pl.lit("2012-02-31")).otherwise("ingangsdatum").alias("ingangsdatum"))


def _write(raw_dir: Path, rows: pl.DataFrame, delivered: date, stem: str) -> SimulatedFile:
    path = Path("caseload", str(delivered.year), f"{delivered}_bestand_{stem}_simulated.csv")
    write(raw_dir / path, rows.write_csv(separator=";").encode())
    return SimulatedFile(path, rows.height, "")


def _totals(raw_dir: Path, made: dict[str, Counts], months: int) -> Iterator[SimulatedFile]:
    for first, after in pairwise([*range(0, months, 12), months]):
        year, parts = FIRST_YEAR + first // 12, []
        for code, own in made.items():
            days = [first_of(month).isoformat() for month in range(first, after)]
            parts.append(pl.DataFrame({"peildatum": days, "gemeentecode": code, "aantal": own.stock[first:after]}))
        rows = pl.concat(parts).with_columns(reeks=pl.lit("pw"))
        path = Path("caseload_totals", f"{year + 1}-01-12_totalen_{year}_simulated.csv")
        write(raw_dir / path, rows.write_csv(separator=";").encode())
        yield SimulatedFile(path, rows.height, "")
