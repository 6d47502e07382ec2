"""The gates about a delivery beside what precedes it: as everything stands, and as it stood before a person decided.

A decision opens gates and closes none: what was delivered until the day of a decision waits only where a gate would be
closed without it as well. So nobody loses by a decision what was recorded, and neither does the order matter in which
files are taken in and decisions made. Here: asking the gates, with and without decisions. Not here: any gate
(``versions.gates``), what the log holds (``earlier``), what becomes of a delivery (``outcome``, ``review``).
"""

from bisect import bisect_left
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import polars as pl

from pipeline.jobs.ingest.earlier import EarlierDeliveries
from pipeline.jobs.ingest.earlier_delivery import Earlier
from pipeline.jobs.ingest.figures_kept import FiguresKept
from pipeline.jobs.ingest.row_keys import RowKeys, Rows
from pipeline.versions.gates.closed import Closed
from pipeline.versions.gates.continuing import continued, neighbours
from pipeline.versions.gates.figures_again import beside, figures_again
from pipeline.versions.gates.figures_moved import around, figures_moved
from pipeline.versions.gates.preceding import Judged, Order, placed_of
from pipeline.versions.gates.renumbered import renumbered
from pipeline.versions.gates.replaced import replaced
from pipeline.versions.gates.retold import begun_again, said_again, taken_back
from pipeline.versions.gates.row_scopes import ROW_KEYS
from pipeline.versions.gates.told_events import said
from pipeline.versions.gates.turned import turned_periods, turned_round
from schemas.source import Source
from schemas.vocabulary import DeliveryStatus

STRANGE_PLACE = "DELIVERY-008"
"""The rule about a place that is new."""
BESIDE = (
    "DELIVERY-006", "DELIVERY-007", STRANGE_PLACE, "DELIVERY-012", "DELIVERY-018", "DELIVERY-019", "DELIVERY-021",
    "DELIVERY-023", "DELIVERY-024", "DELIVERY-028", "DELIVERY-029", "DELIVERY-031", "DELIVERY-032",
)  # fmt: skip
"""Rules about a delivery beside others, but for those about events."""
BESIDE_EVENTS = ("DELIVERY-009", "DELIVERY-025", "DELIVERY-026", "DELIVERY-027")


@dataclass(frozen=True)
class World:
    """Which deliveries count, and ``PLACED`` of them."""

    placed: pl.DataFrame
    counting: frozenset[str]


@dataclass(frozen=True)
class Own:
    """What a delivery that is judged brings, each read when it is asked for."""

    judged: Judged
    keys: Callable[[], pl.DataFrame] | None = None
    """``ROW_KEYS``; None where its rows are not at hand: then the gates about them are not asked."""
    numbers: Callable[[], pl.DataFrame] | None = None
    """``EVENT_KEYS``, likewise."""
    figures: Callable[[], pl.DataFrame] | None = None
    """``told_figures``, likewise."""
    is_recorded: bool = False
    """Whether it counts already: then a place that others report about too is no stranger any more."""


class Beside:
    """Asks the gates about deliveries of one log."""

    def __init__(self, rows: Rows, earlier: EarlierDeliveries) -> None:
        self.earlier = earlier
        self.keys = RowKeys(rows)
        self.figures = FiguresKept(rows)
        self._undone: dict[tuple[str, frozenset[str]], tuple[int, World]] = {}

    def closed(self, source: Source, own: Own, *, then: pl.DataFrame | None = None) -> list[Closed]:
        """Closed gates. ``then``: ``PLACED`` beside which its rows were judged before; they are not where that is as
        it was.
        """
        now = self._closed(source, own, self.as_it_stands(source), then)
        if not now:
            return []
        before = self.before_decisions(source, own.judged.delivered_on)
        undecided = now if before is None else self._closed(source, own, before, then)
        if not undecided or then is None:
            return now if undecided else []
        younger = self._closed_then(source, own, then, before)
        now, undecided = ([gate for gate in each if gate.rule not in younger] for each in (now, undecided))
        return now if undecided else []

    def _closed_then(self, source: Source, own: Own, then: pl.DataFrame, before: World | None) -> set[str]:
        """Rules of gates that were closed beside ``then`` as well, with decisions and without: that was no reason to
        wait, the gate is younger than the delivery.
        """
        with_decisions = self._rules(source, own, then)
        if before is None or not with_decisions:
            return with_decisions
        # What a person let in closes a gate for nobody who came before the decision: it says nothing of its age.
        noted = self.earlier.placed(source).join(then, on="delivery", how="anti")
        return with_decisions & self._rules(source, own, before.placed.join(noted, on="delivery", how="anti"))

    def _rules(self, source: Source, own: Own, placed: pl.DataFrame) -> set[str]:
        world = World(placed, frozenset(placed["delivery"]))
        return {gate.rule for gate in self._closed(source, own, world, None)}

    def as_it_stands(self, source: Source) -> World:
        every = self.earlier.of(source)
        return World(self.earlier.placed(source), frozenset(each.delivery for each in every if each.counts))

    def of_log(self, source: Source, each: Earlier) -> Own:
        """What a delivery brings that stands in the log."""

        def numbers() -> pl.DataFrame:
            return self.earlier.numbers_of(source, self.earlier.moved_senders(source, each), each)

        return Own(
            each.judged,
            lambda: self.rows_of(source, each.delivery),
            numbers,
            lambda: self.figures_of(source, [each.delivery]).drop("nth"),
            is_recorded=True,
        )

    def rows_of(self, source: Source, delivery: str) -> pl.DataFrame:
        """``ROW_KEYS`` of a delivery of the log; none of one that it does not have."""
        known = self.earlier.find(source, delivery)
        nothing = pl.DataFrame(schema=ROW_KEYS)
        return nothing if known is None else self.keys.of_log(source, delivery, known.processing)

    def figures_of(self, source: Source, deliveries: Sequence[str]) -> pl.DataFrame:
        """``told_figures`` of deliveries of the log, in this order."""
        known = {each.delivery: each.processing for each in self.earlier.of(source)}
        return self.figures.of_log(source, [(each, known[each]) for each in deliveries])

    def _closed(self, source: Source, own: Own, world: World, then: pl.DataFrame | None) -> list[Closed]:
        return [*self._without_numbers(source, own, world, then), *self._retold(source, own, world.counting)]

    def _without_numbers(self, source: Source, own: Own, world: World, then: pl.DataFrame | None) -> list[Closed]:
        return [
            *self._replaced(source, own, world),
            *self._continued(source, own, world, then),
            *self._figures(source, own, world, then),
        ]

    def _retold(self, source: Source, own: Own, counting: Container[str]) -> list[Closed]:
        by = source.gates.renumbering
        if by is None or own.numbers is None:
            return []
        numbers = own.numbers()
        senders = numbers["sender"].unique().sort().to_list()
        before = self.earlier.numbers(source, senders, own.judged.order, counting)
        return [
            *renumbered(numbers, before, said(source.municipality) if source.municipality in by.says else None),
            *taken_back(numbers, before),
            *said_again(numbers, before, {name: _called(source, name) for name in by.says}),
            *begun_again(numbers, before),
        ]

    def _replaced(self, source: Source, own: Own, world: World) -> list[Closed]:
        closed = [*replaced(source, own.judged, world.placed), *turned_round(source, own.judged, world.placed)]
        if not own.is_recorded:
            return closed
        # A new place puts a delivery back only while it is the only one about it.
        others = world.placed.filter(pl.col("delivery") != own.judged.delivery)["place"].unique()
        is_alone = not set(own.judged.brought["place"]) <= set(others)
        return [gate for gate in closed if gate.rule != STRANGE_PLACE or is_alone]

    def _continued(self, source: Source, own: Own, world: World, then: pl.DataFrame | None) -> list[Closed]:
        keys = own.keys
        if source.gates.continuing is None or keys is None:
            return []
        near = neighbours(own.judged, world.placed)
        if not near or (then is not None and near == neighbours(own.judged, then)):
            return []
        own_rows = cache(keys)  # read once, for all of its scopes

        def rows_of(delivery: str) -> pl.DataFrame:
            return own_rows() if delivery == own.judged.delivery else self.rows_of(source, delivery)

        return continued(own.judged, near, rows_of)

    def _figures(self, source: Source, own: Own, world: World, then: pl.DataFrame | None) -> list[Closed]:
        """Gates about figures: beside what stands of the same, and of the same at other dates."""
        if source.gates.figures is None or own.figures is None:
            return []
        closed = list[Closed]()
        figures, judged = cache(own.figures), own.judged  # read once, when they are asked for

        def again(near: tuple[str, ...]) -> list[Closed]:
            return figures_again(source, figures(), self.figures_of(source, near)) if near else []

        def elsewhere(near: tuple[str, ...]) -> list[Closed]:
            told = self.figures_of(source, near) if near else figures().clear().with_columns(nth=pl.lit(0))
            return [*figures_moved(source, figures(), told), *turned_periods(source, judged, figures(), told)]

        for near_of, judge in ((beside, again), (around, elsewhere)):
            near = near_of(source, judged, world.placed)
            if then is None or near != near_of(source, judged, then):
                closed += judge(near)
        return closed

    def before_decisions(self, source: Source, day: date) -> World | None:
        """What would count had nobody decided anything on this day or later; None where nobody did."""
        every = self.earlier.of(source)
        undone = [each for each in every if each.word_on is not None and each.word_on >= day]
        if not undone:
            return None
        names = frozenset(each.delivery for each in undone)
        version, world = self._undone.get((source.name, names), (-1, None))
        if world is None or version != self.earlier.version(source):
            world = self._undo(source, names, min(each.order for each in undone))
            self._undone[source.name, names] = self.earlier.version(source), world
        return world

    def _undo(self, source: Source, undone: frozenset[str], first: Order) -> World:
        """As it stands before the first of these; from there on every delivery is judged again in its order."""
        every = self.earlier.of(source)
        there = [each for each in every if each.counts and each.order < first]
        placed = placed_of([each.judged for each in there])
        world = World(placed, frozenset(each.delivery for each in there))
        for each in every[bisect_left(every, first, key=lambda each: each.order) :]:
            if self._counts_without(source, each, world, is_undone=each.delivery in undone):
                world = World(pl.concat([world.placed, each.judged.placed]), world.counting | {each.delivery})
        return world

    def _counts_without(self, source: Source, each: Earlier, world: World, *, is_undone: bool) -> bool:
        """Whether a delivery would count in this world, which holds what precedes it."""
        if not (each.counts or (is_undone and each.status == DeliveryStatus.RETRACTED)):
            return False
        own = self.of_log(source, each)
        if is_undone:  # what was held until a person let it in would wait still, unless its gates opened since
            may_open = not each.held_for or each.held_for in BESIDE
            return may_open and not self._without_numbers(source, own, world, None)
        if not each.is_kept or each.is_decided:
            return True
        stands = self.as_it_stands(source)
        closed = {gate.rule for gate in self._without_numbers(source, own, world, stands.placed)}
        # What is closed as it stands as well, and counts, is younger.
        return not closed or closed <= {gate.rule for gate in self._without_numbers(source, own, stands, None)}


def _called(source: Source, name: str) -> str:
    """A column as a steward knows it; a key by the columns that it is made of."""
    parts = next((part.sources for part in source.keys if part.name == name), (name,))
    return ", ".join(source.header_of(each) for each in parts)
