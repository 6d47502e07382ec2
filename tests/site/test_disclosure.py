"""No covered cell can be worked out: each table is solved by trying all numbers, as one who sees the page could."""

from collections.abc import Iterator, Mapping

import hypothesis.strategies as st
import pytest
from hypothesis import given

from pipeline.site.disclosure import Cell, Cover, Name, covers, exposed
from tests.examples import examples

LEAST = 3


def column(counts: list[int], *, is_known: bool = True) -> list[Cell]:
    return [
        *(Cell(at, "begin", "end", value) for at, value in enumerate(counts)),
        Cell("all", "end", "begin", sum(counts), is_known=is_known),
    ]


def table(counts: list[list[int]], *, twice: int = 0) -> list[Cell]:
    """Groups and what they are split in; the sums of the columns are known, those of the rows are cells. ``twice``: so
    many clients stand in two groups, in the first column.
    """
    rows, columns = range(len(counts)), range(len(counts[0]))
    sums = {c: sum(counts[r][c] for r in rows) - (twice if c == 0 else 0) for c in columns}
    return [
        *(Cell((r, c), ("row", r), ("column", c), counts[r][c]) for r in rows for c in columns),
        *(Cell(("row", r), "begin", ("row", r), sum(counts[r])) for r in rows),
        *(Cell(("column", c), ("column", c), "end", sums[c], is_known=True) for c in columns),
        *([Cell("twice", ("column", 0), "begin", twice, is_unseen=True)] if twice else []),
        Cell("all", "end", "begin", sum(sums.values()), is_known=True),
    ]


def possible(cells: list[Cell], seen: Mapping[Name, Cover]) -> dict[Name, set[int]]:
    """Per covered cell every number that fits the page, by trying them all."""
    top = max(cell.value for cell in cells) + LEAST + 1
    free = [cell for cell in cells if cell.is_unseen or seen[cell.name] is not Cover.SHOWN]
    rest: dict[Name, int] = {}
    for cell in cells:
        known = 0 if cell in free else cell.value
        rest[cell.tail] = rest.get(cell.tail, 0) - known
        rest[cell.head] = rest.get(cell.head, 0) + known
    last = {node: at for at, cell in enumerate(free) for node in (cell.tail, cell.head)}
    found: dict[Name, set[int]] = {cell.name: set() for cell in free}
    for solution in _solutions(free, seen, rest, last, top):
        for cell, value in zip(free, solution, strict=True):
            found[cell.name].add(value)
    return {name: values for name, values in found.items() if name != "twice"}


def _solutions(
    free: list[Cell], seen: Mapping[Name, Cover], rest: dict[Name, int], last: dict[Name, int], top: int
) -> Iterator[list[int]]:
    values = [0] * len(free)

    def place(at: int) -> Iterator[list[int]]:
        if at == len(free):
            yield values
            return
        cell = free[at]
        low = LEAST if not cell.is_unseen and seen[cell.name] is Cover.WITHHELD else 0
        high = LEAST if not cell.is_unseen and seen[cell.name] is Cover.SMALL else top
        for value in range(low, high):
            rest[cell.tail] -= value
            rest[cell.head] += value
            values[at] = value
            if all(last[node] > at or rest[node] == 0 for node in (cell.tail, cell.head)):
                yield from place(at + 1)
            rest[cell.tail] += value
            rest[cell.head] -= value

    yield from place(0)


def never_worked_out(cells: list[Cell]) -> None:
    seen = covers(cells, LEAST)
    if seen is None:
        return
    small = [cell for cell in cells if 0 < cell.value < LEAST and not cell.is_known and not cell.is_unseen]
    assert all(seen[cell.name] is not Cover.SHOWN for cell in small)
    assert not exposed(cells, seen, LEAST)
    for name, values in possible(cells, seen).items():
        assert len(values) > 1, (name, values, seen)


counts = st.one_of(st.just(0), st.integers(0, 5))


@given(st.lists(counts, min_size=1, max_size=5), st.booleans())
@examples(200)
def test_no_cell_of_a_column_can_be_worked_out(column_of: list[int], is_known: bool) -> None:
    never_worked_out(column(column_of, is_known=is_known))


@given(
    st.integers(1, 3).flatmap(
        lambda wide: st.lists(st.lists(counts, min_size=wide, max_size=wide), min_size=1, max_size=2)
    )
)
@examples(150)
def test_no_cell_of_a_table_with_sums_can_be_worked_out(of: list[list[int]]) -> None:
    never_worked_out(table(of))


@given(st.lists(st.lists(counts, min_size=2, max_size=2), min_size=2, max_size=2), st.integers(1, 3))
@examples(100)
def test_nor_where_a_client_may_stand_in_two_groups(of: list[list[int]], twice: int) -> None:
    if sum(row[0] for row in of) >= twice:
        never_worked_out(table(of, twice=twice))


@pytest.mark.parametrize(
    ("of", "seen"),
    [
        ([5, 4, 3], "shown shown shown"),
        ([5, 4, 1], "shown withheld small"),  # 10 - 5 - 4 would be 1: the smaller of the others goes too
        ([5, 1, 1], "shown small small"),
        ([5, 2, 2], "withheld small small"),  # together 4: each would be 2
        ([5, 0], "withheld small"),
        ([3, 0], "shown shown"),  # at the least already: the other is 0 whatever is covered
        ([0, 0], "shown shown"),
    ],
)
def test_what_is_covered(of: list[int], seen: str) -> None:
    found = covers(column(of), LEAST)

    assert found is not None
    assert " ".join(found[at] for at in range(len(of))) == seen


def test_one_small_group_with_a_known_sum_cannot_be_shown() -> None:
    assert covers(column([2]), LEAST) is None
