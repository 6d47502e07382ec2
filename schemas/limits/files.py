"""Thresholds about files, cells and rows: what is rejected, quarantined or told."""

import datetime as dt

MAX_FILE_BYTES = 4 << 30
"""A larger file is rejected unread (FILE-075): twice the largest delivery foreseen, and a file can claim any size."""

MAX_EXPANSION = 200
"""A compressed file may grow this many times; beyond it is rejected (FILE-016). Ordinary CSV grows five to twenty times."""

FREE_EXPANSION_BYTES = 16 << 20
"""Growing up to here is always allowed: small, repetitive files compress very well."""

MAX_EXPANDED_BYTES = 8 << 30
"""Nothing may grow beyond this, whatever its ratio (FILE-016): several times the largest delivery foreseen."""

MAX_WORKBOOK_BYTES = 1 << 30
"""An unpacked workbook larger than this is rejected (FILE-016): it is held in memory as a whole, unlike a stream."""

MOST_EMPTY_CELLS = 4_000_000
LEAST_FILLED_SHARE = 0.01
"""A sheet that spans more cells than that, of which a smaller share is filled, has a cell far outside its table
(FILE-072): its reader would make room for all of them.
"""

MAX_SIDECAR_BYTES = 1 << 20
"""A larger sidecar is rejected (FILE-006): four short fields never need it."""

CONTROL_BYTES_ONE_IN = 100
"""Content with more than one control character in so many bytes is binary, not text, and is rejected (FILE-010)."""

MAX_LINE_BYTES = 1 << 20
"""A longer line is no row of a table: its file is rejected (FILE-014)."""

MAX_RECORD_BYTES = 2 << 20
"""A quoted value that runs on for longer was never closed: its file is rejected (FILE-017). Twice a line, so that a
value of many lines still passes.
"""

MAX_COLUMNS = 2_000
"""A header with more is rejected (FILE-034): rows and columns were probably swapped."""

MAX_NAME_SHOWN = 60
MAX_DIGITS_SHOWN = 5
"""A header that is longer or has more digits is named by its position alone: it may be a person's number, or a row."""

MAX_IDENTIFIER_LENGTH = 15
"""Longer numbers of persons or dossiers are quarantined (VALUE-006). BUS 2015, field 7."""

MAX_COUNT = 99_999_999
"""Larger numbers could be a citizen service number, so their columns are searched for those (VALUE-004)."""

YEAR_PATTERN = "(?:19|20)[0-9]{2}"
"""Years that can be meant, 1900 to 2099. Another one in a year or a CBS period cannot be read (VALUE-002, VALUE-007); in
a sidecar it is rejected (FILE-007), in a file name it is no year.
"""

FIRST_DATE = dt.date(1900, 1, 1)
"""An earlier date cannot be read (VALUE-001): nobody in these files was born before it, and year 12 is a typing error."""

FIRST_DELIVERY = dt.date(2000, 1, 1)
"""Nothing was delivered before this day; a file that is dated earlier is rejected (FILE-081)."""

CLOCK_AHEAD_HOURS = 2
"""So far clocks in the Netherlands run ahead of the pipeline's own, which is UTC: a file that is dated and taken in just
after midnight there is not from tomorrow (FILE-081).
"""

REPORTED_AHEAD_DAYS = 31
"""So many days after its delivery a reference date, the end of a period or a publication may lie: next month's file may
come a little early (CASELOAD-017, TOTALS-009, REPORT-007, CLAIM-006, CBSMUN-008, CBSNAT-003).
"""

REPORTED_BEHIND_YEARS = 25
"""So many years before its delivery a reference date, a period or an event may lie (CASELOAD-021, TOTALS-010, EVENT-021,
REPORT-010, CBSMUN-011): a history that is delivered again goes back fifteen or twenty, the wrong century a hundred.
"""

PUBLISHED_BEHIND_YEARS = 60
"""The same for a publication and what it is about (CLAIM-009): a text may look further back than an administration."""

PROGRAMME_AHEAD_YEARS = 5
"""A report about a period of so many years before its programme began is told (REPORT-012): clients may come from an
earlier programme, but a decade is rather a typing error.
"""

FIRST_NATIONAL_FIGURE = dt.date(1998, 1, 1)
"""Table 37789ksz of CBS begins with January 1998; an earlier period is a typing error (CBSNAT-004)."""

LONGEST_COMPARISON_YEARS = 5
"""A stock that is compared with one of longer ago is told (TOTALS-012): most likely the year of one of both is wrong."""

MOST_BENEFITS_OF_PLACE = 200_000
"""No municipality pays more benefits; another count is quarantined (TOTALS-011). The largest ever was Amsterdam in the
nineties, with a good third of that.
"""

MOST_PARTICIPANTS = 50_000
"""No provider has more clients in one programme; another count is quarantined (REPORT-011). All municipalities together
have some 400,000 benefits.
"""

MOST_INHABITANTS = 20_000_000
"""The country has fewer inhabitants, so no count of a region is larger (CBSMUN-009)."""

MOST_NATIONAL_BENEFITS = 1_000_000
"""The country pays about half as many benefits of one kind; another count is quarantined (CBSNAT-005)."""

ANNOUNCED_AHEAD_DAYS = 366
"""So many days after its delivery an end or an extension may lie that is announced (CASELOAD-018, EVENT-018): a year, for
who tells ends when they are agreed.
"""

LONGEST_BENEFIT_YEARS = 60
"""A benefit that started longer before its reference date is a typing error (CASELOAD-019)."""

LEAST_AGE = 15
MOST_AGE = 110
"""A client who is younger or older on the reference date gets a warning (CASELOAD-016)."""

MAX_HOURS_PER_WEEK = 60
"""A job of more hours is quarantined (EVENT-005): the Working Hours Act allows no longer week (art. 5:7 ATW)."""

ROUNDING_TOLERANCE = 1e-9
"""Added to half a unit of the last printed decimal, so that a percentage on the edge is not lost to binary fractions
(TOTALS-005, REPORT-005, CBSMUN-004, RELATION-004, published figures).
"""

CBS_COUNT_STEP = 10
"""CBS rounds counts of municipalities to this, against disclosure; another count is quarantined (CBSMUN-002)."""

CBS_PCT_STEP = 0.5
"""CBS rounds percentages of municipalities to this; another one is quarantined (CBSMUN-003)."""

CBS_BASE_TOLERANCE = 1e-6
"""Bases of percentages that are this close are the same one (CBSMUN-007): they come from divisions."""

CBS_NATIONAL_STEP = 100
"""CBS publishes the country in thousands with one decimal; two age classes may differ by this from their total before
it is a warning (CBSNAT-002).
"""
