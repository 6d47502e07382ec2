"""The gates about what a provider tells otherwise: events that are undone, or say something else under their number,
and clients who begin again.

All frames are ``EVENT_KEYS``, ``before`` in the order of the deliveries. Not here: the same events under new numbers
(``renumbered``), reading what was delivered before (``pipeline.jobs.ingest``).
"""

from collections.abc import Iterator, Mapping

import polars as pl

from pipeline.versions.gates.closed import FIRST_ROWS, Closed, numbers, scope_name
from pipeline.versions.gates.said_otherwise import is_too_much
from pipeline.versions.gates.told_events import ENDED, PLACED, REOPENED, START, said
from schemas.limits.deliveries import (
    BEGUN_AGAIN_ABOVE_SHARE,
    BEGUN_BEFORE_DAYS,
    LEAST_BEGUN_AGAIN,
    LEAST_SAID_OTHERWISE,
    LEAST_TAKEN_BACK,
    TAKEN_BACK_ABOVE_SHARE,
)

_NAME = ["sender", "named"]


def taken_back(own: pl.DataFrame, before: pl.DataFrame) -> list[Closed]:
    """Closed where ``own`` takes back or replaces too many of the events of a sender that were known ``before``.

    What something has undone before is no part of it: who sends everything again sends old corrections again, too. Nor
    is what was told before its day: a contract is prolonged, and an end is told once more when it has come.
    """
    undone = own.select("sender", "undoes").drop_nulls().unique().join(before, on=["sender", "undoes"], how="anti")
    undone = undone.rename({"undoes": "named"})
    known = before.filter(~pl.col("is_ahead")).select(_NAME).drop_nulls().unique()
    gone = known.join(undone, on=_NAME, how="semi").group_by("sender").agg(gone=pl.len())
    counts = known.group_by("sender").agg(known=pl.len()).join(gone, on="sender").sort("sender")
    found = [
        f"{scope_name(None, sender, None)}: {lost} of {there} known before"
        for sender, there, lost in counts.select("sender", "known", "gone").iter_rows()
        if lost >= LEAST_TAKEN_BACK and lost > TAKEN_BACK_ABOVE_SHARE * there
    ]
    return [Closed("DELIVERY-025", f"events that are taken back or replaced: {'; '.join(found)}")] if found else []


def said_again(own: pl.DataFrame, before: pl.DataFrame, words: Mapping[str, str]) -> list[Closed]:
    """Closed where events that are told again under their number say something else than they said last.

    ``words``: how a steward calls each column that is compared. Measured by the events known of the days of those that
    are told again: a few corrections of many years are no surprise. What was told before its day was no last word.
    """
    told = own.filter(pl.col("named").is_not_null()).unique(_NAME, keep="last")
    # By all that they say first: mostly nothing is told otherwise, and then the words need not be looked at.
    known = before.select("said", *_NAME, at=pl.int_range(pl.len(), dtype=pl.UInt32))
    last = known.join(told.select(_NAME), on=_NAME, how="semi").sort("at").unique(_NAME, keep="last")
    other = told.select("said", *_NAME).join(last, on=_NAME, suffix="_before")
    if other.filter(pl.col("said") != pl.col("said_before")).height < LEAST_SAID_OTHERWISE:
        return []
    stood = before[last["at"]]
    stood = stood.filter(~pl.col("is_ahead"))
    again = told.join(stood.select(*_NAME, "on", *map(said, words)), on=_NAME, suffix="_before")
    found = [part for (sender,), each in _by_sender(again) for part in _otherwise(str(sender), each, before, words)]
    if not found:
        return []
    return [Closed("DELIVERY-026", f"events that say something else under the same number: {'; '.join(found)}")]


def _by_sender(rows: pl.DataFrame) -> Iterator[tuple[tuple[object, ...], pl.DataFrame]]:
    return iter(sorted(rows.partition_by("sender", as_dict=True).items()))


def _otherwise(sender: str, again: pl.DataFrame, before: pl.DataFrame, words: Mapping[str, str]) -> Iterator[str]:
    days = pl.col("on").is_between(pl.lit(again["on_before"].min()), pl.lit(again["on_before"].max()))
    known = before.filter(days & ~pl.col("is_ahead") & (pl.col("sender") == sender) & pl.col("named").is_not_null())
    parts = []
    for name, header in words.items():
        was, now = pl.col(f"{said(name)}_before"), pl.col(said(name))
        changed = again.filter(was.is_not_null() & was.ne_missing(now))["row"].sort()
        if len(changed) < LEAST_SAID_OTHERWISE:
            continue
        filled = known.filter(pl.col(said(name)).is_not_null())["named"].n_unique()
        if is_too_much(len(changed), filled):
            first = numbers(changed.head(FIRST_ROWS), len(changed))
            parts.append(f"{header} {len(changed)} of {filled} known of the same days ({first})")
    if parts:
        yield f"{scope_name(None, sender, None)}: {', '.join(parts)}"


def begun_again(own: pl.DataFrame, before: pl.DataFrame) -> list[Closed]:
    """Closed where many clients of a sender begin again, or are placed or end again in the same trajectory, with other
    numbers and on other days.

    A trajectory begins once; another one of the same client and programme begins after all that has happened in it, or
    long before, as in an archive. What was undone does not count, here or before. What is told of the very days is
    another gate's (``renumbered``). Measured by the clients to whom it happened on the days of those told again.
    """
    told = own.filter(pl.col("is_fresh") & pl.col("once").is_in(_WORDS))
    fresh = told.join(before.select(_NAME), on=_NAME, how="anti")
    if fresh.is_empty():
        return []
    # Of millions of events few are about these trajectories and courses.
    about = [pl.col(name).is_in(fresh[name].drop_nulls().implode()) for name in ("trajectory", "course")]
    undone = pl.concat([own["undoes"], before["undoes"].drop_nulls()]).drop_nulls()
    is_undone = pl.col("named").is_in(undone.implode()).fill_null(value=False)
    stands = before.filter(pl.any_horizontal(about)).filter(~is_undone)
    fresh = _not_reopened(fresh.join(stands, on="event", how="anti"), pl.concat([stands, own]))
    found = [part for kind in fresh["once"].unique().sort() for part in _again(fresh, stands, before, kind)]
    if not found:
        return []
    told_again = "; ".join(found)
    return [Closed("DELIVERY-027", f"what had happened is told again on other days, under new numbers: {told_again}")]


_WORDS = {START: "began", PLACED: "placed", ENDED: "ended"}


def _not_reopened(fresh: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Without placements after a job that ended: who lost one may find another in the same trajectory."""
    lost = events.filter(pl.col("once") == REOPENED).select("trajectory", lost="on").drop_nulls()
    placed = fresh.filter(pl.col("once") == PLACED)
    again = placed.join(lost, on="trajectory").filter(pl.col("lost") <= pl.col("on"))
    return fresh.join(again.select("event", "named"), on=["event", "named"], how="anti", nulls_equal=True)


def _again(fresh: pl.DataFrame, stands: pl.DataFrame, before: pl.DataFrame, kind: int) -> Iterator[str]:
    """Of events of one kind that happen once in a trajectory. ``stands``: what was known of these trajectories."""
    happened = stands.filter((pl.col("once") == kind) & ~pl.col("is_ahead"))
    own = fresh.filter(pl.col("once") == kind)
    first = pl.col("on").min().alias("first")
    again = [own.join(happened.drop_nulls("trajectory").group_by("trajectory").agg(first), on="trajectory")]
    if kind == START:
        courses = own.join(happened.group_by("course").agg(first), on="course").join(_last(stands), on="course")
        since = pl.col("first") - pl.duration(days=BEGUN_BEFORE_DAYS)
        is_between = (pl.col("on") >= since) & (pl.col("on") < pl.col("last"))
        again.append(courses.filter(is_between).select(again[0].columns))
    for (sender,), each in _by_sender(pl.concat(again).unique("client", keep="first", maintain_order=True)):
        if each.height < LEAST_BEGUN_AGAIN:
            continue
        days = pl.col("on").is_between(pl.lit(each["first"].min()), pl.lit(each["first"].max()))
        is_so = days & (pl.col("once") == kind) & ~pl.col("is_ahead") & (pl.col("sender") == sender)
        known = before.filter(is_so)["client"].n_unique()
        if each.height > BEGUN_AGAIN_ABOVE_SHARE * known:
            count = f"{_WORDS[kind]} {each.height} of {known} clients known of the same days"
            yield f"{scope_name(None, str(sender), None)}: {count} ({_first_rows(each)})"


def _last(stands: pl.DataFrame) -> pl.DataFrame:
    """The last that has happened of each client and programme."""
    return stands.filter(~pl.col("is_announced")).group_by("course").agg(last=pl.col("on").max())


def _first_rows(rows: pl.DataFrame) -> str:
    every = rows["row"].sort()
    return numbers(every.head(FIRST_ROWS), len(every))
