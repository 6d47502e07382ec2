"""The gates about what cannot be recorded: of the delivery as a whole, and of each of its scopes.

Not here: which rows those are (``pipeline.intake``), the gates about what a delivery replaces (``replaced``).
"""

import polars as pl

from pipeline.versions.gates.closed import Closed, listed, numbers, scope_name
from schemas.source import Source

_MOST_CAUSES = 4


def quarantined(
    source: Source, scopes: pl.DataFrame, causes: pl.DataFrame, *, rows_quarantined: int, rows_read: int
) -> list[Closed]:
    """Closed gates about the share in quarantine. ``scopes``: ``SCOPE_ROWS``; ``causes``: see ``why``."""
    gates, most = source.gates, f"{100 * source.gates.most_quarantined_share:g} %"
    reasons = why(source, causes)
    closed = []
    if gates.is_too_much(rows_quarantined=rows_quarantined, rows_read=rows_read):
        share = f"{rows_quarantined} of {rows_read} rows cannot be recorded (more than {most}): {reasons}"
        closed.append(Closed("DELIVERY-003", share))
    parts = _spoiled(source, scopes)
    if parts and source.counted_by and (len(scopes) > 1 or not closed):
        because = "" if closed else f": {reasons}"  # said already
        closed.append(Closed("DELIVERY-005", f"{listed(parts)} cannot be recorded (more than {most}){because}"))
    return closed


def _spoiled(source: Source, scopes: pl.DataFrame) -> list[str]:
    """Scopes of which too much is in quarantine, in words. Rows without a scope count for the delivery alone."""
    known = scopes.filter(pl.any_horizontal(pl.col("place", "line", "valid_on").is_not_null()))
    if not source.is_compared:  # a row per scope: its place, or its sender, is what may vanish
        by = ["place", "line"]
        summed = known.group_by(by, maintain_order=True).agg(pl.col("rows_good", "rows_quarantined").sum())
        known = summed.select(*by, pl.lit(None, pl.Date()).alias("valid_on"), "rows_good", "rows_quarantined")
    found = []
    for place, line, day, good, bad in known.filter(pl.col("rows_quarantined") > 0).iter_rows():
        if source.gates.is_too_much(rows_quarantined=bad, rows_read=good + bad):
            found.append(f"{scope_name(place, line, day)}: {bad} of {good + bad} rows")
    return found


def why(source: Source, causes: pl.DataFrame) -> str:
    """The most frequent reasons: rule, column, how many rows, and the first of them."""
    found = []
    for rule, column, rows, first in causes.iter_rows():
        named = f"{rule} {source.header_of(column)}".strip()
        found.append(f"{named}, {rows} {'row' if rows == 1 else 'rows'} ({numbers(first, rows)})")
    return listed(found, _MOST_CAUSES)
