"""From figures to places in a drawing: ticks at round numbers, days along a line, labels that do not lie on each other.

Here: numbers only. Not here: the drawing (``drawings``, ``lineage``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise


@dataclass(frozen=True)
class Scale:
    """From a range of numbers to a range of places."""

    low: float
    high: float
    begin: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low) if self.high != self.low else 0.5
        return round(self.begin + share * (self.end - self.begin), 1)


def step(span: float, most: int) -> int:
    """The smallest round whole step that divides a span into at most so many parts: a count has no halves."""
    size = 1
    while True:
        for part in (1, 2, 5):
            if part * size * most >= span:
                return part * size
        size *= 10


def ticks(low: float, high: float, most: int = 6) -> list[int]:
    """Round numbers that hold all of a range, at least two of them."""
    by = step(max(high - low, 1), most)
    first = int(low // by) * by
    last = -int(-high // by) * by
    return list(range(first, max(last, first + by) + 1, by))


def years(first: date, last: date, most: int) -> list[date]:
    """The first of January of so many years, evenly chosen; of a short time the first day itself."""
    every = [date(year, 1, 1) for year in range(first.year, last.year + 1) if first <= date(year, 1, 1) <= last]
    return every[:: max(1, -(-len(every) // most))] if every else [first]


def apart(places: Sequence[float], least: float) -> list[float]:
    """The places moved as little as needed to lie so far from each other, in their order; for labels at lines' ends."""
    order = sorted(range(len(places)), key=lambda at: places[at])
    moved = list(places)
    for before, at in pairwise(order):
        moved[at] = max(moved[at], moved[before] + least)
    if not order:
        return moved
    shift = sum(new - old for new, old in zip(moved, places, strict=True)) / len(places)
    return [round(place - shift, 1) for place in moved]
