"""What the simulation must hit: reference dates, stocks on anchor dates, yearly flows.

Only figures live here, no randomness and no frames. Sources: the press texts about Brunssum, and
CBS StatLine 83450NED, 83747NED, 84066NED for yearly persons ("Bron: CBS", CC BY 4.0). Figures marked "chosen" are
ours: plausible, and backed by no source.
"""

from dataclasses import dataclass
from datetime import date

BRUNSSUM, ONDERBANKEN, LANDGRAAF = "GM0899", "GM0881", "GM0882"
MUNICIPALITIES = (BRUNSSUM, ONDERBANKEN, LANDGRAAF)

PW, IOAW, IOAZ, BBZ = "01", "02", "03", "14"
SCHEMES = (PW, IOAW, IOAZ, BBZ)
SERIES = {"pw": (PW,), "pw_ioaw_ioaz": (PW, IOAW, IOAZ), "all": SCHEMES}

OUTFLOW_TO_WORK = ("11", "13")

# Couples count twice at CBS: persons per benefit in the real figures lie between 1.14 and 1.16.
PERSONS_PER_BENEFIT = 1.14

LATE_AUGUST, SEPTEMBER = date(2018, 8, 31), date(2018, 9, 1)
_FIRSTS = tuple(date(year, month, 1) for year in range(2015, 2019) for month in range(1, 13))
REFERENCE_DATES = tuple(sorted({*(day for day in _FIRSTS if day <= SEPTEMBER), LATE_AUGUST}))

# The stocks of every (municipality, scheme) are fixed on these dates; paths in between are drawn.
ANCHOR_DATES = (*(date(year, 1, 1) for year in range(2015, 2019)), LATE_AUGUST, SEPTEMBER)


@dataclass(frozen=True)
class CbsYear:
    """Persons from 15 years up to AOW age with general assistance; counts are rounded to tens by CBS."""

    recipients: int
    inflow: int
    outflow: int
    outflow_to_work: int


CBS_YEARS: dict[str, dict[int, CbsYear]] = {
    BRUNSSUM: {
        2015: CbsYear(1040, 290, 290, 140), 2016: CbsYear(1000, 240, 250, 130), 2017: CbsYear(960, 230, 250, 130),
    },
    ONDERBANKEN: {
        2015: CbsYear(160, 60, 40, 20), 2016: CbsYear(170, 70, 60, 30), 2017: CbsYear(170, 50, 50, 20),
    },
    LANDGRAAF: {
        2015: CbsYear(1180, 400, 340, 150), 2016: CbsYear(1200, 370, 330, 140), 2017: CbsYear(1150, 310, 340, 190),
    },
}  # fmt: skip

# Brunssum from the press texts (842 is the only integer that fits both -3.9 % and -5.6 %); 797 on 1 September chosen.
# The others: CBS persons / 1.14; 2015-01-01 follows from the CBS flows of 2015, and 2018 is chosen.
STOCKS: dict[tuple[str, str], tuple[int, ...]] = {
    (BRUNSSUM, PW): (924, 907, 876, 842, 795, 797),
    (BRUNSSUM, IOAW): (21, 30, 29, 31, 30, 30),
    (BRUNSSUM, IOAZ): (6, 7, 7, 7, 7, 7),
    (BRUNSSUM, BBZ): (38, 33, 36, 34, 36, 36),
    (ONDERBANKEN, PW): (122, 140, 149, 149, 147, 147),
    (ONDERBANKEN, IOAW): (4, 5, 5, 6, 6, 6),
    (ONDERBANKEN, IOAZ): (2, 2, 2, 2, 2, 2),
    (ONDERBANKEN, BBZ): (7, 6, 8, 7, 7, 7),
    (LANDGRAAF, PW): (982, 1035, 1053, 1009, 983, 982),
    (LANDGRAAF, IOAW): (34, 38, 41, 40, 39, 39),
    (LANDGRAAF, IOAZ): (8, 9, 9, 10, 9, 9),
    (LANDGRAAF, BBZ): (41, 39, 36, 38, 37, 37),
}

# Brunssum was quoted twice in October as well.
EXTRA_ANCHORS: dict[tuple[str, str], dict[date, int]] = {
    (BRUNSSUM, PW): {date(2015, 10, 1): 900, date(2017, 10, 1): 845},
}

# (outflow, of which to work) from 1 January to 31 August 2018, and on 31 August itself; chosen.
PW_OUTFLOW_2018: dict[str, tuple[tuple[int, int], tuple[int, int]]] = {
    BRUNSSUM: ((165, 95), (9, 5)),
    ONDERBANKEN: ((31, 14), (1, 0)),
    LANDGRAAF: ((205, 118), (10, 6)),
}


def anchors(municipality_code: str, scheme: str) -> dict[date, int]:
    """The dates on which the stock of one municipality and scheme is fixed, with that stock."""
    fixed = dict(zip(ANCHOR_DATES, STOCKS[municipality_code, scheme], strict=True))
    return dict(sorted((fixed | EXTRA_ANCHORS.get((municipality_code, scheme), {})).items()))
