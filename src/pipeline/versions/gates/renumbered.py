"""The gates about what a provider said before: clients who reappear under new numbers, as from a new system that sends
everything again, and events of which most are taken back.

Not here: reading what the provider delivered before (``pipeline.jobs.ingest``).
"""

import polars as pl

from pipeline.versions.gates.closed import Closed, scope_name
from schemas.gates import Renumbering
from schemas.limits import LEAST_RENUMBERED, LEAST_TAKEN_BACK, RENUMBERED_ABOVE_SHARE, TAKEN_BACK_ABOVE_SHARE

EVENT_KEYS = pl.Schema(
    {
        "sender": pl.String(),
        "client": pl.UInt64(),
        "event": pl.UInt64(),
        "numbered": pl.UInt64(),
        "is_fresh": pl.Boolean(),
        "named": pl.UInt64(),
        "undoes": pl.UInt64(),
    }
)
"""Grain: one event of one sender. Hashes of the client, of what happened to the client and when, and of that with the
numbers the sender gave it; of its own number, and of the one that it takes back or replaces. All that the gates ask, in
a few bytes.
"""


def event_keys(by: Renumbering, rows: pl.LazyFrame, *beside: str) -> pl.LazyFrame:
    """``EVENT_KEYS`` of rows of events, after the columns ``beside``.

    Hashes are the same within a process, and not kept beyond it.
    """
    client = [by.sender, by.client]
    return rows.select(
        *beside,
        sender=pl.col(by.sender),
        client=pl.struct(client).hash(),
        event=pl.struct(*client, *by.same).hash(),
        numbered=pl.struct(*client, *by.same, *by.numbers).hash(),
        is_fresh=pl.all_horizontal(pl.col(by.unless).is_null()),
        named=_hash_of(by, pl.col(by.named)),
        undoes=_hash_of(by, pl.coalesce(by.unless)),
    )


def _hash_of(by: Renumbering, number: pl.Expr) -> pl.Expr:
    """Of the number of an event, which is one of its sender."""
    return pl.when(number.is_not_null()).then(pl.struct(pl.col(by.sender).alias("of"), number.alias("number")).hash())


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


def taken_back(own: pl.DataFrame, before: pl.DataFrame) -> list[Closed]:
    """Closed where ``own`` takes back or replaces too many of the events of a sender that were known ``before``.

    What something has undone before is no part of it: who sends everything again sends old corrections again, too.
    """
    undone = own.select("sender", "undoes").drop_nulls().unique().join(before, on=["sender", "undoes"], how="anti")
    undone = undone.rename({"undoes": "named"})
    known = before.select("sender", "named").drop_nulls().unique()
    gone = known.join(undone, on=["sender", "named"], how="semi").group_by("sender").agg(gone=pl.len())
    counts = known.group_by("sender").agg(known=pl.len()).join(gone, on="sender").sort("sender")
    found = [
        f"{scope_name(None, sender, None)}: {lost} of {there} known before"
        for sender, there, lost in counts.select("sender", "known", "gone").iter_rows()
        if lost >= LEAST_TAKEN_BACK and lost > TAKEN_BACK_ABOVE_SHARE * there
    ]
    return [Closed("DELIVERY-025", f"events that are taken back or replaced: {'; '.join(found)}")] if found else []


def _counts(own: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Per sender the clients of the delivery who were known before, and those of them under new numbers."""
    clients = own.select("sender", "client").join(before.select("client"), on="client", how="semi").unique()
    known = clients.group_by("sender").agg(known=pl.len())
    # An event that was there before, and not under these numbers: that they were given out otherwise does not help.
    again = own.filter("is_fresh").join(before, on="event", how="semi").join(before, on="numbered", how="anti")
    counted = again.group_by("sender").agg(again=pl.col("client").n_unique())
    return known.join(counted, on="sender").select("sender", "known", "again").sort("sender")
