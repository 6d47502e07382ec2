"""The order in which the deliveries of one source are judged again: each after all that precede it.

Here: whose turn it is. One that came as an earlier file has its turn there, to be read as that; whatever that file
turns out to be, it has another where it stands. What is found out on the way may bring in others. Not here: the
judgement (``review``).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush

from pipeline.jobs.ingest.earlier import EarlierDeliveries
from pipeline.jobs.ingest.earlier_delivery import Came, Earlier
from pipeline.versions.gates.preceding import Order
from schemas.source import Source


@dataclass(frozen=True)
class Turn:
    """A delivery whose turn it is. ``to_read``: as the first of its files; else it is judged where it stands."""

    each: Earlier
    to_read: bool


@dataclass
class Turns:
    """Of one source. What becomes of a delivery in its turn is to be noted before the next one is asked for."""

    earlier: EarlierDeliveries
    source: Source
    _queue: list[tuple[Order, bool]] = field(default_factory=list)
    """By place; at one place what is judged as it stands comes first."""
    _called: set[str] = field(default_factory=set)
    """Deliveries that are in the queue, or were."""
    _tried: set[tuple[str, Came]] = field(default_factory=set)
    """Which were read as which file."""
    _from: Order | None = None
    """From where on all are called."""

    def __iter__(self) -> Iterator[Turn]:
        self._call()
        while self._queue:
            place, to_read = heappop(self._queue)
            each = self._find(place)
            if to_read:
                self._tried.add((each.delivery, each.first))
            yield Turn(each, to_read)
            if self.earlier.news_from(self.source) != self._from:
                self._call()
            if to_read:
                self._again(place, each.first)

    def _call(self) -> None:
        """Queue those that are to be judged again and are not there yet."""
        self._from = self.earlier.news_from(self.source)
        for each in self.earlier.to_judge_again(self.source):
            if each.delivery not in self._called:
                self._called.add(each.delivery)
                self._push(each)

    def _push(self, each: Earlier) -> None:
        to_read = each.came_earlier and (each.delivery, each.first) not in self._tried
        heappush(self._queue, (each.order_as_first if to_read else each.order, to_read))

    def _again(self, place: Order, file: Came) -> None:
        """Another turn for one that is not what that file is, or cannot be read now: as the next of its files, or where
        it stands. One that was read was judged, unless its rows put it behind others of the day.
        """
        each = self._find(place)
        if each.read_as != file or each.order > place:
            self._push(each)

    def _find(self, place: Order) -> Earlier:
        found = self.earlier.find(self.source, place[-1])
        assert found is not None
        return found
