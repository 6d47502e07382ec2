"""Deliveries that go on counting though they are out of line with what a person decided about another one.

They were delivered until the day of that decision, and would be held without it being so. Here: finding them, by the
sizes of their scopes alone. Not here: which deliveries wait (``pipeline.jobs.ingest.beside``), the gates (``gates``).
"""

import polars as pl

from pipeline.versions.gates import kept
from pipeline.versions.gates.preceding import Judged
from pipeline.versions.gates.replaced import replaced
from schemas.catalogue import SOURCES
from schemas.source import Source
from schemas.vocabulary import CHANGES_WHAT_COUNTS, DeliveryStatus

OUT_OF_LINE = "DELIVERY-020"
IS_OF_SIZE = ("DELIVERY-006", "DELIVERY-007")
"""Rules about the sizes of scopes: judged without any row."""
_FOUND = pl.Schema({"source": pl.String(), "delivery": pl.String()})


def out_of_line(statuses: pl.DataFrame) -> pl.DataFrame:
    """(source, delivery) of deliveries that count and would wait, had they come after the decision."""
    is_word = pl.col("is_let_in") | pl.col("decision").is_in(list(CHANGES_WHAT_COUNTS)).fill_null(value=False)
    found = [
        (name, delivery)
        for name in statuses.filter(is_word)["source"].unique().sort()
        for delivery in _of_source(SOURCES[name], statuses.filter(pl.col("source") == name), is_word)
    ]
    return pl.DataFrame(found, schema=_FOUND, orient="row")


def _of_source(source: Source, statuses: pl.DataFrame, is_word: pl.Expr) -> list[str]:
    """Those of one source that were not decided about themselves; what came before all decided ones is in line."""
    if not source.is_compared:
        return []
    columns = ["delivery", "delivered_on", "sender", "scopes"]
    counts = statuses.filter((pl.col("status") == DeliveryStatus.RECORDED) & (pl.col("scopes").fill_null("") != ""))
    placed = kept.placed(counts.select(columns).iter_rows())
    first = statuses.filter(is_word)["delivered_on"].min()
    asked = counts.filter(~pl.col("is_let_in") & (pl.col("delivered_on") >= first))
    return [
        delivery
        for delivery, day, sender, text in asked.select(columns).sort("delivery").iter_rows()
        if _is_out_of_line(source, Judged(delivery, day, sender, kept.from_text(text)), placed)
    ]


def _is_out_of_line(source: Source, judged: Judged, placed: pl.DataFrame) -> bool:
    return any(gate.rule in IS_OF_SIZE for gate in replaced(source, judged, placed))
