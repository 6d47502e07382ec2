"""The register of all benefits over the whole period: who, from when, until when, and why it ended.

Turns the numbers of a `plan` into benefits. What a file shows of them on one date is in `delivery`.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl

from pipeline.simulate import persons
from pipeline.simulate.calibration import BBZ, IOAW, IOAZ, PW, REFERENCE_DATES
from pipeline.simulate.plan import CellPlan

Ints = npt.NDArray[np.int64]

# Day 0 (1970-01-01) stands for "no end": no simulated benefit is that old.
NO_END = 0
RETURN_SHARE = 0.08
SPARE_NUMBERS = 1_000

_OTHER_REASONS = (1, 2, 3, 4, 5, 14, 15, 17, 19, 31, 32, 33, 34, 35, 98)
_REASON_WEIGHTS = np.array([4, 14, 12, 4, 3, 2, 5, 2, 10, 8, 13, 5, 6, 4, 8], dtype=np.float64)
_AOW_AGE, _FINAL = 3, (3, 4, 33)
_RELATIONSHIP, _OTHER = 2, 98

_EPOCH_DAYS: Ints = np.array(REFERENCE_DATES, dtype="datetime64[D]").astype(np.int64)
_EARLIEST_START = {PW: "1996-03-01", IOAW: "2009-01-01", IOAZ: "2010-01-01", BBZ: "2012-06-01"}
_LETTERS = {"GM0899": "B", "GM0881": "O", "GM0882": "L"}


@dataclass(frozen=True)
class Registry:
    """All benefits (one row each), and citizen service numbers that belong to nobody in it."""

    benefits: pl.DataFrame
    spare_numbers: Ints


class _Ledger:
    """The benefits of one cell while they are written, as preallocated columns."""

    def __init__(self, plan: CellPlan, rng: np.random.Generator) -> None:
        self.rng, self.size, self.people = rng, 0, 0
        self.person, self.start, self.original, self.end, self.reason, self.household, self.continued = (
            np.zeros(plan.benefits, dtype=np.int64) for _ in range(7)
        )

    def add(self, start: Ints, original: Ints, person: Ints, household: Ints) -> Ints:
        ids = np.arange(self.size, self.size + len(start), dtype=np.int64)
        self.start[ids], self.original[ids], self.person[ids], self.household[ids] = start, original, person, household
        self.size += len(start)
        return ids

    def add_new_people(self, start: Ints) -> Ints:
        person = np.arange(self.people, self.people + len(start), dtype=np.int64)
        self.people += len(start)
        return self.add(start, start, person, persons.households(len(start), self.rng))

    def add_returning(self, before: Ints, start: Ints) -> Ints:
        """The same person and household come back: a new spell with a start date of its own."""
        return self.add(start, start, self.person[before], self.household[before])

    def restart(self, old: Ints, last_day: Ints) -> Ints:
        """The household form changes: the dossier ends, and goes on the next day under another number."""
        household = persons.changed_households(self.household[old], self.rng)
        self.end[old], self.continued[old] = last_day, 1
        self.reason[old] = np.where(household == persons.COUPLE, _RELATIONSHIP, _OTHER)
        return self.add(last_day + 1, self.original[old], self.person[old], household)


def build(plan: tuple[CellPlan, ...], rng: np.random.Generator, *, seed: int) -> Registry:
    """Benefits for every cell of the plan, with numbers unique over all of them."""
    cells: list[pl.DataFrame] = []
    people = 0
    for cell in plan:
        frame, count = _cell(cell, rng, first_person=people)
        cells.append(frame)
        people += count
    # The second half belongs to partners: number `people + i` is the partner of person i.
    numbers = persons.citizen_numbers(2 * people + SPARE_NUMBERS, seed=seed)
    frame = pl.concat(cells)
    person = frame["person"].to_numpy()
    is_couple = pl.col("household") == persons.COUPLE
    return Registry(
        frame.with_columns(
            pl.Series("number", numbers[person]),
            pl.Series("partner_number", numbers[people + person]),
            benefit_id=benefit_ids(pl.row_index()),
        ).with_columns(partner_number=pl.when(is_couple).then("partner_number")),
        numbers[2 * people :],
    )


def benefit_ids(index: pl.Expr) -> pl.Expr:
    """Thirteen ASCII characters: a letter for the municipality, the year of the start, a serial number."""
    letter = pl.col("municipality_code").replace_strict(_LETTERS, return_dtype=pl.String)
    serial = index.cast(pl.String).str.zfill(7)
    return pl.concat_str(letter, pl.col("start").dt.year().cast(pl.String), pl.lit("-"), serial)


def opening_starts(scheme: str, count: int, rng: np.random.Generator, *, before: int) -> Ints:
    """Start days of benefits that already run: most are recent, some go back to the nineties."""
    earliest = np.datetime64(_EARLIEST_START[scheme]).astype(np.int64)
    days = rng.exponential(4.0 * 365.25, count).astype(np.int64)
    return before - days % (before - earliest)


def _cell(plan: CellPlan, rng: np.random.Generator, *, first_person: int) -> tuple[pl.DataFrame, int]:
    ledger = _Ledger(plan, rng)
    alive = ledger.add_new_people(opening_starts(plan.scheme, plan.opening, rng, before=int(_EPOCH_DAYS[0])))
    gone = np.zeros(0, dtype=np.int64)
    for k, (previous, current) in enumerate(pairwise(_EPOCH_DAYS.tolist())):
        order = rng.permutation(alive)
        ended, rest = np.split(order, [int(plan.outflow[k])])
        _end(ledger, ended, int(plan.to_work[k]), previous, current)
        moved = rest[: int(plan.restarts[k])]
        restarted = ledger.restart(moved, rng.integers(previous, current, len(moved)))
        started, gone = _start(ledger, gone, int(plan.inflow[k]), previous, current)
        gone = np.concatenate([gone, ended[~np.isin(ledger.reason[ended], _FINAL)]])
        alive = np.concatenate([rest[len(moved) :], restarted, started])
    return _frame(ledger, plan, rng, first_person), ledger.people


def _end(ledger: _Ledger, ended: Ints, to_work: int, previous: int, current: int) -> None:
    rng = ledger.rng
    # Half of them end on the last day before the next reference date, which mostly is a month's end.
    on_last_day = rng.random(len(ended)) < 0.5
    ledger.end[ended] = np.where(on_last_day, current - 1, rng.integers(previous, current, len(ended)))
    others = rng.choice(_OTHER_REASONS, size=len(ended) - to_work, p=_REASON_WEIGHTS / _REASON_WEIGHTS.sum())
    work = np.where(rng.random(to_work) < 0.12, 13, 11)
    ledger.reason[ended] = np.concatenate([work, others])


def _start(ledger: _Ledger, gone: Ints, count: int, previous: int, current: int) -> tuple[Ints, Ints]:
    """The benefits that started, and who of the people that left can still come back."""
    rng = ledger.rng
    start = rng.integers(previous + 1, current + 1, count)
    eligible = gone[ledger.end[gone] < previous - 60]
    wanted = min(len(eligible), round(RETURN_SHARE * count))
    back = rng.choice(eligible, size=wanted, replace=False) if wanted else np.zeros(0, dtype=np.int64)
    returned = ledger.add_returning(back, start[:wanted])
    fresh = ledger.add_new_people(start[wanted:])
    return np.concatenate([returned, fresh]), gone[~np.isin(gone, back)]


def _frame(ledger: _Ledger, plan: CellPlan, rng: np.random.Generator, first_person: int) -> pl.DataFrame:
    _, first_rows = np.unique(ledger.person, return_index=True)
    birth = persons.births(ledger.start[first_rows], plan.scheme, rng)
    retired = np.flatnonzero(ledger.reason == _AOW_AGE)
    birth[ledger.person[retired]] = persons.births_at_aow_age(ledger.end[retired])
    written, sex = persons.as_written(birth, rng), rng.integers(1, 3, len(birth))
    end, reason = pl.col("end"), pl.col("reason")
    return pl.DataFrame(
        {
            "person": ledger.person + first_person,
            "start": ledger.start,
            "original_start": ledger.original,
            "end": ledger.end,
            "reason": ledger.reason,
            "household": ledger.household,
            "is_continued": ledger.continued == 1,
            "birth": written[ledger.person],
            "sex": sex[ledger.person],
        }
    ).with_columns(
        pl.col("start", "original_start").cast(pl.Int32).cast(pl.Date),
        end=pl.when(end != NO_END).then(end).cast(pl.Int32).cast(pl.Date),
        reason=pl.when(end != NO_END).then(reason.cast(pl.String).str.zfill(2)),
        municipality_code=pl.lit(plan.municipality_code),
        scheme=pl.lit(plan.scheme),
    )
