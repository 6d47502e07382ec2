"""Every threshold: how much, how long, how far. Changing one changes what a file, a row or a figure is, so it names the
rules and the tables anew.

Here: numbers in the order of the river: files, cells, rows, deliveries, figures. Not here: words and closed lists
(``vocabulary``), code lists with their validity (``reference``), sizes of blocks and numbers of workers, which change
nothing but speed (beside the code that uses them).
"""

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

HOLD_ABOVE_SHARE = 0.05
"""A delivery with a larger share of quarantined rows waits for a steward (DELIVERY-003), and so does one with a larger
share of one scope's rows (DELIVERY-005; contract, section Gates). A source may state another in its ``gates``.
"""

SMALL_ROWS = 20
LEAST_BAD_OF_FEW = 2
"""Where there are fewer rows than that, the share says little: so many bad rows make it wait, one does not."""

SHRUNK_BELOW_SHARE = 0.80
SWOLLEN_ABOVE_SHARE = 1.25
LEAST_ROWS_DIFFERENCE = 10
"""A scope with a smaller or larger share of the rows of what it replaces, or of the nearest dates of the same place and
series, makes its delivery wait where the difference is at least so many rows (DELIVERY-006).
"""

KNOWN_BELOW_SHARE = 0.5
"""A scope of which a smaller share of the rows is known from the nearest date of the same place makes its delivery wait
(DELIVERY-012): from one month to the next 19 of 20 benefits go on, over half a year three of four.
"""

MOST_BENEFITS_OF_ONE = 4
"""A person who is named on more benefits that are current on one date is no person: a cell was copied down, or a number
stands for everybody of whom none is known. All of these rows are quarantined (DELIVERY-013). One household has one
benefit of each scheme, and there are four.
"""

DOUBLED_ABOVE_SHARE = 0.02
LEAST_DOUBLED = 5
"""Where more than this share of the current benefits of one place and date, and at least so many, are of a person who
has another one of the same scheme, the delivery waits (DELIVERY-014); fewer are told (DELIVERY-015).
"""

STALE_BUCKET_DAYS = 31
STALE_USUAL_BUCKETS = 12
STALE_WINDOWS = (1, 3, 6, 12)
"""A stock is stale where next to nothing began or ended in the last so many times 31 days before its date, beside the
median of what began in each of the twelve times 31 days before that (DELIVERY-016).
"""

STALE_BELOW_SHARE = 0.1
STALE_LEAST_USUAL = 8.0
STALE_LEAST_TOLD = 3.0
STALE_LEAST_REPEATED = 1.0
"""It is held where under this share of the usual began or ended and at least so many are usual. It is told where nothing
did and at least so many are usual, or the last number where all that ended did so longer ago (DELIVERY-017). Of a Poisson
number of 8 none is seen once in 3,000 times, and both beginnings and ends would be absent.
"""

SAME_LEAST_MOVES = 8.0
USUAL_MOVES_A_DAY = 0.04 / 31
SAME_BELOW_SHARE = 0.1
"""A delivery with the very rows of the date before waits where so many would usually have begun or ended between the two,
and under this share of them differ (DELIVERY-021): of a stock one in fifty begins and one in fifty ends in a month.
"""

SAID_OTHERWISE_ABOVE_SHARE = 0.2
LEAST_SAID_OTHERWISE = 10
"""Where more than this share of what was said before is said otherwise, and at least so often, the delivery waits: of the
dossiers of a place (DELIVERY-024), of the events of a provider under their number (DELIVERY-026), of figures
(DELIVERY-028). A column that was copied down or mixed up, dates that were moved.
"""

BACK_ABOVE_SHARE = 0.05
LEAST_BACK = 10
BACK_GRACE_DAYS = 92
"""Where more than this share of the current benefits of a place, and at least so many, began more than so many days
before the date before and were not current on it, the delivery waits (DELIVERY-018): an old stock under a new date.
Benefits are granted with effect from some weeks ago at most.
"""

MOVED_ABOVE_SHARE = 0.05
LEAST_MOVED = 5
"""Where more than this share of the rows of a place, and at least so many, stood under another place on the nearest
date, the delivery waits (DELIVERY-019): of a hundred clients not one moves to a neighbour in a month.
"""

NEAREST_WITHIN_DAYS = 190
"""A date that lies further off than half a year and a week is not near: a caseload may be another one by then."""

STRAY_BELOW_SHARE = 0.05
"""A scope with a smaller share of the delivery's rows is stray where it would replace more rows than it brings
(DELIVERY-007).
"""

STRAY_LEAST_LOST = 3
STRAY_BELOW_HALF = 0.5
"""A scope beside others of its date is stray where it would lose at least so many rows, or more than half of them: of a
tiny municipality one benefit less is a quarter.
"""

MAIN_DATE_SHARE = 0.5
"""A delivery with more than this share of its rows on one date is about that date: on another, rare one a stray scope
needs to replace only one row more than it brings. Elsewhere it has to bring under ``SHRUNK_BELOW_SHARE`` of them, since
a delivery of many months corrects some of them by a row.
"""

TAKEN_BACK_ABOVE_SHARE = 0.2
LEAST_TAKEN_BACK = 10
"""Where a delivery takes back or replaces more than this share of the events that were known of a provider, and at least
so many, it waits (DELIVERY-025).
"""

BEGUN_AGAIN_ABOVE_SHARE = 0.5
LEAST_BEGUN_AGAIN = 10
"""A delivery waits where a larger share of the clients whom it shares with the provider's earlier deliveries begin again
under new numbers and on other days, and at least so many of them (DELIVERY-027).
"""

AGAIN_FACTOR = 2
AGAIN_LEAST = 10
AGAIN_LEAST_CBS = 100
"""A delivery waits where one of its figures is more than so many times what the same figure was before, or less than one
part of so many, and at least so many away (DELIVERY-028). Corrections are nearer, and counts of CBS are rounded.
"""

RENUMBERED_ABOVE_SHARE = 0.5
LEAST_RENUMBERED = 3
"""A delivery waits where a larger share of the clients whom it shares with the provider's earlier deliveries reappear
under new numbers for the same days, and at least so many of them (DELIVERY-009).
"""

MOST_SCOPES_KNOWN = 2_000
"""Of a delivery with more scopes none is kept for comparing: it would be carried along every night."""

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
