"""Events in the order in which they happened, with numbers in place of the texts that name trajectories.

Every event of a provider is looked at several times: sorted, put together by trajectory, compared with the one before.
With the two texts that name a trajectory, and with some fifteen columns that move along, nearly all of the time went
there. So each trajectory has a number, in the order of the texts, and other columns are fetched where a step needs
them. Rows of a trajectory lie together, so that the row before is the one before in the trajectory, or of another one.

Here: that order. Not here: what the events come to (``settle``), rules about their order (``event_order``).
"""

from dataclasses import dataclass

import polars as pl

from pipeline.trajectories.numbers import is_one, packed, places, sorted_by
from schemas.vocabulary import EventKind

TRAJECTORY = ["provider_code", "trajectory_id"]

NUMBER = "trajectory"
"""A number for each trajectory, as a column: in the order of ``TRAJECTORY``, some may be left out."""

_LAST_OF_A_DAY = (EventKind.PLACED, EventKind.ENDED)
"""A job ends before the next one begins, and a trajectory ends after all else of that day."""
_ON_ONE_DAY = pl.Enum(
    [kind.value for kind in (*(each for each in EventKind if each not in _LAST_OF_A_DAY), *_LAST_OF_A_DAY)]
)
"""Kinds of events in the order in which such things happen."""

MAY_LACK = ("client_key", "target_group", "method", "municipality_code")
"""Columns of which it matters which events have them: as ``has_...`` in the steps."""


@dataclass(frozen=True)
class Steps:
    """Events in order, without moving them."""

    events: pl.DataFrame
    """As they came."""
    rows: pl.DataFrame
    """One row per event in order: trajectory (a number), occurred_on, event, ``MAY_LACK``, and its place in events
    (``at``).
    """

    @property
    def is_of_one_provider(self) -> bool:
        """Then they lie in the order of their trajectory's own number, too."""
        return is_one(self.events["provider_code"])

    def fetched(self, rows: pl.DataFrame, *columns: str) -> pl.DataFrame:
        """Some of the rows with further columns of their events."""
        return rows.with_columns(self.column(name, rows["at"]) for name in columns)

    def column(self, name: str, at: pl.Series) -> pl.Series:
        """A column of the events at these places; null where there is none."""
        return self.events[name].gather(at)


def steps(events: pl.DataFrame) -> Steps:
    """Events by trajectory and day; on one day in the order in which such things happen, then by ``event_id``."""
    kind, number = events["event"].cast(_ON_ONE_DAY), _numbers(events)
    has = {f"has_{name}": events[name].is_not_null() for name in MAY_LACK}
    rows = pl.DataFrame({NUMBER: number, "occurred_on": events["occurred_on"], "event": kind, **has})

    def by_id(tied: pl.DataFrame) -> pl.DataFrame:
        return tied.with_columns(events["event_id"].gather(tied["at"])).sort("packed", "event_id")

    ordered = sorted_by(rows.with_row_index("at"), [number, events["occurred_on"], kind], by_id)
    return Steps(events, ordered.with_columns(pl.col(NUMBER).set_sorted()))


def in_order(events: pl.DataFrame) -> pl.DataFrame:
    """Whole events in that order, with the number of their trajectory."""
    ordered = steps(events).rows
    moved = events.select(pl.all().gather(ordered["at"]))
    return moved.with_columns(ordered[NUMBER])


def _numbers(events: pl.DataFrame) -> pl.Series:
    provider, trajectory = (events[name] for name in TRAJECTORY)
    return places(trajectory) if is_one(provider) else packed([places(provider), places(trajectory)])


def before(column: str) -> pl.Expr:
    """The value of the row before in the trajectory, of rows in order; null at its first."""
    return pl.when(~is_first()).then(pl.col(column).shift())


def after(column: str) -> pl.Expr:
    """The value of the next row in the trajectory, of rows in order; null at its last."""
    return pl.when(pl.col(NUMBER) == pl.col(NUMBER).shift(-1)).then(pl.col(column).shift(-1))


def is_first() -> pl.Expr:
    """Whether a row is the first of its trajectory, of rows in order."""
    return pl.col(NUMBER).ne_missing(pl.col(NUMBER).shift())
