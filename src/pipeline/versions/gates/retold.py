"""The gates about what a provider tells otherwise: events that are undone, or say something else under their number,
and clients who begin again.

Not here: the same events under new numbers (``renumbered``), reading what was delivered before
(``pipeline.jobs.ingest``).
"""

from collections.abc import Iterator, Sequence

import polars as pl

from pipeline.versions.gates.closed import FIRST_ROWS, Closed, numbers, scope_name
from pipeline.versions.gates.said_otherwise import is_too_much
from schemas.limits.deliveries import (
    BEGUN_AGAIN_ABOVE_SHARE,
    LEAST_BEGUN_AGAIN,
    LEAST_TAKEN_BACK,
    TAKEN_BACK_ABOVE_SHARE,
)

_NAME = ["sender", "named"]


def taken_back(own: pl.DataFrame, before: pl.DataFrame) -> list[Closed]:
    """Closed where ``own`` takes back or replaces too many of the events of a sender that were known ``before``.

    What something has undone before is no part of it: who sends everything again sends old corrections again, too.
    """
    undone = own.select("sender", "undoes").drop_nulls().unique().join(before, on=["sender", "undoes"], how="anti")
    undone = undone.rename({"undoes": "named"})
    known = before.select(_NAME).drop_nulls().unique()
    gone = known.join(undone, on=_NAME, how="semi").group_by("sender").agg(gone=pl.len())
    counts = known.group_by("sender").agg(known=pl.len()).join(gone, on="sender").sort("sender")
    found = [
        f"{scope_name(None, sender, None)}: {lost} of {there} known before"
        for sender, there, lost in counts.select("sender", "known", "gone").iter_rows()
        if lost >= LEAST_TAKEN_BACK and lost > TAKEN_BACK_ABOVE_SHARE * there
    ]
    return [Closed("DELIVERY-025", f"events that are taken back or replaced: {'; '.join(found)}")] if found else []


def said_again(own: pl.DataFrame, before: pl.DataFrame, words: Sequence[str]) -> list[Closed]:
    """Closed where events that are told again under their number say something else than they said last.

    ``before`` in the order of the deliveries; ``words``: how a steward calls each part of ``said``. Measured by the
    events known of the days of those that are told again: a few corrections of many years are no surprise.
    """
    stood = before.filter(pl.col("named").is_not_null()).unique(_NAME, keep="last")
    told = own.filter(pl.col("named").is_not_null()).unique(_NAME, keep="last")
    again = told.select("row", *_NAME, now="said").join(stood.select(*_NAME, "on", "said"), on=_NAME)
    found = [part for (sender,), each in _by_sender(again) for part in _otherwise(str(sender), each, stood, words)]
    if not found:
        return []
    return [Closed("DELIVERY-026", f"events that say something else under the same number: {'; '.join(found)}")]


def _by_sender(rows: pl.DataFrame) -> Iterator[tuple[tuple[object, ...], pl.DataFrame]]:
    return iter(sorted(rows.partition_by("sender", as_dict=True).items()))


def _otherwise(sender: str, again: pl.DataFrame, stood: pl.DataFrame, words: Sequence[str]) -> Iterator[str]:
    days = pl.col("on").is_between(pl.lit(again["on"].min()), pl.lit(again["on"].max()))
    known = stood.filter(days & (pl.col("sender") == sender))
    parts = []
    for place, word in enumerate(words):
        was = pl.col("said").list.get(place)
        changed = again.filter(was.is_not_null() & was.ne_missing(pl.col("now").list.get(place)))["row"].sort()
        filled = known.select(was.is_not_null().sum()).item()
        if is_too_much(len(changed), filled):
            first = numbers(changed.head(FIRST_ROWS), len(changed))
            parts.append(f"{word} {len(changed)} of {filled} known of the same days ({first})")
    if parts:
        yield f"{scope_name(None, sender, None)}: {', '.join(parts)}"


def begun_again(own: pl.DataFrame, before: pl.DataFrame) -> list[Closed]:
    """Closed where many clients of a sender who had begun begin again, with other numbers and on other days.

    The same trajectory begins once; another one of the same client begins after all that was known of the client. Who
    begins on the very days is another gate's (``renumbered``).
    """
    if not before.get_column("is_start").any():
        return []
    known = own.select("sender", "client").join(before, on="client", how="semi").unique()
    starts = own.filter("is_fresh", "is_start").join(before, on="event", how="anti").join(before, on=_NAME, how="anti")
    begun = before.filter("is_start")
    last = (
        before.filter(pl.col("client").is_in(begun["client"].implode())).group_by("client").agg(last=pl.col("on").max())
    )
    same = pl.col("trajectory").is_in(begun["trajectory"].drop_nulls().implode())
    again = starts.join(last, on="client").filter(same | (pl.col("on") <= pl.col("last")))
    counts = (
        known.group_by("sender")
        .agg(known=pl.len())
        .join(again.group_by("sender").agg(again=pl.col("client").n_unique()), on="sender")
    )
    found = [
        f"{scope_name(None, sender, None)}: {count} of {there} clients known before"
        for sender, there, count in counts.select("sender", "known", "again").sort("sender").iter_rows()
        if count >= LEAST_BEGUN_AGAIN and count > BEGUN_AGAIN_ABOVE_SHARE * there
    ]
    if not found:
        return []
    return [Closed("DELIVERY-027", f"they begin again on other days, under new numbers, of {'; '.join(found)}")]
