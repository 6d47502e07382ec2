"""Thresholds of the gates: what makes a delivery wait for a person.

How often each is wrong says the page docs/explanation/thresholds.md.
"""

HOLD_ABOVE_SHARE = 0.05
"""A delivery with a larger share of quarantined rows waits for a steward (DELIVERY-003), and so does one with a larger
share of one scope's rows (DELIVERY-005; contract, section Gates). A source may state another in its ``gates``.
"""

SMALL_ROWS = 20
LEAST_BAD_OF_FEW = 2
"""Where there are fewer rows than that, the share says little: so many bad rows make it wait, one does not."""

UNREAD_ABOVE_SHARE = 0.20
LEAST_UNREAD = 5
"""Cells that cannot be read in a column without which rows say something else make a delivery wait by the same share of
its rows, or of one scope's; and where they are more than this share of what stands in the column, and at least so many
(DELIVERY-030). An end stands in one row of thirty: all of them in another form of date are a small share of the rows.
"""

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
SAME_DATES_BACK = 3
"""A delivery with the very rows of an earlier date waits where so many would usually have begun or ended between the two,
and under this share of them differ (DELIVERY-021): of a stock one in fifty begins and one in fifty ends in a month. What
had ended by that date may be left out. So many dates back are looked at, beyond the date before where nothing began or
ended since that.
"""

USUAL_LEAVES_A_DAY = USUAL_MOVES_A_DAY / 2
LEFT_MOST_USUAL = 2
LEFT_BELOW_SHARE = 0.1
LEFT_LEAST_USUAL = 8.0
LEFT_LEAST_DAYS = 28
"""A delivery waits where under this share of those who usually end or leave in as many days did so since the date before,
at least so many days ago, and at least so many are usual (DELIVERY-023): the ends were left out. Usual is what it was over
the dates before, and at most so many times one in fifty a month: after a month in which many ended few do.
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
BEGUN_BEFORE_DAYS = 31
"""A delivery waits where a larger share of the clients who began, were placed or ended on the same days do so again under
new numbers and on other days, and at least so many of them (DELIVERY-027). What begins longer before the first start that
is known is an archive.
"""

AGAIN_FACTOR = 2
AGAIN_LEAST = 20
AGAIN_LEAST_CBS = 100
"""A delivery waits where one of its figures is more than so many times what the same figure was before, or less than one
part of so many, and at least so many away (DELIVERY-028). Corrections are nearer, and counts of CBS are rounded.
"""

FIGURES_MOVED_ABOVE_SHARE = 0.8
FIGURES_MOVED_BY_ACCIDENT = 0.001
FIGURES_MOVED_WITHIN_MONTHS = 13
"""A delivery waits where more than this share of the rows that it tells anew have the figures that stand so many months
before or after at most, and that would happen by accident less often than this (DELIVERY-031). A stock of 842 is the same
a month later once in 15 times, one of 25 every third time.
"""

RHYTHM_LEAST_DATES = 2
RHYTHM_ABOVE_SHARE = 0.8
"""A rhythm: more than this share of the dates that are known of a place, and at least so many, are the same day of their
months, or the last. A second date of a month that keeps it with day and month turned round, and not as it stands, waits
(DELIVERY-032).
"""

RENUMBERED_ABOVE_SHARE = 0.5
LEAST_RENUMBERED = 3
ALIKE_ABOVE_SHARE = 0.8
ALIKE_LEAST_DAYS = 5
ALIKE_LEAST_EVENTS = 20
LEAST_SAME_COURSES = 10
"""A delivery waits where a larger share of the clients whom it shares with the provider's earlier deliveries reappear
under new numbers for the same days, and at least so many of them (DELIVERY-009). So it does where such a share of its
events are of new clients and as many of each kind and day as were known, on so many kinds and days, or on two with so
many events; or where more than half of the new clients, and at least so many, have in all the very kinds and days of as many
others: the same people under other numbers of persons.
"""

MOST_SCOPES_KNOWN = 2_000
"""Of a delivery with more scopes none is kept for comparing: it would be carried along every night."""
