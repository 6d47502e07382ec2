"""The benefits of one delivery about one date, read as a figure asks for them.

There may be hundreds of thousands: each question reads the columns that it needs, once, and whole spells only where one
of their dossiers can matter; what moved is not read at all where it was kept when the delivery was counted. Here: which
rows answer it, by the conditions of the counts (``delivery_counts``, ``spells``). Not here: which delivery counts, and
what part of a figure the rows are (``counted_rows``).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar, cast

import polars as pl

from pipeline.caseload.delivery_counts import first_to_name, has_unknown_persons
from pipeline.caseload.spells import MOVED_DAYS, ORIGIN, spell_ends, spell_starts, spells_with, witnesses
from schemas.sources.caseload import IS_LIVE
from schemas.vocabulary import SERIES_SCHEMES, Series

T = TypeVar("T")

_SPELLS_BY = ["reference_date"]
_OF_SPELLS = (
    "row", "client_key", "started_on", "original_started_on", "ended_on", "end_reason", "reference_date", "scheme_code",
)  # fmt: skip


@dataclass(frozen=True)
class Benefits:
    """All rows of one reading of a delivery about one municipality and date, of every series."""

    delivery: str
    processing: int
    rules_version: str
    municipality_code: str
    reference_date: date
    read: Callable[[], pl.LazyFrame] = field(compare=False, repr=False)
    find_told: Callable[[], pl.DataFrame | None] = field(compare=False, repr=False)
    """What was kept of the reading (``spells.TELLING``), of all its scopes; None where nothing was."""
    _answers: dict[object, object] = field(default_factory=dict, compare=False, repr=False)

    @property
    def rows(self) -> pl.LazyFrame:
        """Not read yet: each question reads the columns that it needs."""
        return self._once("rows", self.read)

    def live(self, series: str) -> pl.LazyFrame:
        """Those in stock."""
        return self.rows.filter(is_of(series) & IS_LIVE)

    def stock(self, series: str) -> tuple[int, ...]:
        """The rows of those in stock."""
        return self._once(("stock", series), lambda: numbers(self.live(series)))

    def naming(self, series: str) -> tuple[int, ...]:
        """Rows that are the first to name somebody; where the persons are not known, the first that leaves it open."""
        return self._once(("naming", series), lambda: self._naming(series))

    def _naming(self, series: str) -> tuple[int, ...]:
        live = self.live(series).select("row", "client_key", "partner_key", "household_code").collect()
        unknown = live.filter(has_unknown_persons())
        return numbers(first_to_name(live) if unknown.is_empty() else unknown.bottom_k(1, by="row"))

    def moved(self, since: date) -> pl.DataFrame:
        """All dossiers of the spells of which one began after this day, or lives no longer."""
        return self._once(("moved", since), lambda: self._moved(since))

    def _moved(self, since: date) -> pl.DataFrame:
        is_moved = (pl.col("started_on") > since) | ~IS_LIVE
        told = self._told
        if told is None or (self.reference_date - since).days > MOVED_DAYS:
            return self._spells_with(is_moved)
        return spells_with(told, is_moved, []).select(_OF_SPELLS)

    def starts(self, series: str, since: date) -> pl.DataFrame:
        """Spells of the series in which something moved since a day, with their starts."""
        return self._of_series("starts", series, since, lambda moved: spell_starts(moved, _SPELLS_BY))

    def started(self, series: str, after: date) -> tuple[int, ...]:
        """The dossiers with which spells of the series began after a day."""
        begun = pl.col("date") > after
        return self._of_series("started", series, after, lambda _: numbers(self.starts(series, after).filter(begun)))

    def ends(self, series: str, since: date) -> pl.DataFrame:
        """Spells of the series that ended from a day on and before the reference date."""
        inside = (pl.col("date") >= since) & (pl.col("date") < pl.col("reference_date"))
        return self._of_series("ends", series, since, lambda moved: spell_ends(moved, _SPELLS_BY).filter(inside))

    def ended(self, series: str, since: date) -> tuple[int, ...]:
        """The dossiers with which spells of the series ended from a day on and before the reference date."""
        return self._of_series("ended", series, since, lambda _: numbers(self.ends(series, since)))

    def _of_series(self, what: str, series: str, since: date, answer: Callable[[pl.DataFrame], T]) -> T:
        """Series that hold the same of what moved have the same answer: it is found once."""
        moved = self.moved(since)
        there = self._once(("schemes", since), lambda: frozenset(moved["scheme_code"].unique()))
        counted = there.intersection(SERIES_SCHEMES[Series(series)])
        return self._once((what, since, counted), lambda: answer(moved.filter(is_of(series))))

    def _spells_with(self, dossier: pl.Expr) -> pl.DataFrame:
        every = self.rows.select(*_OF_SPELLS).collect()
        # Who asks what moved asks next what shows the date: while all are here, that takes hardly more.
        self._once("witness", lambda: _witness(every.lazy()))
        return spells_with(every, dossier, [])

    @property
    def witness(self) -> tuple[int, ...]:
        """One benefit that adds nothing but its date: one that lives and is the first dossier of its spell, if any.

        A later dossier by itself would look like a new spell.
        """
        return self._once("witness", self._told_witness)

    def _told_witness(self) -> tuple[int, ...]:
        told = self._told
        kept = () if told is None else numbers(told.filter("is_witness"))
        return kept or _witness(self.rows)

    @property
    def _told(self) -> pl.DataFrame | None:
        return self._once("told", self._of_scope)

    def _of_scope(self) -> pl.DataFrame | None:
        told = self.find_told()
        if told is None:
            return None
        return told.filter(municipality_code=self.municipality_code, reference_date=self.reference_date)

    def _once(self, question: object, answer: Callable[[], T]) -> T:
        if question not in self._answers:
            self._answers[question] = answer()
        return cast(T, self._answers[question])


def is_of(series: str) -> pl.Expr:
    """Benefits that a series counts."""
    return pl.col("scheme_code").is_in(SERIES_SCHEMES[Series(series)])


def numbers(benefits: pl.LazyFrame | pl.DataFrame) -> tuple[int, ...]:
    """Their rows in the file, in order."""
    rows = benefits["row"] if isinstance(benefits, pl.DataFrame) else benefits.select("row").collect()["row"]
    return tuple(rows.sort().to_list())


def _witness(benefits: pl.LazyFrame) -> tuple[int, ...]:
    """Nearly always one of the benefits that began first: only where none will do, all are looked at."""
    began = benefits.select(pl.col("started_on").filter(IS_LIVE).min()).collect().item()
    near = benefits.filter(pl.col("started_on") <= pl.lit(began, pl.Date())).select(*_OF_SPELLS)
    will_do = witnesses(near.collect(), _SPELLS_BY)
    return numbers(_next_best(benefits) if will_do.is_empty() else will_do)


def _next_best(benefits: pl.LazyFrame) -> pl.DataFrame:
    """One that lives, or else the first dossier of its spell."""
    is_first = pl.col("started_on") == pl.col("started_on").min().over("client_key", ORIGIN)
    marked = benefits.select(*_OF_SPELLS).with_columns(is_live=IS_LIVE, is_first=is_first).collect()
    return marked.sort("is_live", "is_first", "started_on", "row", descending=[True, True, False, False]).head(1)
