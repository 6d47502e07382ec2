"""What is said of a copy: as what its bytes are known, what is so of that delivery, and what can be done about it.

Here: those sentences, for the receipt of a night and for ``deliveries``, which tells what is so now. Not here: which
names are copies (``delivery_names``), what else is about the same (``pipeline.jobs.ingest.remarks``).
"""

from collections.abc import Mapping

import polars as pl

from schemas.text_columns import shown_texts
from schemas.vocabulary import NOTHING_OF_IT, DeliveryStatus

COPY_DETAIL = "the same bytes are known under another name; nothing is recorded twice"
"""Where nothing is known of that delivery; what an older version said of all."""
KNOWN = pl.Schema(
    {
        "delivery": pl.String(),
        "known_as": pl.String(),
        "known_name": pl.String(),
        "known_rule": pl.String(),
        "known_on": pl.Date(),
        "out_on": pl.Date(),
        "is_later": pl.Boolean(),
    }
)
"""Grain: a copy. The status of its delivery, the name and day of the first of its files, the rule for which it waits or
is rejected, the day on which a steward refused it or took it back, and whether the copy is of a later day.
"""
_HASH_SHOWN = 12
_NEITHER = ": nothing of it counts, of this copy neither"


def copy_told() -> pl.Expr:
    """The sentence, from the columns of ``KNOWN``."""
    name = pl.format("the same bytes are known as {}, which ", shown_texts(pl.col("known_name")))
    short, rule, out_on = pl.col("delivery").str.head(_HASH_SHOWN), pl.col("known_rule"), pl.col("out_on")
    status, once = pl.col("known_as"), "nothing is recorded twice"
    last_word = pl.format("is recorded as of {}: {}", "known_on", pl.lit(f"{once}, and this copy is not the last word"))
    decide = pl.format(". A steward decides: uitstroom accept {}, or uitstroom reject {}", short, short)
    accept = pl.format(". If it is right after all: uitstroom accept {}", short)
    reinstate = pl.format(". If it is right after all: uitstroom reinstate {}", short)
    told = (
        pl.when((status == DeliveryStatus.RECORDED) & pl.col("is_later"))
        .then(last_word)
        .when(status == DeliveryStatus.RECORDED)
        .then(pl.lit(f"is recorded: {once}"))
        .when(status == DeliveryStatus.HELD)
        .then(pl.format("waits ({}){}{}", rule, pl.lit(_NEITHER), decide))
        .when(status == DeliveryStatus.REFUSED)
        .then(pl.format("was refused on {}{}{}", out_on, pl.lit(_NEITHER), accept))
        .when(status == DeliveryStatus.RETRACTED)
        .then(pl.format("was retracted on {}{}{}", out_on, pl.lit(_NEITHER), reinstate))
        .when(status.is_in(NOTHING_OF_IT))
        .then(pl.format("is rejected ({}){}", rule, pl.lit(_NEITHER)))
    )
    return pl.coalesce(name + told, pl.lit(COPY_DETAIL))


def told_of_copy(known: Mapping[str, object]) -> str:
    """The same sentence of one copy, from the values of ``KNOWN``."""
    return str(pl.DataFrame([known], KNOWN).select(copy_told()).item())
