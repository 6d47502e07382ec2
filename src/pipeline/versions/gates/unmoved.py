"""The gates about a stock that stands where it stood: the very rows of an earlier date, and a month that nobody left.

Of what was current before, some ends in every month, whether a file tells of the ends or the rows are no longer in it.
Where as good as nobody is gone, the ends were left out: the column, what stood in it, or the day on which it lies.
Here: the judgement. Not here: which scopes are compared with which (``continuing``), ends that were known and are told
no more (``said_otherwise``), what a delivery shows by itself (``stale``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import polars as pl

from pipeline.versions.gates.closed import scope_name
from pipeline.versions.gates.row_scopes import Scopes, known_in
from schemas.limits.deliveries import (
    LEFT_BELOW_SHARE,
    LEFT_LEAST_DAYS,
    LEFT_LEAST_USUAL,
    LEFT_MOST_USUAL,
    SAME_BELOW_SHARE,
    SAME_LEAST_MOVES,
    USUAL_LEAVES_A_DAY,
    USUAL_MOVES_A_DAY,
)

Dated = tuple[str, date]
"""A delivery, and the date of it that is asked for."""


@dataclass(frozen=True)
class _Same:
    """A scope with the rows of an earlier date, and how many would usually have begun or ended between the two."""

    scope: str
    usual: float


@dataclass(frozen=True)
class _Stayed:
    """A scope and the date before: how many were current then, how many of them are not any more."""

    place: str
    valid_on: date
    earlier: tuple[Dated, ...]
    live: int
    left: int
    late: int
    """How many ends are told of before the date before: who registers them later tells none of since then."""

    @property
    def days(self) -> int:
        return (self.valid_on - self.earlier[0][1]).days

    @property
    def most(self) -> float:
        """What may be usual at most: in the month before more may have ended than ever."""
        return LEFT_MOST_USUAL * USUAL_LEAVES_A_DAY * self.days * self.live


class Unmoved:
    """What stands still in a delivery, found scope by scope."""

    def __init__(self, scopes: Scopes) -> None:
        self._scopes = scopes
        self._same, self._stayed = list[_Same](), list[_Stayed]()

    def add(self, place: str, valid_on: date, here: pl.DataFrame, earlier: tuple[Dated, ...]) -> None:
        """A scope, and the dates before it of the same place, the nearest one first."""
        again = list(self._rows_again(place, valid_on, here, earlier))
        self._same += again
        if again or (valid_on - earlier[0][1]).days < LEFT_LEAST_DAYS:
            return
        there = self._scopes.of(earlier[0][0], place, earlier[0][1])
        left = _left(there, here, earlier[0][1])
        late = here.filter(~pl.col("is_live") & (pl.col("ended") < pl.lit(earlier[0][1])))
        news = late.join(there.filter(~pl.col("is_live")), on=["dossier", "started"], how="anti").height
        self._stayed.append(_Stayed(place, valid_on, earlier, there.filter("is_live").height, left, news))

    def same(self) -> list[str]:
        """Scopes with the rows of an earlier date, where enough would have moved in all of them together."""
        is_enough = sum(each.usual for each in self._same) >= SAME_LEAST_MOVES
        return [each.scope for each in self._same] if is_enough else []

    def stayed(self) -> list[str]:
        """Places that next to nobody left; else all of the delivery together, where that is so of them."""
        found = [each for each in self._stayed if _is_next_to_none(each.left, each.most)]
        usual = [(each, self._usual(each)) for each in found]
        single = [(each, count) for each, count in usual if _is_next_to_none(each.left, count)]
        if single:
            return [f"{scope_name(each.place, None, each.valid_on)}: {_words(each, count)}" for each, count in single]
        left = sum(each.left for each in self._stayed)
        if len(self._stayed) < 2 or not _is_next_to_none(left, sum(each.most for each in self._stayed)):
            return []
        together = sum(map(self._usual, self._stayed))
        if not _is_next_to_none(left, together):
            return []
        live = sum(each.live for each in self._stayed)
        return [f"all places: {left} of {live} current benefits ended or left, where {together:.0f} are usual"]

    def _rows_again(
        self, place: str, valid_on: date, here: pl.DataFrame, earlier: tuple[Dated, ...]
    ) -> Iterator[_Same]:
        for nth, (delivery, day) in enumerate(earlier):
            if nth and _has_moved(here, earlier[0][1], valid_on):
                return  # no export of a date before that one
            usual = USUAL_MOVES_A_DAY * (valid_on - day).days * here.height
            there = self._scopes.of(delivery, place, day)
            come = here.join(there, on=_OF_ROW, how="anti", nulls_equal=True).height
            if come > SAME_BELOW_SHARE * usual:
                continue
            # What had ended by then may be left out: that is no move since.
            gone = there.filter("is_live").join(here, on=_OF_ROW, how="anti", nulls_equal=True).height
            if come + gone <= SAME_BELOW_SHARE * usual:
                name, beside = scope_name(place, None, valid_on), scope_name(None, None, day)
                yield _Same(f"{name}: {here.height - come} of {here.height} rows known from {beside}", usual)
                return

    def _usual(self, asked: _Stayed) -> float:
        """How many left in as many days before: from one date to the next, or by the ends that the last one tells."""
        first, *_ = asked.earlier
        if len(asked.earlier) == 1:
            ended = self._of(asked, first).filter(~pl.col("is_live"))["ended"]
            told = float((ended >= first[1] - timedelta(asked.days)).sum())
            return min(told, asked.most) if _is_next_to_none(asked.late, told) else 0.0
        left = sum(_left(self._of(asked, old), self._of(asked, new), old[1]) for new, old in pairwise(asked.earlier))
        return min(asked.days * left / (first[1] - asked.earlier[-1][1]).days, asked.most)

    def _of(self, asked: _Stayed, dated: Dated) -> pl.DataFrame:
        return self._scopes.of(dated[0], asked.place, dated[1])


_OF_ROW = ["dossier", "client", "started", "ended"]


def _has_moved(here: pl.DataFrame, since: date, valid_on: date) -> bool:
    """Whether by its own dates something began or ended since a day, so that it can be of no earlier one."""
    began, ended = pl.col("started") > pl.lit(since), ~pl.col("is_live") & (pl.col("ended") >= pl.lit(since))
    return (
        here.filter(began | ended).height > SAME_BELOW_SHARE * USUAL_MOVES_A_DAY * (valid_on - since).days * here.height
    )


def _left(there: pl.DataFrame, here: pl.DataFrame, since: date) -> int:
    """How many that were current on a day are not any more, by dossier or client: they are gone, or ended since.

    An end before that day is none of somebody who was current on it.
    """
    live = there.filter("is_live")
    left = live.filter(~known_in(here.filter("is_live")))
    before = here.filter(~pl.col("is_live") & (pl.col("ended") < pl.lit(since)))
    return left.join(before, on=["dossier", "started"], how="anti").height


def _is_next_to_none(left: int, usual: float) -> bool:
    return usual >= LEFT_LEAST_USUAL and left <= LEFT_BELOW_SHARE * usual


def _words(stayed: _Stayed, usual: float) -> str:
    before = scope_name(None, None, stayed.earlier[0][1])
    return f"{stayed.left} of {stayed.live} current benefits of {before} ended or left, where {usual:.0f} are usual"
