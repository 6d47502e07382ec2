"""How many benefits start, end and restart in every interval between two reference dates.

Whole numbers only: which benefit it is, and on which day, is drawn in `registry`. Because inflow follows from
stock and outflow here, the bridge from stock to stock closes before a single benefit exists.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pipeline.simulate.calibration import (
    BBZ,
    CBS_YEARS,
    MUNICIPALITIES,
    PERSONS_PER_BENEFIT,
    PW,
    PW_OUTFLOW_2018,
    REFERENCE_DATES,
    SCHEMES,
    STOCKS,
    anchors,
)

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

YEARLY_TURNOVER = 0.22
WORK_SHARE_SMALL_SCHEMES = 0.2
RESTARTS_PER_MONTH = {"GM0899": 2, "GM0881": 1, "GM0882": 3}
TEMP_AGENCY_MONTHS = (date(2016, 10, 1), date(2016, 11, 1), date(2016, 12, 1))

_OPENINGS = REFERENCE_DATES[:-1]
_DAYS: Floats = np.diff(np.array(REFERENCE_DATES, dtype="datetime64[D]")).astype(np.float64)
# The single day from 31 August to 1 September 2018 is a period of its own: 0 instead of a year.
_PERIODS: Ints = np.array([0 if days == 1 else opening.year for opening, days in zip(_OPENINGS, _DAYS, strict=True)])


@dataclass(frozen=True)
class CellPlan:
    """One municipality and scheme: the opening stock, and one number per interval for each kind of change."""

    municipality_code: str
    scheme: str
    opening: int
    inflow: Ints
    outflow: Ints
    to_work: Ints
    restarts: Ints

    @property
    def benefits(self) -> int:
        return self.opening + int(self.inflow.sum() + self.restarts.sum())


def calibrated_plan(rng: np.random.Generator) -> tuple[CellPlan, ...]:
    """The plan that meets every figure in `calibration`, whatever the seed."""
    return tuple(_calibrated_cell(code, scheme, rng) for code in MUNICIPALITIES for scheme in SCHEMES)


def scaled_plan(benefits: int) -> tuple[CellPlan, ...]:
    """A plan with exactly this many benefits in stock on every reference date, divided as on 1 January 2016."""
    cells = [(code, scheme) for code in MUNICIPALITIES for scheme in SCHEMES]
    openings = spread(benefits, np.array([STOCKS[cell][1] for cell in cells], dtype=np.float64))
    return tuple(_steady_cell(*cell, int(opening)) for cell, opening in zip(cells, openings, strict=True))


def spread(total: int, weights: Floats) -> Ints:
    """Whole numbers that add up to the total, as near to the weights as rounding of the running sum allows."""
    if not total or not weights.sum():
        return np.zeros(len(weights), dtype=np.int64)
    running = np.rint(np.cumsum(weights) / weights.sum() * total)
    parts: Ints = np.diff(running, prepend=0.0).astype(np.int64)
    return parts


def _calibrated_cell(code: str, scheme: str, rng: np.random.Generator) -> CellPlan:
    fixed = anchors(code, scheme)
    totals = _pw_outflow(code) if scheme == PW else _small_outflow(fixed)
    outflow, to_work = _outflow(totals, rng)
    inflow = _inflow(fixed, outflow, rng, is_steady_in_2018=scheme == PW)
    restarts = _restarts(RESTARTS_PER_MONTH[code] if scheme == PW else 0)
    opening = fixed[REFERENCE_DATES[0]]
    if code == "GM0881":  # too small for one restart every month
        restarts[::2] = 0
    return CellPlan(code, scheme, opening, inflow, outflow, to_work, restarts)


def _pw_outflow(code: str) -> dict[int, tuple[int, int]]:
    """Outflow and outflow to work per period, in benefits.

    The CBS flows do not add up to the change in stock (rounding, and moves between age classes), so half of
    the gap is put on either side.
    """
    fixed = anchors(code, PW)
    totals: dict[int, tuple[int, int]] = {}
    for year, cbs in CBS_YEARS[code].items():
        change = fixed[date(year + 1, 1, 1)] - fixed[date(year, 1, 1)]
        outflow = round(((cbs.inflow + cbs.outflow) / PERSONS_PER_BENEFIT - change) / 2)
        totals[year] = outflow, round(cbs.outflow_to_work / PERSONS_PER_BENEFIT)
    totals[2018], totals[0] = PW_OUTFLOW_2018[code]
    return totals


def _small_outflow(fixed: Mapping[date, int]) -> dict[int, tuple[int, int]]:
    totals: dict[int, tuple[int, int]] = {}
    for opening, closing in pairwise(fixed):
        turnover = round(YEARLY_TURNOVER * fixed[opening] * (closing - opening).days / 365)
        outflow = max(turnover, fixed[opening] - fixed[closing])
        totals[opening.year if (closing - opening).days > 1 else 0] = outflow, round(WORK_SHARE_SMALL_SCHEMES * outflow)
    return totals


def _outflow(totals: Mapping[int, tuple[int, int]], rng: np.random.Generator) -> tuple[Ints, Ints]:
    is_agency_month = np.isin(np.array(_OPENINGS), np.array(TEMP_AGENCY_MONTHS))
    weights = _DAYS * rng.uniform(0.8, 1.2, len(_DAYS)) * np.where(is_agency_month, 1.25, 1.0)
    outflow, to_work = np.zeros(len(_DAYS), dtype=np.int64), np.zeros(len(_DAYS), dtype=np.int64)
    for period, (total, work) in totals.items():
        inside = period == _PERIODS
        outflow[inside] = spread(total, weights[inside])
        to_work[inside] = spread(work, outflow[inside] * np.where(is_agency_month[inside], 1.4, 1.0))
    return outflow, np.minimum(to_work, outflow)


def _inflow(fixed: Mapping[date, int], outflow: Ints, rng: np.random.Generator, *, is_steady_in_2018: bool) -> Ints:
    weights = _DAYS * rng.uniform(0.8, 1.2, len(_DAYS))
    inflow = np.zeros(len(_DAYS), dtype=np.int64)
    for opening, closing in pairwise(fixed):
        inside = slice(REFERENCE_DATES.index(opening), REFERENCE_DATES.index(closing))
        change = fixed[closing] - fixed[opening]
        if is_steady_in_2018 and opening.year == 2018:
            # No noise: the stock must fall month by month, so that 31 August is strictly the lowest so far.
            inflow[inside] = outflow[inside] + spread(change, _DAYS[inside])
        else:
            inflow[inside] = spread(int(outflow[inside].sum()) + change, weights[inside])
    return inflow


def _steady_cell(code: str, scheme: str, opening: int) -> CellPlan:
    outflow = spread(round(YEARLY_TURNOVER * opening * _DAYS.sum() / 365), _DAYS)
    share = 0.5 if scheme == PW else WORK_SHARE_SMALL_SCHEMES
    restarts = _restarts(round(0.002 * opening) if scheme != BBZ else 0)
    to_work = spread(round(share * int(outflow.sum())), outflow.astype(np.float64))
    return CellPlan(code, scheme, opening, outflow.copy(), outflow, np.minimum(to_work, outflow), restarts)


def _restarts(per_month: int) -> Ints:
    return np.where(_DAYS > 1, per_month, 0).astype(np.int64)
