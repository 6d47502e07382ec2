"""The gate about clients who reappear under new numbers, as from a new system that sends everything again.

Not here: events that are undone or told otherwise (``retold``), reading what the provider delivered before
(``pipeline.jobs.ingest``).
"""

import polars as pl

from pipeline.versions.gates.closed import Closed, scope_name
from schemas.limits.deliveries import LEAST_RENUMBERED, RENUMBERED_ABOVE_SHARE


def renumbered(own: pl.DataFrame, before: pl.DataFrame) -> list[Closed]:
    """Closed where most clients of a sender who were there before stand in ``own`` under numbers that are new.

    Both are ``EVENT_KEYS``: ``own`` of the delivery that is judged, ``before`` of all that precede it.
    """
    found = []
    for sender, known, again in _counts(own, before).iter_rows():
        if again >= LEAST_RENUMBERED and again > RENUMBERED_ABOVE_SHARE * known:
            found.append(f"{scope_name(None, sender, None)}: {again} of {known} clients known before")
    if not found:
        return []
    return [Closed("DELIVERY-009", f"the same events on the same days under new numbers, of {'; '.join(found)}")]


def _counts(own: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Per sender the clients of the delivery who were known before, and those of them under new numbers."""
    clients = own.select("sender", "client").join(before.select("client"), on="client", how="semi").unique()
    known = clients.group_by("sender").agg(known=pl.len())
    # An event that was there before, and not under these numbers: that they were given out otherwise does not help.
    again = own.filter("is_fresh").join(before, on="event", how="semi").join(before, on="numbered", how="anti")
    counted = again.group_by("sender").agg(again=pl.col("client").n_unique())
    return known.join(counted, on="sender").select("sender", "known", "again").sort("sender")
