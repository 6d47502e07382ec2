"""Rows of deliveries that were sent again, where it is that which shows how far a provider is known.

The copy holds the same rows under the same numbers, so that these are named in the file that reaches so far. Here:
which file that is. Not here: which copies say something (``pipeline.jobs.as_of``), which rows show a day
(``known_until``).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from pipeline.trajectories.known_until import UNTIL, UNTIL_ALTHOUGH
from pipeline.versions.explanation import Trace

_ROW = ["delivery", "row"]
_DELIVERY = ["provider_code", "delivery"]

Again = tuple[str, date]
"""The file as which a delivery was sent again, and its day."""


def with_reach(told: pl.DataFrame, again: pl.DataFrame) -> pl.DataFrame:
    """Rows with the day until which their delivery shows its provider: ``own_reach`` by itself, ``reach`` also as sent
    again, by the file ``again_as``. A row of an undated file shows its own day, and nothing where that was still to
    come. ``again``: (provider_code, delivery, again_on, again_as).
    """
    was_past = pl.col("occurred_on") <= pl.col("delivered_on")
    own = pl.when(~pl.col("is_day_assumed")).then("delivered_on").when(was_past).then("occurred_on")
    of_files = told.with_columns(own_reach=own).join(again, on=_DELIVERY, how="left", maintain_order="left")
    return of_files.with_columns(reach=pl.coalesce("again_on", "own_reach")).drop("again_on")


def files_of(told: pl.DataFrame, rows: pl.DataFrame) -> dict[str, Again]:
    """By delivery the files by which providers are known further than by the deliveries of these rows themselves."""
    if told["again_as"].null_count() == told.height:
        return {}
    named = told.join(rows, on=_ROW, how="semi").sort("reach", "delivery", "row")
    is_further = pl.col("reach") > pl.col("own_reach").max().over("provider_code")
    last = named.filter(is_further).unique("provider_code", keep="last", maintain_order=True)
    return {each: (name, day) for each, name, day in last.select("delivery", "again_as", "reach").iter_rows()}


def in_files(traces: Iterable[Trace], files: Mapping[str, Again]) -> Iterator[Trace]:
    """The same, and what shows how far a provider is known in the file that does: a row beside the figure, or else one
    that decides it.
    """
    deciding: dict[str, Trace] = {}
    shown = set()
    for trace in traces:
        is_until = trace.part in (UNTIL, UNTIL_ALTHOUGH) and trace.delivery in files
        yield _in_file(trace, files[trace.delivery]) if is_until else trace
        shown |= {trace.delivery} if is_until else set()
        deciding.setdefault(trace.delivery, trace)
    for delivery, file in files.items():
        if delivery not in shown:
            yield _in_file(replace(deciding[delivery], part=UNTIL, rows=deciding[delivery].rows[:1]), file)


def _in_file(trace: Trace, file: Again) -> Trace:
    return replace(trace, file_name=file[0], delivered_on=file[1])
