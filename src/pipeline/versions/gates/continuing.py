"""The gates about rows that should go on from one date to the next: other dossiers, an old stock, mixed-up places.

Here: which scopes are compared with which, and the judgement. Not here: reading the rows (``pipeline.jobs.ingest``),
scopes of another size (``replaced``), what stands still (``unmoved``), what a delivery shows by itself (``within``,
``stale``).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from pipeline.versions.gates.closed import Closed, from_to, listed, place_name, scope_name
from pipeline.versions.gates.preceding import Judged, preceding
from pipeline.versions.gates.row_scopes import NO_ROWS, RowsOf, Scopes, known_in
from pipeline.versions.gates.said_otherwise import is_far, other_stock, other_words
from pipeline.versions.gates.unmoved import Dated, Unmoved
from schemas import reference
from schemas.limits.deliveries import (
    BACK_ABOVE_SHARE,
    BACK_GRACE_DAYS,
    KNOWN_BELOW_SHARE,
    LEAST_BACK,
    LEAST_MOVED,
    LEAST_ROWS_DIFFERENCE,
    MOVED_ABOVE_SHARE,
    NEAREST_WITHIN_DAYS,
    SAME_DATES_BACK,
    SWOLLEN_ABOVE_SHARE,
)


@dataclass(frozen=True)
class Neighbour:
    """A scope of the delivery that is judged, and the one of the same place beside which it is."""

    place: str
    valid_on: date
    delivery: str
    """The one that brought the scope beside it."""
    beside: date
    earlier: tuple[Dated, ...] = ()
    """The deliveries and dates before it, the nearest one first, that are no other version of the same month."""
    others: tuple[tuple[str, str, date], ...] = ()
    """The same of the other places: place, delivery, date."""
    is_small: bool = False
    """Either has too few rows to be judged by itself: all of these are judged together."""

    @property
    def before(self) -> Dated | None:
        """The nearest of the dates before."""
        return self.earlier[0] if self.earlier else None

    @property
    def name(self) -> str:
        """In words, with the date beside which it is where that is another one."""
        near = "" if self.beside == self.valid_on else f" (beside {scope_name(None, None, self.beside)})"
        return f"{scope_name(self.place, None, self.valid_on)}{near}"


def neighbours(judged: Judged, counting: pl.DataFrame) -> list[Neighbour]:
    """Scopes that are judged, each with the nearest date that stands of its place."""
    stands = _standing(preceding(counting, judged))
    if stands.is_empty():
        return []
    # Of a delivery of many months the month before one is its own.
    earlier = pl.concat([stands, _standing(judged.placed)]).unique(["place", "valid_on"], keep="last")
    large = earlier.filter(pl.col("rows") >= LEAST_ROWS_DIFFERENCE)
    brought = judged.brought.drop_nulls(["place", "valid_on"]).sort("valid_on", "place")
    found = []
    # By date: what stands beside the places of one date is mostly one delivery, which is read once.
    for place, valid_on, rows in brought.select("place", "valid_on", "rows").iter_rows():
        near = _nearest(stands.filter(pl.col("place") == place), valid_on)
        if near.is_empty():
            continue
        _, delivery, beside, there = near.select("place", "delivery", "valid_on", "rows").row(0)
        if min(rows, there) < LEAST_ROWS_DIFFERENCE:
            found.append(Neighbour(place, valid_on, delivery, beside, is_small=True))
            continue
        before = large.filter(pl.col("valid_on") < valid_on)
        own = _last(before.filter(pl.col("place") == place), valid_on)
        others = (
            _nearest(before, valid_on).filter(pl.col("place") != place).select("place", "delivery", "valid_on").rows()
        )
        found.append(Neighbour(place, valid_on, delivery, beside, own, tuple(others)))
    return found


def _standing(placed: pl.DataFrame) -> pl.DataFrame:
    """place, delivery, valid_on, rows of the scopes that stand."""
    last = placed.drop_nulls(["place", "valid_on"]).group_by("place", "valid_on", maintain_order=True).last()
    return last.select("place", "delivery", "valid_on", "rows")


def _nearest(stands: pl.DataFrame, valid_on: date) -> pl.DataFrame:
    """Of each place the date nearest to a day, the earlier of two."""
    off = (pl.col("valid_on") - pl.lit(valid_on)).abs()
    near = stands.with_columns(off=off).filter(pl.col("off") <= timedelta(NEAREST_WITHIN_DAYS))
    return near.sort("place", "off", "valid_on").unique("place", keep="first", maintain_order=True).drop("off")


def _last(before: pl.DataFrame, valid_on: date) -> tuple[Dated, ...]:
    """The last dates of a place before a day, and the deliveries that brought them."""
    near = before.filter(pl.col("valid_on") >= pl.lit(valid_on - timedelta(NEAREST_WITHIN_DAYS)))
    return tuple(near.sort("valid_on", descending=True).head(SAME_DATES_BACK).select("delivery", "valid_on").rows())


def continued(judged: Judged, near: Iterable[Neighbour], rows_of: RowsOf) -> list[Closed]:
    """Closed gates about the rows of these scopes."""
    strange, back, moved = list[str](), list[str](), list[str]()
    stock, words = list[str](), list[str]()
    scopes = Scopes(rows_of, judged.delivery)
    small, unmoved = _Together(), Unmoved(scopes)
    for each in near:
        here = scopes.of(judged.delivery, each.place, each.valid_on)
        beside = scopes.of(each.delivery, each.place, each.beside)
        if each.is_small:
            small.add(each, here, beside)
            continue
        if each.beside == each.valid_on and here.drop("row").equals(beside.drop("row")):
            continue  # to the letter what stands
        strange += _strange(each, here, beside)
        stock += [f"{each.name}: {found}" for found in other_stock(here, beside)]
        words += [f"{each.name}: {found}" for found in other_words(here, beside, is_again=each.beside == each.valid_on)]
        if each.before is None:
            continue
        there = scopes.of(each.before[0], each.place, each.before[1])
        unmoved.add(each.place, each.valid_on, here, each.earlier)
        unknown = _unlike(here, there)
        # What grew is for another gate.
        if here.height <= SWOLLEN_ABOVE_SHARE * there.height and unknown.height >= min(LEAST_BACK, LEAST_MOVED):
            came, left = _from_elsewhere(each, unknown, scopes)
            moved += _too_many(each, here, came)
            back += _too_old(each, here, left)
    stock += small.other_stock()
    words += small.other_words()
    again, stayed = unmoved.same(), unmoved.stayed()
    closed = [
        Closed("DELIVERY-021", f"the very rows of an earlier date, no beginning and no end: {listed(again)}"),
        Closed("DELIVERY-012", f"other dossiers and clients than before: {listed(strange)}"),
        Closed("DELIVERY-018", f"benefits that were not current before, and had begun long ago: {listed(back)}"),
        Closed("DELIVERY-019", f"clients who stood under another municipality before: {listed(moved)}"),
        Closed("DELIVERY-023", f"far fewer or far more current benefits than before: {listed(stock)}")
        if stock
        else Closed(
            "DELIVERY-023", f"next to no benefit that was current on the date before ended or left: {listed(stayed)}"
        ),
        Closed("DELIVERY-024", f"dossiers that say something else than before: {listed(words)}"),
    ]
    found = (again, strange, back, moved, stock or stayed, words)
    return [gate for gate, scopes_found in zip(closed, found, strict=True) if scopes_found]


class _Together:
    """Scopes of too few rows to be judged one by one, and those beside them: judged as one."""

    def __init__(self) -> None:
        self._names = list[str]()
        self._here, self._beside = list[pl.DataFrame](), list[pl.DataFrame]()
        self._is_again = False

    def add(self, near: Neighbour, here: pl.DataFrame, beside: pl.DataFrame) -> None:
        if is_far(here.height, beside.height):
            return  # is told already
        self._is_again |= near.beside == near.valid_on
        self._names.append(near.name)
        self._here.append(here)
        self._beside.append(beside)

    def other_stock(self) -> Iterator[str]:
        here, beside = self._both()
        if is_far(here.height, beside.height):
            yield f"{self._name}: {from_to(beside.height, here.height)}"
        for found in other_stock(here, beside):
            yield f"{self._name}: {found}"

    def other_words(self) -> Iterator[str]:
        here, beside = self._both()
        known = here.filter(known_in(beside)).height
        if here.height >= LEAST_ROWS_DIFFERENCE and known < KNOWN_BELOW_SHARE * min(here.height, beside.height):
            yield f"{self._name}: {known} of {here.height} rows known"
        for found in other_words(here, beside, is_again=self._is_again):
            yield f"{self._name}: {found}"

    @property
    def _name(self) -> str:
        return self._names[0] if len(self._names) == 1 else f"{len(self._names)} small places together"

    def _both(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        return pl.concat([NO_ROWS, *self._here]), pl.concat([NO_ROWS, *self._beside])


def _strange(near: Neighbour, here: pl.DataFrame, there: pl.DataFrame) -> Iterator[str]:
    rows, before = here.height, there.height
    known = here.filter(known_in(there)).height
    # What grew or shrank is for another gate: of the smaller one the rows have to be known.
    if min(rows, before) >= LEAST_ROWS_DIFFERENCE and known < KNOWN_BELOW_SHARE * min(rows, before):
        scope = scope_name(near.place, None, near.valid_on)
        yield f"{scope}: {known} of {rows} rows known from {scope_name(None, None, near.beside)}"


def _unlike(here: pl.DataFrame, there: pl.DataFrame) -> pl.DataFrame:
    """Current rows that were not current before, by dossier or client."""
    live = here.filter("is_live")
    return live.filter(~known_in(there.filter("is_live")))


def _from_elsewhere(near: Neighbour, unknown: pl.DataFrame, scopes: Scopes) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows whose client was current in another place, with that place in "from", and the rest of them.

    What comes from a municipality that went up in this one is neither.
    """
    parts = [pl.DataFrame(schema={"client": pl.UInt64(), "from": pl.String()})]
    is_asked = pl.col("client").is_in(unknown["client"].drop_nulls().implode())
    for place, delivery, day in near.others:
        there = scopes.of(delivery, place, day).filter(pl.col("is_live") & is_asked)
        parts.append(there.select("client", pl.lit(place).alias("from")))
    there = pl.concat(parts).drop_nulls().unique("client", keep="first", maintain_order=True)
    came = unknown.join(there, on="client", how="inner")
    rest = unknown.join(there, on="client", how="anti")
    changes = reference.municipal_changes()
    merged = changes.filter(pl.col("successor") == near.place)["code"]
    return came.filter(~pl.col("from").is_in(merged.implode())), rest


def _too_many(near: Neighbour, here: pl.DataFrame, came: pl.DataFrame) -> Iterator[str]:
    live = here.filter("is_live").height
    if came.height >= LEAST_MOVED and came.height > MOVED_ABOVE_SHARE * live:
        places = came.group_by("from").len().sort("len", "from", descending=[True, False])
        names = ", ".join(place_name(place) for place in places["from"].head(3))
        yield f"{scope_name(near.place, None, near.valid_on)}: {came.height} of {live} came from {names}"


def _too_old(near: Neighbour, here: pl.DataFrame, unknown: pl.DataFrame) -> Iterator[str]:
    if near.before is None:
        return
    live, day = here.filter("is_live").height, near.before[1]
    old = unknown.filter(pl.col("started") < pl.lit(day - timedelta(BACK_GRACE_DAYS))).height
    if old >= LEAST_BACK and old > BACK_ABOVE_SHARE * live:
        name = scope_name(near.place, None, near.valid_on)
        yield f"{name}: {old} of {live} current benefits, beside {scope_name(None, None, day)}"
