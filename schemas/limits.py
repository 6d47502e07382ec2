"""Every threshold: how much, how long, how far. Changing one changes what a row or a figure is, so it names the rules and
the tables anew.

Not here: words and closed lists (``vocabulary``), code lists with their validity (``reference``).
"""

HOLD_ABOVE_SHARE = 0.05
"""A delivery with a larger share of quarantined rows waits for a steward (contract, section Gates)."""

FINAL_AFTER_DAYS = 365
"""CBS makes figures final after about a year."""

BRIDGE_DAYS = 400
"""The longest interval between two stocks over which starts and ends are counted: a year and a month."""

AFTERCARE_DAYS = 92
"""A placement up to so many days after the end of a trajectory is aftercare (contract, section Rules)."""

DURABLE_MONTHS = 6
DURABLE_GAP_DAYS = 31
"""Durable: still in a job, the same or one that followed within so many days, so many months after placement."""

RECENT_STOCK_DAYS = 62
"""A client counts as in the caseload when in stock on a reference date at most so many days before the placement."""

CBS_HALF_STEP = 5
"""CBS rounds counts of municipalities to 10."""

FAR_FROM_CBS_SHARE = 0.05
"""Own persons and CBS may differ by this share before RELATION-003 finds it."""

ABOUT_SHARE = 0.10
"""How far a figure may be from one that was published as "about" (operator ``~``)."""

CBS_NATIONAL_HALF_STEP = 50
"""CBS publishes the country in thousands with one decimal."""
