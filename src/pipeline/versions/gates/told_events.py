"""What the gates about events know of each: hashes of whom it is about, what happened, its numbers and its words.

Here: the shape, and from rows to it. Not here: the gates (``renumbered``, ``retold``), reading the rows
(``pipeline.jobs.ingest``).
"""

from functools import cache

import polars as pl

from schemas.gates import Renumbering
from schemas.source import DELIVERED_ON

_KEYS = {
    "row": pl.UInt32(),
    "sender": pl.String(),
    "client": pl.UInt64(),
    "event": pl.UInt64(),
    "numbered": pl.UInt64(),
    "moment": pl.UInt64(),
    "is_fresh": pl.Boolean(),
    "named": pl.UInt64(),
    "undoes": pl.UInt64(),
    "trajectory": pl.UInt64(),
    "on": pl.Date(),
    "once": pl.UInt8(),
    "course": pl.UInt64(),
    "is_announced": pl.Boolean(),
    "is_ahead": pl.Boolean(),
    "said": pl.UInt64(),
}


@cache
def event_schema(by: Renumbering) -> pl.Schema:
    """``EVENT_KEYS``. Grain: one event of one sender.

    Hashes of the client, of what happened to the client and when, of that with the numbers the sender gave it and
    without the client, of its own number, of the one that it takes back or replaces, of its trajectory, of client and
    programme, and of all that it says; whether it is of a kind that is announced, and was told before its day; then one
    short hash for each of its words (``Renumbering.says``), null where a cell is empty. All that the gates ask, in a
    hundred bytes.
    """
    return pl.Schema(_KEYS | {said(name): pl.UInt16() for name in by.says})


def no_events(by: Renumbering) -> pl.DataFrame:
    """``EVENT_KEYS`` of nothing."""
    return pl.DataFrame(schema=event_schema(by))


def said(name: str) -> str:
    """Where the short hash of a word stands."""
    return f"said_{name}"


def event_keys(by: Renumbering, rows: pl.LazyFrame, *beside: str) -> pl.LazyFrame:
    """``EVENT_KEYS`` of rows of events, after the columns ``beside``.

    Hashes are the same within a process, and not kept beyond it.
    """
    client = [by.sender, by.client]
    return rows.select(
        *beside,
        row=pl.col("row").cast(pl.UInt32),
        sender=pl.col(by.sender),
        client=pl.struct(client).hash(),
        event=pl.struct(*client, *by.same).hash(),
        numbered=pl.struct(*client, *by.same, *by.numbers).hash(),
        moment=pl.struct(by.sender, *by.same).hash(),
        is_fresh=pl.all_horizontal(pl.col(by.unless).is_null()),
        named=_hash_of(by, pl.col(by.named)),
        undoes=_hash_of(by, pl.coalesce(by.unless)),
        trajectory=_hash_of(by, pl.col(by.trajectory)),
        on=pl.col(by.day),
        once=pl.when(pl.col(by.retracts).is_null()).then(_place_in(_kinds(by), pl.col(by.kind))),
        course=pl.struct(*client, by.course).hash(),
        is_announced=pl.col(by.kind).is_in(by.announced),
        is_ahead=pl.col(by.day) > pl.col(DELIVERED_ON),
        said=pl.struct(by.says).hash(),
        **{said(name): _short_hash(name, is_spoken=name in by.spoken) for name in by.says},
    )


START, PLACED, ENDED, REOPENED = 0, 1, 2, 3
"""What ``once`` is for kinds that happen once in a trajectory, and for one after which they may happen again."""


def _kinds(by: Renumbering) -> list[str]:
    return [*dict.fromkeys([by.start, *by.once]), *by.reopens]


def _place_in(kinds: list[str], kind: pl.Expr) -> pl.Expr:
    places = {name: place for place, name in reversed(list(enumerate(kinds)))}
    return kind.replace_strict(places, default=None, return_dtype=pl.UInt8)


def _hash_of(by: Renumbering, number: pl.Expr) -> pl.Expr:
    """Of a number, which is one of its sender."""
    return pl.when(number.is_not_null()).then(pl.struct(pl.col(by.sender).alias("of"), number.alias("number")).hash())


def _short_hash(name: str, *, is_spoken: bool) -> pl.Expr:
    """One in 65,536 others has the same: enough where a fifth of them is too many. What people write in small letters
    and without blanks: who writes Zorg with a capital from now on says nothing new.
    """
    own = pl.col(name)
    written = own.str.to_lowercase().str.replace_all(" ", "", literal=True) if is_spoken else own
    return pl.when(own.is_not_null()).then((written.hash() % (1 << 16)).cast(pl.UInt16))
