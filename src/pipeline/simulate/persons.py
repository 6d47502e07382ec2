"""People: citizen service numbers, dates of birth, sex and household form, all as whole columns.

Nobody here exists. The numbers pass the 11-test and all start with a 9, where the published test numbers lie;
that no such number was ever given to a person is likely but not proven.
"""

import numpy as np
import numpy.typing as npt

from pipeline.simulate.calibration import BBZ, IOAW, IOAZ, PW

Ints = npt.NDArray[np.int64]

_RANGE = 10_000_000
# Coprime with the range, so that stepping through it visits every number once.
_STEP = 7_368_787

SINGLE, SINGLE_PARENT, COUPLE, OTHER = 1, 2, 3, 4
_HOUSEHOLDS = np.array([SINGLE, SINGLE_PARENT, COUPLE, OTHER], dtype=np.int64)
_HOUSEHOLD_SHARES = (0.62, 0.20, 0.14, 0.04)
# As many couples form as split, so that persons per benefit stays where it is.
_COUPLE_FORMS = 0.14 / 0.86

# Age at the start of the benefit; IOAW and IOAZ are for older people.
_AGES = {PW: (18.1, 60.0), IOAW: (50.5, 61.0), IOAZ: (55.5, 61.0), BBZ: (22.0, 58.0)}
# Nobody grows past AOW age unless that is why the benefit ended.
_EARLIEST_BIRTH = np.datetime64("1953-01-01").astype(np.int64)
_AOW_AGE = {2014: 65.17, 2015: 65.25, 2016: 65.5, 2017: 65.75, 2018: 66.0}


def citizen_numbers(count: int, *, seed: int) -> Ints:
    """Distinct nine-digit numbers that pass the 11-test (weights 9, 8, 7, 6, 5, 4, 3, 2, -1)."""
    candidates = int(count * 1.12) + 100
    if candidates > _RANGE:
        raise ValueError(f"asked for {count} citizen service numbers, expected at most {int(_RANGE / 1.13)}")
    heads = 9 * _RANGE + (np.arange(candidates, dtype=np.int64) * _STEP + seed * 1_000_003) % _RANGE
    weighted = np.zeros(candidates, dtype=np.int64)
    for place, weight in enumerate(range(9, 1, -1)):
        weighted += weight * (heads // 10 ** (7 - place) % 10)
    last = weighted % 11
    numbers: Ints = heads * 10 + last
    return numbers[last < 10][:count]


def households(count: int, rng: np.random.Generator) -> Ints:
    return rng.choice(_HOUSEHOLDS, size=count, p=_HOUSEHOLD_SHARES)


def changed_households(before: Ints, rng: np.random.Generator) -> Ints:
    """Another household form for everyone: the reason that an old dossier ends and a new one starts."""
    swapped = np.where(before == SINGLE, SINGLE_PARENT, SINGLE)
    forms_couple = (before != COUPLE) & (rng.random(len(before)) < _COUPLE_FORMS)
    return np.where(forms_couple, COUPLE, swapped)


def births(start: Ints, scheme: str, rng: np.random.Generator) -> Ints:
    """Birth days (days since 1970) that fit the first start of each person under this scheme."""
    youngest, oldest = _AGES[scheme]
    # Skewed to the young side: most people who enter are under 40.
    age = youngest + (oldest - youngest) * rng.beta(1.3, 1.9, len(start))
    latest = start - np.int64(np.ceil(youngest * 365.25))
    birth: Ints = np.minimum(np.maximum(start - (age * 365.25).astype(np.int64), _EARLIEST_BIRTH), latest)
    return birth


def births_at_aow_age(end: Ints) -> Ints:
    """Birth days of people whose benefit ends on the day before they reach the AOW age of that year."""
    years = end.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    age = np.select([years == year for year in _AOW_AGE], list(_AOW_AGE.values()), default=66.0)
    return end + 1 - np.rint(age * 365.25).astype(np.int64)


def as_written(birth: Ints, rng: np.random.Generator) -> Ints:
    """Birth days as the number jjjjmmdd, where a few have an unknown day (00) or day and month (0000)."""
    days = birth.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    years = days.astype("datetime64[Y]")
    year = years.astype(np.int64) + 1970
    month = (months - years).astype(np.int64) + 1
    day = (days - months).astype(np.int64) + 1
    draw = rng.random(len(birth))
    number: Ints = year * 10_000 + np.where(draw < 0.005, 0, month) * 100 + np.where(draw < 0.02, 0, day)
    return number
