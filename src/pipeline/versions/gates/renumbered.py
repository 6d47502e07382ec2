"""The gate about clients who reappear under new numbers, as from a new system that sends everything again.

Not here: events that are undone or told otherwise (``retold``), reading what the provider delivered before
(``pipeline.jobs.ingest``).
"""

from collections.abc import Iterator

import polars as pl

from pipeline.versions.gates.closed import Closed, scope_name
from schemas.limits.deliveries import (
    ALIKE_ABOVE_SHARE,
    ALIKE_LEAST_DAYS,
    ALIKE_LEAST_EVENTS,
    LEAST_RENUMBERED,
    LEAST_SAME_COURSES,
    RENUMBERED_ABOVE_SHARE,
)


def renumbered(own: pl.DataFrame, before: pl.DataFrame, place: str | None = None) -> list[Closed]:
    """Closed where most clients of a sender who were there before stand in ``own`` under numbers that are new, or where
    clients who are new have the very events of others.

    Both are ``EVENT_KEYS``: ``own`` of the delivery that is judged, ``before`` of all that precede it. ``place``:
    the column of the municipality.
    """
    found = []
    for sender, known, again in _counts(own, before).iter_rows():
        if again >= LEAST_RENUMBERED and again > RENUMBERED_ABOVE_SHARE * known:
            found.append(f"{scope_name(None, sender, None)}: {again} of {known} clients known before")
    new = own.filter("is_fresh").join(before.select("client"), on="client", how="anti")
    there = before if new.is_empty() or place is None else _of_places(before, new[place])
    found += (dict(_other_clients(own, new, there)) | dict(_same_courses(new, there))).values()
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


def _of_places(before: pl.DataFrame, places: pl.Series) -> pl.DataFrame:
    """Without what is said of other municipalities, where all that is new says which it is of: groups of two of them
    may begin on the same days.
    """
    if places.has_nulls():
        return before
    return before.filter(pl.col(places.name).is_null() | pl.col(places.name).is_in(places.unique().implode()))


def _other_clients(own: pl.DataFrame, told: pl.DataFrame, before: pl.DataFrame) -> Iterator[tuple[str, str]]:
    """Senders whose clients are new and have as many events of each kind and day as others had: a system that knows
    them by another number. With the words for each.

    Who all have the same days are a group that began together, as another one may have.
    """
    if told.is_empty() or told.height <= ALIKE_ABOVE_SHARE * own.height / own["sender"].n_unique():
        return  # of no sender so many
    new = told.group_by("sender", "moment").agg(now=pl.len())
    there = before.select("moment", "event").filter(pl.col("moment").is_in(new["moment"].implode())).unique()
    alike = new.join(there.group_by("moment").agg(was=pl.len()), on="moment").filter(pl.col("now") == pl.col("was"))
    courses = _courses(told).group_by("sender").agg(clients=pl.len(), courses=pl.col("course").n_unique())
    counts = (
        own.group_by("sender")
        .agg(all=pl.len())
        .join(alike.group_by("sender").agg(pl.col("now").sum(), days=pl.len()), on="sender")
        .join(courses.filter((pl.col("clients") >= LEAST_RENUMBERED) & (pl.col("courses") > 1)), on="sender")
        .filter(_is_no_chance(pl.col("days"), pl.col("now")) & (pl.col("now") > ALIKE_ABOVE_SHARE * pl.col("all")))
    )
    for sender, every, now in counts.sort("sender").select("sender", "all", "now").iter_rows():
        yield sender, f"{scope_name(None, sender, None)}: {now} of {every} events, all of clients who were not known"


def _same_courses(fresh: pl.DataFrame, before: pl.DataFrame) -> Iterator[tuple[str, str]]:
    """Senders of whom most new clients have, until the last day that is known, the very days of as many others: the
    same with news beside it.
    """
    last = before.filter(~pl.col("is_ahead")).group_by("sender").agg(last=pl.col("on").max())
    new = fresh.group_by("sender").agg(new=pl.col("client").n_unique()).filter(pl.col("new") >= LEAST_SAME_COURSES)
    told = fresh.join(new, on="sender").join(last, on="sender").filter(pl.col("on") <= pl.col("last"))
    of_some = _courses(told).filter(pl.col("moments") > 1)  # of one event alone others may have the same
    if of_some.height < LEAST_SAME_COURSES:
        return
    now = of_some.group_by("sender", "course").agg(now=pl.len())
    # Of millions of events few are of clients to whom something happened on these days.
    about = before.join(told.select("moment").unique(), on="moment", how="semi").select("client").unique()
    # Until that day here, too: an end may have been announced for a later one.
    there = before.join(about, on="client", how="semi").join(last, on="sender").filter(pl.col("on") <= pl.col("last"))
    was = _courses(there).group_by("sender", "course").agg(was=pl.len())
    same = now.join(was, on=["sender", "course"]).filter(pl.col("now") == pl.col("was"))
    counts = same.group_by("sender").agg(clients=pl.col("now").sum(), courses=pl.len()).join(new, on="sender")
    for sender, clients, courses, every in (
        counts.sort("sender").select("sender", "clients", "courses", "new").iter_rows()
    ):
        is_no_chance = courses >= ALIKE_LEAST_DAYS and clients >= LEAST_SAME_COURSES
        if is_no_chance and clients > RENUMBERED_ABOVE_SHARE * every:
            text = f"{clients} of {every} clients who were not known have the very events of others"
            yield sender, f"{scope_name(None, sender, None)}: {text}"


def _courses(events: pl.DataFrame) -> pl.DataFrame:
    """sender, client, course, moments. Grain: client. ``course``: a hash of all kinds and days of the client."""
    moments = events.select("sender", "client", "moment").unique()
    return moments.group_by("sender", "client").agg(course=pl.col("moment").bitwise_xor(), moments=pl.len())


def _is_no_chance(days: pl.Expr, events: pl.Expr) -> pl.Expr:
    """Kinds and days on which the numbers are the same: many, or some with many events."""
    return (days >= ALIKE_LEAST_DAYS) | ((days > 1) & (events >= ALIKE_LEAST_EVENTS))
