"""What is behind each figure about trajectories, over random histories: the named rows alone give the figure, and
without one of them it is another figure or rests on another row.

Here: histories in memory, so that thousands of figures cost seconds. Not here: folders, files and the other tables
(``tests.explained``).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, cast

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.trajectories import (
    activation,
    channel_progress,
    method_progress,
    programme_occupancy,
    programme_progress,
    target_group_progress,
    trajectories,
)
from pipeline.trajectories.known_until import UNTIL_ALTHOUGH
from pipeline.versions.explanation import Cell, Lineage, Trace
from pipeline.versions.projection import Projection
from schemas.source import Source
from schemas.table import Table
from tests.examples import examples
from tests.trajectories import trajectory_reference as slow
from tests.trajectories.known import Programmes, programmes
from tests.trajectories.trajectory_reference import ENDED, Event

PROJECTIONS: dict[str, Projection] = {
    module.PROJECTION.table.name: module.PROJECTION
    for module in (
        trajectories, programme_progress, target_group_progress, method_progress, channel_progress,
        programme_occupancy, activation,
    )
}  # fmt: skip

Sent = tuple[Event, date]
"""An event and the day on which it was delivered: on or after it, an end up to a year before."""


@dataclass
class _Known:
    horizons: pl.DataFrame
    steps: dict[Any, Any] = field(default_factory=dict)

    def reach_by_provider(self, _: Source) -> pl.DataFrame:
        return self.horizons

    def sent_again(self, _: Source) -> pl.DataFrame:
        names = ("provider_code", "delivery", "again_as")
        return pl.DataFrame(schema={**dict.fromkeys(names, pl.String()), "again_on": pl.Date()})

    def once(self, step: Callable[["_Known"], Any]) -> Any:
        if step not in self.steps:
            self.steps[step] = step(self)
        return self.steps[step]


@dataclass
class Memory:
    """A log in memory: one delivery per provider and day; the row is the place of the event in the history."""

    sent: Sequence[Sent]
    found: Programmes = field(init=False)

    def __post_init__(self) -> None:
        last: dict[str, date] = {}
        for event, day in self.sent:
            last[event.provider] = max(day, last.get(event.provider, day))
        self.found = programmes(slow.frame(event for event, _ in self.sent), last)

    @cached_property
    def known(self) -> _Known:
        return _Known(self.found.horizons)

    def rows(self, _: Source, **where: object) -> pl.DataFrame:
        frame = slow.frame(event for event, _ in self.sent).with_columns(
            delivery=pl.Series([_delivery(*each) for each in self.sent], dtype=pl.String),
            row=pl.Series(range(len(self.sent)), dtype=pl.Int64),
        )
        return frame.filter(
            pl.all_horizontal(pl.lit(value=True), *(pl.col(name) == value for name, value in where.items()))
        )

    def told(self, source: Source, **where: object) -> pl.DataFrame:
        return self.rows(source, **where).with_columns(
            rank=pl.col("row"),
            is_day_assumed=pl.lit(value=False),
            delivered_on=pl.Series([self.sent[place][1] for place in self.rows(source, **where)["row"]], dtype=pl.Date),
        )

    def traces(self, part: str, source: Source, rows: pl.DataFrame) -> list[Trace]:
        return [Trace(part, source.name, "", "", date.max, tuple(rows["row"]))]

    def row(self, table: Table, key: Sequence[object]) -> Mapping[str, Any] | None:
        found = self.found.tables[table.name].filter([pl.col(a) == b for a, b in zip(table.key, key, strict=True)])
        return found.row(0, named=True) if found.height else None

    def behind(self, name: str, row: Mapping[str, Any], column: str) -> set[tuple[str, int]]:
        """Part and place of each event behind a figure, also of figures that it comes from."""
        answer = next(each for each in PROJECTIONS[name].explain if column in each.columns)
        return set(self._events(answer.behind(cast(Lineage, self), row, column)))

    def _events(self, behind: Iterable[object]) -> Iterator[tuple[str, int]]:
        for each in behind:
            if isinstance(each, Trace):
                yield from ((each.part, number) for number in each.rows)
            elif isinstance(each, Cell):
                row = self.row(each.table, each.key)
                yield from self.behind(each.table.name, row, each.column) if row else ()

    def without(self, places: Iterable[int]) -> "Memory":
        """The history without some events; the others keep their places, so that answers can be compared."""
        return self.only(set(range(len(self.sent))) - set(places))

    def only(self, places: Iterable[int]) -> "Memory":
        return Memory([self.sent[place] for place in sorted(places)])


def _delivery(event: Event, day: date) -> str:
    return f"{event.provider}/{day}"


@st.composite
def histories(draw: st.DrawFn) -> list[Sent]:
    """Events of two providers, corrected and taken back, also late and in circles; each delivered some time later."""
    sent = []
    for event in draw(slow.event_sets(9)):
        late = draw(st.sampled_from((0, 3, 40, 200)))
        early = draw(st.sampled_from((0, 0, 90))) if event.kind == ENDED else 0
        sent.append((event, event.on + timedelta(days=late - early)))
    return sent


def figures(memory: Memory, names: Sequence[str]) -> list[tuple[str, dict[str, Any], str]]:
    return [
        (name, row, column)
        for name in names
        for row in memory.found.tables[name].to_dicts()
        for column in (*PROJECTIONS[name].table.not_key, PROJECTIONS[name].shows_row)
    ]


def cell(memory: Memory, name: str, row: Mapping[str, Any], column: str) -> Any:
    """A figure; a word where there is no row, which is not the same as an empty figure."""
    found = memory.row(PROJECTIONS[name].table, [row[each] for each in PROJECTIONS[name].table.key])
    return "no row" if found is None else found[column]


def same(one: Any, other: Any) -> bool:
    return bool(one == (pytest.approx(other) if isinstance(other, float) and not isinstance(one, str) else other))


DERIVED = ("placement_rate_pct", "share_to_work_pct")
"""They come from other figures, whose rows are tried there; so does a target that has not been reached."""


def assert_explained(memory: Memory, name: str, row: dict[str, Any], column: str) -> None:
    parts = memory.behind(name, row, column)
    places = sorted({place for _, place in parts})
    alone = memory.only(places)
    assert same(cell(alone, name, row, column), row[column]), ("not sufficient", name, row, column, parts)
    is_derived = column in DERIVED or (column == "target_reached_on" and row[column] is None)
    for place in places if not is_derived else ():
        if same(cell(memory.only(set(places) - {place}), name, row, column), row[column]):
            left = {each for each in parts if each[1] != place}
            assert _others(memory, name, row, column, place) != left, ("not needed", name, row, column, parts, place)


def _others(memory: Memory, name: str, row: dict[str, Any], column: str, place: int) -> set[tuple[str, int]] | None:
    """What decides the figure in the whole history without an event; None where it is another figure."""
    whole = memory.without([place])
    if not same(cell(whole, name, row, column), row[column]):
        return None
    kept = [each for each in range(len(memory.sent)) if each != place]
    table = PROJECTIONS[name].table
    own = whole.row(table, [row[each] for each in table.key])
    assert own is not None
    return {(part, kept[each]) for part, each in whole.behind(name, own, column)}


@pytest.mark.parametrize("name", PROJECTIONS)
@settings(examples(2), derandomize=True)
@given(st.data())
def test_the_named_rows_alone_give_the_figure_and_each_is_needed(name: str, data: st.DataObject) -> None:
    memory = Memory(data.draw(histories()))
    for of, row, column in data.draw(st.permutations(figures(memory, [name])))[:2]:
        assert_explained(memory, of, row, column)


def test_a_retraction_alone_shows_how_far_its_provider_is_known() -> None:
    """All that was delivered late was taken back, by rows that only take back."""
    start = Event("RE01", "a", slow.STARTED, date(2017, 1, 9))
    again = replace(start, event_id="b", on=date(2017, 3, 9))
    taken_back = replace(again, event_id="c", retracts="b")
    memory = Memory([(start, start.on), (again, date(2017, 5, 9)), (taken_back, date(2017, 5, 9))])
    row = {"programme_code": start.programme, "provider_code": "RE01", "month": date(2017, 5, 1)}
    own = memory.row(PROJECTIONS["programme_progress"].table, tuple(row.values()))
    assert own is not None
    assert memory.behind("programme_progress", own, "participants") == {("started", 0), ("known until", 2)}
    assert_explained(memory, "programme_progress", dict(own), "participants")


def test_a_row_that_was_corrected_shows_it_with_the_row_that_corrects_it() -> None:
    """The correction was delivered before what it corrects, so that it does not reach as far by itself."""
    start = Event("RE01", "a", slow.STARTED, date(2017, 1, 9))
    wrong = replace(start, event_id="b", trajectory="T2", client="c2")
    right = replace(wrong, event_id="c", kind=slow.REFERRED, replaces="b")
    memory = Memory([(start, start.on), (wrong, date(2017, 5, 9)), (right, date(2017, 2, 9))])
    row = {"programme_code": start.programme, "provider_code": "RE01", "month": date(2017, 5, 1)}
    own = memory.row(PROJECTIONS["programme_progress"].table, tuple(row.values()))
    assert own is not None
    behind = memory.behind("programme_progress", own, "participants")
    assert {place for part, place in behind if part == UNTIL_ALTHOUGH} == {1, 2}
    assert_explained(memory, "programme_progress", dict(own), "participants")
