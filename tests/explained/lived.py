"""A folder that a random history is delivered to over the years, with a steward who decides now and then.

Here: on which day what is taken in, and decided. Not here: what is delivered (``history``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from pipeline.jobs.delivery_decisions import CannotDecide, decide
from pipeline.jobs.nightly import take_in
from pipeline.jobs.release.publish import release
from pipeline.jobs.workspace import Writer, open_writer
from pipeline.versions.delivery_status import statuses
from schemas.vocabulary import DECIDABLE, Decision
from tests.explained.history import History
from tests.jobs.folder import Folder

NIGHTS = (date(2016, 8, 15), date(2017, 1, 20), date(2017, 6, 15), date(2018, 3, 20), date(2019, 4, 1))
"""What was delivered by then is taken in; the last night is after all deliveries."""
DECISIONS = (
    Decision.ACCEPTED, Decision.RETRACTED, Decision.REFUSED, Decision.RETRACTED, Decision.REINSTATED,
    Decision.RETRACTED, Decision.ACCEPTED,
)  # fmt: skip
"""In the order in which a steward takes some of them after a night, each about one delivery."""
OFTEN = 0.4


def lived(folder: Folder, seed: int, *, publishes: bool = False) -> History:
    """A folder in which a history was delivered and, here and there, decided about, each on its day."""
    history = History(seed)
    files = list(history.files())
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder.data.parent)
        before = date.min
        for night in NIGHTS:
            for name, content in files:
                if before < _delivered_on(name) <= night:
                    folder.put(name, content)
            before = night
            _Night(folder, night, publishes=publishes).passes(history)
    return history


def _delivered_on(name: str) -> date:
    """What has no day of its own comes in the last night."""
    try:
        return date.fromisoformat(name.split("/")[1][:10])
    except ValueError:
        return NIGHTS[-1]


@dataclass(frozen=True)
class _Night:
    """Deliveries are taken in; a steward decides about some of them in the days after, and they are read again."""

    folder: Folder
    day: date
    publishes: bool

    def passes(self, history: History) -> None:
        self._take_in(self._writer(self.day))
        taken = [(day, decision) for day, decision in self._decisions() if history.chance.random() < OFTEN]
        if sum(_decide(self._writer(day), history, decision) for day, decision in taken):
            self._take_in(self._writer(self.day + timedelta(days=len(DECISIONS) + 1)))

    def _decisions(self) -> Iterator[tuple[date, Decision]]:
        for number, decision in enumerate(DECISIONS, 1):
            yield self.day + timedelta(days=number), decision

    def _writer(self, day: date) -> Writer:
        return open_writer(self.folder.settings, clock=lambda: datetime(day.year, day.month, day.day, tzinfo=UTC))

    def _take_in(self, writer: Writer) -> None:
        take_in(writer, lambda _: None)
        if self.publishes:
            release(writer, lambda _: None)


def _decide(writer: Writer, history: History, decision: Decision) -> bool:
    there = statuses(writer.log.events()).filter(pl.col("status").is_in([each.value for each in DECIDABLE[decision]]))
    chosen = history.chance.choice([None, *there["delivery"].sort()])
    if chosen is None:
        return False
    try:
        decide(writer, decision, chosen, by="a steward", why="to see what happens")
    except CannotDecide:
        return False
    return True
