"""Thresholds about figures: what is a signal, what is compared, what counts in one."""

from schemas.limits.files import CBS_COUNT_STEP, CBS_NATIONAL_STEP

SIGNAL_DATES = 24
SIGNAL_LEAST_CHANGES = 12
SIGNAL_SPREADS = 6.0
"""A figure moves further than its history makes likely where its change is more than so many spreads (1.4826 × the MAD)
from the median of its changes over the last so many dates, of which there have to be at least so many (RELATION-010).
"""

SIGNAL_LEAST_SPREAD = 0.1
"""The least spread of changes, in units of the square root of the figure before: small figures often stand still, and
then move by chance (RELATION-010).
"""

SIGNAL_LEAST_MOVE = 5
"""A change that is nearer than this to the usual one is no news, however still the figure stood (RELATION-010)."""

SIGNAL_USUAL_DAYS = (0.5, 1.5)
"""Only intervals of about the length that the series usually has are measured, in units of that length (RELATION-010)."""

LEAP_FACTOR = 2
LEAP_LEAST = 10
LEAP_WITHIN_DAYS = 400
"""A stock that too few changes are known of for RELATION-010 is told where it is more than so many times that of the date
before, or less than half, at least so many away and at most so many days later (RELATION-021).
"""

LEAP_OF_REPORTS = 5
"""Clients of a provider come and go in cohorts: a report is told beyond so many times the one before it, of about as
long a period (RELATION-021).
"""

LEAP_LEAST_CBS = 100
"""Counts of CBS are rounded: nearer to each other they are not compared (RELATION-021)."""

FINAL_AFTER_DAYS = 365
"""A stock is final when the last delivery came so many days after its date: CBS makes figures final after about a year.
"""

BRIDGE_DAYS = 400
"""The longest interval between two stocks over which starts and ends are counted: a year and a month."""

AFTERCARE_DAYS = 92
"""A placement up to so many days after the end of a trajectory is aftercare (contract, section Rules)."""

DURABLE_MONTHS = 6
DURABLE_GAP_DAYS = 31
"""Durable: still in a job, the same or one that followed within so many days, so many months after placement."""

RECENT_STOCK_DAYS = 62
"""A client counts as in the caseload when in stock on a reference date at most so many days before the placement."""

CBS_HALF_STEP = CBS_COUNT_STEP // 2
"""How far a count of CBS may be from the true one."""

FAR_FROM_CBS_SHARE = 0.05
"""Own persons and CBS may differ by this share before RELATION-003 finds it."""

SMALL_BESIDE_CBS = 50
"""Below it the rounding of CBS, 5 up or down, is 10 % or more of a figure: no comparison."""

ALIKE_FACTOR = 2
"""Persons of which there are more than so many times as many on one side are not the same group."""

AOW_AGE_AT_MOST = 67
"""Who has this age is above AOW age in every year: the age that CBS counts up to lies between 65 and 67."""

FRACTION_DECIMALS = 2
"""A published fraction such as 1/3 is as exact as a share of so many decimals."""

ABOUT_SHARE = 0.10
"""How far a figure may be from one that was published as "about" (operator ``~``)."""

CBS_NATIONAL_HALF_STEP = CBS_NATIONAL_STEP // 2
"""How far a count of CBS about the country may be from the true one."""

MUNICIPAL_CHANGE_DAYS = 366
"""A change of a municipality is announced so many days before it, and where figures begin so many days after it
(RELATION-020).
"""
