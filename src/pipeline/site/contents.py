"""The tables of one release, put the way pages ask for them.

Here: what several pages need, each computed once: names, rows by place, which date stands for a month, where a
delivery is described. Not here: pages.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import polars as pl

from pipeline.site.wording import SOURCES
from schemas import reference
from schemas.text_columns import shown_texts
from schemas.vocabulary import ALL_PROVIDERS

T = TypeVar("T")
Row = dict[str, Any]
"""One row of a table, by column."""
CASELOAD = ("caseload", "caseload_totals")
GROUPED = (
    "outflow_reasons",
    "target_group_progress",
    "method_progress",
    "channel_progress",
    "activation",
    "placement_outcomes",
)
"""Tables about groups that may be small: of their figures the pages show covered ones only."""
_COUNTRY = "NL01"
ELSEWHERE = "elders"
"""Stands for every folder that is no source, in the name of the page that tells what lies there."""
_TEXTS = {
    "deliveries": ("file_name", "source"),
    "findings": ("column",),
    "published_figures_check": (
        "claim_id",
        "document",
        "indicator",
        "operator",
        "series_also",
        "explanation",
        "explanation_nl",
    ),
    "reconciliation": ("subject", "period", "indicator"),
    "relation_findings": ("subject",),
    "target_group_progress": ("target_group",),
    "method_progress": ("method",),
    "channel_progress": ("channel",),
    "restatements": ("key", "column"),
    "benchmark": ("why_not",),
}
"""Columns whose texts come from outside, or are put together from such."""
ON_ONE_PAGE = 150_000
"""Letters that the lists of one page may take; a page is never larger than 200 KB."""


@dataclass(frozen=True)
class Contents:
    """One release. ``inputs``: per table the sources and tables it rests on. ``least``: smaller groups are covered."""

    tables: Mapping[str, pl.DataFrame]
    facts: Mapping[str, Any]
    inputs: Mapping[str, Sequence[str]] = field(default_factory=dict)
    least: int = 10

    def by(self, table: str, column: str) -> dict[str, pl.DataFrame]:
        """The rows of a table for every value of a column, values and rows in their order."""
        parts = self.tables[table].sort(column, maintain_order=True).partition_by(column, as_dict=True)
        return {str(name): part for (name,), part in parts.items()}

    @cached_property
    def names(self) -> dict[str, str]:
        """What municipalities, programmes and providers are called."""
        titles = [
            *reference.programmes().select("programme_code", "title").iter_rows(),
            *reference.providers().select("provider_code", "title").iter_rows(),
        ]
        return {**reference.municipality_names(), _COUNTRY: "Nederland", **dict(titles)}

    def name(self, code: str) -> str:
        return self.names.get(code, code)

    @cached_property
    def stock(self) -> dict[str, pl.DataFrame]:
        return self.by("caseload_stock", "municipality_code")

    @cached_property
    def municipalities(self) -> list[str]:
        """Codes with a stock, by name."""
        return sorted(self.stock, key=lambda code: (self.name(code), code))

    @cached_property
    def programmes(self) -> list[str]:
        totals = self.tables["programme_progress"].filter(pl.col("provider_code") == ALL_PROVIDERS)
        return sorted(totals["programme_code"].unique())

    @cached_property
    def providers(self) -> list[str]:
        found = self.tables["programme_progress"]["provider_code"].unique()
        return sorted(code for code in found if code != ALL_PROVIDERS)

    @cached_property
    def restated(self) -> dict[str, dict[str, float | None]]:
        """Per stock that changed after it was published (municipality, then date|series): the figure before."""
        changed = self.tables["restatements"].filter(
            (pl.col("table") == "caseload_stock") & (pl.col("column") == "benefits") & (pl.col("kind") == "changed")
        )
        found: dict[str, dict[str, float | None]] = {}
        for key, before in changed.sort("published_at").select("key", "value_before").iter_rows():
            code, _, rest = key.partition("|")
            found.setdefault(code, {})[rest] = before
        return found

    @cached_property
    def places(self) -> dict[str, str]:
        """On which page a delivery is described, with its anchor."""
        return {
            row["delivery"]: f"{page}#{anchor(row['delivery'])}"
            for page, rows in self.delivery_pages.items()
            for row in rows
            if row["is_described"]
        }

    @cached_property
    def delivery_pages(self) -> dict[str, list[Row]]:
        """The deliveries of a page, the latest first; a source with many has several pages.

        Of several names of the same bytes one is described (``is_described``): the one that counts, else the first.
        """
        found: dict[str, list[Row]] = {}
        cells = self.tables["findings"].group_by("delivery").agg(pl.struct("rule", "column").n_unique())
        counts = dict(cells.iter_rows())
        counts_first = pl.struct(
            not_counting=pl.col("status") != "recorded", copied=pl.col("status") == "copied", name="file_name"
        )
        described = pl.col("file_name") == pl.col("file_name").sort_by(counts_first).first().over("delivery")
        is_known = pl.col("source").is_in([name for name in SOURCES if name])
        page = pl.when(is_known).then("source").otherwise(pl.lit(ELSEWHERE))
        ordered = (
            self.tables["deliveries"]
            .with_columns(is_described=described, page=page)
            .sort("page", "delivered_on", "file_name", "delivery", descending=[False, True, False, False])
        )
        for (name,), rows in ordered.group_by("page", maintain_order=True):
            weights = [(row, 900 + 500 * min(counts.get(row["delivery"], 0), 40)) for row in rows.iter_rows(named=True)]
            for number, part in enumerate(packed(weights), 1):
                found[f"leveringen-{name}{'' if number == 1 else f'-{number}'}.html"] = part
        return found

    @cached_property
    def pages_of_source(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for page, rows in self.delivery_pages.items():
            for source in dict.fromkeys(row["source"] for row in rows):
                found.setdefault(source, []).append(page)
        return found

    @cached_property
    def known(self) -> dict[str, date]:
        """Per source the day of its last delivery that counts."""
        counting = self.tables["deliveries"].filter(pl.col("status") == "recorded")
        return dict(counting.group_by("source").agg(pl.col("delivered_on").max()).sort("source").iter_rows())

    @cached_property
    def caseload_known(self) -> date | None:
        """The day of the last delivery about the caseload: what decides how settled its figures are."""
        return max((self.known[source] for source in CASELOAD if source in self.known), default=None)


def fit_to_show(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The tables with texts from outside as they may be shown: nothing that steers a page, no number of a person."""
    return {
        name: frame.with_columns(shown_texts(pl.col(each)).alias(each) for each in _TEXTS.get(name, ()))
        for name, frame in tables.items()
    }


def anchor(delivery: str) -> str:
    return f"d-{delivery[:12]}"


def packed(weighed: Iterable[tuple[T, int]], room: int = ON_ONE_PAGE) -> list[list[T]]:
    """Things with their weights, in their order, in as few lists as hold them."""
    lists: list[list[T]] = []
    taken = room
    for thing, weight in weighed:
        if taken + weight > room:
            lists.append([])
            taken = 0
        lists[-1].append(thing)
        taken += weight
    return lists


def own_dates(days: Iterable[date]) -> dict[tuple[int, int], date]:
    """The date that stands for a calendar month: the first one with a stock, as in the table ``calendar``.

    31 August may stand beside 1 September: they are no two months.
    """
    found: dict[tuple[int, int], date] = {}
    for day in sorted(days):
        found.setdefault((day.year, day.month), day)
    return found


def month_before(day: date) -> tuple[int, int]:
    return (day.year - 1, 12) if day.month == 1 else (day.year, day.month - 1)
